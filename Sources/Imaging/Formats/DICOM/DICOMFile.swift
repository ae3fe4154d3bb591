public import Foundation

/// A DICOM file: what its header says and where its pixels lie.
///
/// Read are Part 10 files (PS3.10 section 7) and bare data sets, whole or compressed with gzip. Where no
/// transfer syntax is stated it is guessed from the first element; see ``guess(_:)``.
public struct DICOMFile: Sendable {
  /// The file's path, for errors.
  public let path: String
  /// The File Meta Information (group 0002); empty for bare data sets.
  public let meta: DICOMDataSet
  /// The data set.
  public let dataSet: DICOMDataSet
  /// How the data set and its pixels are encoded.
  public let syntax: DICOMTransferSyntax
  /// What is doubtful about the encoding; none has severity `error`.
  public let findings: [HeaderFinding]

  /// Reads a file.
  /// - Parameter headerOnly: leave out the pixels and what follows them.
  /// - Throws: `ReadError` when it is no DICOM file, truncated before its pixels, or damaged.
  public static func read(_ url: URL, headerOnly: Bool = false) throws -> DICOMFile {
    if headerOnly {
      // The header rarely has more; a file that needs it all is read again.
      let size = try FileBytes.size(of: url)
      let start = 1 << 18
      if size > start {
        let bytes = try FileBytes.read(url, range: 0..<start)
        guard looksLikeDICOM(bytes) || GZip.isGZip(bytes) else { throw notDICOM(url.path) }
        if let file = try? decode(bytes, path: url.path, headerOnly: true, mustStop: true) {
          return file
        }
      }
    }
    let bytes = try FileBytes.read(url, limit: DICOMLimits.fileBytes)
    return try decode(bytes, path: url.path, headerOnly: headerOnly)
  }

  /// Reads a file from its bytes.
  /// - Throws: `ReadError` when it is no DICOM file, truncated before its pixels, or damaged.
  public static func decode(
    _ bytes: [UInt8], path: String = "", headerOnly: Bool = false
  ) throws -> DICOMFile {
    try decode(bytes, path: path, headerOnly: headerOnly, mustStop: false)
  }

  /// Whether the first bytes (at least 144 of them, or all) are those of a DICOM file.
  public static func looksLikeDICOM(_ bytes: [UInt8]) -> Bool {
    hasPreamble(bytes) || guess(bytes[...]) != nil
  }

  private static func hasPreamble(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 132 && bytes[128..<132].elementsEqual("DICM".utf8)
  }

  /// The error of files that are none.
  static func notDICOM(_ path: String) -> ReadError {
    ReadError(path: path, problem: "is no DICOM file")
  }

  /// Whether it is a DICOMDIR.
  public var isDirectory: Bool {
    dataSet[.directoryRecordSequence] != nil
      || meta.uid(.mediaStorageSOPClassUID) == "1.2.840.10008.1.3.10"
  }

  // MARK: - Parts

  private static func decode(
    _ given: [UInt8], path: String, headerOnly: Bool, mustStop: Bool
  ) throws -> DICOMFile {
    var bytes = given
    if GZip.isGZip(bytes) {
      bytes = try GZip.decompress(bytes, limit: DICOMLimits.expandedBytes, path: path)
    }
    var parser = DICOMParser(bytes, path: path)
    let isPart10 = hasPreamble(bytes)
    guard isPart10 || guess(bytes[...]) != nil else { throw notDICOM(path) }
    try parser.seek(to: isPart10 ? 132 : 0)
    let meta = try metaInformation(&parser)
    var findings = parser.findings
    let metaFindings = findings.count
    let start = parser.cursor.position
    let syntax = try transferSyntax(meta, bytes[start...], path, &findings)
    if syntax.isDeflated {
      let expanded = try GZip.inflateRaw(
        bytes, from: start, limit: DICOMLimits.expandedBytes, path: path)
      parser = DICOMParser(expanded, path: path)
    }
    var stopped = false
    let dataSet = try parser.dataSet(
      .init(isExplicit: syntax.isExplicit, order: syntax.order),
      end: .at(parser.cursor.bytes.count)
    ) { tag in
      stopped = headerOnly && tag.group == DICOMTag.pixelData.group
      return stopped
    }
    if mustStop, !stopped || syntax.isDeflated {
      throw ReadError(path: path, problem: "the header is longer than what was read of it")
    }
    return DICOMFile(
      path: path, meta: meta, dataSet: dataSet, syntax: syntax,
      findings: findings + parser.findings.dropFirst(syntax.isDeflated ? 0 : metaFindings))
  }

  /// Group 0002, always explicit and little endian; its stated length is often wrong and not needed.
  private static func metaInformation(_ parser: inout DICOMParser) throws -> DICOMDataSet {
    let count = parser.cursor.bytes.count
    return try parser.dataSet(.init(isExplicit: true, order: .little), end: .at(count)) {
      $0.group != 0x0002
    }
  }

  private static func transferSyntax(
    _ meta: DICOMDataSet, _ rest: ArraySlice<UInt8>, _ path: String,
    _ findings: inout [HeaderFinding]
  ) throws -> DICOMTransferSyntax {
    let guessed = guess(rest) ?? .implicitLittle
    guard let uid = meta.uid(.transferSyntaxUID) else {
      let field = DICOMTag.transferSyntaxUID.description
      findings.append(
        HeaderFinding(
          severity: .warning, field: field, offset: rest.startIndex,
          problem: "is absent; the first element looks like \(guessed.name)", advice: nil))
      return guessed
    }
    let stated = DICOMTransferSyntax(uid: uid)
    // Implicit data under an explicit name and the reverse are common in old archives.
    let isPlain = stated.compression == .none && !stated.isDeflated
    if isPlain, let seen = guess(rest), seen != stated {
      findings.append(
        HeaderFinding(
          severity: .warning, field: DICOMTag.transferSyntaxUID.description,
          offset: meta[.transferSyntaxUID]?.offset ?? 0,
          problem: "states \(stated.name), but the data set is \(seen.name)", advice: nil))
      return seen
    }
    if stated == .papyrus, let seen = guess(rest), seen.isExplicit {
      return DICOMTransferSyntax(stated.uid, stated.name, stated.compression, order: seen.order)
    }
    return stated
  }

  // MARK: - Guess

  /// The encoding that a first element shows, or `nil` when it looks like none.
  ///
  /// The group tells the byte order: of its two readings the smaller is right, as data sets begin with
  /// a low group. A known representation in bytes 4 and 5 tells explicit from implicit. An implicit
  /// element must be one the dictionary knows, or a group length, with a length that fits; big endian
  /// exists in explicit form only.
  public static func guess(_ bytes: ArraySlice<UInt8>) -> DICOMTransferSyntax? {
    guard bytes.count >= 8 else { return nil }
    let b = Array(bytes.prefix(8))
    let little = UInt16(b[0]) | UInt16(b[1]) << 8
    let big = little.byteSwapped
    let isBig = big < little
    let group = min(little, big)
    guard group <= 0x0040 || group == 0x7FE0 else { return nil }
    let element = isBig ? UInt16(b[2]) << 8 | UInt16(b[3]) : UInt16(b[2]) | UInt16(b[3]) << 8
    if DICOMVR(b[4], b[5]) != nil { return isBig ? .explicitBig : .explicitLittle }
    let tag = DICOMTag(group, element)
    let length = (4..<8).reversed().reduce(0) { $0 << 8 | Int(b[$1]) }
    guard !isBig, group > 0, DICOMDictionary.knows(tag) || tag.isGroupLength,
      length <= bytes.count - 8
    else { return nil }
    return .implicitLittle
  }
}
