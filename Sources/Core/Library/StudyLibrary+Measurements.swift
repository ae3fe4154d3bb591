internal import Foundation
internal import Imaging

/// The measurements of a study beside its stored detection.
public struct StudyReport: Sendable {
  /// What was measured.
  public var measurements: CervicalMeasurements
  /// The stored detection, or `nil` before `detect`.
  public var detection: Detection?
  /// What the anatomy network has made of vertebrae that nobody has labelled.
  public var spineSearch = SpineSearch.open
  /// Whether `segment` has looked for vertebrae.
  public enum SpineSearch: Sendable {
    /// It has not, or not beside the labels that are there now.
    case open
    /// It has, and asks the reader for a name.
    case unnamed
    /// It has found no cord, beside which they would be.
    case noCord
  }

  /// Makes a report of its parts.
  public init(measurements: CervicalMeasurements, detection: Detection?) {
    self.measurements = measurements
    self.detection = detection
  }
}

extension StudyLibrary {
  /// Measures a study on the slice that detection chooses, from the labels of the library.
  ///
  /// Lesions are those of a reader's mask (`label-lesion_seg`), else those that the stored detection
  /// flags, each on the slice where it is largest or scores highest; with them stand the readers'
  /// verdicts, and the segments in which a reader sees a lesion that nothing outlines: where an adjudication
  /// is signed those that it decides, else those of any reader. What has no labels has no values, with the
  /// reason.
  /// - Parameter reader: The only reader whose verdicts count; `nil` for all.
  /// - Throws: `LibraryError`, `ReadError` naming the file, `PreparationError`.
  public func report(of study: LibraryStudy, reader: String? = nil) throws -> StudyReport {
    try report(of: study, with: verdicts(of: study, reader: reader))
  }

  /// The same for who asks; a reader is told of others' verdicts what ``othersTold(of:to:only:)`` says.
  /// - Parameters:
  ///   - viewer: who asks; `nil` for who reads nothing in the library.
  ///   - tell: told what the report has of others' readings, before it is made.
  /// - Throws: as ``report(of:reader:)``.
  public func report(
    of study: LibraryStudy, for viewer: ReadingViewer?, tell: (OthersTold) -> Void = { _ in }
  ) throws -> StudyReport {
    let others = othersTold(of: study, to: viewer)
    tell(others)
    return try report(
      of: study, with: verdicts(of: study, telling: others),
      for: lesionSight(of: study, telling: others))
  }

  /// The same with verdicts that are known already, and the lesion mask that a reader may see.
  func report(
    of study: LibraryStudy, with verdicts: Verdicts, for sight: LesionSight = .standing
  ) throws -> StudyReport {
    let found = try segmented(study, for: sight)
    guard var slice = found.slice else {
      return StudyReport(
        measurements: CervicalMeasurements(
          subject: study.subject, image: (study.image ?? "").cleaned(limit: 1000),
          reason: found.reason, quality: found.quality + verdicts.quality),
        detection: found.detection)
    }
    slice.quality += verdicts.quality
    var report = StudyReport(
      measurements: CervicalMeasurements(
        slice, beside: found.lesions.beside, subject: study.subject,
        image: (study.image ?? "").cleaned(limit: 1000),
        verdicts: verdicts.words, confirmed: verdicts.present),
      detection: found.detection)
    report.spineSearch = try spineSearch(study)
    return report
  }

  /// What the anatomy network's record says of a study's vertebrae.
  private func spineSearch(_ study: LibraryStudy) throws -> StudyReport.SpineSearch {
    guard let record = LibrarySegmentation.record(of: study, in: root),
      let found = try Provenance.text(LibrarySegmentation.found, in: record),
      try LibrarySegmentation.isBesideOthers(study, in: self)
    else { return .open }
    return found == LibrarySegmentation.noCord ? .noCord : .unnamed
  }

  /// The slices of a study that are measured.
  struct SegmentedStudy {
    /// The slice that is measured, with its lesions; `nil` for a reason.
    var slice: SegmentedSlice?
    /// The other slices.
    var lesions: LesionSlices
    /// Why there is no slice.
    var reason: String
    /// What a reader must know of the study.
    var quality: [QualityFlag]
    /// The stored detection, or `nil` before `detect`.
    var detection: Detection?
  }

