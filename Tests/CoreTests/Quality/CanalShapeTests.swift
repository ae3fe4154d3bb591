import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Implausible canals")
struct CanalShapeTests {
  /// A mask of given half widths about a column on rows 30 to 235; a negative half width for none.
  private func mask(_ half: (Int) -> Int, middle: (Int) -> Int = { _ in 128 }) -> MaskRaster {
    var mask = MaskRaster(rows: 256, columns: 256, filledWith: false)
    for row in 30...235 {
      let (h, m) = (half(row), middle(row))
      guard h >= 0 else { continue }
      for column in (m - h)...(m + h) { mask[row, column] = true }
    }
    return mask
  }

  private func check(
    canal: (Int) -> Int, cord: (Int) -> Int = { _ in 4 }, middle: (Int) -> Int = { _ in 128 },
    rows: [Int] = Array(0..<256)
  ) -> CanalShapeCheck {
    CanalShapeCheck(mask(canal, middle: middle), cord: mask(cord, middle: middle), rows: rows)
  }

  @Test("a wide, a tilted and a canal narrowed at three discs are canals")
  func good() {
    #expect(check(canal: { _ in 8 }).flag == nil)
    #expect(check(canal: { _ in 9 }, middle: { 60 + ($0 - 30) / 2 }).odd.isEmpty)
    // Nothing of CSF and 3.9 mm of canal at three discs of 10 rows (8 mm) each, of 206.
    func isDisc(_ row: Int) -> Bool { [80, 105, 130].contains { ($0..<$0 + 10).contains(row) } }
    let stenosis = check(canal: { isDisc($0) ? 2 : 8 }, cord: { isDisc($0) ? 2 : 4 })
    #expect(stenosis.odd.count == 30 && stenosis.judged == 206 && stenosis.flag == nil)
    // Fluid on one side alone is fluid.
    var beside = mask({ _ in 4 })
    for row in 30...235 { beside[row, 133] = true }
    #expect(CanalShapeCheck(beside, cord: mask({ _ in 4 }), rows: Array(0..<256)).odd.isEmpty)
    // What is labelled elsewhere is no part of it, and what holds only fluid is a canal with the cord.
    var ring = mask({ _ in 8 })
    for row in 30...235 { for column in 124...132 { ring[row, column] = false } }
    #expect(CanalShapeCheck(ring, cord: mask({ _ in 4 }), rows: Array(0..<256)).odd.isEmpty)
  }

  @Test("one that follows the cord, is too thin, or is drawn on a part only is none")
  func bad() throws {
    let same = try #require(check(canal: { _ in 4 }).flag)
    #expect(same.flag == "canal-implausible")
    #expect(same.text.contains("206 of 206 rows") && same.text.contains("typically 7.0 mm"))
    #expect(check(canal: { _ in 3 }, cord: { _ in 2 }).flag?.text.contains("5.5 mm") == true)
    #expect(check(canal: { $0 < 120 ? 8 : -1 }).flag?.text.contains("116 of 206 rows") == true)
    // Fluid far from the cord is none beside it.
    var apart = mask({ _ in 4 })
    for row in 30...235 { apart[row, 160] = true }
    #expect(CanalShapeCheck(apart, cord: mask({ _ in 4 }), rows: Array(0..<256)).flag != nil)
  }

  @Test("a quarter of the rows may be odd, and not one more; few rows are not judged")
  func limits() {
    let rows = Array(40..<140)
    #expect(check(canal: { $0 < 65 ? 4 : 8 }, rows: rows).flag == nil)
    #expect(check(canal: { $0 < 66 ? 4 : 8 }, rows: rows).flag != nil)
    #expect(check(canal: { _ in 4 }, rows: Array(40..<59)).flag == nil)
    #expect(check(canal: { _ in 4 }, rows: Array(40..<60)).flag != nil)
    #expect(check(canal: { _ in 4 }, rows: []).judged == 0)
    // Rows without cord, and beyond the slice, say nothing.
    #expect(check(canal: { _ in 8 }, rows: [0, 29, 236, 255, 300]).judged == 0)
  }

  @Test("the flag reaches the study and no score; its good twin has none")
  func study() throws {
    let source = SyntheticStudy()
    let good = try source.prepared()
    #expect(!good.quality.names.contains("canal-implausible"))
    var labels = source.studyLabels
    // Where C4 to C6 lie the canal is the cord.
    let cord = try #require(labels.cord)
    let whole = try #require(labels.canal)
    var canal = whole
    for n in canal.voxels.indices {
      let row = n / (source.slices * 256)
      if (115...179).contains(row) { canal.voxels[n] = cord.voxels[n] }
    }
    labels.canal = canal
    let bad = try StudyPreparation.prepare(image: source.image, labels: labels)
    #expect(bad.quality.names.contains("canal-implausible") && bad.reason == nil)
    // Above C2 and below T1 it may end.
    canal = whole
    for n in canal.voxels.indices {
      let row = n / (source.slices * 256)
      if row < 60 || row > 220 { canal.voxels[n] = cord.voxels[n] }
    }
    labels.canal = canal
    let ended = try StudyPreparation.prepare(image: source.image, labels: labels)
    #expect(!ended.quality.names.contains("canal-implausible"))
  }

  @Test("no phantom of any class has it", arguments: PhantomClass.allCases)
  func phantoms(kind: PhantomClass) throws {
    let n = PhantomClass.allCases.firstIndex(of: kind) ?? 0
    let domains = PhantomDomain.allCases
    let phantom = QualityCases.phantom(
      seed: UInt64(4711 + n), kind: kind, domain: domains[n % domains.count])
    let study = try StudyPreparation.prepare(image: phantom.image, labels: phantom.labels)
    #expect(!study.quality.names.contains("canal-implausible"))
  }

  @Test(
    "a released slice whose labels call hardly anything CSF has it, and no value of its canal",
    .enabled(if: SharedData.has("data/u2ad/private1.npy")))
  func released() throws {
    let folder = try TemporaryFolder()
    let library = folder("LIB")
    _ = try Importer(library: library).run([SharedData.url("data/u2ad/private1.npy")])
    let opened = try StudyLibrary(opening: library)
    let report = try opened.report(of: try #require(opened.studies.first)).measurements
    #expect(report.quality.names.contains("canal-implausible"))
    for level in report.levels {
      #expect(level.narrowing.canalApMm.value == nil && level.narrowing.kangGrade.value == nil)
      #expect(level.narrowing.cordOccupationPercent.value == nil)
      #expect(level.narrowing.mccAdjacentPercent.value == nil)
      #expect(level.narrowing.csfFrontMm.value == nil && level.narrowing.csfBackMm.value == nil)
    }
    #expect(report.levels.contains { $0.narrowing.cordApMm.value != nil })
  }
}
