internal import Foundation
internal import Imaging

extension ReviewRecord {
  /// The `previous` of a journal's first line.
  static let firstPrevious = String(repeating: "0", count: 64)
  static let digestKey = Array(",\"digest\":\"".utf8)

  /// The record as one line of the journal, without the newline, its digest computed and filled in.
  ///
  /// Keys stand in the order of the type, nulls are written up to `reverts`, and nothing in a string
  /// can end the line or reach a terminal: control characters are escaped.
  mutating func sealedLine() -> [UInt8] {
    let fields: [(String, String)] =
      [
        ("seq", String(seq)), ("time", Self.quoted(time)), ("reader", Self.quoted(reader)),
        ("action", Self.quoted(action.rawValue)), ("segment", Self.quoted(segment)),
        ("verdict", Self.quoted(verdict?.rawValue)), ("reason", Self.quoted(reason)),
        ("comment", Self.quoted(comment)), ("blind", blind ? "true" : "false"),
        ("detection", Self.quoted(detection)), ("reverts", reverts.map(String.init) ?? "null"),
      ] + optionalFields + [("previous", Self.quoted(previous))]
    let body = "{" + fields.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",")
    let bytes = Array(body.utf8)
    digest = SHA256.hexDigest(of: bytes)
    return bytes + Self.digestKey + Array("\(digest)\"}".utf8)
  }

  /// Keys that only the acts have that need them: the lines of all others are as they ever were.
  private var optionalFields: [(String, String)] {
    var fields: [(String, String)] = []
    if let quality { fields.append(("quality", Self.quoted(quality.rawValue))) }
    if let grade { fields.append(("grade", String(grade))) }
    if let axccm { fields.append(("axccm", String(axccm))) }
    if let confidence { fields.append(("confidence", String(confidence))) }
    if let difficulty { fields.append(("difficulty", Self.quoted(difficulty.rawValue))) }
    if let place {
      let numbers = [place.row, place.column, place.x, place.y, place.z].map { "\($0)" }
      fields.append(
        (
          "place",
          "{\"slice\":\(place.slice),\"row\":\(numbers[0]),\"column\":\(numbers[1]),"
            + "\"x\":\(numbers[2]),\"y\":\(numbers[3]),\"z\":\(numbers[4])}"
        ))
    }
    if let revises { fields.append(("revises", String(revises))) }
    if let signature {
      let meaning = Self.quoted(signature.meaning.rawValue)
      fields.append(
        (
          "signature",
          "{\"meaning\":\(meaning),\"name\":\(Self.quoted(signature.name)),"
            + "\"state\":\(Self.quoted(signature.state))}"
        ))
    }
    if let correction {
      let parts = [
        ("target", Self.quoted(correction.target.rawValue)), ("file", Self.quoted(correction.file)),
        ("before", Self.quoted(correction.before)), ("after", Self.quoted(correction.after)),
        ("change", Self.quoted(correction.change)), ("skips", Self.quoted(correction.skips)),
      ].map { "\"\($0.0)\":\($0.1)" }
      let all = parts + [correction.origin.map(Self.originField)].compactMap(\.self)
      fields.append(("correction", "{" + all.joined(separator: ",") + "}"))
    }
    if let verdicts {
      let objects = verdicts.map {
        "{\"segment\":\(Self.quoted($0.segment)),\"verdict\":\(Self.quoted($0.verdict.rawValue))}"
      }
      fields.append(("verdicts", "[" + objects.joined(separator: ",") + "]"))
    }
    return fields
  }

  /// What a correction took the place of; the lines of former versions have nothing of it.
  private static func originField(_ origin: CorrectionOrigin) -> String {
    let parts = [
      ("files", "[" + origin.files.map { quoted($0) }.joined(separator: ",") + "]"),
      ("kept", origin.isVersionKept ? "true" : "false"), ("sidecar", quoted(origin.sidecar)),
      ("new_sidecar", quoted(origin.newSidecar)), ("boundaries", quoted(origin.boundaries)),
      ("boundaries_sidecar", quoted(origin.boundariesSidecar)),
    ].map { "\"\($0.0)\":\($0.1)" }
    return "\"origin\":{" + parts.joined(separator: ",") + "}"
  }

  /// Reads a line without its newline.
  ///
  /// Returns `nil` when the bytes are no record at all (a torn write); throws a sentence when they
  /// are one, but not as the journal wrote it.
  static func parse(line: ArraySlice<UInt8>) throws(LineError) -> ReviewRecord? {
    guard let record = try? JSONDecoder().decode(ReviewRecord.self, from: Data(line)) else {
      // A sealed line is no torn write: a later version's act must not be cut away.
      if let seal = try? JSONDecoder().decode(Seal.self, from: Data(line)),
        (try? verify(line, digest: seal.digest)) != nil
      {
        throw LineError(why: "it is whole, but no record that this version knows")
      }
      return nil
    }
    try verify(line, digest: record.digest)
    return record
  }

  /// What every version of a record has.
  private struct Seal: Decodable {
    var digest: String
  }

  /// Throws unless a line ends in a digest that covers the bytes before its key, byte for byte.
  static func verify(_ line: ArraySlice<UInt8>, digest: String) throws(LineError) {
    let tail = digestKey + Array("\(digest)\"}".utf8)
    guard line.count > tail.count, line.suffix(tail.count).elementsEqual(tail) else {
      throw LineError(why: "it does not end in its digest")
    }
    guard SHA256.hexDigest(of: Array(line.dropLast(tail.count))) == digest else {
      throw LineError(why: "its digest does not match its text")
    }
  }

  /// Why a line that reads as a record is not to be trusted.
  struct LineError: Error {
    var why: String
  }

  static func quoted(_ text: String?) -> String {
    guard let text else { return "null" }
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x22: result += "\\\""
      case 0x5C: result += "\\\\"
      case 0..<0x20, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
