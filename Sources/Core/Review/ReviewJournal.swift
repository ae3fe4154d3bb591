public import Foundation
internal import Imaging
internal import Synchronization

/// The append-only, hash-chained journal of one reader on one study.
///
/// Every act is one line of JSON; `previous` is the SHA-256 of the line before and `digest` protects
/// the line itself. `append` returns only after its line is on the disk. Sessions of the same reader
/// exclude each other by a lock held during each append and see each other's lines before they add
/// their own. A journal that is deleted or replaced while it is in use is not begun anew: lines that
/// a reader was told are saved must not vanish unnoticed.
public final class ReviewJournal: Sendable {
  /// The longest reason or comment, in characters.
  public static let longestText = 4000
  /// The longest printed name under a signature, in characters.
  public static let longestName = 100

  /// The reader whose acts these are.
  public let reader: String
  private let storage: any JournalStorage
  private let state: Mutex<State>
  /// The position of `state`, for those who must not wait: `state` is held while a lock is waited
  /// for, this never.
  private let known = Mutex(JournalScan.Position())

  private struct State: Sendable {
    var records: [ReviewRecord] = []
    var position = JournalScan.Position()
    var identity: [UInt64]?
    var tornLine: String?
    var folderIsSynced = false
  }

  /// Opens the journal at a file, which may be absent; it is created by the first append.
  ///
  /// A torn last line is moved to `<journal>.torn` and reported in `contents`.
  ///
  /// - Throws: `JournalError`.
  public convenience init(opening url: URL, reader: String) throws {
    try self.init(storage: PosixJournalStorage(url), reader: reader)
  }

  /// Opens the journal of a storage.
  ///
  /// - Throws: `JournalError`.
  public convenience init(storage: any JournalStorage, reader: String) throws {
    self.init(unread: storage, reader: reader)
    _ = try reload()
  }

  /// A journal of which nothing is read yet.
  init(unread storage: any JournalStorage, reader: String) {
    self.storage = storage
    self.reader = reader
    state = Mutex(State())
  }

  /// What the journal held when it was last read or appended to.
  public var contents: JournalContents {
    state.withLock { JournalContents(records: $0.records, tornLine: $0.tornLine) }
  }

  /// Reads what other sessions appended since, and returns the whole.
  ///
  /// - Throws: `JournalError`.
  public func reload() throws -> JournalContents {
    try state.withLock { state in
      if let file = try storage.open(creating: false) {
        defer { file.close() }
        try file.lock()
        try catchUp(&state, with: file)
      } else {
        guard state.position.seq == 0 else { throw lost(.deleted, state) }
        state = State(tornLine: state.tornLine)
      }
      return JournalContents(records: state.records, tornLine: state.tornLine)
    }
  }

  /// The acts in the file now, read without waiting for any lock and without changing anything.
  ///
  /// A line that is being written at this moment, or is torn, is left out.
  /// - Throws: `JournalError`.
  public func glance() throws -> [ReviewRecord] {
    let known = known.withLock { $0 }
    guard let file = try storage.open(creating: false) else {
      guard known.seq == 0 else {
        throw JournalError.lost(file: storage.name, acts: known.seq, .deleted, kept: nil)
      }
      return []
    }
    defer { file.close() }
    let scan = try JournalScan(try file.read(from: 0), file: storage.name)
    guard scan.holds(known) else {
      throw JournalError.lost(file: storage.name, acts: known.seq, .replaced, kept: nil)
    }
    return scan.records
  }

  /// Appends one act and returns its record after the line is fsynced.
  ///
  /// - Parameter checkHold: asked while the file is locked, before anything is written; what it throws is
  ///   thrown. Who takes a study over reads its journal after that, under the same lock: either it holds the act,
  ///   or the act is not written.
  /// - Throws: `JournalError`; after an error the act was not recorded and may be repeated.
  public func append(
    _ draft: ReviewDraft, at time: Date = Date(), checkHold: () throws -> Void = {}
  ) throws -> ReviewRecord {
    try state.withLock { state in
      // A journal of which lines are known is never begun anew.
      guard let file = try storage.open(creating: state.position.seq == 0) else {
        throw lost(.deleted, state)
      }
      defer { file.close() }
      try file.lock()
      try checkHold()
      try catchUp(&state, with: file)
      try checkPlace(of: file, state)
      let review = ReviewState(state.records)
      try Self.check(draft, against: review)
      var record = ReviewRecord(
        draft, seq: state.position.seq + 1, time: UTCTime.text(time), reader: reader,
        previous: state.position.lastHash, after: review)
      let line = record.sealedLine()
      try write(line + [0x0A], to: file, state: &state)
      state.records.append(record)
      state.position.seq = record.seq
      state.position.lastHash = SHA256.hexDigest(of: line)
      state.position.size += line.count + 1
      state.position.lastLength = line.count + 1
      known.withLock { $0 = state.position }
      return record
    }
  }

