import Foundation
import Imaging
import Testing

@testable import Core

@Suite("The measurements on a report's page")
struct SheetMeasuresTests {
  /// A neck with a narrowed level, a displaced disc and a lost T1.
  private static let drawn: CervicalMeasurements = {
    var neck = DrawnNeck.compressed
    neck.bodies[6].isSeen = false
    return CervicalMeasurements(neck.slice(), subject: "01", image: SheetCase.image)
  }()

  /// Phantoms measured from their true masks as a report is, with what was found of their quality.
  private static func phantoms(
    _ count: Int
  ) throws -> [(study: CervicalMeasurements, quality: [QualityFlag])] {
    let generator = PhantomGenerator(PhantomConfiguration(slices: 5))
    let plan = PhantomCohort.plan(patients: 17, seed: 77, domain: .clinical, mix: .benchmark)
    var result: [(study: CervicalMeasurements, quality: [QualityFlag])] = []
    for recipe in plan.prefix(count) {
      let phantom = generator.study(recipe)
      let labels = StudyLabels(truthWithCompressors: phantom.truth)
      let prepared = try StudyPreparation.prepare(image: phantom.image, labels: labels)
      let chosen = try #require(prepared.scoredSlices.first)
      var slice = SegmentedSlice(chosen, labels: labels).withNeighbours(of: labels)
      slice.quality += prepared.quality.filter { !slice.quality.contains($0) }
      let study = CervicalMeasurements(
        slice, subject: "01", image: SheetCase.image, verdicts: [.c4c5: ["liu: present"]],
        confirmed: [.c4c5])
      result.append((study: study, quality: slice.quality))
    }
    return result
  }

  /// A study that two readers read and signed, one with remarks; thresholds of a calibration.
  private static func sheet(_ study: CervicalMeasurements, _ quality: [QualityFlag]) -> StudySheet {
    func verdicts(_ reader: String) -> [ReviewRecord] {
      SpinalSegment.allCases.dropLast().enumerated().map { index, segment in
        SheetCase.record(
          index + 1, .verdict, segment, segment == .c4c5 ? .present : .absent, reader: reader)
      }
    }
    var first = verdicts("liu")
    first[2].comment = "hazy, 2 mm"
    first[3].reason = "partial volume with CSF"
    var sheet = SheetCase.sheet(readers: [
      SheetCase.signed(first), SheetCase.signed(verdicts("carla"), .secondReader, "carla"),
    ])
    sheet.detection?.quality = quality
    sheet.detection?.model.thresholdSource =
      "calibration: 204 patients, 72 with lesion; patient at sensitivity 0.9, segment at the "
      + "largest F1"
    sheet.labels = [
      LabelOrigin(role: .cord, file: "sub-01_T2w_label-SC_seg.nii.gz", maker: "SCT"),
      LabelOrigin(role: .canal, file: "sub-01_T2w_label-canal_seg.nii.gz", maker: "SCT"),
      LabelOrigin(role: .spine, file: "sub-01_T2w_label-spine_dseg.nii.gz", maker: "a person"),
    ]
    sheet.measurements = study
    return sheet
  }

