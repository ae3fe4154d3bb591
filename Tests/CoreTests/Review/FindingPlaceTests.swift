import Imaging
import Testing

@testable import Core

@Suite("Where a finding lies on a picture")
struct FindingPlaceTests {
  private static let grid = SagittalGrid(centre: [-5, 10, 20])

  private static func place(row: Double, column: Double) -> FindingPlace {
    FindingPlace(
      slice: 2, row: row, column: column, ras: grid.ras(row: row, column: column))
  }

  @Test(
    "on the grid on which it was stated it lies where it was stated",
    arguments: [(81.4, 125.0), (0.0, 0.0), (200.3, 17.9)])
  func ownGrid(row: Double, column: Double) {
    let at = Self.place(row: row, column: column).pixel(on: Self.grid)
    #expect(at.row == row && at.column == column)
  }

  @Test("where labels moved the window, it stays at its place in the patient")
  func movedGrid() {
    let place = Self.place(row: 81.4, column: 125)
    // 10 px in depth and 20 px in height.
    let moved = SagittalGrid(centre: [-5, 17.8125, 4.375])
    let at = place.pixel(on: moved)
    #expect(abs(abs(at.row - 81.4) - 20) < 0.1 && abs(abs(at.column - 125) - 10) < 0.1)
    let ras = moved.ras(row: at.row, column: at.column)
    #expect(abs(ras.y - place.y) < 1e-6 && abs(ras.z - place.z) < 1e-6)
  }

  @Test("numbers of no picture come back as numbers")
  func hostile() {
    var place = Self.place(row: 81.4, column: 125)
    (place.z, place.y) = (1e308, -1.7e308)
    let at = place.pixel(on: Self.grid)
    #expect(at.row.isFinite && at.column.isFinite)
  }
}
