import Foundation
import Imaging
import Testing

@testable import Core

@Suite("Measuring beside the measured slice")
struct NeighbourSlicesTests {
  /// A drawn neck between two others.
  private static func slice(
    _ own: DrawnNeck, _ left: DrawnNeck, _ right: DrawnNeck
  ) -> SegmentedSlice {
    var slice = own.slice()
    slice.neighbours = [left.slice(), right.slice()]
    slice.neighbours[0].index = slice.index - 1
    slice.neighbours[1].index = slice.index + 1
    return slice
  }

  private static func measured(
    _ own: DrawnNeck, _ left: DrawnNeck, _ right: DrawnNeck
  ) -> CervicalMeasurements {
    CervicalMeasurements(slice(own, left, right), subject: "drawn", image: "drawn.nii")
  }

  /// A neck with these angles of C2, C7 and T1.
  private static func neck(_ c2: Double, _ c7: Double, _ t1: Double) -> DrawnNeck {
    var neck = DrawnNeck()
    neck.bodies[0].angle = c2
    neck.bodies[5].angle = c7
    neck.bodies[6].angle = t1
    return neck
  }

  @Test("angles of a slice and its neighbours are those of the mean outline, and say so")
  func mean() throws {
    let alignment = try #require(
      Self.measured(Self.neck(-4, 10, 10), Self.neck(-2, 13, 12), Self.neck(-3, 11.5, 8))
        .alignment)
    #expect(abs(try #require(alignment.c2SlopeDeg.value) + 3) < 0.5)
    #expect(abs(try #require(alignment.cobbDeg.value) - 14.5) < 0.7)
    #expect(abs(try #require(alignment.t1SlopeDeg.value) - 10) < 0.5)
    #expect(alignment.cobbDeg.inputs.last == "mean outline of 3 slices: C2, C7")
    #expect(alignment.t1SlopeDeg.inputs.last == "mean outline of 3 slices: T1")
    #expect(alignment.c2C7SvaCornerMm.inputs.last == "mean outline of 3 slices: C2, C7")
    for value in [
      alignment.cobbDeg, alignment.c2SlopeDeg, alignment.t1SlopeDeg, alignment.t1SlopeMinusCobbDeg,
    ] { #expect(value.quality.isEmpty, "\(value)") }
  }

