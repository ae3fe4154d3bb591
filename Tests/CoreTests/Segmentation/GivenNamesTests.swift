import Foundation
import Imaging
import Testing

@testable import Core

@Suite("Names that others gave, on what was found")
struct GivenNamesTests {
  /// Bodies 18 mm apart and 14 mm tall, C2 with its dens 20, of which the network is sure.
  private static func column(_ classes: [AnatomyLevel]) -> [BodyNumbering.Body] {
    classes.enumerated().map { index, level in
      BodyNumbering.Body(
        centreMM: Double(index) * 18, heightMM: level == .c2 ? 20 : 14,
        evidence: AnatomyLevel.allCases.map { log($0 == level ? 0.9 : 0.0125) }, isCut: false)
    }
  }

  private static let neck = column([.c2, .c3, .c4, .c5, .c6, .c7, .t1, .belowT1])
  private static let levels: [VertebralLevel] = [.c2, .c3, .c4, .c5, .c6, .c7, .t1, .t2]

  private static func named(
    _ places: [VertebralLevel: Double], on bodies: [BodyNumbering.Body] = neck,
    uppermost: VertebralLevel? = nil
  ) -> BodyNumbering {
    BodyNumbering(
      bodies, given: places, own: BodyNumbering(bodies, uppermost: uppermost), namer: "to it")
  }

  @Test("two names that fit name the whole column, and nothing speaks against them")
  func agreeing() {
    let numbering = Self.named([.c2: 2, .t2: 124])
    #expect(numbering.levels == Self.levels && numbering.used == 0..<8)
    #expect(numbering.isGiven && numbering.isTrusted && numbering.disagreement == nil)
  }

  @Test("names that are one level off win, and are spoken against")
  func shifted() throws {
    let places: [VertebralLevel: Double] = [.c4: 18, .c5: 36, .c6: 54]
    let numbering = Self.named(places)
    #expect(numbering.levels == [.c3, .c4, .c5, .c6, .c7, .t1, .t2, .t3])
    let words = try #require(numbering.disagreement)
    #expect(words == "what is given as C4, C5, C6 is C3, C4, C5 to it")
    // A reader who says the same settles it; one who says what the network said does not.
    #expect(Self.named(places, uppermost: .c3).disagreement == nil)
    #expect(Self.named(places, uppermost: .c2).disagreement != nil)
  }

  @Test("a network that cannot tell speaks against nothing")
  func unsure() {
    let flat = Self.neck.map { body in
      var body = body
      body.evidence = AnatomyLevel.allCases.map { _ in log(1 / 9) }
      return body
    }
    let numbering = Self.named([.c4: 18, .c6: 54], on: flat)
    #expect(numbering.levels[0] == .c3 && numbering.isTrusted && numbering.disagreement == nil)
  }

  @Test("a place in a disc belongs to no vertebra; one beyond the column or in a gap says nothing")
  func strays() {
    let disc = Self.named([.c3: 27, .c5: 54])
    #expect(disc.disagreement == "the place given for C3 lies in no vertebra of that name")
    #expect(disc.levels == Self.levels)
    #expect(Self.named([.c2: 0, .t3: 160]).disagreement == nil)
    var gap = Self.neck
    gap.remove(at: 3)
    #expect(Self.named([.c2: 0, .c5: 54], on: gap).disagreement == nil)
    // No given place holds: the column keeps its own names.
    let none = Self.named([.c3: 27])
    #expect(none.levels == Self.levels && !none.isGiven && none.disagreement != nil)
    // Two names in one body, and names that rise where the spine falls, name nothing.
    #expect(!Self.named([.c3: 17, .c4: 19]).isGiven)
    #expect(Self.named([.c6: 18, .c4: 54]).disagreement?.contains("C4, C6") == true)
  }

  @Test("where a body is missing between two names, those beside the gap have none")
  func missing() {
    var bodies = Self.neck
    bodies.remove(at: 3)
    let own = BodyNumbering(bodies, uppermost: .c2)
    let numbering = BodyNumbering(
      bodies, given: [.c2: 0, .t1: 108], own: own, namer: "by the reader")
    // Beside the wide gap the usual one above it looks narrow: that name is withheld with them.
    #expect(numbering.levels == [.c2, nil, nil, nil, .c7, .t1, .t2])
    #expect(numbering.doubts.first?.contains("4 vertebrae are found, 5 belong there") == true)
    #expect(numbering.disagreement != nil)
  }

  @Test("beyond the given names the count stops where a vertebra may be missing")
  func ends() {
    var bodies = Self.neck
    for index in 6..<8 { bodies[index].centreMM += 18 }
    let numbering = Self.named([.c3: 18, .c5: 54], on: bodies)
    #expect(numbering.levels == [.c2, .c3, .c4, .c5, .c6, nil, nil, nil])
    #expect(numbering.usedLevel(6) == nil && !numbering.isTrusted)
    // The same gap between given names is counted out.
    #expect(Self.named([.c3: 18, .t2: 144], on: bodies).levels == Self.levels)
  }
}

@Suite("Found anatomy beside the labels of others")
struct GivenVoxelsTests {
  private let truth: PhantomTruth
  private let found: SegmentedStudy

