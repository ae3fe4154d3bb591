/// Elements from bytes: explicit and implicit, either byte order, sequences to a stated depth.
///
/// PS3.5 section 7. Kept deviations of real files, each a finding: unknown representations, elements
/// written implicitly in an explicit file, repeated elements, zeros behind the last element.
struct DICOMParser {
  /// How the elements of a data set are written.
  struct Encoding {
    var isExplicit: Bool
    var order: ByteOrder

    static let implicitLittle = Encoding(isExplicit: false, order: .little)
  }

  /// The tag, representation and length in front of a value.
  private struct Header {
    var tag: DICOMTag
    var vr: DICOMVR
    /// `nil` when it is undefined: a delimiter ends the value.
    var length: Int?
    var offset: Int
  }

  private(set) var cursor: ByteCursor
  private(set) var findings: [HeaderFinding] = []
  private var elementCount = 0
  /// The first byte other than zero behind zeros that were looked through: each is looked at once, or
  /// a file of zeros with one other byte at its end would take time by the square of its length.
  private var zerosEnd = 0

  init(_ bytes: [UInt8], path: String) { cursor = ByteCursor(bytes, path: path, order: .little) }

  /// Where a data set ends.
  enum End {
    /// At this offset.
    case at(Int)
    /// At an item delimiter before this offset.
    case delimiter(before: Int)

    var offset: Int {
      switch self {
      case .at(let offset), .delimiter(let offset): offset
      }
    }
  }

  /// Moves to an offset.
  mutating func seek(to offset: Int) throws(ReadError) { try cursor.seek(to: offset) }

  /// The data set from the position on.
  /// - Parameter stops: asked before each element; `true` ends the data set in front of it.
  /// - Throws: `ReadError` with offset and tag.
  mutating func dataSet(
    _ encoding: Encoding, end: End, depth: Int = 0,
    characterSets: DICOMCharacterSets = DICOMCharacterSets(),
    stops: (DICOMTag) -> Bool = { _ in false }
  ) throws(ReadError) -> DICOMDataSet {
    var result = DICOMDataSet(
      path: cursor.path, order: encoding.order, bytes: cursor.bytes, characterSets: characterSets)
    while cursor.position < end.offset {
      if depth == 0, restIsZero() { break }
      if stops(try nextTag(encoding)) { return result }
      let header = try header(encoding, end: end.offset)
      if header.tag == .itemEnd || header.tag == .sequenceEnd {
        if case .delimiter = end, header.tag == .itemEnd { return result }
        note(header, "is a delimiter outside a sequence; skipped")
        continue
      }
      let element = try element(header, encoding, end.offset, depth, result.characterSets)
      guard result.elements[element.tag] == nil else {
        note(header, "appears twice; the first is used")
        continue
      }
      result.elements[element.tag] = element
      if element.tag == .specificCharacterSet {
        result.characterSets = DICOMCharacterSets(terms: result.strings(.specificCharacterSet))
      }
    }
    if case .delimiter = end {
      throw cursor.error(
        "the file ends inside an item", field: DICOMTag.item.description, offset: cursor.position,
        advice: "the file is truncated or damaged; copy it again")
    }
    return result
  }

  // MARK: - Headers

  private mutating func nextTag(_ encoding: Encoding) throws(ReadError) -> DICOMTag {
    cursor.order = encoding.order
    return DICOMTag(
      try cursor.get(at: cursor.position, field: "tag"),
      try cursor.get(at: cursor.position + 2, field: "tag"))
  }

  private mutating func header(_ encoding: Encoding, end: Int) throws(ReadError) -> Header {
    elementCount += 1
    let offset = cursor.position
    guard elementCount <= DICOMLimits.elements else {
      throw cursor.error(
        "has more than \(DICOMLimits.elements) data elements", offset: offset,
        advice: "the file is damaged or made to exhaust memory")
    }
    cursor.order = encoding.order
    let tag = DICOMTag(
      try cursor.read(UInt16.self, field: "tag"), try cursor.read(UInt16.self, field: "tag"))
    if tag.group == 0xFFFE || !encoding.isExplicit {
      let length = try cursor.read(UInt32.self, field: tag.description)
      return Header(
        tag: tag, vr: DICOMDictionary.representation(of: tag), length: Self.defined(length),
        offset: offset)
    }
    let code = Array(try cursor.getBytes(at: cursor.position, count: 2, field: tag.description))
    guard let vr = DICOMVR(code[0], code[1]) else {
      return try oddHeader(tag, code, offset: offset, end: end)
    }
    try cursor.seek(to: cursor.position + 2)
    let length = try statedLength(long: vr.hasLongLength, tag)
    return Header(tag: tag, vr: Self.settled(vr, tag), length: length, offset: offset)
  }

