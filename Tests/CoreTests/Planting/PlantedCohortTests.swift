import Foundation
import Imaging
import Testing

@testable import Core

@Suite("Planted cohorts: the plan")
struct PlantedCohortTests {
  static func source(_ n: Int, spacing: Double = 1, slices: Int = 52) -> PlantedCohort.Source {
    PlantedCohort.Source(
      subject: "cord\(n)", sourceSubject: "cord\(n)", sha256: String(repeating: "\(n)a", count: 32),
      shape: [200, 300, slices],
      affine: Affine(i: [0, -1, 0], j: [0, 0, 1], k: [spacing, 0, 0], origin: .zero))
  }

  static func units(_ options: PlantedCohort.Options, sources: Int = 4) -> [PlantedCohort.Unit] {
    (0..<sources).flatMap { PlantedCohort.plan(source($0), number: $0, options: options) }
  }

  @Test("the plan depends on its options alone; names are unique; slices lie in the volume")
  func plan() {
    let options = PlantedCohort.Options()
    let units = Self.units(options)
    #expect(units == Self.units(options))
    #expect(units.count == 36 && Set(units.map(\.subject)).count == 36)
    #expect(
      units.allSatisfy { $0.slices.fits([200, 300, 52]) && $0.subject.allSatisfy(\.isASCII) })
    #expect(units.count { $0.difficulty == nil } == 18)
    #expect(units.contains { $0.difficulty == .easy } && units.contains { $0.difficulty == .hard })
    var other = options
    other.seed = 2
    #expect(Self.units(other) != units)
    for unit in units {
      #expect(unit.slices.group == ["thin": 1, "3": 3, "4": 4][unit.partition.rawValue])
    }
  }

  @Test("half b plants exactly what half a leaves")
  func complementaryHalves() {
    var options = PlantedCohort.Options()
    let a = Self.units(options)
    options.half = .b
    let b = Self.units(options)
    #expect(a.map(\.subject) == b.map(\.subject) && a.map(\.slices) == b.map(\.slices))
    for (x, y) in zip(a, b) { #expect((x.difficulty == nil) != (y.difficulty == nil)) }
  }

  @Test("no two studies without lesion show the same slices", arguments: [0, 0.3, 0.5, 1])
  func noCleanTwice(share: Double) {
    var options = PlantedCohort.Options()
    options.copies = 9
    options.cleanShare = share
    for number in 0..<3 {
      let clean = PlantedCohort.plan(Self.source(number), number: number, options: options)
        .filter { $0.difficulty == nil }
      // As detection sees them: thin slices are averaged by three from their first on.
      let seen = clean.map { [max($0.slices.group, 3), $0.slices.start] }
      #expect(Set(seen).count == seen.count)
      if share == 0 { #expect(clean.isEmpty) }
      if share == 1 { #expect(clean.count == 7) }
    }
  }

  @Test("thin slices begin where detection's own partitions then begin")
  func thinPlacement() throws {
    for unit in Self.units(PlantedCohort.Options()) where unit.partition == .thin {
      let source = Self.source(0)
      let shape: SIMD3<Int> = [200, 300, unit.slices.count]
      let plan = try #require(
        ThickPartitions(shape: shape, affine: unit.slices.affine(source.affine)))
      #expect(plan.start == 0 && plan.count * plan.group == unit.slices.count)
    }
  }

  @Test("slices that are thick already are taken as they are, with one study without lesion")
  func thickSource() {
    let units = PlantedCohort.plan(
      Self.source(1, spacing: 3.3, slices: 15), number: 0, options: PlantedCohort.Options())
    #expect(units.count == 3 && units.allSatisfy { $0.partition == .thin })
    #expect(units.allSatisfy { $0.slices.group == 1 && $0.slices.count == 15 })
    #expect(units.count { $0.difficulty == nil } == 1)
    let single = PlantedCohort.plan(
      Self.source(1, spacing: 3, slices: 1), number: 0, options: PlantedCohort.Options())
    #expect(single.count == 3 && single.allSatisfy { $0.slices.count == 1 })
  }

  @Test("lesions of one kind only where that is wanted")
  func difficulties() {
    var options = PlantedCohort.Options()
    options.lesions = .hard
    #expect(Self.units(options).compactMap(\.difficulty).allSatisfy { $0 == .hard })
    options.lesions = .easy
    #expect(Self.units(options).compactMap(\.difficulty).allSatisfy { $0 == .easy })
  }

  @Test(
    "training never holds a patient held out, nor twins", arguments: PlantedCohort.Kept.allCases)
  func trainingSelection(kept: PlantedCohort.Kept) {
    let members = Self.units(PlantedCohort.Options()).map {
      PlantedCohort.Member(
        subject: $0.subject, sourceSubject: $0.sourceSubject, isPlanted: $0.difficulty != nil)
    }
    #expect(PlantedCohort.twins(in: members).count == 4)
    for patient in Set(members.map(\.sourceSubject)) {
      let selection = PlantedCohort.trainingSelection(
        of: members, heldOut: [patient], keeping: kept)
      #expect(Set(selection.map(\.sourceSubject)).count == 3)
      #expect(!selection.contains { $0.sourceSubject == patient })
      #expect(PlantedCohort.twins(in: selection).isEmpty)
      #expect(selection.allSatisfy { $0.isPlanted == (kept == .planted) })
    }
  }
}
