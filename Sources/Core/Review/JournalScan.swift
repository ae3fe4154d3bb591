internal import Imaging

/// The records found in a journal's bytes, and where the whole lines end.
struct JournalScan {
  /// How far a journal is known: its records and the end of its last whole line.
  struct Position: Equatable {
    /// `seq` of the last record; 0 before the first.
    var seq = 0
    /// SHA-256 of the last whole line.
    var lastHash = ReviewRecord.firstPrevious
    /// Bytes up to and with the last newline.
    var size = 0
    /// Bytes of the last whole line with its newline.
    var lastLength = 0
  }

  /// The records of the whole lines.
  var records: [ReviewRecord] = []
  /// Where the whole lines end.
  var position: Position
  /// The bytes of a torn last line, and why it counts as torn.
  var torn: (bytes: [UInt8], why: String)?

  /// Reads the lines that follow a known position and verifies number, chain and digest of each.
  ///
  /// - Parameters:
  ///   - bytes: the file from `start.size` on.
  ///   - file: the journal's name for messages.
  /// - Throws: `JournalError.brokenChain` for a line that is not the next of the chain, unless it is
  ///   the last and cannot be read at all.
  init(_ bytes: [UInt8], from start: Position = Position(), file: String) throws {
    position = start
    var lineStart = 0
    while lineStart < bytes.count {
      guard let newline = bytes[lineStart...].firstIndex(of: 0x0A) else {
        torn = (Array(bytes[lineStart...]), "it has no end, so it was never acknowledged")
        return
      }
      let line = bytes[lineStart..<newline]
      if let record = try verified(line, file: file) {
        records.append(record)
        position.seq = record.seq
        position.lastHash = SHA256.hexDigest(of: Array(line))
        position.size += line.count + 1
        position.lastLength = line.count + 1
      } else if newline == bytes.count - 1 {
        torn = (Array(line), "it cannot be read")
        return
      } else {
        throw JournalError.brokenChain(
          file: file, line: position.seq + 1, why: "it cannot be read")
      }
      lineStart = newline + 1
    }
  }

  /// Whether a scan from the start holds the lines up to a known position, and not others.
  func holds(_ known: Position) -> Bool {
    if known.seq == 0 { return true }
    if known.seq > position.seq { return false }
    let hash = known.seq == position.seq ? position.lastHash : records[known.seq].previous
    return hash == known.lastHash
  }

  /// The record of a line if it is the next of the chain; `nil` if it is no record at all.
  private func verified(_ line: ArraySlice<UInt8>, file: String) throws -> ReviewRecord? {
    let number = position.seq + 1
    func broken(_ why: String) -> JournalError {
      .brokenChain(file: file, line: number, why: why)
    }
    let parsed: ReviewRecord?
    do { parsed = try ReviewRecord.parse(line: line) } catch { throw broken(error.why) }
    guard let record = parsed else { return nil }
    guard record.seq == number else { throw broken("it is numbered \(record.seq)") }
    guard record.previous == position.lastHash else {
      throw broken("it does not follow the line before it")
    }
    if let segment = record.segment, SpinalSegment(name: segment) == nil {
      throw broken("it names an unknown segment")
    }
    if record.verdicts != nil || record.action == .adopt {
      let places = (record.verdicts ?? []).map(\.segment)
      guard places.compactMap(\.self).allSatisfy({ SpinalSegment(name: $0) != nil }) else {
        throw broken("it takes over an unknown segment")
      }
      guard !places.isEmpty, Set(places).count == places.count else {
        throw broken("it does not take over one verdict on each of its segments")
      }
    }
    return record
  }
}
