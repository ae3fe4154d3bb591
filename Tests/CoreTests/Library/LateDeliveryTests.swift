import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Drop folder: one folder for each series")
struct LateDeliveryTests {
  let folder: TemporaryFolder
  let drop: URL
  let library: URL

  init() throws {
    folder = try TemporaryFolder()
    drop = folder("drop")
    library = folder("LIB")
    try FileManager.default.createDirectory(at: drop, withIntermediateDirectories: true)
    try TinyStudy.withTraps().write(to: folder("A"))
  }

  /// Delivers a series in a folder of its own.
  private func deliver(_ series: Int, as name: String) throws {
    try FileManager.default.moveItem(
      at: folder("A/S\(series)"), to: folder("drop/\(name)"))
  }

  /// Watches once.
  /// - Returns: failures, and what was said.
  private func once() throws -> (failures: Int, said: [String]) {
    var settings = LibraryWatch.Settings()
    settings.isOnce = true
    settings.quietFor = .zero
    settings.pause = .milliseconds(20)
    var watch = try LibraryWatch(drop, into: library, settings: settings)
    defer { watch.close() }
    var said: [String] = []
    let failures = try watch.run(
      isCancelled: { false }, report: { said.append($0.line) }, detect: { _ in true })
    return (failures, said)
  }

  private func states() throws -> [String] {
    try LibraryWatch.deliveries(in: drop, of: library).map(\.state)
  }

  private func images() throws -> [String] {
    let id = try #require(try StudyLibrary(opening: library).studies.first).subject
    return try FileManager.default.contentsOfDirectory(
      atPath: folder("LIB/sub-\(id)/anat").path
    ).filter { $0.hasSuffix(".nii.gz") }.map { $0.replacing("sub-\(id)_", with: "") }.sorted()
  }

  @Test("Series that came before the sagittal T2 are added once it is there, in the same run")
  func sameRun() throws {
    try deliver(5, as: "1")
    try deliver(3, as: "2")
    try deliver(2, as: "3")
    let run = try once()
    #expect(run.failures == 0 && run.said.count == 5, "\(run.said)")
    #expect(run.said.prefix(2).allSatisfy { $0.contains("no series is a sagittal T2") })
    #expect(run.said[2].contains("imported as subject P"), "\(run.said)")
    #expect(run.said[3].contains("added acq-ax_T2w"), "\(run.said)")
    #expect(run.said[4].contains("added acq-sag_T1w"), "\(run.said)")
    #expect(try states() == ["imported", "imported", "imported"])
    #expect(try images() == ["T2w.nii.gz", "acq-ax_T2w.nii.gz", "acq-sag_T1w.nii.gz"])
    #expect(try once().said.isEmpty)
  }

  @Test("A later run adds them, too; until then they are listed as refused, with the reason")
  func laterRun() throws {
    try deliver(5, as: "1")
    #expect(try once().failures == 1)
    let ledger = try Data(
      contentsOf: PrivateRegister.folder(library: library).appendingPathComponent("watch.tsv"))
    #expect(!String(decoding: ledger, as: UTF8.self).contains("1.2.840.4711"))
    let waiting = try once()
    #expect(waiting.failures == 0 && waiting.said.isEmpty, "\(waiting.said)")
    let entry = try #require(try LibraryWatch.deliveries(in: drop, of: library).first)
    #expect(entry.state == "refused" && entry.reasons.contains { $0.contains("axial") })
    // A stranger's study changes nothing for it.
    var other = TinyStudy.withTraps()
    other.texts[.studyInstanceUID] = ("UI", "1.2.840.4711.2")
    other.texts[.patientID] = ("LO", "other")
    try other.write(to: folder("drop/2"))
    #expect(try once().said.count == 1)
    #expect(try states() == ["refused", "imported"])
    // By whatever way the study comes.
    _ = try Importer(library: library).run([folder("A/S2")])
    let run = try once()
    #expect(run.failures == 0 && run.said.count == 1, "\(run.said)")
    #expect(run.said.first?.contains("added acq-ax_T2w") == true, "\(run.said)")
    #expect(try states() == ["imported", "imported"])
    #expect(try once().said.isEmpty)
  }

  @Test("What is added to its study and cannot be used is refused once, and not tried again")
  func unusable() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: folder("A/S3").path).sorted()
    try deliver(3, as: "1")
    // The third of five slices, by the names that the writer gives.
    let third = "IM\((2 * 7919 + 13) % 10007)"
    #expect(files.contains(third))
    try FileManager.default.removeItem(at: folder("drop/1/\(third)"))
    try deliver(2, as: "2")
    let run = try once()
    #expect(run.failures == 1 && run.said.count == 3, "\(run.said)")
    #expect(run.said.last?.contains("no series that came can be added") == true, "\(run.said)")
    #expect(try once().said.isEmpty)
    #expect(try states() == ["refused", "imported"])
  }
}
