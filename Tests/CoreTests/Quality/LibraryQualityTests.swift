import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Quality flags from file to worklist and report")
struct LibraryQualityTests {
  /// A library with one synthetic study, its labels and a sidecar.
  private func library(
    _ folder: TemporaryFolder, sidecar: String, image: ImageVolume? = nil
  ) throws -> StudyLibrary {
    let source = SyntheticStudy()
    let labels = source.studyLabels
    try folder.write(#"{"Name": "test", "BIDSVersion": "1.9.0"}"#, to: "dataset_description.json")
    try LibraryFixture.write(
      image ?? source.image, to: folder("sub-01/anat/sub-01_T2w.nii.gz"))
    try folder.write(sidecar, to: "sub-01/anat/sub-01_T2w.json")
    let stem = "derivatives/labels/sub-01/anat/sub-01_T2w_label-"
    try LibraryFixture.write(try #require(labels.cord), to: folder(stem + "SC_seg.nii.gz"))
    try LibraryFixture.write(try #require(labels.canal), to: folder(stem + "canal_seg.nii.gz"))
    try LibraryFixture.write(try #require(labels.spine), to: folder(stem + "spine_dseg.nii.gz"))
    return try StudyLibrary(opening: folder.url)
  }

  /// Detects with the constant reconstruction, stores, and gives the study's line of the worklist.
  private func entry(_ library: StudyLibrary) throws -> WorklistEntry {
    let study = try #require(library.studies.first)
    let source = try library.load(study)
    let prepared = try StudyPreparation.prepare(image: source.volume, labels: source.labels)
    var result = try SyntheticStudy.detect(prepared)
    result.detection.image = study.image ?? ""
    _ = try DerivativeWriter(library: library.root).write(
      result.detection, maps: DerivativeMaps(slices: []), of: study)
    return try #require(try library.worklist(reader: "anna").first)
  }

  @Test(
    "a sidecar that says T1: not assessable, named in worklist, table and report; signal is null")
  func wrongContrast() throws {
    let folder = try TemporaryFolder()
    let library = try library(
      folder, sidecar: #"{"EchoTime": 0.011, "RepetitionTime": 0.6, "BodyPartExamined": "CSPINE"}"#)
    let entry = try entry(library)
    #expect(entry.score == nil && entry.flagged.isEmpty)
    #expect(entry.quality.names.contains("wrong-contrast"))
    guard case .problem(let why) = entry.state else { throw StateError() }
    #expect(why.contains("wrong-contrast") && why.contains("T1-weighted"))
    let table = WorklistText.table([entry])
    #expect(table.contains("not assessable") && table.contains("wrong-contrast"))
    let report = try library.report(of: try #require(library.studies.first))
    #expect(report.measurements.quality.names.contains("wrong-contrast"))
    #expect(report.measurements.alignment?.cobbDeg.value != nil)
    #expect(report.measurements.levels.allSatisfy { $0.narrowing.kangGrade.value == nil })
    #expect(MeasurementText.report(report).contains("Not measured: signal."))
    #expect(MeasurementCSV.rows(report.measurements).contains("wrong-contrast"))
    #expect(
      String(decoding: try report.measurements.json(), as: UTF8.self).contains("wrong-contrast"))
    #expect(try library.loadStudy("01").pictures.isEmpty == false)
  }

  @Test("the same study with a sidecar of T2 is assessed, and has no such flag")
  func rightContrast() throws {
    let folder = try TemporaryFolder()
    let library = try library(folder, sidecar: #"{"EchoTime": 0.1, "RepetitionTime": 3.5}"#)
    let entry = try entry(library)
    #expect(entry.score != nil && !entry.quality.names.contains("wrong-contrast"))
    let study = try #require(library.studies.first)
    let decisive = try #require(try library.detection(of: study)).detection.decisiveQuality
    #expect(decisive.isEmpty, "\(decisive)")
    let report = try library.report(of: try #require(library.studies.first))
    #expect(report.measurements.quality.isEmpty, "\(report.measurements.quality)")
    #expect(!MeasurementText.report(report).contains("Not measured:"))
  }

  @Test("a noisy picture keeps its score with the flag, and loses what rests on the signal")
  func noise() throws {
    let folder = try TemporaryFolder()
    let library = try library(
      folder, sidecar: "{}",
      image: QualityCases.noisy(SyntheticStudy().image, deviation: 40, seed: 3))
    let entry = try entry(library)
    #expect(entry.score != nil && entry.quality.names.contains("noise"))
    let report = try library.report(of: try #require(library.studies.first))
    let signal = try #require(report.measurements.signal)
    #expect(signal.scrAtNarrowestRatio.value == nil && signal.combinedType.value == nil)
    #expect(signal.combinedType.reason?.hasPrefix("noise: ") == true)
    #expect(report.measurements.levels.contains { $0.narrowing.cordApMm.value != nil })
  }

  @Test("where the network found no cord, that is said")
  func noCord() throws {
    let folder = try TemporaryFolder()
    _ = try library(folder, sidecar: "{}")
    try FileManager.default.removeItem(at: folder("derivatives/labels"))
    let open = try StudyLibrary(opening: folder.url)
    let study = try #require(open.studies.first)
    #expect(!(try open.load(study).labels.quality.names.contains("cord-not-found")))
    try folder.write(
      #"{"Found": "no cord"}"#, to: "derivatives/cordscope/sub-01/anat/sub-01_T2w_anatomy.json")
    #expect(try open.load(study).labels.quality.names.contains("cord-not-found"))
  }
}

private struct StateError: Error {}
