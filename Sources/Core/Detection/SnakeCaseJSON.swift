internal import Foundation

/// The JSON of our files: snake_case keys, sorted, slashes unescaped.
enum SnakeCaseJSON {
  /// Encodes on one line, or indented.
  static func data(_ value: some Encodable, pretty: Bool = true) throws -> Data {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
    return try encoder.encode(value)
  }

  static func decoder() -> JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
  }

  /// Names the field that is wrong.
  static func sentence(_ error: DecodingError) -> String {
    let context: DecodingError.Context? =
      switch error {
      case .keyNotFound(_, let c), .typeMismatch(_, let c), .valueNotFound(_, let c),
        .dataCorrupted(let c):
        c
      @unknown default: nil
      }
    var path = context?.codingPath.map(\.stringValue).joined(separator: ".") ?? ""
    if case .keyNotFound(let key, _) = error {
      path += (path.isEmpty ? "" : ".") + key.stringValue
    }
    return "\(path.isEmpty ? "the file" : "field \(path)") is missing or malformed"
  }
}
