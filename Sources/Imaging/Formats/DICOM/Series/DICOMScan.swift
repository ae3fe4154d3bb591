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
      /// It has the identity of another object, and other pixels.
      case conflict
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
  /// The files that are part of none, in the order given; then those that share another's identity.
  public let skipped: [Skipped]
  /// What is doubtful about the encoding of files, one line for each kind with how many files have it.
  public let notes: [String]

  /// Reads the headers of files and sorts them into series.
  ///
  /// A series is split where slices differ in patient, study, size, direction, spacing, echo time, stack
  /// or temporal position; where slices lie at the same place, by acquisition number or image type, if
  /// that tells them apart; and, unless it is sagittal, where groups of slices lie apart.
  /// A file with the SOP Instance UID of another is dropped as its copy when the pixels are the same;
  /// otherwise the series has no volume, and `skipped` names both.
  /// - Parameter isCancelled: asked before each file; `true` ends the reading.
  public init(files: [URL], isCancelled: () -> Bool = { false }) {
    var instances: [DICOMInstance] = []
    var skipped: [Skipped] = []
    var tally = FindingTally()
    for url in files {
      if isCancelled() { break }
      var reason = Skipped.Reason.damaged
      do {
        let file = try DICOMFile.read(url, headerOnly: true)
        reason = file.isDirectory ? .directory : .noImage
        tally.add(file.findings)
        instances.append(try DICOMInstance(file, at: url))
      } catch {
        let readError =
          error as? ReadError ?? ReadError(path: url.path, problem: "cannot be read: \(error)")
        if readError == DICOMFile.notDICOM(url.path) { reason = .notDICOM }
        skipped.append(Skipped(url: url, reason: reason, error: readError))
      }
    }
    notes = tally.lines
    let copies = Dictionary(grouping: instances, by: Self.owner).values.map {
      DICOMCopies($0.sorted { $0.url.path < $1.url.path }, isCancelled: isCancelled)
    }
    self.skipped = skipped + copies.flatMap(\.skipped).sorted { $0.url.path < $1.url.path }
    series = copies.flatMap(Self.stacks)
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

  /// What files of one series share. Archives that give one UID to all, or a wrong one, must not put two
  /// patients into one volume; names are written in many ways and count where there is no number.
  private static func owner(_ instance: DICOMInstance) -> [String] {
    let (patient, description) = (instance.patient, instance.description)
    return [
      description.seriesUID ?? instance.url.path, description.studyUID ?? "",
      patient.birthDate ?? "",
      patient.id.map { "id \($0)" } ?? patient.name.map { "name \($0)".lowercased() } ?? "",
    ]
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
  private static func stacks(_ copies: DICOMCopies) -> [DICOMSeries] {
    let instances = copies.instances
    let unique = instances.flatMap(\.slices)
    var notes = copies.findings
    guard let parallel = parallel(unique) else {
      notes.append(
        DICOMFinding(
          .taken, .error,
          "its slices have more than \(DICOMLimits.stacks) directions, sizes or echoes: it is no series"
        ))
      return [
        DICOMSeries(
          instances, slices: unique, part: (0, 1), notes: notes, copies: copies.copyCount)
      ]
    }
    let groups = parallel.flatMap(withoutDuplicates)
    let directions = directions(parallel)
    if directions.count > 1 { notes.append(mixed(directions)) }
    if groups.count > max(directions.count, 1) {
      notes.append(
        DICOMFinding(
          .taken, .note,
          "the series holds \(groups.count) stacks of different directions, sizes, echoes or "
            + "acquisitions, each taken by itself"))
    }
    let parts = groups.flatMap { group in
      let blocks = blocks(group)
      return blocks.map { (slices: $0, ofSame: blocks.count) }
    }
    return parts.enumerated().map { index, one in
      let apart = one.ofSame > 1 ? [apart(one.ofSame)] : []
      return DICOMSeries(
        instances, slices: one.slices, part: (index, parts.count), notes: notes + apart,
        copies: index == 0 ? copies.copyCount : 0)
    }
  }

  /// The slices of each direction, those without a place left out, in the order of their first ones.
  private static func directions(_ groups: [[DICOMSlice]]) -> [[DICOMSlice]] {
    var result: [[DICOMSlice]] = []
    for group in groups {
      guard let plane = group.first?.plane else { continue }
      let known = result.firstIndex { $0.first?.plane?.hasDirection(of: plane) == true }
      if let known { result[known] += group } else { result.append(group) }
    }
    return result
  }

  /// Directions that are named; the others are counted.
  private static let namedDirections = 4

  /// Says how many slices of a series lie how, those with most slices first.
  private static func mixed(_ directions: [[DICOMSlice]]) -> DICOMFinding {
    let sorted = directions.enumerated().sorted {
      (-$0.element.count, $0.offset) < (-$1.element.count, $1.offset)
    }.map(\.element)
    let names = sorted.prefix(namedDirections).compactMap { group in
      group.first?.plane.map { "\(group.count) \(DICOMOrientation(normal: $0.normal).rawValue)" }
    }
    let more = sorted.count - names.count
    return DICOMFinding(
      .directions, .note,
      "its slices lie in \(sorted.count) directions (\(names.joined(separator: ", "))"
        + (more > 0 ? " and \(more) more" : "") + "), each taken by itself")
  }

  private static func apart(_ count: Int) -> DICOMFinding {
    DICOMFinding(
      .gap, .note,
      "its slices lie in \(count) groups with gaps between them, each a volume by itself")
  }

  /// Groups of slices that can lie in one stack, in the order of their first slices; `nil` when there
  /// are more than any scanner makes.
  private static func parallel(_ slices: [DICOMSlice]) -> [[DICOMSlice]]? {
    var groups: [[DICOMSlice]] = []
    for slice in slices {
      guard groups.count <= DICOMLimits.stacks else { return nil }
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

  /// A group as it is, or parted where slices lie apart, as axial ones at the discs do.
  ///
  /// A sagittal stack stays whole: where a slice of it is missing, half a neck would be mistaken for
  /// one.
  private static func blocks(_ group: [DICOMSlice]) -> [[DICOMSlice]] {
    guard let normal = group.first?.plane?.normal, DICOMOrientation(normal: normal) != .sagittal
    else { return [group] }
    let sorted = group.map { (place: DICOMStack.distance($0, normal), slice: $0) }
      .sorted { $0.place < $1.place }
    let steps = zip(sorted, sorted.dropFirst()).map { $1.place - $0.place }
    let apart = steps.filter { $0 > DICOMStack.sameplaceMM }.sorted()
    guard let least = apart.first, let most = apart.last else { return [group] }
    let median = apart[apart.count / 2]
    // Gaps are counted from the distance inside the groups, which is that of most slices.
    guard median < 1.5 * least, most >= 1.5 * median else { return [group] }
    var result: [[DICOMSlice]] = []
    for (n, item) in sorted.enumerated() {
      if n == 0 || steps[n - 1] >= 1.5 * median { result.append([]) }
      result[result.count - 1].append(item.slice)
    }
    return result.count <= DICOMLimits.stacks ? result : [group]
  }
}

/// How many files have which doubt about their encoding.
private struct FindingTally {
  private var counts: [String: Int] = [:]
  private var order: [String] = []

  /// Kinds that are told apart, and those that are said.
  private static let (most, said) = (1000, 5)

  mutating func add(_ findings: [HeaderFinding]) {
    for text in Set(findings.map { "\($0.field) \($0.problem)" }) {
      if counts[text] == nil {
        guard order.count < Self.most else { continue }
        order.append(text)
      }
      counts[text, default: 0] += 1
    }
  }

  /// The commonest first.
  var lines: [String] {
    let sorted = order.sorted { (-(counts[$0] ?? 0), $0) < (-(counts[$1] ?? 0), $1) }
    var lines = sorted.prefix(Self.said).map { text in
      let count = counts[text] ?? 0
      return "\(count) \(count == 1 ? "file" : "files"): \(text.cleaned(limit: 500))"
    }
    if order.count > Self.said {
      lines.append("\(order.count - Self.said) more kinds of doubtful encoding")
    }
    return lines
  }
}
