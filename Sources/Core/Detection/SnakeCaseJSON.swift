internal import Foundation
internal import Imaging

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

  /// Reads a file of ours.
  ///
  /// - Parameters:
  ///   - kind: what it should be, such as "model card".
  ///   - advice: what to do when it is not.
  /// - Throws: `ReadError` naming the file and, where one is wrong, the field.
  static func read<Value: Decodable>(
    _ type: Value.Type, from url: URL, kind: String, advice: String
  ) throws -> Value {
    let bytes = try FileBytes.read(url, limit: largestFile)
    return try decode(type, from: Data(bytes), path: url.path, kind: kind, advice: advice)
  }

  /// Decodes what a file of ours holds.
  /// - Throws: `ReadError` naming the file and the field that is wrong.
  static func decode<Value: Decodable>(
    _ type: Value.Type, from data: Data, path: String, kind: String, advice: String
  ) throws -> Value {
    do {
      return try decoder().decode(type, from: data)
    } catch let error as DecodingError {
      throw ReadError(path: path, problem: "is no \(kind): \(sentence(error))", advice: advice)
    }
  }

  private static let largestFile = 64 << 20

  /// Names the field that is wrong.
  private static func sentence(_ error: DecodingError) -> String {
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
