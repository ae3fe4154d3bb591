import Foundation
import Imaging
import Testing
import TestSupport

@testable import Core

@Suite("Detections whose sources changed")
struct OutdatedDetectionTests {
  @Test("A mask that comes after the detection makes it outdated")
  func laterMask() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let study = library.studies[0]
    #expect(library.isOutdated(study), "nothing is detected yet")
    try DerivativeWriter(library: folder.url).write(
      LibraryFixture.detection(), maps: LibraryFixture.maps(), of: study)
    #expect(!library.isOutdated(study))
    let mask = folder("derivatives/labels/sub-01/anat/sub-01_T2w_label-SC_seg.nii.gz")
    try SharedFolder.make(mask.deletingLastPathComponent())
    try Data().write(to: mask)
    let later = Date(timeIntervalSinceNow: 60)
    try FileManager.default.setAttributes([.modificationDate: later], ofItemAtPath: mask.path)
    #expect(library.isOutdated(study))
  }

  @Test("The study opened, its line and its report say that the detection is of other labels")
  func told() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let study = library.studies[0]
    var detection = LibraryFixture.detection(imageSHA256: try library.load(study).sha256)
    detection.labelSha256 = ["cord": String(repeating: "0", count: 64)]
    try DerivativeWriter(library: folder.url).write(
      detection, maps: LibraryFixture.maps(), of: study)
    let before = try library.loadStudy("01")
    #expect(before.detection != nil && !before.hasOutdatedDetection)
    #expect(try !library.entry(of: "01", reader: "liu").hasOutdatedDetection)
    let mask = folder("derivatives/labels/sub-01/anat/sub-01_T2w_label-SC_seg.nii.gz")
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: 60)], ofItemAtPath: mask.path)
    let opened = try library.loadStudy("01")
    #expect(opened.hasOutdatedDetection)
    #expect(opened.detection?.quality.first == .detectionOutdated)
    #expect(opened.detection?.decisiveQuality.first == .detectionOutdated)
    // The result itself stays as it was stored.
    #expect(opened.detection?.segments == before.detection?.segments)
    #expect(opened.detectionSHA256 == before.detectionSHA256)
    let line = try library.entry(of: "01", reader: "liu")
    #expect(line.quality.names.filter { $0 == "detection-outdated" }.count == 1)
    let sheets = [
      library.sheet(of: study), StudySheet(of: opened, readers: [], time: "2026-11-20T10:42:07Z"),
    ]
    for sheet in sheets {
      #expect(sheet.quality.filter { $0 == .detectionOutdated }.count == 1)
    }
  }

  @Test("A line takes the flag once, and gives it back")
  func line() {
    let other = QualityFlag("noise", "words")
    var entry = WorklistEntry(subject: "01", state: .unread, quality: [other])
    entry.setOutdated(true)
    entry.setOutdated(true)
    #expect(entry.quality == [.detectionOutdated, other] && entry.hasOutdatedDetection)
    entry.setOutdated(false)
    #expect(entry.quality == [other] && !entry.hasOutdatedDetection)
  }

  @Test("Times beyond 2262 are times, not a number that has no room")
  func farTimes() throws {
    let early = FileTime(seconds: 9_999_999_999, nanoseconds: 999_999_999)
    let late = FileTime(seconds: 10_000_000_000, nanoseconds: 0)
    #expect(early < late && !(late < early) && early < FileTime(seconds: .max, nanoseconds: 0))
    #expect(!early.isPast(seconds: 0) && FileTime(seconds: .min, nanoseconds: 0).isPast(seconds: 2))
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let study = library.studies[0]
    var detection = LibraryFixture.detection(imageSHA256: try library.load(study).sha256)
    detection.labelSha256 = try library.load(study).labelSHA256
    try DerivativeWriter(library: folder.url).write(
      detection, maps: LibraryFixture.maps(), of: study)
    // A file system that has no such times takes the latest it has.
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 10_000_000_000)],
      ofItemAtPath: folder("sub-01/anat/sub-01_T2w.nii.gz").path)
    #expect(!library.isOutdated(study))
  }

  @Test("A copy with new times of the same files is not outdated; other contents or labels are")
  func copied() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let study = library.studies[0]
    let loaded = try library.load(study)
    #expect(Set(loaded.labelSHA256.keys) == ["cord"])
    var detection = LibraryFixture.detection(imageSHA256: loaded.sha256)
    detection.labelSha256 = loaded.labelSHA256
    try DerivativeWriter(library: folder.url).write(
      detection, maps: LibraryFixture.maps(), of: study)
    let image = folder("sub-01/anat/sub-01_T2w.nii.gz")
    let mask = folder("derivatives/labels/sub-01/anat/sub-01_T2w_label-SC_seg.nii.gz")
    let later = Date(timeIntervalSinceNow: 60)
    func touch(_ url: URL) throws {
      try FileManager.default.setAttributes([.modificationDate: later], ofItemAtPath: url.path)
    }
    try touch(image)
    try touch(mask)
    #expect(!library.isOutdated(study))
    let bytes = try Data(contentsOf: image)
    try LibraryFixture.write(LibraryFixture.image(seed: 9), to: image)
    try touch(image)
    #expect(library.isOutdated(study))
    try bytes.write(to: image)
    try touch(image)
    #expect(!library.isOutdated(study))
    try FileManager.default.removeItem(at: mask)
    #expect(library.isOutdated(study), "it was made with a mask that is gone")
  }

  @Test("A reader who takes an image in spite of its picture after the detection is heard")
  func takenLater() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let study = library.studies[0]
    let loaded = try library.load(study)
    var detection = LibraryFixture.detection(imageSHA256: loaded.sha256)
    detection.labelSha256 = loaded.labelSHA256
    func write() throws {
      try DerivativeWriter(library: folder.url).write(
        detection, maps: LibraryFixture.maps(), of: study)
    }
    func state(_ lines: [String]) throws {
      let sidecar = Sidecar.url(of: folder("sub-01/anat/sub-01_T2w.nii.gz"))
      try Provenance.update(
        sidecar, set: [SeriesSidecar.flags: .list(lines)], appending: .cordscope("test"))
      // Clocks of files are coarse.
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: 60)], ofItemAtPath: sidecar.path)
    }
    try write()
    try state(["wrong-contrast: half of the CSF is dark"])
    #expect(!library.isOutdated(study), "what the picture says the detection finds by itself")
    let words = "The reader took the image all the same."
    try state(["\(StatedQuality.overridden): \(words)"])
    #expect(library.isOutdated(study))
    detection.quality.append(QualityFlag(StatedQuality.overridden, words))
    try write()
    #expect(!library.isOutdated(study))
    try state([])
    #expect(library.isOutdated(study))
  }
}
