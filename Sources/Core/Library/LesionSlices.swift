internal import Imaging

/// Finds the slices of a study on which its lesions lie.
struct LesionSlices {
  /// The slices beside the measured one that hold lesions, by index.
  private(set) var beside: [SegmentedSlice] = []

  /// Names the flag of a lesion mask that is not empty, and of which nothing could be placed.
  static let unplacedFlag = "lesion-mask-unplaced"
  /// Why nothing of it could be.
  static let whyUnplaced = "no lesion of it lies on a slice of the window"

  private let prepared: [PreparedSlice]
  private let labels: StudyLabels

  /// Takes a study; lesions are looked for on the slices that are prepared.
  init(_ study: PreparedStudy, labels: StudyLabels) {
    prepared = study.slices
    self.labels = labels
  }

  /// Places the lesions of a mask, each on the slice where it has most pixels.
  mutating func place(_ mask: LabelVolume, on slice: inout SegmentedSlice) {
    slice.flagged = []
    // Of slices alike the measured one goes first, then the one to the left.
    let planes =
      [(slice.index, slice.grid)]
      + prepared.filter { $0.index != slice.index }.map { ($0.index, $0.grid) }
    let all = planes.flatMap { index, grid in
      SliceLesion.components(of: mask.resampled(on: grid).raster.map { $0 != 0 })
        .map { (index: index, lesion: $0) }
    }
    let pieces = all.map { item in
      LesionPiece(
        slice: item.index, rows: item.lesion.rows,
        most: Double(item.lesion.mask?.pixels.count { $0 } ?? 0))
    }
    var kept: [Int: [SliceLesion]] = [:]
    for members in LesionPiece.lesions(of: pieces) {
      let main = all[members[0]]
      var lesion = main.lesion
      lesion.extent = members.reduce(lesion.rows) { LesionPiece.span($0, pieces[$1].rows) }
      kept[main.index, default: []].append(lesion)
    }
    for (index, lesions) in kept.sorted(by: { $0.key < $1.key }) {
      let lesions = lesions.sorted { $0.rows.lowerBound < $1.rows.lowerBound }
      if index == slice.index {
        slice.lesions = lesions
      } else if var other = segmented(index) {
        other.lesions = lesions
        beside.append(other)
      }
    }
    if slice.lesions.isEmpty, beside.isEmpty, mask.voxels.contains(where: { $0 != 0 }) {
      slice.signalDoubt = "the lesion mask is not empty, but \(Self.whyUnplaced)"
      slice.quality.append(
        QualityFlag(
          Self.unplacedFlag, "The lesion mask is not empty, but \(Self.whyUnplaced)."))
    }
    tell(&slice)
  }

  /// Places what a detection flags, each lesion on the slice on which it scores highest; a flagged segment
  /// without one keeps the reason.
  mutating func place(_ detection: Detection, map: ImageVolume?, on slice: inout SegmentedSlice) {
    guard detection.patient.assessable || detection.patient.isUncalled else { return }
    slice.flagged = Set(detection.flaggedSegments)
    let found = detection.flaggedLesions
    var missing = found.missing
    let slices = Dictionary(grouping: found.lesions, by: \.sliceIndex)
    for (index, lesions) in slices.sorted(by: { $0.key < $1.key }) {
      if index == slice.index {
        slice.take(lesions, of: detection, map: map)
      } else if var other = segmented(index) {
        other.take(lesions, of: detection, map: map)
        beside.append(other)
      } else {
        for segment in lesions.flatMap(\.segments) {
          missing[segment] =
            "flagged on slice \(index + 1), which is not there now: run detect again"
        }
      }
    }
    slice.unplaced = missing.filter { detection.flaggedSegments.contains($0.key) }
    let flagged = detection.segments.filter(\.flagged)
    if !detection.segments.contains(where: \.assessable) {
      slice.signalDoubt = "detection could assess no segment"
    } else if detection.patient.flagged, flagged.isEmpty {
      slice.signalDoubt = "the patient is over the threshold, and no segment alone is"
    }
    tell(&slice)
  }

  /// A slice without its lesions; `nil` where it is not prepared.
  func segmented(_ index: Int) -> SegmentedSlice? {
    prepared.first { $0.index == index }.map { SegmentedSlice($0, labels: labels) }
  }

  /// Says on the measured slice that lesions were measured on others.
  private func tell(_ slice: inout SegmentedSlice) {
    guard !beside.isEmpty else { return }
    let numbers = beside.map { String($0.index + 1) }.joined(separator: ", ")
    slice.quality.append(
      QualityFlag(
        "lesion-on-other-slice",
        "Lesions were measured on slice \(numbers) from the patient's left, where they are largest; all "
          + "else on slice \(slice.index + 1)."))
  }
}

extension LabelVolume {
  /// A mask of lesions on the partitions that an image of thin slices is averaged to: 1 where any slice of a
  /// partition has one. Its middle plane alone would miss those between two middles.
  /// - Parameter image: an image on the same voxels.
  func lesions(inPartitionsOf image: ImageVolume) -> LabelVolume {
    guard shape == image.shape,
      let plan = ThickPartitions(shape: image.shape, affine: image.affine)
    else { return self }
    return plan.labels(self, rule: .any)
  }
}

extension SegmentedSlice {
  /// Takes over the lesions that a detection flags and that are measured on this slice, with the pixels of its
  /// map over the map's threshold.
  mutating func take(_ found: [FlaggedLesion], of detection: Detection, map: ImageVolume?) {
    guard let plane = detection.slices.first(where: { $0.index == index })?.grid else { return }
    let over = map.flatMap { map in detection.mapThreshold.map { pixelsOver(Float($0.value), map) }
    }
    lesions = found.map { lesion in
      let run = rows(lesion.rows, of: plane)
      let mask = over.map { over in
        var own = over
        for n in own.pixels.indices where !run.contains(n / own.columns) { own.pixels[n] = false }
        return own
      }
      return SliceLesion(
        source: .detection, rows: run,
        mask: mask.flatMap { $0.pixels.contains(true) ? $0 : nil },
        extent: rows(lesion.extent, of: plane), segments: lesion.segments,
        barely: lesion.barely)
    }
  }

  /// Pixels of the cord at which a map reaches a value.
  private func pixelsOver(_ limit: Float, _ map: ImageVolume) -> MaskRaster {
    let sampled = map.resampled(on: grid, interpolation: .nearest).raster
    var mask = sampled.map { $0 >= limit }
    for n in mask.pixels.indices where (cord?.pixels[n] ?? 0) < 0.5 { mask.pixels[n] = false }
    return mask
  }
}
