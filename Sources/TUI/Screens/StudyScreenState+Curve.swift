internal import Core

/// The curve beside the picture.
extension StudyScreenState {
  /// The curve to draw, and the place in the list of pictures of the slice it belongs to: the slice
  /// shown; where that was not scored, the one that the selected row's score comes from.
  var shownCurve: (curve: Detection.Curve, slice: Int)? {
    for place in [slice, slicePosition(of: target), scoredSlice].compactMap({ $0 }) {
      if let curve = curve(ofSlice: place) { return (curve, place) }
    }
    return nil
  }

  /// The curve to draw.
  var curve: Detection.Curve? { shownCurve?.curve }

  /// The curve of a slice that was scored, by its place in the list of pictures.
  private func curve(ofSlice place: Int) -> Detection.Curve? {
    guard let detection, study.pictures.indices.contains(place) else { return nil }
    let index = study.pictures[place].index
    let stored = detection.slices.first { $0.index == index }?.curve
    let curve = stored ?? (index == detection.sliceIndex ? detection.curve : nil)
    return curve.flatMap { $0.row.isEmpty ? nil : $0 }
  }

  /// The curve's value at a row.
  func curveValue(atRow row: Int) -> Double? {
    guard let curve, let index = curve.row.firstIndex(of: row),
      curve.value.indices.contains(index)
    else { return nil }
    return curve.value[index]
  }

  /// RAS z in mm of a row of the curve.
  func curveZ(atRow row: Int) -> Double? {
    guard let curve, let index = curve.row.firstIndex(of: row),
      curve.zMm.indices.contains(index)
    else { return nil }
    return curve.zMm[index]
  }
}
