internal import Foundation
internal import Imaging

/// The former version of a label file while a new one takes its name: it stays beside it, named by the
/// start of its hash, as imports keep theirs.
struct LabelVersion {
  private let url: URL
  /// SHA-256 of the former file; `nil` where there was none.
  let hash: String?
  /// SHA-256 of its sidecar; `nil` where there was none.
  let sidecarHash: String?
  /// The former sidecar; `nil` where there was none.
  private let sidecar: [UInt8]?

  /// Keeps what has the name now; it keeps that name, too, until it is replaced.
  ///
  /// - Throws: `LibraryError.cannotWrite`, `ReadError`, `WriteError`.
  init(keeping url: URL) throws {
    self.url = url
    let json = Sidecar.url(of: url)
    sidecar = FileManager.default.fileExists(atPath: json.path) ? try FileBytes.read(json) : nil
    let kept = try VersionedLabel(url: url).keep()
    (hash, sidecarHash) = (kept?.file, kept?.sidecar)
  }

  /// The name of a version: "sub-01_T2w_label-SC_seg.1a2b3c4d5e6f7a8b.nii.gz".
  static func url(of file: URL, _ hash: String) -> URL {
    let ending = ".nii.gz"
    let name = "\(file.lastPathComponent.dropLast(ending.count)).\(hash.prefix(16))\(ending)"
    return file.deletingLastPathComponent().appendingPathComponent(name)
  }

  /// Gives the former file its name back: the new one could not be put in place with all that belongs
  /// to it.
  func restore() {
    let json = Sidecar.url(of: url)
    if let hash {
      let version = Self.url(of: url, hash)
      // Through a second name, so that the version stays, too.
      let name = url.deletingLastPathComponent().appendingPathComponent(
        ".\(url.lastPathComponent).\(getpid())")
      if link(version.path, name.path) == 0 {
        rename(name.path, url.path)
        // Where both names were the same file already, the rename has left both.
        unlink(name.path)
      }
    } else {
      unlink(url.path)
    }
    if let sidecar { try? AtomicFile.write(sidecar, to: json) } else { unlink(json.path) }
  }
}
