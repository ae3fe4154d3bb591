import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Planted cohorts: the library")
struct PlantedLibraryTests {
  private let folder: TemporaryFolder
  private var root: URL { folder("planted") }
  private var options: PlantedCohort.Options = {
    var options = PlantedCohort.Options()
    options.copies = 2
    return options
  }()

  init() throws { folder = try TemporaryFolder() }

  private func source(_ name: String, _ cord: SyntheticCord = SyntheticCord()) throws -> URL {
    try cord.write(to: folder.url, name: name)
  }

  private func second() throws -> URL {
    var cord = SyntheticCord()
    cord.seed = 2
    cord.isLabelled = false
    return try source("bert", cord)
  }

  private func truth(_ library: StudyLibrary, _ subject: String) throws -> PlantedTruth {
    let url = library.root.appendingPathComponent(
      "derivatives/truth/sub-\(subject)/anat/sub-\(subject)_truth.json")
    return try JSONDecoder().decode(PlantedTruth.self, from: try Data(contentsOf: url))
  }

  private func volume(_ path: String) throws -> ImageVolume {
    try NIfTI.read(root.appendingPathComponent(path)).volume
  }

  @Test("round trip: what is written is what was planted, beside its original")
  func roundTrip() throws {
    let items = try PlantedCohort.write(
      [try source("anna"), try second()], to: root, options: options)
    #expect(items.count == 2)
    guard case .planted("anna", let planted, let unplanted) = items[0].outcome else {
      Issue.record("\(items[0].text)")
      return
    }
    #expect(planted == 3 && unplanted == 3)
    #expect(items[1].notes.contains { $0.contains("truth of the patient only") })
    let library = try StudyLibrary(opening: root)
    #expect(library.studies.count == 12 && library.studies.allSatisfy { $0.problem == nil })
    for study in library.studies {
      let truth = try truth(library, study.subject)
      let row = library.participants[study.participant]
      #expect(row.sourceSubject == truth.sourceSubject && row.isPlanted == truth.lesion)
      let image = try library.load(study)
      let original = try library.unplanted(truth.original)
      #expect(image.volume.shape == original.shape)
      let stem = "derivatives/truth/\(study.folder)/sub-\(study.subject)_T2w_label-lesion"
      let lesion = try volume("\(stem)_seg.nii.gz")
      let share = truth.lesion ? try volume("\(stem)_probseg.nii.gz") : original.map { _ in 0 }
      var changed = 0
      for n in original.voxels.indices {
        let difference = image.volume.voxels[n] - original.voxels[n]
        if share.voxels[n] == 0 { #expect(difference == 0) }
        if difference != 0 { changed += 1 }
        #expect((lesion.voxels[n] == 1) == (share.voxels[n] >= 0.5))
      }
      #expect((changed > 0) == truth.lesion && truth.lesions.isEmpty != truth.lesion)
      #expect(truth.lesionStrength == truth.lesions.map(\.contrast).max())
      if truth.sourceSubject == "anna" {
        #expect(truth.assessableSegments.count == 6)
        #expect(truth.segments.isEmpty != truth.lesion, "\(study.subject)")
        // The labels serve the new grid: same cord, same levels, nothing to resample.
        #expect(image.labels.landmarks.count == 7)
      }
      #expect(!image.labels.quality.contains { $0.flag == "labels-resampled" })
      let cord = try #require(image.labels.cord)
      #expect(cord.shape == original.shape)
    }
    #expect(LibraryVerification.findings(in: library).filter { $0.severity == .failure }.isEmpty)
    #expect(PlantedCohort.members(of: library).count == 12)
  }

  @Test("the sources are only read, and the same call gives the same bytes on one or two threads")
  func determinism() throws {
    let image = try source("anna")
    let before = try Data(contentsOf: image)
    _ = try PlantedCohort.write([image], to: root, options: options)
    _ = try PlantedCohort.write(
      [image], to: folder("again"), options: options, team: ThreadTeam(threads: 2))
    #expect(try Data(contentsOf: image) == before)
    let (a, b) = (try LibraryFixture.snapshot(root), try LibraryFixture.snapshot(folder("again")))
    #expect(Set(a.keys) == Set(b.keys))
    // The rows of participants.tsv come in the order in which the studies were finished.
    for (path, bytes) in a where !path.hasSuffix("participants.tsv") {
      #expect(b[path] == bytes, "\(path)")
    }
  }

  @Test("an interrupted call can be repeated; whole studies are left as they are")
  func resume() throws {
    struct Stop: Error {}
    let image = try source("anna")
    #expect(throws: Stop.self) {
      try PlantedCohort.write([image], to: root, options: options) { _, done, _ in
        if done == 2 { throw Stop() }
      }
    }
    let first = try LibraryFixture.snapshot(root)
    #expect(first.keys.count { $0.hasSuffix("_T2w.nii.gz") && $0.hasPrefix("sub-") } == 2)
    let items = try PlantedCohort.write([image], to: root, options: options)
    #expect(items[0].outcome == .planted(sourceSubject: "anna", planted: 3, unplanted: 3))
    let second = try LibraryFixture.snapshot(root)
    #expect(second.keys.count { $0.hasSuffix("_T2w.nii.gz") && $0.hasPrefix("sub-") } == 6)
    for (path, bytes) in first where path.hasPrefix("sub-") { #expect(second[path] == bytes) }
  }

  @Test("folders that are not this cohort's are refused, and left as they are")
  func otherFolders() throws {
    let image = try source("anna")
    func refusal(_ sources: [URL], _ target: URL, _ options: PlantedCohort.Options) -> String? {
      do {
        _ = try PlantedCohort.write(sources, to: target, options: options)
        return nil
      } catch { return "\(error)" }
    }
    let library = folder("library")
    _ = try Importer(library: library).run([image])
    let before = try LibraryFixture.snapshot(library)
    #expect(refusal([image], library, options)?.contains("no planted cohort") == true)
    #expect(refusal([library], library, options)?.contains("both source and target") == true)
    #expect(try LibraryFixture.snapshot(library) == before)
    try folder.write("", to: "bare/sub-01/anat/note.txt")
    #expect(refusal([image], folder("bare"), options)?.contains("holds studies already") == true)
    _ = try PlantedCohort.write([image], to: root, options: options)
    var other = options
    other.seed = 9
    #expect(refusal([image], root, other)?.contains("other settings (lesions auto") == true)
  }

  @Test("a library's studies are sources: its labels come along, sessions are one patient")
  func librarySource() throws {
    let library = folder("library")
    let (image, labels) = SyntheticCord().study
    for session in ["1", "2"] {
      let stem = "sub-07_ses-\(session)_T2w"
      var volume = image
      volume.voxels[0] = Float(session) ?? 0
      try LibraryFixture.write(
        volume, to: library.appendingPathComponent("sub-07/ses-\(session)/anat/\(stem).nii.gz"))
      try LibraryFixture.write(
        try #require(labels.cord),
        to: library.appendingPathComponent(
          "derivatives/labels/sub-07/ses-\(session)/anat/\(stem)_label-SC_seg.nii.gz"))
    }
    try Data("participant_id\tage\tsex\nsub-07\t44\tF\n".utf8).write(
      to: library.appendingPathComponent("participants.tsv"))
    var options = options
    options.partitions = [.mm4]
    let items = try PlantedCohort.write([library], to: root, options: options)
    #expect(items.count == 2)
    let planted = try StudyLibrary(opening: root)
    let rows = planted.studies.map { planted.participants[$0.participant] }
    #expect(rows.count == 4 && Set(rows.compactMap(\.sourceSubject)).count == 1)
    #expect(rows.allSatisfy { $0.age == "44" && $0.sex == "F" })
    // And a planted cohort is no source.
    let again = try PlantedCohort.write([root], to: folder("twice"), options: options)
    #expect(again.first?.outcome == .refused("it is a planted cohort itself"))
  }

  @Test("sessions given file by file are one patient; equal labels of two datasets are two")
  func sessionFiles() throws {
    let (image, labels) = SyntheticCord().study
    var files: [URL] = []
    for (number, place) in ["a/sub-07/ses-1", "a/sub-07/ses-2", "b/sub-07/ses-1"].enumerated() {
      let stem = "sub-07_ses-\(place.suffix(1))_T2w"
      var volume = image
      volume.voxels[0] = Float(number)
      let anat = folder("sources/\(place)/anat")
      try LibraryFixture.write(volume, to: anat.appendingPathComponent("\(stem).nii.gz"))
      try LibraryFixture.write(
        try #require(labels.cord), to: anat.appendingPathComponent("\(stem)_label-SC_seg.nii.gz"))
      files.append(anat.appendingPathComponent("\(stem).nii.gz"))
    }
    var options = options
    options.partitions = [.mm4]
    _ = try PlantedCohort.write(files, to: root, options: options)
    let planted = try StudyLibrary(opening: root)
    let patients = planted.studies.compactMap { planted.participants[$0.participant].sourceSubject }
    #expect(patients.count == 6)
    #expect(Dictionary(grouping: patients) { $0 }.map(\.value.count).sorted() == [2, 4])
  }

  @Test("sources that cannot be used say why and do not stop the others")
  func unusableSources() throws {
    let missing = folder("missing_T2w.nii.gz")
    let text = try folder.write("words", to: "text_T2w.nii.gz")
    let bare = folder("bare_T2w.nii.gz")
    try NIfTI.write(SyntheticCord().study.image, to: bare)
    var diseased = SyntheticCord()
    diseased.seed = 8
    let lesioned = try source("dora", diseased)
    try NIfTI.write(
      try #require(diseased.study.labels.cord), to: folder("dora_T2w_label-lesion_seg.nii.gz"))
    let items = try PlantedCohort.write(
      [missing, text, bare, lesioned, try source("anna")], to: root, options: options)
    let reasons = items.map(\.text)
    #expect(reasons[0].contains("no such file"))
    #expect(reasons[1].contains("not used"))
    #expect(reasons[2].contains("no cord mask"))
    #expect(reasons[3].contains("labelled lesion"))
    #expect(items[4].outcome == .planted(sourceSubject: "anna", planted: 3, unplanted: 3))
    #expect(try StudyLibrary(opening: root).studies.count == 6)
  }

  @Test("an original that was changed, is missing or lies elsewhere is refused")
  func damagedOriginal() throws {
    _ = try PlantedCohort.write([try source("anna")], to: root, options: options)
    let library = try StudyLibrary(opening: root)
    let original = try truth(library, library.studies[0].subject).original
    _ = try library.unplanted(original)
    for path in ["../x.nii.gz", "sourcedata/../x.nii.gz", "/etc/passwd", "sub-1/anat/x.nii.gz"] {
      var other = original
      other.path = path
      #expect(throws: ReadError.self, "\(path)") { try library.unplanted(other) }
    }
    for change in [
      { (o: inout PlantedTruth.Original) in o.sliceCount = Int.max },
      { $0.firstSlice = -1 }, { $0.axis = 7 }, { $0.slicesAveraged = 0 }, { $0.sliceCount = 28 },
    ] {
      var other = original
      change(&other)
      #expect(throws: ReadError.self) { try library.unplanted(other) }
    }
    let url = root.appendingPathComponent(original.path)
    var bytes = try Data(contentsOf: url)
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: url)
    #expect(throws: ReadError.self) { try library.unplanted(original) }
    try FileManager.default.removeItem(at: url)
    #expect(throws: ReadError.self) { try library.unplanted(original) }
  }

  @Test("evaluation groups the studies by source and knows which segments have truth")
  func evaluationCases() throws {
    _ = try PlantedCohort.write([try source("anna"), try second()], to: root, options: options)
    let library = try StudyLibrary(opening: root)
    let writer = DerivativeWriter(library: root)
    for study in library.studies {
      let detection = LibraryFixture.detection(subject: study.subject)
      try writer.write(detection, maps: LibraryFixture.maps(), of: study)
    }
    let cohort = try LibraryEvaluation.cohort(of: try library.reopened())
    let cases = cohort.cases
    #expect(cases.count == 12 && cohort.remarks.isEmpty)
    #expect(Set(cases.map(\.group)) == ["anna", "bert"])
    for item in cases {
      #expect(item.known.count == (item.group == "anna" ? 6 : 0))
      #expect(item.affected.isSubset(of: item.known))
      #expect(item.className.hasPrefix(item.hasLesion ? "planted-" : "unplanted-"))
    }
  }

  @Test(
    "real cords: errsm 23 and the cropped volume of SCT, as files",
    .enabled(if: SharedData.has("data/sct_errsm") && SharedData.has("data/sct_testing_data")))
  func realCords() throws {
    var options = options
    options.copies = 1
    options.partitions = [.thin, .mm4]
    options.cleanShare = 0
    let items = try PlantedCohort.write(
      [
        SharedData.url("data/sct_errsm/errsm_23/t2/t2.nii.gz"),
        SharedData.url("data/sct_testing_data/t2/t2.nii.gz"),
      ], to: root, options: options)
    for item in items {
      guard case .planted(_, 2, 0) = item.outcome else {
        Issue.record("\(item.text)")
        continue
      }
    }
    let library = try StudyLibrary(opening: root)
    for study in library.studies {
      let truth = try truth(library, study.subject)
      let image = try library.load(study).volume
      let original = try library.unplanted(truth.original)
      let share = try volume(
        "derivatives/truth/\(study.folder)/sub-\(study.subject)_T2w_label-lesion_probseg.nii.gz")
      var inside: [Double] = []
      for n in share.voxels.indices {
        if share.voxels[n] == 0 { #expect(image.voxels[n] == original.voxels[n]) }
        if share.voxels[n] > 0.95 { inside.append(Double(image.voxels[n] - original.voxels[n])) }
      }
      // Brighter than before by the contrast drawn, and less than CSF is.
      let mean = inside.reduce(0, +) / Double(max(inside.count, 1))
      let strongest = truth.lesions.map { $0.mean - $0.cordMean }.max() ?? 0
      #expect(inside.count > 10 && mean > 0 && mean < 1.3 * strongest, "\(study.subject)")
      for lesion in truth.lesions {
        #expect(lesion.cordMean < lesion.mean && lesion.mean <= lesion.csfMean)
        #expect((5...14).contains(lesion.cordWidthMm), "\(study.subject) \(lesion.cordWidthMm)")
      }
    }
  }
}
