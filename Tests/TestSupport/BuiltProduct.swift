public import Foundation

/// Executables that were built beside the running tests.
public enum BuiltProduct {
  /// The URL of a built executable, or `nil` when it is not there.
  ///
  /// The test bundle lies in the folder of products; where the bundle does not tell, the checkout's
  /// `.build` is tried.
  public static func url(_ name: String) -> URL? {
    let checkout = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let runner = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    #if DEBUG
      let configuration = "debug"
    #else
      let configuration = "release"
    #endif
    let folders =
      [Bundle.main.bundleURL, runner]
      + CommandLine.arguments.filter { $0.hasSuffix(".xctest") }
      .map { URL(fileURLWithPath: $0).deletingLastPathComponent() }
      + [checkout.appendingPathComponent(".build/\(configuration)")]
    return folders.map { $0.appendingPathComponent(name) }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }
}
