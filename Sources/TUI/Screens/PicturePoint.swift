internal import Core
internal import Imaging

/// Points of the slice on the screen, as columns and rows of its grid in px: what the place of a finding
/// and the crosshair share.
extension StudyScreenState {
  /// The point of the slice nearest to one, inside what the picture shows; column and row in px.
  func onPicture(_ point: SIMD2<Double>) -> SIMD2<Double> {
    let crop = shown?.view.crop ?? loaded.bounds
    func inside(_ value: Double, _ range: Range<Int>) -> Double {
      min(max(value, Double(range.lowerBound)), Double(max(range.upperBound - 1, range.lowerBound)))
    }
    return SIMD2(inside(point.x, crop.columns), inside(point.y, crop.rows))
  }

  /// The place in the patient of a point of the slice shown.
  func place(_ point: SIMD2<Double>) -> FindingPlace? {
    picture.map {
      FindingPlace(
        slice: $0.index, row: point.y, column: point.x,
        ras: $0.grid.ras(row: point.y, column: point.x))
    }
  }
}

extension AppState {
  /// The point of a picture drawn in some cells under the middle of the mouse's cell: column and row in px
  /// of what is shown; `nil` beside the cells.
  private func pointUnder(
    _ act: MouseAct, in rect: CellRect, _ placement: PicturePlacement
  ) -> SIMD2<Double>? {
    guard rect.contains(row: act.row, column: act.column) else { return nil }
    let perCell = capabilities.pixelsPerCell
    let x = (Double(act.column - rect.column) + 0.5) * Double(perCell.width)
    let y = (Double(act.row - rect.row) + 0.5) * Double(perCell.height)
    return SIMD2(placement.column(atX: x), placement.row(atY: y))
  }

  /// The point of the slice under the mouse, in whole px, with the picture's placement; `nil` beside the
  /// picture, and where the slice is not drawn yet.
  private func slicePoint(
    at act: MouseAct
  ) -> (point: SIMD2<Double>, placement: PicturePlacement)? {
    let layout = StudyLayout(self)
    guard let study, let placement = layout.drawn(study, capabilities)?.picture.placement,
      let point = pointUnder(act, in: layout.picture, placement)
    else { return nil }
    return (point.rounded(.toNearestOrAwayFromZero), placement)
  }

  /// The point of the slice where the mouse was pressed; `nil` beside the picture.
  func picturePoint(at act: MouseAct) -> SIMD2<Double>? {
    slicePoint(at: act).flatMap { study?.onPicture($0.point) }
  }

  /// The cell of the slice under the mouse; `nil` beside what is shown of the slice.
  func pictureSpot(at act: MouseAct) -> PictureSpot? {
    guard let (point, placement) = slicePoint(at: act),
      placement.crop.columns.contains(Int(point.x)), placement.crop.rows.contains(Int(point.y))
    else { return nil }
    let perCell = capabilities.pixelsPerCell
    return PictureSpot(
      point: point,
      half: SIMD2(
        Double(perCell.width) / 2 / max(placement.columnScale, 1e-9),
        Double(perCell.height) / 2 / max(placement.rowScale, 1e-9)))
  }

  /// The point in RAS mm where the mouse was pressed on a picture beside; `nil` outside of it, where it has
  /// no place in the patient, and where another plane is drawn than is wanted now.
  func besidePoint(at act: MouseAct, of choice: BesideChoice) -> SIMD3<Double>? {
    let layout = StudyLayout(self)
    guard let study, let plane = study.besidePlane(of: choice), plane.meeting != nil,
      let drawn = layout.drawn(beside: choice, study, capabilities),
      let point = pointUnder(
        act, in: layout.besideRoom(of: choice, study).picture, drawn.picture.placement)
    else { return nil }
    return plane.plane.ras(row: point.y, column: point.x)
  }
}

/// A cell of the picture under the mouse, on the slice shown.
struct PictureSpot: Equatable, Sendable {
  /// Its middle: column and row in whole grid px.
  let point: SIMD2<Double>
  /// Half its width and height, in grid px.
  let half: SIMD2<Double>

  /// How far a point lies outside of the cell, in grid px; 0 inside.
  func distance(to other: SIMD2<Double>) -> Double {
    let dx = max(abs(other.x - point.x) - half.x, 0)
    let dy = max(abs(other.y - point.y) - half.y, 0)
    return (dx * dx + dy * dy).squareRoot()
  }
}

extension Command {
  /// How far the command moves a point of the picture, in px (columns, rows); `nil` where it moves none.
  var pictureStep: SIMD2<Double>? {
    let far = 8.0
    return switch self {
    case .markUp, .crossUp: [0, -1]
    case .markDown, .crossDown: [0, 1]
    case .markLeft, .crossLeft: [-1, 0]
    case .markRight, .crossRight: [1, 0]
    case .markFarUp, .crossFarUp: [0, -far]
    case .markFarDown, .crossFarDown: [0, far]
    case .markFarLeft, .crossFarLeft: [-far, 0]
    case .markFarRight, .crossFarRight: [far, 0]
    default: nil
    }
  }
}
