import Foundation
import Imaging
import Testing

@Suite struct AffineTests {
  /// A rotation about a tilted axis with unequal steps, mirrored, away from the origin.
  static let oblique: Affine = {
    let (c, s) = (cos(0.4), sin(0.4))
    return Affine(
      i: SIMD3(c, s, 0) * 0.5, j: SIMD3(-s * 0.8, c * 0.8, 0.6) * 0.7,
      k: SIMD3(-s * 0.6, c * 0.6, -0.8) * 3.3, origin: [12, -34, 56])
  }()

  static func isClose(_ a: SIMD3<Double>, _ b: SIMD3<Double>, _ tolerance: Double = 1e-9) -> Bool {
    ((a - b) * (a - b)).sum().squareRoot() <= tolerance
  }

  @Test func mapsPointsColumnByColumn() {
    let a = Self.oblique
    #expect(a([0, 0, 0]) == a.origin)
    for axis in 0..<3 {
      var step = SIMD3<Double>.zero
      step[axis] = 1
      #expect(Self.isClose(a(step) - a.origin, a.column(axis), 1e-12))
    }
    #expect(Affine.identity([3, 4, 5]) == [3, 4, 5])
  }

  @Test func inverseUndoesTheMap() throws {
    let inverse = try #require(Self.oblique.inverse)
    for p: SIMD3<Double> in [[0, 0, 0], [1, 2, 3], [-100, 50, 0.25]] {
      #expect(Self.isClose(inverse(Self.oblique(p)), p))
      #expect(Self.isClose(Self.oblique(inverse(p)), p))
    }
    let both = Self.oblique.composed(with: inverse)
    for axis in 0..<3 {
      #expect(Self.isClose(both.column(axis), Affine.identity.column(axis), 1e-12))
    }
  }

  @Test func composedAppliesTheInnerFirst() {
    let shift = Affine(i: [1, 0, 0], j: [0, 1, 0], k: [0, 0, 1], origin: [5, 6, 7])
    let p: SIMD3<Double> = [1, -2, 3]
    #expect(Self.isClose(Self.oblique.composed(with: shift)(p), Self.oblique(shift(p))))
    #expect(Self.isClose(shift.composed(with: Self.oblique)(p), shift(Self.oblique(p))))
  }

  @Test func spacingAndDeterminant() {
    let spacing = Self.oblique.spacing
    #expect(Self.isClose(spacing, [0.5, 0.7, 3.3], 1e-12))
    #expect(abs(Self.oblique.determinant + 0.5 * 0.7 * 3.3) < 1e-12)
  }

  @Test func singularAndUnfiniteMapsHaveNoInverse() {
    var flat = Affine.identity
    flat.k = [1, 1, 0]
    #expect(flat.inverse == nil)
    flat.k = .zero
    #expect(flat.inverse == nil)
    flat.k = [0, 0, .nan]
    #expect(flat.inverse == nil)
    #expect(!flat.isFinite)
    flat.k = [0, 0, .infinity]
    #expect(flat.inverse == nil)
    // Tiny voxels are not singular.
    let tiny = Affine(
      i: [1e-6, 0, 0], j: [0, 1e-6, 0], k: [0, 0, 1e-6], origin: .zero)
    #expect(tiny.inverse.map { Self.isClose($0([1e-6, 0, 0]), [1, 0, 0]) } == true)
  }
}
