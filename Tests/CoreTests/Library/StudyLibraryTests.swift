import Foundation
import Imaging
import Testing
import TestSupport

@testable import Core

@Suite("Study library")
struct StudyLibraryTests {
  @Test("A dataset opens as it is, subjects in natural order")
  func opens() throws {
    let folder = try TemporaryFolder()
    let before = try {
      _ = try LibraryFixture.library(["2", "10", "1"], in: folder)
      return try LibraryFixture.snapshot(folder.url)
    }()
    let library = try StudyLibrary(opening: folder.url)
    #expect(library.studies.map(\.subject) == ["1", "2", "10"])
    #expect(library.studies[1].image == "sub-2/anat/sub-2_T2w.nii.gz")
    #expect(try library.study("sub-10").subject == "10")
    #expect(throws: LibraryError.self) { try library.study("99") }
    let worklist = try library.worklist(reader: "anna")
    #expect(worklist.map(\.state) == [.waiting, .waiting, .waiting])
    #expect(try LibraryFixture.snapshot(folder.url) == before)
  }

  @Test("The sagittal T2w image is chosen; others are refused with the reason")
  func chooses() throws {
    let folder = try TemporaryFolder()
    let sagittal = LibraryFixture.image()
    let axial = LibraryFixture.image(
      affine: Affine(i: [0.5, 0, 0], j: [0, 0.5, 0], k: [0, 0, 4], origin: .zero))
    for (name, image) in [
      ("T2w", axial), ("acq-ax_T2w", axial), ("acq-sag_T2w", sagittal), ("acq-cor_T2w", sagittal),
      ("T1w", sagittal), ("T2starw", axial),
    ] { try LibraryFixture.write(image, to: folder("sub-1/anat/sub-1_\(name).nii.gz")) }
    try LibraryFixture.write(axial, to: folder("sub-2/anat/sub-2_T2w.nii.gz"))
    try LibraryFixture.write(sagittal, to: folder("sub-3/anat/sub-3_T1w.nii.gz"))
    try folder.write("not an image", to: "sub-4/anat/sub-4_T2w.nii.gz")
    try folder.write("{}", to: "sub-5/anat/sub-5_T2w.json")
    let studies = try StudyLibrary(opening: folder.url).studies
    #expect(studies[0].stem == "sub-1_acq-sag_T2w" && studies[0].refused.count == 5)
    #expect(studies[1].problem?.contains("axial") == true)
    #expect(studies[2].problem?.contains("wrong contrast: T1w") == true)
    #expect(studies[3].problem?.contains("sub-4_T2w.nii.gz") == true)
    #expect(studies[4].problem == "no image in its anat folder")
    let states = try StudyLibrary(opening: folder.url).worklist(reader: "anna").map(\.state)
    #expect(states[0] == .waiting)
    for state in states.dropFirst() {
      guard case .problem = state else {
        Issue.record("\(state) is no problem")
        continue
      }
    }
  }

  @Test("Sessions are studies of their own; hostile folder names are shown cleaned")
  func sessionsAndNames() throws {
    let folder = try TemporaryFolder()
    let image = LibraryFixture.image()
    for session in ["pre", "post"] {
      try LibraryFixture.write(
        image, to: folder("sub-1/ses-\(session)/anat/sub-1_ses-\(session)_T2w.nii.gz"))
    }
    let bad = "sub-\u{1B}]0;x\u{07}"
    try LibraryFixture.write(image, to: folder("\(bad)/anat/\(bad)_T2w.nii.gz"))
    let library = try StudyLibrary(opening: folder.url)
    #expect(library.studies.map(\.subject) == ["1_ses-post", "1_ses-pre", "·]0;x·"])
    #expect(try library.load(library.studies[2]).volume.shape == image.shape)
    let study = try library.study("1_ses-pre")
    #expect(study.folder == "sub-1/ses-pre/anat" && study.participant == "1")
  }