  init() throws {
    let recipe = PhantomRecipe(index: 0, seed: 9, kind: .normal, domain: .clinical)
    truth = PhantomGenerator(PhantomConfiguration(slices: 5)).study(recipe).truth
    found = try FlawlessAnatomy.found(truth)
  }

  /// A mask moved by some mm along the axis that runs from front to back.
  private func moved(_ mask: LabelVolume, byMM distance: Double) -> LabelVolume {
    let axis = mask.affine.axis(mostAlong: 1)
    let count = Int((distance / mask.affine.spacing[axis]).rounded())
    let step = [1, mask.shape.x, mask.shape.x * mask.shape.y][axis] * count
    var result = mask.map { _ in UInt16(0) }
    for n in mask.voxels.indices where mask.voxels[n] != 0 && mask.voxels.indices.contains(n + step)
    {
      result.voxels[n + step] = mask.voxels[n]
    }
    return result
  }

  private static let vertebrae = Set(VertebralLevel.allCases.map(\.totalSpineSegLabel))

  @Test("the given cord is the cord, the found canal takes it in, and the spine shows both")
  func cord() throws {
    let given = moved(truth.cord, byMM: 5)
    let labels = found.beside(StudyLabels(cord: given)).labels
    #expect(labels.cord?.voxels == given.voxels)
    let canal = try #require(labels.canal)
    let spine = try #require(labels.spine)
    #expect(canal.voxels != truth.canal.voxels)
    let all = given.voxels.indices
    #expect(all.allSatisfy { given.voxels[$0] == 0 || canal.voxels[$0] != 0 })
    #expect(all.allSatisfy { given.voxels[$0] == 0 || spine.voxels[$0] == 1 })
    #expect(all.allSatisfy { truth.canal.voxels[$0] == 0 || canal.voxels[$0] != 0 })
    #expect(all.allSatisfy { spine.voxels[$0] <= 2 || canal.voxels[$0] == 0 })
    #expect(spine.voxels.contains { $0 > 2 })
  }

  @Test("a canal that lies elsewhere is not made to look right")
  func elsewhere() throws {
    let given = moved(truth.cord, byMM: 40)
    let labels = found.beside(StudyLabels(cord: given)).labels
    #expect(labels.canal?.voxels == truth.canal.voxels)
    let canal = try #require(labels.canal)
    #expect(CordShapeCheck.outside(cord: given, canal: canal) != nil)
  }

  @Test("the found cord stays in a given canal; a given canal without its cord cuts nothing")
  func canal() throws {
    let narrow = moved(truth.canal, byMM: 2)
    let labels = found.beside(StudyLabels(canal: narrow)).labels
    #expect(labels.canal?.voxels == narrow.voxels)
    let cord = try #require(labels.cord)
    #expect(cord.voxels.indices.allSatisfy { cord.voxels[$0] == 0 || narrow.voxels[$0] != 0 })
    var ring = truth.canal
    for n in ring.voxels.indices where truth.cord.voxels[n] != 0 { ring.voxels[n] = 0 }
    #expect(found.beside(StudyLabels(canal: ring)).labels.cord?.voxels == truth.cord.voxels)
  }

  @Test("probabilities go with the found masks only, and with what is left of them")
  func shares() throws {
    var found = found
    found.labels.cordShare = truth.cord.map { $0 == 0 ? 0.2 : 0.9 }
    found.labels.canalShare = truth.canal.map { $0 == 0 ? 0.2 : 0.9 }
    let besideCord = found.beside(StudyLabels(cord: truth.cord)).labels
    #expect(besideCord.cordShare == nil)
    #expect(besideCord.canalShare?.voxels == found.labels.canalShare?.voxels)
    let narrow = moved(truth.canal, byMM: 2)
    let besideCanal = found.beside(StudyLabels(canal: narrow)).labels
    #expect(besideCanal.canalShare == nil)
    let share = try #require(besideCanal.cordShare)
    let mask = try #require(besideCanal.cord)
    var taken = 0
    for n in mask.voxels.indices where truth.cord.voxels[n] != 0 {
      #expect(share.voxels[n] == (mask.voxels[n] == 0 ? 0 : 0.9))
      taken += mask.voxels[n] == 0 ? 1 : 0
    }
    #expect(taken > 0)
  }

  @Test("of vertebrae and discs only the kind is found that is not given")
  func kinds() throws {
    let bodies = truth.spine.map { Self.vertebrae.contains($0) ? $0 : 0 }
    let given = StudyLabels(cord: truth.cord, canal: truth.canal, spine: bodies)
    let spine = try #require(found.beside(given).labels.spine)
    #expect(!spine.voxels.contains { Self.vertebrae.contains($0) })
    #expect(spine.voxels.contains { (63...71).contains($0) })
    let whole = SpineKinds.completed(bodies, by: spine)
    #expect(
      whole.voxels.indices.allSatisfy {
        bodies.voxels[$0] == 0 || whole.voxels[$0] == bodies.voxels[$0]
      })
    let kinds = SpineKinds(whole)
    #expect(kinds.hasBodies && kinds.hasDiscs && !SpineKinds(bodies).hasDiscs)
    // With both given nothing is left to find.
    var all = given
    all.spine = truth.spine
    #expect(found.beside(all).labels.spine == nil)
  }
}
