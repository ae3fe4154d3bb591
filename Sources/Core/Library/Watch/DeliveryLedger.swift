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
      rows[stamp] = Row(contents: contents, outcome: outcome, time: cells["time"] ?? "")
    }
  }

  /// Whether a delivery was dealt with as it lies there: same names, sizes and times.
  func knows(stamp: String) -> Bool { rows[stamp] != nil }

  /// What became of a delivery as it lies there.
  func outcome(stamp: String) -> Outcome? { rows[stamp]?.outcome }

  /// Whether the same contents were imported before, wherever they lay. What was refused is looked at
  /// again when it was copied or touched, as the reason may be gone.
  func wasImported(contents: String) -> Bool {
    rows.values.contains { $0.contents == contents && $0.outcome == .imported }
  }

  /// Enters a delivery and writes the ledger.
  ///
  /// - Throws: `WriteError`.
  mutating func enter(stamp: String, contents: String, _ outcome: Outcome) throws {
    rows[stamp] = Row(contents: contents, outcome: outcome, time: UTCTime.text(Date()))
    let lines = rows.sorted { ($0.value.time, $0.key) < ($1.value.time, $1.key) }.map {
      [$0.key, $0.value.contents, $0.value.outcome.rawValue, $0.value.time].joined(separator: "\t")
    }
    try AtomicFile.write(
      (["stamp\tcontents\toutcome\ttime"] + lines).joined(separator: "\n") + "\n", to: url,
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
