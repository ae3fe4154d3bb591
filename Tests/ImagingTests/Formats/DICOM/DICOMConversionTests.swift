import TestSupport
import Testing

@testable import Imaging

@Suite("What converts pixels that are not decoded")
struct DICOMConversionTests {
  private func advice(_ uid: String) -> String? {
    DICOMTransferSyntax(uid: "1.2.840.10008.1.2." + uid).refusal(path: "a.dcm")?.advice
  }

  @Test(
    "a tool is named where it decodes the syntax",
    arguments: [
      ("4.50", "dcmdjpeg IN OUT"), ("4.51", "dcmdjpeg IN OUT"), ("4.53", "dcmdjpeg IN OUT"),
      ("4.55", "dcmdjpeg IN OUT"), ("4.90", "gdcmconv --raw IN OUT"),
      ("4.91", "gdcmconv --raw IN OUT"), ("4.92", "gdcmconv --raw IN OUT"),
      ("4.93", "gdcmconv --raw IN OUT"), ("4.201", "pylibjpeg-openjpeg"),
      ("4.202", "pylibjpeg-openjpeg"), ("4.203", "pylibjpeg-openjpeg"),
    ])
  func tools(uid: String, tool: String) throws {
    let advice = try #require(self.advice(uid))
    #expect(advice.hasPrefix("convert it with") && advice.contains(tool), "\(advice)")
    // What GDCM calls part 2 it was never tried with.
    #expect(advice.contains("export it again") == ["4.92", "4.93"].contains(uid))
  }

  @Test(
    "no tool is named for arithmetic coding, hierarchies, JPEG XL and what nobody knows",
    arguments: [
      "1.98", "4.52", "4.54", "4.56", "4.58", "4.59", "4.60", "4.61", "4.62", "4.63", "4.64",
      "4.65", "4.66", "4.110", "4.111", "4.112", "6.1", "6.2", "8.1", "4.999",
    ])
  func withoutTool(uid: String) throws {
    let advice = try #require(self.advice(uid))
    #expect(advice.hasPrefix("export it again from the PACS uncompressed"), "\(advice)")
  }

  @Test(
    "films and pixels on a server are called so",
    arguments: [
      ("4.94", "on a server"), ("4.95", "on a server"), ("4.204", "on a server"),
      ("4.205", "on a server"), ("4.100", "a film"), ("4.100.1", "a film"), ("4.101", "a film"),
      ("4.102", "a film"), ("4.103", "a film"), ("4.104", "a film"), ("4.105", "a film"),
      ("4.106.1", "a film"), ("4.107", "a film"), ("4.108", "a film"), ("7.1", "a film"),
    ])
  func elsewhere(uid: String, words: String) throws {
    let advice = try #require(self.advice(uid))
    #expect(advice.contains(words) && advice.contains("export"), "\(advice)")
    #expect(!advice.contains("convert"))
  }

  @Test("Papyrus 3 is refused by its name, whether its elements state their representation or not")
  func papyrus() throws {
    for encoding in [TinyDICOM.Encoding.implicitLittle, .explicitLittle] {
      var series = TinyDICOMSeries()
      series.encoding = encoding
      series.stated = DICOMTransferSyntax(uid: "1.2.840.10008.1.20")
      let bytes = try series.file(DICOMSamples.volume(), slice: 0)
      let file = try DICOMFile.decode(bytes, path: "a.dcm", headerOnly: true)
      #expect(file.dataSet.string(.modality) == "MR")
      let text = try #require(file.syntax.refusal(path: "a.dcm")).description
      #expect(text.contains("as Papyrus 3") && text.contains("export it again"), "\(text)")
    }
  }

  @Test("every refused syntax is listed once, with a name; those that are read are not")
  func list() {
    let refused = DICOMConversion.refused
    #expect(Set(refused.map(\.uid)).count == refused.count && refused.count == 53)
    #expect(refused.allSatisfy { !$0.name.isEmpty && $0.isEncapsulated })
    #expect(refused.filter(\.isDeflated).map(\.uid.count) == [22, 23])
    for uid in ["1", "1.99", "2", "5", "4.57", "4.70", "4.80", "4.81"] {
      #expect(advice(uid) == nil)
    }
  }
}