  /// Writes a whole line and brings it to the disk; on failure the file is cut back.
  private func write(
    _ line: [UInt8], to file: any JournalFile, state: inout State
  ) throws {
    do {
      try file.bringToDisk(line, name: storage.name)
      // The entry of a new file lives in its folder; an earlier session may have died before this.
      if !state.folderIsSynced { try storage.syncFolder() }
      state.folderIsSynced = true
      // A line in a file that lost its name meanwhile is nowhere.
      try checkPlace(of: file, state)
    } catch {
      // Best effort: what stays is set aside as torn, or read as a line nobody was told of.
      try? file.truncate(to: state.position.size)
      state.identity = nil
      throw error
    }
  }

  /// Throws unless the open file is the one that has the journal's name.
  private func checkPlace(of file: any JournalFile, _ state: State) throws {
    guard let identity = try storage.identity() else { throw lost(.deleted, state) }
    guard try file.status().identity == identity else { throw lost(.replaced, state) }
  }

  /// Reads the lines after the known position; from the start when the file may be another one.
  private func catchUp(_ state: inout State, with file: any JournalFile) throws {
    let status = try file.status()
    let isKnown = try state.identity == status.identity && stands(state.position, in: file)
    if isKnown, status.size == state.position.size { return }
    let start = isKnown ? state.position : JournalScan.Position()
    let scan: JournalScan
    do {
      scan = try JournalScan(try file.read(from: start.size), from: start, file: storage.name)
    } catch {
      // What is in memory may itself have been altered on disk: read all again next time.
      state.identity = nil
      throw error
    }
    // Another file is as good when it holds what was read: a backup put back, a journal moved.
    guard isKnown || scan.holds(state.position) else { throw lost(.replaced, state) }
    state.records = isKnown ? state.records + scan.records : scan.records
    state.identity = status.identity
    state.position = scan.position
    known.withLock { $0 = scan.position }
    if let torn = scan.torn { try setAside(torn.bytes, torn.why, in: file, state: &state) }
  }

  /// Whether the last known line lies where it lay.
  private func stands(_ known: JournalScan.Position, in file: any JournalFile) throws -> Bool {
    if known.seq == 0 { return true }
    let line = try file.read(from: known.size - known.lastLength).prefix(known.lastLength)
    return line.last == 0x0A && SHA256.hexDigest(of: Array(line.dropLast())) == known.lastHash
  }

  /// The error for a journal that is gone, with its lines kept beside it where that is possible.
  private func lost(_ loss: JournalError.Loss, _ state: State) -> JournalError {
    guard state.position.seq > 0 else {
      return .system(
        file: storage.name, operation: "write", why: "it was \(loss.rawValue) meanwhile; try again")
    }
    var records = state.records
    var lines: [UInt8] = []
    for index in records.indices { lines += records[index].sealedLine() + [0x0A] }
    var kept: String?
    // Only what chains to the known end is what was read.
    if let scan = try? JournalScan(lines, file: storage.name), scan.holds(state.position) {
      kept = try? storage.keepLost(lines, mark: String(state.position.lastHash.prefix(8)))
    }
    return .lost(file: storage.name, acts: state.position.seq, loss, kept: kept)
  }

  private func setAside(
    _ bytes: [UInt8], _ why: String, in file: any JournalFile, state: inout State
  ) throws {
    let line = state.position.seq + 1
    guard file.isWritable else {
      state.tornLine =
        "\(storage.name): line \(line), the last, is torn (\(why)); it is ignored, the file may not "
        + "be written"
      return
    }
    // The side file is on the disk before the journal is cut. Cutting is one metadata change and
    // keeps the inode on which other sessions hold their locks; a rename would not.
    let side = try storage.keepTorn(bytes)
    try file.truncate(to: state.position.size)
    try file.sync()
    state.tornLine =
      "\(storage.name): line \(line), the last, was torn (\(why)); "
      + "its \(bytes.count) bytes were moved to \(side)"
  }
}

