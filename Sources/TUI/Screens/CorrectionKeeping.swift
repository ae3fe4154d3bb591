internal import Core
internal import Imaging

/// Which unsaved corrections are kept on the disk against a hang-up, as far as this session knows.
struct CorrectionKeeping: Sendable {
  /// The labels of a study that are corrected.
  struct Key: Hashable, Sendable {
    var subject: String
    var target: CorrectionTarget
  }

  /// What was sent to be kept last.
  private(set) var kept: [Key: CorrectionMode.Edit] = [:]
  /// The runs of the program whose drafts are this session's to replace: its own, and those it took over.
  private(set) var sessions = [CorrectionDraft.session]
  /// The reading of a study for which was looked last what was left of it.
  private var lookedAt: Int?
  /// What could not be kept, and why, as it was said: it is tried again with the next tick.
  private(set) var failures: [Key: String] = [:]

  /// Whether a reading of a study is the first for which is looked; it then was.
  mutating func look(at reading: Int) -> Bool {
    guard lookedAt != reading else { return false }
    lookedAt = reading
    return true
  }

  /// Looks again for the reading looked at last.
  mutating func lookAgain() { lookedAt = nil }

  /// Whether an edit is on the disk as it is, or on its way there.
  func holds(_ edit: CorrectionMode.Edit, _ key: Key) -> Bool {
    kept[key].map { $0.hasContent(of: edit) } ?? false
  }

  /// Notes what is sent to be kept.
  mutating func keep(_ edit: CorrectionMode.Edit, _ key: Key) {
    kept[key] = edit
  }

  /// Notes that an edit is removed.
  mutating func remove(_ key: Key) {
    kept[key] = nil
    failures[key] = nil
  }

  /// Takes over what another run of the program kept.
  mutating func take(_ edit: CorrectionMode.Edit, _ key: Key, from session: String) {
    kept[key] = edit
    if !sessions.contains(session) { sessions.append(session) }
  }

  /// Notes whether something was kept; the reason why not, where it was not said before.
  mutating func settle(_ key: Key, failure: String?) -> String? {
    defer { failures[key] = failure }
    return failures[key] == failure ? nil : failure
  }
}

extension CorrectionMode.Edit {
  /// Whether two edits would be saved as the same.
  func hasContent(of other: CorrectionMode.Edit) -> Bool {
    switch (self, other) {
    case (.points(let one), .points(let two)): one.points == two.points
    case (.mask(let one), .mask(let two)): one.isDrawn(as: two)
    default: false
    }
  }
}

extension CorrectionMode {
  /// What is kept of it.
  var draft: CorrectionDraft { CorrectionDraft(correction, original: labels?.original ?? [:]) }

  /// What an earlier session left, on the slices of the study; undo takes it back to the beginning at once.
  ///
  /// - Throws: `EditRefusal` where it does not fit.
  init(
    _ found: DraftSearch.Found, grids: [CorrectionGrid], at place: SIMD2<Double>, named name: String
  ) throws {
    self.init(found.basis, grids: grids, at: place)
    switch (edit, found.correction.content) {
    case (.points(var labels), .points(let points)):
      try labels.restore(points, named: name)
      edit = .points(labels)
      chosen = labels.numbers.first
    case (.mask(let mask), .mask(let changes)):
      edit = .mask(try mask.restored(changes, on: grids, named: name))
    default: throw EditRefusal("points are no mask")
    }
  }
}
