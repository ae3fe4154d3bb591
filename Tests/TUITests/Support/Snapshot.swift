import Foundation
import Testing

/// Compares texts with files in `Snapshots/`; `RECORD_SNAPSHOTS=1` rewrites them and still fails.
enum Snapshot {
  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Snapshots")

  /// The sizes at which every screen is kept, in columns and rows.
  static let sizes: [(Int, Int)] = [(80, 24), (120, 40), (200, 60)]

  static func check(
    _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let file = folder.appendingPathComponent(name + ".txt")
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
      Issue.record(
        "recorded \(name): run again without RECORD_SNAPSHOTS", sourceLocation: sourceLocation)
      return
    }
    let wanted = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    guard text != wanted else { return }
    let new = text.split(separator: "\n", omittingEmptySubsequences: false)
    let old = wanted.split(separator: "\n", omittingEmptySubsequences: false)
    let row = (0..<max(new.count, old.count)).first {
      (new.indices.contains($0) ? new[$0] : "") != (old.indices.contains($0) ? old[$0] : "")
    }
    let at = row ?? 0
    Issue.record(
      """
      \(name) differs first in line \(at + 1) (RECORD_SNAPSHOTS=1 rewrites):
      was: \(old.indices.contains(at) ? String(old[at]) : "(no such line)")
      is:  \(new.indices.contains(at) ? String(new[at]) : "(no such line)")
      """, sourceLocation: sourceLocation)
  }
}
