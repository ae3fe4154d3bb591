import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Study preparation")
struct StudyPreparationTests {
  @Test("the slice with most cord is chosen, its neighbours follow, canonical slices are not moved")
  func choosesSlice() throws {
    let source = SyntheticStudy()
    let study = try source.prepared()
    #expect(study.reason == nil && study.scoredIndices == [2, 1, 3])
    #expect(study.slices.map(\.index) == [1, 2, 3] && study.sliceCount == 5)
    let slice = try #require(study.scoredSlices.first)
    #expect(slice.anatomy.levelSource == .counted)
    for (level, row) in SyntheticStudy.levelRows where level > .c2 {
      #expect(abs((slice.anatomy.levelRows[level] ?? 0) - row) < 1e-6)
    }
    let image = source.image
    for row in stride(from: 0, to: 256, by: 17) {
      for column in stride(from: 0, to: 256, by: 13) {
        #expect(abs(slice.image[row, column] - image[2, column, row]) < 0.01)
      }
    }
    #expect(slice.rowWeight.count == 256 && slice.rowWeight[100] == 1 && slice.rowWeight[10] == 0)
  }

  @Test("flat: cord at 0.35, CSF at 0.75, whatever the coil does along the rows")
  func flatLevels() throws {
    let source = SyntheticStudy()
    var image = source.image
    for k in 0..<256 {
      // The signal falls to a third along the cord.
      let gain = 1 - 0.67 * Float(k) / 255
      for j in 0..<256 { for i in 0..<5 { image[i, j, k] *= gain } }
    }
    let study = try StudyPreparation.prepare(image: image, labels: source.studyLabels)
    let slice = try #require(study.scoredSlices.first)
    for row in stride(from: 50, through: 215, by: 5) {
      let cord = (126...130).map { slice.normalised[row, $0] }.reduce(0, +) / 5
      let csf = [119, 120, 136, 137].map { slice.normalised[row, $0] }.reduce(0, +) / 4
      #expect(abs(cord - 0.35) < 0.04, "row \(row): \(cord)")
      #expect(abs(csf - 0.75) < 0.04, "row \(row): \(csf)")
    }
    #expect(slice.normalised.pixels.allSatisfy { $0 >= 0 && $0 <= 1 })
  }

  @Test(
    "scaling and shifting the grey values changes neither the flat image nor LC61",
    arguments: [(Float(3), Float(0)), (0.01, 0), (1, 500), (7.5, -20)])
  func invariant(gain: Float, offset: Float) throws {
    let source = SyntheticStudy(lesion: (126...134, 0.4))
    let plain = try source.prepared()
    let other = try StudyPreparation.prepare(
      image: source.image.map { $0 * gain + offset }, labels: source.studyLabels)
    let a = try #require(plain.scoredSlices.first)
    let b = try #require(other.scoredSlices.first)
    let largest = zip(a.normalised.pixels, b.normalised.pixels).map { abs($0 - $1) }.max() ?? 9
    #expect(largest < 2e-3)
    let lcA = SignalDetector.lc61.score(a, cord: CordGeometry(a))
    let lcB = SignalDetector.lc61.score(b, cord: CordGeometry(b))
    for (x, y) in zip(lcA.segments, lcB.segments) {
      #expect(abs((x.score ?? 9) - (y.score ?? 0)) < 1e-3)
    }
  }

  @Test("the storage order of the voxels does not matter", arguments: ["LAS", "PSR", "RPI"])
  func reoriented(code: String) throws {
    let source = SyntheticStudy(lesion: (126...134, 0.4))
    let target = try #require(Orientation(code: code))
    let plain = try source.prepared()
    let turned = try StudyPreparation.prepare(
      image: source.image.reoriented(to: target),
      labels: LabelConvention.u2ad.studyLabels(from: source.labels.reoriented(to: target)))
    #expect(turned.scoredIndices == plain.scoredIndices)
    let a = try #require(plain.scoredSlices.first)
    let b = try #require(turned.scoredSlices.first)
    #expect(a.anatomy.cord == b.anatomy.cord)
    let largest = zip(a.normalised.pixels, b.normalised.pixels).map { abs($0 - $1) }.max() ?? 9
    #expect(largest < 1e-3)
  }

