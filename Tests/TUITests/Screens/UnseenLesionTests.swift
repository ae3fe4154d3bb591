import Core
import Foundation
import Imaging
import TestSupport
import Testing

@testable import TUI

/// Two readers, the real library on the disk and the answers that their screens get from it.
@Suite("A lesion mask that another reader drew, on the screen")
struct UnseenLesionTests {
  private let folder: TemporaryFolder
  private let library: StudyLibrary

  /// One study of 5 slices with a cord, not detected.
  init() throws {
    folder = try TemporaryFolder()
    try folder.write(#"{"Name": "test", "BIDSVersion": "1.9.0"}"#, to: "dataset_description.json")
    let affine = Affine(
      i: [0, -1.5, 0], j: [0, 0, 1.5], k: [3.3, 0, 0], origin: [-6.6, 60, -60])
    let image = ImageVolume(
      shape: [80, 80, 5], voxels: (0..<32_000).map { Float(100 + $0 % 37) }, affine: affine)
    var cord = image.map { _ in UInt16(0) }
    for j in 5..<75 { for i in 38..<42 { cord[i, j, 2] = 1 } }
    let (picture, mask) = (
      folder("sub-01/anat/sub-01_T2w.nii.gz"),
      folder("derivatives/labels/sub-01/anat/sub-01_T2w_label-SC_seg.nii.gz")
    )
    for url in [picture, mask] {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    }
    try NIfTI.write(image, to: picture)
    try NIfTI.write(cord, to: mask)
    library = try StudyLibrary(opening: folder.url)
  }

  private func opened(_ reader: String) throws -> StudyScreenState {
    guard case .study(_, let result)? = Worker.answer(.loadStudy("01"), library, reader) else {
      throw FixtureError(description: "no study")
    }
    return StudyScreenState(try result.get())
  }

  /// What the mask editor of a reader opens on.
  private func basis(_ reader: String, isBlind: Bool = false) throws -> CorrectionBasis {
    let effect = Effect.loadCorrection(
      .lesion, subject: "01", grids: try opened(reader).correctionGrids, isBlind: isBlind)
    guard case .correction(_, _, let result)? = Worker.answer(effect, library, reader) else {
      throw FixtureError(description: "no mask")
    }
    return try result.get()
  }

  private func isEmpty(_ basis: CorrectionBasis) -> Bool {
    !basis.masks.isEmpty && basis.masks.allSatisfy { !$0.pixels.contains(true) }
  }

  private func report(_ reader: String) throws -> String {
    guard case .report(_, let result)? = Worker.answer(.loadReport("01"), library, reader) else {
      throw FixtureError(description: "no report")
    }
    // As one line: names may be wrapped.
    return try result.get().joined(separator: " ").split(separator: " ").joined(separator: " ")
  }

  /// Draws a dot on the middle slice and saves it.
  private func draw(at column: Double, by reader: String) throws {
    let study = try opened(reader)
    let slice = study.study.pictures.count / 2
    var mode = CorrectionMode(try basis(reader), grids: study.correctionGrids, at: .zero)
    var edit = try #require(mode.mask)
    try edit.draw(.brush, size: 9, on: slice, from: [column, 128], to: [column, 128])
    mode.edit = .mask(edit)
    let effect = Effect.correct(
      token: 1, mode.correction, .correct(CorrectionNote(.lesion, change: mode.changes)),
      subject: "01")
    guard case .written(_, let result, _)? = Worker.answer(effect, library, reader) else {
      throw FixtureError(description: "no answer")
    }
    _ = try result.get()
  }

  private func isNamed(_ reader: String) throws -> Bool {
    try opened(reader).labels.contains { $0.role == .lesion }
  }

  @Test("nothing on another's screen tells of it, and each editor opens on the own mask")
  func unseen() throws {
    try draw(at: 128, by: "bob")
    #expect(try isNamed("bob") && !isEmpty(basis("bob")))
    #expect(try report("bob").contains("lesion: a person"))
    #expect(try !isNamed("carla") && isEmpty(basis("carla")))
    #expect(try isEmpty(basis("carla", isBlind: true)))
    #expect(try !report("carla").contains("lesion: a person"))
    try draw(at: 100, by: "carla")
    let (own, other) = (try basis("carla").masks, try basis("bob").masks)
    let slice = own.count / 2
    #expect(own[slice][128, 100] && !own[slice][128, 128])
    #expect(other[slice][128, 128] && !other[slice][128, 100])
    #expect(try isNamed("carla") && isNamed("bob"))
  }

  @Test("who compares sees the mask that stands, without opening the study again")
  func compared() throws {
    try draw(at: 128, by: "bob")
    var study = try opened("carla")
    #expect(!study.labels.contains { $0.role == .lesion })
    let before = MeasureOrder(study)
    let effect = Effect.write(token: 1, ReviewDraft(action: .compare), subject: "01")
    guard case .written(_, let result, _)? = Worker.answer(effect, library, "carla") else {
      throw FixtureError(description: "no answer")
    }
    let record = try result.get()
    study.review = ReviewState([record])
    #expect(study.labels.contains { $0.role == .lesion })
    #expect(MeasureOrder(study) != before)
    #expect(try !isEmpty(basis("carla")))
  }
}
