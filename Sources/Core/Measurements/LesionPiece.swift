/// What one slice shows of a lesion; slices beside each other show the same one.
struct LesionPiece: Equatable {
  /// Index of the slice.
  var slice: Int
  /// Its rows, on a grid that has the same rows on all slices.
  var rows: ClosedRange<Int>
  /// How much of it the slice shows: pixels of an outline, the highest score of a run.
  var most: Double

  /// Whether both are parts of one stretch of a slice.
  func adjoins(_ other: LesionPiece) -> Bool {
    slice == other.slice && rows.lowerBound <= other.rows.upperBound + 1
      && other.rows.lowerBound <= rows.upperBound + 1
  }

  /// The same piece going on over another one's rows.
  func joined(with other: LesionPiece) -> LesionPiece {
    LesionPiece(
      slice: slice, rows: Self.span(rows, other.rows), most: max(most, other.most))
  }

  /// Which pieces are one lesion: those whose rows overlap on different slices. A lesion is measured where
  /// there is most of it, and the others are no lesions of their own.
  ///
  /// - Returns: Indices of pieces by lesion, each piece once: first the one that has most of the lesion (of
  ///   pieces alike the earlier), then those that overlap with that one.
  static func lesions(of pieces: [LesionPiece]) -> [[Int]] {
    let order = pieces.indices.sorted { (pieces[$1].most, $0) < (pieces[$0].most, $1) }
    var lesions: [(main: LesionPiece, members: [Int])] = []
    for n in order {
      let piece = pieces[n]
      let known = lesions.firstIndex {
        $0.main.slice != piece.slice && $0.main.rows.overlaps(piece.rows)
      }
      if let known {
        lesions[known].members.append(n)
      } else {
        lesions.append((piece, [n]))
      }
    }
    return lesions.map(\.members)
  }

  /// From the first to the last row of two stretches.
  static func span(_ a: ClosedRange<Int>, _ b: ClosedRange<Int>) -> ClosedRange<Int> {
    min(a.lowerBound, b.lowerBound)...max(a.upperBound, b.upperBound)
  }
}
