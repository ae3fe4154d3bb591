public import Imaging

extension MaskEdit {
  /// The edit with what an earlier session drew: one edit, or one for what was drawn before the slices were cut
  /// anew and one for what was drawn since, which undo takes back to the beginning.
  ///
  /// - Parameter grids: the slices of the edit.
  /// - Throws: `EditRefusal` where a mask does not fit its slice.
  public func restored(
    _ changes: [MaskWriteBack.SliceChange], on grids: [CorrectionGrid], named name: String
  ) throws -> MaskEdit {
    func place(_ change: MaskWriteBack.SliceChange) -> Int? {
      grids.firstIndex(of: CorrectionGrid(index: change.index, grid: change.grid))
    }
    var edit = self
    let former = changes.filter { place($0) == nil }
    if !former.isEmpty {
      var drawn = MaskEdit(former.map(\.before), isSavedByPerson: isSavedByPerson)
      let masks = former.enumerated().map { ($0.offset, $0.element.after) }
      try drawn.restore(Dictionary(uniqueKeysWithValues: masks), named: name)
      edit = drawn.carried(
        from: former.map { CorrectionGrid(index: $0.index, grid: $0.grid) }, to: grids,
        basis: original)
    }
    var kept: [Int: MaskRaster] = [:]
    for change in changes {
      guard let place = place(change), edit.masks.indices.contains(place) else { continue }
      // Only what the change turned over: pixels of a former cut may have been carried onto the slice.
      var mask = kept[place] ?? edit.masks[place]
      guard mask.pixels.count == change.after.pixels.count else {
        throw EditRefusal("slice \(place + 1) has another grid")
      }
      for n in mask.pixels.indices where change.before.pixels[n] != change.after.pixels[n] {
        mask.pixels[n] = change.after.pixels[n]
      }
      kept[place] = mask
    }
    if !kept.isEmpty { try edit.restore(kept, named: name) }
    return edit
  }

  /// Whether it would be saved as another edit would.
  public func isDrawn(as other: MaskEdit) -> Bool {
    masks == other.masks && earlier == other.earlier
  }

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
