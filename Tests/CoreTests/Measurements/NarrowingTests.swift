import Foundation
import Imaging
import Testing

@testable import Core

@Suite("Narrowing of cord and canal")
struct NarrowingTests {
  @Test("the diameter of a tube is measured across it, however it leans")
  func diameters() throws {
    for seed in UInt64(1)...10 {
      var random = PropertyRandom(seed)
      var neck = DrawnNeck()
      neck.cordTilt = random.uniform(-18, 18)
      neck.cordMM = random.uniform(4, 10)
      neck.canalMM = neck.cordMM + random.uniform(2, 6)
      neck.cordU = 8 - 50 * tan(neck.cordTilt * .pi / 180)
      let level = try #require(neck.measured().level("C4-5")).narrowing
      let cord = try #require(level.cordApMm.value, "seed \(seed): \(level.cordApMm)")
      #expect(abs(cord - neck.cordMM) < 0.12, "seed \(seed): \(cord) of \(neck.cordMM)")
      let canal = try #require(level.canalApMm.value)
      #expect(abs(canal - neck.canalMM) < 0.12, "seed \(seed): \(canal) of \(neck.canalMM)")
      let csf = (neck.canalMM - neck.cordMM) / 2
      #expect(abs(try #require(level.csfFrontMm.value) - csf) < 0.12, "seed \(seed)")
      #expect(abs(try #require(level.csfBackMm.value) - csf) < 0.12, "seed \(seed)")
      let occupation = try #require(level.cordOccupationPercent.value)
      #expect(abs(occupation - 100 * neck.cordMM / neck.canalMM) < 2, "seed \(seed)")
      #expect(abs(try #require(level.msccAdjacentPercent.value)) < 1.5, "seed \(seed)")
    }
  }

  @Test("MSCC of a known stenosis, by both kinds of references")
  func stenosis() throws {
    for seed in UInt64(20)...27 {
      var random = PropertyRandom(seed)
      var neck = DrawnNeck()
      let share = random.uniform(0.2, 0.55)
      neck.narrowings = [(v: DrawnNeck.disc(3), share: share, mm: 4)]
      neck.turn = random.uniform(-12, 12)
      let measured = neck.measured()
      let level = try #require(measured.level("C5-6")).narrowing
      // At the adjacent mid-bodies, 9.5 mm away, little of the narrowing is left.
      let reference = neck.diameter(DrawnNeck.pitch * 3)
      let adjacent = 100 * (1 - neck.cordMM * (1 - share) / reference)
      let value = try #require(level.msccAdjacentPercent.value)
      #expect(abs(value - adjacent) < 3, "seed \(seed): \(value) of \(adjacent)")
      let normal = try #require(level.msccNormalPercent.value)
      #expect(abs(normal - 100 * share) < 3, "seed \(seed): \(normal) of \(100 * share)")
      #expect(level.msccNormalPercent.inputs.contains { $0.hasSuffix("at C4") })
      #expect(level.msccNormalPercent.inputs.contains { $0.hasSuffix("at C7") })
      #expect(measured.msccMaxLevel == "C5-6")
      #expect(level.kangGrade.value == 2)
      #expect(level.kangGrade.quality.names == ["signal-unknown"])
      #expect(level.msccAdjacentPercent.variability.contains("0.79"))
    }
  }

  @Test("a cord thicker at the disc has a negative MSCC, which is kept")
  func negative() throws {
    var neck = DrawnNeck()
    neck.canalMM = 14
    neck.narrowings = [(v: DrawnNeck.disc(2), share: -0.2, mm: 9)]
    let level = try #require(neck.measured().level("C4-5")).narrowing
    #expect(try #require(level.msccAdjacentPercent.value) < -3)
    #expect(level.kangGrade.value == 0)
  }