  /// Segments the slice that detection chooses and places the study's lesions.
  /// - Parameters:
  ///   - allSlices: Whether the slices without lesions are prepared, too.
  ///   - sight: Whose lesion mask is placed.
  func segmented(
    _ study: LibraryStudy, allSlices: Bool = false, for sight: LesionSight = .standing
  ) throws -> SegmentedStudy {
    let source = try read(study)
    let volume = source.volume
    var labels = source.labels
    let stored = try stored(.anomaly, of: study)
    let detection = stored?.detection.detection
    var options = PreparationOptions()
    options.coversLongCords = false
    options.neighbours = 0
    let files = labelFiles(of: study, for: sight)
    labels.cordShare = try files[.cord].flatMap {
      try LabelShares.read(behind: $0, shape: volume.shape)
    }
    labels.canalShare = try files[.canal].flatMap {
      try LabelShares.read(behind: $0, shape: volume.shape)
    }
    // A lesion may lie on another slice than the one that is measured.
    options.allSlices =
      allSlices || files[.lesion] != nil
      || detection?.segments.contains(where: \.flagged) == true
    let prepared = try StudyPreparation.prepare(image: volume, labels: labels, options: options)
    // What was found to speak against the study is weighed already.
    labels.quality = []
    let chosen = prepared.scoredSlices.first.map { SegmentedSlice($0, labels: labels) }
    guard var slice = chosen ?? SegmentedSlice(throughBodiesOf: labels, image: volume) else {
      return SegmentedStudy(
        slice: nil, lesions: LesionSlices(prepared, labels: labels),
        reason: prepared.reason ?? "no slice can be chosen", quality: prepared.quality,
        detection: detection)
    }
    slice = slice.withNeighbours(of: labels)
    slice.quality += prepared.quality.filter { !slice.quality.contains($0) }
    slice.sources = Dictionary(
      labelOrigins(of: study, for: sight).map { ($0.role.rawValue, "\($0.file), \($0.maker)") },
      uniquingKeysWith: { "\($0); what that lacks from \($1)" })
    for (role, share) in [(LabelRole.cord, labels.cordShare), (.canal, labels.canalShare)]
    where share != nil {
      slice.sources[role.rawValue]? += ", edges by its probabilities"
    }
    var lesions = LesionSlices(prepared, labels: labels)
    if let file = files[.lesion] {
      let mask = try LabelReading.mask(file, shape: volume.shape, affine: volume.affine)
      lesions.place(mask.lesions(inPartitionsOf: volume), on: &slice)
    } else if let detection {
      if isOutdated(study) {
        slice.quality.append(.detectionOutdated)
      }
      lesions.place(detection, map: stored?.map, on: &slice)
    }
    return SegmentedStudy(
      slice: slice, lesions: lesions, reason: "", quality: prepared.quality, detection: detection)
  }
}

extension SegmentedSlice {
  /// The slice through the middle of the labelled bodies, for a study without a cord mask: alignment
  /// and heights need none. `nil` with a cord, without bodies, or where the image is not sagittal.
  init?(throughBodiesOf labels: StudyLabels, image: ImageVolume) {
    guard labels.cord == nil, let spine = labels.spine, let stack = SagittalStack(image),
      PlaneCheck.fault(image.affine, stack) == nil
    else { return nil }
    let centres = LabelledBodies.centres(spine, line: nil).centres.filter { $0.key > .c1 }.values
    guard !centres.isEmpty else { return nil }
    let middle = centres.reduce(SIMD3<Double>.zero, +) / Double(centres.count)
    let index = stack.slice(nearestTo: middle)
    let grid = stack.grid(slice: index, centredOn: middle)
    let sampled = image.resampled(on: grid)
    self.init(
      index: index, grid: grid, labels: labels, image: sampled.raster, covered: sampled.covered)
    quality.append(
      QualityFlag(
        "slice-by-bodies",
        "There is no cord mask: the slice through the middle of the bodies was measured."))
  }
}
