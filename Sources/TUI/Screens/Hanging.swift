internal import Core
internal import Imaging

/// Something that a reader wants beside the sagittal picture, if the study has it.
enum BesideWish: Hashable, Sendable {
  /// A series, or planes that are cut, by the words of its name: "axial T2w", "REFORMATTED axial".
  case picture(String)
  /// The latest session before, or the first one after.
  case prior, later

  /// What stands beside a study now, as a wish for other studies.
  init(_ choice: BesideChoice) {
    if case .session = choice.kind {
      self = choice.title.hasPrefix("prior") ? .prior : .later
      return
    }
    // Without what tells the series of one study apart: "axial T2w (acq-tse run-2)".
    let title = DisplayText.clean(choice.title)
    let end = title.firstIndex { $0 == "(" || $0 == "," } ?? title.endIndex
    let name = String(title[..<end]).trimmingSpaces
    self = .picture(String(name.prefix(Self.longestName)).trimmingSpaces)
  }

  /// Characters of a picture's name that are kept.
  private static let longestName = 100

  /// Whether something that a study has is what is wanted.
  func isMet(by choice: BesideChoice) -> Bool {
    switch (self, BesideWish(choice)) {
    case (.picture(let wanted), .picture(let name)): wanted.lowercased() == name.lowercased()
    case (let wanted, let other): wanted == other
    }
  }

  /// The wish in a sentence.
  var words: String {
    switch self {
    case .picture(let name): name
    case .prior: "prior session"
    case .later: "later session"
    }
  }

  /// The wish in the file.
  var text: String {
    switch self {
    case .picture(let name): "picture \(name)"
    case .prior: "prior"
    case .later: "later"
    }
  }

  /// Reads a wish; `nil` for what is none.
  init?(text: String) {
    switch text {
    case "prior": self = .prior
    case "later": self = .later
    default:
      guard let name = text.words(after: "picture"), !name.isEmpty,
        name.count <= Self.longestName
      else { return nil }
      self = .picture(DisplayText.clean(name))
    }
  }
}

/// How studies are shown when they are opened; without anything said, as the program shows them.
struct Hanging: Equatable, Sendable {
  /// What stands beside the sagittal picture: the first that a study has; empty for nothing.
  var beside: [BesideWish] = []
  /// The map over the picture; `none` for none.
  var overlay: OverlayKind = .heat
  var window: WindowPresets.Preset = .automatic
  /// Whether the curve stands beside the picture; `nil`: where there is room for both.
  var isAligned: Bool?
  /// Steps by which the picture is wider than usual; negative where it is narrower.
  var pictureSteps = 0
  /// Whether the picture has the whole screen.
  var isPictureAlone = false

  /// Steps that are kept at most: more than any screen has room for.
  static let mostSteps = 20
  /// Wishes that are kept at most.
  static let mostWishes = 10

  /// As the program shows studies.
  init() {}

  /// In words: "prior session, else axial T2w; anomaly map; window auto".
  ///
  /// - Parameter withMap: whether the map is part of what is kept; else it is said to stay as it was.
  func words(withMap: Bool) -> String {
    let second =
      beside.isEmpty
      ? "the sagittal picture alone"
      : "beside it \(beside.map(\.words).joined(separator: ", else "))"
    let map = !withMap ? "map as before (hidden)" : overlay == .none ? "no map" : overlay.title
    let curve = isAligned.map { $0 ? "; curve beside the picture" : "; curve under the ladder" }
    let width =
      pictureSteps == 0
      ? ""
      : "; picture \(abs(pictureSteps)) \(abs(pictureSteps) == 1 ? "step" : "steps") "
        + (pictureSteps > 0 ? "wider" : "narrower")
    let alone = isPictureAlone ? "; the picture on the whole screen" : ""
    return "\(second); \(map); window \(window.name)\(curve ?? "")\(width)\(alone)"
  }

