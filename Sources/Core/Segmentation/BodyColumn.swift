internal import Imaging

extension BodyNumbering.Body {
  /// The bodies of a picture on the canonical pixel grid, superior first, measured along the spine.
  ///
  /// The spine is the line through the centres of the bodies, its direction at a body that from the
  /// one above to the one below it. Rows mislead where it is inclined, as from C6 to T1 of a kyphotic neck: a
  /// body 15 mm tall and 18 mm deep spans 23 mm of rows at 40 degrees, one fused with its neighbour 37 mm,
  /// 1.6 times as much instead of 2.2 times.
  static func column(_ parts: [SliceSegmentation.Part]) -> [BodyNumbering.Body] {
    let centres = parts.map { SIMD2($0.centre.column, $0.centre.row) * SagittalGrid.spacing }
    // The first keeps the place of its row; places count on from there.
    var place = centres.first?.y ?? 0
    return parts.indices.map { index in
      if index > 0 { place += length(centres[index] - centres[index - 1]) }
      return BodyNumbering.Body(
        centreMM: place, heightMM: height(parts[index], along: direction(at: index, of: centres)),
        evidence: parts[index].evidence, isCut: parts[index].isCut)
    }
  }

  /// A column with its places along the cord.
  ///
  /// Where the neck bends, cord and spine are not equally long: a body reaches along the cord as far as its
  /// neighbours' distances there and along the spine say.
  /// - Parameter arcs: the places of the centres along the cord in mm.
  static func alongCord(
    _ column: [BodyNumbering.Body], at arcs: [Double]
  ) -> [BodyNumbering.Body] {
    column.indices.map { index in
      let (upper, lower) = (max(index - 1, 0), min(index + 1, column.count - 1))
      let spine = column[lower].centreMM - column[upper].centreMM
      let cord = arcs[lower] - arcs[upper]
      var body = column[index]
      body.centreMM = arcs[index]
      if spine > 0, cord > 0 { body.reachMM = body.heightMM * cord / spine }
      return body
    }
  }

  /// The direction of the spine at a body, downwards, of length 1; that of the rows where there is one body.
  private static func direction(at index: Int, of centres: [SIMD2<Double>]) -> SIMD2<Double> {
    let way = centres[min(index + 1, centres.count - 1)] - centres[max(index - 1, 0)]
    let size = length(way)
    return size > 0 ? way / size : [0, 1]
  }

  /// How far the pixels of a part reach along a direction, in mm; never farther than its rows, which hold
  /// against a direction that a sliver at the picture's edge spoils.
  private static func height(
    _ part: SliceSegmentation.Part, along direction: SIMD2<Double>
  ) -> Double {
    let rows = Double(part.rows.count)
    let places = part.rows.flatMap { row in
      (0..<part.mask.columns).filter {
        part.mask.contains(row: row, column: $0) && part.mask[row, $0]
      }.map { Double($0) * direction.x + Double(row) * direction.y }
    }
    guard let first = places.min(), let last = places.max() else {
      return rows * SagittalGrid.spacing
    }
    // From the edge of the first pixel to that of the last.
    return min(rows, last - first + 1) * SagittalGrid.spacing
  }

  private static func length(_ way: SIMD2<Double>) -> Double { (way * way).sum().squareRoot() }
}
