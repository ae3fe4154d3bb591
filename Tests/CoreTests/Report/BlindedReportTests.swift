import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Reports and exports under a reader's login")
struct BlindedReportTests {
  /// A library of three studies: bob signed the first with a verdict, a comment and an image quality; of the second
  /// he has a reading that is not signed; nobody has read the third.
  private struct Clinic {
    let folder: TemporaryFolder
    let library: StudyLibrary

    init() throws {
      folder = try TemporaryFolder()
      library = try LibraryFixture.library(["01", "02", "03"], in: folder)
      for subject in ["01", "02"] {
        try state(subject, .present, by: "bob", reason: "cord outlined wrongly")
      }
      let journal = try journal("01", "bob")
      var quality = ReviewDraft(action: .quality)
      quality.quality = .fail
      _ = try journal.append(quality)
      _ = try journal.append(
        ReviewDraft(action: .comment, segment: .c4c5, comment: "hazy rim"))
      try sign("01", "bob")
      try folder.write(
        "reader_id\trole\nbob\treader\ncarla\treader\ngil\tguest\nann\tannotator\n",
        to: "readers.tsv")
    }

    func journal(_ subject: String, _ reader: String) throws -> ReviewJournal {
      try library.openJournal(library.study(subject), reader: reader)
    }

    func state(
      _ subject: String, _ verdict: Verdict, by reader: String, reason: String? = nil
    ) throws {
      let draft = ReviewDraft(
        action: .verdict, segment: .c4c5, verdict: verdict, reason: reason)
      _ = try journal(subject, reader).append(draft)
    }

    func sign(
      _ subject: String, _ reader: String, _ meaning: SignatureMeaning = .reviewed
    ) throws {
      _ = try journal(subject, reader).append(.signOff(meaning, name: reader))
    }

    func noted(_ subject: String, _ reader: String) throws -> [ReviewAction] {
      try journal(subject, reader).glance().map(\.action)
    }

    func viewer(_ reader: String, compares: Bool = false) throws -> ReadingViewer {
      try #require(try ReadingViewer(reader, in: library, compares: compares))
    }

    /// The files of an export, as text; what is no text has none.
    func export(_ viewer: ReadingViewer?, reader: String? = nil) throws -> [String: String] {
      let out = try TemporaryFolder()
      defer { withExtendedLifetime(out) {} }
      let export = try LibraryExport(
        of: library, into: out.url, reader: reader, for: viewer)
      for study in library.studies { try export.write(study) }
      try export.finish()
      return try LibraryFixture.snapshot(out.url).compactMapValues {
        String(bytes: $0, encoding: .utf8)
      }
    }

    /// The report of a study for a reader.
    func sheet(_ subject: String, for viewer: ReadingViewer) throws -> StudySheet {
      let study = try library.study(subject)
      return library.sheet(of: study, telling: library.othersTold(of: study, to: viewer))
    }
  }

  @Test("Who stands in readers.tsv or has a journal reads in the library; anybody else does not")
  func viewers() throws {
    let clinic = try Clinic()
    for reader in ["bob", "carla", "gil"] {
      #expect(try ReadingViewer(reader, in: clinic.library)?.reader == reader)
    }
    #expect(try ReadingViewer("root", in: clinic.library) == nil)
    try clinic.state("03", .absent, by: "zoe")
    #expect(try ReadingViewer("zoe", in: clinic.library)?.reader == "zoe")
    // A table that cannot be read lets nobody through.
    try clinic.folder.write("reader_id\trole\nbob\tboss\n", to: "readers.tsv")
    #expect(throws: ReadError.self) { try ReadingViewer("root", in: clinic.library) }
  }

