import Imaging
import Testing

import Core

@Suite("Kyphotic necks with a thick ligament")
struct OssifiedNeckTests {
  private let coarse = PhantomConfiguration(slices: 3, coarseness: 3)

  private func plan(_ patients: Int, kind: PhantomClass = .normal) -> [PhantomRecipe] {
    PhantomCohort.plan(patients: patients, seed: 31, domain: .clinical, mix: .only(kind))
  }

  @Test("three quarters of the cohort have one, and no neck of the usual cohort")
  func share() {
    let recipes = plan(1000)
    let kyphotic = PhantomGenerator(necks: .kyphotic)
    let found = recipes.count { kyphotic.isOssified($0) }
    #expect(abs(Double(found) / 1000 - PhantomNecks.ossifiedShare) < 0.05, "\(found)")
    #expect(!recipes.contains { PhantomGenerator().isOssified($0) })
  }

  @Test("the others are the usual cohort's patients bit by bit")
  func others() throws {
    let (usual, kyphotic) = (
      PhantomGenerator(coarse), PhantomGenerator(coarse, necks: .kyphotic)
    )
    let recipes = plan(40)
    let same = try #require(recipes.first { !kyphotic.isOssified($0) })
    let (a, b) = (usual.study(same), kyphotic.study(same))
    #expect(a.image.voxels == b.image.voxels && a.truth.tissues.voxels == b.truth.tissues.voxels)
    #expect(a.truth.narrowed == b.truth.narrowed && a.demographics == b.demographics)
    let changed = try #require(recipes.first { kyphotic.isOssified($0) })
    let (c, d) = (usual.study(changed), kyphotic.study(changed))
    #expect(c.image.voxels != d.image.voxels && c.image.shape == d.image.shape)
    #expect(d.demographics == kyphotic.demographics(changed))
    // The ligament lies behind two bodies at least, and the canal beside it is narrowed on purpose.
    #expect(c.truth.narrowed.isEmpty && !d.truth.narrowed.isEmpty)
    func compressor(_ study: PhantomStudy) -> Int {
      study.truth.tissues.voxels.count { $0 == PhantomTissue.anteriorCompressor.rawValue }
    }
    #expect(compressor(d) > compressor(c) + 20, "\(compressor(d)) \(compressor(c))")
  }

  @Test("by plan a fair share of K-lines is crossed, none of the usual cohort")
  func crossed() {
    let kyphotic = PhantomGenerator(necks: .kyphotic)
    let recipes = plan(120, kind: .focalBright)
    let middle = kyphotic.configuration.slices / 2
    let ossified = recipes.filter { kyphotic.isOssified($0) }
    let planned = ossified.map { kyphotic.plannedMeasurements($0, slice: middle) }
    let share = Double(planned.count { $0.intMinMM <= 0 }) / Double(planned.count)
    #expect(share > 0.2 && share < 0.6, "\(share)")
    // Straight to kyphotic, lordosis counting as positive.
    let angles = planned.map(\.cobbDegrees)
    #expect(angles.allSatisfy { $0 < 3 && $0 > -24 }, "\(angles)")
    #expect(angles.contains { $0 < -12 } && angles.contains { $0 > -6 })
    let usual = recipes.prefix(40).map {
      PhantomGenerator().plannedMeasurements($0, slice: middle).intMinMM
    }
    #expect(usual.allSatisfy { $0 > 0 }, "\(usual.min() ?? 0)")
  }
}
