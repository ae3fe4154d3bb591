internal import Foundation
internal import Imaging

/// The measurements of a study beside its stored detection.
public struct StudyReport: Sendable {
  /// What was measured.
  public var measurements: CervicalMeasurements
  /// The stored detection, or `nil` before `detect`.
  public var detection: Detection?

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
  /// flags. What has no labels has no values, with the reason.
  /// - Throws: `LibraryError`, `ReadError` naming the file, `PreparationError`.
  public func report(of study: LibraryStudy) throws -> StudyReport {
    let source = try read(study)
    let volume = source.volume
    var labels = source.labels
    let stored = try stored(.anomaly, of: study)
    let detection = stored?.detection.detection
    var options = PreparationOptions()
    options.coversLongCords = false
    options.neighbours = 0
    let prepared = try StudyPreparation.prepare(image: volume, labels: labels, options: options)
    // What was found to speak against the study is weighed already.
    labels.quality = []
    let image = (study.image ?? "").cleaned(limit: 1000)
    let chosen = prepared.scoredSlices.first.map { SegmentedSlice($0, labels: labels) }
    guard var slice = chosen ?? SegmentedSlice(throughBodiesOf: labels, image: volume) else {
      return StudyReport(
        measurements: CervicalMeasurements(
          subject: study.subject, image: image, reason: prepared.reason ?? "no slice can be chosen",
          quality: prepared.quality), detection: detection)
    }
    slice.quality += prepared.quality.filter { !slice.quality.contains($0) }
    let files = labelFiles(of: study)
    slice.sources = Dictionary(
      labelOrigins(of: study).map { ($0.role.rawValue, "\($0.file), \($0.maker)") },
      uniquingKeysWith: { "\($0); what that lacks from \($1)" })
    if let file = files[.lesion] {
      let mask = try LabelReading.mask(file, shape: volume.shape, affine: volume.affine)
      let raster = mask.resampled(on: slice.grid).raster.map { $0 != 0 }
      slice.lesions = SliceLesion.components(of: raster)
      slice.flagged = []
    } else if let detection {
      if isOutdated(study) {
        slice.quality.append(
          QualityFlag(
            "detection-outdated", "Image or labels changed after the detection: run detect again."))
      }
      slice.take(detection, map: stored?.map)
    }
    return StudyReport(
      measurements: CervicalMeasurements(slice, subject: study.subject, image: image),
      detection: detection)
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

  /// Takes over what a detection flags, with the pixels of its map over the map's threshold.
  mutating func take(_ detection: Detection, map: ImageVolume?) {
    guard detection.patient.assessable else { return }
    flagged = Set(detection.flaggedSegments)
    var runs: [ClosedRange<Int>] = []
    var isElsewhere = false
    for segment in detection.segments where segment.flagged {
      guard let from = detection.slices.first(where: { $0.index == segment.sliceIndex }),
        let rows = Self.run(of: segment, in: from.curve), let plane = from.grid
      else { continue }
      isElsewhere = isElsewhere || from.index != index
      let middle = Double(SagittalGrid.side - 1) / 2
      let ends = [rows.lowerBound, rows.upperBound].map {
        Int(grid.pixel(ras: plane.ras(row: Double($0), column: middle)).row.rounded())
      }
      let run = min(ends[0], ends[1])...max(ends[0], ends[1])
      if let last = runs.last, run.lowerBound <= last.upperBound + 1 {
        runs[runs.count - 1] = last.lowerBound...max(last.upperBound, run.upperBound)
      } else {
        runs.append(run)
      }
    }
    if isElsewhere {
      quality.append(
        QualityFlag(
          "lesion-on-other-slice",
          "A flagged segment scores highest on another slice than the one measured."))
    }
    let over = map.flatMap { map in detection.mapThreshold.map { pixelsOver(Float($0.value), map) }
    }
    lesions = runs.map { rows in
      let mask = over.map { over in
        var own = over
        for n in own.pixels.indices where !rows.contains(n / own.columns) { own.pixels[n] = false }
        return own
      }
      return SliceLesion(
        source: .detection, rows: rows,
        mask: mask.flatMap { $0.pixels.contains(true) ? $0 : nil })
    }
  }

  /// Rows of the curve over the segment's threshold without a gap about its peak.
  private static func run(
    of segment: Detection.Segment, in curve: Detection.Curve
  ) -> ClosedRange<Int>? {
    guard let peak = segment.peakRow, let at = curve.row.firstIndex(of: peak),
      curve.value.count == curve.row.count
    else { return nil }
    var (first, last) = (at, at)
    while first > 0, curve.row[first - 1] == curve.row[first] - 1,
      curve.value[first - 1] >= segment.threshold
    {
      first -= 1
    }
    while last + 1 < curve.row.count, curve.row[last + 1] == curve.row[last] + 1,
      curve.value[last + 1] >= segment.threshold
    {
      last += 1
    }
    return curve.row[first]...curve.row[last]
  }

  /// Pixels of the cord at which a map reaches a value.
  private func pixelsOver(_ limit: Float, _ map: ImageVolume) -> MaskRaster {
    let sampled = map.resampled(on: grid, interpolation: .nearest).raster
    var mask = sampled.map { $0 >= limit }
    for n in mask.pixels.indices where (cord?.pixels[n] ?? 0) < 0.5 { mask.pixels[n] = false }
    return mask
  }
}
