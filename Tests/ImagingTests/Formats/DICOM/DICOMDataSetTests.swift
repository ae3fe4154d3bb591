import Imaging
import TestSupport
import Testing

/// Data sets put together here, good and malformed.
@Suite struct DICOMDataSetTests {
  static let plain: [DICOMTransferSyntax] = [
    .implicitLittle, .explicitLittle, .explicitBig, .deflated,
  ]

  static func fill(_ set: inout TinyDICOM) {
    set.add(.specificCharacterSet, "CS", "ISO_IR 100")
    set.add(.imageType, "CS", "ORIGINAL\\PRIMARY\\M")
    set.add(.studyDate, "DA", "20240229")
    set.add(.studyTime, "TM", "0915")
    set.add(.patientName, "PN", raw: [0x4D, 0xFC, 0x6C, 0x6C, 0x65, 0x72, 0x5E, 0x41])
    set.add(DICOMTag(0x0019, 0x0010), "LO", "VENDOR")
    set.add(.echoTime, "DS", " 98.5 ")
    set.add(.imagePositionPatient, "DS", "1\\-2.5e1\\+3")
    set.add(.rows, "US", [513])
  }

  @Test(arguments: plain)
  func valuesAreTheSameInEveryEncoding(syntax: DICOMTransferSyntax) throws {
    let file = try DICOMSamples.image(syntax) { set in
      Self.fill(&set)
      var item = TinyDICOM(syntax)
      item.add(.protocolName, "LO", "one")
      set.add(DICOMTag(0x0020, 0x9111), items: [item, TinyDICOM(syntax)])
      set.add(DICOMTag(0x0020, 0x9113), items: [item], defined: true)
    }
    let set = file.dataSet
    #expect(file.syntax == syntax && file.findings == [])
    #expect(set.strings(.imageType) == ["ORIGINAL", "PRIMARY", "M"])
    #expect(set.date(.studyDate) == "2024-02-29" && set.time(.studyTime) == "09:15:00")
    #expect(set.personName(.patientName)?.alphabetic == "Müller^A")
    #expect(set.number(.echoTime) == 98.5 && set.integer(.rows) == 513)
    #expect(set.numbers(.imagePositionPatient) == [1, -25, 3])
    #expect(set.items(DICOMTag(0x0020, 0x9111)).map { $0.string(.protocolName) } == ["one", nil])
    #expect(set.items(DICOMTag(0x0020, 0x9113)).count == 1)
    #expect(set.string(DICOMTag(0x0019, 0x0010)) == "VENDOR")
    // Names inside items are in the character set around them.
    #expect(set.items(DICOMTag(0x0020, 0x9111))[1].elements.isEmpty)
  }

  @Test(arguments: [DICOMTransferSyntax.implicitLittle, .explicitLittle, .explicitBig])
  func bareDataSetsAreGuessed(syntax: DICOMTransferSyntax) throws {
    var set = TinyDICOM(syntax)
    Self.fill(&set)
    #expect(DICOMFile.guess(set.bytes[...]) == syntax)
    let file = try DICOMFile.decode(set.bytes)
    #expect(file.syntax == syntax && file.dataSet.integer(.rows) == 513)
    #expect(file.findings.map(\.severity) == [.warning])
  }

  @Test(arguments: [
    "", "DICM", "# a text file about nothing in particular", "\u{89}PNG\r\n\u{1A}\n............",
    "{\"00080005\": {\"vr\": \"CS\"}}",
  ])
  func otherFilesAreNoDICOM(text: String) {
    let error = #expect(throws: ReadError.self) { try DICOMFile.decode(Array(text.utf8)) }
    #expect(error?.problem == "is no DICOM file")
  }

  @Test func aWrongSyntaxIsNoticed() throws {
    var set = TinyDICOM(.implicitLittle)
    Self.fill(&set)
    let file = try DICOMFile.decode(set.file(.explicitLittle))
    #expect(file.syntax == .implicitLittle && file.dataSet.integer(.rows) == 513)
    #expect(file.findings.first?.problem.contains("states Explicit VR Little Endian") == true)
  }

