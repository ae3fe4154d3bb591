import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Truth from labelled lesions")
struct LabelledTruthTests {
  private static let lesion = "derivatives/labels/sub-01/anat/sub-01_T2w_label-lesion_seg.nii.gz"

  /// A library of one study with C4, C5 and C6 as points and a lesion 6 mm above C5, and its truth.
  private func truth(
    lesion hasLesion: Bool = true, folder truthFolder: URL? = nil, in folder: TemporaryFolder
  ) throws -> LibraryEvaluation.StudyTruth? {
    let library = try LibraryFixture.library(["01"], in: folder)
    let image = LibraryFixture.image()
    var (points, lesion) = (image.map { _ in UInt16(0) }, image.map { _ in UInt16(0) })
    for (level, j) in [(4, 52), (5, 42), (6, 32)] { points[40, j, 2] = UInt16(level) }
    if hasLesion { for j in 44..<48 { lesion[40, j, 2] = 1 } }
    let place = "derivatives/labels/sub-01/anat/sub-01_T2w_label-levels_dlabel.nii.gz"
    try LibraryFixture.write(points, to: folder(place))
    try LibraryFixture.write(lesion, to: folder(Self.lesion))
    return try LibraryEvaluation.truth(of: library.studies[0], in: library, folder: truthFolder)
  }

  @Test("a lesion mask says whether and, between known levels, where there is a lesion")
  func lesion() throws {
    let truth = try #require(try truth(in: try TemporaryFolder()))
    #expect(truth.hasLesion && truth.className == "labelled" && truth.group == "01")
    #expect(truth.affected == [.c4c5] && truth.known == [.c4c5, .c5c6])
  }

  @Test("a score of the whole cord is no patient's score, and it is said")
  func wholeCord() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    var detection = LibraryFixture.detection(score: 0.5)
    for index in detection.segments.indices {
      (detection.segments[index].assessable, detection.segments[index].score) = (false, nil)
    }
    detection.opinions = [
      Detection.Opinion(
        detector: "u2ad-core", patientScore: 0.5, threshold: 0.03, flagged: true,
        segmentScores: Array(repeating: nil, count: 6))
    ]
    try folder.write(
      String(decoding: try DetectionFile.encode(detection), as: UTF8.self),
      to: "derivatives/cordscope/sub-01/anat/sub-01_T2w_detection.json")
    try folder.write(
      #"{"class": "normal", "lesion": false, "segments": []}"#,
      to: "derivatives/truth/sub-01_truth.json")
    let cohort = try LibraryEvaluation.cohort(of: library)
    #expect(cohort.cases.count == 1 && cohort.cases[0].scores["u2ad-core"] != nil)
    #expect(cohort.cases[0].scores["u2ad-core"]?.patient == nil)
    #expect(cohort.remarks == ["01: \(Detection.notBySegment), its score does not count"])
  }

  @Test("an empty mask says that there is none")
  func none() throws {
    let truth = try #require(try truth(lesion: false, in: try TemporaryFolder()))
    #expect(!truth.hasLesion && truth.className == "labelled-none" && truth.affected.isEmpty)
  }

  @Test("a truth file wins; a folder of truth that is named is the only one asked")
  func precedence() throws {
    let folder = try TemporaryFolder()
    #expect(try truth(folder: folder("elsewhere"), in: folder) == nil)
    try folder.write(
      #"{"class": "normal", "lesion": false, "segments": []}"#,
      to: "derivatives/truth/sub-01_truth.json")
    #expect(try truth(in: folder)?.className == "normal")
    let library = try StudyLibrary(opening: folder.url)
    try FileManager.default.removeItem(at: folder("derivatives/truth"))
    try FileManager.default.removeItem(at: folder(Self.lesion))
    #expect(
      try LibraryEvaluation.truth(of: library.studies[0], in: library, folder: nil) == nil)
  }
}
