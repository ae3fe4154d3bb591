public import Foundation

/// The program's folders in the user's home: the demo library and the last library opened; the
/// user's settings.
public enum UserFolder {
  /// `$XDG_DATA_HOME/cordscope`, or `~/.local/share/cordscope`.
  public static var root: URL {
    let environment = ProcessInfo.processInfo.environment
    if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") {
      return URL(fileURLWithPath: data).appendingPathComponent("cordscope")
    }
    let home = environment["HOME"] ?? NSHomeDirectory()
    return URL(fileURLWithPath: home).appendingPathComponent(".local/share/cordscope")
  }

  /// `$XDG_CONFIG_HOME/cordscope`, or `~/.config/cordscope`: what the user sets.
  public static var settings: URL {
    let environment = ProcessInfo.processInfo.environment
    if let settings = environment["XDG_CONFIG_HOME"], settings.hasPrefix("/") {
      return URL(fileURLWithPath: settings).appendingPathComponent("cordscope")
    }
    let home = environment["HOME"] ?? NSHomeDirectory()
    return URL(fileURLWithPath: home).appendingPathComponent(".config/cordscope")
  }

  /// The user's own keys, where the file is there.
  public static var keys: URL { settings.appendingPathComponent("keys") }

  /// Where the demo library lies.
  public static var demoLibrary: URL { root.appendingPathComponent("demo") }

  private static var lastLibraryFile: URL { root.appendingPathComponent("last-library") }

  /// The library opened last, if it still exists.
  public static var lastLibrary: URL? {
    guard let text = try? String(contentsOf: lastLibraryFile, encoding: .utf8) else { return nil }
    let path = text.trimmingCharacters(in: .newlines)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else { return nil }
    return URL(fileURLWithPath: path)
  }

  /// Remembers a library; a failure is of no consequence and is ignored.
  public static func remember(library: URL) {
    try? FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    try? Data((library.standardizedFileURL.path + "\n").utf8)
      .write(to: lastLibraryFile, options: .atomic)
  }
}