  @Test("a reference beside another narrowed level is named")
  func adjacentLevels() throws {
    var neck = DrawnNeck()
    neck.narrowings = [
      (v: DrawnNeck.disc(2), share: 0.35, mm: 3), (v: DrawnNeck.disc(3), share: 0.3, mm: 3),
    ]
    let level = try #require(neck.measured().level("C4-5")).narrowing
    #expect(level.msccAdjacentPercent.quality.names == ["reference-narrowed"])
    #expect(
      level.msccAdjacentPercent.quality.first?.text == "C5 borders on another narrowed level.")
    #expect(level.msccNormalPercent.inputs.contains { $0.hasSuffix("at C3") })
    #expect(level.msccNormalPercent.inputs.contains { $0.hasSuffix("at C7") })
    neck.narrowings.append((v: DrawnNeck.disc(1), share: 0.3, mm: 3))
    let both = try #require(neck.measured().level("C4-5")).narrowing
    #expect(
      both.msccAdjacentPercent.quality.first?.text
        == "C4 and C5 border on another narrowed level.")
  }

  @Test(
    "where the cord ends, one side is the reference, with a flag; beyond it nothing is measured")
  func oneSided() throws {
    var neck = DrawnNeck()
    neck.cordRange = -30...(DrawnNeck.disc(4) + 6)
    let measured = neck.measured()
    let level = try #require(measured.level("C6-7")).narrowing
    #expect(level.msccAdjacentPercent.quality.names == ["one-sided-reference"])
    #expect(level.msccAdjacentPercent.inputs.count == 2)
    let below = try #require(measured.level("C7-T1")).narrowing
    #expect(below.msccAdjacentPercent.value == nil && below.cordApMm.reason != nil)
  }

  @Test("where the cord leaves the slice nothing is measured")
  func outOfPlane() throws {
    var slice = DrawnNeck().slice()
    var weight = [Float](repeating: 1, count: 256)
    for row in DrawnNeck.row(DrawnNeck.disc(3) - 2)...DrawnNeck.row(DrawnNeck.disc(3) + 2) {
      weight[row] = 0.2
    }
    slice.rowWeight = weight
    let measured = CervicalMeasurements(slice, subject: "a", image: "b")
    let level = try #require(measured.level("C5-6")).narrowing
    #expect(level.cordApMm.reason == "out-of-plane: the cord leaves the slice at C5-6")
    #expect(level.kangGrade.value == nil)
    #expect(measured.level("C4-5")?.narrowing.cordApMm.value != nil)
    #expect(measured.modifiedKLine?.intMinMm.value != nil)
    let row = Double(DrawnNeck.row(DrawnNeck.disc(3)))
    let rows = try #require(measured.profile).row
    #expect(!rows.contains { abs($0 - row) < 1 } && rows.contains { abs($0 - row) < 8 })
    #expect(measured.modifiedKLine?.intMinMm.quality.isEmpty == true)
  }

  @Test("a K-line that ends where the cord leaves the slice says so", arguments: [0, 5])
  func lineOutOfPlane(body: Int) throws {
    var slice = DrawnNeck().slice()
    var weight = [Float](repeating: 1, count: 256)
    let place = Double(body) * DrawnNeck.pitch
    for row in DrawnNeck.row(place - 4)...DrawnNeck.row(place + 10) { weight[row] = 0.2 }
    slice.rowWeight = weight
    let measured = CervicalMeasurements(slice, subject: "a", image: "b")
    for line in [measured.modifiedKLine, measured.canalKLine] {
      let value = try #require(line?.intMinMm)
      #expect(value.value != nil && value.quality.names == ["out-of-plane"])
      #expect(value.quality.first?.text.contains(body == 0 ? "C2" : "C7") == true)
    }
  }

  @Test(
    "where the cord leaves the picture its level, vertebra, gap and K-line are null, others not")
  func outOfView() throws {
    var neck = DrawnNeck()
    neck.bulges[5] = 3
    var slice = neck.slice()
    let whole = CervicalMeasurements(slice, subject: "a", image: "b")
    #expect(whole.level("C7-T1")?.disc.cordGapMm.value != nil)
    // From the middle of C7 downwards.
    slice.unseenRows = Set(DrawnNeck.row(5 * DrawnNeck.pitch - 4)...255)
    let measured = CervicalMeasurements(slice, subject: "a", image: "b")
    let level = try #require(measured.level("C7-T1"))
    let reason = "cord-leaves-view: the cord is cut by the edge of the picture at C7-T1"
    #expect(level.narrowing.msccAdjacentPercent.reason == reason)
    #expect(level.disc.cordGapMm.reason == reason && level.disc.contactsCord == nil)
    #expect(level.disc.displacementMm == whole.level("C7-T1")?.disc.displacementMm)
    let c7 = try #require(measured.vertebrae.first { $0.level == "C7" })
    #expect(c7.cordApMm.reason?.hasPrefix("cord-leaves-view: ") == true)
    #expect(c7.heightMiddleMm.value != nil && measured.alignment == whole.alignment)
    #expect(measured.modifiedKLine?.intMinMm.reason?.hasPrefix("cord-leaves-view: ") == true)
    #expect(measured.modifiedKLine?.status == nil)
    #expect(measured.level("C3-4")?.narrowing == whole.level("C3-4")?.narrowing)
  }

  /// The canal is pressed to the cord on both sides at C5-6.
  private func pressed() throws -> SegmentedSlice {
    var neck = DrawnNeck()
    neck.bulges[3] = 3.5
    var slice = neck.slice()
    let cord = try #require(slice.cord)
    for row in DrawnNeck.row(DrawnNeck.disc(3) - 4)...DrawnNeck.row(DrawnNeck.disc(3) + 4) {
      for column in 0..<256 { slice.canal?[row, column] = cord[row, column] }
    }
    return slice
  }

  @Test(
    "CSF gone to less than half is grade 1; a flagged narrowed level is grade 3; no canal, no grade"
  )
  func kang() throws {
    var slice = try pressed()
    func grade(_ slice: SegmentedSlice) -> MeasuredValue? {
      CervicalMeasurements(slice, subject: "a", image: "b").level("C5-6")?.narrowing.kangGrade
    }
    #expect(grade(slice)?.value == 1)
    slice.flagged = [.c5c6]
    #expect(grade(slice)?.value == 3)
    #expect(grade(slice)?.quality.isEmpty == true)
    slice.canal = nil
    #expect(grade(slice)?.value == nil)
    #expect(grade(slice)?.reason == "the canal is not labelled")
  }

  @Test("what CSF cannot be compared with is said, not that the cord is not seen")
  func nothingToCompare() throws {
    func grade(_ slice: SegmentedSlice) -> MeasuredValue? {
      CervicalMeasurements(slice, subject: "a", image: "b").level("C5-6")?.narrowing.kangGrade
    }
    var full = DrawnNeck().slice()
    full.canal = full.cord
    let none = try #require(grade(full))
    #expect(none.value == nil)
    #expect(none.reason?.hasPrefix("there is no CSF beside the adjacent") == true, "\(none)")
    var alone = DrawnNeck().slice()
    alone.bodies[.c5] = nil
    alone.bodies[.c6] = nil
    #expect(grade(alone)?.reason == "neither adjacent vertebra can be measured")
  }

  @Test(
    "where fluid is gone a cord that the network drew may be understated, one that is given not")
  func understated() throws {
    var slice = try pressed()
    func names() throws -> [[String]] {
      try ["C3-4", "C5-6"].map { name in
        let level = try #require(
          CervicalMeasurements(slice, subject: "a", image: "b").level(name)
        ).narrowing
        let values = [
          level.cordApMm, level.msccAdjacentPercent, level.msccNormalPercent,
          level.cordOccupationPercent, level.kangGrade,
        ]
        return values.filter { $0.quality.names.contains("compression-understated") }
          .map(\.method)
      }
    }
    #expect(try names() == [[], []])
    slice.cordIsFound = true
    let found = try names()
    #expect(found[0].isEmpty && found[1].count == 5, "\(found)")
  }

  /// The values of a level that are doubted as understated.
  private func doubted(_ slice: SegmentedSlice, _ name: String) throws -> [String] {
    let level = try #require(
      CervicalMeasurements(slice, subject: "a", image: "b").level(name)
    ).narrowing
    return level.entries.filter { $0.1.quality.names.contains("compression-understated") }
      .map(\.0)
  }

  @Test(
    "10 % and more from a found outline are doubted, and compression beside it; a given one is not")
  func doubtedLevels() throws {
    var neck = DrawnNeck()
    neck.narrowings = [(v: DrawnNeck.disc(3), share: 0.3, mm: 4)]
    var slice = neck.slice()
    #expect(try doubted(slice, "C5-6").isEmpty)
    slice.cordIsFound = true
    let ratios = [
      "mscc_adjacent_percent", "mscc_normal_percent", "mcc_adjacent_percent",
      "mcc_normal_percent",
    ]
    #expect(
      try Set(doubted(slice, "C5-6"))
        == Set(ratios + ["cord_ap_mm", "cord_occupation_percent", "kang_grade"]))
    for beside in ["C4-5", "C6-7"] {
      #expect(try Set(doubted(slice, beside)) == Set(ratios), "\(beside)")
    }
    for far in ["C2-3", "C3-4", "C7-T1"] {
      #expect(try doubted(slice, far).isEmpty, "\(far)")
    }
    // Under the limit nothing speaks for a compression.
    neck.narrowings[0].share = 0.06
    var slight = neck.slice()
    slight.cordIsFound = true
    for name in SpinalSegment.allCases.map(\.name) {
      #expect(try doubted(slight, name).isEmpty, "\(name)")
    }
  }

  @Test("of a given cord in a found canal the canal's loss alone is doubted")
  func foundCanal() throws {
    var slice = try pressed()
    #expect(try doubted(slice, "C5-6").isEmpty)
    slice.canalIsFound = true
    #expect(
      try Set(doubted(slice, "C5-6")) == ["mcc_adjacent_percent", "mcc_normal_percent"])
    #expect(try doubted(slice, "C3-4").isEmpty)
  }

  @Test("the doubt stands in text, CSV and JSON, once for all levels alike")
  func doubtIsSaid() throws {
    var neck = DrawnNeck()
    neck.narrowings = [(v: DrawnNeck.disc(3), share: 0.3, mm: 4)]
    var slice = neck.slice()
    slice.cordIsFound = true
    let study = CervicalMeasurements(slice, subject: "a", image: "b")
    #expect(study.msccMaxPercent?.quality.names.contains("compression-understated") == true)
    let text = MeasurementText.report(StudyReport(measurements: study, detection: nil))
    let words = "From uncorrected found masks: compression above 10 % is underestimated"
    // Where it is, and beside it.
    #expect(text.components(separatedBy: words).count == 3, "\(text)")
    let rows = MeasurementCSV.rows(study).split(separator: "\n")
    let row = try #require(rows.first { $0.contains(",mscc_adjacent_percent,C5-6,") })
    #expect(row.contains("compression-understated"))
    let json = try study.json()
    #expect(String(decoding: json, as: UTF8.self).contains(words))
  }

  @Test("binary masks give nearly what shares give")
  func binary() throws {
    var neck = DrawnNeck()
    neck.cordTilt = 9
    neck.cordU = 0
    neck.narrowings = [(v: DrawnNeck.disc(3), share: 0.4, mm: 4)]
    let soft = neck.slice()
    let cord = try #require(soft.cord).map { $0 >= 0.5 }
    let canal = try #require(soft.canal).map { $0 >= 0.5 }
    var tissues = Raster<SliceTissue>(rows: 256, columns: 256, filledWith: .background)
    for n in cord.pixels.indices {
      tissues.pixels[n] = cord.pixels[n] ? .cord : canal.pixels[n] ? .csf : .background
    }
    let binary = SegmentedSlice(
      index: 0, grid: soft.grid, tissues: tissues,
      bodies: soft.bodies.mapValues { $0.map { $0 >= 0.5 } },
      discs: soft.discs.mapValues { $0.map { $0 >= 0.5 } })
    let a = try #require(neck.measured().level("C5-6")).narrowing
    let b = try #require(
      CervicalMeasurements(binary, subject: "a", image: "b").level("C5-6")
    ).narrowing
    let cords = (try #require(a.cordApMm.value), try #require(b.cordApMm.value))
    #expect(abs(cords.0 - cords.1) < 0.35, "\(cords)")
    let canals = (try #require(a.canalApMm.value), try #require(b.canalApMm.value))
    #expect(abs(canals.0 - canals.1) < 0.35, "\(canals)")
  }
}
