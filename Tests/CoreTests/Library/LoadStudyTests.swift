import Foundation
import Imaging
import Testing
import TestSupport

@testable import Core

@Suite("Loading a study")
struct LoadStudyTests {
  @Test("Before detection all slices come with their cord and without maps")
  func waiting() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let study = try library.loadStudy("01")
    #expect(study.pictures.map(\.index) == [0, 1, 2, 3, 4])
    #expect(study.detection == nil && study.detectionSHA256 == nil)
    #expect(abs(study.sliceThicknessMM - 3.3) < 1e-6)
    #expect(study.pictures.allSatisfy { $0.anomaly == nil })
    #expect(study.pictures[2].cord != nil && study.pictures[0].cord == nil)
  }

  @Test("After detection every picture lies on the detection's window, maps pixel on pixel")
  func detected() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let sha = try DerivativeWriter(library: folder.url).write(
      LibraryFixture.detection(), maps: LibraryFixture.maps(), of: library.studies[0])
    let study = try library.loadStudy("sub-01")
    #expect(study.detectionSHA256 == sha)
    let maps = LibraryFixture.maps()
    for picture in study.pictures {
      let grid = LibraryFixture.grid(slice: picture.index)
      let off = picture.grid.origin - grid.origin
      #expect((off * off).sum() < 1e-12)
      let expected = maps.slices.first { $0.index == picture.index }?.anomaly
      #expect(
        picture.anomaly?.pixels.map(\.bitPattern) == expected?.pixels.map(\.bitPattern))
    }
    // The cord of the fixture: voxels i 38..<42, 1.5 mm wide, in the window's columns.
    let cord = try #require(study.pictures[2].cord)
    let columns = (0..<256).filter { cord[128, $0] }
    let from = try #require(columns.first)
    let y = study.pictures[2].grid.ras(row: 128, column: Double(from)).y
    #expect(abs(y - (60 - 1.5 * 37.5)) < SagittalGrid.spacing)
    #expect(abs(Double(columns.count) * SagittalGrid.spacing - 6) < 2 * SagittalGrid.spacing)
  }

  @Test("The other maps come slice by slice; a damaged one is told and keeps nothing back")
  func otherMaps() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    try DerivativeWriter(library: folder.url).write(
      LibraryFixture.detection(), maps: LibraryFixture.maps(), of: library.studies[0])
    let study = try library.loadStudy("01")
    let own = study.pictures[2]
    #expect(own.map(.epistemic)?.pixels.map(\.bitPattern) == own.anomaly?.pixels.map(\.bitPattern))
    #expect(own.map(.aleatoric) == nil && own.difference == nil)
    #expect(study.pictures[0].maps.isEmpty && study.mapProblems.isEmpty)
    let ending = DerivativeMaps.Kind.epistemic.ending
    let file = try #require(
      library.studies[0].derivative("\(ending).nii.gz", library: folder.url))
    try Data("damaged".utf8).write(to: file)
    let damaged = try library.loadStudy("01")
    #expect(damaged.pictures[2].maps.isEmpty && damaged.pictures[2].anomaly != nil)
    #expect(damaged.mapProblems[.epistemic]?.contains("is not the epistemic map") == true)
  }

  @Test("Labels become tissues of the slice, the cord's own mask first")
  func tissues() throws {
    let image = LibraryFixture.image()
    var spine = image.map { _ in UInt16(0) }
    for j in 20..<60 {
      for i in 20..<30 { spine[i, j, 2] = VertebralLevel.c3.totalSpineSegLabel }
      for i in 30..<35 { spine[i, j, 2] = try #require(VertebralLevel.c3.totalSpineSegDiscLabel) }
      for i in 35..<44 { spine[i, j, 2] = 2 }
    }
    let labels = StudyLabels(cord: LibraryFixture.cord(like: image), spine: spine)
    let found = try #require(labels.tissues(on: LibraryFixture.grid(slice: 2)))
    #expect(Set(found.pixels) == [.background, .cord, .csf, .vertebra, .disc])
    // From anterior to posterior: body, disc, fluid, cord, fluid.
    var across: [SliceTissue] = []
    for column in 0..<256 where found[128, column] != across.last {
      across.append(found[128, column])
    }
    #expect(across == [.background, .vertebra, .disc, .csf, .cord, .csf, .background])
    #expect(labels.tissues(on: LibraryFixture.grid(slice: 0)) == nil)
  }

  @Test("Thin slices are shown as the partitions that were detected")
  func thin() throws {
    let folder = try TemporaryFolder()
    try LibraryFixture.write(
      LibraryFixture.image(slices: 12, affine: LibraryFixture.affine(spacing: [1.5, 1.5, 1])),
      to: folder("sub-01/anat/sub-01_T2w.nii.gz"))
    let study = try StudyLibrary(opening: folder.url).loadStudy("01")
    #expect(study.pictures.count == 4 && study.sliceThicknessMM == 3)
  }

  @Test("A study without an image says why")
  func unusable() throws {
    let folder = try TemporaryFolder()
    try LibraryFixture.write(LibraryFixture.image(), to: folder("sub-1/anat/sub-1_T1w.nii.gz"))
    let library = try StudyLibrary(opening: folder.url)
    #expect(throws: LibraryError.self) { try library.loadStudy("1") }
    #expect(throws: LibraryError.self) {
      try library.append(ReviewDraft(action: .flag), subject: "1", reader: "anna")
    }
  }
}
