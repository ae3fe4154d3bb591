internal import Foundation

/// The fixed two-dimensional sine-cosine positions of masked autoencoders.
enum PositionTable {
  /// One row of `width` for the class token (zeros), then one per patch of the grid.
  ///
  /// The first half encodes the column, the second the row; each is sines, then cosines of
  /// position x 10000^(-i / (width / 4)). Widths that 4 does not divide leave the rest zero.
  static func make(width: Int) -> [Float] {
    let quarter = width / 4
    var table = [Float](repeating: 0, count: (1 + PatchGrid.count) * width)
    for patch in 0..<PatchGrid.count {
      let row = (1 + patch) * width
      let places = [Double(patch % PatchGrid.side), Double(patch / PatchGrid.side)]
      for (half, place) in places.enumerated() {
        for i in 0..<quarter {
          let angle = place / pow(10000, Double(i) / Double(quarter))
          table[row + half * 2 * quarter + i] = Float(sin(angle))
          table[row + (half * 2 + 1) * quarter + i] = Float(cos(angle))
        }
      }
    }
    return table
  }
}
