internal import Foundation
internal import Imaging

/// The text of a detection without the numbers of its curves: nine tenths of the file, of which a list
/// needs none, and whose decoding takes most of the time.
enum CurveSkipping {
  private static let keys = ["\"row\"", "\"value\"", "\"z_mm\""].map { Array($0.utf8) }
  private static let quote = UInt8(ascii: "\"")
  private static let backslash = UInt8(ascii: "\\")

  /// The text with the arrays of numbers under "row", "z_mm" and "value" emptied; one that holds anything
  /// else stays, so that the decoder refuses it.
  static func reduced(_ text: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count / 4)
    var at = 0
    while at < text.count {
      guard text[at] == quote else {
        result.append(text[at])
        at += 1
        continue
      }
      let end = endOfString(text, at)
      result += text[at..<end]
      at = end
      if keys.contains(where: { text[..<end].hasSuffix($0) }), let after = afterNumbers(text, end) {
        result += Array(":[]".utf8)
        at = after
      }
    }
    return result
  }

  /// The place after the string that begins at a place.
  private static func endOfString(_ text: [UInt8], _ start: Int) -> Int {
    var at = start + 1
    while at < text.count, text[at] != quote { at += text[at] == backslash ? 2 : 1 }
    return min(at + 1, text.count)
  }

  /// The place after ": [numbers]" from a place on; `nil` where something else stands there.
  private static func afterNumbers(_ text: [UInt8], _ start: Int) -> Int? {
    var at = start
    for mark in [UInt8(ascii: ":"), UInt8(ascii: "[")] {
      while at < text.count, isBlank(text[at]) { at += 1 }
      guard at < text.count, text[at] == mark else { return nil }
      at += 1
    }
    while at < text.count, isBlank(text[at]) || isOfNumber(text[at]) { at += 1 }
    return at < text.count && text[at] == UInt8(ascii: "]") ? at + 1 : nil
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }

  private static func isOfNumber(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ","), UInt8(ascii: "."),
      UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default: false
    }
  }
}

extension ArraySlice<UInt8> {
  fileprivate func hasSuffix(_ end: [UInt8]) -> Bool { suffix(end.count).elementsEqual(end) }
}

extension DetectionFile {
  /// Reads what lists need of a detection file; `nil` when it is absent.
  ///
  /// Whether the numbers of the curves are whole is not looked at: whoever opens the study does.
  /// - Throws: `ReadError` naming the file and the key that is malformed or does not fit the rest.
  static func digest(_ url: URL) throws -> DetectionDigest? {
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    let text = CurveSkipping.reduced(try FileBytes.read(url, limit: largest))
    let detection = try Detection.read(json: Data(text), path: url.path)
    try DetectionCheck.check(detection, path: url.path)
    return DetectionDigest(detection.cleaned)
  }
}
