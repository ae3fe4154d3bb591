import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Picking the series for detection")
struct SeriesPickingTests {
  private func series(_ study: TinyStudy) throws -> [DICOMSeries] {
    let folder = try TemporaryFolder()
    try study.write(to: folder.url)
    return DICOMScan(files: try DICOMScan.files(at: folder.url)).series
  }

  private func picking(_ study: TinyStudy, wish: String? = nil) throws -> SeriesPicking {
    try SeriesPicking(try series(study), wish: wish)
  }

  private func verdict(_ picking: SeriesPicking, _ number: Int) throws -> SeriesVerdict {
    let index = try #require(
      picking.series.firstIndex { $0.description.seriesNumber == number })
    return picking.verdicts[index]
  }

  @Test("Among axial, T1, STIR, localizer and lumbar series the sagittal T2 of the neck is chosen")
  func traps() throws {
    let picking = try picking(.withTraps())
    let chosen = try #require(picking.chosen)
    #expect(picking.series[chosen].description.seriesNumber == 2)
    let reasons = picking.verdicts[chosen].reasons
    #expect(reasons.contains("T2-weighted: spin echo, TE 98 ms, TR 3500 ms"))
    #expect(reasons.contains("sagittal, 0 degrees off"))
    #expect(reasons.contains("cervical: its texts say so"))
    #expect(picking.verdicts[chosen].flags.isEmpty)
    #expect(try verdict(picking, 1).leftOut == "a localizer")
    #expect(try verdict(picking, 3).unfit?.contains("T1-weighted") == true)
    #expect(try verdict(picking, 4).unfit?.contains("STIR") == true)
    #expect(try verdict(picking, 5).unfit?.contains("axial") == true)
    #expect(try verdict(picking, 6).unfit?.contains("lws") == true)
  }

  /// What a lone sagittal T2 becomes when its texts or numbers are others: chosen, or why not.
  struct Change: CustomTestStringConvertible {
    var tag: DICOMTag
    var value: (String, String)
    var says: String?
    var testDescription: String { "\(tag) = \(value.1)" }
  }

  static let changes: [Change] = [
    Change(tag: .echoTime, value: ("DS", "12"), says: "proton density"),
    Change(tag: .repetitionTime, value: ("DS", "600"), says: nil),
    Change(tag: .scanningSequence, value: ("CS", "GR"), says: "gradient echo"),
    Change(tag: .scanningSequence, value: ("CS", "EP\\SE"), says: "echo planar"),
    Change(tag: .modality, value: ("CS", "CT"), says: "not MR"),
    Change(tag: .imageType, value: ("CS", "DERIVED\\SECONDARY\\MPR"), says: "derived"),
    Change(tag: .imageType, value: ("CS", "ORIGINAL\\PRIMARY\\P\\ND"), says: "phase"),
    Change(
      tag: .sopClassUID, value: ("UI", "1.2.840.10008.5.1.4.1.1.7"), says: "secondary capture"),
    Change(tag: DICOMTag(0x0028, 0x0301), value: ("CS", "YES"), says: "burned"),
    Change(tag: .seriesDescription, value: ("LO", "L-Spine t2 sag"), says: "l spine"),
    Change(tag: .seriesDescription, value: ("LO", "BWS T2"), says: "bws"),
    Change(tag: .seriesDescription, value: ("LO", "腰椎 T2"), says: "腰椎"),
    Change(tag: .seriesDescription, value: ("LO", "C-Spine and T-Spine t2"), says: nil),
    Change(tag: .seriesDescription, value: ("LO", "MPR t2"), says: "mpr"),
  ]

  @Test("Each attribute that makes a series unfit says so", arguments: changes)
  func oneChange(_ change: Change) throws {
    var study = TinyStudy()
    study.series[1] = .init(TinyStudy.sagittal(seed: 1), "t2_tse_sag", te: 98, tr: 3500)
    #expect(try picking(study).chosen == 0)
    study.series[1]?.texts[change.tag] = (vr: change.value.0, text: change.value.1)
    let picking = try picking(study)
    if let says = change.says {
      #expect(picking.chosen == nil)
      #expect(picking.refusal.contains(says), "\(picking.refusal)")
    } else {
      #expect(picking.chosen == 0, "\(picking.refusal)")
    }
  }

  @Test("A name and a sequence that contradict each other, and a short echo, are flagged")
  func doubts() throws {
    var study = TinyStudy()
    study.series[1] = .init(TinyStudy.sagittal(seed: 1), "t1_sag cervical", te: 98, tr: 3500)
    var one = try picking(study)
    #expect(one.chosen == 0)
    #expect(one.verdicts[0].flags.map(\.flag) == ["contrast-doubtful"])
    study.series[1] = .init(TinyStudy.sagittal(seed: 1), "sag cervical", te: 50, tr: 3500)
    one = try picking(study)
    #expect(one.chosen == 0 && one.verdicts[0].flags.map(\.flag) == ["contrast-doubtful"])
  }

  @Test("Of two alike the later is taken; plain T2 goes before fat-suppressed and Dixon fat")
  func ties() throws {
    var study = TinyStudy()
    study.series[4] = .init(TinyStudy.sagittal(seed: 1), "t2_sag HWS", te: 98, tr: 3500)
    study.series[7] = .init(TinyStudy.sagittal(seed: 2), "t2_sag HWS", te: 98, tr: 3500)
    study.series[9] = .init(TinyStudy.sagittal(seed: 3), "t2_sag_fs HWS", te: 98, tr: 3500)
    study.series[11] = .init(TinyStudy.sagittal(seed: 3), "t2_dixon_sag HWS_F", te: 98, tr: 3500)
    let picking = try picking(study)
    #expect(picking.chosen == 1)
    #expect(picking.verdicts[3].unfit?.contains("Dixon") == true)
  }

  @Test("The reader's wish goes before, by number, UID, description or a part of it")
  func wishes() throws {
    for wish in ["6", "1.2.840.4711.1.6", "T2_TSE_SAG lws", "lws"] {
      let picking = try picking(.withTraps(), wish: wish)
      let chosen = try #require(picking.chosen)
      #expect(picking.series[chosen].description.seriesNumber == 6)
      #expect(
        Set(picking.verdicts[chosen].flags.map(\.flag)) == ["wrong-region", "series-overridden"])
    }
    for (wish, why) in [("5", "axial"), ("99", "--list"), ("t2_tse", "several")] {
      do {
        _ = try picking(.withTraps(), wish: wish)
        Issue.record("\(wish) was taken")
      } catch { #expect("\(error)".contains(why), "\(error)") }
    }
  }

  @Test("A series is also found by its description as an import prints it")
  func printedDescriptions() throws {
    var study = TinyStudy.withTraps()
    study.series[8] = .init(
      TinyStudy.sagittal(seed: 8), "t2_tse_sag_Zyxwell_fs_HWS", te: 98, tr: 3500)
    let long = "t2_tse_sag_" + String(repeating: "x", count: 40)
    study.series[9] = .init(TinyStudy.sagittal(seed: 9), long, te: 98, tr: 3500)
    for (wish, number) in [
      ("t2 tirm sag hws", 4), ("T2 TIRM Sag HWS", 4), ("t2_tirm_sag HWS", 4), ("tirm sag", 4),
      ("t2 tse sag fs hws", 8), (long, 9), (long.cleaned(limit: 40), 9),
    ] {
      let picking = try picking(study, wish: wish)
      let chosen = try #require(picking.chosen)
      #expect(picking.series[chosen].description.seriesNumber == number, "\(wish)")
    }
    // Two that are printed alike are told apart by number, or as they are stored.
    study.series[10] = .init(TinyStudy.sagittal(seed: 7), "T2-TIRM sag HWS", te: 98, tr: 3500)
    #expect(throws: LibraryError.self) { try picking(study, wish: "t2 tirm sag hws") }
    let stored = try picking(study, wish: "t2-tirm sag hws")
    #expect(stored.chosen.map { stored.series[$0].description.seriesNumber } == 10)
  }

  @Test("A missing slice takes a series out, doubled ones are flagged")
  func findings() throws {
    let folder = try TemporaryFolder()
    var study = TinyStudy()
    study.series[1] = .init(TinyStudy.sagittal(seed: 1), "t2_tse_sag HWS", te: 98, tr: 3500)
    let files = try study.write(to: folder.url)[1] ?? []
    try FileManager.default.removeItem(at: files[2])
    var picking = try SeriesPicking(DICOMScan(files: try DICOMScan.files(at: folder.url)).series)
    #expect(picking.chosen == nil && picking.refusal.contains("missing between"))
    // Another object at the place of a slice.
    var writer = TinyDICOMSeries()
    writer.texts = study.texts.merging(study.series[1]?.texts ?? [:]) { $1 }
    writer.texts[.seriesInstanceUID] = ("UI", "1.2.840.4711.1.1")
    writer.texts[.seriesNumber] = ("IS", "1")
    let volume = TinyStudy.sagittal(seed: 1)
    try Data(try writer.file(volume, slice: 2)).write(to: files[2])
    writer.texts[.sopInstanceUID] = ("UI", "9.9.9")
    try Data(try writer.file(volume, slice: 3)).write(to: folder("S1/again"))
    picking = try SeriesPicking(DICOMScan(files: try DICOMScan.files(at: folder.url)).series)
    let chosen = try #require(picking.chosen)
    #expect(picking.verdicts[chosen].flags.map(\.flag) == ["duplicate-slices"])
  }

  @Test("What the picture shows goes before equal headers, and is among the reasons")
  func pictures() throws {
    var study = TinyStudy()
    study.series[4] = .init(TinyStudy.sagittal(seed: 1), "t2_sag", te: 98, tr: 3500)
    study.series[7] = .init(TinyStudy.sagittal(seed: 2), "t2_sag", te: 98, tr: 3500)
    let series = try series(study)
    var picking = try SeriesPicking(series, pictures: [1: .init(hasCord: false)])
    #expect(picking.chosen == 0 && picking.verdicts[1].flags.map(\.flag) == ["no-cord-seen"])
    let neck = PictureLook.Finding(hasCord: true, levels: [.c2, .c3, .c4, .c5, .c6])
    picking = try SeriesPicking(series, pictures: [0: neck, 1: .init(hasCord: true)])
    #expect(picking.chosen == 0)
    #expect(picking.verdicts[0].reasons.contains("the picture shows a cord, C2 to C6"))
    picking = try SeriesPicking(
      series,
      pictures: [0: .init(hasCord: true, levels: [.t1, .t2, .t3]), 1: .init(hasCord: true)])
    #expect(picking.chosen == 1 && picking.verdicts[0].flags.map(\.flag) == ["few-levels-seen"])
  }

  private let t1 = PictureLook.Finding(
    hasCord: true, levels: [.c2, .c3, .c4, .c5], notT2: "Half of the CSF is dark.")

  @Test("A T1 that is called T2 is known by its picture: not chosen, unless the reader says so")
  func calledT2() throws {
    var study = TinyStudy()
    study.series[4] = .init(TinyStudy.sagittal(seed: 1), "t2_sag HWS", te: 98, tr: 3500)
    study.series[7] = .init(TinyStudy.sagittal(seed: 2), "t2_sag HWS", te: 98, tr: 3500)
    let series = try series(study)
    var picking = try SeriesPicking(series, pictures: [1: t1])
    #expect(picking.chosen == 0 && picking.verdicts[1].isKept)
    #expect(picking.verdicts[1].unfit?.contains("not T2-weighted") == true)
    #expect(picking.verdicts[1].flags.map(\.text) == ["Half of the CSF is dark."])
    picking = try SeriesPicking(series, pictures: [0: t1, 1: t1])
    #expect(picking.chosen == nil)
    #expect(picking.refusal.contains("Half of the CSF is dark"), "\(picking.refusal)")
    #expect(picking.refusal.hasSuffix("import --series 4 takes it all the same"))
    picking = try SeriesPicking(series, wish: "7", pictures: [0: t1, 1: t1])
    #expect(picking.chosen == 1)
    #expect(picking.verdicts[1].flags.map(\.flag) == ["wrong-contrast", "series-overridden"])
  }

  @Test("An import keeps a T1 called T2 beside the T2; alone it is refused unless asked for")
  func importsCalledT2() throws {
    let folder = try TemporaryFolder()
    var study = TinyStudy()
    study.series[4] = .init(TinyStudy.sagittal(seed: 1), "t2_sag HWS", te: 98, tr: 3500)
    study.series[7] = .init(TinyStudy.sagittal(seed: 2, slices: 7), "t2_sag HWS", te: 98, tr: 3500)
    try study.write(to: folder("in"))
    var options = ImportOptions()
    options.pictureLook = PictureLook { [t1] volume in
      [volume.shape.x, volume.shape.y, volume.shape.z].contains(7)
        ? t1 : PictureLook.Finding(hasCord: true)
    }
    let items = try Importer(library: folder("LIB")).run([folder("in")], options: options)
    #expect(items[0].text.contains("series 4 \"t2 sag hws\": chosen"), "\(items[0].text)")
    #expect(items[0].text.contains("series 7 \"t2 sag hws\": kept as acq-sag"))
    #expect(items[0].text.contains("its picture is not T2-weighted"))
    study.series[4] = nil
    study.texts[.studyInstanceUID] = ("UI", "1.2.840.4711.2")
    study.texts[.patientID] = ("LO", "other")
    try study.write(to: folder("alone"))
    let importer = try Importer(library: folder("L2"))
    let refused = try importer.run([folder("alone")], options: options)
    guard case .refused(let why) = refused[0].outcome else {
      Issue.record("\(refused[0].text)")
      return
    }
    #expect(why.contains("not T2-weighted") && why.contains("--series 7"), "\(why)")
    #expect(!FileManager.default.fileExists(atPath: folder("L2").path))
    options.series = "7"
    _ = try importer.run([folder("alone")], options: options)
    let library = try StudyLibrary(opening: folder("L2"))
    let quality = try library.load(try #require(library.studies.first)).labels.quality
    #expect(Set(quality.names) == ["wrong-contrast", "series-overridden"])
  }

  @Test("Any contrast is taken where none fits: what is called T2 first, then bright fluid")
  func anyContrast() throws {
    func picking(
      _ study: TinyStudy, _ pictures: [Int: PictureLook.Finding] = [:], accepts: Bool = true
    ) throws -> SeriesPicking {
      try SeriesPicking(try series(study), pictures: pictures, acceptsContrast: accepts)
    }
    func number(_ picking: SeriesPicking) -> Int? {
      picking.chosen.flatMap { picking.series[$0].description.seriesNumber }
    }
    var study = TinyStudy.withTraps()
    var one = try picking(study)
    #expect(number(one) == 2 && !one.isContrastOverridden)
    #expect(one.verdicts[1].flags.isEmpty)
    let second = try #require(one.series.firstIndex { $0.description.seriesNumber == 2 })
    one = try picking(study, [second: t1])
    #expect(number(one) == 2 && one.isContrastOverridden)
    #expect(one.verdicts[second].flags.names == ["wrong-contrast", "series-overridden"])
    #expect(one.verdicts[second].reasons.first == "the reader takes any contrast")
    study.series[2] = nil
    one = try picking(study)
    #expect(number(one) == 4 && one.isContrastOverridden)
    one = try picking(study, accepts: false)
    #expect(one.chosen == nil)
    study.series[4] = nil
    one = try picking(study)
    let chosen = try #require(one.chosen)
    #expect(number(one) == 3)
    #expect(one.verdicts[chosen].flags.names == ["wrong-contrast", "series-overridden"])
    #expect(one.verdicts[chosen].flags.last?.text.contains("it is T1-weighted") == true)
    // Region and plane are no contrast.
    study.series[3] = .init(TinyStudy.sagittal(seed: 3), "t1_tse_sag LWS", te: 12, tr: 550)
    one = try picking(study)
    #expect(one.chosen == nil && one.refusal.contains("no series is a sagittal T2"))
    // A wish goes before.
    one = try SeriesPicking(try series(.withTraps()), wish: "3", acceptsContrast: true)
    #expect(number(one) == 3 && one.isWished && !one.isContrastOverridden)
  }

  @Test("Any contrast: a T1 called T2 is taken at the import and after it, with the doubt")
  func importsAnyContrast() throws {
    let folder = try TemporaryFolder()
    var study = TinyStudy()
    study.series[4] = .init(TinyStudy.sagittal(seed: 1), "t2_sag HWS", te: 98, tr: 3500)
    try study.write(to: folder("in"))
    var options = ImportOptions()
    options.pictureLook = PictureLook { [t1] _ in t1 }
    let first = try Importer(library: folder("L1"))
    guard case .refused = try first.run([folder("in")], options: options)[0].outcome else {
      Issue.record("a T1 was taken")
      return
    }
    options.acceptsContrast = true
    func quality(_ library: String) throws -> [String] {
      let opened = try StudyLibrary(opening: folder(library))
      return try opened.load(try #require(opened.studies.first)).labels.quality.names
    }
    let taken = try first.run([folder("in")], options: options)
    #expect(taken[0].text.contains("the reader takes any contrast"), "\(taken[0].text)")
    #expect(try Set(quality("L1")) == ["wrong-contrast", "series-overridden"])
    // Nobody looked when it was imported: said now, once.
    let second = try Importer(library: folder("L2"))
    _ = try second.run([folder("in")])
    #expect(try quality("L2").isEmpty)
    let again = try second.run([folder("in")], options: options)
    #expect(again[0].text.contains("T2w is taken all the same"), "\(again[0].text)")
    #expect(try Set(quality("L2")) == ["wrong-contrast", "series-overridden"])
    let settled = try LibraryFixture.snapshot(folder("L2"))
    let third = try second.run([folder("in")], options: options)
    #expect(third[0].notes.isEmpty, "\(third[0].text)")
    #expect(try LibraryFixture.snapshot(folder("L2")) == settled)
    // --list says what would be chosen.
    study.series[4] = .init(TinyStudy.sagittal(seed: 1), "t1_sag HWS", te: 12, tr: 550)
    study.texts[.studyInstanceUID] = ("UI", "1.2.840.4711.9")
    try study.write(to: folder("t1"))
    let plain = try Importer.table(of: [folder("t1")])
    let any = try Importer.table(of: [folder("t1")], acceptsContrast: true)
    #expect(!plain.contains("\n*") && any.contains("\n*"), "\(any)")
  }

  @Test("Of a T2 beside the chosen one it is said that nobody looked at its picture")
  func unseen() throws {
    let folder = try TemporaryFolder()
    var study = TinyStudy.withTraps()
    study.series[7] = .init(TinyStudy.sagittal(seed: 7), "t2_sag HWS", te: 98, tr: 3500)
    try study.write(to: folder("in"))
    var options = ImportOptions()
    options.pictureLook = PictureLook { _ in PictureLook.Finding(hasCord: true) }
    let items = try Importer(library: folder("LIB")).run([folder("in")], options: options)
    let said = SeriesText.unseen
    func line(_ number: Int) throws -> String {
      try #require(items[0].notes.first { $0.hasPrefix("series \(number) ") })
    }
    let chosen = try line(7)
    #expect(chosen.contains("chosen for detection") && !chosen.contains(said))
    #expect(try line(2).hasSuffix("kept as acq-sag_T2w: another series suits better; \(said)"))
    for number in [5, 6] { #expect(try line(number).hasSuffix(said)) }
    for number in [1, 3, 4] { #expect(try !line(number).contains(said)) }
    // The list looks at none.
    let table = try Importer.table(of: [folder("in")]).split(separator: "\n")
    #expect(table.count { $0.hasSuffix(said) } == 4, "\(table)")
  }

  @Test("Of a series that gives way to a wish it is said that the reader chose another")
  func passedOver() throws {
    let folder = try TemporaryFolder()
    try TinyStudy.withTraps().write(to: folder("in"))
    var options = ImportOptions()
    options.series = "3"
    let items = try Importer(library: folder("LIB")).run([folder("in")], options: options)
    let line = try #require(items[0].notes.first { $0.hasPrefix("series 2 ") })
    #expect(line.contains(": the reader chose another series; \(SeriesText.unseen)"), "\(line)")
    #expect(!items[0].text.contains("suits better"), "\(items[0].text)")
    // One that does not fit keeps its own reason.
    let stir = try #require(items[0].notes.first { $0.hasPrefix("series 4 ") })
    #expect(stir.contains("it is STIR") && !stir.contains("the reader chose"), "\(stir)")
    let id = try #require(items[0].outcome.subject)
    let sidecar = try Provenance.read(
      folder("LIB/sub-\(id)/anat/sub-\(id)_acq-sag_T2w.json"))
    let why = sidecar?[SeriesSidecar.notChosen] as? [String]
    #expect(why == ["the reader chose another series"])
    let table = try Importer.table(of: [folder("in")], wish: "3")
    #expect(table.contains("the reader chose another series"), "\(table)")
    #expect(try Importer.table(of: [folder("in")]).contains("suits better") == false)
  }

  @Test("Slices that are turned away are named before the gap that they leave")
  func turned() throws {
    func written(turned: Set<Int>) throws -> SeriesPicking {
      let folder = try TemporaryFolder()
      let neck = TinyStudy.sagittal(seed: 1, slices: 9)
      for k in 0..<9 {
        var (volume, writer) = (neck, TinyDICOMSeries())
        writer.texts[.sopInstanceUID] = ("UI", "1.2.840.9.\(k)")
        if turned.contains(k) {
          volume.affine = Affine(
            i: [-1.5, 0, 0], j: [0, -1.5, 0], k: [0, 0, 4], origin: [60, 60, 0])
        }
        try Data(try writer.file(volume, slice: k)).write(to: folder("\(k).dcm"))
      }
      return try SeriesPicking(DICOMScan(files: try DICOMScan.files(at: folder.url)).series)
    }
    let two = try written(turned: [4, 6])
    let mixed = "its slices lie in 2 directions (7 sagittal, 2 axial), each taken by itself: "
    #expect(two.chosen == nil && two.series.count == 2)
    let sagittal = try #require(two.series.firstIndex { $0.orientation == .sagittal })
    #expect(two.verdicts[sagittal].leftOut?.hasPrefix(mixed + "1 slice missing") == true)
    #expect(two.verdicts[1 - sagittal].unfit?.hasPrefix(mixed) == true)
    #expect(two.refusal.contains(mixed), "\(two.refusal)")
    let one = try written(turned: [4])
    let single = try #require(one.series.firstIndex { $0.slices.count == 1 })
    #expect(
      one.verdicts[single].leftOut
        == "its slices lie in 2 directions (8 sagittal, 1 axial), each taken by itself: a single slice "
        + "apart from the others, as localizers have")
    // At the end of the stack no gap is left: the rest is chosen, and it is said what is not in it.
    let last = try written(turned: [8])
    let chosen = try #require(last.chosen)
    #expect(last.verdicts[chosen].reasons.contains { $0.hasPrefix("its slices lie in 2 dir") })
    #expect(try written(turned: []).verdicts[0].reasons.allSatisfy { !$0.contains("directions") })
  }

  @Test("An import looks at the picture, and at the next one where there is no cord")
  func look() throws {
    let folder = try TemporaryFolder()
    var study = TinyStudy()
    study.series[4] = .init(TinyStudy.sagittal(seed: 1), "t2_sag", te: 98, tr: 3500)
    study.series[7] = .init(TinyStudy.sagittal(seed: 2), "t2_sag", te: 98, tr: 3500)
    try study.write(to: folder("in"))
    let later = TinyStudy.sagittal(seed: 2)
    var options = ImportOptions()
    // The two are told apart by one voxel.
    let probe = later[3, 5, 0]
    options.pictureLook = PictureLook { volume in
      let p = (volume.affine.inverse ?? volume.affine)(later.affine([3, 5, 0]))
      let seen = volume[Int(p.x.rounded()), Int(p.y.rounded()), Int(p.z.rounded())]
      return PictureLook.Finding(hasCord: seen != probe)
    }
    let items = try Importer(library: folder("LIB")).run([folder("in")], options: options)
    #expect(items[0].text.contains("series 4 \"t2 sag\": chosen"), "\(items[0].text)")
    #expect(items[0].text.contains("the picture shows a cord"))
    // A look that fails decides nothing.
    options.pictureLook = PictureLook { _ in throw ReadError(path: "", problem: "no weights") }
    let second = try Importer(library: folder("L2")).run([folder("in")], options: options)
    #expect(second[0].text.contains("series 7 \"t2 sag\": chosen"), "\(second[0].text)")
  }
}
