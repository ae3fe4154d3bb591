import Foundation
import Imaging
import Testing
import TestSupport

@testable import Core

@Suite("Verification")
struct LibraryVerificationTests {
  static let place = "derivatives/cordscope/sub-01/anat/sub-01_T2w"

  /// A library with a detection and a journal of two verdicts.
  private func library(_ folder: TemporaryFolder) throws -> StudyLibrary {
    let library = try LibraryFixture.library(["01"], in: folder)
    let image = folder("sub-01/anat/sub-01_T2w.nii.gz")
    let detection = LibraryFixture.detection(imageSHA256: try SHA256.hexDigest(ofFile: image))
    let sha = try DerivativeWriter(library: folder.url).write(
      detection, maps: LibraryFixture.maps(), of: library.studies[0])
    for verdict in [Verdict.present, .absent] {
      let draft = ReviewDraft(
        action: .verdict, segment: .c4c5, verdict: verdict, detectionSHA256: sha)
      _ = try library.append(draft, subject: "01", reader: "anna")
    }
    return library
  }

  private func failures(_ folder: TemporaryFolder) throws -> [String] {
    LibraryVerification.findings(in: try StudyLibrary(opening: folder.url))
      .filter { $0.severity == .failure }.map(\.line)
  }

  @Test("A sound library has nothing to say, also after another detection")
  func sound() throws {
    let folder = try TemporaryFolder()
    let library = try library(folder)
    #expect(LibraryVerification.findings(in: library).isEmpty)
    try DerivativeWriter(library: folder.url).write(
      LibraryFixture.detection(score: 0.02), maps: LibraryFixture.maps(), of: library.studies[0])
    #expect(try failures(folder).isEmpty)
  }

  @Test("Verifying changes nothing, not even a torn journal")
  func readsOnly() throws {
    let folder = try TemporaryFolder()
    _ = try library(folder)
    let journal = folder("\(Self.place)_reader-anna_review.jsonl")
    try Data(try Data(contentsOf: journal).dropLast(5)).write(to: journal)
    let before = try LibraryFixture.snapshot(folder.url)
    let found = try failures(folder)
    #expect(found.count == 1 && found[0].contains("line 2, the last, is torn"))
    #expect(try LibraryFixture.snapshot(folder.url) == before)
  }

  @Test("Altered verdicts, foreign readers, lost detections, changed images and maps are found")
  func altered() throws {
    let cases: [(String, (TemporaryFolder) throws -> Void)] = [
      (
        "digest",
        { folder in
          let url = folder("\(Self.place)_reader-anna_review.jsonl")
          let text = try String(contentsOf: url, encoding: .utf8)
          try text.replacingOccurrences(of: "present", with: "absent")
            .write(to: url, atomically: false, encoding: .utf8)
        }
      ),
      (
        "for reader anna",
        { folder in
          try FileManager.default.moveItem(
            at: folder("\(Self.place)_reader-anna_review.jsonl"),
            to: folder("\(Self.place)_reader-bert_review.jsonl"))
        }
      ),
      (
        "not kept",
        { folder in try FileManager.default.removeItem(at: folder("\(Self.place)_detection.json")) }
      ),
      (
        "image changed",
        { folder in
          try LibraryFixture.write(
            LibraryFixture.image(seed: 77), to: folder("sub-01/anat/sub-01_T2w.nii.gz"))
        }
      ),
      (
        "map is missing",
        { folder in
          try FileManager.default.removeItem(at: folder("\(Self.place)_desc-anomaly_map.nii.gz"))
        }
      ),
      (
        "epistemic",
        { folder in
          try Data("junk".utf8).write(to: folder("\(Self.place)_desc-epistemic_map.nii.gz"))
        }
      ),
      (
        "deleted or replaced while it was in use",
        { folder in
          let journal = folder("\(Self.place)_reader-anna_review.jsonl")
          let session = try ReviewJournal(opening: journal, reader: "anna")
          try FileManager.default.removeItem(at: journal)
          #expect(throws: JournalError.self) { try session.append(ReviewDraft(action: .flag)) }
        }
      ),
      (
        "is not the anomaly map",
        { folder in
          let map = try #require(LibraryFixture.maps([2, 3, 4]).volume(.anomaly))
          try NIfTI.write(map, to: folder("\(Self.place)_desc-anomaly_map.nii.gz"))
        }
      ),
      (
        "do not match the hash",
        { folder in
          try folder.write(
            String(decoding: try DetectionFile.encode(LibraryFixture.detection()), as: UTF8.self),
            to: "\(Self.place)_detection.0123456789abcdef.json")
        }
      ),
    ]
    for (word, change) in cases {
      let folder = try TemporaryFolder()
      _ = try library(folder)
      try change(folder)
      let found = try failures(folder)
      #expect(found.contains { $0.contains(word) }, "\(word): \(found)")
    }
  }

