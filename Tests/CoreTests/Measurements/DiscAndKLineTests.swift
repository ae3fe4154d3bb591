import Foundation
import Imaging
import Testing

@testable import Core

@Suite("Posterior disc displacement and K-lines")
struct DiscAndKLineTests {
  @Test("a disc of known reach is measured, however the picture lies")
  func displacement() throws {
    for seed in UInt64(1)...10 {
      var random = PropertyRandom(seed)
      var neck = DrawnNeck()
      let reach = random.uniform(0.5, 5)
      neck.bulges[2] = reach
      neck.turn = random.uniform(-15, 15)
      let measured = neck.measured()
      let disc = try #require(measured.level("C4-5")).disc
      let value = try #require(disc.displacementMm.value, "seed \(seed): \(disc.displacementMm)")
      #expect(abs(value - reach) < 0.25, "seed \(seed): \(value) of \(reach)")
      #expect(disc.isShown == (value >= 2), "seed \(seed)")
      // The cord's front lies 4 mm behind the walls.
      let gap = try #require(disc.cordGapMm.value, "seed \(seed)")
      #expect(abs(gap - max(0, 4 - reach)) < 0.3, "seed \(seed): gap \(gap) at \(reach)")
      #expect(disc.contactsCord == (gap < 1), "seed \(seed)")
      let share = try #require(disc.displacementCanalPercent.value)
      #expect(abs(share - reach / 13 * 100) < 2.5, "seed \(seed)")
      let flat = try #require(measured.level("C3-4")).disc
      #expect(abs(try #require(flat.displacementMm.value)) < 0.25, "seed \(seed)")
      #expect(flat.extentMm.value == 0 && !flat.isShown, "seed \(seed)")
      if reach > 1.5 {
        // As high as the disc between two bodies.
        #expect(abs(try #require(disc.extentMm.value) - 5) < 1.2, "seed \(seed)")
        #expect(disc.displacementMm.quality.isEmpty, "seed \(seed)")
      }
    }
  }

  @Test("material above or below the endplates is told; a body's spur is no disc")
  func beyond() throws {
    var neck = DrawnNeck()
    neck.bulges[2] = 3
    var slice = neck.slice()
    let v = DrawnNeck.disc(2)
    for row in DrawnNeck.row(v)...DrawnNeck.row(v + 6) {
      for column in 129...131 { slice.discs[.c4]?[row, column] = 1 }
    }
    let disc = CervicalMeasurements(slice, subject: "a", image: "b").level("C4-5")?.disc
    #expect(disc?.displacementMm.quality.names == ["beyond-endplates"])
    for row in DrawnNeck.row(4 * 19 - 7)...DrawnNeck.row(4 * 19 - 5.5) {
      for column in 128...131 { slice.bodies[.c6]?[row, column] = 1 }
    }
    let spur = CervicalMeasurements(slice, subject: "a", image: "b").level("C5-6")?.disc
    #expect(abs(try #require(spur?.displacementMm.value)) < 0.4)
    #expect(try #require(spur?.marginOverhangMm.value) > 1.5)
  }

  @Test("without a neighbour or a disc there is a reason")
  func missing() {
    var neck = DrawnNeck()
    neck.bodies[3].isSeen = false
    let measured = neck.measured()
    let above = measured.level("C4-5")?.disc
    #expect(above?.displacementMm.reason == "a vertebra beside the disc is not labelled")
    #expect(measured.level("C5-6")?.disc.displacementMm.reason?.contains("disc is not") == true)
    #expect(above?.contactsCord == nil)
  }

