import Foundation
import Imaging
import TestSupport
import Testing

import Core

@Suite("Phantom tissue map")
struct PhantomTissueTests {
  private func truth(
    _ kind: PhantomClass, _ domain: PhantomDomain, seed: UInt64, slices: Int = 3
  ) -> PhantomStudy {
    PhantomGenerator(PhantomConfiguration(domain: domain, slices: slices, coarseness: 2))
      .study(PhantomRecipe(index: 0, seed: seed, kind: kind, domain: domain))
  }

  @Test("Numbers and names are unique, and those of the spine are TotalSpineSeg's")
  func table() {
    let all = PhantomTissue.all
    #expect(Set(all.map(\.tissue)).count == all.count)
    #expect(Set(all.map(\.name)).count == all.count)
    #expect(all.allSatisfy { $0.tissue.rawValue <= 255 }, "the map is stored in bytes")
    let names = Dictionary(uniqueKeysWithValues: all.map { ($0.tissue.rawValue, $0.name) })
    for level in VertebralLevel.allCases {
      #expect(names[level.totalSpineSegLabel] == "vertebra-\(level.name)")
      guard let disc = level.totalSpineSegDiscLabel, let below = level.below else { continue }
      let short = level.name.first == below.name.first ? "\(below.name.dropFirst())" : below.name
      #expect(names[disc] == "disc-\(level.name)-\(short)")
    }
  }

  @Test(
    "Every class is mapped: masks agree, spine and surroundings are there",
    arguments: PhantomDomain.allCases)
  func classes(domain: PhantomDomain) {
    var seen = Set<UInt16>()
    for (offset, kind) in PhantomClass.allCases.enumerated() {
      let study = truth(kind, domain, seed: 300 + UInt64(offset))
      let (cord, canal) = (study.truth.cord.voxels, study.truth.canal.voxels)
      var wrong = 0
      var counts = [UInt16: Int]()
      for (index, number) in study.truth.tissues.voxels.enumerated() {
        counts[number, default: 0] += 1
        let tissue = PhantomTissue(rawValue: number)
        let isCord = tissue == .cord || tissue == .greyMatter
        let isCanal = isCord || tissue == .csf || tissue == .csfFlowVoid
        if isCord != (cord[index] == 1) || isCanal != (canal[index] == 1) { wrong += 1 }
      }
      #expect(wrong == 0, "\(kind) \(domain): \(wrong) voxels against the masks")
      let wanted: [PhantomTissue] = [
        .background, .cord, .greyMatter, .csf, .cistern, .brainStem, .dura, .ligament, .epidural,
        .spinousProcess, .skullBase, .otherBone, .airway, .mucosa, .tongue, .throat,
        .prevertebral, .muscle, .fat, .skin,
      ]
      for tissue in wanted + (0...6).map(PhantomTissue.body) + (0...5).map(PhantomTissue.disc) {
        #expect(counts[tissue.rawValue] ?? 0 > 0, "\(kind) \(domain): no \(tissue.rawValue)")
      }
      seen.formUnion(counts.keys)
    }
    #expect(seen.isSubset(of: PhantomTissue.all.map(\.tissue.rawValue)))
  }

  @Test("Every tissue of the table is painted somewhere above T4")
  func everyTissue() {
    var seen = Set<UInt16>()
    // Many slices reach the condyles, pillars and vessels.
    for (kind, domain) in [
      (PhantomClass.compression, PhantomDomain.clinical), (.csfPulsation, .public),
      (.obliqueExit, .clinical),
    ] {
      seen.formUnion(truth(kind, domain, seed: 6, slices: 15).truth.tissues.voxels)
    }
    let low = Set((9...10).map(PhantomTissue.body) + (8...9).map(PhantomTissue.disc))
    for (tissue, name) in PhantomTissue.all where !low.contains(tissue) {
      #expect(seen.contains(tissue.rawValue), "\(name) is never painted")
    }
  }

  @Test("What presses on the sac at a narrowed level is a protrusion or another compressor")
  func compressors() throws {
    for seed in 1...6 as ClosedRange<UInt64> {
      let truth = truth(.compression, .clinical, seed: seed).truth
      let numbers = [PhantomTissue.discProtrusion, .anteriorCompressor].map(\.rawValue)
      let shape = truth.tissues.shape
      for segment in truth.narrowed {
        let upper = try #require(truth.landmarks[segment.upper]?.z)
        let lower = try #require(truth.landmarks[segment.lower]?.z)
        let found = truth.tissues.voxels.indices.count { index in
          guard numbers.contains(truth.tissues.voxels[index]) else { return false }
          let z = truth.tissues.affine([
            Double(index % shape.x), Double(index / shape.x % shape.y),
            Double(index / (shape.x * shape.y)),
          ]).z
          return z < upper && z > lower
        }
        #expect(found > 0, "seed \(seed) \(segment.name)")
      }
    }
  }

  @Test("Signals of the mapped tissues are those of T2: the map lies on the picture")
  func signals() {
    let study = truth(.normal, .clinical, seed: 8, slices: 5)
    func mean(_ tissues: PhantomTissue...) -> Double {
      let values = study.image.voxels.indices.lazy
        .filter { tissues.map(\.rawValue).contains(study.truth.tissues.voxels[$0]) }
        .map { Double(study.image.voxels[$0]) }
      return values.reduce(0, +) / Double(values.count)
    }
    let (air, inside) = (mean(.background), mean(.airway))
    #expect(mean(.csf) > 1.5 * mean(.cord) && mean(.fat) > 2 * mean(.muscle))
    #expect(mean(.cistern) > 1.5 * mean(.brainStem))
    #expect(mean(.muscle) > 1.5 * air && mean(.tongue) > 1.5 * inside)
    #expect(mean(.body(3)) > mean(.ligament) && mean(.skullBase) < mean(.fat))
  }

  @Test("Maps and masks of the truth are written as they are, with lookup tables")
  func files() throws {
    let folder = try TemporaryFolder()
    let configuration = PhantomConfiguration(slices: 3, coarseness: 3)
    let recipe = PhantomRecipe(index: 6, seed: 12, kind: .maskError, domain: .clinical)
    try PhantomCohort.write([recipe], to: folder.url, configuration: configuration)
    let study = PhantomGenerator(configuration).study(recipe)
    let stem = "derivatives/truth/sub-007/anat/sub-007_T2w_label-"
    for (name, volume) in [
      ("tissues_dseg", study.truth.tissues), ("spine_dseg", study.truth.spine),
      ("canal_seg", study.truth.canal), ("SC_seg", study.truth.cord),
      ("lesion_seg", study.truth.lesion),
    ] {
      let read = try NIfTI.readLabels(folder("\(stem)\(name).nii.gz"))
      #expect(read.voxels == volume.voxels && read.shape == volume.shape, "\(name)")
    }
    // The delivered cord of this class is wrong on purpose; the truth beside it is not.
    #expect(study.labels.cord?.voxels != study.truth.cord.voxels)

    for (name, volume) in [
      ("tissues_dseg", study.truth.tissues), ("spine_dseg", study.truth.spine),
    ] {
      let text = try String(contentsOf: folder("\(stem)\(name).tsv"), encoding: .utf8)
      let lines = text.split(separator: "\n").map { $0.split(separator: "\t") }
      #expect(lines.first == ["index", "name"] && lines.allSatisfy { $0.count == 2 })
      let listed = Set(lines.dropFirst().compactMap { UInt16($0[0]) })
      #expect(Set(volume.voxels).isSubset(of: listed), "\(name)")
    }
  }
}
