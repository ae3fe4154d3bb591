internal import Core

/// Corrections that were left without saving, by study: they wait until they go on, or until the
/// workstation is quit.
struct LeftCorrections: Sendable {
  private var modes: [String: [CorrectionTarget: CorrectionMode]] = [:]
  /// Whether the reader was told just now, on quitting, that they would be lost.
  var isAnnounced = false

  /// Whether none waits.
  var isEmpty: Bool { modes.isEmpty }

  /// Keeps a correction of a subject, with the pen up.
  mutating func keep(_ correction: CorrectionMode, of subject: String) {
    var left = correction
    left.isDrawing = false
    left.isSaving = false
    left.hasJustDrawn = false
    left.askedSkips = nil
    left.stroke = nil
    modes[subject, default: [:]][correction.target] = left
    isAnnounced = false
  }

  /// Takes a correction out; `nil` where none waits.
  mutating func take(_ target: CorrectionTarget, of subject: String) -> CorrectionMode? {
    let left = modes[subject]?.removeValue(forKey: target)
    if modes[subject]?.isEmpty == true { modes[subject] = nil }
    return left
  }

  /// All that wait, each with its subject.
  var all: [(subject: String, mode: CorrectionMode)] {
    modes.flatMap { subject, targets in targets.values.map { (subject: subject, mode: $0) } }
  }

  /// A correction that waits; it goes on waiting.
  func left(_ target: CorrectionTarget, of subject: String) -> CorrectionMode? {
    modes[subject]?[target]
  }

  /// Notes that the reader saved disc labels of a subject: boundaries that wait follow them.
  mutating func noteSavedDiscs(_ sha256: String, of subject: String) {
    modes[subject]?[.boundaries]?.savedDiscs = sha256
  }

  /// The masks of a subject that wait, in words: new labels would move the slices under them.
  func masks(of subject: String) -> String? {
    let masks = CorrectionTarget.allCases.filter(\.isMask).compactMap { modes[subject]?[$0] }
    return masks.isEmpty
      ? nil : masks.map { "\($0.target.words): \($0.changes)" }.joined(separator: "; ")
  }

  /// What of a subject waits, in words; `nil` where nothing does.
  func words(of subject: String) -> String? {
    let left = CorrectionTarget.allCases.compactMap { modes[subject]?[$0] }
    return left.isEmpty
      ? nil : left.map { "\($0.target.words): \($0.changes)" }.joined(separator: "; ")
  }

  /// What waits, in words: "sub-001, disc labels: C2-3 moved 1.6 mm".
  func words(_ name: (String) -> String) -> [String] {
    modes.sorted { $0.key < $1.key }.flatMap { subject, targets in
      CorrectionTarget.allCases.compactMap { targets[$0] }.map {
        "\(name(subject)), \($0.target.words): \($0.changes)"
      }
    }
  }
}

extension AppState {
  /// Edits of labels and masks, and macros, that are nowhere but in memory, in words.
  var unsavedEdits: [String] {
    let left =
      leftCorrections.words { name(of: $0) } + macros.unsaved.map { "macro \($0.name)" }
    guard let study, let correction = study.correction, correction.isChanged else { return left }
    let subject = study.study.subject
    // What could not be written is told as an act already.
    if unsaved.contains(where: { $0.subject == subject && $0.action == .correct }) { return left }
    return left + ["\(name(of: subject)), \(correction.target.words): \(correction.changes)"]
  }
}

extension Workstation {
  /// Quits, unless edits would be lost: those on the screen are to be left first, and of those left the
  /// reader is told, and quits with the same key at once.
  static func quit(_ state: inout AppState) {
    if let correction = state.study?.correction, correction.isChanged {
      let leave = state.keys.name(.editLeave, in: .labels)
      state.say(.refused, "not saved: \(correction.changes); \(leave) leaves the edits")
      return
    }
    let isAllSaved = state.leftCorrections.isEmpty && state.macros.unsaved.isEmpty
    if !isAllSaved, !state.leftCorrections.isAnnounced {
      state.leftCorrections.isAnnounced = true
      let isList = state.view == .worklist && state.size.isEnough
      let quit = state.keys.name(.quit, in: isList ? .worklist : .everywhere)
      let left = state.unsavedEdits
      let count = left.count > 1 ? "\(left.count) edits: " : ""
      state.say(
        .refused, "\(quit) again quits WITHOUT SAVING \(count)\(left.joined(separator: "; "))")
      return
    }
    state.leftCorrections = LeftCorrections()
    state.macros.unsaved = []
    state.isDone = true
  }

  /// The same on a screen too small for leaving an editor: its edits are put aside first.
  static func quitWhileTooSmall(_ state: inout AppState) {
    if state.study?.correction?.isSaving == true {
      state.say(.refused, "still saving: a moment")
      return
    }
    keepCorrection(&state)
    quit(&state)
  }
}
