import Foundation
import Imaging
import TestSupport
import Testing

@Suite("Reference lines: where planes cross")
struct PlaneMeetingTests {
  private let sagittal = SagittalGrid(centre: [0, 0, 0])

  private func ends(
    _ a: SamplingPlane, _ b: SamplingPlane
  ) throws -> (from: SIMD3<Double>, to: SIMD3<Double>) {
    guard case .line(let from, let to) = a.meeting(with: b) else {
      throw TestFailure("no line: \(a.meeting(with: b))")
    }
    return from.y > to.y ? (from, to) : (to, from)
  }

  private struct TestFailure: Error, CustomStringConvertible {
    let description: String
    init(_ words: String) { description = words }
  }

  private func isNear(_ a: SIMD3<Double>, _ b: SIMD3<Double>, _ limit: Double = 1e-9) -> Bool {
    let d = a - b
    return (d * d).sum() < limit * limit
  }

  @Test("a straight axial slice crosses at its height, from its front edge to its back edge")
  func straight() throws {
    let axial = SamplingPlane(axialThrough: [0, 0, -20], sideMM: 100, spacingMM: 1)
    let line = try ends(SamplingPlane(sagittal), axial)
    #expect(isNear(line.from, [0, 50, -20]) && isNear(line.to, [0, -50, -20]))
    // 127.5 px is the grid's middle, 0.78125 mm a px.
    let pixel = sagittal.pixel(ras: line.from)
    #expect(abs(pixel.row - 153.1) < 1e-9 && abs(pixel.column - 63.5) < 1e-9)
    // On the axial slice: its middle column, from the upper edge of row 0 to the lower of row 99.
    let there = try #require(axial.pixel(ras: line.from))
    let back = try #require(axial.pixel(ras: line.to))
    #expect(abs(there.column - 49.5) < 1e-9 && abs(there.row + 0.5) < 1e-9)
    #expect(abs(back.row - 99.5) < 1e-9)
  }

  @Test("a slice tilted by 30 degrees crosses as computed by hand")
  func oblique() throws {
    // Its rows run towards posterior and down: (0, -cos 30, -sin 30).
    let axial = SamplingPlane(
      across: [0, 0.5, -(0.75.squareRoot())], through: [0, 0, -20], sideMM: 100, spacingMM: 1)
    let line = try ends(SamplingPlane(sagittal), axial)
    #expect(isNear(line.from, [0, 43.30127, 5], 1e-4))
    #expect(isNear(line.to, [0, -43.30127, -45], 1e-4))
    let (front, back) = (sagittal.pixel(ras: line.from), sagittal.pixel(ras: line.to))
    #expect(abs(front.row - 121.1) < 1e-4 && abs(front.column - 72.0744) < 1e-3)
    #expect(abs(back.row - 185.1) < 1e-4 && abs(back.column - 182.9256) < 1e-3)
  }

  @Test("both planes find the same ends, whatever their tilt", arguments: 0..<6)
  func roundTrip(number: Int) throws {
    let angle = Double(number) * 0.17
    let grid = SagittalGrid(
      origin: [4 + Double(number), 90, 80], columnDirection: [sin(angle), -cos(angle), 0])
    let axial = SamplingPlane(
      across: [0.3 * sin(angle), 0.2 - angle / 2, -1], through: [3, -6, -10 * Double(number)],
      sideMM: 160, spacingMM: 0.7)
    let (here, there) = (SamplingPlane(grid), axial)
    let (one, other) = (try ends(here, there), try ends(there, here))
    #expect(isNear(one.from, other.from, 1e-6) && isNear(one.to, other.to, 1e-6))
    for point in [one.from, one.to] {
      for plane in [here, there] {
        let pixel = try #require(plane.pixel(ras: point))
        #expect(abs(pixel.distanceMM) < 1e-6)
        #expect(isNear(plane.ras(row: pixel.row, column: pixel.column), point, 1e-6))
        #expect(pixel.row > -0.501 && pixel.row < Double(plane.rows) - 0.499)
        #expect(pixel.column > -0.501 && pixel.column < Double(plane.columns) - 0.499)
      }
    }
  }

