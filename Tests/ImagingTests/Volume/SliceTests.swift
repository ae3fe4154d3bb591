import Imaging
import Testing

@Suite("Slices in the patient")
struct SliceTests {
  /// Distinct voxels on an oblique, sheared grid.
  static let volume: Volume<Int> = {
    var affine = AffineTests.oblique
    affine.j += affine.i * 0.2
    return Volume(shape: [3, 4, 5], voxels: Array(0..<60), affine: affine)
  }()

  @Test("every stored slice has the voxels of its plane at their places", arguments: 0..<3)
  func storedSlices(axis: Int) throws {
    let volume = Self.volume
    for index in 0..<volume.shape[axis] {
      let slice = volume.slice(axis: axis, index: index)
      let axes = (0..<3).filter { $0 != axis }
      for row in 0..<slice.raster.rows {
        for column in 0..<slice.raster.columns {
          var at = SIMD3<Int>.zero
          at[axis] = index
          at[axes[0]] = column
          at[axes[1]] = row
          #expect(slice.raster[row, column] == volume[at.x, at.y, at.z])
          let place = slice.ras(row: Double(row), column: Double(column))
          #expect(AffineTests.isClose(place, volume.affine(SIMD3<Double>(at))))
        }
      }
    }
  }

  @Test("pixels and places are inverse, beside the plane too", arguments: 0..<3)
  func bothWays(axis: Int) throws {
    let slice = Self.volume.slice(axis: axis, index: 1)
    for (row, column, distance) in [(0.0, 0.0, 0.0), (2.25, 1.5, 3), (-4, 7, -0.5)] {
      let point = slice.ras(row: row, column: column) + slice.plane.normal * distance
      let back = try #require(slice.pixel(ras: point))
      #expect(abs(back.row - row) < 1e-9 && abs(back.column - column) < 1e-9)
      #expect(abs(back.distanceMM - distance) < 1e-9)
    }
  }

  @Test("the canonical grid and its plane agree, and so does a resampled slice")
  func canonicalPlane() throws {
    let grid = SagittalGrid(
      origin: [1, 90, 80], columnDirection: [0.6, -0.8, 0], rowDirection: [0, 0, -1])
    let plane = SamplingPlane(grid)
    #expect(AffineTests.isClose(plane.normal, grid.normal))
    #expect(plane.affine(stepMM: 3).orientation == grid.affine(stepMM: 3).orientation)
    let point: SIMD3<Double> = [20, 30, -40]
    let found = try #require(plane.pixel(ras: point))
    let wanted = grid.pixel(ras: point)
    #expect(abs(found.row - wanted.row) < 1e-9 && abs(found.column - wanted.column) < 1e-9)
    #expect(abs(found.distanceMM - wanted.distanceMM) < 1e-9)
    let volume = Self.volume.map { Float($0) }
    let sampled = volume.resampled(on: grid, outside: -1)
    #expect(sampled.slice.plane == plane && sampled.raster == sampled.slice.raster)
  }

  @Test("a slice as a volume lies where it lay")
  func volumeOfOneSlice() throws {
    let slice = Self.volume.slice(axis: 1, index: 2)
    let volume = slice.volume(stepMM: 2)
    #expect(volume.voxels == slice.raster.pixels && volume.shape == [3, 5, 1])
    #expect(AffineTests.isClose(volume.affine([2, 4, 0]), slice.ras(row: 4, column: 2)))
    #expect(abs(volume.affine.spacing.z - 2) < 1e-9)
    #expect(volume.slice(axis: 2, index: 0) == slice)
    #expect(slice.map { $0 * 2 }.raster[4, 2] == 2 * slice.raster[4, 2])
  }

  @Test("steps that span no plane: no pixel, no trap")
  func flatSteps() {
    let plane = SamplingPlane(
      origin: .zero, columnStep: [1, 0, 0], rowStep: [2, 0, 0], rows: 2, columns: 2)
    #expect(plane.pixel(ras: [1, 2, 3]) == nil)
    #expect(plane.normal == .zero)
  }
}