  @Test("Nothing of others is in any file before the own signature, and all studies say the same")
  func blinded() throws {
    let clinic = try Clinic()
    let viewer = try clinic.viewer("carla")
    let files = try clinic.export(viewer)
    #expect(files.count > 10)
    for (name, text) in files {
      #expect(!text.contains("bob") && !text.contains("hazy"), "\(name)")
    }
    for subject in ["01", "02", "03"] {
      let page = try #require(files["sub-\(subject)/sub-\(subject)_report.txt"])
      let words = page.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(words.contains("Readings of others are left out: carla has not signed the study."))
      #expect(!page.contains("case present") && !page.contains("nobody has stated"), "\(page)")
      let acts = try #require(files["sub-\(subject)/sub-\(subject)_acts.txt"])
      #expect(acts.contains("left out") && !acts.contains("nobody"))
    }
    // A study that was read and one that nobody has read are told alike, but for name and picture.
    func told(_ subject: String) throws -> [String] {
      let sheet = try clinic.sheet(subject, for: viewer)
      let said = SheetContent(sheet: sheet).segmentRows.map { $0[5] }
      return said + sheet.readers.map(\.reader) + SheetFigure(sheet, study: nil).statements
    }
    #expect(try told("01") == told("03") && told("02") == told("03"))
    #expect(try told("01").contains("nothing told"))
    #expect(try clinic.sheet("03", for: viewer).quality.names.contains("readings-left-out"))
    let failed = try #require(files["qc_fail.yml"])
    #expect(failed.contains("FILES_SEG: []") && failed.contains("# Readings of others are left"))
    let images = try #require(files["qc_images.yml"])
    #expect(images.contains("IMAGES_FAIL: []") && images.contains("# Readings of others are left"))
    let written = try #require(files["qc_flags.json"])
    let flags =
      try JSONSerialization.jsonObject(with: Data(written.utf8)) as? [String: Any]
    let entries = try #require(flags?["images"] as? [[String: Any]])
    #expect(entries.map { ($0["faults"] as? [Any])?.count } == [0, 0, 0])
    #expect(entries.allSatisfy { $0["remark"] != nil && $0["image_quality"] as? String == "open" })
    #expect(files["segments.csv"]?.contains("readings-left-out") == true)
    // Nor is anything told of the one reader who is asked for.
    let asked = try clinic.export(viewer, reader: "bob")
    for (name, text) in asked { #expect(!text.contains("bob"), "\(name)") }
    // Looking without asking is noted nowhere.
    #expect(try clinic.noted("01", "carla").isEmpty)
  }

  @Test("Who runs the study is told all as before")
  func administrator() throws {
    let clinic = try Clinic()
    let files = try clinic.export(try ReadingViewer("root", in: clinic.library))
    #expect(files["sub-01/sub-01_report.txt"]?.contains("bob: case present: C4-5") == true)
    #expect(files["segments.csv"]?.contains("hazy rim") == true)
    #expect(files["sub-02/sub-02_report.txt"]?.contains("bob: case present: C4-5") == true)
    #expect(files["sub-03/sub-03_report.txt"]?.contains("nobody has stated anything") == true)
    #expect(files["qc_fail.yml"]?.contains("FILES_SEG:\n- sub-01_T2w.nii.gz\n") == true)
    #expect(files["qc_images.yml"]?.contains("IMAGES_FAIL:\n- sub-01_T2w.nii.gz\n") == true)
    #expect(files.values.allSatisfy { !$0.contains("Readings of others") })
    #expect(files["dataset_description.json"]?.contains(Notice.researchUse) == true)
  }

  @Test("After the own signature what others signed is told, and not what they have begun")
  func signed() throws {
    let clinic = try Clinic()
    for subject in ["01", "02"] {
      try clinic.state(subject, .absent, by: "carla")
      #expect(try clinic.sheet(subject, for: clinic.viewer("carla")).readers.count == 1)
      try clinic.sign(subject, "carla")
    }
    let viewer = try clinic.viewer("carla")
    #expect(try clinic.sheet("01", for: viewer).readers.map(\.reader) == ["bob", "carla"])
    #expect(try clinic.sheet("02", for: viewer).readers.map(\.reader) == ["carla"])
    #expect(try !clinic.sheet("01", for: viewer).quality.names.contains("readings-left-out"))
    // What was opened again is told as it was signed; the own reopening hides it again.
    _ = try clinic.journal("01", "bob").append(ReviewDraft(action: .reopen, comment: "slip"))
    try clinic.state("01", .cannotTell, by: "bob")
    let bob = try #require(clinic.sheet("01", for: viewer).readers.first)
    #expect(bob.review.isSigned && bob.review.standing(.c4c5)?.verdict == .present)
    _ = try clinic.journal("01", "carla").append(ReviewDraft(action: .reopen, comment: "slip"))
    #expect(try clinic.sheet("01", for: viewer).readers.map(\.reader) == ["carla"])
  }

  @Test("An adjudication is as hidden as what it decides between")
  func adjudicated() throws {
    let clinic = try Clinic()
    try clinic.state("01", .absent, by: "kim")
    try clinic.sign("01", "kim", .adjudicated)
    let sheet = try clinic.sheet("01", for: clinic.viewer("carla"))
    #expect(sheet.finalVerdicts == nil && !SheetText.report(sheet).contains("FINAL"))
    let report = try clinic.library.report(
      of: clinic.library.study("01"), for: clinic.viewer("carla"))
    let json = String(decoding: try report.measurements.json(pretty: false), as: UTF8.self)
    #expect(!json.contains("FINAL") && !json.contains("bob") && !json.contains("kim"))
    #expect(report.measurements.quality.names.contains("readings-left-out"))
    let all = try clinic.library.report(of: clinic.library.study("01"), for: nil)
    #expect(!all.measurements.quality.names.contains("readings-left-out"))
  }

  @Test("A comparison is noted once in the journal of each study that others signed, then told")
  func compares() throws {
    let clinic = try Clinic()
    let viewer = try clinic.viewer("carla", compares: true)
    let hidden = OthersTold.own(of: "carla", refusal: nil)
    // Where the own reading alone is asked for nothing of others is seen.
    let first = clinic.library.studies[0]
    #expect(clinic.library.othersTold(of: first, to: viewer, only: "carla") == hidden)
    #expect(try clinic.noted("01", "carla").isEmpty)
    var told: [OthersTold] = []
    for study in clinic.library.studies {
      told.append(clinic.library.othersTold(of: study, to: viewer))
    }
    #expect(told == [.signed(to: "carla", isNoted: true), hidden, hidden])
    #expect(try clinic.noted("01", "carla") == [.compare])
    // Nobody has signed these: nothing was seen, and nothing is noted.
    #expect(try clinic.noted("02", "carla").isEmpty && clinic.noted("03", "carla").isEmpty)
    let again = clinic.library.othersTold(of: first, to: try clinic.viewer("carla"))
    #expect(again == .signed(to: "carla", isNoted: false))
    #expect(try clinic.noted("01", "carla") == [.compare])
    try clinic.state("01", .absent, by: "carla")
    #expect(throws: JournalError.self) { try clinic.sign("01", "carla") }
    // Who has begun a reading finishes it first.
    let begun = clinic.library.othersTold(
      of: clinic.library.studies[1], to: try clinic.viewer("bob", compares: true))
    #expect(
      begun
        == .own(
          of: "bob",
          refusal: "you have begun a reading of your own: what others signed is shown after your "
            + "signature"))
    #expect(try clinic.noted("02", "bob") == [.verdict])
  }

