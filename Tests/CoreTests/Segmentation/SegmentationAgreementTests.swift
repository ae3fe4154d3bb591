import Foundation
import Imaging
import Testing

@testable import Core

@Suite("Agreement of found anatomy with a reference")
struct SegmentationAgreementTests {
  private let truth: PhantomTruth
  private let reference: StudyLabels

  init() {
    let recipe = PhantomRecipe(index: 0, seed: 9, kind: .normal, domain: .clinical)
    truth = PhantomGenerator(PhantomConfiguration(slices: 5)).study(recipe).truth
    reference = StudyLabels(truth: truth)
  }

  private func found(shift: Int = 0, doubts: [String] = []) throws -> SegmentedStudy {
    try FlawlessAnatomy.found(truth, shift: shift, doubts: doubts)
  }

  @Test("what is the same agrees wholly")
  func same() throws {
    let agreement = SegmentationAgreement(try found(), reference: reference)
    for structure in SegmentationAgreement.Structure.allCases {
      let overlap = try #require(agreement.overlaps[structure])
      #expect(overlap.dice == 1 && overlap.reference > 500, "\(structure) \(overlap)")
    }
    #expect(agreement.overlaps[.cord]?.edge95MM == 0)
    #expect(agreement.levels.count == 7 && agreement.levels.values.allSatisfy { $0 })
    #expect(agreement.segments.count == 6 && agreement.segments.values.allSatisfy { $0 })
  }

