public import Foundation

/// How a library's studies are read, from `derivatives/cordscope/reading.json`; an administrator writes
/// it. Without the file the defaults hold.
public struct ReadingSettings: Codable, Equatable, Sendable {
  /// Whether the AI's results are hidden from each reader until they ask for them.
  public var blind = false

  /// The defaults.
  public init() {}

  static func url(library root: URL) -> URL {
    root.appendingPathComponent("derivatives/cordscope/reading.json")
  }

  /// Reads a library's settings.
  ///
  /// - Throws: `ReadError` when the file is damaged: what was meant to be hidden is never shown.
  public static func read(library root: URL) throws -> ReadingSettings {
    let url = url(library: root)
    guard FileManager.default.fileExists(atPath: url.path) else { return ReadingSettings() }
    return try SnakeCaseJSON.read(
      ReadingSettings.self, from: url, kind: "settings of reading",
      advice: "write {\"blind\": true} or {\"blind\": false}")
  }
}
