internal import Foundation
internal import Imaging

/// The text of a detection without the numbers of its curves: nine tenths of the file, of which a list
/// needs none, and whose decoding takes most of the time.
enum CurveSkipping {
  private static let keys = ["\"row\"", "\"value\"", "\"z_mm\""].map { Array($0.utf8) }
  /// The one list in which a row may have no value.
  private static let keyWithGaps = Array("\"second_opinion\"".utf8)
  private static let gap = Array("null".utf8)
  private static let quote = UInt8(ascii: "\"")
  private static let backslash = UInt8(ascii: "\\")

  /// The text with the arrays of numbers under "row", "z_mm", "value" and "second_opinion" (there also
  /// null) emptied; one that holds anything else stays, and all of the text where those of a curve are not
  /// equally long, so that it is refused by who reads it.
  static func reduced(_ text: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count / 4)
    // How long the arrays of the objects around a place are, the innermost last.
    var lengths: [[Int]] = []
    var at = 0
    while at < text.count {
      guard text[at] == quote else {
        if text[at] == UInt8(ascii: "{") { lengths.append([]) }
        if text[at] == UInt8(ascii: "}"), let own = lengths.popLast(), Set(own).count > 1 {
          return text
        }
        result.append(text[at])
        at += 1
        continue
      }
      let end = endOfString(text, at)
      result += text[at..<end]
      at = end
      let hasGaps = text[..<end].hasSuffix(keyWithGaps)
      if hasGaps || keys.contains(where: { text[..<end].hasSuffix($0) }),
        let list = numbers(text, end, orGaps: hasGaps)
      {
        result += Array(":[]".utf8)
        at = list.end
        if let last = lengths.indices.last { lengths[last].append(list.count) }
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

  /// How many numbers ": [numbers]" from a place on holds, and the place after it; `nil` where something
  /// else stands there.
  /// - Parameter hasGaps: Whether null may stand in the place of a number.
  private static func numbers(
    _ text: [UInt8], _ start: Int, orGaps hasGaps: Bool
  ) -> (count: Int, end: Int)? {
    var at = start
    func takes(_ mark: UInt8) -> Bool {
      while at < text.count, isBlank(text[at]) { at += 1 }
      guard at < text.count, text[at] == mark else { return false }
      at += 1
      return true
    }
    guard takes(UInt8(ascii: ":")), takes(UInt8(ascii: "[")) else { return nil }
    if takes(UInt8(ascii: "]")) { return (0, at) }
    var count = 0
    repeat {
      while at < text.count, isBlank(text[at]) { at += 1 }
      if hasGaps, text[at...].starts(with: gap) {
        at += gap.count
      } else {
        guard let end = endOfNumber(text, at) else { return nil }
        at = end
      }
      count += 1
    } while takes(UInt8(ascii: ","))
    return takes(UInt8(ascii: "]")) ? (count, at) : nil
  }

  /// The place after the number of JSON that begins at a place; `nil` where none does.
  private static func endOfNumber(_ text: [UInt8], _ start: Int) -> Int? {
    var at = start
    func isAt(_ mark: UInt8) -> Bool { at < text.count && text[at] == mark }
    func takesDigits() -> Bool {
      let first = at
      while at < text.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= text[at] { at += 1 }
      return at > first
    }
    if isAt(UInt8(ascii: "-")) { at += 1 }
    let (first, isZero) = (at, isAt(UInt8(ascii: "0")))
    guard takesDigits(), !isZero || at == first + 1 else { return nil }
    if isAt(UInt8(ascii: ".")) {
      at += 1
      guard takesDigits() else { return nil }
    }
    if isAt(UInt8(ascii: "e")) || isAt(UInt8(ascii: "E")) {
      at += 1
      if isAt(UInt8(ascii: "+")) || isAt(UInt8(ascii: "-")) { at += 1 }
      guard takesDigits() else { return nil }
    }
    return at
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }
}

extension ArraySlice<UInt8> {
  fileprivate func hasSuffix(_ end: [UInt8]) -> Bool { suffix(end.count).elementsEqual(end) }
}

extension DetectionFile {
  /// Reads what lists need of a detection file; `nil` when it is absent.
  ///
  /// Of the curves it is looked at that they are lists of numbers, equally long; what they say is for whoever
  /// opens the study.
  /// - Throws: `ReadError` naming the file and the key that is malformed or does not fit the rest.
  static func digest(_ url: URL) throws -> DetectionDigest? {
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    let bytes = try FileBytes.read(url, limit: largest)
    let text = CurveSkipping.reduced(bytes)
    let detection = try Detection.read(json: Data(text), path: url.path)
    try DetectionCheck.check(detection, path: url.path)
    return DetectionDigest(
      detection.cleaned.callingNamedSegmentsOnly, sha256: SHA256.hexDigest(of: bytes))
  }
}
