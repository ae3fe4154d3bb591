import Foundation
import Imaging
import TestSupport
import Testing

/// DICOMDIRs of other programs, and ones that name what they should not.
@Suite struct DICOMDirectoryTests {
  static let tests = "data/pydicom/test_files/dicomdirtests"

  @Test(
    .enabled(if: SharedData.has(tests)),
    arguments: [
      "DICOMDIR", "DICOMDIR-bigEnd", "DICOMDIR-implicit", "DICOMDIR-nooffset",
      "DICOMDIR-nopatient", "DICOMDIR-reordered",
    ])
  func everyFileOfAMediumIsFound(name: String) throws {
    let directory = try DICOMDirectory(at: SharedData.url("\(Self.tests)/\(name)"))
    #expect(directory.files.count == 31 && directory.problems.isEmpty)
    #expect(directory.files.first?.path.hasSuffix("77654033/CR1/6154") == true)
    #expect(try DICOMScan.files(at: SharedData.url("\(Self.tests)/\(name)")) == directory.files)
  }

  @Test(.enabled(if: SharedData.has(tests)))
  func emptyAndLargerDirectories() throws {
    let empty = try DICOMDirectory(at: SharedData.url("\(Self.tests)/DICOMDIR-empty.dcm"))
    #expect(empty.files.isEmpty && empty.problems.isEmpty)
    let tiny = try DICOMDirectory(at: SharedData.url("\(Self.tests)/TINY_ALPHA/DICOMDIR"))
    // 50 records, 36 of whose files are in the collection.
    #expect(tiny.files.count == 36 && tiny.problems.count == 14)
  }

  static func directory(_ names: [String], in folder: TemporaryFolder) throws -> DICOMDirectory {
    var set = TinyDICOM()
    let records = names.map { name in
      var record = TinyDICOM()
      record.add(DICOMTag(0x0004, 0x1430), "CS", "IMAGE")
      record.add(DICOMTag(0x0004, 0x1500), "CS", name)
      return record
    }
    set.add(DICOMTag(0x0004, 0x1220), items: records)
    let url = folder("medium/DICOMDIR")
    try FileManager.default.createDirectory(
      at: folder("medium/images"), withIntermediateDirectories: true)
    try Data(set.file(.explicitLittle)).write(to: url)
    return try DICOMDirectory(at: url)
  }

  @Test func pathsStayInsideTheFolder() throws {
    let folder = try TemporaryFolder()
    try folder.write("secret", to: "SECRET")
    try folder.write("x", to: "medium/images/im1")
    try FileManager.default.createSymbolicLink(
      at: folder("medium/LINK"), withDestinationURL: folder("SECRET"))
    let directory = try Self.directory(
      [
        "IMAGES\\IM1", "..\\SECRET", "IMAGES\\..\\..\\SECRET", "/etc/passwd", "\\etc\\passwd", ".",
        "LINK", "IMAGES\\IM2",
      ], in: folder)
    #expect(directory.files.map { $0.lastPathComponent } == ["im1"])
    #expect(directory.problems.count == 7)
    #expect(directory.problems.last?.problem.contains("IMAGES/IM2") == true)
  }

  @Test func otherFilesAreNoDirectories() throws {
    let folder = try TemporaryFolder()
    try Data(TinyDICOMSeries().file(DICOMSamples.volume(), slice: 0)).write(to: folder("a.dcm"))
    #expect(throws: ReadError.self) { try DICOMDirectory(at: folder("a.dcm")) }
    #expect(throws: ReadError.self) { try DICOMDirectory(at: folder("none")) }
    #expect(throws: ReadError.self) { try DICOMScan.files(at: folder("none")) }
  }
}
