import Imaging
import Testing

import Core

/// Small studies: 5 slices, twice the pixel.
private func small(
  _ kind: PhantomClass, _ domain: PhantomDomain = .clinical, seed: UInt64 = 11, slices: Int = 5,
  coarseness: Double = 2
) -> PhantomStudy {
  PhantomGenerator(PhantomConfiguration(domain: domain, slices: slices, coarseness: coarseness))
    .study(PhantomRecipe(index: 0, seed: seed, kind: kind, domain: domain))
}

@Suite("Phantom studies")
struct PhantomTests {
  @Test("The same recipe gives the same bits, whatever was made before")
  func deterministic() {
    let generator = PhantomGenerator(PhantomConfiguration(slices: 3, coarseness: 3))
    let plan = PhantomCohort.plan(patients: 3, seed: 5, domain: .clinical)
    let forwards = plan.map { generator.study($0) }
    let backwards = Array(plan.reversed().map { generator.study($0) }.reversed())
    for (a, b) in zip(forwards, backwards) {
      #expect(a.image.voxels == b.image.voxels)
      #expect(a.image.affine == b.image.affine)
      #expect(a.truth.spine.voxels == b.truth.spine.voxels)
      #expect(a.labels.cord?.voxels == b.labels.cord?.voxels)
      #expect(a.demographics == b.demographics)
    }
    #expect(forwards[0].image.voxels != forwards[1].image.voxels)
    let byIndex = generator.study(seed: 3, index: 4)
    #expect(byIndex.image.voxels == generator.study(seed: 3, index: 4).image.voxels)
    #expect(byIndex.image.voxels != generator.study(seed: 4, index: 4).image.voxels)
  }

  @Test("Every class is made, with a lesion exactly where the class has one")
  func classes() {
    for domain in PhantomDomain.allCases {
      for (offset, kind) in PhantomClass.allCases.enumerated() {
        let study = small(kind, domain, seed: 100 + UInt64(offset))
        let lesion = study.truth.lesion.voxels.count { $0 != 0 }
        #expect(study.truth.recipe.kind == kind)
        #expect((lesion > 0) == kind.hasLesion, "\(kind) \(domain): \(lesion) voxels")
        #expect(study.truth.hasLesion == kind.hasLesion)
        #expect(study.truth.segments.isEmpty != kind.hasLesion, "\(kind) \(domain)")
        #expect(study.image.voxels.allSatisfy { $0 >= 0 && $0 <= 4095 && $0 == $0.rounded() })
      }
    }
  }

  @Test(
    "Lesion inside cord inside canal; the map says the same",
    arguments: [PhantomClass.long, .atCompression, .snakeEye, .maskError])
  func nesting(kind: PhantomClass) {
    let truth = small(kind, seed: 3).truth
    for index in truth.cord.voxels.indices {
      let (cord, canal) = (truth.cord.voxels[index] == 1, truth.canal.voxels[index] == 1)
      let label = truth.spine.voxels[index]
      if truth.lesion.voxels[index] != 0 && !cord { Issue.record("lesion outside the cord") }
      if cord && !canal { Issue.record("cord outside the canal") }
      if (label == 1) != cord || (label == 2 && !canal) { Issue.record("map and masks differ") }
    }
  }

