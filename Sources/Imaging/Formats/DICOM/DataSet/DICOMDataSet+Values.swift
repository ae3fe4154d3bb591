internal import Foundation

// MARK: - Text

extension DICOMDataSet {
  /// All values of a text element, decoded, trimmed of padding and cleaned.
  public func strings(_ tag: DICOMTag) -> [String] {
    decoded(tag).map { Self.trimmed($0).cleaned }
  }

  /// The first value of a text element, or `nil` when there is none or it is empty.
  public func string(_ tag: DICOMTag) -> String? {
    guard let first = strings(tag).first, !first.isEmpty else { return nil }
    return first
  }

  /// A name with its component groups, or `nil` when it is absent or empty.
  public func personName(_ tag: DICOMTag) -> DICOMPersonName? {
    guard let text = decoded(tag).first else { return nil }
    let name = DICOMPersonName(text)
    return name.isEmpty ? nil : name
  }

  /// A unique identifier, without the byte that pads it, or `nil` when it is absent or empty.
  public func uid(_ tag: DICOMTag) -> String? { string(tag) }

  /// The values as text before trimming and cleaning; numbers are not turned into text.
  private func decoded(_ tag: DICOMTag) -> [String] {
    guard let element = elements[tag], case .bytes(let range) = element.content, !range.isEmpty
    else { return [] }
    let vr = element.vr == .UN ? DICOMDictionary.representation(of: tag) : element.vr
    let text: String
    if vr.usesCharacterSet {
      text = characterSets.decode(bytes[range], isName: vr == .PN)
    } else {
      // The default repertoire (PS3.5 section 6.1.1); what is beyond is shown as unreadable.
      text = String(
        String.UnicodeScalarView(
          bytes[range].map { $0 < 0x80 ? Unicode.Scalar($0) : "\u{FFFD}" }))
    }
    if vr.isSingleText { return [text] }
    return text.split(separator: "\\", omittingEmptySubsequences: false).map(String.init)
  }

  /// Without the spaces around and the NULs behind (PS3.5 section 6.2).
  private static func trimmed(_ text: String) -> String {
    let scalars = text.unicodeScalars
    func isPadding(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\0" }
    guard let first = scalars.firstIndex(where: { !isPadding($0) }),
      let last = scalars.lastIndex(where: { !isPadding($0) })
    else { return "" }
    return String(scalars[first...last])
  }
}

// MARK: - Numbers

extension DICOMDataSet {
  /// All values of a numeric element: text (DS, IS) or binary (US, SS, UL, SL, UV, SV, FL, FD).
  ///
  /// Empty when the element is absent or one of its values is no finite number.
  public func numbers(_ tag: DICOMTag) -> [Double] {
    guard let element = elements[tag], case .bytes(let range) = element.content, !range.isEmpty
    else { return [] }
    let vr = element.vr == .UN ? DICOMDictionary.representation(of: tag) : element.vr
    let values: [Double?]
    switch vr {
    case .DS, .IS, .CS, .LO, .SH: values = strings(tag).map(Self.number)
    case .US: values = integers(range, UInt16.self)
    case .SS: values = integers(range, Int16.self)
    case .UL: values = integers(range, UInt32.self)
    case .SL: values = integers(range, Int32.self)
    case .UV: values = integers(range, UInt64.self)
    case .SV: values = integers(range, Int64.self)
    case .FL: values = raw(range, UInt32.self).map { Double(Float(bitPattern: $0)) }
    case .FD: values = raw(range, UInt64.self).map { Double(bitPattern: $0) }
    default: values = []
    }
    let numbers = values.compactMap { $0 }.filter(\.isFinite)
    return numbers.count == values.count ? numbers : []
  }

  /// The first value of a numeric element, or `nil`.
  public func number(_ tag: DICOMTag) -> Double? { numbers(tag).first }

  /// The first value as a whole number, or `nil` when it is none.
  public func integer(_ tag: DICOMTag) -> Int? { number(tag).flatMap(Int.init(exactly:)) }

  /// Exactly three numbers, or `nil`.
  func vector(_ tag: DICOMTag) -> SIMD3<Double>? {
    let values = numbers(tag)
    return values.count == 3 ? SIMD3(values[0], values[1], values[2]) : nil
  }

