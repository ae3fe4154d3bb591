import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Series that reach a study later")
struct LateSeriesTests: ImportTesting {
  let folder: TemporaryFolder
  let library: URL

  init() throws {
    folder = try TemporaryFolder()
    library = folder("LIB")
  }

  private func table(_ path: String) throws -> String {
    try Importer.table(of: [folder(path)], library: library)
  }

  private func image() throws -> String? { try StudyLibrary(opening: library).studies[0].stem }

  @Test(
    "Whatever comes later is added: axial, T1 and STIR by themselves; detection stays where it was")
  func oneByOne() throws {
    try TinyStudy.withTraps().write(to: folder("A"))
    let id = try subject(try run(["A/S2"]))
    let before = try LibraryFixture.snapshot(library)
    for (number, name) in [(5, "acq-ax_T2w"), (3, "acq-sag_T1w"), (4, "acq-sagSTIR_T2w")] {
      let source = "A/S\(number)"
      #expect(try table(source).contains("in the library already: 1 series more for \(id)"))
      let items = try run([source])
      #expect(items.map(\.outcome) == [.alreadyThere(subject: id, labelsAdded: [])])
      #expect(
        items[0].notes == ["added \(name); lesions are looked for on T2w as before"],
        "\(items[0].text)")
      #expect(items[0].series.taken == 1 && items[0].series.refused == 0)
      #expect(try table(source).contains("in the library as \(id)"))
      let sidecar = try Provenance.read(folder("LIB/sub-\(id)/anat/sub-\(id)_\(name).json"))
      #expect(sidecar?[SeriesSidecar.notChosen] != nil && sidecar?[SeriesSidecar.chosen] == nil)
      #expect(try image() == "sub-\(id)_T2w")
      // Once more: it is passed over.
      #expect(try run([source])[0].notes.isEmpty)
    }
    let after = try LibraryFixture.snapshot(library)
    for (path, data) in before { #expect(after[path] == data, "\(path)") }
    #expect(try PrivateRegister(library: library).rows.count == 1)
    // Left out by rule, and said.
    let localizer = try run(["A/S1"])
    #expect(localizer.map(\.outcome) == [.alreadyThere(subject: id, labelsAdded: [])])
    #expect(localizer[0].text.contains("left out: a localizer"), "\(localizer[0].text)")
    #expect(try LibraryFixture.snapshot(library) == after)
  }

  @Test("Any contrast chooses nothing in a study that is there; only --series does, where it can")
  func wishes() throws {
    try TinyStudy.withTraps().write(to: folder("A"))
    let id = try subject(try run(["A/S2"]))
    var options = ImportOptions()
    options.acceptsContrast = true
    let stir = try run(["A/S4"], options)
    #expect(stir[0].text.contains("looked for on T2w as before"), "\(stir[0].text)")
    let flags = try Provenance.read(
      folder("LIB/sub-\(id)/anat/sub-\(id)_acq-sagSTIR_T2w.json"))?[SeriesSidecar.notChosen]
    #expect((flags as? [String])?.first?.contains("STIR") == true)
    options = ImportOptions()
    options.series = "5"
    guard case .refused(let why)? = try run(["A/S5"], options).first?.outcome else {
      Issue.record("lesions are looked for on an axial series")
      return
    }
    #expect(why.contains("axial") && why.contains("subject \(id): without --series"), "\(why)")
    #expect(try image() == "sub-\(id)_T2w")
    options.series = "3"
    let wished = try run(["A/S3"], options)
    #expect(wished[0].text.contains("looked for on acq-sag_T1w from now on"), "\(wished[0].text)")
    #expect(!wished[0].text.contains("as before"))
    #expect(try image() == "sub-\(id)_acq-sag_T1w")
    // What comes after it leaves the reader's choice alone.
    let axial = try run(["A/S5"])
    #expect(axial[0].text.contains("looked for on acq-sag_T1w as before"), "\(axial[0].text)")
    #expect(try image() == "sub-\(id)_acq-sag_T1w")
  }