  @Test(
    "an outlier of one slice hardly counts, and the angle is doubted with what each slice gives")
  func varies() throws {
    let alignment = try #require(
      Self.measured(Self.neck(0, 20, 0), Self.neck(0, 6, 0), Self.neck(0, 6, 0)).alignment)
    let cobb = alignment.cobbDeg
    let value = try #require(cobb.value)
    #expect(value > 6 && value < 12, "\(value)")
    #expect(cobb.quality.names == ["angle-varies"])
    let text = try #require(cobb.quality.first).text
    #expect(
      text.contains("beside it, each alone, give 20.0, 6.0, 6.0 deg: more than 5.0 deg off"),
      "\(text)")
    #expect(alignment.t1SlopeMinusCobbDeg.quality.names.contains("angle-varies"))
    #expect(alignment.c2SlopeDeg.quality.isEmpty && alignment.t1SlopeDeg.quality.isEmpty)
  }

  @Test("a body that a neighbour does not show, or only a piece of it, is the slice's own")
  func own() throws {
    var cut = Self.neck(0, 1, 0)
    cut.bodies[5].isSeen = false
    var piece = Self.neck(0, 1, 0)
    piece.bodies[5].height = 8
    let alone = try #require(Self.neck(0, 9, 0).measured().alignment)
    for left in [cut, piece] {
      let measured = Self.measured(Self.neck(0, 9, 0), left, Self.neck(0, 9, 0))
      let cobb = try #require(measured.alignment?.cobbDeg)
      let expected = try #require(alone.cobbDeg.value)
      #expect(abs(try #require(cobb.value) - expected) < 0.05)
      #expect(cobb.inputs.last == "mean outline of 3 slices: C2")
    }
    // With one neighbour there is no mean, but a contradiction is told all the same.
    var slice = Self.slice(Self.neck(0, 9, 0), Self.neck(0, 1, 0), DrawnNeck())
    slice.neighbours.removeLast()
    let one = CervicalMeasurements(slice, subject: "a", image: "b").alignment
    #expect(one?.cobbDeg.value == alone.cobbDeg.value)
    #expect(one?.cobbDeg.inputs == alone.cobbDeg.inputs)
    #expect(one?.cobbDeg.quality.names == ["angle-varies"])
  }

  @Test("the other measures stay those of the slice, which is said where a disc depends on it")
  func discs() throws {
    var low = DrawnNeck()
    low.bulges[3] = 1.2
    var high = DrawnNeck()
    high.bulges[3] = 2.8
    let alone = try #require(low.measured().level("C5-6")).disc
    let beside = try #require(Self.measured(low, high, low).level("C5-6")).disc
    #expect(beside.displacementMm.value == alone.displacementMm.value && !beside.isShown)
    #expect(beside.displacementMm.quality.names == ["disc-varies"])
    #expect(beside.displacementMm.quality.first?.text.contains("2.8 and 1.2 mm") == true)
    let shown = try #require(Self.measured(high, low, high).level("C5-6")).disc
    #expect(shown.isShown && shown.displacementMm.quality.names == ["disc-varies"])
    let same = Self.measured(low, low, low)
    #expect(same.level("C5-6")?.disc.displacementMm.quality.isEmpty == true)
    #expect(same.levels.map(\.narrowing) == low.measured().levels.map(\.narrowing))
    #expect(same.vertebrae == low.measured().vertebrae)
  }

  /// A box of C5 on some of a volume's sagittal slices.
  private static func labels(spacing: Double, count: Int, on slices: ClosedRange<Int>)
    -> StudyLabels
  {
    var spine = LabelVolume(
      shape: [count, 200, 200], voxels: [UInt16](repeating: 0, count: count * 200 * 200),
      affine: Affine(
        i: [spacing, 0, 0], j: [0, -1, 0], k: [0, 0, -1],
        origin: [-spacing * Double(count / 2), 100, 100]))
    for k in 92...106 {
      for j in 90...107 {
        for i in slices {
          spine.voxels[i + count * (j + 200 * k)] = VertebralLevel.c5.totalSpineSegLabel
        }
      }
    }
    return StudyLabels(spine: spine, levelSource: .labelled)
  }

  private static func beside(_ labels: StudyLabels, slice: Int) throws -> (
    whole: SegmentedSlice, distances: [Double]
  ) {
    let stack = try #require(labels.spine.flatMap { SagittalStack($0) })
    let grid = stack.grid(slice: slice, centredOn: .zero)
    let whole = SegmentedSlice(index: slice, grid: grid, labels: labels)
      .withNeighbours(of: labels)
    return (whole, whole.neighbours.map { grid.pixel(ras: $0.grid.origin).distanceMM })
  }

  @Test("neighbours are the slices on either side, of thin ones those 3 mm away, none beyond 5 mm")
  func neighbours() throws {
    let thick = Self.labels(spacing: 3.3, count: 5, on: 1...4)
    let middle = try Self.beside(thick, slice: 2)
    #expect(middle.whole.neighbours.map(\.index) == [1, 3])
    #expect(zip(middle.distances, [-3.3, 3.3]).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(middle.whole.neighbours.allSatisfy { $0.bodies[.c5] != nil && $0.neighbours.isEmpty })
    #expect(middle.whole.meanBodies.averaged == [.c5])
    // Beyond the labels, and beyond the stack.
    let outer = try Self.beside(thick, slice: 1)
    #expect(outer.whole.neighbours.count == 2 && outer.whole.meanBodies.averaged.isEmpty)
    #expect(outer.whole.meanBodies.bodies == outer.whole.bodies)
    #expect(try Self.beside(thick, slice: 4).whole.neighbours.map(\.index) == [3])
    let thin = try Self.beside(Self.labels(spacing: 1, count: 15, on: 0...14), slice: 7)
    #expect(zip(thin.distances, [-3, 3]).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(thin.distances.count == 2 && middle.distances.count == 2)
    #expect(
      try Self.beside(Self.labels(spacing: 5.5, count: 5, on: 0...4), slice: 2).distances.isEmpty)
    #expect(middle.whole.withNeighbours(of: StudyLabels()).neighbours.count == 2)
  }
}
