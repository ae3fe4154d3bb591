public import Foundation
internal import Imaging

/// Writes what detection made of one study below `derivatives/cordscope`; originals are not touched.
public struct DerivativeWriter: Sendable {
  /// The library's root.
  public let root: URL

  /// Makes a writer for a library.
  public init(library root: URL) { self.root = root }

  /// Stores a detection and its maps; a former detection is kept under the start of its hash, and so are the
  /// maps of the first ``keptMaps``.
  ///
  /// All files are first written in full to a hidden folder and then moved into place. The former
  /// detection goes first and the new one comes last, with the hashes of its maps in it: whoever
  /// still holds the former one notices that these maps are not its own.
  /// - Returns: SHA-256 of the detection file.
  /// - Throws: `LibraryError`, `WriteError`, or `ReadError` when a sidecar there is no JSON object.
  @discardableResult
  public func write(
    _ detection: Detection, maps: DerivativeMaps, of study: LibraryStudy
  ) throws -> String {
    guard let stem = study.stem, let image = study.image else {
      throw LibraryError.unusable(subject: study.subject, study.problem ?? "no image")
    }
    let folder = study.derivativeFolder(library: root)
    try SharedFolder.make(folder)
    try describeDataset()
    let hidden = try StagingFolder(in: folder)
    defer { withExtendedLifetime(hidden) {} }
    let staging = hidden.url
    let kinds = try stage(maps, stem: stem, image: image, folder: folder, in: staging)
    var detection = detection
    detection.mapSha256 = try kinds.reduce(into: [:]) { hashes, kind in
      let file = staging.appendingPathComponent(kind.fileName(stem))
      hashes[kind.rawValue] = try SHA256.hexDigest(ofFile: file)
    }
    let bytes = try DetectionFile.encode(detection)
    let current = folder.appendingPathComponent(stem + "_detection.json")
    // Two programs may detect on one study at once: maps and detection must be those of one.
    let lock = try FolderLock(root.appendingPathComponent("derivatives/cordscope"))
    defer { lock.release() }
    try keepMaps(of: current, stem: stem, unless: bytes)
    try retire(current, unless: bytes)
    for kind in DerivativeMaps.Kind.allCases where !kinds.contains(kind) {
      // A map that this detection does not have must not be taken for its own.
      unlink(folder.appendingPathComponent(kind.fileName(stem)).path)
    }
    for name in kinds.flatMap({ [$0.fileName(stem), stem + $0.ending + ".json"] }) {
      let target = folder.appendingPathComponent(name)
      guard rename(staging.appendingPathComponent(name).path, target.path) == 0 else {
        throw LibraryError.cannotWrite(target.path, String(cString: strerror(errno)))
      }
    }
    try AtomicFile.write(bytes, to: current)
    return SHA256.hexDigest(of: bytes)
  }

  /// The file of a former detection, to which reviews may refer by its hash.
  ///
  /// - Returns: `nil` when no version of this hash is kept.
  /// - Throws: `ReadError` when it is damaged.
  public static func version(
    sha256: String, of study: LibraryStudy, library root: URL
  ) throws -> DetectionFile.Contents? {
    for ending in ["_detection.json", versionEnding(sha256)] {
      guard let url = study.derivative(ending, library: root),
        let contents = try DetectionFile.read(url), contents.sha256 == sha256
      else { continue }
      return contents
    }
    return nil
  }

  /// The ending of a former detection's file: the first 16 digits of its hash tell it apart.
  static func versionEnding(_ sha256: String) -> String { "_detection.\(sha256.prefix(16)).json" }

  /// Writes the maps and copies of their sidecars to a folder; returns the kinds there are.
  private func stage(
    _ maps: DerivativeMaps, stem: String, image: String, folder: URL, in staging: URL
  ) throws -> [DerivativeMaps.Kind] {
    var kinds: [DerivativeMaps.Kind] = []
    for kind in DerivativeMaps.Kind.allCases {
      guard let volume = maps.volume(kind) else { continue }
      let name = stem + kind.ending
      try NIfTI.write(
        volume, to: staging.appendingPathComponent(kind.fileName(stem)),
        description: Notice.researchUse)
      let sidecar = staging.appendingPathComponent(name + ".json")
      try? FileManager.default.copyItem(
        at: folder.appendingPathComponent(name + ".json"), to: sidecar)
      let (text, units) = kind.description
      try Provenance.update(
        sidecar,
        set: [
          "Description": .text(text), "Units": .text(units),
          "Sources": .list(["bids:raw:\(image)"]), "Notice": .text(Notice.researchUse),
        ],
        appending: .cordscope("detect"))
      kinds.append(kind)
    }
    return kinds
  }

  /// Moves the current detection to its version's name unless it is the same.
  private func retire(_ current: URL, unless bytes: [UInt8]) throws {
    guard FileManager.default.fileExists(atPath: current.path) else { return }
    let old = try FileBytes.read(current, limit: DetectionFile.largest)
    let stem = current.lastPathComponent.dropLast("_detection.json".count)
    let version = current.deletingLastPathComponent().appendingPathComponent(
      stem + Self.versionEnding(SHA256.hexDigest(of: old)))
    if old != bytes {
      // The same version may lie there already: the former detection was itself a return to it.
      guard link(current.path, version.path) == 0 || errno == EEXIST else {
        throw LibraryError.cannotWrite(version.path, String(cString: strerror(errno)))
      }
    }
    guard unlink(current.path) == 0 else {
      throw LibraryError.cannotWrite(current.path, String(cString: strerror(errno)))
    }
    try SharedFolder.sync(current.deletingLastPathComponent())
  }

  /// Makes the derivative's dataset_description.json, or appends this version to its history.
  func describeDataset() throws {
    try DatasetDescription.write(
      to: root.appendingPathComponent("derivatives/cordscope"), name: "Cordscope",
      isDerivative: true)
  }
}

/// `dataset_description.json` of a dataset or derivative.
enum DatasetDescription {
  /// What this program made is not for diagnosis; BIDS lets a description have further keys.
  private static let notice: [String: Provenance.Value] = ["Notice": .text(Notice.researchUse)]

  /// Makes the file when absent, and appends this program to its `GeneratedBy`; that of a derivative has the
  /// notice of use.
  ///
  /// - Throws: `LibraryError`, `WriteError`, `ReadError`.
  static func write(
    to folder: URL, name: String, isDerivative: Bool, rights: FileRights = .group
  ) throws {
    try SharedFolder.make(folder, rights: rights)
    let url = folder.appendingPathComponent("dataset_description.json")
    if let known = try Provenance.read(url) {
      let entries = known["GeneratedBy"] as? [[String: Any]] ?? []
      let isListed = entries.contains {
        $0["Name"] as? String == "Cordscope" && $0["Version"] as? String == Notice.version
      }
      let isOurs = entries.first?["Name"] as? String == "Cordscope"
      let isNoted = !isOurs || known["Notice"] as? String == Notice.researchUse
      // The description of somebody else's dataset is theirs.
      if (isListed && isNoted) || !isDerivative { return }
      return try Provenance.update(
        url, set: isOurs ? notice : [:], appending: .cordscope(), rights: rights)
    }
    let new: [String: Provenance.Value] = [
      "Name": .text(name), "BIDSVersion": .text("1.9.0"),
      "DatasetType": .text(isDerivative ? "derivative" : "raw"),
    ]
    try Provenance.update(
      url, set: isDerivative ? new.merging(notice) { $1 } : new, appending: .cordscope(),
      rights: rights)
  }
}
