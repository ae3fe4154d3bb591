import Foundation
import Imaging
import Synchronization
import TestSupport
import Testing

@testable import Core

@Suite("Files among the images of an import that are none")
struct LeftAloneTests: ImportTesting {
  let folder: TemporaryFolder
  let library: URL

  init() throws {
    folder = try TemporaryFolder()
    library = folder("LIB")
  }

  /// The last components of the files that a list of sources leaves alone, and of those that it refuses.
  private func found(_ names: [String]) -> (alone: [String], refused: [String], count: Int) {
    let sources = ImportSource.find(names.map { folder($0) }, acceptsContrast: false)
    var (alone, refused): ([String], [String]) = ([], [])
    for source in sources {
      switch source {
      case .leftAlone(let url): alone.append(url.lastPathComponent)
      case .unusable(let url, _): refused.append(url.lastPathComponent)
      default: break
      }
    }
    return (alone, refused, sources.count)
  }

  @Test("Sidecars belong to image and mask, in any order; a file that is no image fails nothing")
  func companions() throws {
    let image = LibraryFixture.image()
    try LibraryFixture.write(image, to: folder("in/p_T2w.nii.gz"))
    try LibraryFixture.write(
      LibraryFixture.cord(like: image), to: folder("in/p_T2w_seg.nii.gz"))
    for name in ["p_T2w.json", "p_T2w_seg.json"] { try folder.write("{}", to: "in/\(name)") }
    for name in ["notes.txt", "other.json"] { try folder.write("words", to: "in/\(name)") }
    let names = [
      "in/notes.txt", "in/p_T2w.json", "in/p_T2w.nii.gz", "in/other.json", "in/p_T2w_seg.json",
      "in/p_T2w_seg.nii.gz", "in/notes.txt",
    ]
    let items = try run(names)
    #expect(
      items.map(\.outcome) == [
        .imported(subject: "p"), .leftAlone, .leftAlone,
        .label(.cord, of: "p_T2w.nii.gz", isNew: true),
      ])
    #expect(items[1].text == "\(folder("in/notes.txt").path): left alone: it is no image")
    let share = SeriesShare(sum: items.map(\.series))
    #expect(share.taken == 1 && share.refused == 0 && share.files == 0 && share.leftOut.count == 2)
    let table = try Importer.table(of: names.map { folder($0) }, library: library)
    #expect(table.contains("notes.txt: left alone: it is no image"), "\(table)")
    #expect(!table.contains("not imported") && !table.contains("p_T2w.json"), "\(table)")
  }

  @Test("What is called an image, is not there or comes without images stays a failure")
  func failures() throws {
    try LibraryFixture.write(LibraryFixture.image(), to: folder("p_T2w.nii.gz"))
    for name in ["a.dcm", "b.IMA", "c.img", "p_T2w.json", "notes.txt"] {
      try folder.write("junk", to: name)
    }
    let mixed = found(["a.dcm", "b.IMA", "c.img", "p_T2w.nii.gz", "notes.txt", "absent.txt"])
    #expect(mixed.refused == ["a.dcm", "b.IMA", "c.img", "absent.txt"])
    #expect(mixed.alone == ["notes.txt"] && mixed.count == 6)
    // A sidecar without its image, and words alone, are what they were.
    let words = found(["p_T2w.json", "notes.txt"])
    #expect(words.refused == ["p_T2w.json", "notes.txt"] && words.alone.isEmpty)
  }

  @Test("The voxels of a pair belong to its header")
  func pair() throws {
    try FileManager.default.createDirectory(at: folder("in"), withIntermediateDirectories: true)
    try NIfTI.write(LibraryFixture.image(), to: folder("in/p_T2w.hdr"))
    let names = ["in/p_T2w.img", "in/p_T2w.hdr"]
    let pair = found(names)
    #expect(pair.count == 1 && pair.refused.isEmpty && pair.alone.isEmpty)
    #expect(try run(names).map(\.outcome) == [.imported(subject: "p")])
  }

  /// Watches the drop folder once.
  private func once() throws -> (failures: Int, said: [String], studies: [String]) {
    var settings = LibraryWatch.Settings()
    settings.isOnce = true
    settings.quietFor = .zero
    settings.pause = .milliseconds(20)
    var watch = try LibraryWatch(folder("drop"), into: library, settings: settings)
    defer { watch.close() }
    var said: [String] = []
    var studies: [String] = []
    let failures = try watch.run(isCancelled: { false }) { event in
      said.append(event.line)
    } detect: {
      studies += $0
      return true
    }
    return (failures, said, studies)
  }

  private func entry() throws -> LibraryWatch.Entry {
    let entries = try LibraryWatch.deliveries(in: folder("drop"), of: library)
    return try #require(entries.count == 1 ? entries.first : nil)
  }

  @Test("A loose image and its sidecar are one, and other loose files are named as left alone")
  func looseSidecar() throws {
    try LibraryFixture.write(LibraryFixture.image(), to: folder("drop/ZYXWELL_T2w.nii.gz"))
    try folder.write(#"{"EchoTime": 0.1}"#, to: "drop/ZYXWELL_T2w.json")
    let first = try once()
    #expect(first.failures == 0 && first.studies.count == 1 && first.said.count == 1)
    let whole = try entry()
    #expect(whole.state == "imported" && whole.reasons.isEmpty)
    let id = try #require(first.studies.first)
    let sidecar = try Provenance.read(
      library.appendingPathComponent("sub-\(id)/anat/sub-\(id)_T2w.json"))
    #expect(sidecar?["EchoTime"] as? Double == 0.1)
    try folder.write("of Zyxwell", to: "drop/ZYXWELL_notes.txt")
    let second = try once()
    #expect(second.failures == 0, "\(second.said)")
    #expect(second.said.count { $0.hasSuffix(": left alone: it is no image") } == 1)
    #expect(second.said.allSatisfy { !$0.lowercased().contains("zyxwell") }, "\(second.said)")
    let left = try entry()
    #expect(left.state == "in the library")
    #expect(
      left.reasons == ["\(folder("drop/ZYXWELL_notes.txt").path): left alone: it is no image"])
    #expect(try once().said.isEmpty)
    // What is called an image and is none still fails.
    try folder.write("junk", to: "drop/ZYXWELL_2.dcm")
    let third = try once()
    #expect(third.failures == 1, "\(third.said)")
    let part = try entry()
    #expect(part.state == "taken in part: 1 of 2 series")
  }

  @Test("What was in the library before a delivery is listed so, as the log says it")
  func thereBefore() throws {
    try LibraryFixture.write(LibraryFixture.image(), to: folder("drop/c/p_T2w.nii.gz"))
    _ = try Importer(library: library).run([folder("drop/c")])
    let first = try once()
    #expect(first.failures == 0)
    #expect(
      first.said.count == 1 && first.said.allSatisfy { $0.contains("is in the library already") },
      "\(first.said)")
    #expect(try entry().state == "in the library")
    // Copied, and looked at again: it is no import of this delivery either.
    try FileManager.default.moveItem(at: folder("drop/c"), to: folder("drop/copy"))
    #expect(try once().said.map { $0.hasSuffix("were imported before") } == [true])
    #expect(try entry().state == "in the library")
    // A ledger of an earlier version does not say so.
    let file = PrivateRegister.folder(library: library).appendingPathComponent("watch.tsv")
    let former = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).prefix(8)
        .joined(separator: "\t")
    }
    try Data((former.joined(separator: "\n") + "\n").utf8).write(to: file)
    #expect(try entry().state == "imported")
  }

  @Test("What a watch imported is imported, also where it was stopped in its detection")
  func stopped() throws {
    try LibraryFixture.write(LibraryFixture.image(), to: folder("drop/c/p_T2w.nii.gz"))
    let file = PrivateRegister.folder(library: library).appendingPathComponent("watch.tsv")
    for _ in 0..<2 {
      var settings = LibraryWatch.Settings()
      settings.isOnce = true
      settings.quietFor = .zero
      settings.pause = .milliseconds(20)
      let isStopped = Mutex(false)
      var watch = try LibraryWatch(folder("drop"), into: library, settings: settings)
      _ = try watch.run(
        isCancelled: { isStopped.withLock { $0 } }, report: { _ in },
        detect: { _ in
          isStopped.withLock { $0 = true }
          return false
        })
      watch.close()
      // Nothing is dealt with; the mark is there once.
      let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      #expect(lines.count == 2 && lines[1].contains("\tbrought\t"), "\(lines)")
    }
    #expect(try once().studies.count == 1)
    #expect(try entry().state == "imported")
    #expect(try !String(contentsOf: file, encoding: .utf8).contains("brought"))
    #expect(try once().said.isEmpty)
  }

  @Test("A delivery that adds a mask to what is there is imported")
  func addedMask() throws {
    try LibraryFixture.write(LibraryFixture.image(), to: folder("drop/c/p_T2w.nii.gz"))
    #expect(try once().failures == 0)
    #expect(try entry().state == "imported")
    try LibraryFixture.write(
      LibraryFixture.cord(like: LibraryFixture.image()), to: folder("drop/c/p_T2w_seg.nii.gz"))
    let second = try once()
    #expect(second.failures == 0, "\(second.said)")
    #expect(second.said.contains { $0.contains("added") }, "\(second.said)")
    #expect(try entry().state == "imported")
  }
}
