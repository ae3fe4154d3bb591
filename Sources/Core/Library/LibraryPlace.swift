public import Foundation
public import Imaging

/// Whether a place lies in a library, and so who may use what is written there.
public enum LibraryPlace {
  /// The rights of what is written at a place: the group's in the library, else those that the caller's umask
  /// leaves.
  public static func rights(at url: URL, library root: URL) -> FileRights {
    parts(of: url, inside: root) == nil ? .caller : .group
  }

  /// The parts of a place's path after the library's folder; `nil` where it lies outside.
  static func parts(of url: URL, inside root: URL) -> [String]? {
    let (own, all) = (parts(root), parts(url))
    return all.starts(with: own) ? Array(all.dropFirst(own.count)) : nil
  }

  /// The parts of a path without links; what does not exist yet follows what does.
  private static func parts(_ url: URL) -> [String] {
    var (known, new) = (url.standardizedFileURL, [String]())
    while !FileManager.default.fileExists(atPath: known.path), known.pathComponents.count > 1 {
      new.insert(known.lastPathComponent, at: 0)
      known.deleteLastPathComponent()
    }
    return known.resolvingSymlinksInPath().pathComponents + new
  }
}
