import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Planted cohorts: the sources")
struct PlantedOriginalsTests {
  private let folder: TemporaryFolder
  private var root: URL { folder("planted") }
  private let options: PlantedCohort.Options = {
    var options = PlantedCohort.Options()
    options.copies = 2
    options.partitions = [.mm4]
    return options
  }()

  init() throws { folder = try TemporaryFolder() }

  /// Adds a study with its cord, beside it and among the labels, to a dataset.
  @discardableResult
  private func study(
    _ place: String, in dataset: String = "library", voxel: Float
  ) throws -> URL {
    var (image, labels) = SyntheticCord().study
    image.voxels[0] = voxel
    let stem = place.split(separator: "/").joined(separator: "_") + "_T2w"
    let anat = folder("\(dataset)/\(place)/anat")
    let url = anat.appendingPathComponent("\(stem).nii.gz")
    try LibraryFixture.write(image, to: url)
    for labelled in [anat, folder("\(dataset)/derivatives/labels/\(place)/anat")] {
      try LibraryFixture.write(
        try #require(labels.cord),
        to: labelled.appendingPathComponent("\(stem)_label-SC_seg.nii.gz"))
    }
    return url
  }

  private func truth(_ text: String, of subject: String) throws {
    try folder.write(
      text, to: "library/derivatives/truth/sub-\(subject)/anat/sub-\(subject)_truth.json")
  }

  private let lesion = #"{"class": "dcm", "lesion": true, "segments": ["C5/C6"]}"#

  private func plant(_ sources: [URL]) throws -> [PlantedCohort.Item] {
    try PlantedCohort.write(sources, to: root, options: options)
  }

  private func patients() throws -> [String] {
    let planted = try StudyLibrary(opening: root)
    return planted.studies.compactMap { planted.participants[$0.participant].sourceSubject }
  }

  @Test("a cord whose lesion only the dataset's truth names is refused, however it is given")
  func lesionInTruth() throws {
    let image = try study("sub-05", voxel: 1)
    // Another image of the same session has the same truth.
    let second = image.deletingLastPathComponent().appendingPathComponent("sub-05_run-2_T2w.nii.gz")
    var other = SyntheticCord().study.image
    other.voxels[0] = 2
    try LibraryFixture.write(other, to: second)
    try truth(lesion, of: "05")
    try folder.write("", to: "aside/note.txt")
    for source in [
      folder("library"), folder("library/sub-05"), image, second,
      folder.url.appendingPathComponent("aside/../library"),
      folder.url.appendingPathComponent("aside/../library/sub-05/anat/sub-05_T2w.nii.gz"),
    ] {
      let items = try plant([source])
      #expect(!items.isEmpty)
      for item in items {
        #expect(item.text.contains("its truth names a lesion"), "\(source.path): \(item.text)")
      }
      #expect(!FileManager.default.fileExists(atPath: root.path), "\(source.path)")
    }
    // Studies of the same dataset without a lesion are used, and the other's image is not kept.
    try study("sub-06", voxel: 3)
    let items = try plant([folder("library")])
    #expect(items.map { $0.text.contains("its truth names a lesion") } == [true, false])
    #expect(Set(try patients()) == ["06"])
    let kept = try FileManager.default.contentsOfDirectory(
      atPath: root.appendingPathComponent("sourcedata/originals").path)
    #expect(kept.filter { $0.hasPrefix("sub-") } == ["sub-06"])
    // Nor is a study of a planted cohort a source of another one.
    let member = try #require(try StudyLibrary(opening: root).studies.first?.image)
    let twice = try PlantedCohort.write(
      [root.appendingPathComponent(member)], to: folder("twice"), options: options)
    #expect(twice.map(\.outcome) == [.refused("it is a planted cohort itself")])
  }

  @Test("a damaged truth file refuses its own study alone")
  func damagedTruth() throws {
    try study("sub-05", voxel: 1)
    try study("sub-06", voxel: 2)
    try truth("words", of: "05")
    let items = try plant([folder("library")])
    #expect(items.count == 2 && items[0].text.contains("is no truth file"), "\(items)")
    #expect(items[1].outcome == .planted(sourceSubject: "06", planted: 1, unplanted: 1))
    #expect(
      !FileManager.default.fileExists(atPath: folder("planted/sourcedata/originals/sub-05").path))
  }

  @Test("sessions of one patient are one patient call by call, too")
  func sessionsCallByCall() throws {
    let sessions = try (1...3).map { try study("sub-07/ses-\($0)", voxel: Float($0)) }
    _ = try plant([sessions[0]])
    _ = try plant([sessions[1]])
    #expect(try patients() == ["07", "07", "07", "07"])
    // Another dataset's patient of the same label is another one.
    _ = try plant([try study("sub-07/ses-1", in: "elsewhere", voxel: 4)])
    _ = try plant([folder("library")])
    let counts = Dictionary(grouping: try patients()) { $0 }.mapValues(\.count)
    #expect(counts.count == 2 && counts["07"] == 6, "\(counts)")
    // A cohort of copies knows whose they are.
    let again = folder("again")
    _ = try PlantedCohort.write(
      [root.appendingPathComponent("sourcedata/originals")], to: again, options: options)
    let library = try StudyLibrary(opening: again)
    let rows = library.studies.compactMap { library.participants[$0.participant].sourceSubject }
    #expect(Dictionary(grouping: rows) { $0 }.map(\.value.count).sorted() == [2, 6])
  }

  @Test("of a call whose sources are all refused nothing is left in a new or empty folder")
  func nothingLeft() throws {
    let bare = folder("bare_T2w.nii.gz")
    try NIfTI.write(SyntheticCord().study.image, to: bare)
    let items = try plant([bare, folder("missing_T2w.nii.gz")])
    #expect(items[0].text.contains("no cord mask") && items[1].text.contains("no such file"))
    #expect(!FileManager.default.fileExists(atPath: root.path))
    try SharedFolder.make(root)
    _ = try plant([bare])
    #expect(try FileManager.default.contentsOfDirectory(atPath: root.path) == [])
    // What was there before stays, and so does a cohort that holds studies.
    try folder.write("mine", to: "planted/notes.txt")
    _ = try plant([bare])
    #expect(try LibraryFixture.snapshot(root)["notes.txt"] == Data("mine".utf8))
    _ = try plant([try SyntheticCord().write(to: folder.url, name: "anna")])
    _ = try plant([folder("missing_T2w.nii.gz")])
    #expect(try patients() == ["anna", "anna"])
  }
}
