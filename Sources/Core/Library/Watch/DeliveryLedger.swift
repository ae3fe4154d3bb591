internal import Foundation
internal import Imaging

/// Which deliveries of drop folders a library has dealt with, by hashes only: `watch.tsv` in its
/// private part, so that a restart begins nothing anew.
struct DeliveryLedger {
  /// What became of a delivery.
  enum Outcome: String {
    /// All of it is in the library.
    case imported
    /// Some of it, or all, could not be used.
    case refused
  }

  private struct Row {
    var contents: String
    var outcome: Outcome
    var time: String
    var share: SeriesShare
    /// Keyed hashes of studies that were refused for want of a series to detect on.
    var awaited: [String] = []
    /// Whether all of it was in the library before it was looked at.
    var wasThere = false
  }

  private let url: URL
  private let mostBytes: Int
  private var rows: [String: Row] = [:]
  /// When contents brought something that are not entered yet, by their hash: all of it is in the library
  /// at the next try, and was not before.
  private var brought: [String: String] = [:]

  /// Bytes of deliveries with their reasons at most, a quarter of what a table may have.
  static let mostBytes = TextTable.largest / 4

  /// Opens the ledger of a library.
  ///
  /// - Parameter mostBytes: what deliveries with their reasons may take; beyond it the oldest keep their
  ///   counts alone.
  /// - Throws: `LibraryError.cannotWrite`, `ReadError`.
  init(library root: URL, mostBytes: Int = DeliveryLedger.mostBytes) throws {
    self.mostBytes = mostBytes
    let folder = PrivateRegister.folder(library: root)
    try PrivateRegister.make(folder)
    url = folder.appendingPathComponent("watch.tsv")
    guard FileManager.default.fileExists(atPath: url.path) else { return }
    for cells in try TextTable(contentsOf: url).rows {
      guard let stamp = cells["stamp"], let contents = cells["contents"] else { continue }
      if cells["outcome"] == Self.leftOut {
        rows[stamp]?.share.reasons += [cells["reasons"]].compactMap(\.self)
        continue
      }
      if cells["outcome"] == Self.broughtMark {
        brought[contents] = cells["time"] ?? ""
        continue
      }
      guard let outcome = cells["outcome"].flatMap(Outcome.init) else { continue }
      rows[stamp] = Row(
        contents: contents, outcome: outcome, time: cells["time"] ?? "",
        share: Self.storedShare(cells),
        awaited: cells["studies"].map { $0.split(separator: ",").map(String.init) } ?? [],
        wasThere: cells["there"] == "1")
    }
  }

  /// Whether a delivery was dealt with as it lies there: same names, sizes and times.
  func knows(stamp: String) -> Bool { rows[stamp] != nil }

  /// Whether a delivery as it lies there was refused, all of it or a part.
  func isRefused(stamp: String) -> Bool { rows[stamp]?.outcome == .refused }

  /// The keyed hashes of a delivery's studies that were refused for want of a series to detect on: once
  /// the library has one of them, the delivery is added to it.
  func awaited(stamp: String) -> [String] { rows[stamp]?.awaited ?? [] }

  /// What became of a delivery as it lies there, in words, and what of it was left out and why.
  func state(stamp: String) -> (words: String, reasons: [String])? { rows[stamp].map(Self.words) }

  /// The same of contents that were imported before, wherever they lay.
  func state(contents: String) -> (words: String, reasons: [String])? {
    imported(contents).map(Self.words)
  }

  /// How much of contents was taken that were imported before.
  func share(contents: String) -> SeriesShare { imported(contents)?.share ?? SeriesShare() }

  /// Whether contents that were imported before were in the library already then.
  func wasThere(contents: String) -> Bool { imported(contents)?.wasThere ?? false }

  /// Whether contents that are not entered yet brought something at an earlier try.
  func hasBrought(contents: String) -> Bool { brought[contents] != nil }

  private func imported(_ contents: String) -> Row? {
    rows.filter { $0.value.contents == contents && $0.value.outcome == .imported }
      .min { $0.key < $1.key }?.value
  }

  private static func words(_ row: Row) -> (words: String, reasons: [String]) {
    let share = row.share
    let state =
      share.isPart
      ? "taken in part: \(share.taken) of \(share.taken + share.refused) series"
      : row.wasThere ? "in the library" : row.outcome.rawValue
    guard share.files > 0 else { return (state, share.leftOut) }
    let files = "\(share.files) \(share.files == 1 ? "file" : "files") left out"
    return ("\(state), \(files)", share.leftOut)
  }

  /// The outcome of lines that go on with the one before: each says what else was left out and why.
  /// Earlier versions pass over them.
  private static let leftOut = "left-out"
  /// The outcome of lines of contents that are not dealt with yet. Earlier versions pass over them.
  private static let broughtMark = "brought"
  /// Such contents that are kept: of deliveries that were taken away before they were dealt with nothing
  /// more is heard.
  private static let mostBrought = 1000
  /// What stands between reasons in the cell of earlier versions.
  private static let between = " | "
  /// Reasons that are kept of a delivery: a disk that fails must not fill the ledger.
  static let mostReasons = 500
  /// Characters of a reason that are kept: more than errors have.
  private static let mostCharacters = 3000