  @Test("A name that is not UTF-8 is the reason, of a folder or an image; U+FFFD itself is none")
  func namesOfOtherCharacters() throws {
    let folder = try TemporaryFolder()
    let image = LibraryFixture.image()
    for name in ["sub-a", "sub-b", "sub-c\u{FFFD}"] {
      try LibraryFixture.write(image, to: folder("\(name)/anat/\(name)_T2w.nii.gz"))
    }
    /// A path with two bytes that are no UTF-8 in its middle.
    func bytes(_ start: String, _ end: String) -> [CChar] {
      let wrong = [0xFF, 0xFE].map { CChar(truncatingIfNeeded: $0) }
      return Array(folder(start).path.utf8CString.dropLast()) + wrong + Array(end.utf8CString)
    }
    let (place, file) = (bytes("sub-x", ""), bytes("sub-b/anat/sub-b_acq-", "_T2w.nii.gz"))
    let (named, plain) = (folder("sub-a").path, folder("sub-b/anat/sub-b_T2w.nii.gz").path)
    try #require(rename(named, place) == 0 && rename(plain, file) == 0)
    // Else the folder could not be removed by its names.
    defer {
      _ = rename(place, named)
      _ = rename(file, plain)
    }
    let studies = try StudyLibrary(opening: folder.url).studies
    let problems = Dictionary(uniqueKeysWithValues: studies.map { ($0.folder, $0.problem) })
    #expect(problems.count == 3)
    #expect(
      problems["sub-x\u{FFFD}\u{FFFD}/anat"]
        == "its name cannot be read: sub-x\u{FFFD}\u{FFFD} is not UTF-8; rename it")
    let second = try #require(problems["sub-b/anat"] ?? nil)
    #expect(
      second.contains("sub-b_acq-\u{FFFD}\u{FFFD}_T2w.nii.gz is not UTF-8; rename it"), "\(second)")
    #expect(problems["sub-c\u{FFFD}/anat"] == .some(nil))
  }

  @Test("What is no library says so")
  func notALibrary() throws {
    let folder = try TemporaryFolder()
    #expect(throws: LibraryError.self) { try StudyLibrary(opening: folder.url) }
    #expect(throws: LibraryError.self) { try StudyLibrary(opening: folder("absent")) }
    let file = try folder.write("x", to: "file")
    #expect(throws: LibraryError.self) { try StudyLibrary(opening: file) }
    try folder.write("{}", to: "dataset_description.json")
    #expect(try StudyLibrary(opening: folder.url).studies.isEmpty)
  }

  @Test("The worklist follows detection and journal")
  func worklist() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01", "02", "03", "04"], in: folder)
    try folder.write("participant_id\tage\tsex\nsub-01\t61\tM\n", to: "participants.tsv")
    let writer = DerivativeWriter(library: folder.url)
    let sha = try writer.write(
      LibraryFixture.detection(), maps: LibraryFixture.maps(), of: library.studies[0])
    try writer.write(
      LibraryFixture.unassessable(subject: "02", reason: "no cord mask"),
      maps: DerivativeMaps(slices: []), of: library.studies[1])
    try folder.write(
      "{\"patient\": 3}", to: "derivatives/cordscope/sub-03/anat/sub-03_T2w_detection.json")
    let open = try library.reopened()
    var entries = try open.worklist(reader: "anna")
    #expect(entries[0].state == .unread && entries[0].score == 0.041 && entries[0].age == "61")
    #expect(entries[0].topSegment == .c4c5 && entries[0].flagged == [.c4c5])
    #expect(entries[0].secondOpinionFlagged.contains(.c5c6))
    #expect(entries[1].state == .problem("no cord mask") && entries[1].score == nil)
    guard case .problem(let damage) = entries[2].state else { throw StateError() }
    #expect(damage.contains("sub-03_T2w_detection.json"))
    #expect(entries[3].state == .waiting)

    for segment in SpinalSegment.allCases.dropLast() {
      let draft = ReviewDraft(
        action: .verdict, segment: segment, verdict: .absent, detectionSHA256: sha)
      _ = try open.append(draft, subject: "01", reader: "anna")
      entries = try open.worklist(reader: "anna")
      #expect(entries[0].state == (segment == .c6c7 ? .read : .reading))
    }
    #expect(try open.worklist(reader: "bert")[0].state == .unread)
    #expect(try open.journal("01", reader: "anna").records.count == 5)
    // A journal that was altered is said on its line, and nothing is written to it.
    let journal = folder("derivatives/cordscope/sub-01/anat/sub-01_T2w_reader-anna_review.jsonl")
    var text = try String(contentsOf: journal, encoding: .utf8)
    text = text.replacingOccurrences(of: "absent", with: "present")
    try text.write(to: journal, atomically: false, encoding: .utf8)
    let again = try StudyLibrary(opening: folder.url)
    guard case .problem(let why) = try again.worklist(reader: "anna")[0].state else {
      throw StateError()
    }
    #expect(why.contains("line 1"))
    #expect(throws: JournalError.self) {
      try again.append(ReviewDraft(action: .flag), subject: "01", reader: "anna")
    }
    #expect(try String(contentsOf: journal, encoding: .utf8) == text)
  }

  struct StateError: Error {}
}
