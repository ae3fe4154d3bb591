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
      switch event {
      case .imported(let item): said.append(item.text)
      case .known(let place): said.append("known \(place)")
      case .postponed(let why): said.append("postponed \(why)")
      }
    } detect: {
      detected += $0
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
    #expect(copy.said.map { $0.hasPrefix("known") } == [true] && copy.detected.isEmpty)
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
      isCancelled: { ContinuousClock.now > end }, report: { _ in }, detect: { _ in })
    watch.close()
    #expect(failures == 0 && ContinuousClock.now < end + .seconds(60))
    // Stopped in the middle of a detection: the next start takes it up again.
    let stopped = Mutex(false)
    var second = try LibraryWatch(drop, into: library, settings: settings())
    _ = try second.run(
      isCancelled: { stopped.withLock { $0 } }, report: { _ in },
      detect: { _ in stopped.withLock { $0 = true } })
    second.close()
    #expect(try once().detected.count == 1)
    #expect(try once().detected.isEmpty)
  }
}
