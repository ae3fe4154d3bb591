public import Foundation

/// A folder that lives as long as a test.
public final class TemporaryFolder: Sendable {
  /// Where it is.
  public let url: URL

  /// Makes an empty folder.
  public init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("cordscope-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// A path inside.
  public func callAsFunction(_ path: String) -> URL { url.appendingPathComponent(path) }

  /// Writes a text file inside, with the folders it needs.
  @discardableResult
  public func write(_ text: String, to path: String) throws -> URL {
    let file = self(path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    return file
  }
}