  @Test func gzippedFilesAreRead() throws {
    var set = TinyDICOM()
    Self.fill(&set)
    let file = try DICOMFile.decode(GZip.compress(set.file(.explicitLittle)))
    #expect(file.dataSet.integer(.rows) == 513)
  }

  // MARK: - Unknown and private elements

  @Test(arguments: [DICOMTransferSyntax.explicitLittle, .explicitBig])
  func unknownSequencesAreImplicitLittleEndian(syntax: DICOMTransferSyntax) throws {
    let file = try DICOMSamples.image(syntax) { set in
      var item = TinyDICOM(.implicitLittle)
      item.add(.rows, "US", [258])
      var hidden = TinyDICOM(.implicitLittle)
      hidden.add(DICOMTag(0x0029, 0x1001), items: [item])
      // The same bytes behind an explicit header of representation UN.
      set.header(DICOMTag(0x0029, 0x1001), "UN", length: nil)
      set.append(raw: Array(hidden.bytes.dropFirst(8)))
    }
    #expect(file.dataSet.items(DICOMTag(0x0029, 0x1001)).first?.integer(.rows) == 258)
  }

  @Test func unknownElementsGetTheDictionarysRepresentation() throws {
    let file = try DICOMSamples.image { set in
      set.add(.echoTime, "UN", "12 ")
      set.add(.patientName, "UN", "A^B")
      set.add(DICOMTag(0x0011, 0x1001), "UN", raw: [1, 2, 3, 4])
    }
    #expect(file.dataSet.number(.echoTime) == 12)
    #expect(file.dataSet.personName(.patientName)?.alphabetic == "A^B")
    #expect(file.dataSet.rawBytes(DICOMTag(0x0011, 0x1001))?.count == 4)
  }

  @Test func badRepresentationsAreReadAsFarAsTheyFit() throws {
    let file = try DICOMSamples.image { set in
      // Of the future: long form; wrong: implicit form; wrong, but with a short length.
      set.append(raw: [0x10, 0, 0x20, 0] + Array("ZZ".utf8) + [0, 0, 2, 0, 0, 0, 0x41, 0x42])
      set.append(raw: [0x18, 0, 0x81, 0, 2, 0, 0, 0, 0x39, 0x20])
      set.append(raw: [0x20, 0, 0x13, 0] + Array("XX".utf8) + [2, 0, 0x37, 0x20])
    }
    #expect(file.dataSet.string(.patientID) == "AB")
    #expect(file.dataSet.number(.echoTime) == 9)
    #expect(file.dataSet.integer(.instanceNumber) == 7)
    #expect(file.findings.count == 3)
  }

  @Test func repeatedElementsAndTrailingZerosAreTolerated() throws {
    let file = try DICOMSamples.image { set in
      set.add(.rows, "US", [1])
      set.add(.rows, "US", [2])
      set.append(raw: [UInt8](repeating: 0, count: 37))
    }
    #expect(file.dataSet.integer(.rows) == 1 && file.dataSet.elements.count == 1)
    #expect(file.findings.map(\.problem) == ["appears twice; the first is used"])
  }

  // MARK: - Values

  @Test func binaryNumbersOfEveryKind() throws {
    let file = try DICOMSamples.image(.explicitBig) { set in
      set.add(DICOMTag(0x0018, 0x9082), doubles: [1.5, -2])
      set.add(DICOMTag(0x0028, 0x0120), "SS", [-2000])
      set.add(DICOMTag(0x0028, 0x0009), "AT", [0x0018, 0x1063])
      set.add(DICOMTag(0x0018, 0x6020), "SL", raw: [0xFF, 0xFF, 0xFF, 0xFE])
      set.add(DICOMTag(0x0018, 0x9087), "FL", raw: [0x3F, 0x80, 0, 0])
    }
    let set = file.dataSet
    #expect(set.numbers(DICOMTag(0x0018, 0x9082)) == [1.5, -2])
    #expect(set.numbers(DICOMTag(0x0028, 0x0120)) == [-2000])
    #expect(set.tags(DICOMTag(0x0028, 0x0009)) == [DICOMTag(0x0018, 0x1063)])
    #expect(set.numbers(DICOMTag(0x0018, 0x6020)) == [-2])
    #expect(set.numbers(DICOMTag(0x0018, 0x9087)) == [1])
  }