  @Test("A second sagittal T2 takes no place, and its sidecar says why")
  func secondT2() throws {
    var study = TinyStudy.withTraps()
    study.series[8] = .init(TinyStudy.sagittal(seed: 8), "t2_tse_sag HWS", te: 98, tr: 3500)
    try study.write(to: folder("A"))
    let id = try subject(try run(["A/S2"]))
    let row = try #require(try table("A/S8").split(separator: "\n").last)
    #expect(row.contains(SeriesText.late) && !row.hasPrefix("*"), "\(row)")
    let late = try run(["A/S8"])
    #expect(late[0].text.contains("series 8 fits, too, but came later"), "\(late[0].text)")
    let sidecar = try Provenance.read(
      folder("LIB/sub-\(id)/anat/sub-\(id)_acq-sag_T2w.json"))
    #expect(sidecar?[SeriesSidecar.notChosen] as? [String] == [SeriesText.late])
    #expect(try image() == "sub-\(id)_T2w")
  }

  @Test("What cannot be used is refused by its reason; another patient's series is no part of it")
  func unusable() throws {
    var study = TinyStudy.withTraps()
    let files = try study.write(to: folder("A"))
    let id = try subject(try run(["A/S2"]))
    let before = try LibraryFixture.snapshot(library)
    try FileManager.default.removeItem(at: try #require(files[3]?[2]))
    let gap = try run(["A/S3"])
    guard case .refused(let why)? = gap.first?.outcome else {
      Issue.record("\(gap.map(\.text))")
      return
    }
    #expect(why.contains("subject \(id), but no series that came can be added"), "\(why)")
    #expect(gap[0].notes.first?.contains("1 slice missing") == true, "\(gap[0].text)")
    #expect(gap[0].series.refused == 1 && gap[0].awaited == nil)
    study.texts[.patientID] = ("LO", "other")
    try study.write(to: folder("B"))
    let other = try run(["B/S5"])
    guard case .refused(let stranger)? = other.first?.outcome else {
      Issue.record("\(other.map(\.text))")
      return
    }
    #expect(stranger.contains("no series is a sagittal T2") && other[0].awaited != nil)
    #expect(other[0].notes.last?.contains("with the study's sagittal T2 in the library") == true)
    #expect(try LibraryFixture.snapshot(library) == before)
  }

  @Test("Files that give no slice are counted with the reason, and each encoding with its tool")
  func passedOver() throws {
    var writer = TinyDICOMSeries()
    writer.texts[.imageType] = ("CS", "DERIVED\\SECONDARY")
    try FileManager.default.createDirectory(at: folder("in"), withIntermediateDirectories: true)
    func write(_ stated: [String]) throws {
      for (number, last) in stated.enumerated() {
        writer.texts[.sopInstanceUID] = ("UI", "9.9.\(number)")
        writer.stated = last.isEmpty ? nil : DICOMTransferSyntax(uid: "1.2.840.10008.1." + last)
        let bytes = try writer.file(TinyStudy.sagittal(seed: 1), slice: 0)
        try Data(bytes).write(to: folder("in/IM\(number)"))
      }
    }
    try write(["", "", "", "", "", ""])
    let plain = try Importer.table(of: [folder("in")])
    #expect(plain.contains("1 series, 6 files (5 passed over)"), "\(plain)")
    #expect(plain.contains("5 of 6 files passed over; 5 slices at a place"), "\(plain)")
    try write(["", "2.4.50", "2.4.50", "2.4.90", "2.4.53", "20"])
    let table = try Importer.table(of: [folder("in")])
    for words in [
      "6 files (5 passed over)", "5 slices at a place",
      "2 of 6 files: pixels compressed as JPEG Baseline (Process 1) are not decoded (convert it "
        + "with dcmdjpeg",
      "1 of 6 files: pixels compressed as JPEG 2000 Lossless are not decoded (convert it with "
        + "gdcmconv",
      "1 of 6 files: pixels compressed as JPEG Spectral Selection",
      "1 of 6 files: pixels compressed as Papyrus 3",
    ] { #expect(table.contains(words), "\(words): \(table)") }
  }
}
