import Foundation
import Imaging
import Testing
import TestSupport

@testable import Core

@Suite("Series and sessions beside a study")
struct BesideTests {
  /// Nine axial slices, 4 mm apart.
  private static let axial = ImageVolume(
    shape: [20, 20, 9], voxels: (0..<3600).map { Float($0 % 100) },
    affine: Affine(i: [-2, 0, 0], j: [0, -2, 0], k: [0, 0, 4], origin: [20, 20, -16]))

  @Test("Without an axial series planes across the cord are cut from the study's own volume")
  func alone() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let choices = try library.besideChoices("01")
    #expect(
      choices == [
        BesideChoice(.reformat, title: "REFORMATTED axial"),
        BesideChoice(.coronal, title: "REFORMATTED coronal"),
      ])
    guard case .volume(let own) = try library.beside(choices[0], of: "01", reader: "liu") else {
      Issue.record("no volume")
      return
    }
    #expect(own.volume.shape == [80, 80, 5] && own.stack.plane == .sagittal && own.isPlaced)
    // The 1st to 98.5th percentile of a texture of 5...44 and 300...339.
    #expect(own.window.low >= 0 && own.window.high > 320 && own.window.high <= 340)
    #expect(own.range.low <= 0 && own.range.high >= own.window.high)
    #expect(own.fluid.low > own.window.low && own.fluid.high == own.range.high)
    guard case .volume(let same) = try library.beside(choices[1], of: "01", reader: "liu") else {
      Issue.record("no volume")
      return
    }
    #expect(same.volume.voxels == own.volume.voxels && choices.allSatisfy(\.isReformat))
  }

  @Test("Axial series come first; labels are none; a damaged file is listed and fails by itself")
  func series() throws {
    let folder = try TemporaryFolder()
    _ = try LibraryFixture.library(["01"], in: folder)
    let anat = "sub-01/anat/sub-01"
    try LibraryFixture.write(Self.axial, to: folder("\(anat)_acq-ax_T2w.nii.gz"))
    try LibraryFixture.write(LibraryFixture.image(seed: 3), to: folder("\(anat)_T1w.nii.gz"))
    try LibraryFixture.write(
      LibraryFixture.cord(like: LibraryFixture.image()), to: folder("\(anat)_acq-ax_dseg.nii.gz"))
    try folder.write("no image", to: "\(anat)_acq-bad_T2w.nii.gz")
    let library = try StudyLibrary(opening: folder.url)
    #expect(library.studies.map(\.image) == ["\(anat)_T2w.nii.gz"])
    let choices = try library.besideChoices("01")
    #expect(
      choices.map(\.title) == [
        "axial T2w (acq-ax)", "REFORMATTED coronal", "T2w (acq-bad)", "sagittal T1w",
      ])
    guard case .volume(let axial) = try library.beside(choices[0], of: "01", reader: "liu") else {
      Issue.record("no volume")
      return
    }
    #expect(axial.stack.plane == .axial && axial.stack.count == 9)
    #expect(throws: ReadError.self) {
      _ = try library.beside(choices[2], of: "01", reader: "liu")
    }
    for file in ["../anat/sub-01_T1w.nii.gz", "sub-01_T2w.nii.gz", "sub-01_gone.nii.gz"] {
      #expect(throws: LibraryError.self) {
        _ = try library.beside(
          BesideChoice(.series(file: file), title: "x"), of: "01", reader: "liu")
      }
    }
  }

  @Test("The whole range holds every voxel, also one below zero and one that percentiles pass over")
  func wholeRange() throws {
    let shape: SIMD3<Int> = [160, 160, 100]
    var voxels = [Float](repeating: 100, count: 160 * 160 * 100)
    // Of so many voxels every second is looked at for percentiles.
    (voxels[1], voxels[3], voxels[5]) = (-300, 5000, .nan)
    let volume = ImageVolume(shape: shape, voxels: voxels, affine: Self.axial.affine)
    let beside = try #require(BesideVolume(volume))
    #expect(abs(beside.range.low + 300) < 0.01 && abs(beside.range.high - 5000) < 0.01)
    #expect(abs(beside.fluid.high - 5000) < 0.01 && beside.window.high < 200)
  }

  @Test("A series that does not say where left is can be shown and not be located")
  func unplaced() throws {
    let volume = try #require(BesideVolume(Self.axial, isPlaced: false))
    #expect(!volume.isPlaced && volume.stack.count == 9)
    let empty = ImageVolume(
      shape: [2, 2, 2], voxels: .init(repeating: 0, count: 8), affine: .identity)
    let window = try #require(BesideVolume(empty)).window
    #expect(window.window > 0 && window.window.isFinite)
    var lost = Self.axial
    lost.affine.k = .zero
    #expect(BesideVolume(lost) == nil)
  }

  @Test("Sessions before come first, the latest first, with the interval by age; then those after")
  func sessions() throws {
    let folder = try TemporaryFolder()
    _ = try LibraryFixture.library(["02"], in: folder)
    for (number, session) in ["ses-1", "ses-2", "ses-10", "ses-11"].enumerated() {
      try LibraryFixture.write(
        LibraryFixture.image(seed: UInt64(number)),
        to: folder("sub-01/\(session)/anat/sub-01_\(session)_T2w.nii.gz"))
    }
    try folder.write(
      "session_id\tage\nses-1\t60\nses-2\t61.5\nses-10\t62.5\nses-11\tn/a\n",
      to: "sub-01/sub-01_sessions.tsv")
    let library = try StudyLibrary(opening: folder.url)
    let choices = try library.besideChoices("01_ses-10")
    #expect(
      choices.map(\.title) == [
        "REFORMATTED axial", "REFORMATTED coronal", "prior ses-2, 1 year before",
        "prior ses-1, 2.5 years before", "later ses-11, interval unknown",
      ])
    #expect(choices[2].kind == .session("01_ses-2"))
    guard
      case .session(let study, let journal) = try library.beside(
        choices[2], of: "01_ses-10", reader: "liu")
    else {
      Issue.record("no session")
      return
    }
    #expect(study.subject == "01_ses-2" && study.age == "61.5" && study.pictures.count == 5)
    #expect(journal.records.isEmpty)
    #expect(try library.besideChoices("02").count == 2)
  }

  @Test("The interval is by age where both are known, else by name")
  func intervals() {
    func words(_ from: String?, _ to: String?, _ named: Bool) -> String {
      let interval = SessionInterval(from: from, to: to, isNamedBefore: named)
      return "\(interval.isBefore) \(interval.words)"
    }
    #expect(words("60", "61", true) == "true 1 year before")
    #expect(words("63", "60.5", true) == "false 2.5 years after")
    #expect(words("60", "60", true) == "true at the same age")
    #expect(words("89+", "60", false) == "false interval unknown")
    #expect(words(nil, "60", true) == "true interval unknown")
    #expect(words("nan", "60", true) == "true interval unknown")
  }

  @Test("The direction of the cord is that of its middles over 14 mm, in RAS")
  func direction() throws {
    var cord = MaskRaster(rows: 256, columns: 256, filledWith: false)
    // Three columns wide, half a column towards posterior a row.
    for row in 60..<140 { for column in -1...1 { cord[row, row / 2 + 60 + column] = true } }
    let picture = ReviewStudy.Picture(
      index: 0, image: ImageRaster(rows: 256, columns: 256, filledWith: 1),
      grid: SagittalGrid(centre: .zero), cord: cord, anomaly: nil)
    let found = try #require(picture.cordDirection(atRow: 100))
    #expect(abs(found.x) < 1e-12 && abs(found.y + 0.4472) < 0.01 && abs(found.z + 0.8944) < 0.01)
    #expect(picture.cordDirection(atRow: 200) == nil && picture.cordDirection(atRow: .nan) == nil)
    #expect(picture.cordDirection(atRow: 62) != nil && picture.cordDirection(atRow: -5000) == nil)
  }
}
