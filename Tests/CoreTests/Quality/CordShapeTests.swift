import Imaging
import Testing

@testable import Core

@Suite("Implausible cords, levels and views")
struct CordShapeTests {
  private static let weight = [Float](repeating: 1, count: 256)

  /// A cord of given half widths about given columns; `nil` half width for rows without.
  private func mask(
    _ rows: ClosedRange<Int> = 30...235, half: (Int) -> Int = { _ in 5 },
    middle: (Int) -> Int = { _ in 128 }
  ) -> MaskRaster {
    var mask = MaskRaster(rows: 256, columns: 256, filledWith: false)
    for row in rows {
      let (h, m) = (half(row), middle(row))
      for column in (m - h)..<(m + h + 1) where h >= 0 { mask[row, column] = true }
    }
    return mask
  }

  private func faults(_ mask: MaskRaster, stored: MaskRaster? = nil) -> [String] {
    CordShapeCheck(stored: stored ?? mask, cleaned: mask, weight: Self.weight).faults
  }

  @Test("a straight, a tilted and a compressed cord are cords")
  func good() {
    #expect(faults(mask()).isEmpty)
    #expect(faults(mask(middle: { 60 + ($0 - 30) / 2 })).isEmpty)
    #expect(faults(mask(half: { (120...135).contains($0) ? 1 : 5 })).isEmpty)
    // Too short to be judged: there is another reason for it.
    #expect(faults(mask(100...110, half: { _ in 40 })).isEmpty)
  }

  @Test("what is too wide, too thin, jumps, is doubled, broken or hollow is none")
  func bad() {
    #expect(faults(mask(half: { _ in 12 })).first?.contains("19.5 mm deep") == true)
    #expect(faults(mask(half: { _ in 1 })).first?.contains("mm deep") == true)
    let jumping = mask(middle: { 120 + ($0 / 20 % 2) * 12 })
    #expect(faults(jumping).contains { $0.contains("jumps") })
    let one = mask()
    let other = mask(middle: { _ in 160 })
    var two = one
    for n in two.pixels.indices where other.pixels[n] { two.pixels[n] = true }
    #expect(faults(two).contains { $0.contains("beside each other") })
    var broken = one
    for n in (120 * 256)..<(135 * 256) { broken.pixels[n] = false }
    #expect(faults(broken).contains { $0.contains("broken over 11.7 mm") })
    var hollow = one
    for row in 40...225 { for column in 125...131 { hollow[row, column] = false } }
    #expect(faults(one, stored: hollow).contains { $0.contains("holes") })
  }