  @Test("a cord that lies a voxel off loses its rim, and its edge shows how far it is off")
  func moved() throws {
    var study = try found()
    let shape = truth.cord.shape
    let axis = try #require(SagittalStack(truth.cord)).axis
    let along = (axis + 1) % 3
    let step = [1, shape.x, shape.x * shape.y][along]
    var moved = truth.cord
    for n in moved.voxels.indices {
      moved.voxels[n] = n >= step ? truth.cord.voxels[n - step] : 0
    }
    study.labels.cord = moved
    let overlap = try #require(
      SegmentationAgreement(study, reference: reference).overlaps[.cord])
    let dice = try #require(overlap.dice)
    #expect(dice < 0.98 && dice > 0.5)
    let edge = try #require(overlap.edge95MM)
    let size = truth.cord.affine(
      [along == 0 ? 1 : 0, along == 1 ? 1 : 0, along == 2 ? 1 : 0] as SIMD3<Double>)
    let origin = truth.cord.affine(.zero)
    let length = ((size - origin) * (size - origin)).sum().squareRoot()
    #expect(edge > 0 && edge <= length + 1e-9, "\(edge) \(length)")
  }

  @Test("a cord with a voxel less at its back has fewer voxels, and is as much less deep")
  func narrower() throws {
    var study = try found()
    let shape = truth.cord.shape
    let axis = truth.cord.affine.orientation.voxelAxis(along: 1)
    let step = [1, shape.x, shape.x * shape.y][axis]
    var removed = 0
    for n in truth.cord.voxels.indices where truth.cord.voxels[n] != 0 {
      // What has cord before it but none behind, whichever way the axis runs.
      if truth.cord.voxels[n + step] == 0, truth.cord.voxels[n - step] != 0 {
        study.labels.cord?.voxels[n] = 0
        removed += 1
      }
    }
    let agreement = SegmentationAgreement(study, reference: reference)
    let overlap = try #require(agreement.overlaps[.cord])
    let surplus = try #require(overlap.surplus)
    #expect(surplus < -0.05 && overlap.reference - overlap.found <= removed, "\(surplus)")
    let depth = try #require(overlap.depthExcessMM)
    let voxel = truth.cord.affine.spacing[axis]
    #expect(depth < -0.8 * voxel && depth >= -1.5 * voxel, "\(depth) of \(voxel)")
    #expect(agreement.overlaps[.csf]?.depthExcessMM == nil)

    let figures = SegmentationFigures([("a", agreement)], weights: "ab")
    #expect(figures.text.contains("cord against the reference: -"), "\(figures.text)")
    #expect(figures.structures.first?.meanSurplus.map { $0 < 0 } == true)
    let whole = SegmentationFigures(
      [("a", SegmentationAgreement(try self.found(), reference: reference))], weights: "ab")
    #expect(
      whole.text.contains(
        "cord against the reference: +0.0 % voxels on average, +0.0 % at most; +0.00 mm"))
  }

  @Test("names that are off by one are wrong, and a doubt withholds them")
  func shifted() throws {
    let silent = SegmentationAgreement(try found(shift: 1), reference: reference)
    #expect(silent.segments.count == 6 && !silent.segments.values.contains(true))
    let doubted = SegmentationAgreement(
      try found(shift: 1, doubts: ["a vertebra may be missing"]), reference: reference)
    let right = SegmentationAgreement(try found(doubts: ["no reason"]), reference: reference)
    let figures = SegmentationFigures(
      [("a", silent), ("b", doubted), ("c", right), ("d", nil)], weights: "ab")
    #expect(figures.studies == 4 && figures.withoutCord == 1)
    #expect(figures.segments == 18 && figures.segmentsRight == 6)
    #expect(figures.segmentsRightWithheld == 6 && figures.segmentsWrongUsed == 6)
    #expect(figures.silentErrors == ["a"])
    #expect(figures.text.contains("a vertebra may be missing"))
    #expect(figures.text.contains("research use only"))
    #expect(figures.structures.first?.meanDice == 1)
    let json = try JSONSerialization.jsonObject(with: figures.json()) as? [String: Any]
    #expect(json?["segments_wrong_used"] as? Int == 6)
  }

  @Test("landmarks of a reader decide on their own vertebra only")
  func landmarks() throws {
    var sparse = StudyLabels(cord: truth.cord)
    sparse.landmarks = truth.landmarks.filter { $0.key == .c2 || $0.key == .t2 }
    let agreement = SegmentationAgreement(try found(), reference: sparse)
    #expect(agreement.levels == [.c2: true] && agreement.segments.isEmpty)
    #expect(agreement.overlaps[.csf] == nil && agreement.overlaps[.bodies] == nil)
  }

  @Test(
    "a reference whose cord is drawn over a part of the neck only names the other vertebrae, too",
    arguments: [30.0, 0.1, 0])
  func partOfTheCord(lengthMM: Double) throws {
    var part = reference
    let top = try #require(truth.landmarks[.c3]).z
    part.cord = truth.cord
    let shape = truth.cord.shape
    for n in truth.cord.voxels.indices {
      let index = SIMD3(n % shape.x, n / shape.x % shape.y, n / (shape.x * shape.y))
      let z = truth.cord.affine(SIMD3<Double>(index)).z
      if z > top || z < top - lengthMM { part.cord?.voxels[n] = 0 }
    }
    let right = SegmentationAgreement(try found(), reference: part)
    #expect(right.levels.count == 7 && right.levels.values.allSatisfy { $0 }, "\(right.levels)")
    #expect(right.missed.isEmpty && right.segments.count == 6)
    let wrong = SegmentationAgreement(try found(shift: 1), reference: part)
    #expect(wrong.levels.count == 7 && !wrong.levels.values.contains(true), "\(wrong.levels)")
  }

  @Test("vertebrae beyond the ends of both cords are told apart")
  func beyondBothCords() throws {
    var (study, part) = (try found(), reference)
    let top = try #require(truth.landmarks[.c3]).z
    let shape = truth.cord.shape
    var short = truth.cord
    for n in short.voxels.indices {
      let index = SIMD3(n % shape.x, n / shape.x % shape.y, n / (shape.x * shape.y))
      let z = truth.cord.affine(SIMD3<Double>(index)).z
      if z > top || z < top - 50 { short.voxels[n] = 0 }
    }
    (study.labels.cord, part.cord) = (short, short)
    let agreement = SegmentationAgreement(study, reference: part)
    #expect(agreement.levels.count == 7, "\(agreement.levels)")
    #expect(agreement.levels.values.allSatisfy { $0 }, "\(agreement.levels)")
  }

  @Test("surfaces: the same distance as by looking at every pair")
  func surfaces() throws {
    let seed: UInt64 = 0x5EED
    var random = RandomSource(seed: seed)
    let shape = SIMD3(7, 9, 5)
    let affine = Affine(
      i: [0, 0.9, 0], j: [0.1, 0, 0.7], k: [3, 0, 0], origin: [-4, 2, 1])
    for round in 0..<20 {
      let a = (0..<315).map { _ in random.chance(0.1) }
      let b = (0..<315).map { _ in random.chance(0.2) }
      func points(_ mask: [Bool]) -> [SIMD3<Double>] {
        mask.indices.filter { n in
          guard mask[n] else { return false }
          let p = SIMD3(n % 7, n / 7 % 9, n / 63)
          let inside = (0..<3).allSatisfy { axis in
            let step = [1, 7, 63][axis]
            return p[axis] > 0 && p[axis] + 1 < shape[axis] && mask[n - step] && mask[n + step]
          }
          return !inside
        }.map { affine(SIMD3<Double>(SIMD3($0 % 7, $0 / 7 % 9, $0 / 63))) }
      }
      let (p, q) = (points(a), points(b))
      guard !p.isEmpty, !q.isEmpty else { continue }
      func nearest(_ x: SIMD3<Double>, _ others: [SIMD3<Double>]) -> Double {
        others.map { (($0 - x) * ($0 - x)).sum().squareRoot() }.min() ?? .infinity
      }
      let all = (p.map { nearest($0, q) } + q.map { nearest($0, p) }).sorted()
      let expected = all[min(Int(0.95 * Double(all.count)), all.count - 1)]
      let found = SurfaceDistance.percentile95(a, b, shape: shape, affine: affine)
      #expect(abs(try #require(found) - expected) < 1e-12, "seed \(seed), round \(round)")
    }
    let nothing = [Bool](repeating: false, count: 315)
    #expect(SurfaceDistance.percentile95(nothing, nothing, shape: shape, affine: affine) == nil)
  }
}
