import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Findings in text, Markdown, JSON, tables and figure")
struct SheetFindingsTests {
  private static func finding(
    _ seq: Int, _ words: String, z: Double, slice: Int = 2, revising: Int? = nil
  ) -> ReviewRecord {
    var record = SheetCase.record(seq, .finding, comment: words)
    record.place = FindingPlace(slice: slice, row: 80, column: 125, ras: SIMD3(-3.5, 12, z))
    record.revises = revising
    return record
  }

  /// C4-5 from z 10 down to -5, C5-6 from -5 to -20; nothing known of the others.
  private static func detection() -> Detection {
    var detection = LibraryFixture.detection()
    for n in detection.segments.indices {
      let heights: [(Double, Double)?] = [nil, nil, (10, -5), (-5, -20), nil, nil]
      (detection.segments[n].zFromMm, detection.segments[n].zToMm) =
        (heights[n]?.0, heights[n]?.1)
    }
    return detection
  }

  private static let records = [
    finding(1, "syrinx", z: 3), finding(2, "-mass, \"T3\"", z: -60.4, slice: 4),
    finding(3, "gone", z: 0), SheetCase.record(4, .undo, reverts: 3),
    finding(5, "syrinx of the cord", z: 3, revising: 1),
  ]

  private static func sheet(detection: Detection? = Self.detection()) -> StudySheet {
    SheetCase.sheet(readers: [SheetCase.reader(records)], detection: detection)
  }

  @Test("the nearest level is that at whose height a place lies, else one with its distance")
  func level() throws {
    let detection = Self.detection()
    #expect(detection.nearestLevel(toZ: 3)?.words == "C4-5")
    #expect(detection.nearestLevel(toZ: -12) == NearestLevel(name: "C5-6", beyondMM: 0))
    #expect(detection.nearestLevel(toZ: 22)?.words == "12 mm above C4-5")
    #expect(detection.nearestLevel(toZ: -60.4)?.words == "40 mm below C5-6")
    #expect(detection.nearestLevel(toZ: .nan) == nil)
    var bare = detection
    for n in bare.segments.indices { bare.segments[n].zFromMm = nil }
    #expect(bare.nearestLevel(toZ: 3) == nil)
  }

  @Test("text and Markdown have those that stand, in the words that stand; none, no section")
  func page() {
    let text = SheetText.report(Self.sheet())
    let part = text.split(separator: "\nFindings\n").last?.split(separator: "\n\n").first ?? ""
    #expect(part.contains("syrinx of the cord") && part.contains("40 mm below C5-6"))
    #expect(part.contains("  3     ") && part.contains("-60.4") && !part.contains("gone"))
    #expect(SheetMarkdown.report(Self.sheet()).contains("## Findings\n"))
    #expect(!SheetText.report(SheetCase.sheet()).contains("\nFindings\n"))
    #expect(SheetText.report(Self.sheet(detection: nil)).contains("not known"))
  }

  @Test("JSON has them as objects, an empty list of none, null where no level is known")
  func json() throws {
    func findings(_ sheet: StudySheet) throws -> [[String: Any]] {
      let page = try JSONSerialization.jsonObject(with: SheetJSON.data(sheet)) as? [String: Any]
      return try #require(page?["findings"] as? [[String: Any]])
    }
    let found = try findings(Self.sheet())
    #expect(found.compactMap { $0["words"] as? String } == ["syrinx of the cord", "-mass, \"T3\""])
    #expect(found.compactMap { $0["slice_index"] as? Int } == [2, 4])
    #expect(found.compactMap { $0["z_mm"] as? Double } == [3, -60.4])
    #expect(found[0]["nearest_level"] as? String == "C4-5")
    #expect(found[0]["mm_from_level"] as? Double == 0 && found[0]["reader"] as? String == "liu")
    #expect(found[0]["x_mm"] as? Double == -3.5 && found[0]["row"] as? Double == 80)
    let bare = try findings(Self.sheet(detection: nil))
    #expect(bare[0]["nearest_level"] is NSNull && bare[0]["mm_from_level"] is NSNull)
    #expect(try findings(SheetCase.sheet()).isEmpty)
  }

