/// A value in Python's source notation, as far as NumPy's headers use it.
enum PythonLiteral: Equatable {
  case text(String)
  case integer(Int)
  case boolean(Bool)
  case none
  case sequence([PythonLiteral])
  case mapping([String: PythonLiteral])
}

/// A parser of ``PythonLiteral`` over header bytes; offsets in errors count from the file's start.
struct PythonLiteralParser {
  private let bytes: ArraySlice<UInt8>
  private let path: String
  private var position: Int

  /// Parses a slice whose indices are offsets in the file.
  init(_ bytes: ArraySlice<UInt8>, path: String) {
    self.bytes = bytes
    self.path = path
    position = bytes.startIndex
  }

  /// The one value the bytes hold; white space may surround it.
  mutating func parse() throws(ReadError) -> PythonLiteral {
    let result = try value(depth: 0)
    skipSpace()
    guard position == bytes.endIndex else { throw error("has text behind its dictionary") }
    return result
  }

  private func error(_ problem: String) -> ReadError {
    ReadError(
      path: path, field: "header", offset: position, problem: problem,
      advice: "write the file again with numpy.save")
  }

  private var next: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || (0x09...0x0D).contains(byte) { position += 1 }
  }

  /// Consumes a character after white space when it is the next.
  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws(ReadError) -> PythonLiteral {
    guard depth < 8 else { throw error("is nested too deeply") }
    if take("{") { return try mapping(depth: depth) }
    if take("(") { return .sequence(try items(until: ")", depth: depth)) }
    if take("[") { return .sequence(try items(until: "]", depth: depth)) }
    if take("'") { return .text(try text(until: "'")) }
    if take("\"") { return .text(try text(until: "\"")) }
    return try word()
  }

  private mutating func items(
    until end: Unicode.Scalar, depth: Int
  ) throws(ReadError) -> [PythonLiteral] {
    var result: [PythonLiteral] = []
    while !take(end) {
      result.append(try value(depth: depth + 1))
      if !take(",") {
        guard take(end) else { throw error("lacks a comma or bracket") }
        break
      }
    }
    return result
  }

  private mutating func mapping(depth: Int) throws(ReadError) -> PythonLiteral {
    var result: [String: PythonLiteral] = [:]
    while !take("}") {
      guard case .text(let key) = try value(depth: depth + 1) else {
        throw error("has a key that is no text")
      }
      guard take(":") else { throw error("lacks a colon behind a key") }
      guard result.updateValue(try value(depth: depth + 1), forKey: key) == nil else {
        throw error("has a key twice")
      }
      if !take(",") {
        guard take("}") else { throw error("lacks a comma or brace") }
        break
      }
    }
    return .mapping(result)
  }

  private mutating func text(until quote: Unicode.Scalar) throws(ReadError) -> String {
    let start = position
    while let byte = next {
      // Type codes and field names need no escapes.
      guard byte != UInt8(ascii: "\\") else { throw error("has an escape in a text") }
      if byte == UInt8(ascii: quote) {
        position += 1
        return String(decoding: bytes[start..<position - 1], as: UTF8.self)
      }
      position += 1
    }
    throw error("has a text without end")
  }

  private mutating func word() throws(ReadError) -> PythonLiteral {
    skipSpace()
    let start = position
    while let byte = next,
      Character(Unicode.Scalar(byte)).isLetter || (0x30...0x39).contains(byte)
        || byte == UInt8(ascii: "-")
    { position += 1 }
    let word = String(decoding: bytes[start..<position], as: UTF8.self)
    switch word {
    case "True": return .boolean(true)
    case "False": return .boolean(false)
    case "None": return .none
    default:
      // Python 2 marked long integers with L.
      if let number = Int(word.hasSuffix("L") ? String(word.dropLast()) : word) {
        return .integer(number)
      }
      position = start
      throw error("is not a NumPy dictionary")
    }
  }
}