  /// The hanging as a text that is read back.
  var text: String {
    var lines = [
      "# How studies are shown when they are opened. beside = prior, later, picture NAME or nothing:",
      "# of several lines the first that a study has. map = \(Self.maps).",
      "# window = \(Self.windows). curve = beside, under or auto.",
      "# width = steps by which the picture is wider than usual, below 0 narrower. alone = yes gives it",
      "# the whole screen.",
    ]
    lines += beside.isEmpty ? ["beside = nothing"] : beside.map { "beside = \($0.text)" }
    lines += ["map = \(overlay.rawValue)", "window = \(window.rawValue)"]
    lines.append("curve = \(isAligned.map { $0 ? "beside" : "under" } ?? "auto")")
    lines += ["width = \(pictureSteps)", "alone = \(isPictureAlone ? "yes" : "no")"]
    return lines.joined(separator: "\n") + "\n"
  }

  private static let maps = OverlayKind.allCases.map(\.rawValue).joined(separator: ", ")
  private static let windows = WindowPresets.Preset.allCases.map(\.rawValue).joined(separator: ", ")

  /// Reads the text of a file; what it does not say is as the program does it.
  ///
  /// - Throws: `ReadError` naming file and line.
  init(text: String, file: String) throws {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let line = String(line).trimmingSpaces
      if line.isEmpty || line.hasPrefix("#") { continue }
      let parts = line.split(separator: "=", maxSplits: 1).map { String($0).trimmingSpaces }
      let problem = parts.count == 2 ? take(parts[0], parts[1]) : "is not WORD = VALUE"
      guard let problem else { continue }
      throw ReaderText.mistake(problem, line: index + 1, of: file)
    }
  }

  /// Takes a line in; what is wrong with it.
  private mutating func take(_ word: String, _ value: String) -> String? {
    let shown = DisplayText.fit(DisplayText.clean(value), 40)
    switch word {
    case "beside":
      if value == "nothing" { return beside.isEmpty ? nil : "nothing stands alone" }
      guard let wish = BesideWish(text: value) else {
        return "\"\(shown)\" is not prior, later, picture NAME or nothing"
      }
      guard beside.count < Self.mostWishes else {
        return "more than \(Self.mostWishes) lines beside"
      }
      if !beside.contains(wish) { beside.append(wish) }
    case "map":
      guard let kind = OverlayKind(rawValue: value) else {
        return "\"\(shown)\" is no map: \(Self.maps)"
      }
      overlay = kind
    case "window":
      guard let preset = WindowPresets.Preset(rawValue: value) else {
        return "\"\(shown)\" is no window: \(Self.windows)"
      }
      window = preset
    case "curve":
      switch value {
      case "beside": isAligned = true
      case "under": isAligned = false
      case "auto": isAligned = nil
      default: return "\"\(shown)\" is not beside, under or auto"
      }
    case "width":
      guard let steps = Int(value), (-Self.mostSteps...Self.mostSteps).contains(steps) else {
        return "\"\(shown)\" is no number from -\(Self.mostSteps) to \(Self.mostSteps)"
      }
      pictureSteps = steps
    case "alone":
      guard value == "yes" || value == "no" else { return "\"\(shown)\" is not yes or no" }
      isPictureAlone = value == "yes"
    default:
      return "\(DisplayText.fit(DisplayText.clean(word), 40)) is not beside, map, window, curve, "
        + "width or alone"
    }
    return nil
  }
}

/// The reader's own hanging as the screens know it.
struct HangingState: Sendable {
  /// What was kept; `nil` before anything was.
  var saved: Hanging?
  /// Why it cannot be read, in words that name file and line.
  var problem: String?
  /// Whether what is being kept leaves the map as it was, which was hidden.
  var leavesMap = false
}

extension ReviewSource {
  /// How a reader wants studies to be shown; `nil` before anything was kept.
  func hanging(reader: String) throws -> Hanging? {
    let kept = try readerText(.hanging, reader: reader)
    return kept.text.isEmpty ? nil : try Hanging(text: kept.text, file: kept.path)
  }

  /// Keeps how a reader wants studies to be shown; a file that cannot be read is never replaced, and none
  /// is written that could not be.
  func keep(_ hanging: Hanging, reader: String) throws -> Hanging? {
    let kept = try changeReaderText(.hanging, reader: reader) { before in
      _ = try Hanging(text: before.text, file: before.path)
      let text = hanging.text
      guard (try? Hanging(text: text, file: before.path))?.text == text else {
        throw NotReadBack()
      }
      return text
    }
    return try Hanging(text: kept.text, file: kept.path)
  }
}
