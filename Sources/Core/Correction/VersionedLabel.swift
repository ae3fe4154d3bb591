internal import Foundation
internal import Imaging

/// The name of a label file and of its sidecar, under which one version takes the place of another.
///
/// What has the name is kept beside it first, named by its hash, and nothing that is kept is ever written
/// over. Each file is written whole and renamed, the label before its sidecar: whoever finds the one
/// without the other, after a kill, knows by the hashes what is left to do.
struct VersionedLabel {
  /// What a name holds: the SHA-256 of the file, and of its sidecar where it has one.
  struct Contents: Equatable {
    var file: String
    var sidecar: String?
  }

  /// The label file.
  let url: URL

  /// Its sidecar.
  var json: URL { Sidecar.url(of: url) }

  /// What has the name now; `nil` where no file has.
  ///
  /// - Throws: `ReadError`.
  func contents() throws -> Contents? {
    guard Self.isThere(url) else { return nil }
    return Contents(
      file: try SHA256.hexDigest(ofFile: url),
      sidecar: Self.isThere(json) ? try SHA256.hexDigest(ofFile: json) : nil)
  }

  /// Keeps what has the name, which keeps it, too.
  ///
  /// - Returns: what has the name.
  /// - Throws: `LibraryError.cannotWrite`, `ReadError`, `WriteError`.
  @discardableResult
  func keep() throws -> Contents? {
    guard let now = try contents() else {
      try keepStraySidecar()
      return nil
    }
    let version = LabelVersion.url(of: url, now.file)
    if link(url.path, version.path) != 0 {
      let why = errno
      guard why == EEXIST else {
        throw LibraryError.cannotWrite(version.path, String(cString: strerror(why)))
      }
      guard try SHA256.hexDigest(ofFile: version) == now.file else {
        throw LibraryError.cannotWrite(version.path, "another file has the name of this version")
      }
    }
    if let hash = now.sidecar, keptSidecar(hash, of: now.file) == nil {
      let first = Sidecar.url(of: version)
      try AtomicFile.write(
        try FileBytes.read(json),
        to: Self.isThere(first) ? sidecar(hash, beside: version) : first)
    }
    try SharedFolder.sync(url.deletingLastPathComponent())
    return now
  }

  /// Gives the name to a version that is kept, or to none; what has it is kept. Does what is left to do
  /// where a kill stopped it half-way, and nothing where all is done.
  ///
  /// - Throws: `EditRefusal` where the version is not there as it was; `LibraryError.cannotWrite`,
  ///   `ReadError`, `WriteError`.
  func put(_ wanted: Contents?) throws {
    let now = try keep()
    guard let wanted else {
      // The file first: without it nobody looks at the sidecar.
      try remove(url)
      try remove(json)
      return
    }
    var sidecar: [UInt8]?
    if let hash = wanted.sidecar, hash != now?.sidecar {
      sidecar = keptSidecar(hash, of: wanted.file)
      if sidecar == nil { throw gone(Sidecar.url(of: LabelVersion.url(of: url, wanted.file))) }
    }
    if wanted.file != now?.file {
      let version = LabelVersion.url(of: url, wanted.file)
      guard let bytes = try? FileBytes.read(version), SHA256.hexDigest(of: bytes) == wanted.file
      else { throw gone(version) }
      try AtomicFile.write(bytes, to: url)
    }
    if let sidecar { try AtomicFile.write(sidecar, to: json) }
    if wanted.sidecar == nil { try remove(json) }
  }

  /// The latest person who corrected what has the name by hand, as the sidecar tells.
  func lastHand() -> (author: String, date: String?)? {
    let sidecar = try? Provenance.read(json)
    guard let entry = (sidecar?["GeneratedBy"] as? [Any])?.last as? [String: Any],
      entry["Name"] as? String == "Manual", let author = entry["Author"] as? String
    else { return nil }
    return (author.cleaned(limit: 60), (entry["Date"] as? String)?.cleaned(limit: 19))
  }

  // MARK: What is kept

  /// A sidecar of a version: beside it, or, where that name is another's, named by its own hash.
  private func keptSidecar(_ hash: String, of file: String) -> [UInt8]? {
    let version = LabelVersion.url(of: url, file)
    for place in [Sidecar.url(of: version), sidecar(hash, beside: version)] {
      if let bytes = try? FileBytes.read(place), SHA256.hexDigest(of: bytes) == hash {
        return bytes
      }
    }
    return nil
  }

  /// The place of a sidecar under its own hash: "..._label-SC_seg.1a2b3c4d5e6f7a8b.8b7a6f5e4d3c2b1a.json".
  private func sidecar(_ hash: String, beside file: URL) -> URL {
    let first = Sidecar.url(of: file)
    let name = "\(first.lastPathComponent.dropLast(".json".count)).\(hash.prefix(16)).json"
    return first.deletingLastPathComponent().appendingPathComponent(name)
  }

  /// Keeps a sidecar that has no file, under its own hash.
  private func keepStraySidecar() throws {
    guard Self.isThere(json) else { return }
    let bytes = try FileBytes.read(json)
    let place = sidecar(SHA256.hexDigest(of: bytes), beside: url)
    if !Self.isThere(place) { try AtomicFile.write(bytes, to: place) }
  }

  private func remove(_ file: URL) throws {
    if unlink(file.path) != 0 {
      let why = errno
      guard why == ENOENT else {
        throw LibraryError.cannotWrite(file.path, String(cString: strerror(why)))
      }
      return
    }
    try SharedFolder.sync(file.deletingLastPathComponent())
  }

  private func gone(_ file: URL) -> EditRefusal {
    EditRefusal("its version \(file.lastPathComponent.cleaned(limit: 200)) is gone or was changed")
  }

  private static func isThere(_ file: URL) -> Bool {
    FileManager.default.fileExists(atPath: file.path)
  }
}
