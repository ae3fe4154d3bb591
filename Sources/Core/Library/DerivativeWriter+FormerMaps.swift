internal import Foundation
internal import Imaging

/// The maps of former detections: what the AI showed before labels were corrected stays.
extension DerivativeWriter {
  /// Of how many former detections of a study the maps are kept: the first ones, the AI's own result
  /// before any correction among them. None that is kept is ever removed; of later ones the JSON alone
  /// stays.
  static let keptMaps = 4

  /// Keeps the maps of the current detection under the start of its hash, before others take their names.
  ///
  /// - Parameter bytes: The detection that is to be written; its own maps stay where they are.
  /// - Throws: `ReadError`, `LibraryError.cannotWrite`.
  func keepMaps(of current: URL, stem: String, unless bytes: [UInt8]) throws {
    guard FileManager.default.fileExists(atPath: current.path),
      try FileBytes.read(current, limit: DetectionFile.largest) != bytes,
      let contents = try? DetectionFile.read(current), let hashes = contents.detection.mapSha256
    else { return }
    let folder = current.deletingLastPathComponent()
    var kept = try Self.versions(of: stem, in: folder)
    kept.insert(String(contents.sha256.prefix(16)))
    guard kept.count <= Self.keptMaps else { return }
    for kind in DerivativeMaps.Kind.allCases {
      let map = folder.appendingPathComponent(kind.fileName(stem))
      // What is not this detection's must not be taken for it.
      guard let hash = hashes[kind.rawValue], (try? SHA256.hexDigest(ofFile: map)) == hash else {
        continue
      }
      let version = kind.versionName(stem, of: contents.sha256)
      try keep(map, as: folder.appendingPathComponent(version))
      let sidecar = folder.appendingPathComponent(stem + kind.ending + ".json")
      if FileManager.default.fileExists(atPath: sidecar.path) {
        let name = version.dropLast(".nii.gz".count) + ".json"
        try keep(sidecar, as: folder.appendingPathComponent(String(name)))
      }
    }
  }

  /// The former detections of which maps are kept, by the digits in the names.
  private static func versions(of stem: String, in folder: URL) throws -> Set<String> {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    let kept = names.compactMap { name -> String? in
      guard name.hasPrefix(stem + "_desc-"), name.hasSuffix(".nii.gz") else { return nil }
      let parts = name.dropLast(".nii.gz".count).split(separator: ".")
      return parts.count == 2 && parts[1].count == 16 ? String(parts[1]) : nil
    }
    return Set(kept)
  }

  /// Gives a file a second name that stays when the first goes to another.
  private func keep(_ file: URL, as version: URL) throws {
    if link(file.path, version.path) == 0 || errno == EEXIST { return }
    // Another user's file may not be linked, and some file systems have no links.
    try Self.copy(file, as: version)
  }

  /// Gives a copy of a file a name once it is whole: a part of one would be taken for the map kept.
  ///
  /// - Throws: `LibraryError.cannotWrite`.
  static func copy(_ file: URL, as version: URL) throws {
    let staging = try StagingFolder(in: version.deletingLastPathComponent())
    defer { withExtendedLifetime(staging) {} }
    let whole = staging.url.appendingPathComponent(version.lastPathComponent)
    do { try FileManager.default.copyItem(at: file, to: whole) } catch {
      throw LibraryError.cannotWrite(version.path, "the former map cannot be kept")
    }
    guard rename(whole.path, version.path) == 0 else {
      throw LibraryError.cannotWrite(version.path, String(cString: strerror(errno)))
    }
  }
}
