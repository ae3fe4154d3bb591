internal import Imaging

extension SegmentedSlice {
  /// The lesions of other slices on the rows of this one that they lie on, without an outline: a lesion is
  /// kept where it is largest, and the slices beside that one are no normal cord on the rows of its extent.
  func lesions(of others: [SegmentedSlice]) -> [SliceLesion] {
    others.filter { $0.index != index }.flatMap { other in
      other.lesions.map { lesion -> SliceLesion in
        SliceLesion(
          source: lesion.source, rows: rows(lesion.extent, of: other.grid),
          segments: lesion.segments, barely: lesion.barely)
      }
    }
  }

  /// Rows of another slice's grid, or of a longer one, as rows of this one.
  func rows(_ rows: ClosedRange<Int>, of other: SagittalGrid) -> ClosedRange<Int> {
    let middle = Double(SagittalGrid.side - 1) / 2
    let ends = [rows.lowerBound, rows.upperBound].map {
      Int(grid.pixel(ras: other.ras(row: Double($0), column: middle)).row.rounded())
    }
    return min(ends[0], ends[1])...max(ends[0], ends[1])
  }
}

extension LesionSignal {
  /// The same without what the flags of its own slice void.
  func voided(by flags: [QualityFlag]) -> LesionSignal {
    func first(_ family: MeasurementFamily) -> QualityFlag? {
      flags.first { $0.issue?.voids.contains(family) == true }
    }
    var result = self
    if let flag = first(.signal) {
      result.scrRatio.void(flag)
      result.yukawaGrade.void(flag)
    }
    if let flag = first(.cord) {
      result.lengthMm.void(flag)
      result.areaMm2.void(flag)
      if source == .mask { result.segments = [] }
    }
    return result
  }
}
