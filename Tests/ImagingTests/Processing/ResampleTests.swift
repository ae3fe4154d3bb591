import Foundation
import Imaging
import Testing

@Suite struct ResampleTests {
  /// A volume whose grey value is a function of RAS position.
  static func volume(
    shape: SIMD3<Int>, affine: Affine, _ value: (SIMD3<Double>) -> Double
  ) -> ImageVolume {
    var voxels: [Float] = []
    for k in 0..<shape.z {
      for j in 0..<shape.y {
        for i in 0..<shape.x {
          voxels.append(Float(value(affine([Double(i), Double(j), Double(k)]))))
        }
      }
    }
    return ImageVolume(shape: shape, voxels: voxels, affine: affine)
  }

  /// An oblique grid of about 1 mm, axes permuted and one flipped.
  static let oblique = Affine(
    i: [0.1, -0.98, 0.05], j: [0.04, -0.06, -1.02], k: [1.1, 0.08, 0.03],
    origin: [-30, 60, 70])

  @Test(arguments: [Interpolation.linear, .cubic])
  func linearFunctionsComeBackExactly(interpolation: Interpolation) {
    let f = { (p: SIMD3<Double>) in 2 + 0.3 * p.x - 0.7 * p.y + 0.4 * p.z }
    let volume = Self.volume(shape: [120, 130, 50], affine: Self.oblique, f)
    let grid = SagittalGrid(centre: [0, 0, 0])
    let found = volume.resampled(
      on: grid, offsetMM: 2.3, interpolation: interpolation, throughPlane: .interpolated,
      outside: -1)
    var covered = 0
    for row in 0..<256 {
      for column in 0..<256 {
        guard found.covered[row, column] else {
          #expect(found.raster[row, column] == -1)
          continue
        }
        covered += 1
        let p = grid.ras(row: Double(row), column: Double(column)) + grid.normal * 2.3
        let index = volume.affine.inverse?(p) ?? .zero
        // Within two voxels of the edge the repeated edge bends the ramp.
        guard index.x > 2, index.y > 2, index.z > 2, index.x < 117, index.y < 127, index.z < 47
        else { continue }
        if abs(Double(found.raster[row, column]) - f(p)) > 2e-4 {
          Issue.record("(\(row), \(column)): \(found.raster[row, column]) for \(f(p))")
        }
      }
    }
    #expect(covered > 15000)
  }

  @Test func cubicConvolutionReproducesParabolas() {
    let affine = Affine(i: [0, -1, 0], j: [0, 0, -1], k: [3, 0, 0], origin: [0, 60, 60])
    let f = { (p: SIMD3<Double>) in 1 + 0.01 * p.y * p.y - 0.02 * p.y * p.z + 0.1 * p.z }
    let volume = Self.volume(shape: [120, 120, 1], affine: affine, f)
    let grid = SagittalGrid(centre: [0.4, 0.3, 0.2])
    let found = volume.resampled(on: grid)
    for row in 60..<190 {
      for column in 60..<190 {
        let p = grid.ras(row: Double(row), column: Double(column))
        #expect(found.covered[row, column])
        if abs(Double(found.raster[row, column]) - f(p)) > 1e-3 {
          Issue.record("(\(row), \(column)): \(found.raster[row, column]) for \(f(p))")
        }
      }
    }
  }

