internal import Imaging

extension CervicalMeasurements {
  /// The signal of 3 x 3 pixels over the reference that the measurements use (clinical notes, section
  /// 4): the C7-T1 level, else the nearest normal mid-body, else the cord without lesion.
  /// - Parameters:
  ///   - row: Row of the middle pixel on the slice's grid.
  ///   - column: Its column.
  ///   - slice: The slice with its lesions.
  ///   - measured: The slice that the study is measured on: it tells which levels are narrowed.
  ///   - beside: Further slices with lesions.
  ///   - confirmed: Segments in which a reader sees a lesion.
  static func signal(
    row: Int, column: Int, on slice: SegmentedSlice, measured: SegmentedSlice,
    beside: [SegmentedSlice], confirmed: Set<SpinalSegment>
  ) -> MeasuredValue {
    if let flag = (measured.quality + slice.quality).first(where: {
      $0.issue?.voids.contains(.signal) == true
    }) {
      return SignalReader.cursor.missing(flag.reason)
    }
    guard let levels = cordLevels(slice, SpineOutline(slice)) else {
      return SignalReader.cursor.missing("the cord is not labelled on this slice")
    }
    let spine = SpineOutline(measured)
    let parts = ([measured] + beside).compactMap { part in
      cordLevels(part, SpineOutline(part)).map { (slice: part, levels: $0) }
    }
    let narrowed = parts.first { $0.slice.index == measured.index }.map {
      NarrowingReader(
        $0.levels, bodies: Set(spine.bodies.keys), flagged: flagged(measured, parts, confirmed)
      ).narrowed
    }
    let reader = SignalReader(
      slice, levels: levels, narrowed: narrowed ?? [],
      beside: slice.lesions(of: [measured] + beside),
      flagged: (measured.flagged ?? []).union(confirmed))
    guard let reader else {
      return SignalReader.cursor.missing("the slice has no grey values")
    }
    return reader.signal(row: row, column: column)
  }
}