  /// The counts and reasons of a row; those of earlier versions have none.
  private static func storedShare(_ cells: [String: String]) -> SeriesShare {
    func count(_ column: String) -> Int {
      max(0, min(cells[column].flatMap(Int.init) ?? 0, DropFolder.mostFiles))
    }
    return SeriesShare(
      taken: count("taken"), refused: count("refused"), files: count("files"),
      reasons: cells["reasons"].map { $0.split(separator: between).map(String.init) } ?? [])
  }

  /// A share as it is kept: reasons that fit into cells, what is damaged first.
  private static func kept(_ share: SeriesShare) -> SeriesShare {
    let reasons = share.leftOut.map { reason in
      String(reason.map { $0.isNewline ? " " : $0 }).cleaned(limit: mostCharacters)
    }
    return SeriesShare(
      taken: share.taken, refused: share.refused, files: share.files, reasons: reasons)
  }

  /// Whether the same contents were imported before, wherever they lay. What was refused is looked at
  /// again when it was copied or touched, as the reason may be gone.
  func wasImported(contents: String) -> Bool {
    imported(contents) != nil
  }

  /// Enters a delivery and writes the ledger.
  ///
  /// - Parameters:
  ///   - awaited: keyed hashes of its studies that were refused for want of a series to detect on.
  ///   - wasThere: whether all of it was in the library before.
  /// - Throws: `WriteError`.
  mutating func enter(
    stamp: String, contents: String, _ outcome: Outcome, _ share: SeriesShare,
    awaited: [String] = [], wasThere: Bool = false
  ) throws {
    rows[stamp] = Row(
      contents: contents, outcome: outcome, time: UTCTime.text(Date()), share: Self.kept(share),
      awaited: awaited, wasThere: wasThere && outcome == .imported)
    brought[contents] = nil
    forgetReasons()
    try write()
  }

  /// Notes, before anything else is done with a delivery, that it brought something, so that a restart knows.
  ///
  /// - Throws: `WriteError`.
  mutating func note(broughtBy contents: String) throws {
    guard brought[contents] == nil else { return }
    brought[contents] = UTCTime.text(Date())
    let oldest = brought.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
    for (contents, _) in oldest.dropLast(Self.mostBrought) { brought[contents] = nil }
    try write()
  }

  /// - Throws: `WriteError`.
  private func write() throws {
    let marks = brought.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
    let lines: [String] =
      sorted.flatMap { Self.lines($0.key, $0.value) }
      + marks.map { [$0.key, $0.key, Self.broughtMark, $0.value].joined(separator: "\t") }
    let columns = [
      "stamp", "contents", "outcome", "time", "taken", "refused", "reasons", "files", "studies",
      "there",
    ]
    try AtomicFile.write(
      ([columns.joined(separator: "\t")] + lines).joined(separator: "\n") + "\n", to: url,
      permissions: 0o600)
  }

  /// The deliveries, the oldest first.
  private var sorted: [(key: String, value: Row)] {
    rows.sorted { ($0.value.time, $0.key) < ($1.value.time, $1.key) }
  }

  /// Gives up the reasons of the oldest deliveries where all do not fit: a ledger that is too large could not
  /// be read again, and nothing would be watched any more.
  private mutating func forgetReasons() {
    var left = mostBytes
    for (stamp, row) in sorted.reversed() {
      left -= Self.lines(stamp, row).reduce(0) { $0 + $1.utf8.count + 1 }
      guard left < 0, !row.share.leftOut.isEmpty else { continue }
      rows[stamp]?.share.damaged = []
      rows[stamp]?.share.reasons = [Self.forgotten]
    }
  }

  /// Said in the place of reasons that were given up.
  static let forgotten = "what was left out is not kept any more: too many deliveries came since"

  /// The lines of a delivery: the first has the counts, each further one a reason.
  private static func lines(_ stamp: String, _ row: Row) -> [String] {
    let share = row.share
    let first = [
      stamp, row.contents, row.outcome.rawValue, row.time, "\(share.taken)", "\(share.refused)", "",
      "\(share.files)", row.awaited.joined(separator: ","), row.wasThere ? "1" : "",
    ]
    let further = share.leftOut.map { [stamp, row.contents, leftOut, row.time, "", "", $0] }
    return ([first] + further).map { $0.joined(separator: "\t") }
  }

  /// The SHA-256 of the hashes of files, in the order of the hashes.
  ///
  /// - Parameter known: hashes of files that were read before.
  /// - Throws: `ReadError` when one cannot be read; `CancellationError`.
  static func contents(
    of files: [URL], known: inout FileHashes, isCancelled: () -> Bool
  ) throws -> String {
    var hashes: [String] = []
    for file in files {
      if isCancelled() { throw CancellationError() }
      hashes.append(try known.hash(of: file))
    }
    return SHA256.hexDigest(of: hashes.sorted().joined(separator: "\n"))
  }
}
