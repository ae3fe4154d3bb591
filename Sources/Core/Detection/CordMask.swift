internal import Imaging

/// Repairs and measures of a cord mask on the grid.
enum CordMask {
  /// Pieces smaller than this many px are specks.
  private static let speck = 20
  /// Gaps within a row up to this many px are closed.
  private static let widestGap = 6

  /// The mask without specks and with its holes closed: a lesion that a tool left out of the cord
  /// must not fall out of what is scored.
  static func cleaned(_ mask: MaskRaster) -> MaskRaster {
    var result = Morphology.fillHoles(mask)
    let labelled = ConnectedComponents.label(result, connectivity: .eight)
    let largest = labelled.largest?.label
    var isSpeck = [Bool](repeating: false, count: labelled.components.count + 1)
    for c in labelled.components where c.area < speck && c.label != largest {
      isSpeck[Int(c.label)] = true
    }
    for n in result.pixels.indices where isSpeck[Int(labelled.labels.pixels[n])] {
      result.pixels[n] = false
    }
    closeRowGaps(&result)
    return result
  }

  /// A cord is one run per row: a short gap between two cord pixels is cord.
  private static func closeRowGaps(_ mask: inout MaskRaster) {
    for row in 0..<mask.rows {
      var last: Int?
      for column in 0..<mask.columns where mask[row, column] {
        if let before = last, column - before > 1, column - before - 1 <= widestGap {
          for gap in (before + 1)..<column { mask[row, gap] = true }
        }
        last = column
      }
    }
  }

  /// Widths averaged over 7 rows, because masks are only exact to a pixel; NaN without cord.
  static func smoothedWidths(_ mask: MaskRaster) -> [Float] {
    MovingAverage.of(rowWidths(mask).map { $0 > 0 ? Float($0) : .nan }, window: 7)
  }

  /// Cord pixels on each row.
  static func rowWidths(_ mask: MaskRaster) -> [Int] {
    (0..<mask.rows).map { row in
      mask.pixels[(row * mask.columns)..<((row + 1) * mask.columns)].count { $0 }
    }
  }
}
