import Foundation
import Imaging
import Testing

@testable import Core

@Suite("Sagittal alignment")
struct AlignmentTests {
  @Test("the Cobb angle of turned boxes is their angle, with its sign, however the picture lies")
  func cobb() throws {
    for seed in UInt64(1)...12 {
      var random = PropertyRandom(seed)
      var neck = DrawnNeck()
      let (c2, c7) = (random.uniform(-18, 18), random.uniform(-18, 18))
      neck.bodies[0].angle = c2
      neck.bodies[5].angle = c7
      neck.turn = random.uniform(-15, 15)
      let alignment = try #require(neck.measured().alignment)
      let cobb = try #require(alignment.cobbDeg.value, "seed \(seed): \(alignment.cobbDeg)")
      #expect(abs(cobb - (c7 - c2)) < 0.5, "seed \(seed): \(cobb), drawn \(c7 - c2)")
      let slope = try #require(alignment.c2SlopeDeg.value)
      #expect(abs(slope - (c2 + neck.turn)) < 0.4, "seed \(seed): \(slope)")
      #expect(alignment.cobbDeg.quality.isEmpty, "seed \(seed)")
      #expect(alignment.cobbDeg.variability.contains("SEM 1.8"))
      #expect(alignment.cobbDeg.method.contains("supine MRI"))
    }
  }

  @Test(
    "SVA and T1 slope follow the picture; T1 slope less Cobb is the C2 slope of a straight C7-T1")
  func slopes() throws {
    var neck = DrawnNeck()
    neck.bodies[5].angle = 12
    neck.bodies[6].angle = 12
    neck.bodies[0].shift = -10
    let alignment = try #require(neck.measured().alignment)
    #expect(abs(try #require(alignment.t1SlopeDeg.value) - 12) < 0.4)
    #expect(abs(try #require(alignment.t1SlopeMinusCobbDeg.value)) < 0.5)
    // C2 with its dens is centred over its box, 10 mm before C7's.
    #expect(abs(try #require(alignment.c2C7SvaCentroidMm.value) - 10) < 0.3)
    let corner = try #require(alignment.c2C7SvaCornerMm.value)
    let turned = 12 * Double.pi / 180
    #expect(abs(corner - (10 + 8 * cos(turned) - 7 * sin(turned))) < 0.4)
    #expect(alignment.c2C7SvaCornerMm.quality.names == ["supine"])
  }

  @Test("where C7's lower endplate is cut off, its upper one stands in with a flag")
  func cut() throws {
    var neck = DrawnNeck()
    neck.bodies[5].angle = 9
    neck.bodies[6].isSeen = false
    neck.bodies[7].isSeen = false
    var covered = MaskRaster(rows: 256, columns: 256, filledWith: true)
    for row in DrawnNeck.row(5 * 19 + 4)..<256 {
      for column in 0..<256 { covered[row, column] = false }
    }
    let measured = neck.measured(covered: covered)
    let cobb = try #require(measured.alignment?.cobbDeg)
    #expect(cobb.quality.names == ["c7-superior-endplate"])
    #expect(abs(try #require(cobb.value) - 9) < 0.5)
    #expect(measured.alignment?.t1SlopeDeg.value == nil)
    #expect(measured.modifiedKLine?.intMinMm.value == nil)
    #expect(measured.modifiedKLine?.intMinMm.reason?.contains("C7 inferior endplate") == true)
    #expect(measured.modifiedKLine?.status == nil)
    // The middle of what is seen of C7 is neither its centroid nor its mid-body.
    let centroid = try #require(measured.alignment?.c2C7SvaCentroidMm)
    #expect(centroid.reason == "C7 is not seen as a whole: cut by the edge of the image")
    #expect(measured.alignment?.c2C7SvaCornerMm.value != nil)
    let c7 = try #require(measured.vertebrae.first { $0.level == "C7" })
    #expect(c7.cordApMm.reason == "C7 is not seen as a whole: cut by the edge of the image")
    let level = try #require(measured.level("C6-7")).narrowing
    #expect(level.msccAdjacentPercent.quality.names == ["one-sided-reference"])
    #expect(level.msccAdjacentPercent.inputs.contains { $0.hasSuffix("at C6") })
    let below = try #require(measured.level("C7-T1")).narrowing
    #expect(below.msccAdjacentPercent.reason == "neither adjacent vertebra can be measured")
    let largest = try #require(measured.msccMaxPercent)
    #expect(largest.value != nil && largest.quality.names.contains("levels-unmeasured"))
    #expect(largest.quality.contains { $0.text.contains("not measured at C7-T1:") })
  }