  /// The text without line ends.
  private func flat(_ sheet: StudySheet) -> String {
    SheetText.report(sheet).split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  private func page(of study: CervicalMeasurements) -> String {
    var sheet = SheetCase.sheet()
    sheet.measurements = study
    return flat(sheet)
  }

  /// Lines from the first that begins with some words to the one before the next that begins with others.
  private static func count(_ lines: [String], from: String, to: String) throws -> Int {
    guard let first = lines.firstIndex(where: { $0.drop { $0 == " " }.hasPrefix(from) }) else {
      return 0
    }
    let end = lines[first...].firstIndex { to.isEmpty ? $0.isEmpty : $0.hasPrefix(to) }
    return try #require(end) - first
  }

  @Test("an ordinary study of two readers is one printed page")
  func onePage() throws {
    for (study, quality) in try Self.phantoms(6) {
      let sheet = Self.sheet(study, quality)
      let lines = SheetText.lines(sheet)
      // More than is usual of what varies takes its own lines, and no more.
      let lesions = try Self.count(lines, from: "lesion: ", to: "level  ")
      let remarks = try Self.count(lines, from: "!: touches", to: "")
      let flags = try Self.count(lines, from: "Quality and method", to: "model ") - 1
      let more = max(lesions - 3, 0) + max(remarks - 5, 0) + max(flags - 4, 0)
      #expect(
        lines.count <= 60 + more, "\(lines.count) lines:\n\(lines.joined(separator: "\n"))")
      #expect(lines.allSatisfy { $0.count <= SheetText.width })
      // What must not be cut for it.
      let text = flat(sheet)
      for words in [
        Notice.researchUse, "204 patients, 72 with lesion", "hazy, 2 mm",
        "partial volume with CSF", "signed 2026-11-20", "liu: case present: C4-5",
        "carla: case present: C4-5", "cord, canal: SCT; spine: a person", "weights 00",
        "image \(SheetCase.image)", "made 2026-11-22 10:00:00Z",
      ] { #expect(text.contains(words), "\(words)\n\(text)") }
      for flag in quality { #expect(text.contains(flag.flag), "\(flag)") }
      // An adjudicator adds what is final and his own lines, and none to the rows of segments.
      var decided = sheet
      decided.readers.append(
        SheetCase.signed(
          SpinalSegment.allCases.enumerated().map { index, segment in
            SheetCase.record(
              index + 1, .verdict, segment, segment == .c4c5 ? .present : .absent, reader: "sup")
          }, .adjudicated, "sup"))
      let page3 = SheetText.lines(decided)
      #expect(page3.count <= lines.count + 8, "\(page3.joined(separator: "\n"))")
      #expect(page3.count { $0.hasPrefix("C4-5 ") } == lines.count { $0.hasPrefix("C4-5 ") })
    }
  }

  /// The cells of the table's row of a level, without marks of doubt.
  private func cells(_ level: String, in sheet: StudySheet) throws -> [String] {
    let lines = SheetText.lines(sheet)
    let head = try #require(lines.firstIndex { $0.hasPrefix("level  cord") })
    let row = try #require(lines[head...].first { $0.hasPrefix("\(level) ") })
    return row.replacing("?", with: "").split(separator: " ").dropFirst().map(String.init)
  }

  private func tenths(_ value: MeasuredValue) -> String { value.value?.tenths ?? "-" }

  @Test(
    "every value that a level has stands in its row, and each of the study as a whole on the page")
  func everyValue() throws {
    let studies = [Self.drawn] + (try Self.phantoms(2)).map { $0.study }
    for study in studies {
      let sheet = Self.sheet(study, [])
      #expect(study.levels.count == 6)
      for level in study.levels {
        let (narrowing, disc) = (level.narrowing, level.disc)
        let csf = [tenths(narrowing.csfFrontMm), tenths(narrowing.csfBackMm)]
        let expected = [
          tenths(narrowing.cordApMm), tenths(narrowing.canalApMm),
          tenths(narrowing.msccAdjacentPercent), tenths(narrowing.mccAdjacentPercent),
          tenths(narrowing.cordOccupationPercent),
          csf == ["-", "-"] ? "-" : csf.joined(separator: "/"),
          narrowing.kangGrade.value.map { String(Int($0)) } ?? "-",
          tenths(disc.displacementMm) + (disc.isShown ? "!" : ""),
          tenths(disc.cordGapMm) + (disc.contactsCord == true ? "!" : ""),
        ]
        #expect(try cells(level.level, in: sheet) == expected, "\(level.level)")
      }
      let text = flat(sheet)
      let alignment = try #require(study.alignment)
      let whole: [(lead: String, value: MeasuredValue?, unit: String)] = [
        ("C2-C7 Cobb ", alignment.cobbDeg, " deg, lordosis +"),
        ("C2 slope ", alignment.c2SlopeDeg, " deg"), ("T1 slope ", alignment.t1SlopeDeg, " deg"),
        ("T1 slope less Cobb ", alignment.t1SlopeMinusCobbDeg, " deg"),
        ("C2-7 SVA ", alignment.c2C7SvaCentroidMm, " mm to the centroid of C7"),
        ("", alignment.c2C7SvaCornerMm, " mm to the corner of C7"),
        ("cord ", study.modifiedKLine?.intMinMm, " mm at "),
        ("canal ", study.canalKLine?.intMinMm, " mm at "),
      ]
      for (lead, value, unit) in whole {
        guard let value, value.value != nil else { continue }
        #expect(text.contains(lead + tenths(value) + unit), "\(lead)\(unit)")
      }
      for lesion in study.lesions {
        for value in [lesion.scrRatio, lesion.lengthMm, lesion.areaMm2].compactMap(\.value) {
          #expect(text.contains(value.hundredths), "\(lesion)")
        }
      }
    }
  }

  @Test("what is not measured stands with its reason, said once for all values that it holds for")
  func missing() throws {
    let text = page(of: Self.drawn)
    let alignment = try #require(Self.drawn.alignment)
    let slope = try #require(alignment.t1SlopeDeg.reason)
    let first = try #require(text.split(separator: "not measured: ").last)
    #expect(first.contains("T1 slope") && first.contains("(\(slope))"), "\(text)")
    #expect(!text.contains("T1 slope -"))
    // Every reason of a value that the page has a place for.
    for level in Self.drawn.levels {
      for value in [level.narrowing.cordApMm, level.disc.displacementMm, level.disc.cordGapMm] {
        guard let reason = value.reason else { continue }
        let words = reason.replacing(level.level, with: "the level")
        #expect(text.contains("(\(words))"), "\(level.level): \(words)\n\(text)")
        #expect(text.ranges(of: "(\(words))").count == 1, "\(words)")
      }
    }
    let bare = page(of: CervicalMeasurements(subject: "01", image: "", reason: "no cord, no spine"))
    #expect(bare.contains("Measurements not measured: no cord, no spine"))
    #expect(!bare.contains("level cord canal"))
  }

  @Test("values in doubt are marked in the table, and what speaks against them is named under it")
  func doubted() throws {
    var study = Self.drawn
    let flag = QualityFlag("made-up", "Made up for a test.")
    for n in [1, 2] { study.levels[n].narrowing.msccAdjacentPercent.quality = [flag] }
    study.levels[1].narrowing.mccAdjacentPercent.quality = [flag]
    study.levels[2].narrowing.mccAdjacentPercent.quality = []
    let lines = SheetText.lines(Self.sheet(study, []))
    let head = try #require(lines.firstIndex { $0.hasPrefix("level  cord") })
    for (level, marked) in [("C3-4", [true, true]), ("C4-5", [true, false])] {
      let row = try #require(lines[head...].first { $0.hasPrefix("\(level) ") })
      let cells = row.split(separator: " ")
      #expect(cells[3...4].map { $0.hasPrefix("?") } == marked, "\(row)")
    }
    let words = "MSCC, MCC at C3-4; MSCC at C4-5 (made-up)"
    #expect(page(of: study).contains(words), "\(page(of: study))")
    #expect(!page(of: Self.drawn).contains(words))
  }

  @Test("the largest MSCC below 0 says what that means; a K-line has its sign")
  func clauses() throws {
    var study = Self.drawn
    study.msccMaxPercent = MeasuredValue(value: -4.2, reason: nil, method: "drawn")
    let entries = SheetMeasures(study: study).entries
    let largest = try #require(entries.first { $0.name == "largest" })
    let level = try #require(study.msccMaxLevel)
    #expect(
      largest.text.hasPrefix("MSCC -4.2 % at \(level), below 0: wider than its references"),
      "\(largest.text)")
    study.msccMaxPercent = MeasuredValue(value: 4.2, reason: nil, method: "drawn")
    #expect(!SheetMeasures(study: study).entries.contains { $0.text.contains("below 0") })
    // What the table's row says of its level is not said again, what the study alone has is.
    let own = QualityFlag("levels-unmeasured", "MSCC is not measured at C7-T1.")
    let known = QualityFlag("one-sided-reference", "Only one body could be compared with.")
    let at = try #require(study.levels.firstIndex { $0.level == level })
    study.levels[at].narrowing.msccAdjacentPercent.quality = [known]
    study.msccMaxPercent?.quality = [known, own]
    let flagged = try #require(
      SheetMeasures(study: study).entries.first { $0.name == "largest" }?.text)
    #expect(flagged.hasPrefix("MSCC ?4.2 % at \(level) (levels-unmeasured)"), "\(flagged)")
    let line = try #require(study.modifiedKLine)
    let sign = try #require(line.status?.prefix(3))
    #expect(
      entries.contains { $0.name == "K-line INTmin" && $0.text.contains(", \(sign)") },
      "\(entries)")
  }

  @Test("lesions that the same is said of stand on one line")
  func lesions() {
    var study = Self.drawn
    let none = MeasuredValue(value: nil, reason: "nothing outlines it", method: "drawn")
    study.lesions = ["C3-4", "C5-6"].map { name in
      LesionSignal(
        source: .reader, sliceIndex: 3, rowFrom: 100, rowTo: 110, segments: [name],
        scrRatio: none, lengthMm: none, areaMm2: none, yukawaGrade: none)
    }
    let lesions = SheetMeasures(study: study).lesions
    #expect(lesions.map { $0.text } == ["C3-4, C5-6, by reader: not measured, nothing outlines it"])
  }

  // MARK: The table's layout

  /// A value that a flag speaks against, or none does.
  private static func value(_ number: Double, isDoubted: Bool = false) -> MeasuredValue {
    var value = MeasuredValue(value: number, reason: nil, method: "drawn")
    if isDoubted { value.quality = [QualityFlag("made-up", "Made up for a test.")] }
    return value
  }

  /// Every value of a level that rests on the cord in doubt, and the same.
  private static func doubt(_ level: inout CervicalMeasurements.Level, _ number: Double) {
    let value = value(number, isDoubted: true)
    level.narrowing.cordApMm = value
    level.narrowing.canalApMm = value
    level.narrowing.msccAdjacentPercent = value
    level.narrowing.mccAdjacentPercent = value
    level.narrowing.cordOccupationPercent = value
    level.narrowing.csfFrontMm = value
    level.narrowing.csfBackMm = value
    level.narrowing.kangGrade = Self.value(2, isDoubted: true)
  }

  /// The rows of the table of levels on the page, without its heads.
  private func levelLines(_ study: CervicalMeasurements) throws -> [String] {
    let lines = SheetText.lines(Self.sheet(study, []))
    let head = try #require(lines.firstIndex { $0.hasPrefix("level  cord") })
    return Array(lines[(head + 1)...(head + study.levels.count)])
  }

  @Test("no value of a level runs into the next, however wide the columns before it are")
  func apart() throws {
    var study = Self.drawn
    study.levels[1].narrowing.mccAdjacentPercent = Self.value(-12.3, isDoubted: true)
    study.levels[1].narrowing.csfFrontMm = Self.value(2.1, isDoubted: true)
    study.levels[1].narrowing.csfBackMm = Self.value(2.2, isDoubted: true)
    for n in study.levels.indices {
      study.levels[n].disc.cordGapMm = Self.value(3.4)
      study.levels[n].disc.contactsCord = nil
    }
    let lines = try levelLines(study)
    let cells = lines[1].split(separator: " ")
    #expect(cells.count == 10 && cells[4] == "?-12.3" && cells[6] == "?2.1/?2.2", "\(lines)")
    for line in lines { #expect(line.hasSuffix("  3.4"), "\(line)") }
    // Numbers stand under each other.
    #expect(Set(lines.map(\.count)).count == 1, "\(lines)")
    // Where even that is too wide, the last goes on below.
    Self.doubt(&study.levels[1], -112.3)
    study.levels[1].disc.displacementMm = Self.value(-112.3, isDoubted: true)
    study.levels[1].disc.isShown = false
    study.levels[1].disc.cordGapMm = Self.value(-112.3, isDoubted: true)
    let wide = String(repeating: "?-112.3 ", count: 5)
    let text = page(of: study)
    #expect(
      text.contains("C3-4 \(wide)?-112.3/?-112.3 ?2 ?-112.3 ?-112.3 C4-5 "), "\(text)")
    #expect(SheetText.lines(Self.sheet(study, [])).allSatisfy { $0.count <= SheetText.width })
  }

  @Test("page and text of measurements mark the same cells, and have CSF where one side is known")
  func sameCells() throws {
    var study = Self.drawn
    for n in study.levels.indices {
      study.levels[n].disc.isShown = n == 1
      study.levels[n].disc.contactsCord = n == 2
    }
    study.levels[1].disc.displacementMm = Self.value(3.1)
    study.levels[2].disc.cordGapMm = Self.value(0.4)
    study.levels[3].narrowing.csfFrontMm = MeasuredValue(
      value: nil, reason: "it is not seen", method: "drawn")
    study.levels[3].narrowing.csfBackMm = Self.value(0.4)
    let rows = try levelLines(study).map { $0.split(separator: " ") }
    #expect(rows[1][8] == "3.1!" && rows[2][9] == "0.4!" && rows[3][6] == "-/0.4", "\(rows)")
    #expect(rows.joined().filter { $0.hasSuffix("!") }.count == 2, "\(rows)")
    #expect(page(of: study).contains("disc !: displaced; gap: to cord, !: touches; "))
    let text = MeasurementText.report(StudyReport(measurements: study, detection: nil))
      .split(separator: "\n")
    func row(_ n: Int) throws -> Substring {
      try #require(text.first { $0.hasPrefix("  \(study.levels[n].level) ") })
    }
    #expect(try row(1).contains(" 3.1 ! "))
    #expect(try row(2).hasSuffix(" 0.4 touches"))
    #expect(try row(3).contains(" - / 0.4 "))
  }

  @Test("what the cord tells of a level is in short where all of it is meant, by the table's names")
  func cordInShort() throws {
    var study = Self.drawn
    Self.doubt(&study.levels[1], 4)
    let names = SheetMeasures.cordNames
    let (first, last) = (try #require(names.first), try #require(names.last))
    #expect(page(of: study).contains("\(first) to \(last) at C3-4"), "\(page(of: study))")
    #expect(SheetMeasures(study: study).levelValues.map(\.measure).contains(first))
    // One of them less, and they are named.
    study.levels[1].narrowing.msccAdjacentPercent.quality = []
    #expect(!page(of: study).contains("\(first) to \(last) at C3-4"))
    let rows = ["a", "b", "c", "d", "e"].map { name in
      MeasurementRow(
        measure: name, level: "C3-4", measurement: Self.value(1, isDoubted: name != "e"))
    }
    let said = MeasurementRemarks.gathered(rows, run: ["b", "c", "d"]) { $0.quality.names }
    #expect(said.map { $0.places } == ["a, b to d at C3-4"])
  }
}
