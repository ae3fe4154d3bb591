import Foundation
import Imaging
import Testing

@testable import Core

@Suite("Measurements as JSON, CSV and text")
struct MeasurementFilesTests {
  private static let study = DrawnNeck.compressed.measured()

  @Test("JSON comes back as it was, with null beside the reason and units in the keys")
  func json() throws {
    let data = try Self.study.json()
    #expect(try CervicalMeasurements(json: data) == Self.study)
    let text = String(decoding: data, as: UTF8.self)
    for key in [
      "\"cobb_deg\"", "\"c2_c7_sva_corner_mm\"", "\"mscc_adjacent_percent\"", "\"int_min_mm\"",
      "\"displacement_mm\"", "\"height_loss_middle_percent\"", "\"csf_front_mm\"",
      "\"kang_grade\"", "\"modified_k_line\"", "research use only, not for diagnosis",
    ] {
      #expect(text.contains(key), "\(key)")
    }
    let object = try #require(
      JSONSerialization.jsonObject(with: data) as? [String: Any])
    let c2 = try #require((object["vertebrae"] as? [[String: Any]])?.first)
    let height = try #require(c2["height_middle_mm"] as? [String: Any])
    #expect(height["value"] is NSNull && height["reason"] is String)
  }

  @Test("every row of the CSV has the header's columns, and cells are quoted where they must be")
  func csv() {
    let lines = MeasurementCSV.rows(Self.study).split(separator: "\n")
    #expect(lines.count == Self.study.rows.count && lines.count > 100)
    let columns = MeasurementCSV.header.split(separator: ",").count
    for line in lines { #expect(Self.cells(line) == columns, "\(line)") }
    #expect(lines.allSatisfy { $0.hasSuffix("\"research use only, not for diagnosis\"") })
    #expect(
      MeasurementCSV.line(["=1+1", "a,b", "say \"x\"", "-3.2"])
        == "'=1+1,\"a,b\",\"say \"\"x\"\"\",-3.2\n")
    let none = CervicalMeasurements(subject: "x", image: "y", reason: "no cord, no spine")
    #expect(MeasurementCSV.rows(none).contains("\"no cord, no spine\""))
    #expect(MeasurementCSV.vertebralRows(none).isEmpty)
  }

  /// Cells of a line, commas within quotes not counted.
  private static func cells(_ line: Substring) -> Int {
    var (count, isQuoted) = (1, false)
    for character in line {
      if character == "\"" { isQuoted.toggle() }
      if character == ",", !isQuoted { count += 1 }
    }
    return count
  }

  @Test("the vertebral table has SCT's names and the tube's diameter")
  func vertebral() throws {
    #expect(MeasurementCSV.vertebralHeader.hasPrefix("Filename,VertLevel,MEAN(angle_AP)"))
    let lines = MeasurementCSV.vertebralRows(Self.study).split(separator: "\n")
    #expect(lines.map { $0.split(separator: ",")[1] } == ["3", "4", "5", "6", "7", "8"])
    let c4 = try #require(lines.dropFirst().first).split(separator: ",")
    #expect(abs(try #require(Double(c4[4])) - 8) < 0.1)
    #expect(abs(try #require(Double(c4[2]))) < 0.5)
    #expect(abs(try #require(Double(c4[6])) - 19) < 1.2)
  }

  @Test("rows on which the cord is lost add nothing to a vertebra's length")
  func lostLength() throws {
    var slice = DrawnNeck().slice()
    var weight = [Float](repeating: 1, count: 256)
    for row in DrawnNeck.row(54)...DrawnNeck.row(60) { weight[row] = 0.2 }
    slice.rowWeight = weight
    let study = CervicalMeasurements(slice, subject: "a", image: "b")
    let lines = MeasurementCSV.vertebralRows(study).split(separator: "\n")
      .map { $0.split(separator: ",") }
    let c5 = try #require(lines.first { $0[1] == "5" })
    #expect(abs(try #require(Double(c5[6])) - 12.5) < 2, "\(c5)")
  }

  @Test("the text says what was measured, what not and why, and the notice")
  func text() {
    let report = MeasurementText.report(StudyReport(measurements: Self.study, detection: nil))
    for words in [
      "C2-C7 Cobb", "C5-6", "INTmin", "supine MRI", "signal-unknown", "not measured",
      "SEM 1.8 deg", "detection: none yet", "research use only, not for diagnosis",
    ] {
      #expect(report.contains(words), "\(words)")
    }
    #expect(report.split(separator: "\n").allSatisfy { !$0.hasSuffix(" ") })
  }

  /// The lines of a study's report.
  private static func lines(_ study: CervicalMeasurements) -> [String] {
    MeasurementText.report(StudyReport(measurements: study, detection: nil))
      .split(separator: "\n").map(String.init)
  }

  @Test("values in doubt are marked in the table, and their remark names every place")
  func doubts() throws {
    let lines = Self.lines(Self.study)
    func row(_ level: String) throws -> String {
      try #require(lines.first { $0.hasPrefix("  \(level) ") })
    }
    // Its grade does not know of T2 hyperintensity.
    #expect(try row("C5-6").contains(" ?2 "), "\(lines)")
    // A body that it is compared with borders on that level.
    #expect(try row("C4-5").contains("?"), "\(lines)")
    #expect(try row("C2-3").contains("?") == false, "\(lines)")
    #expect(lines.contains { $0.hasPrefix("  kang_grade at C5-6: signal-unknown: ") }, "\(lines)")
    let beside = "  mscc_adjacent_percent, mcc_adjacent_percent at C4-5: reference-narrowed: "
    #expect(lines.contains { $0.hasPrefix(beside + "C5 borders on") }, "\(lines)")
    #expect(lines.contains { $0.contains("? in doubt") })
    #expect(!lines.contains { $0.contains(" more: ") })
  }

  @Test("where nothing of a level is measured for one reason, that is said once")
  func everything() {
    var slice = DrawnNeck().slice()
    slice.knownLevels = Set(DrawnNeck.levels).subtracting([.c2, .t1])
    let lines = Self.lines(CervicalMeasurements(slice, subject: "a", image: "b"))
    let reason = ": not measured, the level of T1 is not known"
    #expect(lines.contains("  everything at C7-T1" + reason), "\(lines)")
    // The K-line passes C2-3 closest: that is measured, and so the rest is named.
    let other = lines.first { $0.contains("the level of C2 is not known") }
    #expect(other?.hasPrefix("  cord_ap_mm, canal_ap_mm, ") == true, "\(lines)")
    #expect(other?.contains(" at C2-3: not measured") == true)
  }

  @Test("a disc that touches the cord is said to, however little it is displaced")
  func touches() throws {
    var neck = DrawnNeck()
    neck.cordU = 6.2
    neck.bulges[2] = 1.5
    let study = neck.measured()
    let disc = try #require(study.level("C4-5")).disc
    #expect(!disc.isShown && disc.contactsCord == true, "\(disc)")
    let rows = Self.lines(study).filter { $0.hasSuffix(" touches") }
    #expect(rows.count == 1 && rows.first?.hasPrefix("  C4-5 ") == true, "\(rows)")
    #expect(rows.first?.contains("!") == false)
  }

  @Test("the report says what segment has done about vertebrae, and what to do next")
  func spineSearch() {
    var report = StudyReport(measurements: Self.study, detection: nil)
    #expect(MeasurementText.report(report).contains("`cordscope segment LIB` looks for them"))
    report.spineSearch = .unnamed
    let asked = MeasurementText.report(report)
    #expect(asked.contains("`cordscope segment LIB --subject drawn --uppermost LEVEL`"))
    report.spineSearch = .noCord
    let vain = MeasurementText.report(report)
    #expect(vain.contains("has looked and found no cord"))
    #expect(!asked.contains("looks for them") && !vain.contains("looks for them"))
  }

  @Test("random masks never trap, and give finite numbers or reasons")
  func randomMasks() throws {
    for seed in UInt64(1)...12 {
      var random = PropertyRandom(seed)
      func blob() -> ImageRaster {
        var raster = ImageRaster(rows: 256, columns: 256, filledWith: 0)
        for _ in 0..<Int(random.uniform(0, 5)) {
          let (r, c) = (random.uniform(0, 256), random.uniform(0, 256))
          let (h, w) = (random.uniform(0, 60), random.uniform(0, 30))
          for row in max(0, Int(r - h))..<min(256, Int(r + h) + 1) {
            for column in max(0, Int(c - w))..<min(256, Int(c + w) + 1) {
              raster[row, column] = Float(random.uniform(0.3, 1))
            }
          }
        }
        return raster
      }
      var bodies: [VertebralLevel: ImageRaster] = [:]
      var discs: [VertebralLevel: ImageRaster] = [:]
      for level in VertebralLevel.allCases {
        bodies[level] = blob()
        discs[level] = blob()
      }
      var slice = SegmentedSlice(
        index: 0, grid: SagittalGrid(centre: .zero), cord: blob(), canal: blob(), bodies: bodies,
        discs: discs, compressor: blob(), image: blob())
      slice.lesions = [
        SliceLesion(source: .detection, rows: -5...400),
        SliceLesion(source: .detection, rows: 300...310),
        .init(source: .mask, rows: 3...9, mask: blob().map { $0 > 0.5 }),
      ]
      let study = CervicalMeasurements(slice, subject: "a", image: "b")
      for row in study.rows {
        #expect(
          (row.measurement.value == nil) == (row.measurement.reason != nil), "seed \(seed) \(row)")
      }
      #expect(try CervicalMeasurements(json: study.json()) == study, "seed \(seed)")
    }
  }
}
