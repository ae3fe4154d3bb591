import Foundation
import Imaging
import Testing

@testable import Core

@Suite("Signal and extent of lesions")
struct LesionSignalTests {
  /// Cord 100, CSF 300, and a lesion of a grey value over some rows and the cord's middle columns.
  private func slice(
    grey: Float = 160, from v0: Double = 50, to v1: Double = 64, tilt: Double = 0,
    hasMask: Bool = true
  ) throws -> SegmentedSlice {
    var neck = DrawnNeck()
    neck.cordTilt = tilt
    neck.cordU = 8 - 57 * tan(tilt * .pi / 180)
    var slice = neck.slice()
    let cord = try #require(slice.cord)
    let canal = try #require(slice.canal)
    var image = ImageRaster(rows: 256, columns: 256, filledWith: 20)
    var mask = cord.map { _ in false }
    let (a, b) = (DrawnNeck.row(v0), DrawnNeck.row(v1))
    for row in 0..<256 {
      for column in 0..<256 {
        let inCord = cord[row, column] >= 0.5
        image[row, column] = inCord ? 100 : canal[row, column] >= 0.5 ? 300 : 20
        if inCord, (a...b).contains(row), cord[row, max(column - 2, 0)] >= 0.5,
          cord[row, min(column + 2, 255)] >= 0.5
        {
          image[row, column] = grey
          mask[row, column] = true
        }
      }
    }
    slice.image = image
    slice.lesions = [SliceLesion(source: .mask, rows: a...b, mask: hasMask ? mask : nil)]
    slice.flagged = []
    return slice
  }

  private func measured(_ slice: SegmentedSlice) -> CervicalMeasurements {
    CervicalMeasurements(slice, subject: "a", image: "b")
  }

