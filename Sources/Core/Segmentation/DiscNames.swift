internal import Imaging

/// The discs of a picture between its bodies, and what each is called.
///
/// A disc is named after the body above it. Above one body there is one disc, unless that body is two that were
/// found as one: then the disc inside it lies above its middle, too, and only the one next to the upper body is
/// named after that.
struct DiscNames {
  /// A disc, or a piece of one, between two bodies.
  struct Disc: Equatable {
    var part: SliceSegmentation.Part
    /// The vertebra that it lies below; `nil` where that is not known.
    var level: VertebralLevel?
  }

  /// The discs that lie between two bodies, superior first.
  let discs: [Disc]

  /// Half of a usual disc's height in mm: so far below a body's lower end its middle lies.
  private static let halfDiscMM = 2.5
  /// Pieces of one disc lie within this distance along the spine, in mm; neighbouring discs at least twice as
  /// far apart.
  private static let pieceMM = 6.0
  /// Above a body without a name a disc that lies farther than this from where the upper body's is expected, in
  /// mm, may be the next one down.
  private static let strayMM = 7.0

  init(_ picture: SliceSegmentation, _ numbering: BodyNumbering) {
    let heights = BodyNumbering.Body.column(picture.bodies).map(\.heightMM)
    let placed = picture.discs.compactMap { disc -> (part: SliceSegmentation.Part, lower: Int)? in
      guard let lower = picture.bodies.firstIndex(where: { $0.centre.row > disc.centre.row }),
        lower > 0
      else { return nil }
      return (disc, lower)
    }
    // How far from its usual place below the upper body a disc lies, along the spine in mm.
    let strays = placed.map { item in
      Self.distance(
        from: picture.bodies[item.lower - 1], to: picture.bodies[item.lower], of: item.part)
        - heights[item.lower - 1] / 2 - Self.halfDiscMM
    }
    discs = placed.indices.map { index in
      let (part, lower) = placed[index]
      let beside = placed.indices.filter { placed[$0].lower == lower }.map { strays[$0] }
      let nearest = beside.min { abs($0) < abs($1) } ?? strays[index]
      let isUpperBodys =
        abs(strays[index] - nearest) <= Self.pieceMM
        && (numbering.usedLevel(lower) != nil || abs(nearest) <= Self.strayMM)
      return Disc(part: part, level: isUpperBodys ? numbering.discLevel(aboveBody: lower) : nil)
    }
  }

  /// How far a disc's centre lies from an upper body's, in mm along the line to the lower body's.
  private static func distance(
    from upper: SliceSegmentation.Part, to lower: SliceSegmentation.Part,
    of disc: SliceSegmentation.Part
  ) -> Double {
    let start = place(upper)
    let way = place(lower) - start
    let length = (way * way).sum().squareRoot()
    let own = place(disc) - start
    return length > 0 ? (own * way).sum() / length : (own * own).sum().squareRoot()
  }

  private static func place(_ part: SliceSegmentation.Part) -> SIMD2<Double> {
    SIMD2(part.centre.column, part.centre.row) * SagittalGrid.spacing
  }
}
