import Foundation
import Imaging

/// The file that a picture is written to: a new one, or one in the place of an earlier picture.
struct PictureFile {
  /// Where it lies.
  let url: URL

  /// Takes a path that holds nothing, an empty file or a picture of ours.
  ///
  /// - Throws: `WriteError` when something else is there: a link, device or pipe, or somebody's
  ///   file, such as the image that is shown.
  init(_ url: URL) throws {
    self.url = url
    var info = stat()
    guard lstat(url.path, &info) == 0 else { return }
    switch info.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw Self.refusal(url, "is a folder", "give a file's name in it")
    case S_IFLNK:
      throw Self.refusal(
        url, "is a symbolic link, which is not followed",
        "give the file's own name; without --out the picture goes to standard output")
    default:
      throw Self.refusal(
        url, "is a device, pipe or socket", "without --out the picture goes to standard output")
    }
    guard info.st_size == 0 || Self.isPicture(url) else {
      throw Self.refusal(
        url, "exists and is no picture made by show: it is not replaced", "give another name")
    }
  }

  private static func refusal(_ url: URL, _ problem: String, _ advice: String) -> WriteError {
    WriteError(path: url.path, problem: problem, advice: advice)
  }

  /// Whether a file begins as PNG, as a sixel or kitty picture or as half blocks do.
  private static func isPicture(_ url: URL) -> Bool {
    guard let start = try? FileBytes.read(url, range: 0..<8) else { return false }
    let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    let escape: UInt8 = 0x1B
    return start == png
      || ["P", "_", "["].contains { start.starts(with: [escape] + Array($0.utf8)) }
  }
}
