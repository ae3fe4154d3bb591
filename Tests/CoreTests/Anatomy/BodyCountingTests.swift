import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Counting vertebral bodies")
struct BodyCountingTests {
  /// The bodies and discs of the synthetic study as a picture to be spoiled.
  private static func picture() -> BodyCounting.Picture {
    var bodies = MaskRaster(rows: 256, columns: 256, filledWith: false)
    var discs = bodies
    for row in 0..<256 {
      for column in 0..<256 {
        bodies[row, column] = SyntheticStudy.isBody(row, column)
        discs[row, column] = SyntheticStudy.isDisc(row, column)
      }
    }
    return BodyCounting.Picture(bodies: bodies, discs: discs, covered: bodies.map { _ in true })
  }

  private static func fill(
    _ mask: inout MaskRaster, rows: ClosedRange<Int>, columns: ClosedRange<Int>, _ value: Bool
  ) {
    for row in rows { for column in columns { mask[row, column] = value } }
  }

  private func doubt(_ picture: BodyCounting.Picture) -> String? {
    if case .failure(let doubt) = BodyCounting.name(picture) { return doubt.reason }
    return nil
  }

  @Test("bodies are named downwards from the dens, discs between them")
  func counts() throws {
    let named = try BodyCounting.name(Self.picture()).get()
    #expect(named.centres.keys.sorted() == [.c2, .c3, .c4, .c5, .c6, .c7, .t1])
    for (level, row) in SyntheticStudy.levelRows where level > .c2 {
      #expect(named.centres[level]?.row == row)
    }
    // C2's dens is narrower than its body, so its centre lies below the middle of its rows.
    #expect((named.centres[.c2]?.row ?? 0) > SyntheticStudy.levelRows[.c2] ?? 0)
    #expect(named.labels[100, 103] == 13 && named.labels[89, 103] == 63)
    #expect(named.labels[205, 103] == 71)
  }

  @Test("a speck is no body, and a body cut by the lower edge is left out")
  func ignoresSpecks() throws {
    var picture = Self.picture()
    Self.fill(&picture.bodies, rows: 240...242, columns: 100...102, true)
    Self.fill(&picture.bodies, rows: 217...227, columns: 90...116, false)
    for row in 217..<256 { for column in 0..<256 { picture.covered[row, column] = false } }
    let named = try BodyCounting.name(picture).get()
    #expect(named.centres.keys.sorted() == [.c2, .c3, .c4, .c5, .c6, .c7])
  }

  @Test("without a dens the topmost body may be any")
  func needsDens() {
    var picture = Self.picture()
    Self.fill(&picture.bodies, rows: 40...68, columns: 80...130, false)
    #expect(doubt(picture)?.contains("no dens") == true)
    var broad = Self.picture()
    Self.fill(&broad.bodies, rows: 40...62, columns: 92...114, true)
    #expect(doubt(broad)?.contains("narrow") == true)
  }

  @Test("a body at the upper edge may be cut")
  func needsTop() {
    var picture = Self.picture()
    for row in 0..<40 { for column in 0..<256 { picture.covered[row, column] = false } }
    #expect(doubt(picture)?.contains("upper edge") == true)
  }

  @Test("a disc above the topmost body says that it is not C2")
  func discAbove() {
    var picture = Self.picture()
    Self.fill(&picture.discs!, rows: 30...34, columns: 95...110, true)
    #expect(doubt(picture)?.contains("above the topmost") == true)
  }

  @Test("a missing disc, a missing body, a fused body and a fragment each cast doubt")
  func otherDoubts() {
    var noDisc = Self.picture()
    Self.fill(&noDisc.discs!, rows: 134...137, columns: 80...130, false)
    #expect(doubt(noDisc)?.contains("no disc") == true)
    var gap = Self.picture()
    Self.fill(&gap.bodies, rows: 138...156, columns: 80...130, false)
    #expect(doubt(gap)?.contains("spaced") == true)
    var fused = Self.picture()
    Self.fill(&fused.bodies, rows: 134...137, columns: 92...114, true)
    #expect(doubt(fused)?.contains("as tall as two") == true)
    var fragment = Self.picture()
    Self.fill(&fragment.bodies, rows: 120...127, columns: 60...70, true)
    #expect(doubt(fragment)?.contains("piece") == true)
    var few = Self.picture()
    Self.fill(&few.bodies, rows: 111...227, columns: 80...130, false)
    #expect(doubt(few)?.contains("fewer than three") == true)
  }

  @Test("nothing at all is doubtful, not a crash")
  func empty() {
    let volume = LabelVolume(
      shape: [1, 4, 4], voxels: Array(repeating: 0, count: 16),
      affine: SampleStudies.canonicalAffine)
    guard case .doubtful = BodyCounting.count(bodies: volume, discs: nil, cord: nil) else {
      Issue.record("counted bodies in an empty volume")
      return
    }
  }

  @Test(
    "the released patient's bodies lie where they were measured",
    .enabled(if: SharedData.has("data/u2ad/private1.npy")))
  func released() throws {
    let expected: [String: [Double]] = [
      "private1": [72.5, 110.2, 136.8, 161.9, 186.8, 214.5, 242.6],
      "private3": [74.4, 109.4, 134.8, 160.0, 185.6, 213.0, 241.6],
    ]
    for (name, rows) in expected {
      let study = try SampleStudies.u2ad(name)
      let labels = LabelConvention.u2ad.studyLabels(from: study.labels)
      #expect(labels.levelSource == .counted)
      let affine = SampleStudies.canonicalAffine
      let found = labels.landmarks.sorted { $0.key < $1.key }.map {
        ($0.value.z - affine.origin.z) / affine.k.z
      }
      #expect(labels.landmarks.keys.sorted() == [.c2, .c3, .c4, .c5, .c6, .c7, .t1])
      for (a, b) in zip(found, rows) { #expect(abs(a - b) < 0.06, "\(name): \(a), measured \(b)") }
    }
  }

  @Test(
    "an oblique healthy slice is not counted",
    .enabled(if: SharedData.has("data/u2ad/public3.npy")))
  func refusesPublic() throws {
    let study = try SampleStudies.u2ad("public3")
    let labels = LabelConvention.u2ad.studyLabels(from: study.labels)
    #expect(labels.levelSource == .missing && labels.landmarks.isEmpty)
    #expect(labels.quality.map(\.flag) == ["levels-missing"])
  }
}
