import Foundation
import Imaging
import Synchronization
import TestSupport
import Testing

@testable import Core

@Suite("What killed programs leave")
struct LeftoversTests {
  private static let anat = "derivatives/cordscope/sub-01/anat"

  private func setAge(_ seconds: Double, _ url: URL) throws {
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -seconds)], ofItemAtPath: url.path)
  }

  private func names(_ folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  @Test("Names are this program's own, to the last letter")
  func ours() {
    for name in [".cordscope-12-1y2p0ij32e8e7.tmp", ".staging-4321-0"] {
      #expect(Leftovers.isOurs(name), "\(name)")
    }
    for name in [
      ".tmp", "notes.tmp", ".cordscope.lock", ".cordscope-x-1.tmp", ".cordscope-1.tmp",
      ".cordscope-1-2", "cordscope-1-2.tmp", ".staging-", ".staging-1", ".staging-1-2-3",
      ".staging-1-_", ".staging-area", ".staging-1-3w5e11264sgsg",
    ] { #expect(!Leftovers.isOurs(name), "\(name)") }
  }

  @Test("Old ones without an owner go; young ones, owned ones and others' files stay")
  func removal() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let old = try ["sub-01/anat", Self.anat, "derivatives/labels/sub-01/anat", "derivatives/x", ""]
      .map { try folder.write("x", to: "\($0)/.cordscope-77-abc.tmp") }
    let staged = try folder.write("x", to: "\(Self.anat)/.staging-77-abc/map.nii.gz")
      .deletingLastPathComponent()
    let young = try folder.write("x", to: "\(Self.anat)/.cordscope-77-young.tmp")
    let foreign = try ["\(Self.anat)/scratch.tmp", "elsewhere/.cordscope-77-abc.tmp"]
      .map { try folder.write("x", to: $0) }
    let owned = try StagingFolder(in: folder(Self.anat))
    for url in old + [staged, owned.url] + foreign { try setAge(7200, url) }
    try setAge(600, young)

    let notes = LibraryVerification.findings(in: library).map(\.line)
    #expect(notes.count { $0.contains("was left by an interrupted write") } == old.count + 2)
    #expect(
      notes.contains { $0.contains(owned.url.lastPathComponent) && $0.contains("is being written") }
    )

    #expect(Leftovers.remove(from: folder.url).count == old.count + 1)
    for url in old + [staged] { #expect(!FileManager.default.fileExists(atPath: url.path)) }
    for url in [young, owned.url] + foreign {
      #expect(FileManager.default.fileExists(atPath: url.path), "\(url.path)")
    }
    withExtendedLifetime(owned) {}
  }

  @Test("A folder goes with its owner")
  func staging() throws {
    let folder = try TemporaryFolder()
    do {
      let staging = try StagingFolder(in: folder.url)
      try Data("x".utf8).write(to: staging.url.appendingPathComponent("map"))
      #expect(try names(folder.url).filter(Leftovers.isOurs).count == 1)
    }
    #expect(try names(folder.url).isEmpty)
  }

  @Test("A file that is being written is not taken away, however long it takes")
  func writing() throws {
    /// Bytes that let others work while they are written.
    struct Slow: ContiguousBytes {
      let meanwhile: @Sendable () -> Void
      func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        meanwhile()
        return try Array("whole".utf8).withUnsafeBytes(body)
      }
    }
    let folder = try TemporaryFolder()
    let seen = Mutex<[String]>([])
    let bytes = Slow {
      for file in Leftovers.find(in: folder.url) {
        try? setAge(30 * 86400, file)
        seen.withLock { $0.append(file.lastPathComponent) }
      }
      Leftovers.remove(from: folder.url)
    }
    try AtomicFile.write(bytes, to: folder("file"))
    #expect(seen.withLock { $0.count } == 1)
    #expect(try String(contentsOf: folder("file"), encoding: .utf8) == "whole")
    #expect(try names(folder.url) == ["file"])
  }

  @Test("Import clears away before it begins")
  func importing() throws {
    let folder = try TemporaryFolder()
    let left = try folder.write("x", to: "library/.cordscope-77-abc.tmp")
    try setAge(7200, left)
    _ = try Importer(library: folder("library")).run([])
    #expect(!FileManager.default.fileExists(atPath: left.path))
  }
}
