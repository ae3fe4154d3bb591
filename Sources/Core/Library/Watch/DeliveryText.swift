internal import Foundation
internal import Imaging

/// Takes paths and file names of a delivery out of texts for a log: folders are called by patients.
struct DeliveryText {
  /// What the delivery and its parts are called in a log.
  let called: DeliveryNames
  private let folder: String
  private let parts: [String: (url: URL, isFile: Bool)]
  private let paths: Phrases
  private let names: Phrases

  /// Knows a delivery to a folder.
  init(_ delivery: DropFolder.Delivery, in folder: URL, called: DeliveryNames) {
    self.called = called
    self.folder = folder.path
    let found = DeliveryNames.parts(of: delivery.files, below: folder)
    var names: Set<String> = []
    for part in found {
      // Images and masks are named without their path, the slices of a series never: thousands of their
      // names would be found in words that are none.
      let last = part.url.lastPathComponent
      if !part.isFile || delivery.files.count <= Self.fewFiles
        || ImportSource.isKnown(last.lowercased())
      {
        names.insert(last)
        names.insert(ImportSource.stem(last))
      }
    }
    parts = Dictionary(found.map { ($0.url.path.cleaned, $0) }) { first, _ in first }
    paths = Phrases(Set(parts.keys))
    // Short names are in many words; they were part of a path then.
    self.names = Phrases(names.filter { $0.count > 3 })
  }

  private static let fewFiles = 1000

  /// A text in one line without paths and names of the delivery.
  func cleaned(_ text: String) -> String {
    var result = text.replacing("\n", with: ";")
    // Errors show paths with control characters replaced.
    if result.contains(folder.cleaned) {
      result = paths.replaced(in: result) { path in
        parts[path].map { called.name(of: $0.url, isFile: $0.isFile) } ?? "(a path)"
      }
    }
    result = names.replaced(in: result) { _ in "(a file)" }
    // A path that was cut short.
    if let range = result.range(of: folder.cleaned + "/") {
      result = result[..<range.lowerBound] + "(a path)"
    }
    return result.cleaned
  }
}

/// Texts that are replaced in others, the longest first; how many they are costs nothing.
private struct Phrases {
  private let known: Set<String>
  /// Numbers of characters, the largest first.
  private let lengths: [Int]
  /// How texts begin, in as many characters as the shortest has.
  private let starts: Set<String>

  /// Knows texts as errors and notes show them.
  init(_ texts: Set<String>) {
    known = Set(texts.map(\.cleaned).filter { !$0.isEmpty })
    lengths = Set(known.map(\.count)).sorted(by: >)
    let shortest = lengths.last ?? 0
    starts = Set(known.map { String($0.prefix(shortest)) })
  }

  /// A text with each of them replaced.
  func replaced(in text: String, with other: (String) -> String) -> String {
    var characters = Array(text)
    guard let shortest = lengths.last,
      characters.indices.dropLast(shortest - 1).contains(where: {
        starts.contains(String(characters[$0..<$0 + shortest]))
      })
    else { return text }
    for length in lengths where length <= characters.count {
      var result: [Character] = []
      var place = 0
      while place < characters.count {
        let end = place + length
        let phrase = end <= characters.count ? String(characters[place..<end]) : ""
        if known.contains(phrase) {
          result += other(phrase)
          place = end
        } else {
          result.append(characters[place])
          place += 1
        }
      }
      characters = result
    }
    return String(characters)
  }
}
