/// One escape sequence as it stands in a stream of bytes.
enum ControlSequence: Equatable {
  /// `ESC [ parameters intermediates final`.
  case csi(parameters: [UInt8], final: UInt8)
  /// `ESC O final`.
  case ss3(UInt8)
  /// A string: kind is `P` (DCS), `_` (APC), `]` (OSC), `^` (PM) or `X` (SOS).
  case string(kind: UInt8, body: [UInt8])
  /// `ESC` and one other byte.
  case escape(UInt8)

  /// What stands at an escape byte.
  enum Scan: Equatable {
    /// A whole sequence of this many bytes.
    case complete(ControlSequence, length: Int)
    /// The bytes end inside the sequence.
    case incomplete
  }

  /// Reads the sequence that begins with the escape byte at `start`.
  static func scan(_ bytes: [UInt8], from start: Int) -> Scan {
    guard start + 1 < bytes.count else { return .incomplete }
    let kind = bytes[start + 1]
    switch kind {
    case UInt8(ascii: "["): return scanCSI(bytes, from: start)
    case UInt8(ascii: "O"):
      guard start + 2 < bytes.count else { return .incomplete }
      return .complete(.ss3(bytes[start + 2]), length: 3)
    case UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "]"), UInt8(ascii: "^"),
      UInt8(ascii: "X"):
      return scanString(bytes, from: start, kind: kind)
    default: return .complete(.escape(kind), length: 2)
    }
  }

  private static func scanCSI(_ bytes: [UInt8], from start: Int) -> Scan {
    var index = start + 2
    while index < bytes.count {
      let byte = bytes[index]
      if byte >= 0x40 && byte <= 0x7e {
        let parameters = Array(bytes[(start + 2)..<index])
        // A mouse report of the old form carries three bytes after its `M`.
        if byte == UInt8(ascii: "M"), parameters.isEmpty {
          guard index + 3 < bytes.count else { return .incomplete }
          let report = Array(bytes[(index + 1)...(index + 3)])
          return .complete(.csi(parameters: report, final: 0), length: index + 4 - start)
        }
        return .complete(
          .csi(parameters: parameters, final: byte), length: index + 1 - start)
      }
      // A control byte inside ends a broken sequence; it is looked at again.
      if byte < 0x20 || byte > 0x7e {
        return .complete(
          .csi(parameters: Array(bytes[(start + 2)..<index]), final: 0), length: index - start)
      }
      index += 1
    }
    return .incomplete
  }

  private static func scanString(_ bytes: [UInt8], from start: Int, kind: UInt8) -> Scan {
    var index = start + 2
    while index < bytes.count {
      if bytes[index] == 0x07 {
        return .complete(
          .string(kind: kind, body: Array(bytes[(start + 2)..<index])), length: index + 1 - start)
      }
      if bytes[index] == 0x1b {
        guard index + 1 < bytes.count else { return .incomplete }
        let terminated = bytes[index + 1] == UInt8(ascii: "\\")
        return .complete(
          .string(kind: kind, body: Array(bytes[(start + 2)..<index])),
          length: (terminated ? index + 2 : index) - start)
      }
      index += 1
    }
    return .incomplete
  }

  /// The numbers in parameter bytes: "?63;1;4" is [63, 1, 4]; what is not a number is `nil`.
  static func numbers(_ parameters: some Collection<UInt8>) -> [Int?] {
    let marks = Set("?<=>".utf8)
    let digits = parameters.filter { !marks.contains($0) }
    return digits.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map {
      // Nine digits are plenty, and cannot overflow.
      $0.count <= 9 ? Int(String(decoding: $0, as: UTF8.self)) : nil
    }
  }
}