  @Test("Landmarks descend, lie in their bodies, and the affine is a proper one")
  func landmarks() throws {
    for seed in 1...6 as ClosedRange<UInt64> {
      let study = small(.normal, seed: seed, slices: 7)
      let marks = study.truth.landmarks.sorted { $0.key < $1.key }
      #expect(marks.count >= 8, "seed \(seed)")
      #expect(zip(marks, marks.dropFirst()).allSatisfy { $0.value.z - 10 > $1.value.z })
      let inverse = try #require(study.image.affine.inverse)
      for (level, point) in marks {
        let q = inverse(point)
        let (i, j, k) = (Int(q.x.rounded()), Int(q.y.rounded()), Int(q.z.rounded()))
        #expect(study.image.contains(i, j, k), "seed \(seed) \(level.name)")
        guard study.image.contains(i, j, k) else { continue }
        #expect(
          study.truth.spine[i, j, k] == level.totalSpineSegLabel, "seed \(seed) \(level.name)")
      }
      let affine = study.image.affine
      #expect(affine.i.y < 0 && abs(affine.j.z) > 0.9 * affine.spacing.y)
      #expect(abs((affine.i * affine.j).sum()) < 1e-9 && abs((affine.i * affine.k).sum()) < 1e-9)
    }
  }

  @Test("Listed segments are those whose rows hold lesion voxels")
  func segments() {
    for (offset, kind) in PhantomClass.lesions.enumerated() {
      let truth = small(kind, seed: 40 + UInt64(offset)).truth
      let shape = truth.lesion.shape
      var heights: [Double] = []
      for index in truth.lesion.voxels.indices where truth.lesion.voxels[index] != 0 {
        let place: SIMD3<Double> = [
          Double(index % shape.x), Double(index / shape.x % shape.y),
          Double(index / (shape.x * shape.y)),
        ]
        heights.append(truth.lesion.affine(place).z)
      }
      for segment in SpinalSegment.allCases {
        guard let upper = truth.landmarks[segment.upper]?.z,
          let lower = truth.landmarks[segment.lower]?.z
        else { continue }
        let inside = heights.filter { $0 < upper && $0 >= lower }
        let extent = (inside.max() ?? 0) - (inside.min() ?? 0)
        if truth.segments.contains(segment) { #expect(!inside.isEmpty, "\(kind) \(segment.name)") }
        if extent > 7 { #expect(truth.segments.contains(segment), "\(kind) \(segment.name)") }
      }
    }
  }

  @Test(
    "Signal order of T2: CSF over cord over disc, air least", arguments: PhantomDomain.allCases)
  func contrast(domain: PhantomDomain) {
    let study = small(.normal, domain, seed: 8, coarseness: 1.3)
    let truth = study.truth
    func median(_ match: (Int) -> Bool) -> Float {
      let values = study.image.voxels.indices.filter(match).map { study.image.voxels[$0] }.sorted()
      return values.isEmpty ? .nan : values[values.count / 2]
    }
    let cord = median { truth.cord.voxels[$0] == 1 }
    let csf = median { truth.spine.voxels[$0] == 2 }
    let disc = median { (63...67).contains(truth.spine.voxels[$0]) }
    // The rearmost column is air.
    let air = median { $0 % study.image.shape.x == study.image.shape.x - 1 }
    #expect(csf > 1.5 * cord && cord > disc && disc > air, "\(csf) \(cord) \(disc) \(air)")
  }

  @Test("Mask errors change the delivered cord by about a pixel, never the truth")
  func maskErrors() throws {
    for seed in 1...8 as ClosedRange<UInt64> {
      let study = small(.maskError, seed: seed, coarseness: 1.5)
      let delivered = try #require(study.labels.cord).voxels
      let canal = try #require(study.labels.canal).voxels
      let truth = study.truth.cord.voxels
      let wrong = zip(delivered, truth).count { $0 != $1 }
      let size = truth.count { $0 != 0 }
      #expect(wrong > size / 50 && wrong < size, "seed \(seed): \(wrong) of \(size)")
      #expect(delivered.indices.allSatisfy { delivered[$0] == 0 || canal[$0] == 1 })
      let exact = small(.normal, seed: seed)
      #expect(exact.labels.cord?.voxels == exact.truth.cord.voxels)
    }
  }

  @Test("A bright lesion is brighter than the cord around it")
  func lesionsShow() {
    let study = small(.focalBright, seed: 21, coarseness: 1)
    let truth = study.truth
    var inside: [Float] = []
    var outside: [Float] = []
    for index in truth.cord.voxels.indices where truth.cord.voxels[index] != 0 {
      if truth.lesion.voxels[index] != 0 {
        inside.append(study.image.voxels[index])
      } else {
        outside.append(study.image.voxels[index])
      }
    }
    let means = [inside, outside].map { $0.reduce(0, +) / Float($0.count) }
    #expect(means[0] > 1.15 * means[1], "\(means)")
  }
}