  @Test("a volume moved in the scanner gives the same curve at moved heights")
  func moved() throws {
    let source = SyntheticStudy(lesion: (126...134, 0.4))
    var image = source.image
    var labels = source.labels
    image.affine.origin += [4, -11, 37]
    labels.affine.origin += [4, -11, 37]
    let moved = try StudyPreparation.prepare(
      image: image, labels: LabelConvention.u2ad.studyLabels(from: labels))
    let a = try SyntheticStudy.detect(try source.prepared()).detection
    let b = try SyntheticStudy.detect(moved).detection
    #expect(a.curve.value == b.curve.value && a.curve.row == b.curve.row)
    for (x, y) in zip(a.curve.zMm, b.curve.zMm) { #expect(abs(x + 37 - y) < 0.011) }
  }

  @Test("a hole in the cord mask is closed: a lesion left out by a tool stays in")
  func holes() throws {
    let source = SyntheticStudy()
    var labels = source.labels
    for row in 126...134 { for column in 127...129 { labels[2, column, row] = 4 } }
    let study = try StudyPreparation.prepare(
      image: source.image, labels: LabelConvention.u2ad.studyLabels(from: labels))
    let slice = try #require(study.slices.first { $0.index == 2 })
    #expect((126...134).allSatisfy { slice.anatomy.cord[$0, 128] && !slice.anatomy.csf[$0, 128] })
  }

  @Test("a cord mask alone: CSF is a ring of 3 mm, and that is said")
  func estimatedCanal() throws {
    let source = SyntheticStudy()
    var labels = source.studyLabels
    labels.canal = nil
    func text(_ options: PreparationOptions) throws -> String? {
      let study = try StudyPreparation.prepare(
        image: source.image, labels: labels, options: options)
      return study.scoredSlices.first?.quality.first { $0.flag == "canal-estimated" }?.text
    }
    #expect(try text(PreparationOptions())?.contains("a ring of 3 mm around") == true)
    var wider = PreparationOptions()
    wider.canalEstimateMM = 4.5
    #expect(try text(wider)?.contains("a ring of 4.5 mm around") == true)
    let study = try StudyPreparation.prepare(image: source.image, labels: labels)
    let slice = try #require(study.scoredSlices.first)
    // The cord ends at column 132; 3 mm are 3.84 px.
    #expect(slice.anatomy.csf[130, 135] && !slice.anatomy.csf[130, 136])
    #expect(!slice.anatomy.csf[130, 132])
  }

  @Test("a narrow compressed cord keeps its weight, a cord leaving the slice loses it")
  func rowWeights() throws {
    var compressed = SyntheticStudy()
    compressed.halfWidth = { slice, row in
      (120...130).contains(row) ? 1 - abs(slice - 2) : 4 - abs(slice - 2)
    }
    let first = try #require(try compressed.prepared().scoredSlices.first)
    #expect((120...130).allSatisfy { first.rowWeight[$0] == 1 })
    var leaving = SyntheticStudy()
    leaving.halfWidth = { slice, row in
      row < 180 ? 4 - abs(slice - 2) : 4 - abs(slice - 4)
    }
    let study = try leaving.prepared()
    let chosen = try #require(study.scoredSlices.first)
    #expect(chosen.index == 2 && chosen.rowWeight[150] == 1 && chosen.rowWeight[215] == 0)
    #expect(chosen.quality.contains { $0.flag == "out-of-plane" })
  }

  @Test("what cannot be assessed says why")
  func refusals() throws {
    let source = SyntheticStudy()
    let image = source.image
    let noMask = try StudyPreparation.prepare(image: image, labels: StudyLabels())
    #expect(noMask.reason?.contains("no cord mask") == true && noMask.scoredIndices.isEmpty)
    var short = source
    short.cordRows = 100...139
    #expect(try short.prepared().reason?.contains("40 rows") == true)
    var empty = source.studyLabels
    empty.cord = empty.cord?.map { _ in 0 }
    #expect(
      try StudyPreparation.prepare(image: image, labels: empty).reason?.contains("no cord") == true)
    let inverted = try StudyPreparation.prepare(
      image: image.map { 600 - $0 }, labels: source.studyLabels)
    #expect(inverted.reason?.contains("no T2-weighted image") == true)
    let blank = try StudyPreparation.prepare(
      image: image.map { _ in 5 }, labels: source.studyLabels)
    #expect(blank.reason?.contains("contrast") == true)
    let holes = try StudyPreparation.prepare(
      image: image.map { $0 > 480 ? .nan : $0 }, labels: source.studyLabels)
    #expect(holes.reason != nil)
  }