  @Test(
    "INTmin of a straight neck is the way from the walls to the cord's middle, in any direction")
  func straight() throws {
    for turn in [-20.0, -7, 0, 7, 20] {
      var neck = DrawnNeck()
      neck.turn = turn
      neck.bulges[3] = 2.5
      let measured = neck.measured()
      let line = try #require(measured.modifiedKLine)
      let value = try #require(line.intMinMm.value, "\(turn): \(line.intMinMm)")
      #expect(abs(value - 5.5) < 0.3, "turned by \(turn): \(value)")
      #expect(line.intMinLevel == "C5-6" && line.status == "(+)")
      let bodies = line.intervals.filter { $0.level == "C4" }
      #expect(abs(try #require(bodies.first?.mm) - 8) < 0.3)
      #expect(abs(try #require(measured.canalKLine?.intMinMm.value) - 5.5) < 0.3)
      #expect(line.intervals.map(\.level).contains("C3") && line.endsMm?.count == 2)
    }
  }

  @Test("kyphosis crosses the line; a near pass is said")
  func kyphosis() throws {
    for (shift, status) in [(9.5, "(-)"), (6.0, "(+), INTmin < 4 mm"), (1.0, "(+)")] {
      var neck = DrawnNeck()
      neck.bodies[3].shift = shift
      let line = try #require(neck.measured().modifiedKLine)
      let value = try #require(line.intMinMm.value)
      #expect(abs(value - (8 - shift)) < 0.3, "\(shift): \(value)")
      #expect(line.intMinLevel == "C5" && line.status == status)
    }
  }

  @Test("a line past bodies or discs that nobody labelled says which")
  func incomplete() throws {
    var neck = DrawnNeck()
    neck.bodies[3].isSeen = false
    let measured = neck.measured()
    for line in [measured.modifiedKLine, measured.canalKLine] {
      let value = try #require(line?.intMinMm)
      #expect(value.value != nil && value.quality.names == ["k-line-incomplete"])
      #expect(value.quality.first?.text.contains("ends: C5, C5-6. INTmin") == true)
    }
    let text = MeasurementText.report(StudyReport(measurements: measured, detection: nil))
    #expect(text.contains("(+)  k-line-incomplete"), "\(text)")
  }

  @Test("of found masks a line that is passed closely is doubted, no other is")
  func foundMasks() throws {
    for (shift, isDoubted) in [(9.5, false), (6.5, true), (5.0, false)] {
      var neck = DrawnNeck()
      neck.bodies[3].shift = shift
      var slice = neck.slice()
      let drawn = CervicalMeasurements(slice, subject: "a", image: "b")
      #expect(drawn.modifiedKLine?.intMinMm.quality.isEmpty == true, "\(shift): drawn by hand")
      slice.cordIsFound = true
      let found = CervicalMeasurements(slice, subject: "a", image: "b")
      let line = try #require(found.modifiedKLine)
      #expect(line.intMinMm.quality.names == (isDoubted ? ["k-line-unsure"] : []), "\(shift)")
      let text = MeasurementText.report(StudyReport(measurements: found, detection: nil))
      #expect(text.contains("k-line-unsure") == isDoubted)
    }
  }

  @Test("an ossified ligament alone can make the line negative")
  func compressor() throws {
    var slice = DrawnNeck().slice()
    var share = ImageRaster(rows: 256, columns: 256, filledWith: 0)
    for row in DrawnNeck.row(40)...DrawnNeck.row(60) {
      for column in 128...140 { share[row, column] = 1 }
    }
    slice.compressor = share
    let line = CervicalMeasurements(slice, subject: "a", image: "b").modifiedKLine
    #expect(line?.status == "(-)" && line?.intMinLevel == "compressor")
  }

  @Test("without a canal the canal's line is refused, and without a cord both")
  func refused() {
    var slice = DrawnNeck().slice()
    slice.canal = nil
    let noCanal = CervicalMeasurements(slice, subject: "a", image: "b")
    #expect(noCanal.modifiedKLine?.intMinMm.value != nil)
    #expect(noCanal.canalKLine?.intMinMm.reason == "the canal is not labelled at C2")
    slice.cord = nil
    let noCord = CervicalMeasurements(slice, subject: "a", image: "b")
    #expect(noCord.modifiedKLine?.intMinMm.reason == "the cord is not labelled")
    #expect(noCord.alignment?.cobbDeg.value != nil)
  }
}