  private mutating func statedLength(long: Bool, _ tag: DICOMTag) throws(ReadError) -> Int? {
    guard long else { return Int(try cursor.read(UInt16.self, field: tag.description)) }
    _ = try cursor.readBytes(2, field: tag.description)
    return Self.defined(try cursor.read(UInt32.self, field: tag.description))
  }

  /// A header whose two bytes name no representation.
  ///
  /// Two capitals are a representation of the future, which has the long form (PS3.5 section 7.1.2),
  /// or the short one where only that fits. Anything else is taken for an element written implicitly,
  /// where its length fits.
  private mutating func oddHeader(
    _ tag: DICOMTag, _ code: [UInt8], offset: Int, end: Int
  ) throws(ReadError) -> Header {
    let at = cursor.position
    let vr = DICOMDictionary.representation(of: tag)
    let isWord = code.allSatisfy { (0x41...0x5A).contains($0) }
    let forms: [(lengthAt: Int, size: Int)] = isWord ? [(at + 4, 4), (at + 2, 2)] : [(at, 4)]
    for form in forms {
      let length: Int?
      if form.size == 4 {
        guard let value = try? cursor.get(at: form.lengthAt, as: UInt32.self) else { continue }
        length = Self.defined(value)
      } else {
        guard let value = try? cursor.get(at: form.lengthAt, as: UInt16.self) else { continue }
        length = Int(value)
      }
      let valueAt = form.lengthAt + form.size
      guard valueAt <= end, (length ?? 0) <= end - valueAt else { continue }
      try cursor.seek(to: valueAt)
      let header = Header(tag: tag, vr: vr, length: length, offset: offset)
      note(
        header,
        isWord
          ? "has the unknown representation \(String(decoding: code, as: UTF8.self))"
          : "states no representation")
      return header
    }
    throw cursor.error(
      "states no value representation and no length that fits", field: tag.description,
      offset: offset, advice: "the file is damaged; copy it again")
  }

  /// Elements of unknown representation get the dictionary's (PS3.5 section 6.2.2, note).
  private static func settled(_ vr: DICOMVR, _ tag: DICOMTag) -> DICOMVR {
    guard vr == .UN else { return vr }
    let known = DICOMDictionary.representation(of: tag)
    return known == .SQ ? .UN : known
  }

  private static func defined(_ length: UInt32) -> Int? {
    length == .max ? nil : Int(length)
  }

  private mutating func note(_ header: Header, _ problem: String) {
    // A damaged file could have one for each element.
    guard findings.count < 64 else { return }
    findings.append(
      HeaderFinding(
        severity: .note, field: header.tag.description, offset: header.offset, problem: problem,
        advice: nil))
  }

  /// Whether only zeros, or nothing that could be an element, follow.
  private mutating func restIsZero() -> Bool {
    guard cursor.position >= zerosEnd else { return false }
    let rest = cursor.bytes[cursor.position...]
    guard rest.first == 0 else { return false }
    guard rest.count < 8 || rest.prefix(8).allSatisfy({ $0 == 0 }) else { return false }
    guard let other = rest.firstIndex(where: { $0 != 0 }) else { return true }
    zerosEnd = other
    return false
  }

  // MARK: - Values

