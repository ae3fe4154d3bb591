import Foundation
import Imaging
import TestSupport
import Testing

/// Pixels of other programs' files; sums are pydicom's and the reference NIfTI's.
@Suite struct DICOMPixelTests {
  static let qa = "data/dcm_qa_ts"
  static let cornerstone = "data/cornerstone/testImages"

  static func sum(_ frame: DICOMFrame) -> Int { frame.values.reduce(0) { $0 + Int($1) } }

  static func refusal(of path: String) -> ReadError? {
    do {
      _ = try DICOMFile.read(SharedData.url(path)).frame(0)
      return nil
    } catch {
      return error as? ReadError
    }
  }

  @Test(.enabled(if: SharedData.has(qa)), arguments: 1...8)
  func oneSliceInEightEncodingsIsTheSame(number: Int) throws {
    let first = try DICOMFile.read(SharedData.url("\(Self.qa)/In/1.dcm")).frame(0)
    let file = try DICOMFile.read(SharedData.url("\(Self.qa)/In/\(number).dcm"))
    let frame = try file.frame(0)
    #expect(frame == first)
    let reference = try NIfTI.read(SharedData.url("\(Self.qa)/Ref/1.nii"))
    let expected = reference.volume.voxels.reduce(0.0) { $0 + Double($1) }
    #expect(Double(Self.sum(frame)) == expected)
    #expect(Self.sum(frame) == 38_036_663)
    #expect(file.findings == [])
  }

  @Test(.enabled(if: SharedData.has(qa)))
  func jpeg2000IsRefusedByNameWithATool() {
    let error = Self.refusal(of: "\(Self.qa)/In/9.dcm")
    #expect(error?.problem.contains("JPEG 2000 Lossless") == true)
    #expect(error?.advice?.contains("gdcmconv") == true)
    #expect(error?.path.hasSuffix("9.dcm") == true)
  }

  static func image(_ syntax: String) throws -> DICOMFile {
    let folder = SharedData.url(cornerstone)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    let name = names.first { $0.hasSuffix("_1.2.840.10008.1.2\(syntax).dcm") }
    return try DICOMFile.read(folder.appendingPathComponent(try #require(name)))
  }

  @Test(
    .enabled(if: SharedData.has(cornerstone)),
    arguments: ["", ".1", ".1.99", ".2", ".5", ".4.57", ".4.70", ".4.80"])
  func losslessEncodingsOfOneCTAgree(syntax: String) throws {
    let plain = try DICOMFile.read(SharedData.url("\(Self.cornerstone)/CTImage.dcm")).frame(0)
    #expect(plain.rows == 512 && plain.columns == 512)
    #expect(Self.sum(plain) == 19_640_763)
    let file = try Self.image(syntax)
    #expect(file.syntax.uid == "1.2.840.10008.1.2" + syntax)
    #expect(try file.frame(0) == plain)
  }

  @Test(.enabled(if: SharedData.has(cornerstone)))
  func nearLosslessDiffersByAtMostOne() throws {
    let plain = try DICOMFile.read(SharedData.url("\(Self.cornerstone)/CTImage.dcm")).frame(0)
    let near = try Self.image(".4.81").frame(0)
    let differences = zip(plain.values, near.values).map { abs($0 - $1) }
    #expect(differences.max() == 1)
  }

  @Test(
    .enabled(if: SharedData.has(cornerstone)),
    arguments: [
      (".4.50", "JPEG Baseline"), (".4.51", "JPEG Extended"), (".4.53", "Spectral Selection"),
      (".4.55", "Full Progression"), (".4.90", "JPEG 2000"), (".4.91", "JPEG 2000"),
    ])
  func otherSyntaxesAreRefusedByNameWithATool(syntax: String, name: String) throws {
    let file = try Self.image(syntax)
    let error = #expect(throws: ReadError.self) { try file.frame(0) }
    #expect(error?.problem.contains(name) == true)
    #expect(error?.advice?.hasPrefix("convert it with") == true)
  }

  @Test(
    .enabled(if: SharedData.has(cornerstone)),
    arguments: [
      ("CT0012.fragmented_no_bot_jpeg_baseline.51.dcm", "JPEG Extended"),
      ("no-pixel-data.dcm", "structured report"), ("no-pixel-spacing.dcm", "PALETTE COLOR"),
    ])
  func otherObjectsSayWhatTheyAre(name: String, word: String) {
    let error = Self.refusal(of: "\(Self.cornerstone)/\(name)")
    #expect(error?.description.contains(word) == true)
  }
}
