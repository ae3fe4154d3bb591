import Imaging
import Testing

@testable import Core

@Suite("Masks drawn on canonical slices, back on the source's voxels")
struct MaskWriteBackTests {
  /// A mask whose value says nothing of the edit: every third voxel.
  private func volume(_ affine: Affine, _ shape: SIMD3<Int>) -> LabelVolume {
    LabelVolume(
      shape: shape,
      voxels: (0..<(shape.x * shape.y * shape.z)).map { UInt16($0 % 3 == 0 ? 1 : 0) },
      affine: affine)
  }

  /// Turns the pixels of a square of a slice to one value.
  private func change(
    _ volume: LabelVolume, _ index: Int, _ grid: SagittalGrid, to isSet: Bool
  ) -> MaskWriteBack.SliceChange {
    let before = volume.resampled(on: grid).raster.map { $0 != 0 }
    var after = before
    for row in 120..<132 { for column in 118..<130 { after[row, column] = isSet } }
    return MaskWriteBack.SliceChange(index: index, grid: grid, before: before, after: after)
  }

  @Test(
    "only voxels under edited pixels change, and what is read again is what was drawn",
    arguments: [0.5, 0.78125, 1.5])
  func touched(_ spacing: Double) throws {
    let side = Int(150 / spacing)
    let affine = Affine(
      i: [0, -spacing, 0], j: [0, 0, spacing], k: [3.3, 0, 0], origin: [-6.6, 75, -75])
    let volume = volume(affine, [side, side, 5])
    for isSet in [true, false] {
      let change = change(volume, 3, SagittalGrid(centre: [3.3, 0, 0]), to: isSet)
      let (mask, changed) = try MaskWriteBack.write([change], into: volume)
      let different = mask.voxels.indices.filter { mask.voxels[$0] != volume.voxels[$0] }
      #expect(changed.voxels == different.count && changed.voxels > 0)
      #expect((changed.added == 0) != isSet && (changed.removed == 0) == isSet)
      #expect(changed.slices == 1)
      for n in different {
        let place = affine([
          Double(n % side), Double(n / side % side), Double(n / side / side),
        ])
        let pixel = change.grid.pixel(ras: place)
        #expect(abs(pixel.distanceMM) < 0.01)
        // A voxel larger than a pixel may reach half its width beyond the square.
        let reach = spacing / SagittalGrid.spacing / 2 + 0.51
        #expect(pixel.row > 120 - reach && pixel.row < 131 + reach)
        #expect(pixel.column > 118 - reach && pixel.column < 129 + reach)
        #expect((mask.voxels[n] == 1) == isSet)
      }
      let read = mask.resampled(on: change.grid).raster
      #expect((read[125, 124] != 0) == isSet && (read[122, 120] != 0) == isSet)
    }
  }

  @Test("of thin slices that were averaged, all of the partition are drawn")
  func partitions() throws {
    let affine = Affine(
      i: [1, 0, 0], j: [0, -1, 0], k: [0, 0, 1], origin: [-10, 75, -75])
    let empty = LabelVolume(
      shape: [21, 150, 150], voxels: [UInt16](repeating: 0, count: 21 * 150 * 150), affine: affine)
    let plan = try #require(ThickPartitions(shape: empty.shape, affine: affine))
    let stack = try #require(
      SagittalStack(shape: [plan.count, 150, 150], affine: plan.affine(affine)))
    let grid = SagittalGrid(centre: [stack.centre(ofSlice: 2).x, 0, 0])
    let change = change(empty, 2, grid, to: true)
    let (mask, _) = try MaskWriteBack.write([change], into: empty)
    let planes = Set(mask.voxels.indices.filter { mask.voxels[$0] != 0 }.map { $0 % 21 })
    #expect(planes.sorted() == Array((plan.start + 6)..<(plan.start + 9)))
    #expect(plan.labels(mask).resampled(on: grid).raster[125, 124] == 1)
  }

  @Test("what was changed is told in voxels of the file")
  func words() {
    var written = MaskWriteBack.Written()
    #expect(written.words == "0 slices, 0 voxels added, 0 removed" && written.voxels == 0)
    (written.slices, written.added, written.removed) = (1, 1, 134)
    #expect(written.words == "1 slice, 1 voxel added, 134 removed" && written.voxels == 135)
  }

  @Test("slices that are not there and masks of another size are refused; no edit changes nothing")
  func malformed() throws {
    let volume = volume(LibraryFixture.affine(), [80, 80, 5])
    let grid = LibraryFixture.grid(slice: 2)
    var change = change(volume, 9, grid, to: true)
    #expect(throws: EditRefusal.self) { try MaskWriteBack.write([change], into: volume) }
    change.index = 2
    change.after = MaskRaster(rows: 3, columns: 3, filledWith: true)
    #expect(throws: EditRefusal.self) { try MaskWriteBack.write([change], into: volume) }
    change.after = change.before
    let same = try MaskWriteBack.write([change], into: volume)
    #expect(same.changed == MaskWriteBack.Written() && same.mask.voxels == volume.voxels)
    var flat = volume
    flat.affine.k = .zero
    change.after[0, 0].toggle()
    #expect(throws: EditRefusal.self) { try MaskWriteBack.write([change], into: flat) }
  }
}
