internal import Core
internal import Foundation
internal import Imaging

/// The crosshair and the distance measured with it.
struct Crosshair: Equatable, Sendable {
  /// A distance on one slice; places are column and row in grid px.
  struct Distance: Equatable, Sendable {
    /// Place in the list of pictures.
    var slice: Int
    var from: SIMD2<Double>
    /// Where it ends; `nil` while it follows the crosshair.
    var to: SIMD2<Double>?
  }

  /// Column and row in grid px.
  var place: SIMD2<Double>
  /// What is measured.
  var measured: Distance?

  /// The line measured on a slice.
  func distance(on slice: Int) -> PictureRequest.Marks.Line? {
    guard let measured, measured.slice == slice else { return nil }
    return PictureRequest.Marks.Line(from: measured.from, to: measured.to ?? place)
  }

  /// Its length in mm.
  func millimetres(on slice: Int) -> Double? {
    distance(on: slice).map {
      let d = $0.to - $0.from
      return (d * d).sum().squareRoot() * SagittalGrid.spacing
    }
  }
}

extension StudyScreenState {
  /// What lies under the crosshair: position, grey value, map, label, segment, row and column.
  var readOut: String? {
    guard let crosshair = shownCrosshair, let picture else { return nil }
    let (column, row) = (crosshair.place.x, crosshair.place.y)
    let (r, c) = (Int(row.rounded()), Int(column.rounded()))
    let ras = picture.grid.ras(row: row, column: column)
    var parts = [String(format: "RAS %+.1f %+.1f %+.1f mm", ras.x, ras.y, ras.z)]
    if picture.image.contains(row: r, column: c) {
      parts.append("grey \(ScoreText.grey(picture.image[r, c]))")
    }
    if let map = mapWords(row: r, column: c) { parts.append(map) }
    if let tissues = picture.tissues, !isHidden, tissues.contains(row: r, column: c) {
      parts.append(tissues[r, c].words)
    }
    parts.append(segment(at: ras)?.name ?? "outside the segments")
    parts.append("row \(r), column \(c)")
    if let mm = crosshair.millimetres(on: slice) {
      parts.append("distance \(ScoreText.millimetres(mm))")
    }
    return parts.joined(separator: ", ")
  }

  /// The value of the chosen map, also while it is switched off; `nil` where none is chosen, where the
  /// AI is hidden, and for labels.
  private func mapWords(row: Int, column: Int) -> String? {
    guard let picture, !isHidden, overlayKind.isAnomaly || overlayKind.map != nil else {
      return nil
    }
    let name = overlayKind.isAnomaly ? "anomaly" : overlayKind.shortTitle
    guard overlayKind.isStored(on: picture), let values = overlayKind.values(on: picture) else {
      return "no \(overlayKind.shortTitle)"
    }
    guard values.contains(row: row, column: column), values[row, column].isFinite else {
      return "\(name) none here"
    }
    let value = Double(values[row, column])
    let text =
      switch overlayKind {
      case .epistemic: String(format: "%.5f", value)
      case .aleatoric, .reconstruction: String(format: "%.3f", value)
      case .difference: String(format: "%+.3f", value)
      default: String(format: "%+.2f", value)
      }
    return "\(name) \(text) \(overlayKind.unit)"
  }

  /// The segment at the height of a place.
  private func segment(at ras: SIMD3<Double>) -> SpinalSegment? {
    scoredRow(at: ras).flatMap { segment(atRow: $0) }
  }
}