  @Test("A label that is gone is a failure by its name, one that changed since detection a note")
  func missingLabels() throws {
    let own = "\(Self.place)_label-canal_seg"
    func made() throws -> TemporaryFolder {
      let folder = try TemporaryFolder()
      let library = try LibraryFixture.library(["01"], in: folder)
      let image = LibraryFixture.image()
      try LibraryFixture.write(LibraryFixture.cord(like: image), to: folder("\(own).nii.gz"))
      try folder.write("{}", to: "\(own).json")
      try folder.write(
        #"{"Labels": ["sub-01_T2w_label-canal_seg.nii.gz"], "Roles": ["canal"]}"#,
        to: "\(Self.place)_anatomy.json")
      let loaded = try library.load(library.studies[0])
      var detection = LibraryFixture.detection(imageSHA256: loaded.sha256)
      detection.labelSha256 = loaded.labelSHA256
      #expect(Set(loaded.labelSHA256.keys) == ["cord", "canal"])
      try DerivativeWriter(library: folder.url).write(
        detection, maps: LibraryFixture.maps(), of: library.studies[0])
      return folder
    }
    #expect(try failures(made()).isEmpty)
    let mask = "derivatives/labels/sub-01/anat/sub-01_T2w_label-SC_seg.nii.gz"
    // By detection, record and sidecar, by each of them, and said once.
    let losses: [(gone: [String], path: String)] = [
      (["\(own).nii.gz"], "\(own).nii.gz"),
      (["\(own).nii.gz", "\(own).json"], "\(own).nii.gz"),
      (
        ["\(own).nii.gz", "\(Self.place)_anatomy.json", "\(Self.place)_detection.json"],
        "\(own).nii.gz"
      ),
      (["\(own).nii.gz", "\(own).json", "\(Self.place)_detection.json"], "\(own).nii.gz"),
    ]
    for (gone, path) in losses {
      let folder = try made()
      for name in gone { try FileManager.default.removeItem(at: folder(name)) }
      let found = try failures(folder)
      #expect(found.count { $0.hasPrefix("FAILED \(path): is missing") } == 1, "\(gone): \(found)")
    }
    // What segment took away itself, or a reader corrected, is no loss.
    let folder = try made()
    for name in ["\(own).nii.gz", "\(own).json"] {
      try FileManager.default.removeItem(at: folder(name))
    }
    try folder.write(
      #"{"Labels": [], "Roles": ["canal"]}"#, to: "\(Self.place)_anatomy.json")
    try LibraryFixture.write(
      LibraryFixture.cord(like: LibraryFixture.image()).map { 1 - $0 }, to: folder(mask))
    #expect(try failures(folder).isEmpty)
    let notes = LibraryVerification.findings(in: try StudyLibrary(opening: folder.url)).map(\.line)
    #expect(
      notes.contains { $0.contains("canal_seg.nii.gz: is no longer made by segment") }, "\(notes)")
    #expect(
      notes.contains { $0.contains("SC_seg.nii.gz: is another than the detection") }, "\(notes)")
    // One that cannot be read any more is no correction.
    try Data(try Data(contentsOf: folder(mask)).dropLast(20)).write(to: folder(mask))
    let damaged = try failures(folder)
    #expect(damaged.count == 1 && damaged[0].contains("SC_seg.nii.gz: is damaged"), "\(damaged)")
  }

  @Test(
    "A tool's label file that is gone is told by its hash, once, and by no name that it never had")
  func missingToolFile() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    try FileManager.default.removeItem(at: folder("derivatives/labels"))
    let file = folder("derivatives/totalspineseg/sub-01_T2w_totalspineseg_all.nii.gz")
    try LibraryFixture.write(LibraryFixture.cord(like: LibraryFixture.image()), to: file)
    let hash = try SHA256.hexDigest(ofFile: file)
    let study = library.studies[0]
    var detection = LibraryFixture.detection(
      imageSHA256: try SHA256.hexDigest(ofFile: folder("sub-01/anat/sub-01_T2w.nii.gz")))
    detection.labelSha256 = Dictionary(
      uniqueKeysWithValues: library.labelFiles(of: study).files.keys.map { ($0.rawValue, hash) })
    #expect(detection.labelSha256.map { Set($0.keys) } == ["cord", "canal", "spine"])
    try DerivativeWriter(library: folder.url).write(
      detection, maps: LibraryFixture.maps(), of: study)
    #expect(try failures(folder).isEmpty)
    try LibraryFixture.write(
      LibraryFixture.cord(like: LibraryFixture.image()).map { 1 - $0 }, to: file)
    let changed = LibraryVerification.findings(in: try StudyLibrary(opening: folder.url))
    #expect(changed.count { $0.text.contains("is another than the detection") } == 1, "\(changed)")
    try FileManager.default.removeItem(at: file)
    let found = try failures(folder)
    let words =
      "a label file of role cord, canal, spine (SHA-256 \(hash.prefix(16))) that the detection"
    #expect(found.count == 1 && found[0].contains(words), "\(found)")
    #expect(found.allSatisfy { !$0.contains("_seg") }, "\(found)")
    // Where the sidecar of a label is left, its name is known.
    let sidecar = "derivatives/labels/sub-01/anat/sub-01_T2w_label-SC_seg"
    try folder.write("{}", to: "\(sidecar).json")
    let named = try failures(folder)
    #expect(named.contains { $0.hasPrefix("FAILED \(sidecar).nii.gz: is missing") }, "\(named)")
    #expect(named.contains { $0.contains("of role canal, spine (SHA-256") }, "\(named)")
  }

  @Test("An original that is gone is a failure where it was detected or reviewed, else a note")
  func missingOriginals() throws {
    let image = "sub-01/anat/sub-01_T2w.nii.gz"
    let changes: [(String, (TemporaryFolder) throws -> Void)] = [
      ("image", { try FileManager.default.removeItem(at: $0(image)) }),
      ("subject", { try FileManager.default.removeItem(at: $0("sub-01")) }),
      ("contents", { try Data("junk".utf8).write(to: $0(image)) }),
      (
        "name",
        { folder in
          try FileManager.default.moveItem(
            at: folder(image), to: folder("sub-01/anat/sub-01_run-1_T2w.nii.gz"))
        }
      ),
    ]
    for (what, change) in changes {
      for isDetected in [true, false] {
        let folder = try TemporaryFolder()
        _ = try isDetected ? library(folder) : LibraryFixture.library(["01"], in: folder)
        try change(folder)
        let found = try failures(folder)
        #expect(found.count == (isDetected ? 1 : 0), "\(what): \(found)")
        #expect(found.allSatisfy { $0.contains("backup") }, "\(what): \(found)")
      }
    }
  }
}