  @Test func thickSlicesAreNotMixed() {
    // Two slices of 4 mm, values 10 and 20; the plane lies 1.9 mm from the first.
    let affine = Affine(i: [0, -1, 0], j: [0, 0, -1], k: [4, 0, 0], origin: [0, 100, 100])
    let plane = Array(repeating: Float(10), count: 40000)
    let volume = ImageVolume(
      shape: [200, 200, 2], voxels: plane + plane.map { _ in 20 }, affine: affine)
    func centre(_ x: Double, _ through: ThroughPlane) -> Float {
      volume.resampled(on: SagittalGrid(centre: [x, 0, 0]), throughPlane: through)
        .raster[128, 128]
    }
    #expect(centre(1.9, .nearestSlice) == 10 && centre(2.1, .nearestSlice) == 20)
    #expect(close(centre(2, .interpolated), 15))
    #expect(
      !volume.resampled(on: SagittalGrid(centre: [6.5, 0, 0])).covered.pixels.contains(true))
  }

  @Test func labelsComeFromTheNearestVoxel() {
    let affine = Affine(i: [0, -2, 0], j: [0, 0, -2], k: [3, 0, 0], origin: [0, 50, 50])
    var volume = LabelVolume(
      shape: [51, 51, 3], voxels: Array(repeating: 4, count: 51 * 51 * 3), affine: affine)
    volume[25, 25, 1] = 9
    let grid = SagittalGrid(centre: [3, 0, 0])
    let found = volume.resampled(on: grid, outside: 77)
    #expect(found.raster[0, 0] == 77 && !found.covered[0, 0])
    for row in 0..<256 {
      for column in 0..<256 where found.raster[row, column] == 9 {
        let p = grid.ras(row: Double(row), column: Double(column))
        #expect(abs(p.y) <= 1.0001 && abs(p.z) <= 1.0001)
      }
    }
    #expect(found.raster.pixels.filter { $0 == 9 }.count >= 4)
  }

  @Test func unusableGeometryCoversNothing() {
    let flat = Affine(i: [1, 0, 0], j: [2, 0, 0], k: [0, 0, 1], origin: .zero)
    let volume = ImageVolume(shape: [1, 1, 1], voxels: [3], affine: flat)
    let found = volume.resampled(on: SagittalGrid(centre: .zero), outside: 8)
    #expect(!found.covered.pixels.contains(true) && found.raster[5, 5] == 8)
    var odd = Affine.identity
    odd.origin.x = .nan
    let nan = ImageVolume(shape: [1, 1, 1], voxels: [3], affine: odd)
    #expect(
      !nan.resampled(on: SagittalGrid(centre: .zero)).covered.pixels.contains(true))
    let empty = ImageVolume(shape: [0, 4, 4], voxels: [], affine: .identity)
    #expect(
      !empty.resampled(on: SagittalGrid(centre: .zero)).covered.pixels.contains(true))
  }

  @Test func pointsAndWholeVolumes() {
    let volume = Self.volume(shape: [20, 21, 22], affine: Self.oblique) { $0.x + 2 * $0.z }
    let p = Self.oblique([9.3, 10.1, 11.7])
    #expect(volume.sample(atRAS: p).map { close($0, Float(p.x + 2 * p.z), 1e-3) } == true)
    #expect(volume.sample(atRAS: [500, 0, 0]) == nil)
    let same = volume.resampled(shape: volume.shape, affine: volume.affine, interpolation: .cubic)
    #expect(zip(same.voxels, volume.voxels).allSatisfy { close($0, $1, 1e-3) })
    let labels = volume.map { UInt16(max(0, min(999, $0 + 200))) }
    #expect(labels.resampled(shape: labels.shape, affine: labels.affine).voxels == labels.voxels)
  }

  @Test func slicesRunFromLeftToRight() throws {
    // k falls to the left: slice 0 is the last k.
    let affine = Affine(i: [0, -1, 0], j: [0, 0, -1], k: [-3, 0, 0], origin: [15, 0, 0])
    let stack = try #require(SagittalStack(shape: [10, 20, 11], affine: affine))
    #expect(stack.axis == 2 && stack.count == 11 && stack.isReversed)
    #expect(close(stack.spacingMM, 3))
    #expect(stack.centre(ofSlice: 0).x == -15 && stack.voxelIndex(ofSlice: 0) == 10)
    #expect(stack.slice(ofVoxelIndex: 0) == 10)
    #expect(stack.slice(nearestTo: [4, 0, 0]) == 6 && stack.slice(nearestTo: [99, 0, 0]) == 10)
    #expect(
      SagittalStack(
        shape: [1, 1, 1],
        affine: Affine(
          i: .zero, j: [0, 1, 0], k: [0, 0, 1], origin: .zero)) == nil)
  }

  @Test func gridsLieInTheirSlice() throws {
    let stack = try #require(SagittalStack(shape: [100, 110, 40], affine: Self.oblique))
    let grid = stack.grid(slice: 7, centredOn: [3, -4, 5])
    let inverse = try #require(Self.oblique.inverse)
    for (row, column) in [(0.0, 0.0), (255, 0), (0, 255), (255, 255)] {
      let k = inverse(grid.ras(row: row, column: column)).z
      #expect(close(k, Double(stack.voxelIndex(ofSlice: 7)), 1e-6))
    }
    #expect(grid.rowDirection.z < -0.9 && grid.columnDirection.y < -0.9)
    #expect(close((grid.rowDirection * grid.columnDirection).sum(), 0))
    #expect(close((grid.normal * stack.normal).sum(), 1))
    let straight = try #require(
      SagittalStack(
        shape: [100, 110, 40],
        affine: Affine(i: [0, 1, 0], j: [0, 0, 1], k: [3, 0, 0], origin: .zero)))
    let plain = straight.grid(slice: 2, centredOn: [6, 1, 2])
    #expect(plain == SagittalGrid(centre: [6, 1, 2]))
  }

  @Test func partitionsAverageAndStayInPlace() throws {
    let affine = Affine(i: [0, -1, 0], j: [0, 0, -1], k: [1, 0, 0], origin: [-5, 9, 9])
    let volume = Self.volume(shape: [4, 5, 11], affine: affine) { $0.x * 10 + $0.y }
    let plan = try #require(ThickPartitions(shape: volume.shape, affine: affine))
    #expect(plan.group == 3 && plan.count == 3 && plan.start == 1)
    let thick = plan.image(volume)
    #expect(thick.shape == [4, 5, 3] && thick.affine.k == [3, 0, 0])
    for n in 0..<3 {
      let p = thick.affine([2, 3, Double(n)])
      #expect(close(thick[2, 3, n], Float(p.x * 10 + p.y), 1e-4))
    }
    #expect(ThickPartitions(shape: thick.shape, affine: thick.affine) == nil)
  }

  @Test("partitions hold the same slices however the volume is stored", arguments: 9...14)
  func partitionsAreOfThePatient(count: Int) throws {
    let last = Double(count - 1)
    let left = Affine(i: [0, 1, 0], j: [0, 0, 1], k: [1, 0, 0], origin: [-5, 0, 0])
    let right = Affine(i: [0, 1, 0], j: [0, 0, 1], k: [-1, 0, 0], origin: [last - 5, 0, 0])
    let centres = try [left, right].map { affine in
      let plan = try #require(ThickPartitions(shape: [4, 4, count], affine: affine))
      return (0..<plan.count).map { plan.affine(affine)([0, 0, Double($0)]).x }.sorted()
    }
    #expect(centres[0] == centres[1] && !centres[0].isEmpty)
  }

  @Test func partitionLabelsFollowTheirRule() throws {
    let affine = Affine(i: [1, 0, 0], j: [0, 1, 0], k: [0, 0, 1], origin: .zero)
    var labels = LabelVolume(
      shape: [6, 1, 1], voxels: [0, 0, 5, 2, 2, 0], affine: affine)
    let plan = try #require(ThickPartitions(shape: labels.shape, affine: affine))
    #expect(plan.axis == 0)
    #expect(plan.labels(labels).voxels == [0, 2])
    #expect(plan.labels(labels, rule: .any).voxels == [5, 2])
    labels.voxels = [0, 7, 3, 4, 4, 4]
    #expect(plan.labels(labels).voxels == [3, 4])
  }

  /// Figures for the record, not a check: set MEASURE=1.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["MEASURE"] != nil))
  func measure() {
    let volume = Self.volume(shape: [256, 256, 20], affine: Self.oblique) { $0.x + $0.z }
    let grid = SagittalGrid(centre: [0, 0, 0])
    let clock = ContinuousClock()
    for (name, interpolation, through) in [
      ("cubic in plane", Interpolation.cubic, ThroughPlane.nearestSlice),
      ("cubic 3-D", .cubic, .interpolated), ("linear 3-D", .linear, .interpolated),
      ("nearest", .nearest, .nearestSlice),
    ] {
      let best = (0..<9).map { _ in
        clock.measure {
          _ = volume.resampled(on: grid, interpolation: interpolation, throughPlane: through)
        }
      }.min()
      print("resample 256x256 \(name): \(best ?? .zero)")
    }
    let big = Pattern.values(4_000_000, seed: 1)
    print("4 M percentiles: \(clock.measure { _ = Percentiles.values([0.2, 99.8], of: big) })")
    let mask = Pattern.raster(256, 256, seed: 3).map { $0 > 0.4 }
    print("distance 256: \(clock.measure { _ = DistanceTransform.distances(mask) })")
    print("components 256: \(clock.measure { _ = ConnectedComponents.label(mask) })")
    let image = Pattern.raster(256, 256, seed: 3)
    print("sobel 256: \(clock.measure { _ = Sobel.magnitude(image) })")
    print("gaussian 256: \(clock.measure { _ = Gaussian.blur(image, sigma: 2) })")
    print("ssim 256: \(clock.measure { _ = ImageQuality.ssim(image, image) })")
    print("body 256: \(clock.measure { _ = BodyMask.of(image) })")
  }
}
