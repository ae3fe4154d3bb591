import Imaging
import Testing

@Suite struct GridTests {
  @Test func volumesStoreIFastest() {
    var volume = Volume<Int>(shape: [2, 3, 4], voxels: Array(0..<24), affine: .identity)
    #expect(volume[1, 0, 0] == 1)
    #expect(volume[0, 1, 0] == 2)
    #expect(volume[0, 0, 1] == 6)
    volume[1, 2, 3] = -1
    #expect(volume.voxels[23] == -1)
    #expect(volume.contains(1, 2, 3))
    #expect(!volume.contains(2, 0, 0) && !volume.contains(0, -1, 0) && !volume.contains(0, 0, 4))
    #expect(volume.map { Float($0) }.voxels[22] == 22)
  }

  @Test func rastersAreRowMajor() {
    var raster = Raster(rows: 2, columns: 3, pixels: [0, 1, 2, 3, 4, 5])
    #expect(raster[1, 0] == 3)
    raster[0, 2] = 9
    #expect(raster.pixels == [0, 1, 9, 3, 4, 5])
    #expect(raster.contains(row: 1, column: 2))
    #expect(!raster.contains(row: 2, column: 0) && !raster.contains(row: 0, column: -1))
    #expect(raster.map { $0 * 2 }[0, 2] == 18)
    #expect(Raster(rows: 2, columns: 2, filledWith: true).pixels == [true, true, true, true])
    #expect(Raster(rows: 0, columns: 5, filledWith: 1).pixels.isEmpty)
  }

  @Test func theCanonicalGridSpans200MillimetresAndPointsTheRightWay() {
    let grid = SagittalGrid(centre: [3, -10, 40])
    #expect(SagittalGrid.spacing * Double(SagittalGrid.side) == 200)
    #expect(AffineTests.isClose(grid.ras(row: 127.5, column: 127.5), [3, -10, 40]))
    // Superior up, anterior left.
    #expect(grid.ras(row: 0, column: 0).z > grid.ras(row: 1, column: 0).z)
    #expect(grid.ras(row: 0, column: 0).y > grid.ras(row: 0, column: 1).y)
    #expect(grid.normal == [1, 0, 0])
  }

  @Test(arguments: [false, true])
  func pixelsAndPlacesAreInverse(isTilted: Bool) {
    let grid =
      isTilted
      ? SagittalGrid(
        origin: [1, 90, 80], columnDirection: [0.6, -0.8, 0],
        rowDirection: [0, 0, -1])
      : SagittalGrid(centre: [1, 2, 3])
    for (row, column) in [(0.0, 0.0), (255, 255), (17.25, 200.5), (-4, 300)] {
      let back = grid.pixel(ras: grid.ras(row: row, column: column))
      #expect(abs(back.row - row) < 1e-9)
      #expect(abs(back.column - column) < 1e-9)
      #expect(abs(back.distanceMM) < 1e-9)
      let off = grid.pixel(ras: grid.ras(row: row, column: column) + grid.normal * 2.5)
      #expect(abs(off.distanceMM - 2.5) < 1e-9)
      #expect(abs(off.row - row) < 1e-9)
    }
  }

  @Test func theGridsAffineAgreesWithItsPixels() throws {
    let grid = SagittalGrid(centre: [5, 6, 7])
    let affine = grid.affine(stepMM: 3)
    #expect(AffineTests.isClose(affine([30, 40, 0]), grid.ras(row: 40, column: 30)))
    #expect(AffineTests.isClose(affine([0, 0, 1]), grid.origin + [3, 0, 0]))
    #expect(affine.orientation.code == "PIR")
    let inverse = try #require(affine.inverse)
    #expect(AffineTests.isClose(inverse(grid.ras(row: 3.5, column: 4.5)), [4.5, 3.5, 0]))
  }
}
