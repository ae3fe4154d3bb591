import Foundation
import Imaging
import TestSupport
import Testing

@Suite("Files as bytes")
struct FileBytesTests {
  @Test("Below a folder without links neither a file's nor a folder's link is followed")
  func withoutLinks() throws {
    let folder = try TemporaryFolder()
    try folder.write("real", to: "drop/a/file")
    try folder.write("secret", to: "outside/file")
    let manager = FileManager.default
    try manager.createSymbolicLink(
      at: folder("drop/a/link"), withDestinationURL: folder("outside/file"))
    try manager.createSymbolicLink(at: folder("drop/b"), withDestinationURL: folder("outside"))
    let links = [folder("drop/a/link"), folder("drop/b/file")]
    for url in links { #expect(try FileBytes.read(url) == Array("secret".utf8)) }
    try FileBytes.withoutLinks(below: folder("drop")) { () throws in
      #expect(try FileBytes.read(folder("drop/a/file")) == Array("real".utf8))
      #expect(try FileBytes.size(of: folder("drop/a/file")) == 4)
      #expect(try FileBytes.read(folder("outside/file")) == Array("secret".utf8))
      for url in links + [folder("drop/a/../b/file")] {
        #expect(throws: ReadError.self, "\(url.path)") { try FileBytes.read(url) }
        #expect(throws: ReadError.self, "\(url.path)") { try SHA256.hexDigest(ofFile: url) }
      }
      let error = #expect(throws: ReadError.self) { try FileBytes.read(links[1]) }
      #expect("\(error, default: "")".contains("link"))
      let missing = #expect(throws: ReadError.self) { try FileBytes.read(folder("drop/a/none")) }
      #expect("\(missing, default: "")".contains("check the path"))
    }
    #expect(try FileBytes.read(links[0]) == Array("secret".utf8))
  }
}
