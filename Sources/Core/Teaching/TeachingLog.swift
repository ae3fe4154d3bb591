internal import Foundation
internal import Imaging
internal import Synchronization

/// The append-only, hash-chained file of a teaching session, to which presenter and learners write.
///
/// Lines chain as those of a reader's journal do. Reading takes no lock and goes on from the last whole
/// line known, so that followers may look often; a line that is being written is not seen until it is
/// whole. Writers exclude each other by the file's lock and set a torn last line aside.
public final class TeachingLog: Sendable {
  /// A file larger than this is no session's.
  static let largest = 64 << 20
  /// A longer line is none of ours.
  static let longestLine = 1 << 20

  /// What the lines say together.
  public struct Contents: Equatable, Sendable {
    /// The first line.
    public var created: TeachingRecord?
    /// When each learner opened each case.
    public var openings: [TeachingRecord] = []
    /// The presenter's latest view.
    public var view: PresentedView?
    /// When presenters kept the truth of a case hidden.
    public var hidden: [HiddenSpan] = []
    /// Who has presented a view.
    public var presenters: Set<String> = []
    /// The number of lines.
    public var count = 0

    /// Whether a learner's journal of a case says whose its reveal is: the program in which he opened it last
    /// notes that.
    func tellsReveal(of number: Int, to learner: String) -> Bool {
      let opening = openings.last { $0.reader == learner && $0.caseNumber == number }
      return opening?.notesReasons == true
    }
  }

  fileprivate struct State: Sendable {
    var contents = Contents()
    var position = JournalScan.Position()
    var identity: [UInt64]?
  }

  private let storage: any JournalStorage
  private let state = Mutex(State())

  /// The log of a storage; nothing is read yet.
  public init(storage: any JournalStorage) { self.storage = storage }

  /// Reads what was written since, and returns the whole; without a file it is empty.
  ///
  /// - Throws: `JournalError`.
  public func read() throws -> Contents {
    try state.withLock { state in
      guard let file = try storage.open(creating: false) else {
        if state.position.seq > 0 { throw lost(.deleted, state) }
        return state.contents
      }
      defer { file.close() }
      _ = try catchUp(&state, with: file)
      return state.contents
    }
  }

  /// Appends one line and returns it after it is on the disk.
  ///
  /// - Parameter fill: sets what the action needs; `seq`, time and chain are set already. The contents
  ///   are those under the lock; `false` writes nothing.
  /// - Throws: `JournalError`.
  func append(
    _ action: TeachingRecord.Action, reader: String, at time: Date = Date(),
    _ fill: (inout TeachingRecord, Contents) throws -> Bool
  ) throws -> TeachingRecord? {
    try state.withLock { state in
      let file = try storage.open(creating: action == .created && state.position.seq == 0)
      guard let file else { throw lost(.deleted, state) }
      defer { file.close() }
      try file.lock()
      let torn = try catchUp(&state, with: file)
      var record = TeachingRecord(
        seq: state.position.seq + 1, time: UTCTime.text(time), reader: reader, action: action,
        previous: state.position.lastHash)
      if action == .opened { record.notesReasons = true }
      guard try fill(&record, state.contents) else { return nil }
      if !torn.isEmpty {
        _ = try storage.keepTorn(torn)
        try file.truncate(to: state.position.size)
      }
      let line = try record.sealedLine()
      try write(line + [0x0A], to: file, state)
      state.take(record, line)
      return record
    }
  }

  private func write(_ line: [UInt8], to file: any JournalFile, _ state: State) throws {
    guard line.count <= Self.longestLine, state.position.size + line.count <= Self.largest else {
      throw JournalError.refused("\(storage.name) is full: make a new session")
    }
    do {
      try file.bringToDisk(line, name: storage.name)
      if state.position.seq == 0 { try storage.syncFolder() }
    } catch {
      try? file.truncate(to: state.position.size)
      throw error
    }
  }

  /// Takes in the whole lines after the known ones; returns the bytes after the last.
  private func catchUp(_ state: inout State, with file: any JournalFile) throws -> [UInt8] {
    let status = try file.status()
    guard status.size <= Self.largest else {
      throw JournalError.system(
        file: storage.name, operation: "read", why: "it is \(status.size) bytes long, no session")
    }
    if let known = state.identity,
      known != status.identity || status.size < state.position.size
    {
      throw lost(.replaced, state)
    }
    state.identity = status.identity
    if status.size == state.position.size { return [] }
    let bytes = try file.read(from: state.position.size)
    var start = 0
    while let newline = bytes[start...].firstIndex(of: 0x0A) {
      let line = bytes[start..<newline]
      state.take(try verified(line, after: state), Array(line))
      start = newline + 1
    }
    return Array(bytes[start...])
  }

  private func verified(
    _ line: ArraySlice<UInt8>, after state: State
  ) throws -> TeachingRecord {
    let number = state.position.seq + 1
    func broken(_ why: String) -> JournalError {
      .brokenChain(file: storage.name, line: number, why: why)
    }
    guard line.count <= Self.longestLine else { throw broken("it is too long") }
    let record: TeachingRecord
    do { record = try TeachingRecord.parse(line: line) } catch { throw broken(error.why) }
    guard record.seq == number else { throw broken("it is numbered \(record.seq)") }
    guard record.previous == state.position.lastHash else {
      throw broken("it does not follow the line before it")
    }
    guard record.isWhole, (record.action == .created) == (number == 1) else {
      throw broken("it does not say what its action needs")
    }
    return record
  }

  private func lost(_ loss: JournalError.Loss, _ state: State) -> JournalError {
    .lost(file: storage.name, acts: state.position.seq, loss, kept: nil)
  }
}

extension TeachingLog.State {
  /// Adds a verified line.
  fileprivate mutating func take(_ record: TeachingRecord, _ line: [UInt8]) {
    position.seq = record.seq
    position.lastHash = SHA256.hexDigest(of: line)
    position.size += line.count + 1
    position.lastLength = line.count + 1
    contents.count = record.seq
    switch record.action {
    case .created: contents.created = record
    case .opened: contents.openings.append(record)
    case .view:
      contents.view = record.view.map {
        PresentedView(
          seq: record.seq, view: $0, reader: record.reader, showing: record.showing)
      }
      contents.presenters.insert(record.reader)
      if let view = record.view { contents.hidden.take(view, at: record.time) }
    }
  }
}