  @Test("rows that leave the slice are not judged")
  func oblique() {
    var weight = Self.weight
    for row in 130..<256 { weight[row] = 0.5 }
    let mask = mask(half: { $0 < 130 ? 5 : 0 })
    #expect(CordShapeCheck(stored: mask, cleaned: mask, weight: weight).flag == nil)
    #expect(
      CordShapeCheck(stored: mask, cleaned: mask, weight: Self.weight).flag?.flag
        == "segmentation-implausible")
  }

  @Test("the flag reaches the study, and its good twin has none")
  func study() throws {
    var fat = SyntheticStudy()
    fat.halfWidth = { slice, _ in abs(slice - 2) < 2 ? 12 : 0 }
    var labels = fat.studyLabels
    labels.canal = labels.cord
    let study = try StudyPreparation.prepare(image: SyntheticStudy().image, labels: labels)
    #expect(study.quality.names.contains("segmentation-implausible"))
    #expect(!(try SyntheticStudy().prepared().quality.names.contains("segmentation-implausible")))
  }

  @Test("a cord outside its canal is named; a canal without its cord in it is a canal")
  func canal() {
    let source = SyntheticStudy()
    let labels = source.labels
    let cord = labels.map { UInt16($0 == 3 ? 1 : 0) }
    let ring = labels.map { UInt16($0 == 4 ? 1 : 0) }
    #expect(CordShapeCheck.outside(cord: cord, canal: ring) == nil)
    let elsewhere = labels.map { UInt16($0 == 2 ? 1 : 0) }
    let flag = CordShapeCheck.outside(cord: cord, canal: elsewhere)
    #expect(flag?.flag == "segmentation-implausible" && flag?.text.contains("outside") == true)
  }

  @Test("levels of a neck pass, those of a back do not")
  func spacing() {
    func levels(_ gaps: [Double]) -> StudyLevels {
      var z = 0.0
      var points: [VertebralLevel: SIMD3<Double>] = [.c2: .zero]
      for (level, gap) in zip(VertebralLevel.allCases.dropFirst(2), gaps) {
        z -= gap
        points[level] = [0, 0, z]
      }
      return StudyLevels(points: points, source: .labelled)
    }
    #expect(LevelSpacingCheck.flag(levels([29.4, 20, 20, 20, 21, 22])) == nil)
    #expect(LevelSpacingCheck.flag(levels([29.4, 20, 20])) == nil)
    let far = LevelSpacingCheck.flag(levels([29.4, 20, 33, 20, 21, 22]))
    #expect(
      far?.flag == "levels-implausible" && far?.text.contains("C4 and C5 lie 33.0 mm") == true)
    #expect(LevelSpacingCheck.flag(levels([29.4, 20, 7, 20, 21, 22])) != nil)
    #expect(LevelSpacingCheck.flag(levels([50, 20, 20])) != nil)
    // One missing between two counts for two.
    var gap = levels([29.4, 20, 20, 20])
    gap.points[.c4] = nil
    #expect(LevelSpacingCheck.flag(gap) == nil)
    #expect(LevelSpacingCheck.flag(StudyLevels(points: [:], source: .missing)) == nil)
    // T1 is a point on the cord, C7 a body 20 mm in front of it: 24 mm apart along the cord.
    let mixed = StudyLevels(points: [.c7: [0, 20, 0], .t1: [0, 0, -24]], source: .segmented)
    #expect(LevelSpacingCheck.flag(mixed) != nil)
    let line = CordCentreline(points: [[0, 0, 60], [0, 0, -60]])
    #expect(line != nil && LevelSpacingCheck.flag(mixed, along: line) == nil)
    let apart = StudyLevels(points: [.c7: [0, 20, 0], .t1: [0, 0, -34]], source: .segmented)
    #expect(LevelSpacingCheck.flag(apart, along: line)?.text.contains("34.0 mm apart") == true)
  }

  @Test("a cord cut by the picture's edge, the outermost slice or its mask's end is named")
  func view() throws {
    let cord = mask()
    var covered = MaskRaster(rows: 256, columns: 256, filledWith: true)
    #expect(ViewCheck.atEdge(cord, covered: covered) == nil)
    for row in 0..<256 { for column in 133..<256 { covered[row, column] = false } }
    #expect(ViewCheck.atEdge(cord, covered: covered)?.flag == "cord-leaves-view")
    #expect(!ViewCheck.cutRows(cord, covered: covered).isEmpty)
    let last = try #require((0..<256).last { cord[30, $0] })
    for column in 0..<256 where column <= last + 1 { covered[30, column] = true }
    #expect(!ViewCheck.cutRows(cord, covered: covered).contains(30))
    #expect(ViewCheck.sideways([0, 200, 900, 1000, 500, 100, 0], spacingMM: 3.3) == nil)
    #expect(ViewCheck.sideways([0, 100, 500, 900, 1000, 900, 600], spacingMM: 3.3) != nil)
    // Widest on the outermost slice only below row 128: the middle goes on beyond it there.
    let leaning = (0..<7).map { slice in
      var mask = MaskRaster(rows: 256, columns: 256, filledWith: false)
      for row in 30..<230 {
        let half = 5 - abs(slice - (row < 128 ? 3 : 6))
        for column in 0..<256 where abs(column - 128) < half { mask[row, column] = true }
      }
      return mask
    }
    let beyond = ViewCheck.rowsBeyond(
      leaning, areas: leaning.map { $0.pixels.count { $0 } }, spacingMM: 3.3)
    #expect(beyond.contains(200) && !beyond.contains(60) && !beyond.contains(240))
    // Three slices are the middle of a cord by intention.
    #expect(ViewCheck.sideways([900, 1000, 900], spacingMM: 3.3) == nil)
    let levels = StudyLevels(
      points: [.c2: [0, 0, 60], .c6: [0, 0, -20], .t1: [0, 0, -60]], source: .labelled)
    let whole = CordCentreline(points: [[0, 0, 80], [0, 0, -80]])
    let short = CordCentreline(points: [[0, 0, 80], [0, 0, -40]])
    #expect(ViewCheck.lengthwise(levels, line: whole) == nil)
    #expect(ViewCheck.lengthwise(levels, line: short)?.text.contains("beside T1") == true)
  }
}
