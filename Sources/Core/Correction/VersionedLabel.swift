internal import Foundation
internal import Imaging

/// The name of a label file and of its sidecar, under which one version takes the place of another.
///
/// What has the name is kept beside it first, named by its hash, and nothing that is kept is ever written
/// over. Each file is written whole and renamed: whoever finds the one without the other, after a kill, knows
/// by the hashes what is left to do. A sidecar that names its label comes first, as it tells nothing until
/// that is there; before one that does not, as former versions wrote them, comes the label.
struct VersionedLabel {
  /// What a name holds: the SHA-256 of the file, and of its sidecar where it has one.
  struct Contents: Equatable {
    var file: String
    var sidecar: String?
  }

  /// What had the name before a new file took it, with all that gives it its name back.
  struct Former {
    /// What had the name; `nil` where no file had.
    let contents: Contents?
    /// The sidecar itself, also one that had no file; `nil` where there was none.
    fileprivate let sidecar: [UInt8]?
  }

  /// The label file.
  let url: URL

  /// Its sidecar.
  var json: URL { Sidecar.url(of: url) }

  /// The sidecar that tells of what has the name: its own, unless that names another file, as a kill between
  /// the two leaves it. Then it is that of the version, which was kept before; it may have none.
  var telling: URL {
    guard let named = try? Provenance.text(Sidecar.describes, in: json),
      let hash = try? SHA256.hexDigest(ofFile: url), named != hash
    else { return json }
    let kept = version(hash)
    guard (try? SHA256.hexDigest(ofFile: kept)) == hash else { return json }
    return Sidecar.url(of: kept)
  }

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
    let kept = version(now.file)
    let isNew = link(url.path, kept.path) == 0
    if !isNew {
      let why = errno
      guard why == EEXIST else {
        throw LibraryError.cannotWrite(kept.path, String(cString: strerror(why)))
      }
      guard try SHA256.hexDigest(ofFile: kept) == now.file else {
        throw LibraryError.cannotWrite(kept.path, "another file has the name of this version")
      }
    }
    if let hash = now.sidecar, keptSidecar(hash, of: now.file) == nil {
      let first = Sidecar.url(of: kept)
      let bytes = try FileBytes.read(json)
      // A kill kept its file from coming: it is not that of a version without one.
      let isOfAnother = !isNew && Self.described(by: bytes).map { $0 != now.file } ?? false
      try AtomicFile.write(
        bytes, to: isOfAnother || Self.isThere(first) ? sidecar(hash, beside: kept) : first)
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
      if sidecar == nil { throw gone(Sidecar.url(of: version(wanted.file))) }
    }
    var file: [UInt8]?
    if wanted.file != now?.file {
      let kept = version(wanted.file)
      guard let bytes = try? FileBytes.read(kept), SHA256.hexDigest(of: bytes) == wanted.file
      else { throw gone(kept) }
      file = bytes
    }
    let isNamed = sidecar.map { Self.described(by: $0) == wanted.file } ?? false
    if isNamed, let sidecar { try AtomicFile.write(sidecar, to: json) }
    if let file { try AtomicFile.write(file, to: url) }
    if !isNamed, let sidecar { try AtomicFile.write(sidecar, to: json) }
    if wanted.sidecar == nil { try remove(json) }
  }

  /// Keeps what has the name before a new file takes it; it keeps the name, too, until then.
  ///
  /// - Throws: `LibraryError.cannotWrite`, `ReadError`, `WriteError`.
  func keepBeforeNew() throws -> Former {
    let sidecar: [UInt8]? = Self.isThere(json) ? try FileBytes.read(json) : nil
    return Former(contents: try keep(), sidecar: sidecar)
  }

  /// Gives the former file its name back: the new one could not be put in place with all that belongs to
  /// it. Of the new one nothing is kept.
  func restore(_ former: Former) {
    if let hash = former.contents?.file {
      // Through a second name, so that the version stays, too, and no byte need be written on a full disk.
      let name = url.deletingLastPathComponent().appendingPathComponent(
        ".\(url.lastPathComponent).\(getpid())")
      // A killed program of this number may have left it.
      unlink(name.path)
      if link(version(hash).path, name.path) == 0 {
        rename(name.path, url.path)
        // Where both names were the same file already, the rename has left both.
        unlink(name.path)
      }
    } else {
      unlink(url.path)
    }
    if let sidecar = former.sidecar {
      if (try? FileBytes.read(json)) != sidecar { try? AtomicFile.write(sidecar, to: json) }
    } else {
      unlink(json.path)
    }
    try? SharedFolder.sync(url.deletingLastPathComponent())
  }

  /// The latest person who corrected what has the name by hand, as the sidecar tells.
  func lastHand() -> (author: String, date: String?)? {
    let sidecar = try? Provenance.read(telling)
    guard let entry = (sidecar?["GeneratedBy"] as? [Any])?.last as? [String: Any],
      entry["Name"] as? String == "Manual", let author = entry["Author"] as? String
    else { return nil }
    return (author.cleaned(limit: 60), (entry["Date"] as? String)?.cleaned(limit: 19))
  }

  /// Where the file of a hash lies: under the name, or kept as a version; `nil` where it is not there as it
  /// was.
  func place(of hash: String) -> URL? {
    guard CorrectionOrigin.isHash(hash) else { return nil }
    return [url, version(hash)].first { (try? SHA256.hexDigest(ofFile: $0)) == hash }
  }

  /// The sidecar that a file of a hash had, under the name or kept; `nil` where it is not there as it was.
  func sidecar(_ hash: String, describing file: String) -> [UInt8]? {
    guard CorrectionOrigin.isHash(hash), CorrectionOrigin.isHash(file) else { return nil }
    if let now = try? FileBytes.read(json), SHA256.hexDigest(of: now) == hash { return now }
    return keptSidecar(hash, of: file)
  }

  /// Whether a file lies beside the name, and is not what has it.
  func isVersion(_ file: URL) -> Bool {
    file.path != url.path
      && file.deletingLastPathComponent().path == url.deletingLastPathComponent().path
      && file.lastPathComponent.hasPrefix(versionStart)
  }

  /// The files that are kept as versions and are as they were, the one written last first.
  func versions() -> [URL] {
    let (start, ending) = (versionStart, ".nii.gz")
    let folder = url.deletingLastPathComponent()
    let kept = FolderEntries.names(folder.path).sorted().filter { name in
      guard name.hasPrefix(start), name.hasSuffix(ending) else { return false }
      let hash = String(name.dropFirst(start.count).dropLast(ending.count))
      guard HashText.isHash(hash, digits: 16...16) else { return false }
      let file = folder.appendingPathComponent(name)
      return (try? SHA256.hexDigest(ofFile: file))?.hasPrefix(hash) == true
    }.map { (url: folder.appendingPathComponent($0), name: $0) }
    return kept.sorted { a, b in
      guard let first = FileTime(written: a.url), let second = FileTime(written: b.url),
        first != second
      else { return a.name < b.name }
      return first > second
    }.map(\.url)
  }

  // MARK: What is kept

  /// How the names of versions begin: "sub-01_T2w_label-SC_seg.".
  private var versionStart: String { "\(url.lastPathComponent.dropLast(".nii.gz".count))." }

  /// The name of a version: "sub-01_T2w_label-SC_seg.1a2b3c4d5e6f7a8b.nii.gz".
  private func version(_ hash: String) -> URL {
    let ending = ".nii.gz"
    let name = "\(url.lastPathComponent.dropLast(ending.count)).\(hash.prefix(16))\(ending)"
    return url.deletingLastPathComponent().appendingPathComponent(name)
  }

  /// A sidecar of a version: beside it, or, where that name is another's, named by its own hash.
  private func keptSidecar(_ hash: String, of file: String) -> [UInt8]? {
    let kept = version(file)
    for place in [Sidecar.url(of: kept), sidecar(hash, beside: kept)] {
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

  /// The hash of the label that a sidecar names; `nil` where it names none.
  private static func described(by sidecar: [UInt8]) -> String? {
    let object = (try? JSONSerialization.jsonObject(with: Data(sidecar))) as? [String: Any]
    return object?[Sidecar.describes] as? String
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
