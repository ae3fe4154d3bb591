import Foundation
import Imaging
import Testing

@testable import Core

@Suite("What values are measured from, and how far readers differ")
struct MeasurementInputsTests {
  /// A turned neck with a bulge on a picture of cord 100 and CSF 300; `grey` over 12 mm of the cord
  /// at C4-5.
  private static func study(lesion grey: Float?) throws -> CervicalMeasurements {
    var neck = DrawnNeck()
    neck.turn = 8
    neck.bulges[3] = 3
    var slice = neck.slice()
    let cord = try #require(slice.cord)
    let canal = try #require(slice.canal)
    var image = ImageRaster(rows: 256, columns: 256, filledWith: 20)
    var mask = cord.map { _ in false }
    let rows = DrawnNeck.row(42)...DrawnNeck.row(54)
    for n in image.pixels.indices {
      guard cord.pixels[n] >= 0.5 else {
        if canal.pixels[n] >= 0.5 { image.pixels[n] = 300 }
        continue
      }
      image.pixels[n] = 100
      if let grey, rows.contains(n / 256) { (image.pixels[n], mask.pixels[n]) = (grey, true) }
    }
    slice.image = image
    slice.lesions = grey == nil ? [] : [SliceLesion(source: .mask, rows: rows, mask: mask)]
    slice.flagged = []
    return CervicalMeasurements(slice, subject: "drawn", image: "drawn.nii")
  }

  @Test("every value says from which numbers it comes, and its variability or that none is known")
  func all() throws {
    let studies = [try Self.study(lesion: 160), try Self.study(lesion: nil)]
    var measured: Set<String> = []
    var published: Set<String> = []
    for row in studies.flatMap(\.rows) {
      let m = row.measurement
      #expect((m.value == nil) == (m.reason != nil), "\(row)")
      #expect(!m.variability.isEmpty, "\(row)")
      if m.variability != MeasuredValue.unpublished { published.insert(row.measure) }
      guard m.value != nil else { continue }
      measured.insert(row.measure)
      #expect(!m.inputs.isEmpty, "\(row)")
      #expect(m.inputs.allSatisfy { $0.contains(where: \.isNumber) }, "\(row)")
    }
    #expect(measured == Set(studies.flatMap(\.rows).map(\.measure)))
    #expect(
      published == [
        "cobb_deg", "mscc_max_percent", "mscc_adjacent_percent", "mscc_normal_percent",
        "mcc_adjacent_percent", "mcc_normal_percent", "kang_grade",
      ])
    let csv = MeasurementCSV.rows(studies[0])
    #expect(csv.contains(",none published that we know of,"))
    let text = MeasurementText.report(StudyReport(measurements: studies[0], detection: nil))
    #expect(!text.contains(MeasuredValue.unpublished))
  }

  @Test("a value can be worked out again from the places and lengths of its inputs")
  func again() throws {
    let study = try Self.study(lesion: 160)
    let alignment = try #require(study.alignment)
    let sva = try Self.places(alignment.c2C7SvaCornerMm, count: 2)
    Self.expect(alignment.c2C7SvaCornerMm, sva[1].x - sva[0].x, within: 0.11)
    for slope in [alignment.c2SlopeDeg, alignment.t1SlopeDeg] {
      let ends = try Self.places(slope, count: 2)
      let d = ends[1] - ends[0]
      #expect(d.x < -8)
      Self.expect(slope, 8, within: 0.5)
      Self.expect(slope, atan2(d.y, -d.x) * 180 / .pi, within: 0.8)
    }
    let level = try #require(study.level("C5-6"))
    for value in [level.narrowing.cordApMm, level.narrowing.canalApMm, level.narrowing.csfBackMm] {
      let edges = try Self.places(value, count: 2)
      Self.expect(value, Self.length(edges[1] - edges[0]), within: 0.15)
    }
    let occupation = level.narrowing.cordOccupationPercent
    let lengths = try occupation.inputs.prefix(2).map { text in
      try #require(text.split(separator: " ").dropFirst().first.flatMap { Double($0) })
    }
    Self.expect(occupation, lengths[0] / lengths[1] * 100, within: 1.5)
    let c4 = try #require(study.vertebrae.first { $0.level == "C4" })
    #expect(c4.cordApMm.inputs[0].hasPrefix("C4 mid-body, row "))
    let wall = try Self.places(c4.cordApMm, count: 2)
    Self.expect(c4.cordApMm, Self.length(wall[1] - wall[0]), within: 0.15)
    let disc = try Self.places(level.disc.displacementMm, count: 3)
    let line = disc[1] - disc[0]
    let behind = disc[2] - disc[0]
    Self.expect(
      level.disc.displacementMm, (behind.x * line.y - behind.y * line.x) / Self.length(line),
      within: 0.4)
    let gap = try Self.places(level.disc.cordGapMm, count: 2)
    Self.expect(level.disc.cordGapMm, Self.length(gap[1] - gap[0]), within: 0.15)
  }

  @Test("a missing value has its reason, no inputs, and the variability of its kind")
  func missing() throws {
    var neck = DrawnNeck()
    neck.bodies[6].isSeen = false
    let study = neck.measured()
    let slope = try #require(study.alignment).t1SlopeDeg
    #expect(slope.value == nil && slope.inputs.isEmpty)
    #expect(slope.reason == "the vertebra is not labelled on this slice")
    #expect(slope.variability == MeasuredValue.unpublished)
    let none = study.rows.filter { $0.measurement.value == nil }
    #expect(none.contains { $0.measure == "height_middle_mm" && $0.level == "T1" })
    #expect(none.allSatisfy { $0.measurement.reason?.isEmpty == false })
    var slice = neck.slice()
    (slice.cord, slice.canal) = (nil, nil)
    let level = CervicalMeasurements(slice, subject: "a", image: "b").level("C4-5")
    let mscc = try #require(level).narrowing.msccAdjacentPercent
    #expect(mscc.value == nil && mscc.reason == "the cord is not labelled")
    #expect(mscc.variability.contains("0.79"))
  }

  /// The places "(x, y) mm" in the inputs of a value.
  private static func places(_ value: MeasuredValue, count: Int) throws -> [SIMD2<Double>] {
    let found = try value.inputs.joined(separator: "; ")
      .matches(of: #/\((-?[0-9]+\.[0-9]), (-?[0-9]+\.[0-9])\) mm/#)
      .map { SIMD2(try #require(Double($0.1)), try #require(Double($0.2))) }
    try #require(found.count == count, "\(value)")
    return found
  }

  private static func length(_ d: SIMD2<Double>) -> Double { (d * d).sum().squareRoot() }

  private static func expect(_ value: MeasuredValue, _ again: Double, within tolerance: Double) {
    #expect(abs((value.value ?? .nan) - again) < tolerance, "\(again): \(value)")
  }
}