  @Test(
    "how far from its level a finding lies is told to a tenth, the same in JSON and tables",
    arguments: [
      (13.4, "3.4"), (-20.3, "-0.3"), (10.04, "0.0"), (-20.04, "0.0"), (10.1 + 0.2, "0.3"),
    ])
  func fromLevel(_ z: Double, _ words: String) throws {
    var record = Self.finding(1, "mass", z: 0)
    record.place?.z = z
    let sheet = SheetCase.sheet(
      readers: [SheetCase.reader([record])], detection: Self.detection())
    // As it is written, not as a parser reads it.
    let json = String(decoding: try SheetJSON.data(sheet), as: UTF8.self)
    let key = "\"mm_from_level\""
    let line = try #require(json.split(separator: "\n").first(where: { $0.contains(key) }))
    let number = try #require(line.split(separator: ":").last)
    let value = number.trimmingCharacters(in: CharacterSet(charactersIn: " ,"))
    #expect(Double(value) == Double(words) && value.count <= words.count, "\(line)")
    #expect(value != "-0")
    #expect(FindingsCSV.rows(sheet).contains(",\(words),"), "\(FindingsCSV.rows(sheet))")
    #expect(SheetCSV.rows(sheet).contains(",\(words),"))
  }

  @Test("the study's table and the library's have a row for each, with as many cells as heads")
  func tables() {
    let sheet = Self.sheet()
    let all = SheetCSV.rows(sheet).split(separator: "\n")
    let rows = all.filter { $0.contains(",finding,") }
    #expect(all.count == 6 + 2 && rows.count == 2)
    let heads = SheetCSV.header.split(separator: ",").map(String.init)
    let cells = rows[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    // The notice, in the last column, has a comma of its own.
    #expect(cells.count == heads.count + 1 && heads.last == "notice")
    let row = Dictionary(uniqueKeysWithValues: zip(heads, cells))
    #expect(row["finding"] == "syrinx of the cord" && row["finding_slice"] == "3")
    #expect(row["finding_z_mm"] == "3.0" && row["finding_level"] == "C4-5")
    #expect(row["call"] == "" && row["verdict"] == "" && row["reader"] == "liu")
    // A spreadsheet takes none of the words for a formula.
    #expect(rows[1].contains("\"'-mass, \"\"T3\"\"\""))
    let own = FindingsCSV.rows(sheet).split(separator: "\n")
    let first = own[0].split(separator: ",", omittingEmptySubsequences: false)
    #expect(own.count == 2 && first.count == FindingsCSV.header.split(separator: ",").count + 1)
    #expect(FindingsCSV.rows(SheetCase.sheet()).isEmpty)
  }

  @Test("numbers that no journal of this program has trap nowhere")
  func hostile() throws {
    var record = Self.finding(1, "far", z: 1e300, slice: .max)
    record.place?.row = -1e300
    record.place?.column = 1e300
    let sheet = SheetCase.sheet(
      readers: [SheetCase.reader([record])], detection: Self.detection())
    #expect(SheetText.report(sheet).contains("1000000 mm above C4-5"))
    #expect(try !SheetJSON.data(sheet).isEmpty && !FindingsCSV.rows(sheet).isEmpty)
    record.place?.slice = 2
    let grey = ImageRaster(rows: 64, columns: 64, filledWith: 0.5)
    let study = SheetCase.study(grey)
    let near = SheetCase.sheet(readers: [SheetCase.reader([record])], detection: nil)
    #expect(SheetFigure(near, study: study).drawn().columns == SheetFigure.width)
    // No tenth of it is a number: it is told as it is.
    record.place?.z = 1e308
    let farther = SheetCase.sheet(
      readers: [SheetCase.reader([record])], detection: Self.detection())
    #expect(try !SheetJSON.data(farther).isEmpty)
    record.place?.z = .nan
    #expect(SheetCase.sheet(readers: [SheetCase.reader([record])]).findings.isEmpty)
  }

  @Test("the figure has a mark where the finding lies, and the words of all")
  func figure() throws {
    let side = SagittalGrid.side
    let grey = ImageRaster(
      rows: side, columns: side, pixels: (0..<side * side).map { Float($0 % 97) })
    let study = SheetCase.study(grey)
    let found = SheetFigure(Self.sheet(), study: study)
    let none = SheetFigure(SheetCase.sheet(readers: [], detection: Self.detection()), study: study)
    let words = found.statements.joined(separator: " ")
    #expect(words.contains("1 \"syrinx of the cord\" of liu (slice 3, z 3.0 mm, C4-5)"))
    #expect(words.contains("40 mm below C5-6, not on the slice shown)"))
    let (a, b) = (found.drawn(), none.drawn())
    let place = SheetFigure.slicePlace
    let changed = place.rows.reduce(0) { sum, row in
      sum + place.columns.count { a[row, $0] != b[row, $0] }
    }
    #expect(changed > 20 && changed < 2000)
  }
}
