public import Foundation

/// Where the weights that come with the program lie (decision 004).
public enum Assets {
  /// The name of the product's default weights, without an ending.
  public static let defaultModel = "cordscope-small"

  /// The file of the weights of the anatomy network.
  public static let anatomyWeights = "cordscope-anatomy.safetensors"

  /// No folder with the file was found.
  public struct NotFound: Error, CustomStringConvertible {
    /// The file looked for.
    public let name: String
    /// The folders tried.
    public let tried: [String]

    /// What was looked for, where, and what to do.
    public var description: String {
      "cannot find \(name). Looked in: \(tried.joined(separator: ", ")). "
        + "Set CORDSCOPE_ASSETS to the folder that holds it, or run from a complete checkout."
    }
  }

  /// The URL of an asset: `CORDSCOPE_ASSETS`, an `assets` folder beside or above the program,
  /// then `share/cordscope/assets` of its prefix.
  ///
  /// - Throws: `NotFound` naming the folders tried.
  public static func url(_ name: String) throws -> URL {
    var tried: [String] = []
    for folder in candidates() {
      let url = folder.appendingPathComponent(name)
      if FileManager.default.fileExists(atPath: url.path) { return url }
      tried.append(folder.path)
    }
    throw NotFound(name: name, tried: tried)
  }

  private static func candidates() -> [URL] {
    if let forced = ProcessInfo.processInfo.environment["CORDSCOPE_ASSETS"], !forced.isEmpty {
      return [URL(fileURLWithPath: forced)]
    }
    let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    var folders: [URL] = []
    var folder = program.deletingLastPathComponent()
    while folder.path != "/" {
      folders.append(folder.appendingPathComponent("assets"))
      let parent = folder.deletingLastPathComponent()
      // Shorter each time, so that this ends for every path.
      guard parent.path.utf8.count < folder.path.utf8.count else { break }
      folder = parent
    }
    let prefix = program.deletingLastPathComponent().deletingLastPathComponent()
    return folders + [prefix.appendingPathComponent("share/cordscope/assets")]
  }
}
