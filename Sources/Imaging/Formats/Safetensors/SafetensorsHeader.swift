internal import Foundation

/// The checked header of a safetensors file.
struct SafetensorsHeader {
  /// Where one tensor lies.
  struct Entry {
    let name: String
    let type: TensorType
    let shape: [Int]
    /// The number of elements: the product of `shape`.
    let count: Int
    /// Its bytes, counted from `dataOffset`.
    let range: Range<Int>
  }

  /// The longest header read: 100 MB, the format's own limit.
  static let maximumLength = 100_000_000

  let metadata: [String: String]
  /// The tensors in the order of their bytes, without gap or overlap.
  let entries: [Entry]
  /// The file's offset of the first tensor's bytes.
  let dataOffset: Int

  /// An entry of the JSON object: a tensor, or the table of texts under `__metadata__`.
  private struct Raw: Decodable {
    let dtype: String
    let shape: [Int]
    let data_offsets: [Int]
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  private struct Table: Decodable {
    var metadata: [String: String] = [:]
    var tensors: [String: Raw] = [:]

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      for key in container.allKeys {
        if key.stringValue == "__metadata__" {
          metadata = try container.decode([String: String].self, forKey: key)
        } else {
          tensors[key.stringValue] = try container.decode(Raw.self, forKey: key)
        }
      }
    }
  }

  static func parse(_ bytes: [UInt8], path: String) throws -> SafetensorsHeader {
    let cursor = ByteCursor(bytes, path: path, order: .little)
    let length: UInt64 = try cursor.get(at: 0, field: "header length")
    guard length <= maximumLength, Int(length) <= bytes.count - 8 else {
      throw cursor.error(
        "is \(length), but \(bytes.count - 8) bytes follow", field: "header length", offset: 0,
        advice: "this is no safetensors file, or it is truncated")
    }
    let text = try cursor.getBytes(at: 8, count: Int(length), field: "header")
    // Plain UTF-8 only: the JSON decoder would guess other encodings from zero bytes.
    guard text.first == UInt8(ascii: "{"), !text.contains(0) else {
      throw cursor.error("is not a JSON object", field: "header", offset: 8)
    }
    let table: Table
    do {
      table = try JSONDecoder().decode(Table.self, from: Data(text))
    } catch {
      throw cursor.error(
        "cannot be read: \(reason(error))", field: "header", offset: 8,
        advice: "write the file again")
    }
    let dataOffset = 8 + Int(length)
    let entries = try table.tensors.map { name, raw in
      try entry(name, raw, size: bytes.count - dataOffset, cursor)
    }.sorted {
      ($0.range.lowerBound, $0.range.upperBound, $0.name)
        < ($1.range.lowerBound, $1.range.upperBound, $1.name)
    }
    try checkCoverage(entries, dataOffset: dataOffset, cursor)
    return SafetensorsHeader(metadata: table.metadata, entries: entries, dataOffset: dataOffset)
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, let context):
      "\(place(context)) lacks \(key.stringValue)"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      "\(place(context)) has a value of the wrong type"
    case DecodingError.dataCorrupted(let context):
      "\(place(context)): \(context.debugDescription)"
    default: "\(error)"
    }
  }

  private static func place(_ context: DecodingError.Context) -> String {
    let path = context.codingPath.map(\.stringValue).joined(separator: ".")
    return path.isEmpty ? "JSON" : path
  }

  private static func entry(
    _ name: String, _ raw: Raw, size: Int, _ cursor: ByteCursor
  ) throws(ReadError) -> Entry {
    func failure(_ problem: String) -> ReadError {
      cursor.error(problem, field: "tensor \(name)", offset: 8)
    }
    guard let type = TensorType(rawValue: raw.dtype) else {
      throw failure("has element type \(raw.dtype), which is not read")
    }
    guard raw.data_offsets.count == 2 else { throw failure("needs two data_offsets") }
    let (from, to) = (raw.data_offsets[0], raw.data_offsets[1])
    guard from >= 0, from <= to, to <= size else {
      throw failure("lies at \(from)..<\(to), outside the \(size) bytes of data")
    }
    guard raw.shape.allSatisfy({ $0 >= 0 }), let count = RawNumbers.product(raw.shape),
      let needed = RawNumbers.product([count, type.size]), needed == to - from
    else {
      throw failure("has \(to - from) bytes, which do not fit \(raw.dtype) of shape \(raw.shape)")
    }
    return Entry(name: name, type: type, shape: raw.shape, count: count, range: from..<to)
  }

  private static func checkCoverage(
    _ entries: [Entry], dataOffset: Int, _ cursor: ByteCursor
  ) throws(ReadError) {
    var end = 0
    for entry in entries {
      guard entry.range.lowerBound == end else {
        let kind =
          entry.range.lowerBound < end ? "overlaps another tensor" : "leaves a gap before it"
        throw cursor.error(
          kind, field: "tensor \(entry.name)", offset: dataOffset + entry.range.lowerBound,
          advice: "the header is damaged or names a tensor twice; write the file again")
      }
      end = entry.range.upperBound
    }
    guard dataOffset + end == cursor.bytes.count else {
      throw cursor.error(
        "\(cursor.bytes.count - dataOffset - end) bytes follow the last tensor", field: "data",
        offset: dataOffset + end, advice: "the file is damaged; write it again")
    }
  }
}
