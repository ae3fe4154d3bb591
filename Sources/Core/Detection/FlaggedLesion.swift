internal import Imaging

/// One lesion that a detection flags, on the rows of the detection's grid.
struct FlaggedLesion: Equatable, Sendable {
  /// Index of the slice on which it is measured: where the curve is highest.
  var sliceIndex: Int
  /// Rows of its run there.
  var rows: ClosedRange<Int>
  /// Rows of its runs on all slices.
  var extent: ClosedRange<Int>
  /// The segments that it touches, superior first.
  var segments: [SpinalSegment]
  /// Those of them that it bears because they are flagged, though none of its runs reaches them
  /// (``LesionSegments``).
  var barely: Set<SpinalSegment>
}

extension Detection {
  /// A run over threshold and the flagged segments whose run it is.
  private struct FlaggedRun {
    var piece: LesionPiece
    var segments: Set<SpinalSegment>
  }

  /// The lesions that are flagged, superior first, and why a flagged segment has none.
  ///
  /// A lesion is a run of the curve over a segment's threshold, around the segment's peak. Runs that adjoin on a
  /// slice are one, and so are runs of different slices that overlap along the cord: such a lesion is measured
  /// on the slice of the highest score (of equals on that of the upper segment).
  ///
  /// It touches every flagged segment whose run it is, however little of it lies there, and any other segment
  /// that the measured run reaches with 3 mm or 40 % of its rows. Borders are the rows between which the
  /// detection scored the segments: what ladder, report and screen call a lesion's place is one place.
  var flaggedLesions: (lesions: [FlaggedLesion], missing: [SpinalSegment: String]) {
    var runs: [FlaggedRun] = []
    var missing: [SpinalSegment: String] = [:]
    for segment in segments where segment.flagged {
      guard let name = SpinalSegment(name: segment.name) else { continue }
      guard let piece = flaggedPiece(of: segment) else {
        missing[name] = "flagged, but the detection keeps no curve of it: run detect again"
        continue
      }
      // By a lower threshold than its neighbours' a run may reach several that were apart.
      var (run, place) = (FlaggedRun(piece: piece, segments: [name]), runs.count)
      while let n = runs.firstIndex(where: { $0.piece.adjoins(run.piece) }) {
        let other = runs.remove(at: n)
        run.piece = other.piece.joined(with: run.piece)
        run.segments.formUnion(other.segments)
        place = min(place, n)
      }
      runs.insert(run, at: place)
    }
    let borders = segmentRows
    let lesions = LesionPiece.lesions(of: runs.map(\.piece)).map { members in
      Self.lesion(members.map { runs[$0] }, borders: borders)
    }
    return (
      lesions.sorted { ($0.rows.lowerBound, $0.sliceIndex) < ($1.rows.lowerBound, $1.sliceIndex) },
      missing
    )
  }

  /// One lesion of its runs, the measured one first.
  private static func lesion(
    _ runs: [FlaggedRun], borders: [SpinalSegment: ClosedRange<Int>]
  ) -> FlaggedLesion {
    let main = runs[0].piece
    var named: Set<SpinalSegment> = []
    var reached: Set<SpinalSegment> = []
    var extent = main.rows
    for run in runs {
      named.formUnion(run.segments)
      reached.formUnion(LesionSegments.reached(by: run.piece.rows, borders: borders))
      extent = LesionPiece.span(extent, run.piece.rows)
    }
    let measured = LesionSegments.reached(by: main.rows, borders: borders)
    return FlaggedLesion(
      sliceIndex: main.slice, rows: main.rows, extent: extent,
      segments: named.union(measured).sorted(), barely: named.subtracting(reached))
  }

  /// The run around a flagged segment's peak on the slice on which it scores highest; `nil` where the file
  /// does not tell.
  private func flaggedPiece(of segment: Segment) -> LesionPiece? {
    guard let index = segment.sliceIndex ?? sliceIndex, let peak = segment.peakRow,
      let slice = slices.first(where: { $0.index == index }), slice.grid != nil,
      let rows = slice.curve.run(around: peak, reaching: segment.threshold)
    else { return nil }
    return LesionPiece(slice: index, rows: rows, most: segment.score ?? segment.threshold)
  }

  /// The rows between which each segment was scored, where they are known.
  private var segmentRows: [SpinalSegment: ClosedRange<Int>] {
    var rows: [SpinalSegment: ClosedRange<Int>] = [:]
    for segment in segments {
      guard let name = SpinalSegment(name: segment.name), let from = segment.rowFrom,
        let to = segment.rowTo, from <= to
      else { continue }
      rows[name] = from...to
    }
    return rows
  }
}
