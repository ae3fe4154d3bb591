import Imaging

/// An independent reader of sixel data, written from the format's description.
struct SixelDecoder {
  var parameters = ""
  var raster: [Int] = []
  /// Percent triples by colour number.
  var colours: [Int: [Int]] = [:]
  /// Colour number of every pixel; -1 = never set.
  var pixels: [[Int]] = []
  var longestRun = 0
  var rest: [UInt8] = []

  init?(_ bytes: [UInt8]) {
    guard bytes.starts(with: [0x1B, 0x50]) else { return nil }
    var at = 2
    func number() -> Int? {
      var value: Int?
      while at < bytes.count, (48...57).contains(bytes[at]) {
        value = (value ?? 0) * 10 + Int(bytes[at]) - 48
        at += 1
      }
      return value
    }
    func numbers() -> [Int] {
      var found = [number() ?? 0]
      while at < bytes.count, bytes[at] == UInt8(ascii: ";") {
        at += 1
        found.append(number() ?? 0)
      }
      return found
    }
    while at < bytes.count, bytes[at] != UInt8(ascii: "q") {
      parameters.append(Character(UnicodeScalar(bytes[at])))
      at += 1
    }
    at += 1
    var colour = 0
    var x = 0
    var band = 0
    while at < bytes.count, bytes[at] != 0x1B {
      let byte = bytes[at]
      at += 1
      switch byte {
      case UInt8(ascii: "\""):
        raster = numbers()
        guard raster.count == 4 else { return nil }
        pixels = Array(repeating: Array(repeating: -1, count: raster[2]), count: raster[3])
      case UInt8(ascii: "#"):
        let found = numbers()
        colour = found[0]
        if found.count == 5 { colours[colour] = Array(found[2...]) }
      case UInt8(ascii: "$"): x = 0
      case UInt8(ascii: "-"):
        x = 0
        band += 6
      case UInt8(ascii: "!"), 63...126:
        var count = 1
        var bits = byte
        if byte == UInt8(ascii: "!") {
          count = number() ?? 0
          longestRun = max(longestRun, count)
          guard at < bytes.count else { return nil }
          bits = bytes[at]
          at += 1
        }
        guard (63...126).contains(bits) else { return nil }
        for _ in 0..<count {
          for bit in 0..<6 where (bits - 63) & (1 << UInt8(bit)) != 0 {
            guard band + bit < pixels.count, x < pixels[band + bit].count else { return nil }
            pixels[band + bit][x] = colour
          }
          x += 1
        }
      default: return nil
      }
    }
    rest = Array(bytes[at...])
  }
}
