internal import Foundation

/// Tells copies of a file from objects that wrongly share an identity.
///
/// The same object twice is a copy, not another slice: it is dropped when its stored pixels are the same.
/// Where they differ nobody knows which are the patient's, and the series is not used.
struct DICOMCopies {
  /// The instances without copies, in the order given.
  private(set) var instances: [DICOMInstance] = []
  /// What was found of copies and of objects that are none.
  private(set) var findings: [DICOMFinding] = []
  /// How many files were dropped as copies of others.
  private(set) var copyCount = 0
  /// Files that share an object's identity and not its pixels, and copies whose pixels cannot be had.
  private(set) var skipped: [DICOMScan.Skipped] = []

  /// Looks at the instances of one series. Pixels are read only where an identity comes twice.
  ///
  /// - Parameter isCancelled: asked before files are compared; `true` ends the comparing.
  init(_ given: [DICOMInstance], isCancelled: () -> Bool = { false }) {
    var places: [String: Int] = [:]
    var conflicts = 0
    for instance in given {
      let identity = Self.identity(instance)
      guard let identity, let place = places[identity] else {
        if let identity { places[identity] = instances.count }
        instances.append(instance)
        continue
      }
      if isCancelled() { continue }
      let known = instances[place]
      switch Self.compare(known, instance) {
      case .same: copyCount += 1
      case .unreadable(.second, let error):
        skipped.append(.init(url: instance.url, reason: .damaged, error: error))
      case .unreadable(.first, let error):
        skipped.append(.init(url: known.url, reason: .damaged, error: error))
        instances[place] = instance
      case .different:
        conflicts += 1
        skipped.append(
          .init(
            url: instance.url, reason: .conflict, error: Self.conflict(instance.url, known.url)))
      }
    }
    if copyCount > 0 {
      findings.append(
        DICOMFinding(
          .duplicates, .note,
          copyCount == 1
            ? "1 file is a copy of another" : "\(copyCount) files are copies of others"))
    }
    if conflicts > 0 {
      findings.append(
        DICOMFinding(
          .conflict, .error,
          "\(conflicts) \(conflicts == 1 ? "file has" : "files have") the SOP Instance UID of another, "
            + "but other pixels: nobody knows which are right, so that the series is not used"))
    }
  }

  /// What only copies of an object share: its UID, and its place, as some archives give all one UID.
  private static func identity(_ instance: DICOMInstance) -> String? {
    guard let first = instance.slices.first, let uid = first.instanceUID else { return nil }
    let place = first.plane.map { "\($0.position)" } ?? ""
    return "\(uid) \(instance.slices.count) \(instance.number) \(place)"
  }

  private static func conflict(_ second: URL, _ first: URL) -> ReadError {
    ReadError(
      path: second.path, field: DICOMTag.sopInstanceUID.description,
      problem: "is that of \(first.path), but the pixels differ",
      advice: "keep the right one of the two, or have the series sent again")
  }

  // MARK: - Pixels

  private enum Comparison {
    enum Which { case first, second }
    case same, different
    /// One of them has pixels that can be had, the other has not.
    case unreadable(Which, ReadError)
  }

  /// Compares files byte by byte, then their values: one object may be compressed in two ways.
  private static func compare(_ a: DICOMInstance, _ b: DICOMInstance) -> Comparison {
    if let first = try? SHA256.hexDigest(ofFile: a.url),
      first == (try? SHA256.hexDigest(ofFile: b.url))
    {
      return .same
    }
    switch (Result { try values(of: a) }, Result { try values(of: b) }) {
    case (.success(let first), .success(let second)): return first == second ? .same : .different
    case (.success, .failure(let error)): return .unreadable(.second, readError(error, b.url))
    case (.failure(let error), .success): return .unreadable(.first, readError(error, a.url))
    case (.failure(let first), .failure(let second)):
      return compareStored(a, b, readError(first, a.url), readError(second, b.url))
    }
  }

  /// Compares what is stored of pixels that cannot be decoded.
  ///
  /// Where neither object has any, there are none that could differ: the first is kept, and gives no volume.
  private static func compareStored(
    _ a: DICOMInstance, _ b: DICOMInstance, _ first: ReadError, _ second: ReadError
  ) -> Comparison {
    switch (Result { try bytes(of: a) }, Result { try bytes(of: b) }) {
    case (.success(nil), .success(nil)): .same
    case (.success(nil), .success): .unreadable(.first, first)
    case (.success, .success(nil)): .unreadable(.second, second)
    case (.success(let first), .success(let second)): first == second ? .same : .different
    case (.failure, _), (_, .failure): .different
    }
  }

  private static func readError(_ error: any Error, _ url: URL) -> ReadError {
    error as? ReadError ?? ReadError(path: url.path, problem: "cannot be read: \(error)")
  }

  /// The hash of the stored values of the frames, and how they are rescaled.
  ///
  /// - Throws: `ReadError` when the pixels are missing, damaged, or not decoded here.
  private static func values(of instance: DICOMInstance) throws -> String {
    let file = try DICOMFile.read(instance.url)
    var hash = SHA256()
    for slice in instance.slices {
      let head = "\(slice.rows) \(slice.columns) \(slice.slope) \(slice.intercept) "
      hash.update(Array(head.utf8))
    }
    try file.forEachFrame(instance.slices.map(\.frame)) { _, frame in
      frame.values.withUnsafeBytes { hash.update($0) }
    }
    return hash.hexDigest()
  }

  /// The hash of the bytes that the pixels are stored in; `nil` where there are none.
  ///
  /// - Throws: `ReadError` when the file cannot be read, or its pixels are a sequence.
  private static func bytes(of instance: DICOMInstance) throws -> String? {
    let set = try DICOMFile.read(instance.url).dataSet
    var hash = SHA256()
    switch set[.pixelData]?.content {
    case .bytes(let range): hash.update(Array(set.bytes[range]))
    case .fragments(let parts): for part in parts { hash.update(Array(set.bytes[part])) }
    case .items: throw set.error(.pixelData, "is a sequence; this is no image")
    case nil: return nil
    }
    return hash.hexDigest()
  }
}
