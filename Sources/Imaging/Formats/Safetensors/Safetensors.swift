public import Foundation

/// Named tensors with a table of texts, in the safetensors format.
///
/// The file is an 8-byte little-endian header length, a JSON header, then the tensors' bytes.
public struct Safetensors: Equatable, Sendable {
  /// Free texts; the `__metadata__` entry of the header.
  public var metadata: [String: String]
  /// The tensors by name.
  public var tensors: [String: Tensor]

  /// Makes a table of tensors.
  public init(metadata: [String: String] = [:], tensors: [String: Tensor] = [:]) {
    self.metadata = metadata
    self.tensors = tensors
  }

  /// Reads a file.
  /// - Throws: `ReadError` when the header is damaged or does not describe the bytes exactly:
  ///   every byte belongs to one tensor.
  public static func read(_ url: URL) throws -> Safetensors {
    try decode(try FileBytes.read(url), path: url.path)
  }

  /// Reads the bytes of a file.
  /// - Throws: `ReadError`, as ``read(_:)``.
  public static func decode(_ bytes: [UInt8], path: String = "") throws -> Safetensors {
    let header = try SafetensorsHeader.parse(bytes, path: path)
    var result = Safetensors(metadata: header.metadata)
    bytes.withUnsafeBytes { raw in
      for entry in header.entries {
        let start = header.dataOffset + entry.range.lowerBound
        let part = UnsafeRawBufferPointer(rebasing: raw[start..<start + entry.range.count])
        result.tensors[entry.name] = Tensor(
          shape: entry.shape, elements: entry.type.decode(part, count: entry.count))
      }
    }
    return result
  }

  /// Writes a file atomically; see ``encoded()``.
  /// - Throws: `WriteError`.
  public func write(to url: URL, rights: FileRights = .group) throws {
    try AtomicFile.write(try encoded(), to: url, permissions: rights.fileMode)
  }

  /// The bytes of a file: the same tables always give the same bytes.
  ///
  /// Tensors lie by element size, largest first, then by name, so that each is aligned.
  /// - Throws: `WriteError` when a tensor has the reserved name `__metadata__`.
  public func encoded() throws -> [UInt8] {
    guard tensors["__metadata__"] == nil else {
      throw WriteError(path: "", problem: "a tensor cannot be named __metadata__")
    }
    let order = tensors.map {
      (name: $0.key, type: TensorType($0.value.elements), tensor: $0.value)
    }
    .sorted { ($1.type.size, $0.name) < ($0.type.size, $1.name) }
    var parts: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key < $1.key }
        .map { "\(Self.quoted($0.key)):\(Self.quoted($0.value))" }
      parts.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
    }
    var offset = 0
    for (name, type, tensor) in order {
      let end = offset + tensor.elements.count * type.size
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      parts.append(
        "\(Self.quoted(name)):{\"dtype\":\"\(type.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var text = Array("{\(parts.joined(separator: ","))}".utf8)
    // Spaces bring the first tensor to a multiple of 8 bytes.
    while text.count % 8 != 0 { text.append(0x20) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + text.count + offset)
    RawNumbers.append([UInt64(text.count)], to: &bytes)
    bytes += text
    for item in order { TensorType.append(item.tensor.elements, to: &bytes) }
    return bytes
  }

  /// A JSON string (RFC 8259, section 7) with the least escaping.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\u{00}"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
