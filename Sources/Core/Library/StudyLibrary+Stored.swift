internal import Foundation
internal import Imaging

extension StudyLibrary {
  /// A stored detection with one of its maps.
  struct StoredResult {
    var detection: DetectionFile.Contents
    /// The map, or `nil` where there is none or none that belongs to the detection.
    var map: ImageVolume?
    /// Why a map that the detection should have is not there, in words.
    var problem: String?
  }

  /// The stored detection of a study and a map that was made with it, or `nil` before detection.
  ///
  /// Another program may be replacing both at this moment. A map whose hash is not the one that the
  /// detection states is never returned: both are then read again while no writer is at work.
  /// - Throws: `ReadError` when the detection is damaged.
  func stored(
    _ kind: DerivativeMaps.Kind, of study: LibraryStudy
  ) throws -> StoredResult? {
    let result = try pair(kind, of: study, fresh: false)
    if let result, result.problem == nil { return result }
    let lock = FolderLock(readingIn: root.appendingPathComponent("derivatives/cordscope"))
    defer { lock?.release() }
    return try pair(kind, of: study, fresh: true)
  }

  /// One reading of a detection, then of its map.
  private func pair(
    _ kind: DerivativeMaps.Kind, of study: LibraryStudy, fresh: Bool
  ) throws -> StoredResult? {
    guard let contents = try detection(of: study, fresh: fresh) else { return nil }
    guard let file = study.derivative("\(kind.ending).nii.gz", library: root) else { return nil }
    guard let hashes = contents.detection.mapSha256 else {
      // Stored by a version that did not say which maps are its own.
      let isThere = FileManager.default.fileExists(atPath: file.path)
      return StoredResult(detection: contents, map: isThere ? try NIfTI.read(file).volume : nil)
    }
    guard let hash = hashes[kind.rawValue] else { return StoredResult(detection: contents) }
    let bytes: [UInt8]
    do { bytes = try FileBytes.read(file) } catch {
      return StoredResult(detection: contents, problem: "\(error)")
    }
    guard SHA256.hexDigest(of: bytes) == hash else {
      return StoredResult(
        detection: contents,
        problem: "\(file.lastPathComponent) is not the \(kind.rawValue) map of the detection")
    }
    let map = try NIfTI.decode(bytes, path: file.path).volume
    return StoredResult(detection: contents, map: map)
  }

  /// Whether a map file that a stored detection names is missing.
  func lacksMaps(_ study: LibraryStudy, _ stored: DetectionDigest) -> Bool {
    DerivativeMaps.Kind.allCases.contains { kind in
      guard stored.mapKinds?.contains(kind.rawValue) == true,
        let file = study.derivative("\(kind.ending).nii.gz", library: root)
      else { return false }
      return !FileManager.default.fileExists(atPath: file.path)
    }
  }
}
