internal import Core
internal import Imaging

/// Which unsaved corrections are kept on the disk against a hang-up, as far as this session knows.
struct CorrectionKeeping: Sendable {
  /// The labels of a study that are corrected.
  struct Key: Hashable, Sendable {
    var subject: String
    var target: CorrectionTarget
  }

  /// A reading of a study for which is looked what was left of it, and whether the AI is hidden in it.
  private struct Look: Equatable {
    var reading: Int
    var isBlind: Bool
  }

  /// What was sent to be kept last.
  private(set) var kept: [Key: CorrectionMode] = [:]
  /// What is to be removed, until that is done.
  private(set) var removing: Set<Key> = []
  /// How many requests to remove something are not answered yet.
  private var removalsSent: [Key: Int] = [:]
  /// The runs of the program whose drafts were taken over.
  private var takenOver: [Key: Set<String>] = [:]
  /// For what was looked last.
  private var lookedAt: Look?
  /// What could not be kept, and why, as it was said: it is tried again with the next tick.
  private(set) var failures: [Key: String] = [:]

  /// Whether nothing is kept or to be removed.
  var isEmpty: Bool { kept.isEmpty && removing.isEmpty }

  /// The runs of the program whose drafts are this session's to replace: itself, and those it took over.
  func sessions(of key: Key) -> [String] {
    [CorrectionDraft.session] + (takenOver[key] ?? []).sorted()
  }

  /// Whether a reading of a study is the first for which is looked, or the AI was shown or hidden since; it then
  /// was.
  mutating func look(at reading: Int, isBlind: Bool) -> Bool {
    let look = Look(reading: reading, isBlind: isBlind)
    guard lookedAt != look else { return false }
    lookedAt = look
    return true
  }

  /// Looks again for the reading looked at last.
  mutating func lookAgain() { lookedAt = nil }

  /// Whether an edit is on the disk as it is, or on its way there.
  func holds(_ mode: CorrectionMode, _ key: Key) -> Bool {
    kept[key].map { $0.isKept(as: mode) } ?? false
  }

  /// Notes what is sent to be kept.
  mutating func keep(_ mode: CorrectionMode, _ key: Key) {
    kept[key] = mode
    removing.remove(key)
  }

  /// Notes that an edit is to be removed.
  mutating func remove(_ key: Key) {
    kept[key] = nil
    removing.insert(key)
    removalsSent[key, default: 0] += 1
  }

  /// Notes that what was sent to be kept is not on the disk any more: it is sent again.
  mutating func forget(_ key: Key) { kept[key] = nil }

  /// Takes over what another run of the program kept.
  mutating func take(_ mode: CorrectionMode, _ key: Key, from session: String) {
    kept[key] = mode
    takenOver[key, default: []].insert(session)
  }

  /// Notes whether something was kept, or removed; the reason why not, where it was not said before.
  ///
  /// - Parameter isRemoval: Whether it is the answer to a removal: one to keeping that was asked for before says
  ///   nothing of it. Answers come in the order of the requests, so that the last removal's decides.
  mutating func settle(_ key: Key, failure: String?, isRemoval: Bool) -> String? {
    defer { failures[key] = failure }
    if isRemoval {
      let open = max(0, (removalsSent[key] ?? 0) - 1)
      removalsSent[key] = open == 0 ? nil : open
      if failure == nil, open == 0 { removing.remove(key) }
    }
    return failures[key] == failure ? nil : failure
  }
}

extension CorrectionMode {
  /// Whether what is kept of two edits is the same.
  func isKept(as other: CorrectionMode) -> Bool {
    guard files == other.files, grids == other.grids, savedDiscs == other.savedDiscs,
      labels?.original == other.labels?.original
    else { return false }
    switch (edit, other.edit) {
    case (.points(let one), .points(let two)): return one.points == two.points
    case (.mask(let one), .mask(let two)): return one.isDrawn(as: two)
    default: return false
    }
  }
}

extension CorrectionMode {
  /// What is kept of it.
  var draft: CorrectionDraft {
    CorrectionDraft(correction, original: labels?.original ?? [:], savedDiscs: savedDiscs)
  }

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
