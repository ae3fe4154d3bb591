internal import Core
internal import Imaging

/// Planes made from the study's own volume: across the cord, and along it.
extension StudyScreenState {
  /// Sides of these planes, in mm.
  private static let widthMM = 100.0
  private static let heightMM = 200.0

  /// The plane across the cord at the cursor's row, or at the row that the reader went to.
  func across(
    _ beside: BesideVolume, held: Int?, _ picture: ReviewStudy.Picture
  ) -> BesidePlane? {
    let at = followedPlace
    let rows = 0..<max(picture.grid.rows, 1)
    let number = min(max(held ?? Int(at.row.rounded()), 0), rows.upperBound - 1)
    let place = held == nil ? at : cordPlace(atRow: Double(number))
    let direction = picture.cordDirection(atRow: place.row)
    let plane = SamplingPlane(
      across: direction ?? picture.grid.rowDirection,
      through: picture.grid.ras(row: place.row, column: place.column), sideMM: Self.widthMM,
      spacingMM: Self.step(beside))
    let following = held == nil ? "" : "  held"
    return reformatted(
      beside, on: plane, picture, place: Self.voxels(beside),
      following: following + (direction == nil ? " no cord: across the rows" : " across the cord"),
      rows, number)
  }

  /// The plane along the cord from side to side at the place followed, or at the column that the reader
  /// went to, at the same row: it leaves a cord that bends.
  func along(
    _ beside: BesideVolume, held: Int?, _ picture: ReviewStudy.Picture
  ) -> BesidePlane? {
    let at = followedPlace
    let columns = 0..<max(picture.image.columns, 1)
    let number = min(max(held ?? Int(at.column.rounded()), 0), columns.upperBound - 1)
    let direction = picture.cordDirection(atRow: at.row)
    let plane = SamplingPlane(
      along: direction ?? picture.grid.rowDirection,
      through: picture.grid.ras(row: at.row, column: held.map { _ in Double(number) } ?? at.column),
      widthMM: Self.widthMM, heightMM: Self.heightMM, spacingMM: Self.step(beside))
    let following = held == nil ? followedWords : "held"
    return reformatted(
      beside, on: plane, picture,
      // What lies between thick slices is interpolated: how far they are apart is said.
      place: beside.stack.isThreeDimensional
        ? Self.voxels(beside)
        : "slices \(ScoreText.millimetres(beside.stack.spacingMM)) apart",
      following: "  \(following)" + (direction == nil ? ", no cord: along the rows" : ""),
      columns, number)
  }

  private func reformatted(
    _ beside: BesideVolume, on plane: SamplingPlane, _ picture: ReviewStudy.Picture,
    place: String, following: String, _ numbers: Range<Int>, _ number: Int
  ) -> BesidePlane {
    let middle = SIMD2(Double(plane.columns - 1) / 2, Double(plane.rows - 1) / 2)
    let position = Self.position(plane, at: (middle.y, middle.x, 0))
    return BesidePlane(
      plane: plane, source: .volume(beside.volume, .interpolated), window: greyWindow,
      isInverted: isInverted, meeting: SamplingPlane(picture.grid).meeting(with: plane),
      focus: middle, place: place, following: position + following, numbers: numbers,
      number: number, reachMM: SagittalGrid.spacing / 2)
  }

  /// Edge of their pixels in mm: that of the finest voxel edge.
  private static func step(_ beside: BesideVolume) -> Double {
    let spacing = beside.volume.affine.spacing
    return min(max(min(spacing.x, spacing.y, spacing.z), 0.4), 2)
  }

  /// "voxels 0.8 x 0.8 x 3.3 mm".
  private static func voxels(_ beside: BesideVolume) -> String {
    let spacing = beside.volume.affine.spacing
    let edges = [spacing.x, spacing.y, spacing.z].sorted().map { ScoreText.number($0, 1) }
    return "voxels \(edges.joined(separator: " x ")) mm"
  }
}