  @Test("an axial acquisition is refused, a singular affine is an error")
  func geometry() throws {
    let axial = ImageVolume(
      shape: [64, 64, 12], voxels: Array(repeating: 1, count: 64 * 64 * 12),
      affine: Affine(i: [0.5, 0, 0], j: [0, 0.5, 0], k: [0, 0, 4], origin: .zero))
    let study = try StudyPreparation.prepare(image: axial, labels: StudyLabels())
    #expect(study.reason?.contains("not acquired sagittally") == true)
    var broken = axial
    broken.affine.k = .zero
    #expect(throws: PreparationError.self) {
      try StudyPreparation.prepare(image: broken, labels: StudyLabels())
    }
    broken.affine.k = [.nan, 0, 0]
    #expect(throws: PreparationError.self) {
      try StudyPreparation.prepare(image: broken, labels: StudyLabels())
    }
  }

  @Test("a cord as bright as CSF over its whole length is flagged")
  func absoluteLevel() throws {
    let source = SyntheticStudy(lesion: (30...235, 0.75))
    let slice = try #require(try source.prepared().scoredSlices.first)
    #expect(slice.quality.contains { $0.flag == "absolute-level-high" })
    #expect(abs((slice.absoluteLevel ?? 0) - 0.85) < 0.02)
    let normal = try #require(try SyntheticStudy().prepared().scoredSlices.first)
    #expect(!normal.quality.contains { $0.flag == "absolute-level-high" })
    #expect(abs((normal.absoluteLevel ?? 0) - 0.4) < 0.02)
    #expect(abs((normal.step ?? 0) - 300) < 6)
  }

  @Test("minmax: the paper's normalisation, with its step measured")
  func minmax() throws {
    var options = PreparationOptions()
    options.normalisation = .minmax
    let slice = try #require(try SyntheticStudy().prepared(options).scoredSlices.first)
    #expect(slice.normalisation == .minmax)
    let geometry = CordGeometry(slice)
    let step = try #require(slice.inputSteps(geometry))[130]
    let measured = slice.normalised[130, 137] - slice.normalised[130, 128]
    #expect(abs(step - measured) < 0.05)
    let flat = try #require(slice.flattened(geometry)?.normalised)
    #expect(abs(flat[130, 128] - 0.35) < 0.05)
  }

  @Test("all slices are prepared on request")
  func allSlices() throws {
    var options = PreparationOptions()
    options.allSlices = true
    let study = try SyntheticStudy().prepared(options)
    #expect(study.slices.map(\.index) == [0, 1, 2, 3, 4] && study.scoredIndices == [2, 1, 3])
  }

  @Test(
    "a thin real volume is averaged to 3 mm and its window centred on C2-T1",
    .enabled(if: SharedData.has("data/sct_errsm/errsm_23")))
  func errsm() throws {
    let source = try SampleStudies.errsm("23")
    let study = try StudyPreparation.prepare(image: source.image, labels: source.labels)
    #expect(study.sliceSpacingMM == 3 && study.reason == nil && study.scoredIndices.count == 3)
    let flags = study.quality.map(\.flag)
    #expect(flags.contains("levels-interpolated") && !flags.contains("window-partial"))
    let slice = try #require(study.scoredSlices.first)
    let rows = slice.anatomy.levelRows
    let middle = ((rows[.c2] ?? 0) + (rows[.t1] ?? 0)) / 2
    #expect(abs(middle - 127.5) < 1)
    // Read off the picture: the C2-3 disc lies at z = 42, C7-T1 at z = -41 (RAS mm).
    let z = { (level: VertebralLevel) in slice.grid.ras(row: rows[level] ?? 0, column: 0).z }
    #expect(z(.c2) > 42 && z(.c3) < 42 && z(.c7) > -41 && z(.t1) < -41)
  }

  @Test(
    "real images of the wrong kind are refused",
    .enabled(if: SharedData.has("data/sct_testing_data/t1/t1w.nii.gz")))
  func wrongContrast() throws {
    let t1 = try StudyPreparation.prepare(
      image: try SampleStudies.sct("t1/t1w.nii.gz"),
      labels: StudyLabels(cord: try SampleStudies.sctLabels("t1/t1w_seg-manual.nii.gz")))
    #expect(t1.reason?.contains("no T2-weighted image") == true)
    let axial = try StudyPreparation.prepare(
      image: try SampleStudies.sct("t2s/t2s.nii.gz"),
      labels: StudyLabels(cord: try SampleStudies.sctLabels("t2s/t2s_seg.nii.gz")))
    #expect(axial.reason?.contains("7.5 mm") == true)
  }
}
