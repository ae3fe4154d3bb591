internal import Foundation

/// What lies in a folder, as the folder itself tells it: nothing in it is looked at where it tells enough.
enum FolderEntries {
  /// The names in a folder; none where it cannot be listed to its end.
  static func names(_ path: String) -> [String] {
    var names: [String] = []
    let isWhole = read(path) { name, _ in names.append(name) }
    return isWhole ? names : []
  }

  /// The names of the folders in a folder that are wanted, and of links to such; `nil` where it cannot be
  /// listed to its end.
  static func folders(_ path: String, where isWanted: (String) -> Bool) -> [String]? {
    var found: [String] = []
    let isWhole = read(path) { name, kind in
      guard isWanted(name) else { return }
      switch kind {
      case .folder: found.append(name)
      case .file: break
      case .untold: if isFolder("\(path)/\(name)") { found.append(name) }
      }
    }
    return isWhole ? found : nil
  }

  /// Whether a path leads to a folder.
  static func isFolder(_ path: String) -> Bool {
    var info = stat()
    return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
  }

  private enum Kind {
    case folder, file
    /// A link, or on a file system that keeps no kinds with its names.
    case untold
  }

  /// Reads a folder; whether to its end.
  private static func read(_ path: String, _ take: (String, Kind) -> Void) -> Bool {
    guard let handle = opendir(path) else { return false }
    defer { _ = closedir(handle) }
    while true {
      // Only so the end is told from a failure.
      errno = 0
      guard let entry = readdir(handle) else { return errno == 0 }
      let room = MemoryLayout.size(ofValue: entry.pointee.d_name)
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: room) { String(cString: $0) }
      }
      guard name != ".", name != ".." else { continue }
      switch Int(entry.pointee.d_type) {
      case Int(DT_DIR): take(name, .folder)
      case Int(DT_UNKNOWN), Int(DT_LNK): take(name, .untold)
      default: take(name, .file)
      }
    }
  }
}
