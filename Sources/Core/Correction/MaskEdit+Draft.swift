public import Imaging

extension MaskEdit {
  /// Gives slices their masks of an earlier session: one edit, which undo takes back to the beginning.
  ///
  /// - Parameter kept: masks by place in the list of pictures.
  /// - Throws: `EditRefusal` where a slice is none of the study's, or a mask does not fit it.
  public mutating func restore(_ kept: [Int: MaskRaster], named name: String) throws {
    var change: [Int: Set<Int>] = [:]
    for (slice, mask) in kept {
      guard masks.indices.contains(slice) else { throw EditRefusal("there is no such slice") }
      let now = masks[slice]
      guard now.rows == mask.rows, now.columns == mask.columns else {
        throw EditRefusal("slice \(slice + 1) has another grid")
      }
      change[slice] = Set(mask.pixels.indices.filter { mask.pixels[$0] != now.pixels[$0] })
    }
    apply(name, change)
  }
}
