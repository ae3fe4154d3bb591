internal import Foundation

/// The words of a text that describes a series, in small letters without marks: "t2_tse_sag_HWS" has
/// t2, tse, sag and hws.
struct SeriesWords: Equatable {
  /// The words in their order.
  let words: [String]
  private let text: String

  /// Takes a text apart.
  init(_ text: String?) {
    let plain = (text ?? "").folding(
      options: [.diacriticInsensitive, .caseInsensitive, .widthInsensitive], locale: nil)
    self.text = plain
    words = plain.split { !$0.isLetter && !$0.isNumber }.map(String.init)
  }

  /// The first word, or two words that follow each other ("C spine"), that is one of some.
  func first(of known: Set<String>) -> String? {
    if let word = words.first(where: known.contains) { return word }
    return zip(words, words.dropFirst()).first { known.contains($0 + $1) }.map { "\($0) \($1)" }
  }

  /// The first of some beginnings that a word has: not the word, which may be a name (Thorsen).
  func first(beginning starts: [String]) -> String? {
    words.lazy.compactMap { word in starts.first { word.hasPrefix($0) } }.first
  }

  /// The first of some pieces that stands anywhere, for scripts that write no spaces.
  func first(containing pieces: [String]) -> String? { pieces.first { text.contains($0) } }
}

/// The part of the body that a series shows, as far as its texts say.
enum SeriesRegion: String, CaseIterable {
  /// The neck: what the method is made for.
  case cervical
  /// The chest.
  case thoracic
  /// The lower back.
  case lumbar
  /// The brain.
  case head

  private var names: Set<String> {
    switch self {
    case .cervical:
      ["cspine", "cspi", "csp", "hws", "hwk", "hals", "neck", "nacken", "cwk", "ctspine", "cts"]
    case .thoracic: ["tspine", "tsp", "bws", "bwk", "dorsal", "dspine"]
    case .lumbar: ["lspine", "lsp", "lssp", "lsspine", "lws", "lwk", "isg", "lumbago"]
    case .head:
      ["head", "brain", "skull", "kopf", "hirn", "neurocranium", "hypophyse", "pituitary"]
    }
  }

  private var beginnings: [String] {
    switch self {
    case .cervical: ["cerv", "zerv", "halsw"]
    case .thoracic: ["thorac", "thorak", "thorax", "brustw"]
    case .lumbar: ["lumb", "lenden", "sacr", "sakr"]
    case .head: ["crani", "cereb", "schadel", "encephal"]
    }
  }

  private var pieces: [String] {
    switch self {
    case .cervical: ["頸椎", "頚椎", "颈椎", "경추"]
    case .thoracic: ["胸椎", "흉추"]
    case .lumbar: ["腰椎", "요추"]
    case .head: ["頭部", "头部"]
    }
  }

  /// The region that a text names, with the word; of several the neck, as it is then shown too.
  static func named(in text: String?) -> (region: SeriesRegion, word: String)? {
    let words = SeriesWords(text)
    for region in allCases {
      let word =
        words.first(of: region.names)
        ?? words.first(beginning: region.beginnings).map { $0 + "..." }
        ?? words.first(containing: region.pieces)
      if let word { return (region, word) }
    }
    return nil
  }
}
