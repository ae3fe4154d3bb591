import Foundation
import Imaging
import TestSupport
import Testing

@Suite struct AtomicFileTests {
  @Test func writesAndReplaces() throws {
    let folder = try TemporaryFolder()
    let file = folder("a.bin")
    try AtomicFile.write([1, 2, 3] as [UInt8], to: file)
    #expect(try FileBytes.read(file) == [1, 2, 3])
    try AtomicFile.write(Data([9]), to: file)
    #expect(try FileBytes.read(file) == [9])
    try AtomicFile.write("é", to: file)
    #expect(try FileBytes.read(file) == [0xC3, 0xA9])
    try AtomicFile.write([] as [UInt8], to: file)
    #expect(try FileBytes.read(file) == [])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["a.bin"])
  }

  @Test func setsPermissionsWhateverTheUmask() throws {
    let folder = try TemporaryFolder()
    func mode(_ url: URL) throws -> Int {
      let attributes = try FileManager.default.attributesOfItem(atPath: url.path)
      return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? -1
    }
    try AtomicFile.write("x", to: folder("group"))
    #expect(try mode(folder("group")) == 0o660)
    try AtomicFile.write("x", to: folder("mine"), permissions: 0o600)
    #expect(try mode(folder("mine")) == 0o600)
  }

  @Test func leavesTheModeToTheUmask() throws {
    let folder = try TemporaryFolder()
    func mode(_ name: String) throws -> Int {
      let attributes = try FileManager.default.attributesOfItem(atPath: folder(name).path)
      return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? -1
    }
    /// What the system makes of a file of anybody's.
    func plain(_ name: String) throws -> Int {
      let descriptor = open(folder(name).path, O_WRONLY | O_CREAT | O_EXCL, 0o666)
      try #require(descriptor >= 0)
      close(descriptor)
      return try mode(name)
    }
    try AtomicFile.write("x", to: folder("old"), permissions: 0o600)
    // Another test may change the umask for a moment: one of the neighbours has seen the same.
    let before = try plain("before")
    try AtomicFile.write("x", to: folder("new"), permissions: FileRights.caller.fileMode)
    try AtomicFile.write("y", to: folder("old"), permissions: nil)
    let after = try plain("after")
    #expect(try [before, after].contains(mode("new")))
    #expect(try [before, after].contains(mode("old")))
    #expect(FileRights.group.fileMode == 0o660)
  }

  @Test func replacesALinkAndNotWhatItPointsAt() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write("original", to: folder("original"))
    try FileManager.default.createSymbolicLink(
      at: folder("link"), withDestinationURL: folder("original"))
    try AtomicFile.write("new", to: folder("link"))
    #expect(try FileBytes.read(folder("original")) == Array("original".utf8))
    #expect(try FileBytes.read(folder("link")) == Array("new".utf8))
  }

  @Test func failsWithPathAndReasonAndLeavesNothing() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: WriteError.self) {
      try AtomicFile.write("x", to: folder("missing/a"))
    }
    #expect(error?.path.hasSuffix("missing/a") == true)
    #expect(error?.advice == "make the folder first")
    // A folder cannot be replaced by a file.
    try FileManager.default.createDirectory(
      at: folder("dir/full"), withIntermediateDirectories: true)
    #expect(throws: WriteError.self) { try AtomicFile.write("x", to: folder("dir")) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["dir"])
  }

  @Test func neverReplacesAPipe() throws {
    let folder = try TemporaryFolder()
    #expect(mkfifo(folder("pipe").path, 0o600) == 0)
    let error = #expect(throws: WriteError.self) { try AtomicFile.write("x", to: folder("pipe")) }
    #expect(error?.problem.contains("is a pipe") == true)
    let type = try FileManager.default.attributesOfItem(atPath: folder("pipe").path)[.type]
    // A pipe is of no type that Foundation knows.
    #expect(type as? FileAttributeType != .typeRegular)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["pipe"])
  }

  @Test func readsRangesAndRefusesWhatIsNoFile() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write(Data(0..<100), to: folder("f"))
    #expect(try FileBytes.read(folder("f"), range: 10..<13) == [10, 11, 12])
    #expect(try FileBytes.read(folder("f"), range: 98..<200) == [98, 99])
    #expect(try FileBytes.read(folder("f"), range: 500..<Int.max) == [])
    #expect(try FileBytes.size(of: folder("f")) == 100)
    #expect(throws: ReadError.self) { try FileBytes.read(folder("f"), limit: 99) }
    #expect(throws: ReadError.self) { try FileBytes.read(folder.url) }
    let error = #expect(throws: ReadError.self) { try FileBytes.read(folder("none")) }
    #expect(error?.path == folder("none").path)
    // A pipe would block for ever.
    #expect(mkfifo(folder("pipe").path, 0o600) == 0)
    #expect(throws: ReadError.self) { try FileBytes.read(folder("pipe")) }
  }
}
