internal import Imaging

/// Finds the slices of a study on which its lesions lie.
struct LesionSlices {
  /// The slices beside the measured one that hold lesions, by index.
  private(set) var beside: [SegmentedSlice] = []

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
    let planes =
      [(slice.index, slice.grid)]
      + prepared.filter { $0.index != slice.index }.map { ($0.index, $0.grid) }
    let all = planes.flatMap { index, grid in
      SliceLesion.components(of: mask.resampled(on: grid).raster.map { $0 != 0 })
        .map { (index: index, lesion: $0, area: $0.mask?.pixels.count { $0 } ?? 0) }
    }
    // Sorting is stable: of slices alike the measured one, then the one to the left.
    var kept: [(index: Int, lesion: SliceLesion, area: Int)] = []
    for item in all.enumerated().sorted(by: {
      ($1.element.area, $0.offset) < ($0.element.area, $1.offset)
    })
    .map(\.element)
    where !kept.contains(where: {
      $0.index != item.index && $0.lesion.rows.overlaps(item.lesion.rows)
    }) {
      kept.append(item)
    }
    for (index, items) in Dictionary(grouping: kept, by: \.index).sorted(by: { $0.key < $1.key }) {
      let lesions = items.map(\.lesion).sorted { $0.rows.lowerBound < $1.rows.lowerBound }
      if index == slice.index {
        slice.lesions = lesions
      } else if var other = segmented(index) {
        other.lesions = lesions
        beside.append(other)
      }
    }
    if slice.lesions.isEmpty, beside.isEmpty, mask.voxels.contains(where: { $0 != 0 }) {
      slice.signalDoubt =
        "the lesion mask is not empty, but no lesion of it lies on a slice of the window"
    }
    tell(&slice)
  }

  /// Places what a detection flags, each segment on the slice on which it scores highest.
  mutating func place(_ detection: Detection, map: ImageVolume?, on slice: inout SegmentedSlice) {
    guard detection.patient.assessable || detection.patient.isUncalled else { return }
    slice.flagged = Set(detection.flaggedSegments)
    slice.take(detection, map: map)
    let flagged = detection.segments.filter(\.flagged)
    for index in Set(flagged.compactMap(\.sliceIndex)).subtracting([slice.index]).sorted() {
      guard var other = segmented(index) else { continue }
      other.take(detection, map: map)
      if !other.lesions.isEmpty { beside.append(other) }
    }
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
  /// Takes over what a detection flags on this slice, with the pixels of its map over the map's
  /// threshold.
  mutating func take(_ detection: Detection, map: ImageVolume?) {
    var runs: [ClosedRange<Int>] = []
    for segment in detection.segments where segment.flagged && segment.sliceIndex == index {
      guard let from = detection.slices.first(where: { $0.index == segment.sliceIndex }),
        let rows = segment.peakRow.flatMap({
          from.curve.run(around: $0, reaching: segment.threshold)
        }), let plane = from.grid
      else { continue }
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

  /// Pixels of the cord at which a map reaches a value.
  private func pixelsOver(_ limit: Float, _ map: ImageVolume) -> MaskRaster {
    let sampled = map.resampled(on: grid, interpolation: .nearest).raster
    var mask = sampled.map { $0 >= limit }
    for n in mask.pixels.indices where (cord?.pixels[n] ?? 0) < 0.5 { mask.pixels[n] = false }
    return mask
  }
}
