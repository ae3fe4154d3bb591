import Foundation
import Imaging
import Testing

@Suite struct OrientationTests {
  /// An axis-aligned affine of an orientation with steps 2, 3 and 4 mm.
  static func affine(_ orientation: Orientation) -> Affine {
    func column(_ axis: Int) -> SIMD3<Double> {
      var result = SIMD3<Double>.zero
      let direction = orientation[axis]
      result[direction.axis] = direction.isPositive ? Double(axis + 2) : -Double(axis + 2)
      return result
    }
    return Affine(i: column(0), j: column(1), k: column(2), origin: [10, -20, 30])
  }

  @Test func thereAre48AndCodesRoundTrip() {
    #expect(Orientation.all.count == 48)
    #expect(Set(Orientation.all.map(\.code)).count == 48)
    for orientation in Orientation.all {
      #expect(Orientation(code: orientation.code) == orientation)
      #expect(Orientation(code: orientation.code.lowercased()) == orientation)
      #expect(Self.affine(orientation).orientation == orientation)
    }
    for bad in ["", "RA", "RASS", "RAL", "RRS", "XYZ", "R A"] {
      #expect(Orientation(code: bad) == nil)
    }
    #expect(Affine.identity.orientation == .ras)
  }

  @Test func axesAreFound() throws {
    let psr = try #require(Orientation(code: "PSR"))
    #expect(psr.sagittalAxis == 2)
    #expect(psr.voxelAxis(along: 1) == 0)
    #expect(psr.voxelAxis(along: 2) == 1)
    #expect(Orientation.all.allSatisfy { $0[$0.sagittalAxis].axis == 0 })
  }

  @Test(arguments: Orientation.all)
  func smallTiltsDoNotChangeTheCode(orientation: Orientation) {
    let (c, s) = (cos(0.35), sin(0.35))
    func tilt(_ p: SIMD3<Double>) -> SIMD3<Double> {
      let q = SIMD3(c * p.x - s * p.y, s * p.x + c * p.y, p.z)
      return [q.x, c * q.y - s * q.z, s * q.y + c * q.z]
    }
    let a = Self.affine(orientation)
    let tilted = Affine(i: tilt(a.i), j: tilt(a.j), k: tilt(a.k), origin: a.origin)
    #expect(tilted.orientation == orientation)
  }

  @Test func anisotropyDoesNotMatterAndEveryAffineHasACode() {
    // A 10 mm step tilted by 30 degrees has a larger y part than the 0.5 mm step along y.
    let a = Affine(
      i: [0.5, 0, 0], j: [0, 0.5, 0], k: [0, 10 * sin(0.5), 10 * cos(0.5)], origin: .zero)
    #expect(a.orientation == .ras)
    let nan = SIMD3(repeating: Double.nan)
    #expect(Affine(i: nan, j: nan, k: nan, origin: nan).orientation == .ras)
    #expect(
      Affine(i: .zero, j: .zero, k: .zero, origin: .zero).orientation.code.count == 3)
  }

  static let volume = Volume<Int>(
    shape: [2, 3, 4], voxels: Array(0..<24), affine: AffineTests.oblique)

  @Test(arguments: Orientation.all)
  func reorderingKeepsEveryVoxelInItsPlace(target: Orientation) throws {
    let source = Self.volume
    let result = source.reoriented(to: target)
    #expect(result.orientation == target)
    let inverse = try #require(source.affine.inverse)
    for k in 0..<result.shape.z {
      for j in 0..<result.shape.y {
        for i in 0..<result.shape.x {
          let place = result.affine([Double(i), Double(j), Double(k)])
          let at = inverse(place)
          let whole = at.rounded(.toNearestOrAwayFromZero)
          #expect(AffineTests.isClose(at, whole, 1e-9))
          let (x, y, z) = (Int(whole.x), Int(whole.y), Int(whole.z))
          #expect(source.contains(x, y, z))
          #expect(source[x, y, z] == result[i, j, k])
          let order = AxisReordering(from: source.orientation, to: target)
          #expect(order.sourceIndex([i, j, k], in: source.shape) == [x, y, z])
        }
      }
    }
  }

  @Test func allPairsRoundTrip() {
    for first in Orientation.all {
      let a = Self.volume.reoriented(to: first)
      for second in [Orientation.all[0], Orientation.all[17], Orientation.all[40]] {
        let b = a.reoriented(to: second).reoriented(to: first)
        #expect(b.voxels == a.voxels && b.shape == a.shape, "\(first) \(second)")
        #expect(AffineTests.isClose(b.affine.origin, a.affine.origin))
        #expect(b.affine.i == a.affine.i && b.affine.j == a.affine.j && b.affine.k == a.affine.k)
      }
      #expect(a.reoriented(to: Self.volume.orientation).voxels == Self.volume.voxels)
    }
  }

  @Test func emptyVolumesAreTurnedToo() {
    let empty = Volume<Float>(shape: [0, 3, 4], voxels: [], affine: .identity)
    let turned = empty.reoriented(to: Orientation.all[5])
    #expect(turned.voxels.isEmpty)
  }
}