  @Test("a dens that the picture cuts off is said of the plumb line")
  func cutDens() throws {
    var covered = MaskRaster(rows: 256, columns: 256, filledWith: true)
    for row in 0..<DrawnNeck.row(-20) {
      for column in 0..<256 { covered[row, column] = false }
    }
    let cut = try #require(DrawnNeck().measured(covered: covered).alignment)
    for value in [cut.c2C7SvaCornerMm, cut.c2C7SvaCentroidMm] {
      #expect(value.value != nil && value.quality.names == ["supine", "c2-cut"])
    }
    #expect(cut.cobbDeg.quality.isEmpty)
    let whole = try #require(DrawnNeck().measured().alignment)
    #expect(whole.c2C7SvaCentroidMm.quality.names == ["supine"])
  }

  @Test("without C2, C7 or any body there is a reason and no number")
  func missing() throws {
    var neck = DrawnNeck()
    neck.bodies[0].isSeen = false
    let alignment = try #require(neck.measured().alignment)
    #expect(alignment.cobbDeg.value == nil)
    #expect(alignment.cobbDeg.reason == "C2 is not labelled on this slice")
    #expect(alignment.t1SlopeDeg.value != nil)
    var slice = neck.slice()
    slice.bodies = [:]
    slice.cord = nil
    let nothing = CervicalMeasurements(slice, subject: "a", image: "b")
    #expect(nothing.reason?.contains("neither vertebrae nor cord") == true)
    #expect(nothing.alignment == nil && nothing.rows.isEmpty)
  }

  @Test("an osteophyte at a corner hardly turns the endplate")
  func osteophyte() throws {
    var neck = DrawnNeck()
    neck.bodies[5].angle = 6
    var slice = neck.slice()
    let spur = SIMD2(100 - 16.5, 45 + 5 * 19 + 7.5) / SagittalGrid.spacing
    for row in 0..<256 {
      for column in 0..<256 {
        let d = SIMD2(Double(column), Double(row)) - spur
        if (d * d).sum() < 4 { slice.bodies[.c7]?[row, column] = 1 }
      }
    }
    let cobb = CervicalMeasurements(slice, subject: "a", image: "b").alignment?.cobbDeg.value
    #expect(abs(try #require(cobb) - 6) < 1)
  }

  @Test("Huber's line leaves outliers aside and refuses what is no line")
  func huber() throws {
    var points = (0..<20).map { SIMD2(Double($0), 3 + 0.5 * Double($0)) }
    points[3].y += 40
    points[17].y -= 25
    let fit = try #require(PlaneLine.huber(points))
    #expect(abs(fit.slope - 0.5) < 0.02 && abs(fit.offset - 3) < 0.2)
    #expect(PlaneLine.huber([[0, 0], [1, 1]]) == nil)
    #expect(PlaneLine.huber([[2, 0], [2, 1], [2, 5]]) == nil)
  }

  @Test("heights of thirds against neighbours; a collapsed neighbour is passed over")
  func heights() throws {
    var neck = DrawnNeck()
    neck.bodies[3].height = 10.5
    let vertebrae = neck.measured().vertebrae
    let c5 = try #require(vertebrae.first { $0.level == "C5" })
    for loss in [
      c5.heightLossAnteriorPercent, c5.heightLossMiddlePercent, c5.heightLossPosteriorPercent,
    ] {
      #expect(abs(try #require(loss.value) - 25) < 1.5)
      #expect(loss.quality.isEmpty)
    }
    let c4 = try #require(vertebrae.first { $0.level == "C4" })
    #expect(abs(try #require(c4.heightLossMiddlePercent.value)) < 1.5)
    #expect(c4.heightLossMiddlePercent.quality.names == ["neighbour-excluded"])
    let c3 = try #require(vertebrae.first { $0.level == "C3" })
    #expect(c3.heightLossMiddlePercent.quality.names == ["one-sided-reference"])
    let c2 = try #require(vertebrae.first { $0.level == "C2" })
    #expect(c2.heightLossMiddlePercent.value == nil && c2.heightMiddleMm.value == nil)
  }