  @Test("Who may not compare is told why and nothing of others, of every study alike")
  func refused() throws {
    let clinic = try Clinic()
    for (reader, words) in [("gil", "a guest"), ("ann", "an annotator")] {
      let viewer = try clinic.viewer(reader, compares: true)
      let why = OthersTold.own(of: reader, refusal: "\(words) does not adjudicate")
      for study in clinic.library.studies {
        #expect(clinic.library.othersTold(of: study, to: viewer) == why)
      }
      #expect(try clinic.noted("01", reader).isEmpty)
    }
    try ReaderTable.set(.supervisor, of: "sup", library: clinic.folder.url)
    let carla = clinic.library.othersTold(
      of: clinic.library.studies[0], to: try clinic.viewer("carla", compares: true))
    #expect(carla == .own(of: "carla", refusal: StudyAccess.onlySupervisors))
    let sup = clinic.library.othersTold(
      of: clinic.library.studies[0], to: try clinic.viewer("sup", compares: true))
    #expect(sup == .signed(to: "sup", isNoted: true))
    #expect(try clinic.noted("01", "sup") == [.compare])
  }

  @Test(
    "A damaged journal of another reader tells nothing; a damaged own one tells nothing of others")
  func damaged() throws {
    let clinic = try Clinic()
    func damage(_ reader: String) throws {
      let url = try #require(
        clinic.library.studies[2].journal(reader: reader, library: clinic.folder.url))
      try Data("{}\n{}\n".utf8).write(to: url)
    }
    try FileManager.default.createDirectory(
      at: clinic.library.studies[2].derivativeFolder(library: clinic.folder.url),
      withIntermediateDirectories: true)
    try damage("bob")
    #expect(try clinic.sheet("03", for: clinic.viewer("carla")).readers.isEmpty)
    try damage("carla")
    let sheet = try clinic.sheet("03", for: clinic.viewer("carla"))
    #expect(sheet.readers.map(\.reader) == ["carla"] && sheet.readers[0].problem != nil)
    #expect(sheet.others.isOwnAlone)
  }

  @Test("A complaint that somebody else has mended is on no list, whoever is told of it")
  func corrections() {
    let complaint = SheetCase.record(
      1, .verdict, .c4c5, .absent, reason: "cord outlined wrongly")
    var sheet = SheetCase.sheet(readers: [SheetCase.signed([complaint])])
    sheet.others = .own(of: "liu", refusal: nil)
    #expect(QualityLists([sheet]).files(.segmentation) == ["sub-01_T2w.nii.gz"])
    var mended = SheetCase.record(9, .correct, reader: "ann")
    mended.correction = CorrectionNote(.cord, change: "drawn")
    sheet.untoldCorrections = [mended]
    let lists = QualityLists([sheet])
    #expect(lists.files(.segmentation).isEmpty && lists.entries[0].faults.isEmpty)
    #expect(lists.entries[0].remark != nil)
  }

  @Test("Agreement counts only what the reader has signed")
  func agreement() throws {
    let clinic = try Clinic()
    try clinic.sign("02", "bob")
    for subject in ["01", "02"] {
      try clinic.state(subject, .present, by: "max")
      try clinic.sign(subject, "max")
    }
    let bootstrap = Bootstrap(resamples: 20, seed: 1)
    func agreement(_ viewer: ReadingViewer?) throws -> ReaderAgreement {
      try ReaderAgreement(library: clinic.library, for: viewer, bootstrap: bootstrap)
    }
    #expect(try agreement(nil).studies == 2 && agreement(nil).leftOut == nil)
    let own = try agreement(clinic.viewer("bob"))
    #expect(own.studies == 2 && own.text.contains("Studies that bob has not signed are left out."))
    #expect(String(decoding: try own.json(), as: UTF8.self).contains("bob has not signed"))
    #expect(throws: AgreementError.tooFew(0)) { try agreement(clinic.viewer("carla")) }
    try clinic.state("01", .absent, by: "carla")
    try clinic.sign("01", "carla")
    #expect(throws: AgreementError.tooFew(1)) { try agreement(clinic.viewer("carla")) }
    // The screen counts as the command does: of the second study she is told nothing yet.
    let readers = ["bob", "carla", "max"]
    #expect(throws: AgreementError.tooFew(1)) {
      try clinic.library.agreement(of: readers, for: "carla")
    }
    #expect(try clinic.library.agreement(of: readers, for: "bob").studies == 2)
    #expect(try clinic.library.agreement(of: readers, for: "root").studies == 2)
    _ = try clinic.journal("02", "carla").append(ReviewDraft(action: .compare))
    #expect(try clinic.library.agreement(of: readers, for: "carla").studies == 2)
  }

  @Test(
    "Calibration says nothing of studies that the reader has not signed, how few there are included"
  )
  func calibration() throws {
    let clinic = try Clinic()
    for reader in ["bob", "max"] {
      for segment in SpinalSegment.allCases {
        _ = try clinic.journal("03", reader).append(
          ReviewDraft(action: .verdict, segment: segment, verdict: .absent))
      }
    }
    let all = try ReaderTruth(library: clinic.library)
    #expect(all.remarks == ["03: no detection (run detect first)"] && !all.countsUntold)
    let carla = try ReaderTruth(library: clinic.library, for: clinic.viewer("carla"))
    #expect(carla.remarks.isEmpty && carla.countsUntold && carla.cases.count == all.cases.count)
    #expect(throws: CalibrationError.tooFewUntold(needed: LibraryCalibration.fewestPatients)) {
      try LibraryCalibration(carla)
    }
    #expect(!"\(CalibrationError.tooFewUntold(needed: 10))".contains("with lesion and"))
  }
}
