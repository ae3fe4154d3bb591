import Foundation
import Imaging
import Synchronization
import TestSupport
import Testing

@testable import Core

@Suite("Drop folder")
struct LibraryWatchTests {
  let folder: TemporaryFolder
  let drop: URL
  let library: URL

  init() throws {
    folder = try TemporaryFolder()
    drop = folder("drop")
    library = folder("LIB")
    try FileManager.default.createDirectory(at: drop, withIntermediateDirectories: true)
  }

  private func settings(_ quiet: Duration = .zero) -> LibraryWatch.Settings {
    var settings = LibraryWatch.Settings()
    settings.isOnce = true
    settings.quietFor = quiet
    settings.pause = .milliseconds(20)
    return settings
  }

  /// Watches once.
  /// - Returns: failures, what was said, and the studies to detect.
  private func once() throws -> (failures: Int, said: [String], detected: [String]) {
    var watch = try LibraryWatch(drop, into: library, settings: settings())
    defer { watch.close() }
    var said: [String] = []
    var detected: [String] = []
    let failures = try watch.run(isCancelled: { false }) { event in
      said.append(event.line)
    } detect: {
      detected += $0
      return true
    }
    return (failures, said, detected)
  }

  @Test("A delivery is complete when nothing of it changed for a while")
  func quiet() throws {
    var look = DropFolder(drop, quietFor: .seconds(10))
    let start = ContinuousClock.now
    try folder.write("one", to: "drop/a/1")
    try folder.write("loose", to: "drop/x.dcm")
    try folder.write("loose too", to: "drop/y.dcm")
    try folder.write("hidden", to: "drop/.part")
    try FileManager.default.createSymbolicLink(
      at: folder("drop/link"), withDestinationURL: folder("drop/a"))
    #expect(try look.look(now: start).waiting == 2)
    #expect(try look.look(now: start + .seconds(9)).complete.isEmpty)
    try folder.write("two", to: "drop/a/2")
    var seen = try look.look(now: start + .seconds(11))
    #expect(seen.complete.map(\.place) == [drop] && seen.waiting == 1)
    #expect(Set(seen.complete[0].sources.map(\.lastPathComponent)) == ["x.dcm", "y.dcm"])
    seen = try look.look(now: start + .seconds(22))
    #expect(seen.complete.count == 2 && seen.waiting == 0)
    // The same size at another time is another file.
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: folder("drop/a/1").path)
    #expect(try look.look(now: start + .seconds(33)).waiting == 1)
    try FileManager.default.removeItem(at: drop)
    #expect(throws: ReadError.self) { try look.look() }
  }

  @Test("Every delivery is imported once, over restarts, copies and touches; nothing there changes")
  func everythingOnce() throws {
    var study = TinyStudy.withTraps()
    try study.write(to: folder("drop/a"))
    study.texts[.studyInstanceUID] = ("UI", "1.2.840.4711.2")
    study.texts[.patientID] = ("LO", "other")
    study.series[2] = nil
    try study.write(to: folder("drop/useless"))
    try folder.write("no picture", to: "drop/junk/readme.txt")
    let before = try LibraryFixture.snapshot(drop)
    let first = try once()
    #expect(first.failures == 2 && first.detected.count == 1, "\(first.said)")
    #expect(first.said.contains { $0.contains("no series is a sagittal T2") })
    #expect(first.said.contains { $0.contains("no DICOM, NIfTI or NumPy file") })
    let again = try once()
    #expect(again.failures == 0 && again.said.isEmpty && again.detected.isEmpty)
    // Copied elsewhere with new times: the hash tells.
    try FileManager.default.copyItem(at: folder("drop/a"), to: folder("drop/copy"))
    let copy = try once()
    #expect(copy.said.map { $0.hasSuffix("were imported before") } == [true])
    #expect(copy.detected.isEmpty)
    #expect(try StudyLibrary(opening: library).studies.count == 1)
    try FileManager.default.removeItem(at: folder("drop/copy"))
    #expect(try LibraryFixture.snapshot(drop) == before)
    let ledger = PrivateRegister.folder(library: library).appendingPathComponent("watch.tsv")
    #expect(try LibraryFixture.mode(ledger) == 0o600)
    #expect(!String(decoding: try Data(contentsOf: ledger), as: UTF8.self).contains("useless"))
  }

  @Test(
    "One watcher a library; drop folder and library lie apart; a missing folder makes no library")
  func refusals() throws {
    #expect(throws: ReadError.self) {
      try LibraryWatch(folder("nowhere"), into: library, settings: settings())
    }
    #expect(!FileManager.default.fileExists(atPath: library.path))
    #expect(throws: LibraryError.self) {
      try LibraryWatch(drop, into: folder("drop/LIB"), settings: settings())
    }
    let watch = try LibraryWatch(drop, into: library, settings: settings())
    #expect(throws: LibraryError.self) {
      try LibraryWatch(drop, into: library, settings: settings())
    }
    watch.close()
    try LibraryWatch(drop, into: library, settings: settings()).close()
  }

  @Test("Where the library cannot be written the delivery waits, and is not taken for refused")
  func waits() throws {
    try TinyStudy.withTraps().write(to: folder("drop/a"))
    var watch = try LibraryWatch(drop, into: library, settings: settings())
    let lock = library.appendingPathComponent(FolderLock.name)
    try FileManager.default.removeItem(at: lock)
    try FileManager.default.createDirectory(at: lock, withIntermediateDirectories: true)
    var postponed = 0
    let failures = try watch.run(isCancelled: { false }) { event in
      if case .postponed = event { postponed += 1 } else { Issue.record("\(event)") }
    } detect: { _ in
      true
    }
    watch.close()
    #expect(failures == 1 && postponed == 1)
    try FileManager.default.removeItem(at: lock)
    #expect(try once().detected.count == 1)
  }

  @Test("A stop is heeded while waiting and between deliveries")
  func stop() throws {
    try TinyStudy.withTraps().write(to: folder("drop/a"))
    var endless = settings(.seconds(3600))
    endless.isOnce = false
    endless.pause = .seconds(3600)
    var watch = try LibraryWatch(drop, into: library, settings: endless)
    let end = ContinuousClock.now + .milliseconds(100)
    let failures = try watch.run(
      isCancelled: { ContinuousClock.now > end }, report: { _ in }, detect: { _ in true })
    watch.close()
    #expect(failures == 0 && ContinuousClock.now < end + .seconds(1800))
    // Stopped in the middle of a detection: the next start takes it up again.
    let stopped = Mutex(false)
    var second = try LibraryWatch(drop, into: library, settings: settings())
    _ = try second.run(
      isCancelled: { stopped.withLock { $0 } }, report: { _ in },
      detect: { _ in
        stopped.withLock { $0 = true }
        return true
      })
    second.close()
    #expect(try once().detected.count == 1)
    #expect(try once().detected.isEmpty)
  }

  @Test("The log holds neither names of folders and files nor words of headers; --list resolves it")
  func anonymousLog() throws {
    var study = TinyStudy.withTraps()
    study.texts[.patientName] = ("PN", "DOE^JOHN")
    study.series[2]?.texts[.seriesDescription] = ("LO", "t2_sag John Doe HWS")
    study.series[2]?.texts[.modality] = ("CS", "MR")
    study.series[3]?.texts[.modality] = ("CS", "DOE")
    let files = try study.write(to: folder("drop/DOE^JOHN/19600301"))
    // One that is damaged, so that an error names it.
    let damaged = try #require(files[5]?.first)
    try cut(damaged)
    try folder.write("none", to: "drop/DOE^JANE/x.txt")
    let said = try once().said
    #expect(said.count == 2, "\(said)")
    for line in said {
      #expect(line.hasPrefix("delivery ") && !line.contains("\n"), "\(line)")
      let small = line.lowercased()
      for secret in ["doe", "john", "jane", "1960", damaged.lastPathComponent.lowercased()] {
        #expect(!small.contains(secret), "\(secret) in \(line)")
      }
    }
    #expect(said.contains { $0.contains("imported as subject P") && $0.contains("left out") })
    let entries = try LibraryWatch.deliveries(in: drop, of: library)
    #expect(entries.map(\.path) == [folder("drop/DOE^JANE").path, folder("drop/DOE^JOHN").path])
    #expect(entries.map(\.state) == ["refused", "imported, 1 file left out"])
    #expect(entries[1].reasons.count == 1, "\(entries[1].reasons)")
    #expect(entries[1].reasons[0].hasPrefix(damaged.path + ": "), "\(entries[1].reasons)")
    let kept = try ledger().lowercased()
    #expect(!kept.contains("doe") && kept.contains("copy it again"), "\(kept)")
    #expect(entries.allSatisfy { entry in said.contains { $0.hasPrefix(entry.name + ":") } })
    #expect(throws: LibraryError.self) {
      try LibraryWatch.deliveries(in: drop, of: folder("elsewhere"))
    }
  }

  /// Cuts a file of `TinyStudy` in the middle of the institution's name.
  private func cut(_ file: URL) throws {
    try Data(try Data(contentsOf: file).prefix(405)).write(to: file)
  }

  private func ledger() throws -> String {
    try String(
      contentsOf: PrivateRegister.folder(library: library).appendingPathComponent("watch.tsv"),
      encoding: .utf8)
  }

  @Test("A loose image and its mask are taken as one, and nothing of them failed")
  func looseMask() throws {
    let image = LibraryFixture.image()
    try LibraryFixture.write(image, to: folder("drop/ZYXWELL_T2w.nii.gz"))
    try LibraryFixture.write(
      LibraryFixture.cord(like: image), to: folder("drop/ZYXWELL_T2w_seg.nii.gz"))
    let run = try once()
    #expect(run.failures == 0 && run.detected.count == 1, "\(run.said)")
    #expect(run.said.contains { $0.contains("taken as the cord mask of an image of it") })
    #expect(run.said.allSatisfy { !$0.lowercased().contains("zyxwell") }, "\(run.said)")
    let deliveries = try LibraryWatch.deliveries(in: drop, of: library)
    #expect(deliveries.map(\.state) == ["imported"])
    let opened = try StudyLibrary(opening: library)
    let study = try #require(opened.studies.first)
    #expect(opened.labelFiles(of: study)[.cord] != nil)
    #expect(try once().said.isEmpty)
  }

  @Test("Images that are called by patients get pseudonyms, and nothing keeps their names")
  func namedImages() throws {
    let image = LibraryFixture.image()
    try LibraryFixture.write(image, to: folder("drop/x/ZYXWELL_Q_T2w.nii.gz"))
    try LibraryFixture.write(
      LibraryFixture.cord(like: image), to: folder("drop/x/ZYXWELL_Q_T2w_seg.nii.gz"))
    try folder.write(
      #"{"PatientName": "Zyxwell^Q", "EchoTime": 0.1, "SeriesDescription": "t2 sag Zyxwell", "ImageType": "zyxwell"}"#,
      to: "drop/x/ZYXWELL_Q_T2w.json")
    try folder.write(
      #"{"Author": "Zyxwell", "LevelSource": "segmented"}"#, to: "drop/x/ZYXWELL_Q_T2w_seg.json")
    let run = try once()
    let id = try #require(run.detected.first)
    #expect(run.failures == 0 && run.detected.count == 1 && id.hasPrefix("P") && id.count == 7)
    #expect(run.said.allSatisfy { !$0.lowercased().contains("zyxwell") }, "\(run.said)")
    for (path, data) in try LibraryFixture.snapshot(library) {
      #expect(!path.lowercased().contains("zyxwell"), "\(path)")
      let text = String(decoding: data, as: UTF8.self).lowercased()
      #expect(path.hasSuffix(".nii.gz") || !text.contains("zyxwell"), "\(path): \(text)")
    }
    let sidecar = try #require(
      try Provenance.read(library.appendingPathComponent("sub-\(id)/anat/sub-\(id)_T2w.json")))
    #expect(
      sidecar["EchoTime"] as? Double == 0.1 && sidecar["SeriesDescription"] as? String == "t2 sag")
    #expect(sidecar["PatientName"] == nil && sidecar["SourceName"] == nil)
    #expect(try StudyLibrary(opening: library).studies.map(\.subject) == [id])
    // The same file by another name is the same subject.
    try FileManager.default.removeItem(at: folder("drop/x"))
    try LibraryFixture.write(image, to: folder("drop/y/ROE_T2w.nii.gz"))
    #expect(try once().said.contains { $0.contains("already, as subject \(id)") })
  }

  /// Puts a name into a gzip file's header, as a field of its own, as the file's name and as a comment.
  private func nameInHeader(_ name: String, of path: String) throws {
    let bytes = [UInt8](try Data(contentsOf: folder(path)))
    try #require(Array(bytes.prefix(4)) == [0x1F, 0x8B, 8, 0])
    let text = Array(name.utf8)
    var named: [UInt8] = [0x1F, 0x8B, 8, 0x1C] + bytes[4..<10]
    named += [UInt8(text.count), 0] + text
    named += text + [0]
    named += text + [0]
    try Data(named + bytes[10...]).write(to: folder(path))
  }

  @Test("Names in the headers of gzip files do not come into the library, of datasets neither")
  func namesInHeaders() throws {
    let image = LibraryFixture.image(seed: 7)
    try LibraryFixture.write(image, to: folder("drop/x/q_T2w.nii.gz"))
    try LibraryFixture.write(
      LibraryFixture.cord(like: image), to: folder("drop/x/q_T2w_seg.nii.gz"))
    let dataset = try TemporaryFolder()
    _ = try LibraryFixture.library(["01"], in: dataset)
    try FileManager.default.copyItem(at: dataset.url, to: folder("drop/y"))
    for path in [
      "drop/x/q_T2w.nii.gz", "drop/x/q_T2w_seg.nii.gz", "drop/y/sub-01/anat/sub-01_T2w.nii.gz",
      "drop/y/derivatives/labels/sub-01/anat/sub-01_T2w_label-SC_seg.nii.gz",
    ] {
      try nameInHeader("ZYXWELL", of: path)
    }
    let run = try once()
    #expect(run.failures == 0 && run.detected.count == 2, "\(run.said)")
    let files = try LibraryFixture.snapshot(library)
    #expect(files.keys.count { $0.hasSuffix(".nii.gz") } == 4, "\(files.keys)")
    for (path, data) in files {
      #expect(data.range(of: Data("ZYXWELL".utf8)) == nil, "\(path)")
    }
    let opened = try StudyLibrary(opening: library)
    let study = try #require(opened.studies.first { $0.subject != "01" })
    let loaded = try opened.load(study)
    #expect(loaded.volume.voxels == image.voxels)
    #expect(loaded.labels.cord?.voxels == LibraryFixture.cord(like: image).voxels)
  }

  @Test("--list knows a delivery by its contents, and what came into the library by another way")
  func listed() throws {
    try TinyStudy.withTraps().write(to: folder("drop/a"))
    _ = try once()
    func states() throws -> [String] {
      try LibraryWatch.deliveries(in: drop, of: library).map(\.state)
    }
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1)],
      ofItemAtPath: try #require(
        FileManager.default.subpathsOfDirectory(atPath: folder("drop/a").path)
          .first { $0.contains("IM") }.map { folder("drop/a/\($0)").path }))
    #expect(try states() == ["imported"])
    var study = TinyStudy.withTraps()
    study.texts[.studyInstanceUID] = ("UI", "1.2.840.4711.2")
    study.texts[.patientID] = ("LO", "other")
    try study.write(to: folder("drop/b"))
    try LibraryFixture.write(LibraryFixture.image(), to: folder("drop/c/p_T2w.nii.gz"))
    #expect(try states() == ["imported", "not dealt with", "not dealt with"])
    _ = try Importer(library: library).run([folder("drop/b"), folder("drop/c")])
    #expect(try states() == ["imported", "in the library", "in the library"])
    // The image is there; what lies beside it was refused.
    try LibraryFixture.write(LibraryFixture.image(), to: folder("drop/d/p_T2w.nii.gz"))
    try LibraryFixture.write(LibraryFixture.image(seed: 3), to: folder("drop/d/p_T1w.nii.gz"))
    #expect(try states() == ["imported", "in the library", "in the library", "not dealt with"])
    try FileManager.default.removeItem(at: folder("drop/d"))
    // One series more than the library has.
    study.series[8] = .init(TinyStudy.sagittal(seed: 8), "t2_tse_sag HWS", te: 98, tr: 3500)
    try study.write(to: folder("drop/b"))
    #expect(try states() == ["imported", "not dealt with", "in the library"])
  }

  private func entry() throws -> LibraryWatch.Entry {
    let entries = try LibraryWatch.deliveries(in: drop, of: library)
    return try #require(entries.count == 1 ? entries.first : nil)
  }

  @Test("--list says how much of a delivery was taken, and why not the rest: of images")
  func partOfImages() throws {
    for number in 1...3 {
      try LibraryFixture.write(
        LibraryFixture.image(seed: UInt64(number)), to: folder("drop/x/Roe\(number)_T2w.nii.gz"))
    }
    try LibraryFixture.write(LibraryFixture.image(seed: 4), to: folder("drop/x/Roe4_T1w.nii.gz"))
    try LibraryFixture.write(
      LibraryFixture.image().map { _ in Float(5) }, to: folder("drop/x/Roe5_T2w.nii.gz"))
    let run = try once()
    #expect(run.failures == 1 && run.detected.count == 3, "\(run.said)")
    let part = try entry()
    #expect(part.state == "taken in part: 3 of 5 series")
    #expect(part.reasons.count == 2, "\(part.reasons)")
    for word in ["t1w", "no picture"] {
      #expect(part.reasons.contains { $0.contains(word) }, "\(part.reasons)")
    }
    // The list says which image it was, the ledger does not.
    for name in ["Roe4_T1w", "Roe5_T2w"] {
      let path = folder("drop/x/\(name).nii.gz").path
      #expect(part.reasons.contains { $0.hasPrefix(path + ": ") }, "\(part.reasons)")
    }
    #expect(try !self.ledger().contains("Roe"))
    // A ledger of an earlier version has neither counts nor reasons.
    let ledger = PrivateRegister.folder(library: library).appendingPathComponent("watch.tsv")
    let lines = try String(contentsOf: ledger, encoding: .utf8).split(separator: "\n").map {
      $0.split(separator: "\t").prefix(4).joined(separator: "\t")
    }
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: ledger)
    let old = try entry()
    #expect(old.state == "refused" && old.reasons.isEmpty)
    // One of the version before has them in one cell.
    let former = [lines[0] + "\ttaken\trefused\treasons", lines[1] + "\t3\t2\tone: a | two: b"]
    try Data((former.joined(separator: "\n") + "\n").utf8).write(to: ledger)
    let cell = try entry()
    #expect(cell.state == "taken in part: 3 of 5 series" && cell.reasons == ["one: a", "two: b"])
    // One whose counts are no numbers that can be.
    let damaged =
      [lines[0] + "\ttaken\trefused\treasons"]
      + lines.dropFirst().map { $0 + "\t-3\t99999999999999999999\t\u{1B}[2Jx" }
    try Data((damaged.joined(separator: "\n") + "\n").utf8).write(to: ledger)
    let kept = try entry()
    #expect(kept.state == "refused" && !kept.reasons.contains { $0.contains("\u{1B}") })
  }

  @Test("--list says how much of a delivery was taken, and why not the rest: of DICOM series")
  func partOfSeries() throws {
    var study = TinyStudy.withTraps()
    try study.write(to: folder("drop/two/a"))
    // Without its T2 a study of five is refused; its localizer would have been left out anyway.
    study.texts[.studyInstanceUID] = ("UI", "1.2.840.4711.2")
    study.texts[.patientID] = ("LO", "other")
    study.series[2] = nil
    try study.write(to: folder("drop/two/b"))
    #expect(try once().failures == 1)
    let two = try entry()
    #expect(two.state == "taken in part: 5 of 9 series", "\(two.reasons)")
    // Every series with its reason, and the very command that takes one all the same.
    #expect(two.reasons.count == 7, "\(two.reasons)")
    #expect(two.reasons[0].hasPrefix("study 2 of 2: no series is a sagittal T2"))
    for (number, word) in [
      (1, "localizer"), (3, "T1-weighted"), (4, "STIR"), (5, "axial"), (6, "lws"),
    ] {
      #expect(
        two.reasons.contains { $0.contains("series \(number) \"") && $0.contains(word) },
        "\(number) in \(two.reasons)")
    }
    let command =
      "cordscope import \(ShellWord.quoted(folder("drop/two/b").path)) --into "
      + "\(ShellWord.quoted(library.path)) --series 4"
    #expect(two.reasons.last?.hasSuffix(command) == true, "\(two.reasons)")
    var options = ImportOptions()
    options.series = "4"
    _ = try Importer(library: library).run([folder("drop/two/b")], options: options)
    #expect(try entry().state == "in the library")
    // Of one study a series is damaged: the study is taken, and known when it is copied.
    try FileManager.default.removeItem(at: folder("drop/two"))
    var damaged = TinyStudy.withTraps()
    damaged.texts[.studyInstanceUID] = ("UI", "1.2.840.4711.3")
    damaged.texts[.patientID] = ("LO", "third")
    damaged.series[7] = .init(TinyStudy.sagittal(seed: 7), "t2_tse_sag HWS", te: 98, tr: 3500)
    let file = try #require(try damaged.write(to: folder("drop/one"))[7]?[1])
    let bytes = try Data(contentsOf: file)
    try bytes.prefix(bytes.count - 3000).write(to: file)
    #expect(try once().failures == 0)
    let one = try entry()
    #expect(one.state == "taken in part: 5 of 6 series", "\(one.reasons)")
    #expect(one.reasons.count == 1, "\(one.reasons)")
    #expect(one.reasons[0].hasPrefix("series 7: \(file.path): "), "\(one.reasons)")
    try FileManager.default.moveItem(at: folder("drop/one"), to: folder("drop/copy"))
    #expect(try once().said.map { $0.hasSuffix("were imported before") } == [true])
    let copy = try entry()
    #expect(copy.state == one.state)
    #expect(copy.reasons == one.reasons.map { $0.replacing("/drop/one/", with: "/drop/copy/") })
  }

  @Test("--list names every file that was left out, damaged ones first, and cuts no advice")
  func leftOut() throws {
    let files = try TinyStudy.withTraps().write(to: folder("drop/x"))
    let damaged = try #require(files[5])
    for file in damaged { try cut(file) }
    let image = folder("drop/x/Aab_T2w.nii.gz")
    try LibraryFixture.write(LibraryFixture.image(), to: image)
    let whole = try Data(contentsOf: image)
    try whole.prefix(whole.count / 2).write(to: image)
    // By its name it comes before the damaged image.
    let other = folder("drop/x/Aaa_T1w.nii.gz")
    try LibraryFixture.write(LibraryFixture.image(seed: 2), to: other)
    #expect(try once().failures == 1)
    let part = try entry()
    #expect(part.state == "taken in part: 4 of 6 series, 8 files left out", "\(part.reasons)")
    #expect(part.reasons.count == 10, "\(part.reasons)")
    for file in damaged + [image] {
      #expect(
        part.reasons.prefix(9).contains { $0.hasPrefix(file.path + ": ") },
        "\(file.path) in \(part.reasons)")
    }
    #expect(part.reasons.prefix(8).allSatisfy { $0.hasSuffix("damaged; copy it again)") })
    #expect(part.reasons.last?.hasPrefix(other.path + ": its name says t1w") == true)
    // Again, after the ledger was read anew.
    #expect(try once().said.isEmpty)
    #expect(try entry() == part)
  }

  @Test("A file is hashed once as long as it stays as it is, unless it was written a moment ago")
  func hashes() throws {
    try folder.write("one", to: "drop/1")
    try folder.write("two", to: "drop/2")
    var hashes = FileHashes(restingSeconds: 0)
    func contents(_ names: [String]) throws -> String {
      try DeliveryLedger.contents(
        of: names.map { folder("drop/\($0)") }, known: &hashes, isCancelled: { false })
    }
    let first = try contents(["1"])
    _ = try contents(["1", "2"])
    #expect(hashes.reads == 2)
    let again = try contents(["1"])
    #expect(again == first && hashes.reads == 2)
    try folder.write("another", to: "drop/1")
    let other = try contents(["1"])
    #expect(other != first && hashes.reads == 3)
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: folder("drop/2").path)
    _ = try contents(["2"])
    #expect(hashes.reads == 4)
    // Times of files are coarse: what was written just now may be written again unseen.
    hashes = FileHashes(restingSeconds: 3600)
    for _ in 0..<2 { _ = try contents(["1", "2"]) }
    #expect(hashes.reads == 4)
  }

  @Test("Links in a drop folder lead nowhere: neither files, masks, folders nor datasets")
  func links() throws {
    let image = LibraryFixture.image()
    try LibraryFixture.write(image, to: folder("outside/secret_T2w.nii.gz"))
    let manager = FileManager.default
    for name in ["a", "b"] {
      try manager.createDirectory(at: folder("drop/\(name)"), withIntermediateDirectories: true)
    }
    try folder.write("so that there is a file", to: "drop/a/note.txt")
    try manager.createSymbolicLink(
      at: folder("drop/a/x_T2w.nii.gz"), withDestinationURL: folder("outside/secret_T2w.nii.gz"))
    try LibraryFixture.write(image, to: folder("drop/b/y_T2w.nii.gz"))
    try manager.createSymbolicLink(
      at: folder("drop/b/y_T2w_seg.nii.gz"), withDestinationURL: folder("outside/secret_T2w.nii.gz")
    )
    try manager.createSymbolicLink(at: folder("drop/c"), withDestinationURL: folder("outside"))
    let dataset = try TemporaryFolder()
    _ = try LibraryFixture.library(["01"], in: dataset)
    try manager.copyItem(at: dataset.url, to: folder("drop/d"))
    try manager.copyItem(at: dataset.url, to: folder("drop/e"))
    try folder.write("so that it is no copy", to: "drop/e/README")
    try manager.createSymbolicLink(
      at: folder("drop/e/participants.tsv"), withDestinationURL: folder("outside"))
    let run = try once()
    #expect(run.failures == 3 && run.detected == ["01"], "\(run.said)")
    #expect(run.said.contains { $0.contains("links lie beside it") })
    #expect(run.said.contains { $0.contains("the dataset holds links") })
  }

  @Test("Pipes and sockets in a folder are passed over, and never waited for")
  func pipes() throws {
    try TinyStudy.withTraps().write(to: folder("drop/a"))
    #expect(mkfifo(folder("drop/a/z.nii.gz").path, 0o600) == 0)
    #expect(mkfifo(folder("drop/a/z.dcm").path, 0o600) == 0)
    #expect(try once().detected.count == 1)
  }

  @Test("A delivery of which one study is refused is looked at again when it is touched")
  func partly() throws {
    var study = TinyStudy.withTraps()
    try study.write(to: folder("drop/two/a"))
    study.texts[.studyInstanceUID] = ("UI", "1.2.840.4711.2")
    study.texts[.patientID] = ("LO", "other")
    study.series[2] = nil
    let files = try study.write(to: folder("drop/two/b"))
    #expect(try once().failures == 1)
    #expect(try once().said.isEmpty)
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1)],
      ofItemAtPath: try #require(files[3]?.first).path)
    let again = try once()
    #expect(again.failures == 1 && again.said.count == 2, "\(again.said)")
  }

  @Test("Where the detection could not be made the delivery is put off, and done at the next start")
  func detectionFails() throws {
    try TinyStudy.withTraps().write(to: folder("drop/a"))
    var watch = try LibraryWatch(drop, into: library, settings: settings())
    var events: [LibraryWatch.Event] = []
    let failures = try watch.run(
      isCancelled: { false }, report: { events.append($0) }, detect: { _ in false })
    watch.close()
    #expect(failures == 1 && events.map(\.isPostponed) == [false, true])
    #expect(try once().detected.count == 1)
  }

  @Test("A study that came in two parts is whole in the end")
  func twoParts() throws {
    let files = try TinyStudy.withTraps().write(to: folder("drop/a"))
    let late = try #require(files[2]).suffix(2)
    for file in late {
      try FileManager.default.moveItem(at: file, to: folder(file.lastPathComponent))
    }
    let first = try once()
    #expect(first.detected.count == 1, "\(first.said)")
    for file in late {
      try FileManager.default.moveItem(at: folder(file.lastPathComponent), to: file)
    }
    let second = try once()
    #expect(second.said.contains { $0.contains("was cut short") }, "\(second.said)")
    let opened = try StudyLibrary(opening: library)
    #expect(try opened.load(opened.studies[0]).volume.shape.z == 5)
  }

  @Test("A stop in the middle of an import leaves nothing half, and the next start does it")
  func stopInImport() throws {
    try TinyStudy.withTraps().write(to: folder("drop/a"))
    for patience in stride(from: 1, through: 60, by: 7) {
      let asked = Mutex(0)
      var watch = try LibraryWatch(drop, into: library, settings: settings())
      _ = try watch.run(
        isCancelled: {
          asked.withLock { count in
            count += 1
            return count > patience
          }
        }, report: { _ in }, detect: { _ in true })
      watch.close()
      for study in try StudyLibrary(opening: library).studies {
        #expect(try StudyLibrary(opening: library).load(study).volume.shape.z == 5)
      }
    }
    #expect(try StudyLibrary(opening: library).studies.count <= 1)
    _ = try once()
    let opened = try StudyLibrary(opening: library)
    #expect(opened.studies.count == 1)
    #expect(!LibraryVerification.findings(in: opened).contains { $0.severity == .failure })
  }
}