extension ReviewJournal {
  /// Refuses acts that mean nothing at this point, or that were made without seeing what another
  /// session wrote on the same.
  ///
  /// - Throws: `JournalError.refused`, `JournalError.overtaken`.
  static func check(_ draft: ReviewDraft, against state: ReviewState) throws {
    if let words = state.overtaking(draft) { throw JournalError.overtaken(words) }
    // Scalars, as what is kept is cleaned by them: a text that is taken is kept to its end.
    for text in [draft.reason, draft.comment].compactMap({ $0 })
    where text.unicodeScalars.count > longestText {
      throw JournalError.refused("the text is longer than \(longestText) characters")
    }
    if state.altersSigned(draft.action, reverts: draft.reverts) {
      throw JournalError.refused("the study is signed: reopen it first")
    }
    switch draft.action {
    case .verdict:
      guard draft.verdict != nil else { throw JournalError.refused("no verdict is stated") }
    case .undo:
      try checkTurn(draft, state.target(of: draft), none: "nothing to undo")
    case .redo:
      try checkTurn(draft, state.target(of: draft), none: "nothing to redo")
    case .comment:
      guard draft.comment?.isEmpty == false else {
        throw JournalError.refused("the comment is empty")
      }
    case .flag, .reveal, .compare: break
    case .adopt:
      guard state.hasCompared else {
        throw JournalError.refused("what the readers signed was not looked at yet")
      }
      let places = (draft.verdicts ?? []).map(\.segment)
      guard !places.isEmpty, Set(places).count == places.count else {
        throw JournalError.refused("what is taken over needs one verdict on each of its segments")
      }
    case .quality:
      guard draft.quality != nil || state.quality != nil else {
        throw JournalError.refused("no quality is stated")
      }
    case .grade:
      let isCleared = draft.grade == nil && state.grade(draft.segment) != nil
      guard isCleared || draft.grade.map({ 0...2 ~= $0 }) == true else {
        throw JournalError.refused("a grade is 0, 1 or 2")
      }
    case .axccm:
      guard let type = draft.axccm, 0...3 ~= type else {
        throw JournalError.refused("an Ax-CCM type is 0, 1, 2 or 3")
      }
    case .confidence:
      let isCleared = draft.confidence == nil && state.confidence(draft.segment) != nil
      guard isCleared || draft.confidence.map({ 1...3 ~= $0 }) == true else {
        throw JournalError.refused("a confidence is 1, 2 or 3")
      }
    case .difficulty:
      guard draft.difficulty != nil || state.difficulty(draft.segment) != nil else {
        throw JournalError.refused("no difficulty is stated")
      }
    case .finding: try checkFinding(draft, state)
    case .signOff: try checkSignature(draft, state)
    case .reopen:
      guard state.isSigned else { throw JournalError.refused("the study is not signed") }
      guard draft.comment?.isEmpty == false else {
        throw JournalError.refused("reopening needs a reason")
      }
    case .correct:
      guard let note = draft.correction, !note.change.isEmpty, note.change.count <= longestText
      else {
        throw JournalError.refused("a correction needs words of what was changed")
      }
    }
  }

  /// Refuses an undo or redo without an act, and one of a correction without its files.
  private static func checkTurn(
    _ draft: ReviewDraft, _ target: ReviewRecord?, none: String
  ) throws {
    guard let target else { throw JournalError.refused(none) }
    guard (target.action == .correct) == (draft.correction != nil) else {
      throw JournalError.refused("a correction is taken back and restored with its label files")
    }
  }

  private static func checkFinding(_ draft: ReviewDraft, _ state: ReviewState) throws {
    if let seq = draft.revises, !state.findings.contains(where: { $0.seq == seq }) {
      throw JournalError.refused("the finding stands no more: its words were not changed")
    }
    guard let place = draft.place, place.isFinite, place.slice >= 0 else {
      throw JournalError.refused("a finding needs a place")
    }
    guard draft.comment?.isEmpty == false else {
      throw JournalError.refused("a finding needs words")
    }
  }

  private static func checkSignature(_ draft: ReviewDraft, _ state: ReviewState) throws {
    guard let name = draft.signature?.name, !name.isEmpty, name.count <= longestName else {
      throw JournalError.refused("a signature needs a name of up to \(longestName) characters")
    }
    guard !state.verdicts.isEmpty else {
      throw JournalError.refused("there is no verdict to sign")
    }
    if let meaning = draft.signature?.meaning, let why = state.refusal(of: meaning) {
      throw JournalError.refused(why)
    }
  }
}
