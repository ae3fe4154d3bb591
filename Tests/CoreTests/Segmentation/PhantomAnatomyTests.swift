import Imaging
import Testing

@testable import Core

@Suite struct PhantomAnatomyTests {
  private static let plan = {
    var plan = PhantomAnatomySamples.Plan(patients: 2, seed: 3)
    plan.slices = 3
    return plan
  }()
  private static let samples = PhantomAnatomySamples.make(plan, threads: 2)

  /// Nothing but the window.
  private static var plain: AnatomyAugmentation {
    var plain = AnatomyAugmentation()
    plain.turnDegrees = 0
    plain.zoom = 1...1
    plain.elasticMM = 0
    plain.displaced = 0
    plain.rendered = 1
    plain.blurPixels = 0
    plain.coarse = 0
    plain.bias = 0
    plain.gamma = 0
    plain.noise = 0
    plain.ghost = 0
    plain.cut = 0
    return plain
  }

  @Test func everyTissueHasItsClass() {
    func classes(_ tissue: PhantomTissue) -> (UInt8, UInt8) {
      let place = Int(PhantomAnatomyTable.places[Int(tissue.rawValue)])
      return (PhantomAnatomyTable.tissues[place], PhantomAnatomyTable.levels[place])
    }
    func expect(_ tissue: PhantomTissue, _ wanted: AnatomyTissue, _ level: AnatomyLevel?) {
      let found = classes(tissue)
      #expect(found.0 == wanted.rawValue)
      #expect(found.1 == level?.rawValue ?? AnatomyLabel.ignored)
    }
    expect(.cord, .cord, nil)
    expect(.greyMatter, .cord, nil)
    expect(.csf, .csf, nil)
    expect(.csfFlowVoid, .csf, nil)
    expect(.brainStem, .background, nil)
    expect(.cistern, .background, nil)
    expect(.muscle, .background, nil)
    expect(.discProtrusion, .discProtrusion, nil)
    expect(.anteriorCompressor, .otherCompressor, nil)
    expect(.atlas, .background, AnatomyLevel.none)
    expect(.body(0), .vertebra, .c2)
    expect(.body(5), .vertebra, .c7)
    expect(.body(6), .vertebra, .t1)
    expect(.body(7), .vertebra, .belowT1)
    expect(.body(10), .vertebra, .belowT1)
    expect(.disc(0), .disc, .c2)
    expect(.disc(5), .disc, .c7)
    expect(.disc(9), .disc, .belowT1)
    for level in VertebralLevel.allCases where (.c2 ... .t1).contains(level) {
      #expect(AnatomyLevel(level).level == level)
    }
    #expect(AnatomyLevel(.c1) == .none)
    #expect(AnatomyLevel(.t2) == .belowT1)
  }

  @Test func aNumberGivesOneSample() throws {
    let samples = try #require(Self.samples)
    let first = try samples.sample(17)
    #expect(try samples.sample(17) == first)
    #expect(try samples.sample(18) != first)
    let again = try #require(PhantomAnatomySamples.make(Self.plan, threads: 1))
    #expect(try again.sample(17) == first)
    #expect(again.hash == samples.hash)
    var other = Self.plan
    other.augmentation.noise = 0
    #expect(other.hash != samples.hash)
  }

  @Test func samplesFitTheNetwork() throws {
    let samples = try #require(Self.samples)
    for index in 0..<24 {
      let sample = try samples.sample(index)
      try sample.validate(.standard)
      #expect(sample.image.allSatisfy { (0...1).contains($0) })
      #expect(sample.image.contains { $0 > 0.5 }, "sample \(index) is empty")
      // A level stands on bodies, discs, and the bones that look like them only.
      for (tissue, level) in zip(sample.tissues, sample.levels)
      where level != AnatomyLabel.ignored && level > 0 {
        #expect(tissue == AnatomyTissue.vertebra.rawValue || tissue == AnatomyTissue.disc.rawValue)
      }
    }
  }

  /// Levels follow one another downwards and the cord lies behind the bodies: nothing is mirrored.
  @Test func anatomyStaysUpright() throws {
    var plan = Self.plan
    plan.slices = 1
    let samples = try #require(PhantomAnatomySamples.make(plan, threads: 2))
    for index in 0..<24 {
      let sample = try samples.sample(index)
      let side = plan.side
      var rows = [Int: [Int]]()
      var columns = [UInt8: [Int]]()
      for n in 0..<side * side {
        let level = sample.levels[n]
        if level != AnatomyLabel.ignored, level > 0, level < 8 {
          rows[Int(level), default: []].append(n / side)
        }
        columns[sample.tissues[n], default: []].append(n % side)
      }
      let means = rows.sorted { $0.key < $1.key }.map { $0.value.reduce(0, +) / $0.value.count }
      #expect(means == means.sorted(), "sample \(index)")
      func mean(_ tissue: AnatomyTissue) -> Double? {
        columns[tissue.rawValue].map { Double($0.reduce(0, +)) / Double($0.count) }
      }
      if let cord = mean(.cord), let body = mean(.vertebra) { #expect(cord > body) }
    }
  }

  /// Without any change, the labels are the truth's where the sample says they are.
  @Test func labelsAreTheTruth() throws {
    var plan = Self.plan
    plan.augmentation = Self.plain
    plan.slices = 1
    plan.patients = 1
    plan.domains = [.clinical]
    let samples = try #require(PhantomAnatomySamples.make(plan, threads: 1))
    let phantom = PhantomGenerator(PhantomConfiguration(slices: 1)).study(plan.recipes[0])
    let truth = phantom.truth.cord.voxels.count { $0 != 0 }
    let spacing = phantom.image.affine.spacing
    let stack = try #require(SagittalStack(phantom.image))
    let area = (0..<3).filter { $0 != stack.axis }.reduce(Double(truth)) { $0 * spacing[$1] }
    // The cord's area in the window: what lies outside is missing, nothing comes on top.
    let found = try samples.sample(0).tissues.count { $0 == AnatomyTissue.cord.rawValue }
    let foundMM = Double(found) * SagittalGrid.spacing * SagittalGrid.spacing
    #expect(foundMM > 0.7 * area && foundMM < 1.02 * area, "\(foundMM) of \(area) mm2")
  }
}
