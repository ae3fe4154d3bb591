public import Foundation

/// All series among some files, and the files that are part of none.
public struct DICOMScan: Sendable {
  /// A file that is part of no series.
  public struct Skipped: Sendable {
    /// Why.
    public enum Reason: String, Sendable {
      /// It is no DICOM file.
      case notDICOM
      /// It is a DICOMDIR.
      case directory
      /// It is a DICOM object, but no grey image that is read here.
      case noImage
      /// It cannot be read, or is damaged.
      case damaged
    }

    /// The file.
    public let url: URL
    /// Why.
    public let reason: Reason
    /// What to tell.
    public let error: ReadError
  }

  /// The series by study, series number and part.
  public let series: [DICOMSeries]
  /// The files that are part of none, in the order given.
  public let skipped: [Skipped]

  /// Reads the headers of files and sorts them into series.
  ///
  /// A series is split where slices differ in size, direction, spacing, echo time, stack or temporal
  /// position; and where slices lie at the same place, by acquisition number or image type, if that
  /// tells them apart.
  /// - Parameter isCancelled: asked before each file; `true` ends the reading.
  public init(files: [URL], isCancelled: () -> Bool = { false }) {
    var instances: [DICOMInstance] = []
    var skipped: [Skipped] = []
    for url in files {
      if isCancelled() { break }
      var reason = Skipped.Reason.damaged
      do {
        let file = try DICOMFile.read(url, headerOnly: true)
        reason = file.isDirectory ? .directory : .noImage
        instances.append(try DICOMInstance(file, at: url))
      } catch {
        let readError =
          error as? ReadError ?? ReadError(path: url.path, problem: "cannot be read: \(error)")
        if readError == DICOMFile.notDICOM(url.path) { reason = .notDICOM }
        skipped.append(Skipped(url: url, reason: reason, error: readError))
      }
    }
    self.skipped = skipped
    series = Dictionary(grouping: instances) { $0.description.seriesUID ?? $0.url.path }
      .values.flatMap(Self.stacks)
      .sorted { Self.key($0).lexicographicallyPrecedes(Self.key($1)) }
  }

  /// The files at a path: a folder with all below it, the files that a DICOMDIR names, or one file.
  ///
  /// Hidden files and what is no regular file are left out; links are not followed.
  /// - Throws: `ReadError` when the path cannot be read or a DICOMDIR is damaged.
  public static func files(at url: URL) throws -> [URL] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
      throw ReadError(path: url.path, problem: "is not there", advice: "check the path")
    }
    guard isFolder.boolValue else {
      if let file = try? DICOMFile.read(url, headerOnly: true), file.isDirectory {
        return try DICOMDirectory(file, at: url).files
      }
      return [url]
    }
    let keys: [URLResourceKey] = [.isRegularFileKey, .isSymbolicLinkKey]
    guard
      let walk = FileManager.default.enumerator(
        at: url, includingPropertiesForKeys: keys, options: [.skipsHiddenFiles])
    else { throw ReadError(path: url.path, problem: "cannot be listed") }
    var result: [URL] = []
    for case let file as URL in walk {
      let values = try? file.resourceValues(forKeys: Set(keys))
      if values?.isRegularFile == true, values?.isSymbolicLink != true { result.append(file) }
    }
    return result.sorted { $0.path < $1.path }
  }

  private static func key(_ series: DICOMSeries) -> [String] {
    let number = String(series.description.seriesNumber ?? 0)
    let padded = String(repeating: "0", count: max(0, 12 - number.count)) + number
    return [
      series.description.studyUID ?? "", padded, series.description.seriesUID ?? "",
      String(format: "%06d", series.part.index),
    ]
  }

  // MARK: - Stacks

  /// The stacks of one series.
  private static func stacks(_ instances: [DICOMInstance]) -> [DICOMSeries] {
    var notes: [DICOMFinding] = []
    var seen: Set<String> = []
    var copies = 0
    // The same object twice is a copy of the file, not another slice.
    let unique = instances.sorted { $0.url.path < $1.url.path }.flatMap { instance in
      guard let uid = instance.slices.first?.instanceUID, !seen.insert(uid).inserted else {
        return instance.slices
      }
      copies += 1
      return []
    }
    if copies > 0 {
      notes.append(
        DICOMFinding(
          .duplicates, .note,
          copies == 1 ? "1 file is a copy of another" : "\(copies) files are copies of others"))
    }
    let groups = parallel(unique).flatMap(withoutDuplicates)
    if groups.count > 1 {
      notes.append(
        DICOMFinding(
          .taken, .note,
          "the series holds \(groups.count) stacks of different directions, sizes, echoes or "
            + "acquisitions, each taken by itself"))
    }
    return groups.enumerated().map { index, slices in
      DICOMSeries(instances, slices: slices, part: (index, groups.count), notes: notes)
    }
  }

  /// Groups of slices that can lie in one stack, in the order of their first slices.
  private static func parallel(_ slices: [DICOMSlice]) -> [[DICOMSlice]] {
    var groups: [[DICOMSlice]] = []
    for slice in slices {
      let match = groups.firstIndex { group in
        guard let first = group.first else { return false }
        return canShareStack(first, slice)
      }
      if let match { groups[match].append(slice) } else { groups.append([slice]) }
    }
    return groups
  }

  private static func canShareStack(_ a: DICOMSlice, _ b: DICOMSlice) -> Bool {
    guard a.rows == b.rows, a.columns == b.columns,
      a.acquisition.echoTimeMS == b.acquisition.echoTimeMS,
      a.acquisition.stackID == b.acquisition.stackID,
      a.acquisition.temporalPosition == b.acquisition.temporalPosition
    else { return false }
    guard let first = a.plane, let second = b.plane else { return a.plane == nil && b.plane == nil }
    return first.isParallel(to: second)
  }

  /// A group as it is, or split by acquisition number or image type where that parts slices that lie
  /// at the same place.
  private static func withoutDuplicates(_ group: [DICOMSlice]) -> [[DICOMSlice]] {
    guard DICOMStack.hasDuplicates(group) else { return [group] }
    for key in [
      { "\($0.acquisitionNumber ?? -1)" }, { $0.imageType.joined(separator: "\\") },
    ] as [(DICOMSlice.Acquisition) -> String] {
      let parts = Dictionary(grouping: group) { key($0.acquisition) }
      if parts.count > 1, !parts.values.contains(where: DICOMStack.hasDuplicates) {
        return parts.sorted { $0.key < $1.key }.map(\.value)
      }
    }
    return [group]
  }
}
