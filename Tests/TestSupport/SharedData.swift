public import Foundation

/// The reference material that lies beside a developer's checkout; absent in a fresh clone.
public enum SharedData {
  /// The folder `../shared` beside the checkout, or `nil` when it is absent.
  public static let root: URL? = {
    let checkout = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let shared = checkout.deletingLastPathComponent().appendingPathComponent("shared")
    return FileManager.default.fileExists(atPath: shared.path) ? shared : nil
  }()

  /// Whether a path below `../shared` exists; for `.enabled(if:)`.
  public static func has(_ path: String) -> Bool {
    guard let root else { return false }
    return FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
  }

  /// The URL of a path below `../shared`; call only under `has`.
  public static func url(_ path: String) -> URL {
    (root ?? URL(fileURLWithPath: "/nonexistent")).appendingPathComponent(path)
  }
}
