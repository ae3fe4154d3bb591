import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Refused DICOM studies")
struct DICOMRefusalTests: ImportTesting {
  let folder: TemporaryFolder
  let library: URL

  init() throws {
    folder = try TemporaryFolder()
    library = folder("LIB")
  }

  @Test("A refusal names every series with the reason, and ends in the command that takes one")
  func advice() throws {
    var study = TinyStudy.withTraps()
    study.series[2] = nil
    try study.write(to: folder("it's in/a"))
    var options = ImportOptions()
    options.subject = "p 1"
    options.keepsIdentity = true
    let item = try #require(try run(["it's in"], options).first)
    let notes = item.notes
    #expect(notes.count == 6, "\(item.text)")
    for (number, word) in [
      (1, "left out: a localizer"), (3, "it is T1-weighted"), (4, "it is STIR"), (5, "axial"),
      (6, "lws"),
    ] {
      let line = try #require(notes.first { $0.hasPrefix("series \(number) ") })
      #expect(line.contains(word), "\(line)")
      let isOffered = line.hasSuffix("--series \(number) takes it all the same")
      #expect(isOffered == [3, 4, 6].contains(number), "\(line)")
    }
    let place = folder("it's in/a").path.replacing("'", with: "'\\''")
    let into = ShellWord.quoted(library.path)
    #expect(
      notes.last
        == "to take series 4 all the same (or, in its place, 3, 6): cordscope import '\(place)' "
        + "--into \(into) --series 4 --subject 'p 1' --keep-identity")
    // A log finds no path that is quoted within: it gets none.
    options = ImportOptions()
    options.pseudonymises = true
    let logged = try #require(try run(["it's in"], options).first)
    #expect(logged.notes.last?.contains("cordscope import FOLDER --into") == true)
    #expect(!logged.notes.contains { $0.contains("s in/a") }, "\(logged.notes)")
    // Where none can be taken, that is said.
    for number in [3, 4, 6] { study.series[number] = nil }
    study.texts[.studyInstanceUID] = ("UI", "1.2.840.4711.2")
    try study.write(to: folder("none"))
    let none = try run(["none"])
    #expect(none[0].notes.last?.hasPrefix("none of them can be taken") == true, "\(none[0].text)")
  }

  @Test("The command of a refusal names what holds the study and no other image")
  func ownPlaces() throws {
    func study(_ number: Int, in paths: String...) throws {
      var study = TinyStudy()
      study.texts[.studyInstanceUID] = ("UI", "1.2.840.4711.\(number)")
      study.series[number] = .init(
        TinyStudy.sagittal(seed: number, slices: paths.count), "t1_sag HWS", te: 12, tr: 550)
      let files = try study.write(to: folder("written"))[number] ?? []
      for (file, path) in zip(files, paths) {
        try FileManager.default.createDirectory(
          at: folder(path).deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.moveItem(at: file, to: folder(path))
      }
    }
    func commands(_ path: String) throws -> [String] {
      try run([path]).compactMap(\.notes.last).map { note in
        note.firstRange(of: "cordscope import ").map { String(note[$0.upperBound...]) } ?? note
      }
    }
    let rest = "--into \(ShellWord.quoted(library.path)) --series"
    try study(1, in: "in/a/x/1", "in/a/y/2", "in/a/3")
    try study(2, in: "in/b/1", "in/b/2")
    #expect(
      try commands("in") == [
        "\(ShellWord.quoted(folder("in/a").path)) \(rest) 1",
        "\(ShellWord.quoted(folder("in/b").path)) \(rest) 2",
      ])
    // One file is named by itself; files of two studies side by side have no place of their own.
    try study(3, in: "one/1")
    try study(4, in: "one/2", "one/3")
    #expect(
      try commands("one") == [
        "\(ShellWord.quoted(folder("one/1").path)) \(rest) 3", "FOLDER \(rest) 4",
      ])
    // Nor has a study with an image of another kind beside it.
    try study(5, in: "two/1", "two/2")
    try LibraryFixture.write(LibraryFixture.image(), to: folder("two/p_T2w.nii.gz"))
    #expect(try commands("two").first == "FOLDER \(rest) 5")
  }

  @Test("Files in gzip are read as .dcm.gz; under other names they are to be unpacked first")
  func compressed() throws {
    var study = TinyStudy()
    study.series[2] = .init(TinyStudy.sagittal(seed: 2), "t2_tse_sag HWS", te: 98, tr: 3500)
    let files = try #require(try study.write(to: folder("plain"))[2])
    try FileManager.default.createDirectory(at: folder("in"), withIntermediateDirectories: true)
    for (index, file) in files.enumerated() {
      let bytes = try GZip.compress([UInt8](Data(contentsOf: file)))
      try Data(bytes).write(to: folder("in/\(index).dcm.gz"))
      if index == 0 { try Data(bytes).write(to: folder("MR.gz")) }
    }
    try Data(GZip.compress([UInt8]("junk".utf8))).write(to: folder("junk.dcm.gz"))
    let refused = try run(["MR.gz", "junk.dcm.gz"]).map(\.text)
    #expect(refused.count == 2)
    #expect(refused.first?.contains("does not say as what") == true, "\(refused)")
    #expect(refused.first?.contains("unpack it first") == true, "\(refused)")
    #expect(refused.last?.contains("it is neither DICOM nor NIfTI") == true, "\(refused)")
    let id = try subject(try run(["in"]))
    let opened = try StudyLibrary(opening: library)
    let loaded = try opened.load(try opened.study(id))
    #expect(loaded.volume.shape.z == files.count)
  }

  @Test("A compressed file that cannot be expanded, or only beyond all bounds, is told to be that")
  func bombs() throws {
    // Members one behind the other: 576 MiB from half a megabyte.
    let member = try GZip.compress([UInt8](repeating: 0, count: 64 << 20))
    let bomb = [[UInt8]](repeating: member, count: 9).flatMap(\.self)
    try Data(bomb).write(to: folder("bomb.dcm.gz"))
    try Data(member.dropLast(9)).write(to: folder("cut.dcm.gz"))
    let large = try run(["bomb.dcm.gz"]).map(\.text)
    #expect(large.count == 1)
    #expect(
      large.first?.contains("expands to more than the limit of 536870912 bytes") == true, "\(large)"
    )
    #expect(large.first?.contains("gunzip") == true, "\(large)")
    let cut = try run(["cut.dcm.gz"]).map(\.text)
    #expect(cut.count == 1 && cut.first?.contains("truncated") == true, "\(cut)")
    for text in large + cut { #expect(!text.contains("neither DICOM"), "\(text)") }
  }

  @Test(
    "Words for a shell are quoted where they must be",
    arguments: [
      ("/data/spine-2_a.b", "/data/spine-2_a.b"), ("a b", "'a b'"), ("it's", "'it'\\''s'"),
      ("$(x)`y`", "'$(x)`y`'"), ("", "''"), ("?", "'?'"), ("Müller", "'Müller'"),
      ("a\u{1B}[2J", "'a·[2J'"), ("~", "'~'"), ("a;b&c|d", "'a;b&c|d'"),
    ])
  func shellWords(_ word: String, _ quoted: String) { #expect(ShellWord.quoted(word) == quoted) }

  @Test("A series whose number is another's, too, is asked for by its description, else by its UID")
  func wishes() throws {
    func picking(_ descriptions: [String]) throws -> SeriesPicking {
      let place = folder(descriptions.joined())
      for (index, description) in descriptions.enumerated() {
        var study = TinyStudy()
        study.series[7] = .init(TinyStudy.sagittal(seed: index), description, te: 12, tr: 550)
        study.series[7]?.texts[.seriesInstanceUID] = ("UI", "1.2.3.\(index)")
        try study.write(to: place.appendingPathComponent("\(index)"))
      }
      return try SeriesPicking(DICOMScan(files: try DICOMScan.files(at: place)).series)
    }
    let apart = try picking(["t1_sag HWS", "t1_sag_fs HWS"])
    #expect(apart.series.indices.map { apart.wish(for: $0) } == ["t1 sag hws", "t1 sag fs hws"])
    let alike = try picking(["t1_sag HWS", "t1_sag HWS"])
    #expect(alike.series.indices.allSatisfy { alike.wish(for: $0) == nil })
    let advice = SeriesAdvice(library: library, options: ImportOptions(), place: folder.url)
    #expect(advice.text(alike).contains("Series Instance UID"))
    #expect(advice.text(apart).hasSuffix("--series 't1 sag fs hws'"))
  }
}
