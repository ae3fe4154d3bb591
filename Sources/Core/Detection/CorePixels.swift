public import Imaging

/// The pixels of the cord that hold no CSF by partial volume (method, section 6).
public enum CorePixels {
  /// On each row the cord pixels whose distance to the cord's edge is at least the row's maximum
  /// less 1 px: 2-4 px wide, and no row of the cord is left without.
  public static func mask(of cord: MaskRaster) -> MaskRaster {
    let distance = DistanceTransform.distances(cord)
    var core = MaskRaster(rows: cord.rows, columns: cord.columns, filledWith: false)
    for row in 0..<cord.rows {
      let range = (row * cord.columns)..<((row + 1) * cord.columns)
      var largest: Float = 0
      for n in range where cord.pixels[n] { largest = max(largest, distance.pixels[n]) }
      for n in range where cord.pixels[n] { core.pixels[n] = distance.pixels[n] >= largest - 1 }
    }
    return core
  }
}
