import Foundation
import TestSupport
import Testing

@testable import Core

@Suite("Folders of label files")
struct LabelFoldersTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func cord(_ stem: String, _ known: LabelFolders) -> String? {
    LabelFiles(stem: stem, in: [folder("flat"), folder("absent")], known: known)[.cord]?.url
      .lastPathComponent
  }

  @Test("A folder is listed once for all studies, and again when it was changed")
  func once() throws {
    let stems = (0..<40).map { "sub-\($0)_T2w" }
    for stem in stems { try folder.write("", to: "flat/\(stem)_seg.nii.gz") }
    let known = LabelFolders(restingSeconds: 0)
    for stem in stems { #expect(cord(stem, known) == "\(stem)_seg.nii.gz") }
    #expect(cord("sub-40_T2w", known) == nil)
    #expect(known.count == 1)
    // Longer than the tick of the clock by which files are stamped.
    Thread.sleep(forTimeInterval: 0.1)
    try folder.write("", to: "flat/SUB-40_T2w_seg.nii.gz")
    #expect(cord("sub-40_T2w", known) == "SUB-40_T2w_seg.nii.gz")
    #expect(known.count == 2)
    try FileManager.default.removeItem(at: folder("flat"))
    #expect(cord(stems[0], known) == nil)
  }

  @Test("A folder that was changed a moment ago is listed every time: the clock of files is coarse")
  func young() throws {
    try folder.write("", to: "flat/a_seg.nii.gz")
    let known = LabelFolders(restingSeconds: 3600)
    for _ in 0..<3 { #expect(cord("a", known) != nil) }
    #expect(known.count == 3)
  }

  @Test("A library lists no folder again that stays as it is")
  func library() throws {
    let subjects = (10..<30).map(String.init)
    let library = try LibraryFixture.library(subjects, in: folder)
    for subject in subjects {
      try folder.write("", to: "derivatives/sct/sub-\(subject)_T2w_seg.nii.gz")
    }
    Thread.sleep(forTimeInterval: 3.1)
    func look() -> Int {
      for study in library.studies {
        let found = library.labelFiles(of: study)
        #expect(found[.cord] != nil && found.others[.cord]?.count == 1)
      }
      return library.cache.labelFolders.count
    }
    // The studies' own folders, those of their labels, "derivatives" and the tool's.
    #expect(look() == 2 * subjects.count + 2)
    #expect(look() == 2 * subjects.count + 2)
  }
}
