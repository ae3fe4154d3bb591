import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Probabilities behind found masks")
struct LabelSharesTests {
  private let source = SyntheticStudy()
  private let labels: StudyLabels
  private let cord: LabelVolume

  init() throws {
    labels = source.studyLabels
    cord = try #require(labels.cord)
  }

  /// A cord whose edges lie within pixels, `mm` wide on every row; the share falls
  /// from 1 to 0 over 3 px about the edge.
  private func share(mm: Double) -> ImageVolume {
    source.each { slice, row, column in
      guard slice == 2, source.cordRows.contains(row) else { return 0 }
      let inside = mm / 2 - abs(Double(column - SyntheticStudy.centreColumn)) * SagittalGrid.spacing
      return Float(min(max(inside / (3 * SagittalGrid.spacing) + 0.5, 0), 1))
    }
  }

  /// A library in which the network found cord, canal and spine, and the cord's probabilities.
  private func library(cordMM: Double) throws -> (PartialLibrary, LabelFiles.File) {
    let library = try PartialLibrary(source.image, [:])
    try library.find(cord, as: .cord)
    try library.find(try #require(labels.canal), as: .canal)
    try library.find(try #require(labels.spine))
    let file = LabelFiles.File(
      url: library.folder(PartialLibrary.own + LabelRole.cord.ending + ".nii.gz"), role: .cord)
    try LabelShares.write(
      share(mm: cordMM), behind: file, maskHash: try SHA256.hexDigest(ofFile: file.url),
      source: "sub-01/anat/sub-01_T2w.nii.gz")
    return (library, file)
  }

  private func width(_ library: PartialLibrary) throws -> (mm: Double, sources: [String: String]) {
    let (opened, study) = try library.open()
    let measured = try opened.report(of: study).measurements
    let level = try #require(measured.levels.first { $0.level == "C4-5" })
    return (try #require(level.narrowing.cordApMm.value), measured.labels)
  }

  @Test(
    "a found cord is as wide as its probabilities say, to parts of a pixel; a corrected one as drawn"
  )
  func widths() throws {
    for mm in [6.2, 6.5, 7.3] {
      let (library, file) = try library(cordMM: mm)
      let found = try width(library)
      #expect(abs(found.mm - mm) < 0.05, "\(found.mm) of \(mm)")
      #expect(found.sources["cord"]?.hasSuffix("not corrected, edges by its probabilities") == true)
      let drawn: LabelVolume = source.each { slice, row, column in
        let offset = abs(column - SyntheticStudy.centreColumn)
        return slice == 2 && source.cordRows.contains(row) && offset <= 6 ? 1 : 0
      }
      try NIfTI.write(drawn, to: file.url)
      let corrected = try width(library)
      #expect(abs(corrected.mm - 13 * SagittalGrid.spacing) < 0.3, "\(corrected.mm)")
      #expect(corrected.sources["cord"]?.contains("probabilities") == false)
    }
  }

  @Test("probabilities are kept to half a part in 255, and belong to one mask")
  func roundTrip() throws {
    let (library, file) = try library(cordMM: 6.4)
    defer { withExtendedLifetime(library) {} }
    let written = share(mm: 6.4)
    let read = try #require(try LabelShares.read(behind: file, shape: written.shape))
    let errors = zip(read.voxels, written.voxels).map { abs($0 - $1) }
    #expect(try #require(errors.max()) <= 0.51 / 255)
    let sidecar = Sidecar.url(of: try #require(LabelShares.url(of: file)))
    try Provenance.update(
      sidecar, set: [LabelShares.maskKey: .text("00")], appending: .cordscope("test"))
    #expect(try LabelShares.read(behind: file, shape: written.shape) == nil)
  }

  @Test("with its mask a share is taken away, and found files are not label files of their own")
  func removed() throws {
    let (library, file) = try library(cordMM: 6.4)
    let url = try #require(LabelShares.url(of: file))
    #expect(url.lastPathComponent == "sub-01_T2w_label-SC_probseg.nii.gz")
    let (opened, study) = try library.open()
    let files = opened.labelFiles(of: study)
    #expect(files[.cord]?.url.lastPathComponent == file.url.lastPathComponent)
    #expect(files.others.isEmpty)
    try LibrarySegmentation.clear(file)
    #expect(!FileManager.default.fileExists(atPath: url.path))
    #expect(!FileManager.default.fileExists(atPath: Sidecar.url(of: url).path))
    #expect(try LabelShares.read(behind: file, shape: cord.shape) == nil)
    let spine = LabelFiles.File(
      url: library.folder(PartialLibrary.own + LabelRole.spine.ending + ".nii.gz"), role: .spine)
    #expect(LabelShares.url(of: spine) == nil)
  }

  @Test("a share that is not as it was written is not measured from, and verify names it")
  func damaged() throws {
    let (library, file) = try library(cordMM: 6.4)
    let url = try #require(LabelShares.url(of: file))
    let shape = cord.shape
    #expect(try LabelShares.read(behind: file, shape: [5, 256, 255]) == nil)
    let (opened, study) = try library.open()
    func findings() -> [String] {
      LibraryVerification.findings(in: opened).filter {
        $0.path.hasSuffix(url.lastPathComponent)
      }
      .map(\.text)
    }
    #expect(findings().isEmpty)
    let bytes = try Data(contentsOf: url)
    // Another tool writes it anew without the scaling; a copy is cut short; the file is gone.
    try NIfTI.write(share(mm: 6.4).map { $0 * 255 }, to: url)
    #expect(try LabelShares.read(behind: file, shape: shape) == nil && findings().count == 1)
    try bytes.prefix(bytes.count / 2).write(to: url)
    #expect(try LabelShares.read(behind: file, shape: shape) == nil)
    let report = try opened.report(of: study).measurements
    #expect(report.labels["cord"]?.contains("probabilities") == false)
    #expect(report.levels.contains { $0.narrowing.cordApMm.value != nil })
    try FileManager.default.removeItem(at: url)
    #expect(findings().count == 1 && findings().first?.contains("segment --again") == true)
    try bytes.write(to: url)
    #expect(try LabelShares.read(behind: file, shape: shape) != nil && findings().isEmpty)
  }

  @Test("the canal, too, is as wide as its probabilities say")
  func canal() throws {
    let (library, _) = try library(cordMM: 6.4)
    let file = LabelFiles.File(
      url: library.folder(PartialLibrary.own + LabelRole.canal.ending + ".nii.gz"), role: .canal)
    try LabelShares.write(
      share(mm: 13.1), behind: file, maskHash: try SHA256.hexDigest(ofFile: file.url),
      source: "sub-01/anat/sub-01_T2w.nii.gz")
    let (opened, study) = try library.open()
    let measured = try opened.report(of: study).measurements
    let level = try #require(measured.levels.first { $0.level == "C4-5" })
    #expect(abs(try #require(level.narrowing.canalApMm.value) - 13.1) < 0.05)
    #expect(abs(try #require(level.narrowing.cordApMm.value) - 6.4) < 0.05)
    #expect(measured.labels["canal"]?.hasSuffix("edges by its probabilities") == true)
  }
}