  private mutating func element(
    _ header: Header, _ encoding: Encoding, _ end: Int, _ depth: Int,
    _ characterSets: DICOMCharacterSets
  ) throws(ReadError) -> DICOMElement {
    let tag = header.tag
    let at = cursor.position
    guard let length = header.length else {
      if tag == .pixelData, header.vr != .SQ {
        let fragments = try fragments(header, encoding, end)
        return DICOMElement(
          tag: tag, vr: header.vr, offset: header.offset, content: .fragments(fragments))
      }
      let items = try items(header, encoding, nil, end, depth, characterSets)
      return DICOMElement(tag: tag, vr: .SQ, offset: header.offset, content: .items(items))
    }
    let available = end - at
    guard length <= available else {
      // Cut-off pixels leave the rest of the header usable; who decodes them says that they lack.
      if depth == 0, tag == .pixelData {
        try cursor.seek(to: end)
        return DICOMElement(
          tag: tag, vr: header.vr, offset: header.offset, content: .bytes(at..<end),
          missingBytes: length - available)
      }
      throw cursor.error(
        "states \(length) bytes, \(max(0, available)) are there", field: tag.description,
        offset: header.offset, advice: "the file is truncated or damaged; copy it again")
    }
    let isKnownSequence = DICOMDictionary.representation(of: tag) == .SQ
    if header.vr == .SQ || header.vr == .UN && isKnownSequence {
      let items = try items(header, encoding, at + length, at + length, depth, characterSets)
      return DICOMElement(tag: tag, vr: .SQ, offset: header.offset, content: .items(items))
    }
    try cursor.seek(to: at + length)
    return DICOMElement(
      tag: tag, vr: header.vr, offset: header.offset, content: .bytes(at..<at + length))
  }

  /// The items of a sequence that ends at `stop`, or at its delimiter when that is `nil`.
  private mutating func items(
    _ header: Header, _ outer: Encoding, _ stop: Int?, _ end: Int, _ depth: Int,
    _ characterSets: DICOMCharacterSets
  ) throws(ReadError) -> [DICOMDataSet] {
    guard depth < DICOMLimits.depth else {
      throw cursor.error(
        "sequences lie more than \(DICOMLimits.depth) deep", field: header.tag.description,
        offset: header.offset, advice: "the file is damaged or made to exhaust memory")
    }
    var encoding = outer
    if header.vr == .UN, outer.isExplicit { encoding = hiddenEncoding() }
    var items: [DICOMDataSet] = []
    while cursor.position < (stop ?? .max) {
      let item = try self.header(encoding, end: end)
      if item.tag == .sequenceEnd { break }
      guard item.tag == .item else {
        throw cursor.error(
          "\(item.tag) stands where an item of \(header.tag) should", field: header.tag.description,
          offset: item.offset, advice: "the file is damaged; copy it again")
      }
      let at = cursor.position
      var length = item.length
      if let stated = length, stated > end - at {
        // The sequence's own length fits: the item's is the wrong one.
        guard stop != nil, at <= end else {
          throw cursor.error(
            "an item states \(stated) bytes, \(max(0, end - at)) are there",
            field: header.tag.description, offset: item.offset,
            advice: "the file is truncated or damaged; copy it again")
        }
        note(item, "states \(stated) bytes, its sequence has \(end - at) left")
        length = end - at
      }
      let itemEnd = length.map { End.at(at + $0) } ?? .delimiter(before: end)
      items.append(
        try dataSet(encoding, end: itemEnd, depth: depth + 1, characterSets: characterSets))
    }
    return items
  }

  /// How the items of a sequence of unknown representation are written: implicit, little endian
  /// (PS3.5 section 6.2.2); some writers leave them explicit, which the first element shows.
  private func hiddenEncoding() -> Encoding {
    let at = cursor.position + 12
    let little = Encoding(isExplicit: true, order: .little)
    guard at + 2 <= cursor.bytes.count else { return .implicitLittle }
    return DICOMVR(cursor.bytes[at], cursor.bytes[at + 1]) == nil ? .implicitLittle : little
  }

  /// The fragments of compressed pixels, the offset table first.
  private mutating func fragments(
    _ header: Header, _ encoding: Encoding, _ end: Int
  ) throws(ReadError) -> [Range<Int>] {
    var fragments: [Range<Int>] = []
    while true {
      let item = try self.header(encoding, end: end)
      if item.tag == .sequenceEnd { return fragments }
      let at = cursor.position
      guard item.tag == .item, let length = item.length else {
        throw cursor.error(
          "\(item.tag) stands where a fragment should", field: header.tag.description,
          offset: item.offset, advice: "the file is damaged; copy it again")
      }
      guard length <= end - at else {
        throw cursor.error(
          "a fragment states \(length) bytes, \(max(0, end - at)) are there",
          field: header.tag.description, offset: item.offset,
          advice: "the file is truncated or damaged; copy it again")
      }
      fragments.append(at..<at + length)
      try cursor.seek(to: at + length)
    }
  }
}
