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
  /// The point of the slice where the mouse was pressed; `nil` beside the picture.
  func picturePoint(at act: MouseAct) -> SIMD2<Double>? {
    let picture = StudyLayout(self).picture
    guard let study, let placement = study.shown?.picture.placement,
      picture.contains(row: act.row, column: act.column)
    else { return nil }
    let perCell = capabilities.pixelsPerCell
    let x = (Double(act.column - picture.column) + 0.5) * Double(perCell.width)
    let y = (Double(act.row - picture.row) + 0.5) * Double(perCell.height)
    return study.onPicture(
      SIMD2(placement.column(atX: x).rounded(), placement.row(atY: y).rounded()))
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

extension AppState {
  /// The cell of the slice under the mouse; `nil` beside what is shown of the slice.
  func pictureSpot(at act: MouseAct) -> PictureSpot? {
    let picture = StudyLayout(self).picture
    guard let placement = study?.shown?.picture.placement,
      picture.contains(row: act.row, column: act.column)
    else { return nil }
    let perCell = capabilities.pixelsPerCell
    let (width, height) = (Double(perCell.width), Double(perCell.height))
    let x = (Double(act.column - picture.column) + 0.5) * width
    let y = (Double(act.row - picture.row) + 0.5) * height
    let point = SIMD2(placement.column(atX: x).rounded(), placement.row(atY: y).rounded())
    guard placement.crop.columns.contains(Int(point.x)), placement.crop.rows.contains(Int(point.y))
    else { return nil }
    return PictureSpot(
      point: point,
      half: SIMD2(
        width / 2 / max(placement.columnScale, 1e-9), height / 2 / max(placement.rowScale, 1e-9)))
  }
}

extension AppState {
  /// The point in RAS mm where the mouse was pressed on a picture beside; `nil` outside of it and where
  /// it has no place in the patient.
  func besidePoint(at act: MouseAct, of choice: BesideChoice) -> SIMD3<Double>? {
    guard let study, let plane = study.besidePlane(of: choice), plane.meeting != nil,
      let placement = study.beside.shown[choice]?.picture.placement
    else { return nil }
    let rect = StudyLayout(self).besideRoom(of: choice, study).picture
    guard rect.contains(row: act.row, column: act.column) else { return nil }
    let perCell = capabilities.pixelsPerCell
    let x = (Double(act.column - rect.column) + 0.5) * Double(perCell.width)
    let y = (Double(act.row - rect.row) + 0.5) * Double(perCell.height)
    return plane.plane.ras(row: placement.row(atY: y), column: placement.column(atX: x))
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