  /// The tags an attribute-tag element (AT) names.
  public func tags(_ tag: DICOMTag) -> [DICOMTag] {
    guard let element = elements[tag], element.vr == .AT, case .bytes(let range) = element.content
    else { return [] }
    let halves = raw(range, UInt16.self)
    return stride(from: 0, to: halves.count - 1, by: 2).map {
      DICOMTag(halves[$0], halves[$0 + 1])
    }
  }

  /// The whole number at a place of a list of 16-bit values, read in the representation asked for.
  func signedOrUnsigned16(_ tag: DICOMTag, isSigned: Bool) -> Int? {
    guard let element = elements[tag], case .bytes(let range) = element.content,
      element.vr == .US || element.vr == .SS || element.vr == .OW || element.vr == .UN,
      let bits = raw(range, UInt16.self).first
    else { return integer(tag) }
    return isSigned ? Int(Int16(bitPattern: bits)) : Int(bits)
  }

  private func raw<Number: FixedWidthInteger>(
    _ range: Range<Int>, _ type: Number.Type
  ) -> [Number] {
    bytes.withUnsafeBytes { whole in
      let part = UnsafeRawBufferPointer(rebasing: whole[range])
      return RawNumbers.decode(
        part, count: part.count / MemoryLayout<Number>.size, order: order, as: type
      ) { $0 }
    }
  }

  private func integers<Number: FixedWidthInteger>(
    _ range: Range<Int>, _ type: Number.Type
  ) -> [Double?] {
    raw(range, type).map { Double($0) }
  }

  /// A DS or IS value; a decimal comma, which some writers use, counts as a point.
  private static func number(_ text: String) -> Double? {
    guard text.utf8.count <= 64 else { return nil }
    let allowed = text.utf8.allSatisfy {
      (0x30...0x39).contains($0) || "+-.,eE".utf8.contains($0)
    }
    return allowed ? Double(text.replacing(",", with: ".")) : nil
  }
}

// MARK: - Dates

extension DICOMDataSet {
  /// A date as `YYYY-MM-DD`, or `nil` when it is absent or no date.
  ///
  /// Read are `YYYYMMDD`, the older `YYYY.MM.DD`, and the date of a date and time.
  public func date(_ tag: DICOMTag) -> String? {
    guard let text = string(tag) else { return nil }
    var digits = Array(text.utf8)
    if digits.count >= 10, digits[4] == UInt8(ascii: "."), digits[7] == UInt8(ascii: ".") {
      digits.remove(at: 7)
      digits.remove(at: 4)
    }
    let parts = Self.fields(digits, [4, 2, 2])
    guard parts.count == 3, (1...12).contains(parts[1]), (1...31).contains(parts[2]) else {
      return nil
    }
    return [Self.padded(parts[0], 4), Self.padded(parts[1], 2), Self.padded(parts[2], 2)]
      .joined(separator: "-")
  }

  /// A time as `HH:MM:SS`, or `nil` when it is absent or no time; absent minutes and seconds are 00.
  public func time(_ tag: DICOMTag) -> String? {
    guard let text = string(tag) else { return nil }
    let parts = Self.fields(text.utf8.filter { $0 != UInt8(ascii: ":") }, [2, 2, 2])
    guard let hour = parts.first, hour < 24 else { return nil }
    let minute = parts.count > 1 ? parts[1] : 0
    let second = parts.count > 2 ? parts[2] : 0
    // 60 is a leap second.
    guard minute < 60, second <= 60 else { return nil }
    return [hour, minute, second].map { Self.padded($0, 2) }.joined(separator: ":")
  }

  /// Numbers of fixed widths from the start, as many as are wholly digits.
  private static func fields(_ digits: [UInt8], _ widths: [Int]) -> [Int] {
    var result: [Int] = []
    var at = 0
    for width in widths {
      guard at + width <= digits.count else { break }
      let piece = digits[at..<at + width]
      guard piece.allSatisfy({ (0x30...0x39).contains($0) }) else { break }
      result.append(piece.reduce(0) { $0 * 10 + Int($1 - 0x30) })
      at += width
    }
    return result
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }
}
