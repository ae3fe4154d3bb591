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
  }

  private let url: URL
  private var rows: [String: Row] = [:]

  /// Opens the ledger of a library.
  ///
  /// - Throws: `LibraryError.cannotWrite`, `ReadError`.
  init(library root: URL) throws {
    let folder = PrivateRegister.folder(library: root)
    try PrivateRegister.make(folder)
    url = folder.appendingPathComponent("watch.tsv")
    guard FileManager.default.fileExists(atPath: url.path) else { return }
    for cells in try TextTable(contentsOf: url).rows {
      guard let stamp = cells["stamp"], let contents = cells["contents"],
        let outcome = cells["outcome"].flatMap(Outcome.init)
      else { continue }
      rows[stamp] = Row(
        contents: contents, outcome: outcome, time: cells["time"] ?? "",
        share: Self.storedShare(cells))
    }
  }

  /// Whether a delivery was dealt with as it lies there: same names, sizes and times.
  func knows(stamp: String) -> Bool { rows[stamp] != nil }

  /// What became of a delivery as it lies there, in words, and why of some of it nothing did.
  func state(stamp: String) -> (words: String, reasons: [String])? { rows[stamp].map(Self.words) }

  /// The same of contents that were imported before, wherever they lay.
  func state(contents: String) -> (words: String, reasons: [String])? {
    imported(contents).map(Self.words)
  }

  /// How much of contents was taken that were imported before.
  func share(contents: String) -> SeriesShare { imported(contents)?.share ?? SeriesShare() }

  private func imported(_ contents: String) -> Row? {
    rows.filter { $0.value.contents == contents && $0.value.outcome == .imported }
      .min { $0.key < $1.key }?.value
  }

  private static func words(_ row: Row) -> (words: String, reasons: [String]) {
    let share = row.share
    guard share.isPart else { return (row.outcome.rawValue, share.reasons) }
    return ("taken in part: \(share.taken) of \(share.taken + share.refused) series", share.reasons)
  }

  /// What stands between reasons in their cell.
  private static let between = " | "
  /// Reasons that are kept of a delivery, and characters of each.
  private static let most = (reasons: 5, characters: 200)

  /// The counts and reasons of a row; those of earlier versions have none.
  private static func storedShare(_ cells: [String: String]) -> SeriesShare {
    func count(_ column: String) -> Int {
      max(0, min(cells[column].flatMap(Int.init) ?? 0, DropFolder.mostFiles))
    }
    return SeriesShare(
      taken: count("taken"), refused: count("refused"),
      reasons: cells["reasons"].map { $0.split(separator: between).map(String.init) } ?? [])
  }

  private static func cell(_ reasons: [String]) -> String {
    var kept = reasons.prefix(most.reasons).map {
      $0.cleaned(limit: most.characters).replacing("|", with: "/")
    }
    if reasons.count > kept.count { kept.append("and \(reasons.count - kept.count) more") }
    return kept.joined(separator: between)
  }

  /// Whether the same contents were imported before, wherever they lay. What was refused is looked at
  /// again when it was copied or touched, as the reason may be gone.
  func wasImported(contents: String) -> Bool {
    imported(contents) != nil
  }

  /// Enters a delivery and writes the ledger.
  ///
  /// - Throws: `WriteError`.
  mutating func enter(
    stamp: String, contents: String, _ outcome: Outcome, _ share: SeriesShare
  ) throws {
    rows[stamp] = Row(
      contents: contents, outcome: outcome, time: UTCTime.text(Date()), share: share)
    let sorted = rows.sorted { ($0.value.time, $0.key) < ($1.value.time, $1.key) }
    let lines = sorted.map { entry in
      let row = entry.value
      return [
        entry.key, row.contents, row.outcome.rawValue, row.time, "\(row.share.taken)",
        "\(row.share.refused)", Self.cell(row.share.reasons),
      ].joined(separator: "\t")
    }
    let columns = ["stamp", "contents", "outcome", "time", "taken", "refused", "reasons"]
    try AtomicFile.write(
      ([columns.joined(separator: "\t")] + lines).joined(separator: "\n") + "\n", to: url,
      permissions: 0o600)
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