  @Test func malformedValuesAreNone() throws {
    let file = try DICOMSamples.image { set in
      set.add(.studyDate, "DA", "20241301")
      set.add(.seriesDate, "DA", "1999.04.30")
      set.add(.studyTime, "TM", "25")
      set.add(.echoTime, "DS", "1A")
      set.add(.repetitionTime, "DS", "1\\\\3")
      set.add(.inversionTime, "DS", "inf")
      set.add(.pixelSpacing, "DS", "0,5\\0,5")
      set.add(.patientID, "LO", "  a\u{1B}]0;b\u{7}  ")
    }
    let set = file.dataSet
    #expect(set.date(.studyDate) == nil && set.date(.seriesDate) == "1999-04-30")
    #expect(set.time(.studyTime) == nil && set.number(.echoTime) == nil)
    #expect(set.numbers(.repetitionTime) == [] && set.numbers(.inversionTime) == [])
    #expect(set.numbers(.pixelSpacing) == [0.5, 0.5])
    let id = set.string(.patientID) ?? ""
    #expect(!id.unicodeScalars.contains { $0.value < 0x20 } && id.hasSuffix("b·"))
    #expect(set.string(.patientName) == nil && set.items(.patientName).isEmpty)
  }

  // MARK: - Damage

  @Test func aValueBeyondTheEndNamesItsTagAndPlace() throws {
    var set = TinyDICOM()
    set.add(.rows, "US", [1])
    set.header(.patientName, "PN", length: 40)
    let bytes = try set.file(.explicitLittle)
    let error = #expect(throws: ReadError.self) { try DICOMFile.decode(bytes, path: "a.dcm") }
    #expect(error?.path == "a.dcm" && error?.field == "(0010,0010) PatientName")
    #expect(error?.offset == bytes.count - 8)
    #expect(error?.problem == "states 40 bytes, 0 are there")
  }

  @Test func unfinishedItemsAndForeignTagsAreErrors() throws {
    var open = TinyDICOM()
    open.header(DICOMTag(0x0008, 0x1140), "SQ", length: nil)
    open.header(DICOMTag(0xFFFE, 0xE000), "", length: nil)
    open.add(.rows, "US", [1])
    var foreign = TinyDICOM()
    foreign.header(DICOMTag(0x0008, 0x1140), "SQ", length: nil)
    foreign.add(.rows, "US", [1])
    for set in [open, foreign] {
      #expect(throws: ReadError.self) { try DICOMFile.decode(set.file(.explicitLittle)) }
    }
  }

  @Test func depthAndNumberOfElementsAreLimited() throws {
    func nested(_ depth: Int) throws -> [UInt8] {
      var set = TinyDICOM()
      for _ in 0..<depth {
        set.header(DICOMTag(0x0008, 0x1140), "SQ", length: nil)
        set.header(DICOMTag(0xFFFE, 0xE000), "", length: nil)
      }
      for _ in 0..<depth {
        set.header(DICOMTag(0xFFFE, 0xE00D), "", length: 0)
        set.header(DICOMTag(0xFFFE, 0xE0DD), "", length: 0)
      }
      return try set.file(.explicitLittle)
    }
    _ = try DICOMFile.decode(nested(DICOMLimits.depth))
    let deep = #expect(throws: ReadError.self) {
      try DICOMFile.decode(nested(DICOMLimits.depth + 1))
    }
    #expect(deep?.problem.contains("deep") == true)
    var many = TinyDICOM()
    many.header(DICOMTag(0x0008, 0x1140), "SQ", length: nil)
    let item: [UInt8] = [0xFE, 0xFF, 0x00, 0xE0, 0, 0, 0, 0]
    many.append(raw: (0...DICOMLimits.elements).flatMap { _ in item })
    let error = #expect(throws: ReadError.self) { try DICOMFile.decode(many.file(.explicitLittle)) }
    #expect(error?.problem.contains("more than 1048576 data elements") == true)
  }
}