  @Test("planes that do not cross say so")
  func none() {
    let here = SamplingPlane(sagittal)
    guard case .parallel(let distance) = here.meeting(with: SamplingPlane(sagittal, offsetMM: 3.3))
    else {
      Issue.record("parallel planes")
      return
    }
    #expect(abs(distance - 3.3) < 1e-9)
    // Below the grid's 200 mm; and to the right of the slice, 30 to 130 mm away.
    let below = SamplingPlane(axialThrough: [0, 0, -101], sideMM: 100, spacingMM: 1)
    let aside = SamplingPlane(axialThrough: [80, 0, 0], sideMM: 100, spacingMM: 1)
    #expect(here.meeting(with: below) == .apart && below.meeting(with: here) == .apart)
    #expect(here.meeting(with: aside) == .apart)
    let none = SamplingPlane(
      origin: .zero, columnStep: .zero, rowStep: [0, 0, -1], rows: 5, columns: 5)
    #expect(here.meeting(with: none) == .apart && none.meeting(with: here) == .apart)
    let lost = SamplingPlane(
      origin: [.nan, 0, 0], columnStep: [-1, 0, 0], rowStep: [0, -1, 0], rows: 5, columns: 5)
    #expect(here.meeting(with: lost) == .apart && lost.meeting(with: here) == .apart)
  }

  @Test("a plane across a direction is perpendicular to it, right at the left, anterior up")
  func across() {
    let plane = SamplingPlane(
      across: [0.1, -0.4, -0.9], through: [5, 6, 7], sideMM: 80, spacingMM: 0.5)
    #expect(plane.rows == 160 && plane.columns == 160)
    #expect(isNear(plane.centre, [5, 6, 7]))
    for step in [plane.columnStep, plane.rowStep] {
      #expect(abs((step * [0.1, -0.4, -0.9]).sum()) < 1e-12)
      #expect(abs((step * step).sum() - 0.25) < 1e-12)
    }
    #expect(PictureRequest.Orientation(plane) == .axial)
    let along = SamplingPlane(
      along: [0.1, -0.4, -0.9], through: [5, 6, 7], widthMM: 60, heightMM: 120, spacingMM: 0.5)
    #expect(along.rows == 240 && along.columns == 120 && isNear(along.centre, [5, 6, 7]))
    #expect(isNear(along.columnStep, plane.columnStep))
    let letters = PictureRequest.Orientation(top: "H", bottom: "F", left: "R", right: "L")
    #expect(PictureRequest.Orientation(along) == letters)
    guard case .line(let from, let to) = plane.meeting(with: along) else {
      Issue.record("planes across and along one direction do not meet")
      return
    }
    #expect(abs(((to - from) * [0.1, -0.4, -0.9]).sum()) < 1e-9)
    let lost = SamplingPlane(across: .zero, through: .zero, sideMM: 10, spacingMM: 1)
    #expect(lost == SamplingPlane(axialThrough: .zero, sideMM: 10, spacingMM: 1))
  }
}

@Suite("Slices as they were acquired")
struct AcquiredStackTests {
  private static let axial = Affine(
    i: [-0.5, 0, 0], j: [0, -0.5, 0], k: [0, 0, 4], origin: [40, 40, -16])

  @Test("axial slices are counted from above, in either storage order")
  func order() throws {
    let up = try #require(AcquiredStack(shape: [160, 160, 9], affine: Self.axial))
    #expect(up.plane == .axial && up.count == 9 && !up.isThreeDimensional)
    #expect(abs(up.spacingMM - 4) < 1e-12 && up.normal == [0, 0, -1])
    #expect(up.voxelIndex(ofSlice: 0) == 8)
    var affine = Self.axial
    (affine.k, affine.origin.z) = ([0, 0, -4], 16)
    let down = try #require(AcquiredStack(shape: [160, 160, 9], affine: affine))
    #expect(down.voxelIndex(ofSlice: 0) == 0)
    for stack in [up, down] {
      #expect(stack.slice(nearestTo: [9, 9, 16]).slice == 0)
      let near = stack.slice(nearestTo: [0, 0, 5])
      #expect(near.slice == 3 && abs(near.distanceMM - 1) < 1e-12)
      #expect(stack.holds([0, 0, 17.9]) && !stack.holds([0, 0, 18.1]))
      let beyond = stack.slice(nearestTo: [0, 0, -26])
      #expect(beyond.slice == 8 && abs(beyond.distanceMM - 10) < 1e-12)
    }
  }

