import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Boundaries that follow disc labels saved in between")
struct LabelFollowingTests {
  private typealias Points = [UInt16: SIMD3<Double>]

  /// C2 ... C7 every 15 mm downwards, moved by so many mm.
  private func points(_ moved: Double = 0, _ numbers: ClosedRange<UInt16> = 2...7) -> Points {
    Dictionary(
      uniqueKeysWithValues: numbers.map { ($0, SIMD3<Double>(0, 0, moved - 15 * Double($0))) })
  }

  @Test("what was moved stays, the others follow, in every step of undo and redo")
  func follows() throws {
    var edit = LabelEdit(.boundaries, points())
    try edit.place(4, at: [1, 2, -58])
    try edit.delete(7)
    try edit.place(5, at: [0, 0, -80])
    _ = edit.undo()
    var followed = edit.following(points(3))
    var expected = points(3)
    #expect(followed.original == expected)
    expected[4] = [1, 2, -58]
    expected[7] = nil
    #expect(followed.points == expected && followed.isChanged)
    #expect(followed.redo() == "C5 placed" && followed.points[5] == SIMD3(0, 0, -80))
    #expect(followed.undo() == "C5 placed" && followed.points == expected)
    #expect(followed.undo() == "C7 deleted" && followed.points[7] == points(3)[7])
    #expect(followed.undo() == "C4 placed" && followed.points == points(3))
    #expect(!followed.isChanged && followed.undo() == nil)
    // Nothing else has moved: nothing else changes.
    #expect(edit.following(points()) == edit)
  }

  @Test("levels that came or went, and those that got other names")
  func levels() throws {
    var edit = LabelEdit(.boundaries, points())
    try edit.place(4, at: [0, 0, -61])
    var followed = edit.following(points(1, 3...8))
    var expected = points(1, 3...8)
    expected[4] = [0, 0, -61]
    #expect(followed.points == expected)
    // One that the reader moved stays although nothing names it any more.
    followed = edit.following(points(1, 5...8))
    expected = points(1, 5...8)
    expected[4] = [0, 0, -61]
    #expect(followed.points == expected)
    #expect(!edit.isRenumbered)
    // Shifted, each goes on following its own.
    try edit.shift(by: 1)
    #expect(edit.isRenumbered)
    followed = edit.following(points(1))
    #expect(followed.points[3] == points(1)[2] && followed.points[5] == SIMD3(0, 0, -61))
    #expect(followed.points.keys.sorted() == [3, 4, 5, 6, 7, 8])
  }

  @Test("in a library they are saved on the new labels; without following they are refused")
  func library() throws {
    let source = SyntheticStudy()
    let given = source.studyLabels
    let files = try PartialLibrary(
      source.image,
      [.cord: #require(given.cord), .canal: #require(given.canal), .spine: #require(given.spine)])
    let library = try files.open().library
    let before = try library.correctionBasis(
      .boundaries, of: "01", grids: [], reader: "liu", isBlind: false)
    var edit = LabelEdit(.boundaries, before.points)
    try edit.move(4, by: [0, 0, 2 * SagittalGrid.spacing])
    let place = try #require(edit.points[4])
    let discs = try library.correctionBasis(
      .discs, of: "01", grids: [], reader: "liu", isBlind: false)
    var moved = LabelEdit(.discs, discs.points)
    try moved.move(6, by: [0, 0, -3 * SagittalGrid.spacing])
    #expect(!moved.isRenumbered)
    let saved = try library.correct(
      LabelCorrection(target: .discs, files: discs.files, content: .points(moved.points)),
      .correct(CorrectionNote(.discs, change: "moved")), subject: "01", reader: "liu")
    func save(_ edit: LabelEdit, _ files: [String]) throws {
      _ = try library.correct(
        LabelCorrection(target: .boundaries, files: files, content: .points(edit.points)),
        .correct(CorrectionNote(.boundaries, change: "moved")), subject: "01", reader: "liu")
    }
    // It says what was changed, which was not the boundaries.
    let refusal = #expect(throws: EditRefusal.self) { try save(edit, before.files) }
    #expect(
      refusal?.description
        == "the disc labels changed meanwhile: take your edits back, leave, and begin again")
    let after = try library.correctionBasis(
      .boundaries, of: "01", grids: [], reader: "liu", isBlind: false)
    let hash = try #require(saved.correction?.after)
    #expect(Set(after.files) == Set(before.files + ["discs \(hash)"]))
    // Kept before the discs were saved, and after, they come back as they follow them.
    func keep(_ discs: String?) throws -> String? {
      try library.keepDraft(
        CorrectionDraft(
          LabelCorrection(target: .boundaries, files: before.files, content: .points(edit.points)),
          original: before.points, savedDiscs: discs, session: "first"),
        over: ["first"], subject: "01", reader: "liu")
    }
    func drafts() throws -> DraftSearch {
      try library.drafts(of: "01", grids: [], isBlind: false, except: [], reader: "liu")
    }
    #expect(try keep(hash) == nil)
    let kept = try #require(try drafts().found.first)
    let followed = edit.following(after.points)
    #expect(kept.correction.content == .points(followed.points))
    #expect(kept.correction.files == after.files && kept.basis.points == after.points)
    #expect(try keep(nil) == nil)
    let stale = try drafts()
    #expect(stale.found.isEmpty && stale.refused.count == 1)
    #expect(followed.points[4] == place && followed.points[5] == after.points[5])
    try save(followed, after.files)
    let now = try library.correctionBasis(
      .boundaries, of: "01", grids: [], reader: "liu", isBlind: false
    ).points
    let c4 = try #require(now[4])
    #expect(abs(c4.z - place.z) <= SagittalGrid.spacing / 2 + 1e-6)
  }
}
