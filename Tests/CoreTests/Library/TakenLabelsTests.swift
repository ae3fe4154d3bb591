import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Label files among the sources of an import")
struct TakenLabelsTests: ImportTesting {
  let folder: TemporaryFolder
  let library: URL

  init() throws {
    folder = try TemporaryFolder()
    library = folder("LIB")
  }

  @Test("A label file given beside its image is taken with it, in any order, and is no failure")
  func labelAmongSources() throws {
    let image = LibraryFixture.image()
    try LibraryFixture.write(image, to: folder("in/p_T2w.nii.gz"))
    let mask = LibraryFixture.cord(like: image)
    try LibraryFixture.write(mask, to: folder("in/p_T2w_seg.nii.gz"))
    try LibraryFixture.write(mask, to: folder("in/q_T2w_seg.nii.gz"))
    let items = try run(["in/p_T2w_seg.nii.gz", "in/p_T2w.nii.gz"])
    #expect(
      items.map(\.outcome) == [
        .imported(subject: "p"), .label(.cord, of: "p_T2w.nii.gz", isNew: true),
      ])
    #expect(
      items.last?.text
        == "\(folder("in/p_T2w_seg.nii.gz").path): taken as the cord mask of p_T2w.nii.gz")
    #expect(SeriesShare(sum: items.map(\.series)) == SeriesShare(taken: 1))
    let opened = try StudyLibrary(opening: library)
    let study = try #require(opened.studies.first)
    #expect(opened.labelFiles(of: study)[.cord] != nil && opened.studies.count == 1)
    // Again nothing is new, and nothing failed.
    let again = try run(["in/p_T2w.nii.gz", "in/p_T2w_seg.nii.gz"])
    #expect(
      again.map(\.outcome) == [
        .alreadyThere(subject: "p", labelsAdded: []),
        .label(.cord, of: "p_T2w.nii.gz", isNew: false),
      ])
    // Without its image it is what it was: no image.
    for sources in [["in/p_T2w_seg.nii.gz"], ["in/p_T2w.nii.gz", "in/q_T2w_seg.nii.gz"]] {
      guard case .refused(let why)? = try run(sources).last?.outcome else {
        Issue.record("\(sources) was taken")
        continue
      }
      #expect(why.contains("it is a label file, not an image"))
    }
  }

  @Test("A label file whose image is refused is refused, too")
  func labelOfRefusedImage() throws {
    let image = LibraryFixture.image()
    try folder.write("no image", to: "in/p_T2w.nii.gz")
    try LibraryFixture.write(
      LibraryFixture.cord(like: image), to: folder("in/p_T2w_seg.nii.gz"))
    let items = try run(["in/p_T2w.nii.gz", "in/p_T2w_seg.nii.gz"])
    #expect(items.count == 2)
    for item in items {
      guard case .refused = item.outcome else {
        Issue.record("\(item.text)")
        continue
      }
    }
  }
}
