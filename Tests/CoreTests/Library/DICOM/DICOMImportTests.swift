import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("DICOM import")
struct DICOMImportTests: ImportTesting {
  let folder: TemporaryFolder
  let library: URL

  init() throws {
    folder = try TemporaryFolder()
    library = folder("LIB")
  }

  private func names(_ path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(
      atPath: library.appendingPathComponent(path).path
    ).sorted()
  }

  @Test(
    "A study of six series becomes one subject; the worklist has the same image, originals stay")
  func wholeStudy() throws {
    try TinyStudy.withTraps().write(to: folder("in"))
    try folder.write("notes of the ward", to: "in/README")
    let before = try LibraryFixture.snapshot(folder("in"))
    let items = try run(["in"])
    let id = try subject(items)
    #expect(try LibraryFixture.snapshot(folder("in")) == before)
    let images = try names("sub-\(id)/anat").filter { $0.hasSuffix(".nii.gz") }
    #expect(
      images
        == [
          "sub-\(id)_T2w.nii.gz", "sub-\(id)_acq-ax_T2w.nii.gz",
          "sub-\(id)_acq-sagLumbar_T2w.nii.gz", "sub-\(id)_acq-sagSTIR_T2w.nii.gz",
          "sub-\(id)_acq-sag_T1w.nii.gz",
        ].sorted())
    let opened = try StudyLibrary(opening: library)
    #expect(opened.studies.count == 1)
    #expect(opened.studies[0].image == "sub-\(id)/anat/sub-\(id)_T2w.nii.gz")
    #expect(opened.studies[0].leftOutNote == nil && opened.studies[0].refused.count == 4)
    let image = try opened.load(opened.studies[0])
    let truth = TinyStudy.sagittal(seed: 2)
    #expect(image.volume.shape == truth.shape && image.labels.quality.isEmpty)
    // Slices are put in order along the normal; each voxel keeps its place and value.
    let inverse = try #require(image.volume.affine.inverse)
    for (i, j, k) in [(3, 5, 0), (40, 41, 2), (77, 70, 4)] {
      let p = inverse(truth.affine([Double(i), Double(j), Double(k)]))
      let (x, y, z) = (Int(p.x.rounded()), Int(p.y.rounded()), Int(p.z.rounded()))
      #expect(image.volume[x, y, z] == truth[i, j, k])
    }
    let row = opened.participants[id]
    #expect(row.age == "63" && row.sex == "F")
    for words in [
      "series 2 \"t2 tse sag hws\": chosen for detection: sagittal", "left out: a localizer",
      "kept as acq-ax_T2w: its slices are axial",
    ] { #expect(items[0].text.contains(words), "\(items[0].text)") }
    #expect(!LibraryVerification.findings(in: opened).contains { $0.severity == .failure })
  }

