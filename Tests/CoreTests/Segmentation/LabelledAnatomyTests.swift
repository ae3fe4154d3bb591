import Foundation
import Imaging
import Testing

@testable import Core

@Suite("Learning anatomy from labelled studies")
struct LabelledAnatomyTests {
  private let phantom: PhantomStudy

  init() {
    let recipe = PhantomRecipe(index: 0, seed: 12, kind: .normal, domain: .clinical)
    phantom = PhantomGenerator(PhantomConfiguration(slices: 5)).study(recipe)
  }

  /// A cord mask of a reader that ends in the middle of the image.
  private var upperCord: LabelVolume {
    var cord = phantom.truth.cord
    let heights = cord.voxels.indices.map { height($0) }
    let seen = cord.voxels.indices.filter { cord.voxels[$0] != 0 }.map { heights[$0] }.sorted()
    let limit = seen[seen.count / 2]
    for n in cord.voxels.indices where heights[n] < limit { cord.voxels[n] = 0 }
    return cord
  }

  private func height(_ n: Int) -> Double {
    let shape = phantom.image.shape
    return phantom.image.affine(
      SIMD3<Double>(SIMD3(n % shape.x, n / shape.x % shape.y, n / (shape.x * shape.y)))
    ).z
  }

  @Test("the reader's cord counts where there is one, the network's word elsewhere")
  func codes() throws {
    var found = try FlawlessAnatomy.found(phantom.truth)
    let reader = upperCord
    // The network takes a voxel of the reader's background beside the cord for cord.
    let beside = try #require(
      phantom.truth.cord.voxels.indices.first {
        reader.voxels[$0] != 0 && $0 > 0 && phantom.truth.cord.voxels[$0 - 1] == 0
      })
    found.labels.cord?.voxels[beside - 1] = 1
    found.labels.canal?.voxels[beside - 1] = 1
    let codes = try #require(AnatomyCodes.volume(StudyLabels(cord: reader), found))
    let lowest = reader.voxels.indices.filter { reader.voxels[$0] != 0 }.map(height).min() ?? 0
    var (upper, lower, levels) = (0, 0, Set<UInt8>())
    for n in codes.voxels.indices {
      let code = Int(codes.voxels[n]) - 1
      let tissue = AnatomyCodes.tissues[code]
      if reader.voxels[n] != 0 {
        #expect(tissue == AnatomyTissue.cord.rawValue)
        upper += 1
      } else if height(n) > lowest + 5 {
        #expect(tissue != AnatomyTissue.cord.rawValue)
      } else if height(n) < lowest - 5, phantom.truth.cord.voxels[n] != 0 {
        #expect(tissue == AnatomyTissue.cord.rawValue)
        lower += 1
      }
      if tissue == AnatomyTissue.vertebra.rawValue { levels.insert(AnatomyCodes.levels[code]) }
    }
    #expect(upper > 200 && lower > 200)
    #expect(AnatomyCodes.tissues[Int(codes.voxels[beside - 1]) - 1] == AnatomyTissue.csf.rawValue)
    #expect(levels.isSuperset(of: AnatomyLevel.allCases.dropFirst().map(\.rawValue)))
  }

  @Test("every other sample is a labelled one, the same each time, and shows the cord")
  func samples() throws {
    let found = try FlawlessAnatomy.found(phantom.truth)
    let study = try #require(
      LabelledAnatomyStudy(
        phantom.image, reference: StudyLabels(truth: phantom.truth), found: found))
    var plan = PhantomAnatomySamples.Plan(patients: 2, seed: 5, domains: [.clinical])
    plan.slices = 3
    let phantoms = try #require(PhantomAnatomySamples.make(plan, threads: 1))
    let alone = LabelledAnatomySamples(phantoms, plan: plan, studies: [])
    let mixed = LabelledAnatomySamples(phantoms, plan: plan, studies: [study])
    #expect(alone.hash == phantoms.hash && mixed.hash != phantoms.hash)
    #expect(try alone.sample(3) == phantoms.sample(3))
    #expect(try mixed.sample(6) == phantoms.sample(3))
    var cord = 0
    for index in [1, 3, 5, 7] {
      let sample = try mixed.sample(index)
      #expect(try sample == mixed.sample(index))
      #expect(sample.image.contains { $0 > 0 } && sample.image.allSatisfy { (0...1).contains($0) })
      cord += sample.tissues.count { $0 == AnatomyTissue.cord.rawValue }
      #expect(sample.tissues.contains(AnatomyTissue.vertebra.rawValue))
      try sample.validate(AnatomyConfiguration.standard)
    }
    // The outermost slices lie beside the cord.
    #expect(cord > 600)
  }
}
