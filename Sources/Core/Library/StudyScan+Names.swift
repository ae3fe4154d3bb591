internal import Foundation
internal import Imaging

extension StudyScan {
  /// Why nothing is found at a path below the library, where a name in it is not UTF-8; `nil` elsewhere.
  ///
  /// Bytes that are not UTF-8 are read as U+FFFD, and nothing has that name; what is really called so is
  /// found by it.
  func unreadable(_ path: String) -> String? {
    var place = root.path
    for name in path.split(separator: "/") {
      place += "/\(name)"
      var info = stat()
      guard name.unicodeScalars.contains("\u{FFFD}"), lstat(place, &info) != 0 else { continue }
      return "its name cannot be read: \(String(name).cleaned) is not UTF-8; rename it"
    }
    return nil
  }
}