  @Test("Sidecars speak BIDS: seconds, tesla, and the reasons")
  func sidecar() throws {
    try TinyStudy.withTraps().write(to: folder("in"))
    let id = try subject(try run(["in"]))
    let anat = library.appendingPathComponent("sub-\(id)/anat")
    let chosen = try #require(
      try Provenance.read(anat.appendingPathComponent("sub-\(id)_T2w.json")))
    #expect(chosen["EchoTime"] as? Double == 0.098)
    #expect(chosen["RepetitionTime"] as? Double == 3.5)
    #expect(chosen["MagneticFieldStrength"] as? Double == 1.5)
    #expect(chosen["SliceThickness"] as? Double == 3.3)
    #expect(chosen["SpacingBetweenSlices"] as? Double == 3.3)
    #expect(chosen["ImageType"] as? [String] == ["ORIGINAL", "PRIMARY", "M", "ND"])
    #expect(chosen["Manufacturer"] as? String == "Phantom")
    #expect(chosen["SeriesDescription"] as? String == "t2 tse sag hws")
    #expect(chosen["WindowCenter"] as? Double == 299.5 && chosen["WindowWidth"] as? Double == 599)
    #expect(chosen["VOILUTFunction"] as? String == "LINEAR_EXACT")
    let loaded = try StudyLibrary(opening: library).loadStudy(id)
    #expect(loaded.scannerWindow == WindowLevel(window: 599, level: 299.5))
    #expect((chosen[SeriesSidecar.chosen] as? [String])?.isEmpty == false)
    let stir = try #require(
      try Provenance.read(anat.appendingPathComponent("sub-\(id)_acq-sagSTIR_T2w.json")))
    #expect(stir["InversionTime"] as? Double == 0.16)
    #expect(stir[SeriesSidecar.chosen] == nil)
    #expect((stir[SeriesSidecar.notChosen] as? [String])?.first?.contains("STIR") == true)
  }

  @Test(
    "A sidecar of any converter may state the scanner's window; one that cannot be meant is none",
    arguments: [
      (#"{"WindowCenter": 40, "WindowWidth": 81}"#, WindowLevel(window: 80, level: 39.5)),
      (
        #"{"WindowCenter": [40, 9], "WindowWidth": [80, 7], "VOILUTFunction": "SIGMOID"}"#,
        WindowLevel(window: 80, level: 40)
      ),
      (#"{"WindowCenter": 40}"#, nil), (#"{"WindowCenter": 40, "WindowWidth": 0}"#, nil),
      (#"{"WindowCenter": 40, "WindowWidth": -3}"#, nil),
      (#"{"WindowCenter": 1e308, "WindowWidth": 3}"#, nil),
      (#"{"WindowCenter": 1, "WindowWidth": 1e308}"#, nil),
      (#"{"WindowCenter": "x", "WindowWidth": [[]]}"#, nil), ("{}", nil),
    ] as [(String, WindowLevel?)])
  func scannerWindow(_ json: String, _ window: WindowLevel?) throws {
    let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    #expect(ScannerWindow.read(try #require(object)) == window)
  }

  /// All that a library passes on: file names, texts, and headers of images.
  private func published() throws -> String {
    var text = ""
    for (path, data) in try LibraryFixture.snapshot(library)
    where !path.hasPrefix("derivatives/cordscope/private/") {
      text += path + "\n"
      if path.hasSuffix(".nii.gz") {
        let bytes = try GZip.decompress(Array(data))
        text += String(decoding: bytes.prefix(352), as: UTF8.self) + "\n"
      } else {
        text += String(decoding: data, as: UTF8.self) + "\n"
      }
    }
    return text
  }

  @Test(
    "Nothing published tells who the patient is, whatever texts hold", arguments: [false, true])
  func identity(keeps: Bool) throws {
    var study = TinyStudy.withTraps()
    let hostile = "t2_sag Zyxwell Q. \u{1B}]52;c;eA==\u{7}\u{9B}31m\u{202E} PID48151623 HWS"
    study.series[2]?.texts[.seriesDescription] = ("LO", hostile)
    study.series[2]?.texts[.protocolName] = ("LO", "asked by Referrington 20240229")
    study.texts[.manufacturer] = ("LO", "SIEMENS \u{1B}[2J Quorra")
    try study.write(to: folder("in_Zyxwell"))
    var options = ImportOptions()
    options.keepsIdentity = keeps
    let items = try run(["in_Zyxwell"], options)
    let id = try subject(items)
    let text = try published()
    for secret in [
      "zyxwell", "quorra", "48151623", "19600301", "1960-03-01", "acc998877", "1.2.840.4711",
      "elsewhere", "referrington", "20240229", "2024-02-29",
    ] { #expect(!text.lowercased().contains(secret), "\(secret)") }
    for text in [text, items[0].text] {
      #expect(
        !text.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{9B}" || $0 == "\u{202E}" })
    }
    #expect(text.contains("SIEMENS") && text.contains("t2 sag") && text.contains("sub-\(id)"))
    let table = PrivateRegister.folder(library: library).appendingPathComponent("pseudonyms.tsv")
    #expect(try LibraryFixture.mode(table) == 0o600)
    let kept = String(decoding: try Data(contentsOf: table), as: UTF8.self)
    for word in ["Zyxwell^Quorra", "PID48151623", "1960-03-01", "ACC998877", "1.2.840.4711.1"] {
      #expect(kept.contains(word) == keeps, "\(word)")
    }
  }

  @Test("The same folder twice adds nothing; a series that came later is added and takes no place")
  func twice() throws {
    var study = TinyStudy.withTraps()
    study.series[5] = nil
    try study.write(to: folder("in"))
    let id = try subject(try run(["in"]))
    let before = try LibraryFixture.snapshot(library)
    // By another path, file by file and in another order: the study is told by its contents.
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder("in").path)
      .filter { $0.contains("IM") }.sorted(by: >).map { "in/" + $0 }
    let items = try run(files)
    #expect(items.map(\.outcome) == [.alreadyThere(subject: id, labelsAdded: [])])
    #expect(try LibraryFixture.snapshot(library) == before)
    study.series[5] = TinyStudy.withTraps().series[5]
    study.series[8] = .init(TinyStudy.sagittal(seed: 8), "t2_tse_sag HWS", te: 98, tr: 3500)
    try study.write(to: folder("more"))
    let more = try run(["more"])
    #expect(more[0].text.contains("added acq-ax_T2w, acq-sag_T2w"), "\(more[0].text)")
    #expect(more[0].text.contains("the image chosen first stays"))
    let after = try LibraryFixture.snapshot(library)
    for (path, data) in before { #expect(after[path] == data, "\(path)") }
    #expect(
      try StudyLibrary(opening: library).studies[0].image == "sub-\(id)/anat/sub-\(id)_T2w.nii.gz")
  }

  @Test("A patient's prior study becomes a session; a namesake does not")
  func sessions() throws {
    var study = TinyStudy.withTraps()
    try study.write(to: folder("a"))
    let id = try subject(try run(["a"]))
    study.texts[.studyInstanceUID] = ("UI", "1.2.840.4711.2")
    // Names are written in many ways; number and birth date tell the patient.
    study.texts[.patientName] = ("PN", "ZYXWELL^QUORRA^M")
    try study.write(to: folder("b"))
    #expect(try subject(try run(["b"])) == "\(id)_ses-02")
    study.texts[.studyInstanceUID] = ("UI", "1.2.840.4711.3")
    study.texts[.patientBirthDate] = ("DA", "19610301")
    try study.write(to: folder("c"))
    let namesake = try subject(try run(["c"]))
    #expect(!namesake.hasPrefix(id))
    study.texts[.studyInstanceUID] = ("UI", "1.2.840.4711.4")
    study.texts[.patientID] = ("LO", "ANONYMOUS")
    study.texts[.patientName] = ("PN", "ANONYMOUS")
    try study.write(to: folder("d"))
    study.texts[.studyInstanceUID] = ("UI", "1.2.840.4711.5")
    try study.write(to: folder("e"))
    // Two who are not named are two.
    let unnamed = Set([try subject(try run(["d"])), try subject(try run(["e"]))])
    #expect(unnamed.count == 2)
    let opened = try StudyLibrary(opening: library)
    #expect(
      Set(opened.studies.map(\.subject)) == unnamed.union([id, "\(id)_ses-02", namesake]))
    #expect(
      try opened.study("\(id)_ses-02").image
        == "sub-\(id)/ses-02/anat/sub-\(id)_ses-02_T2w.nii.gz")
    #expect(
      try run(["b"]).map(\.outcome) == [.alreadyThere(subject: "\(id)_ses-02", labelsAdded: [])])
    // A subject that was taken away comes back under its name.
    try FileManager.default.removeItem(at: library.appendingPathComponent("sub-\(id)"))
    #expect(try subject(try run(["a"])) == id)
    // Another name for a known patient is refused.
    var options = ImportOptions()
    options.subject = "somebody"
    study.texts[.studyInstanceUID] = ("UI", "1.2.840.4711.6")
    study.texts[.patientID] = ("LO", "PID48151623")
    study.texts[.patientBirthDate] = ("DA", "19600301")
    try study.write(to: folder("f"))
    guard case .refused(let why)? = try run(["f"], options).first?.outcome else {
      Issue.record("one patient under two names")
      return
    }
    #expect(why.contains(id))
  }

  @Test("Studies without a usable series are refused in one line and make no library")
  func refused() throws {
    var study = TinyStudy.withTraps()
    study.series[2] = nil
    try study.write(to: folder("in"))
    let items = try run(["in"])
    guard case .refused(let why)? = items.first?.outcome, items.count == 1 else {
      Issue.record("\(items.map(\.text))")
      return
    }
    #expect(why.contains("no series is a sagittal T2 of the neck"))
    #expect(!FileManager.default.fileExists(atPath: library.path))
    // The reader may insist, and is reminded of it for good.
    var options = ImportOptions()
    options.series = "6"
    _ = try subject(try run(["in"], options))
    let opened = try StudyLibrary(opening: library)
    let quality = try opened.load(opened.studies[0]).labels.quality
    #expect(Set(quality.map(\.flag)) == ["wrong-region", "series-overridden"])
    // A wish for an axial series cannot be fulfilled.
    options.series = "5"
    try study.write(to: folder("again"))
    guard case .refused(let axial)? = try run(["again"], options).first?.outcome else {
      Issue.record("an axial series was taken")
      return
    }
    #expect(axial.contains("axial"))
  }

  @Test("Damaged pixels of the best series: the next best is chosen, and it is said")
  func damaged() throws {
    var study = TinyStudy.withTraps()
    study.series[7] = .init(TinyStudy.sagittal(seed: 7), "t2_tse_sag HWS", te: 98, tr: 3500)
    let files = try study.write(to: folder("in"))
    let last = try #require(files[7]?[1])
    let bytes = try Data(contentsOf: last)
    try bytes.prefix(bytes.count - 3000).write(to: last)
    let items = try run(["in"])
    let id = try subject(items)
    #expect(items[0].text.contains("series 2 \"t2 tse sag hws\": chosen"), "\(items[0].text)")
    #expect(items[0].text.contains("series 7"))
    let chosen = try Provenance.read(
      library.appendingPathComponent("sub-\(id)/anat/sub-\(id)_T2w.json"))
    #expect(chosen?["SeriesNumber"] as? Double == 2)
  }

  @Test("A DICOMDIR names the files; a table lists the series without importing")
  func media() throws {
    let files = try TinyStudy.withTraps().write(to: folder("CD"))
    var records: [TinyDICOM] = []
    for file in (files[2] ?? []) + (files[3] ?? []) {
      var record = TinyDICOM()
      let names = [file.deletingLastPathComponent().lastPathComponent, file.lastPathComponent]
      record.add(DICOMTag(0x0004, 0x1430), "CS", "IMAGE")
      record.add(DICOMTag(0x0004, 0x1500), "CS", names.joined(separator: "\\"))
      records.append(record)
    }
    var directory = TinyDICOM()
    directory.add(DICOMTag(0x0004, 0x1220), items: records)
    try Data(try directory.file(.explicitLittle)).write(to: folder("CD/DICOMDIR"))
    let table = try Importer.table(of: [folder("CD")])
    let lines = table.split(separator: "\n")
    #expect(lines.count == 8 && lines[0].contains("6 series"), "\(table)")
    #expect(lines.filter { $0.hasPrefix("*") }.count == 1)
    #expect(lines.first { $0.hasPrefix("*") }?.contains("t2_tse_sag HWS") == true)
    #expect(!table.contains("Zyxwell") && !FileManager.default.fileExists(atPath: library.path))
    let id = try subject(try run(["CD/DICOMDIR"]))
    #expect(try names("sub-\(id)/anat").filter { $0.hasSuffix(".nii.gz") }.count == 2)
    #expect(throws: LibraryError.self) { try Importer.table(of: [folder("nothing")]) }
  }

  @Test("Two studies in one folder are two items; label files and one name for both are refused")
  func twoStudies() throws {
    var study = TinyStudy.withTraps()
    try study.write(to: folder("in/a"))
    study.texts[.studyInstanceUID] = ("UI", "1.2.840.4712.1")
    study.texts[.patientID] = ("LO", "other")
    try study.write(to: folder("in/b"))
    var options = ImportOptions()
    options.subject = "one"
    #expect(throws: LibraryError.self) { try run(["in"], options) }
    options.subject = nil
    options.labels[.cord] = folder("cord.nii.gz")
    #expect(throws: LibraryError.self) { try run(["in/a"], options) }
    #expect(try run(["in"]).count == 2)
    #expect(try StudyLibrary(opening: library).studies.count == 2)
  }

  // MARK: - Later

  private func detected() throws -> String? { try StudyLibrary(opening: library).studies[0].stem }

  @Test("A reader's choice after the import renames nothing and can be taken back")
  func choiceLater() throws {
    try TinyStudy.withTraps().write(to: folder("in"))
    let id = try subject(try run(["in"]))
    let anat = library.appendingPathComponent("sub-\(id)/anat")
    let before = try LibraryFixture.snapshot(library)
    var options = ImportOptions()
    for wish in ["tirm", "3"] {
      options.series = wish
      let items = try run(["in"], options)
      #expect(items[0].text.contains("lesions are looked for on acq-sag"), "\(items[0].text)")
      let study = try StudyLibrary(opening: library).studies[0]
      #expect(study.stem == "sub-\(id)_" + (wish == "3" ? "acq-sag_T1w" : "acq-sagSTIR_T2w"))
      let flags = try StudyLibrary(opening: library).load(study).labels.quality.map(\.flag)
      #expect(flags.contains("series-overridden") && flags.contains("wrong-contrast"))
    }
    // Said again it changes nothing; without a wish it stays.
    let chosen = try LibraryFixture.snapshot(library)
    _ = try run(["in"], options)
    _ = try run(["in"])
    #expect(try LibraryFixture.snapshot(library) == chosen)
    options.series = "2"
    _ = try run(["in"], options)
    #expect(try detected() == "sub-\(id)_T2w")
    #expect(
      try StudyLibrary(opening: library).load(StudyLibrary(opening: library).studies[0])
        .labels.quality.isEmpty)
    for (path, data) in before where path.hasSuffix(".nii.gz") {
      #expect(try LibraryFixture.snapshot(library)[path] == data)
    }
    // An axial one cannot be wished for; one that is gone is said by verify.
    options.series = "5"
    guard case .refused? = try run(["in"], options).first?.outcome else {
      Issue.record("axial")
      return
    }
    options.series = "tirm"
    _ = try run(["in"], options)
    try FileManager.default.removeItem(
      at: anat.appendingPathComponent("sub-\(id)_acq-sagSTIR_T2w.nii.gz"))
    #expect(try detected() == "sub-\(id)_T2w")
    let found = LibraryVerification.findings(in: try StudyLibrary(opening: library))
    #expect(found.contains { $0.severity == .failure && $0.text.contains("DetectOn") })
  }

  @Test(
    "A program killed between a sidecar and its image, or before the table, leaves nothing undone")
  func killed() throws {
    try TinyStudy.withTraps().write(to: folder("in"))
    let id = try subject(try run(["in"]))
    let whole = try LibraryFixture.snapshot(library)
    let anat = library.appendingPathComponent("sub-\(id)/anat")
    try FileManager.default.removeItem(
      at: anat.appendingPathComponent("sub-\(id)_acq-ax_T2w.nii.gz"))
    try FileManager.default.removeItem(at: library.appendingPathComponent("participants.tsv"))
    #expect(try run(["in"])[0].text.contains("added acq-ax_T2w"))
    let after = try LibraryFixture.snapshot(library)
    #expect(Set(after.keys) == Set(whole.keys))
    #expect(try StudyLibrary(opening: library).participants[id].age == "63")
  }

  @Test("A series that was cut short is taken anew, unless a reader or a mask refers to it")
  func cutShort() throws {
    let files = try TinyStudy.withTraps().write(to: folder("in"))
    let late = try #require(files[2]).suffix(2).map { $0 }
    for file in late {
      try FileManager.default.moveItem(at: file, to: folder(file.lastPathComponent))
    }
    let id = try subject(try run(["in"]))
    for file in late {
      try FileManager.default.moveItem(at: folder(file.lastPathComponent), to: file)
    }
    let mask = folder("LIB/derivatives/labels/sub-\(id)/anat/sub-\(id)_T2w_label-SC_seg.nii.gz")
    let image = library.appendingPathComponent("sub-\(id)/anat/sub-\(id)_T2w.nii.gz")
    let short = try NIfTI.read(image).volume
    #expect(short.shape.z == 3)
    try LibraryFixture.write(short.map { _ in UInt16(1) }, to: mask)
    let kept = try run(["in"])
    #expect(kept[0].text.contains("has 5 slices now, but 3 in the library"), "\(kept[0].text)")
    #expect(try NIfTI.read(image).volume.shape.z == 3)
    try FileManager.default.removeItem(at: mask)
    let renewed = try run(["in"])
    #expect(renewed[0].text.contains("was cut short, with 3 slices: now it has 5"))
    #expect(try NIfTI.read(image).volume.shape.z == 5)
    #expect(try detected() == "sub-\(id)_T2w")
    let settled = try LibraryFixture.snapshot(library)
    let again = try run(["in"])
    #expect(again[0].notes.isEmpty, "\(again[0].text)")
    #expect(try LibraryFixture.snapshot(library) == settled)
    // Fewer slices later change nothing.
    try FileManager.default.removeItem(at: late[1])
    #expect(try run(["in"])[0].text.contains("the library keeps its 5"))
    #expect(try LibraryFixture.snapshot(library) == settled)
  }

  @Test("Each session of a patient has the age of its own; age over 89 is not told")
  func ages() throws {
    var study = TinyStudy.withTraps()
    study.texts[.patientBirthDate] = ("DA", "19340301")
    try study.write(to: folder("a"))
    let id = try subject(try run(["a"]))
    for (number, date, age) in [(2, "20210302", "87"), (3, "20260302", "89+")] {
      study.texts[.studyInstanceUID] = ("UI", "1.2.840.4711.\(number)")
      study.texts[.studyDate] = ("DA", date)
      try study.write(to: folder("s\(number)"))
      let session = try subject(try run(["s\(number)"]))
      #expect(session == "\(id)_ses-0\(number)")
      let opened = try StudyLibrary(opening: library)
      #expect(try opened.entry(of: session, reader: "anna").age == age)
      #expect(try opened.loadStudy(session).age == age)
    }
    study.texts[.studyInstanceUID] = ("UI", "1.2.840.4711.4")
    study.texts[.studyDate] = ("DA", "")
    try study.write(to: folder("s4"))
    let undated = try subject(try run(["s4"]))
    let opened = try StudyLibrary(opening: library)
    #expect(try opened.entry(of: undated, reader: "anna").age == nil)
    #expect(try opened.entry(of: id, reader: "anna").age == "89")
    #expect(try !published().contains("19340301"))
  }

  @Test("Two patients under one series UID, as bad archives have them, are two studies")
  func oneUID() throws {
    var study = TinyStudy()
    study.series[1] = .init(TinyStudy.sagittal(seed: 1), "t2_tse_sag HWS", te: 98, tr: 3500)
    try study.write(to: folder("in/a"))
    study.texts[.patientID] = ("LO", "other")
    study.texts[.patientBirthDate] = ("DA", "19700101")
    study.series[1]?.volume = TinyStudy.sagittal(seed: 9)
    try study.write(to: folder("in/b"))
    let items = try run(["in"])
    #expect(items.count == 2 && Set(items.compactMap(\.outcome.subject)).count == 2)
    for study in try StudyLibrary(opening: library).studies {
      let volume = try StudyLibrary(opening: library).load(study).volume
      #expect(volume.shape.z == 5)
    }
  }

  @Test("Axial slices in groups at the discs are kept, each group a volume")
  func groups() throws {
    var study = TinyStudy()
    study.series[1] = .init(TinyStudy.sagittal(seed: 1), "t2_tse_sag HWS", te: 98, tr: 3500)
    study.series[5] = .init(TinyStudy.axial(seed: 5), "t2_tse_tra HWS", te: 98, tr: 3500)
    let files = try study.write(to: folder("in"))
    for k in [3, 4] { try FileManager.default.removeItem(at: try #require(files[5]?[k])) }
    let items = try run(["in"])
    let id = try subject(items)
    #expect(
      try names("sub-\(id)/anat").filter { $0.contains("acq-ax") && $0.hasSuffix(".nii.gz") }
        == ["sub-\(id)_acq-ax_run-1_T2w.nii.gz", "sub-\(id)_acq-ax_run-2_T2w.nii.gz"])
    let first = try NIfTI.read(
      library.appendingPathComponent("sub-\(id)/anat/sub-\(id)_acq-ax_run-1_T2w.nii.gz")
    ).volume
    #expect(first.shape.z == 3 && abs(first.affine.spacing.z - 4) < 1e-3)
  }

  @Test("Doubts about the encoding and a medium that is not whole are said")
  func notes() throws {
    let files = try TinyStudy.withTraps().write(to: folder("CD"))
    // An element that stands there twice.
    for file in files[2] ?? [] {
      var bytes = [UInt8](try Data(contentsOf: file))
      var extra = TinyDICOM()
      extra.add(.modality, "CS", "MR")
      let at = try #require(
        bytes.indices.first { bytes[$0...].starts(with: extra.bytes.prefix(8)) })
      bytes.insert(contentsOf: extra.bytes, at: at)
      try Data(bytes).write(to: file)
    }
    var record = TinyDICOM()
    record.add(DICOMTag(0x0004, 0x1430), "CS", "IMAGE")
    record.add(DICOMTag(0x0004, 0x1500), "CS", "S2\\NOTTHERE")
    var directory = TinyDICOM()
    directory.add(DICOMTag(0x0004, 0x1220), items: [record])
    try Data(try directory.file(.explicitLittle)).write(to: folder("CD/DICOMDIR"))
    let text = try run(["CD"])[0].text
    #expect(text.contains("5 files: (0008,0060) Modality appears twice"), "\(text)")
    #expect(text.contains("DICOMDIR names 1 file not there"), "\(text)")
  }

  @Test("Folders too deep are said, not passed over")
  func deep() throws {
    try TinyStudy.withTraps().write(to: folder("in"))
    let path = Array(repeating: "d", count: 20).joined(separator: "/")
    try folder.write("x", to: "in/" + path + "/x")
    let items = try run(["in"])
    #expect(items.count == 2 && items[1].text.contains("folders deep"), "\(items.map(\.text))")
  }
}