  @Test("of three heights those that are there are told, and why another is not", arguments: 0...3)
  func someHeights(_ missing: Int) throws {
    var study = DrawnNeck().measured()
    let index = try #require(study.vertebrae.firstIndex { $0.level == "C5" })
    let none = MeasuredValue(value: nil, reason: "the corner is cut", method: "drawn")
    let values = [10.0, 11, 12].enumerated().map { place, height in
      missing == place || missing == 3
        ? none : MeasuredValue(value: height, reason: nil, method: "drawn")
    }
    study.vertebrae[index].heightAnteriorMm = values[0]
    study.vertebrae[index].heightMiddleMm = values[1]
    study.vertebrae[index].heightPosteriorMm = values[2]
    let text = MeasurementText.report(StudyReport(measurements: study, detection: nil))
    let lines = text.split(separator: "\n")
    let row = try #require(lines.first { $0.hasPrefix("  C5 ") && $0.contains(" / ") })
    let told = ["- / 11.0 / 12.0", "10.0 / - / 12.0", "10.0 / 11.0 / -", "  -  "][missing]
    #expect(row.contains(told), "\(row)")
    #expect(!row.contains("- / - / -"))
    let remark = try #require(lines.first { $0.hasSuffix("not measured, the corner is cut") })
    for (place, name) in VertebralHeights.names.enumerated() {
      let isSaid = remark.contains("height_\(name)_mm")
      #expect(isSaid == (missing == place || missing == 3), "\(remark)")
    }
  }

  @Test("C7 beside C6 alone says that it is usually taller; C3 beside C4 is as tall")
  func lastBody() throws {
    var neck = DrawnNeck()
    for index in [6, 7] { neck.bodies[index].isSeen = false }
    let vertebrae = neck.measured().vertebrae
    func words(_ name: String) throws -> [String] {
      let body = try #require(vertebrae.first { $0.level == name })
      #expect(body.heightLossMiddlePercent.value != nil)
      #expect(body.heightLossMiddlePercent.quality.names == ["one-sided-reference"])
      return body.heightLossMiddlePercent.quality.map(\.text)
    }
    #expect(
      try words("C7") == [
        "Only C6 could be compared with, than which C7 is usually 11 % taller: a loss shows that much "
          + "too small."
      ])
    #expect(try words("C3") == ["Only C4 could be compared with."])
    #expect(VertebralHeights.bias(.c6, against: .c7).contains("10 % lower"))
  }

  @Test("a body half as tall again as its neighbours voids heights and names instead of a loss")
  func fusedBody() throws {
    var neck = DrawnNeck()
    neck.bodies[3].height = 20
    let tall = neck.measured()
    #expect(!tall.quality.names.contains("levels-implausible"))
    let loss = tall.vertebrae.first { $0.level == "C5" }?.heightLossMiddlePercent.value
    #expect(abs(try #require(loss) + 43) < 2)
    neck.bodies[3].height = 22.5
    let fused = neck.measured()
    #expect(fused.quality.names.contains("levels-implausible"))
    let words = fused.quality.map(\.text).joined()
    #expect(words.contains("C5 is 1.6 times as tall as"), "\(words)")
    let c5 = try #require(fused.vertebrae.first { $0.level == "C5" })
    #expect(c5.heightLossMiddlePercent.value == nil && c5.heightMiddleMm.value == nil)
    #expect(c5.heightLossMiddlePercent.reason?.hasPrefix("levels-implausible") == true)
    #expect(fused.alignment?.cobbDeg.value == nil)
  }

  @Test("a body that is too tall is noticed also where it makes its only neighbour look collapsed")
  func fusedBesideOne() {
    var neck = DrawnNeck()
    for index in neck.bodies.indices where ![0, 2, 3].contains(index) {
      neck.bodies[index].isSeen = false
    }
    #expect(!neck.measured().quality.names.contains("levels-implausible"))
    neck.bodies[3].height = 22.5
    let quality = neck.measured().quality
    #expect(
      quality.contains { $0.text.contains("times as tall as C4 let expect") }, "\(quality)")
  }
}