  @Test("of an oblique stack the slice nearest across its planes is taken, as computed by hand")
  func oblique() throws {
    // Planes that fall towards posterior by 30 degrees, 4 mm apart, the first through the origin.
    let (s, c) = (0.5, 0.75.squareRoot())
    let affine = Affine(
      i: [-0.5, 0, 0], j: [0, -0.5 * c, -0.5 * s], k: [0, 4 * s, -4 * c], origin: [0, 0, 0])
    let stack = try #require(AcquiredStack(shape: [100, 100, 12], affine: affine))
    #expect(stack.plane == .axial && abs(stack.spacingMM - 4) < 1e-12)
    // 20 mm below the origin lies 20 cos 30 = 17.32 mm along the normal: slice 4, 1.32 mm off.
    let near = stack.slice(nearestTo: [0, 0, -20])
    #expect(near.slice == 4 && abs(near.distanceMM - 1.3205) < 1e-3)
    // 20 mm behind it on the same height lies 10 mm back along the normal, before the first slice.
    #expect(!stack.holds([0, -20, 0]))
  }

  @Test("sagittal and coronal slices, single slices, and volumes without a slice direction")
  func planes() throws {
    let sagittal = Affine(
      i: [0, -0.7, 0], j: [0, 0, 0.7], k: [3.3, 0, 0], origin: [-18, 60, -60])
    let left = try #require(AcquiredStack(shape: [80, 80, 11], affine: sagittal))
    #expect(left.plane == .sagittal && left.voxelIndex(ofSlice: 0) == 0)
    let coronal = Affine(i: [1, 0, 0], j: [0, 4, 0], k: [0, 0, 1], origin: .zero)
    let front = try #require(AcquiredStack(shape: [80, 9, 80], affine: coronal))
    #expect(front.plane == .coronal && front.voxelIndex(ofSlice: 0) == 8)
    let cube = Affine(i: [0, -1, 0], j: [0, 0, 1], k: [1, 0, 0], origin: .zero)
    let whole = try #require(AcquiredStack(shape: [50, 60, 70], affine: cube))
    #expect(whole.isThreeDimensional && whole.plane == .axial && whole.count == 60)
    let one = try #require(AcquiredStack(shape: [1, 60, 70], affine: cube))
    #expect(one.axis == 0 && one.count == 1 && one.plane == .coronal && !one.isThreeDimensional)
    var flat = cube
    flat.k = .zero
    #expect(AcquiredStack(shape: [5, 5, 5], affine: flat) == nil)
    #expect(AcquiredStack(shape: [5, 0, 5], affine: cube) == nil)
  }

  @Test(
    "real axial slices cross the sagittal plane through their middle one below the other",
    .enabled(if: SharedData.has("data/sct_testing_data/t2s/t2s.nii.gz")))
  func realStack() throws {
    let volume = try NIfTI.read(SharedData.url("data/sct_testing_data/t2s/t2s.nii.gz")).volume
    let stack = try #require(AcquiredStack(volume))
    #expect(stack.plane == .axial && !stack.isThreeDimensional)
    let size = SIMD3<Double>(volume.shape) - [1, 1, 1]
    let sagittal = SamplingPlane(SagittalGrid(centre: volume.affine(size / 2)))
    var heights: [Double] = []
    for slice in 0..<stack.count {
      let plane = try #require(
        volume.uprightPlane(axis: stack.axis, index: stack.voxelIndex(ofSlice: slice)))
      guard case .line(let from, let to) = sagittal.meeting(with: plane) else {
        Issue.record("slice \(slice) does not cross")
        continue
      }
      let back = try #require(plane.pixel(ras: (from + to) / 2))
      #expect(abs(back.distanceMM) < 1e-6)
      #expect(stack.slice(nearestTo: (from + to) / 2).slice == slice)
      heights.append((from.z + to.z) / 2)
    }
    #expect(zip(heights, heights.dropFirst()).allSatisfy { $0 > $1 })
  }
}