  @Test("ratio, grade, length, area and levels of a drawn lesion")
  func drawn() throws {
    let slice = try slice()
    let study = measured(slice)
    let lesion = try #require(study.lesions.first)
    #expect(abs(try #require(lesion.scrRatio.value) - 1.6) < 0.01)
    #expect(
      lesion.scrRatio.inputs == [
        "brightest part 160.0 grey values", "reference 100.0 grey values: C7-T1 disc level",
      ])
    #expect(lesion.scrRatio.quality.isEmpty)
    // 30 % of the step from cord to CSF.
    #expect(lesion.yukawaGrade.value == 1)
    let rows = Double(DrawnNeck.row(64) - DrawnNeck.row(50) + 1)
    #expect(abs(try #require(lesion.lengthMm.value) - rows * SagittalGrid.spacing) < 0.6)
    let pixels = try #require(slice.lesions.first?.mask).pixels.count { $0 }
    #expect(
      abs(
        try #require(lesion.areaMm2.value) - Double(pixels) * SagittalGrid.spacing
          * SagittalGrid.spacing) < 0.01)
    #expect(lesion.segments == ["C4-5", "C5-6"])
    #expect(study.signal?.combinedType.value == 4)
    #expect(study.level("C4-5")?.narrowing.kangGrade.value == 0)
  }

  @Test("a bright focal lesion is grade 2, type 3; length runs along a leaning cord")
  func bright() throws {
    let study = measured(try slice(grey: 230, from: 40, to: 52, tilt: 15))
    let lesion = try #require(study.lesions.first)
    #expect(lesion.yukawaGrade.value == 2 && lesion.segments == ["C4-5"])
    #expect(study.signal?.combinedType.value == 3)
    let rows = Double(DrawnNeck.row(52) - DrawnNeck.row(40) + 1)
    let along = rows * SagittalGrid.spacing / cos(15 * Double.pi / 180)
    #expect(try #require(lesion.lengthMm.value) > along - 0.8)
  }

  @Test("in a leaning neck segments lie between image rows, as detection and truth have them")
  func leaning() throws {
    // Above C5's centre (v = 57); across the cord from that centre is v = 51.9.
    let steep = try #require(measured(try slice(from: 47, to: 56, tilt: 20)).lesions.first)
    #expect(steep.segments == ["C4-5"])
    // The rows that detection has of the vertebrae decide, not the outlines of the bodies.
    var other = try slice(from: 50, to: 64)
    var rows: [VertebralLevel: Double] = [:]
    for (n, level) in DrawnNeck.levels.enumerated() {
      rows[level] = Double(DrawnNeck.row(Double(n) * DrawnNeck.pitch)) + 12
    }
    other.levelRows = rows
    #expect(measured(other).lesions.map(\.segments) == [["C4-5"]])
    rows[.c5] = nil
    other.levelRows = rows
    #expect(measured(other).lesions.map(\.segments) == [[]])
  }

  @Test("segments that a detection names stay where the cord's measures are void; a mask's do not")
  func namesInVain() throws {
    var slice = try slice()
    slice.quality = [QualityIssue.tooCoarse.flag("Voxels are large.")]
    #expect(measured(slice).lesions.map(\.segments) == [[]])
    let rows = try #require(slice.lesions.first).rows
    slice.lesions = [SliceLesion(source: .detection, rows: rows, segments: [.c5c6])]
    let lesion = try #require(measured(slice).lesions.first)
    #expect(lesion.segments == ["C5-6"] && lesion.scrRatio.value == nil)
    #expect(lesion.lengthMm.reason?.hasPrefix("too-coarse") == true)
  }

  @Test("a flagged level that a lesion hardly reaches is spared as a whole, others on its rows")
  func spared() throws {
    // Without C7-T1 the reference is another, which says what it spares.
    func leftOut(_ barely: Set<SpinalSegment>, extent: ClosedRange<Int>?) throws -> [String]? {
      var slice = try slice(from: 44, to: 56)
      let rows = try #require(slice.lesions.first).rows
      slice.lesions = [
        SliceLesion(
          source: .detection, rows: rows, extent: extent, segments: [.c4c5, .c7t1], barely: barely)
      ]
      slice.flagged = [.c4c5, .c7t1]
      let study = measured(slice)
      #expect(study.lesions.map(\.segments) == [["C4-5", "C7-T1"]])
      return study.signal?.referenceLeftOut
    }
    #expect(try leftOut([], extent: nil) == [])
    #expect(try leftOut([.c7t1], extent: nil) == ["C4-5 C7-T1 (lesion)"])
    // Another slice shows it as far as C7-T1.
    let long = DrawnNeck.row(44)...DrawnNeck.row(106)
    #expect(try leftOut([], extent: long) == ["C4-5 C7-T1 (lesion)"])
  }

  @Test("a lesion at C7-T1 makes the reference move, and says so")
  func fallback() throws {
    let study = measured(try slice(from: 94, to: 106))
    let lesion = try #require(study.lesions.first)
    #expect(lesion.scrRatio.quality.names == ["reference-substituted"])
    let left = try #require(study.signal?.referenceLeftOut)
    #expect(left.first == "\(lesion.segments.joined(separator: " ")) (lesion)")
    let words = "mid-C6, left out: \(left.joined(separator: ", "))"
    #expect(lesion.scrRatio.inputs.last == "reference 100.0 grey values: \(words)")
    #expect(lesion.scrRatio.quality.first?.text.contains(words) == true)
    #expect(
      lesion.remarks == [
        "reference 100.0: \(words)", "SCR, Yukawa grade in doubt: reference-substituted",
      ])
    #expect(abs(try #require(lesion.scrRatio.value) - 1.6) < 0.01)
  }

  @Test("measurements written before references said what they spare are read")
  func older() throws {
    let signal = try #require(measured(try slice(from: 94, to: 106)).signal)
    let data = try SnakeCaseJSON.data(signal)
    let decoder = SnakeCaseJSON.decoder()
    #expect(try decoder.decode(CordSignalSummary.self, from: data) == signal)
    var object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect((object["reference_left_out"] as? [String])?.isEmpty == false)
    object["reference_left_out"] = nil
    let old = try decoder.decode(
      CordSignalSummary.self, from: JSONSerialization.data(withJSONObject: object))
    #expect(old.reference == signal.reference && old.referenceLeftOut == nil)
  }

  @Test("cord that a reader calls a lesion, or that is one on another slice, is no reference")
  func noReference() throws {
    func names(_ study: CervicalMeasurements) throws -> [String] {
      let lesion = try #require(study.lesions.first { $0.sliceIndex == 3 && $0.source == .mask })
      #expect(abs(try #require(lesion.scrRatio.value) - 1.6) < 0.01)
      return lesion.scrRatio.quality.names
    }
    let main = try slice()
    #expect(try names(measured(main)).isEmpty)
    let confirmed = CervicalMeasurements(
      main, subject: "a", image: "b", confirmed: [.c7t1])
    #expect(try names(confirmed) == ["reference-substituted"])
    // A verdict elsewhere moves the reference: it is among what was left out.
    #expect(confirmed.signal?.referenceLeftOut == ["C4-5 C5-6 C7-T1 (lesion)"])
    #expect(measured(main).signal?.referenceLeftOut == [])
    let more = CervicalMeasurements(main, subject: "a", image: "b", confirmed: [.c6c7, .c7t1])
    #expect(more.signal?.referenceLeftOut == ["C4-5 C5-6 C6-7 C7-T1 (lesion)"])
    #expect(confirmed.signal?.combinedType.quality.names == ["lesion-ungraded"])
    var other = try slice(from: 94, to: 106)
    other.index = 4
    other.quality = [QualityIssue.absoluteLevelHigh.flag("The cord is bright.")]
    let beside = CervicalMeasurements(main, beside: [other], subject: "a", image: "b")
    #expect(try names(beside) == ["reference-substituted"])
    // What speaks against the other slice voids what is measured on it.
    let there = try #require(beside.lesions.first { $0.sliceIndex == 4 })
    #expect(there.scrRatio.reason?.hasPrefix("absolute-level-high: ") == true)
    #expect(there.lengthMm.value != nil && there.yukawaGrade.value == nil)
  }

  @Test("without a lesion the reference is the normal mid-body nearest to the narrowest level")
  func nearNarrowest() throws {
    var neck = DrawnNeck()
    neck.narrowings = [(v: DrawnNeck.disc(5), share: 0.4, mm: 4)]
    neck.bodies[7].isSeen = false
    var slice = neck.slice()
    let cord = try #require(slice.cord)
    slice.image = cord.map { $0 >= 0.5 ? 100 : 20 }
    slice.flagged = []
    let study = measured(slice)
    #expect(study.msccMaxLevel == "C7-T1")
    #expect(study.signal?.reference == "mid-C6")
    #expect(study.signal?.referenceLeftOut == ["C7-T1 (narrowed)"])
  }

  @Test("a lesion beside the cord has no area, not one of 0")
  func besideCord() throws {
    var slice = try slice()
    var mask = slice.covered.map { _ in false }
    for row in 4...6 { mask[row, 5] = true }
    slice.lesions = [SliceLesion(source: .mask, rows: 4...6, mask: mask)]
    let lesion = try #require(measured(slice).lesions.first)
    #expect(lesion.areaMm2.value == nil && lesion.lengthMm.value == nil)
    #expect(lesion.areaMm2.reason == "no pixel of the mask lies within the cord")
  }

  @Test("rows alone have a ratio and a length, but no area")
  func rowsOnly() throws {
    let lesion = try #require(measured(try slice(hasMask: false)).lesions.first)
    #expect(abs(try #require(lesion.scrRatio.value) - 1.6) < 0.01)
    #expect(lesion.areaMm2.value == nil && lesion.areaMm2.reason?.contains("rows") == true)
    #expect(lesion.lengthMm.value != nil)
  }

  @Test("beside a lesion the narrowest level has no ratio, and where the lesion's stands is said")
  func besideLesion() throws {
    let study = measured(try slice(hasMask: true))
    #expect(study.lesions.first?.scrRatio.value != nil)
    #expect(study.signal?.scrAtNarrowestRatio.value == nil)
    let reason = "the cord has a lesion; the lesion's SCR stands with the lesion"
    #expect(study.signal?.scrAtNarrowestRatio.reason == reason)
  }

  @Test("no lesion: the ratio of the narrowest level; nobody looked: not known")
  func none() throws {
    var slice = try slice(grey: 100)
    slice.lesions = []
    let study = measured(slice)
    #expect(study.signal?.combinedType.value == 1)
    #expect(abs(try #require(study.signal?.scrAtNarrowestRatio.value) - 1) < 0.01)
    slice.flagged = nil
    let unknown = measured(slice)
    #expect(unknown.signal?.combinedType.value == nil)
    #expect(unknown.signal?.scrAtNarrowestRatio.reason?.contains("run detect") == true)
    slice.image = nil
    #expect(measured(slice).signal == nil)
  }

  @Test("the signal at a place is compared as a lesion there is, or says why not")
  func atPlace() throws {
    var slice = try slice()
    func signal(_ row: Int, _ column: Int) -> MeasuredValue {
      CervicalMeasurements.signal(
        row: row, column: column, on: slice, measured: slice, beside: [], confirmed: [])
    }
    let lesion = try #require(slice.lesions.first?.mask)
    let inner = try #require(Morphology.erode(lesion).pixels.firstIndex(of: true))
    let bright = signal(inner / 256, inner % 256)
    #expect(abs(try #require(bright.value) - 1.6) < 0.01)
    #expect(
      bright.inputs == [
        "3 x 3 px 160.0 grey values", "reference 100.0 grey values: C7-T1 disc level",
      ])
    let normal = signal(DrawnNeck.row(30), inner % 256)
    #expect(abs(try #require(normal.value) - 1) < 0.01)
    #expect(signal(0, 0).reason?.contains("not in the cord") == true)
    #expect(signal(-5, 9999).value == nil)
    slice.signalDoubt = "the patient is over the threshold"
    #expect(signal(inner / 256, inner % 256).reason == "the patient is over the threshold")
    slice.signalDoubt = nil
    slice.lesions = []
    slice.flagged = nil
    #expect(signal(inner / 256, inner % 256).reason?.contains("run detect") == true)
    slice.cord = nil
    #expect(signal(inner / 256, inner % 256).reason?.contains("not labelled") == true)
  }

  @Test("components of a mask are lesions from top to bottom; specks are none")
  func components() {
    var mask = MaskRaster(rows: 30, columns: 30, filledWith: false)
    for row in 20...24 { mask[row, 8] = true }
    for row in 3...6 { mask[row, 5] = true }
    mask[14, 14] = true
    let lesions = SliceLesion.components(of: mask)
    #expect(lesions.map(\.rows) == [3...6, 20...24])
  }
}
