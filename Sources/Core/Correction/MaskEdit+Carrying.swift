public import Imaging

/// Going on with a mask on slices that were cut anew since it was drawn.
///
/// What was drawn is shown on the new grids, moved by whole pixels; what is written of a slice on which
/// nothing more was drawn is what was drawn on its former grid, to the voxel.
extension MaskEdit {
  private typealias Step = EditHistory<[Int: Set<Int>]>.Step

  /// The edit with its history on other grids of the same slices.
  ///
  /// - Parameters:
  ///   - grids: those that it was drawn on.
  ///   - other: those that it goes on on.
  ///   - basis: the mask on these without the edit.
  public func carried(
    from grids: [CorrectionGrid], to other: [CorrectionGrid], basis: [MaskRaster]
  ) -> MaskEdit {
    var places: [Int: (slice: Int, shift: GridShift)] = [:]
    for (slice, grid) in grids.enumerated() {
      guard let place = other.firstIndex(where: { $0.index == grid.index }),
        basis.indices.contains(place), basis[place].rows == other[place].grid.rows,
        basis[place].columns == SagittalGrid.side, original.indices.contains(slice),
        original[slice].columns == SagittalGrid.side,
        let shift = GridShift(from: grid.grid, to: other[place].grid)
      else { continue }
      places[slice] = (place, shift)
    }
    var former = original
    var now = basis
    // Pixels get the value that an edit gave them: on these grids they may have had it before.
    func carry(_ step: Step) -> Step {
      var change: [Int: Set<Int>] = [:]
      for (slice, pixels) in step.change {
        for n in pixels {
          former[slice].pixels[n].toggle()
          guard let (place, shift) = places[slice], let m = shift.pixel(n),
            now[place].pixels[m] != former[slice].pixels[n]
          else { continue }
          now[place].pixels[m].toggle()
          change[place, default: []].insert(m)
        }
      }
      return Step(name: step.name, change: change)
    }
    var done = history.standing.map { carry($0) }
    // What lay outside of these grids, and was carried from others, may lie on the new ones again.
    for change in sliceChanges(on: grids) {
      guard let last = done.indices.last,
        let place = other.firstIndex(where: { $0.index == change.index }),
        basis.indices.contains(place), basis[place].rows == other[place].grid.rows,
        basis[place].columns == SagittalGrid.side, change.after.columns == SagittalGrid.side,
        let shift = GridShift(from: change.grid, to: other[place].grid)
      else { continue }
      for n in change.after.pixels.indices
      where change.after.pixels[n] != change.before.pixels[n] {
        guard let m = shift.pixel(n), now[place].pixels[m] != change.after.pixels[n] else {
          continue
        }
        now[place].pixels[m].toggle()
        done[last].change[place, default: []].formSymmetricDifference([m])
      }
    }
    let masks = now
    let toRedo = history.stepsToRedo.map { carry($0) }
    return MaskEdit(
      original: basis, masks: masks, isSavedByPerson: isSavedByPerson,
      history: EditHistory(done: done, toRedo: toRedo),
      earlier: CarriedMask(edit: self, grids: grids, onto: other))
  }

  /// What is written of the edit, slice by slice.
  ///
  /// - Parameter grids: those that it is drawn on.
  public func sliceChanges(on grids: [CorrectionGrid]) -> [MaskWriteBack.SliceChange] {
    func change(_ slice: Int) -> MaskWriteBack.SliceChange? {
      guard grids.indices.contains(slice), masks[slice] != original[slice] else { return nil }
      return MaskWriteBack.SliceChange(
        index: grids[slice].index, grid: grids[slice].grid, before: original[slice],
        after: masks[slice])
    }
    guard let carried = earlier.first else { return changedSlices.compactMap(change) }
    let own = slicesDrawnOnSince
    let indices = Set(own.filter(grids.indices.contains).map { grids[$0].index })
    // Of a slice that was drawn on again what is shown is written, and what lies outside of it.
    let before = carried.changes.compactMap { former -> MaskWriteBack.SliceChange? in
      guard indices.contains(former.index) else { return former }
      let rest = carried.rest(of: former)
      return rest.before == rest.after ? nil : rest
    }
    return before + own.compactMap(change)
  }

  /// How many slices differ from the beginning, shown or not.
  public var changedSliceCount: Int {
    guard let carried = earlier.first else { return changedSlices.count }
    return Set(sliceChanges(on: carried.onto).map(\.index)).count
  }

  /// ", 3.1 mm² outside of the pictures": what was drawn where no picture reaches any more, and is saved with
  /// the rest; empty where all is shown.
  var outsideWords: String {
    let pixels = earlier.first?.pixelsOutside ?? 0
    return pixels == 0 ? "" : ", \(Self.area(pixels)) mm² outside of the pictures"
  }

  /// Whether anything that was drawn on earlier slices would be written.
  var isEarlierChanged: Bool {
    earlier.first.map { !sliceChanges(on: $0.onto).isEmpty } ?? false
  }

  /// Whether undo is about what was drawn on earlier slices.
  var isLastEarlier: Bool {
    earlier.first.map { $0.edit.history.standing.count == history.standing.count } ?? false
  }

  /// Whether redo is about it.
  var isNextEarlier: Bool { isLastEarlier && history.next != nil && hasEarlierRedo }

  private var hasEarlierRedo: Bool { earlier.first?.edit.history.next != nil }

  /// The slices that differ from what was carried over.
  private var slicesDrawnOnSince: [Int] {
    let count = earlier.first?.edit.history.standing.count ?? 0
    var turned: [Int: Set<Int>] = [:]
    for step in history.standing.dropFirst(count) {
      for (slice, pixels) in step.change {
        turned[slice, default: []].formSymmetricDifference(pixels)
      }
    }
    return turned.filter { !$0.value.isEmpty }.keys.sorted()
  }
}
