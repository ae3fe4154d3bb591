/// Questions put to the terminal at the start, and the reading of its answers.
enum TerminalReplies {
  /// The questions; the primary attributes come last because everybody answers them.
  ///
  /// Asked on the alternate screen (``entry``), so that what a terminal does not understand leaves no trace.
  /// No application command (`ESC _`) is among them: tmux and screen take one for the window's title
  /// (``KittyProbe`` asks once they are known).
  ///
  /// GNU screen (4.9) has one place for the cursor that `ESC 7` keeps and for that of its alternate screen,
  /// and without `altscreen on` no such screen: what stood there would be overwritten or erased. It
  /// understands all that it is asked, and the one character goes where two were inserted.
  ///
  /// GNU screen hands a device control string to the terminal around it, whose answer would come late, as
  /// keys, and is not of what screen draws: it is not asked for 24-bit colours.
  /// - Parameter multiplexer: as the environment tells.
  static func questions(through multiplexer: Multiplexer?) -> [UInt8] {
    let colours =
      multiplexer == .screen ? "" : "\u{1b}[48;2;1;2;3m\u{1b}P$qm\u{1b}\\\u{1b}[0m"
    let character = "\u{e9}\u{1b}[6n\r"
    let start =
      multiplexer == .screen
      ? "\u{1b}7\r\u{1b}[2@" + character + "\u{1b}[2P" : entry + "\r" + character
    return Array(
      (start + "\u{1b}[16t\u{1b}[14t\u{1b}[18t"
        + "\u{1b}]11;?\u{1b}\\"
        + "\u{1b}[?1;1;0S\u{1b}[?2;1;0S"
        + "\u{1b}[?80$p\u{1b}[?8452$p\u{1b}[?2026$p\u{1b}[?1006$p"
        + colours
        + "\u{1b}[>0q"
        + "\u{1b}[c").utf8)
  }

  /// Keeps the cursor and goes to the alternate screen.
  static let entry = "\u{1b}7\u{1b}[?1049h"

  /// Leaves the terminal as it was before the questions.
  /// - Parameter multiplexer: what they were asked through.
  static func farewell(through multiplexer: Multiplexer?) -> [UInt8] {
    Array((multiplexer == .screen ? "\u{1b}8" : "\r\u{1b}[2J\u{1b}[?1049l\u{1b}8").utf8)
  }

  /// Reads answers from a stream of bytes.
  ///
  /// - Returns: what the answers say; the bytes that are not answers, in order (keys typed ahead,
  ///   a sequence cut short); whether the last answer has come.
  static func parse(
    _ bytes: [UInt8]
  ) -> (capabilities: TerminalCapabilities, rest: [UInt8], done: Bool) {
    var capabilities = TerminalCapabilities()
    var rest: [UInt8] = []
    var done = false
    var index = 0
    while index < bytes.count {
      guard bytes[index] == 0x1b, !done else {
        rest.append(bytes[index])
        index += 1
        continue
      }
      guard case .complete(let sequence, let length) = ControlSequence.scan(bytes, from: index)
      else {
        rest.append(contentsOf: bytes[index...])
        break
      }
      if !read(sequence, into: &capabilities, done: &done) {
        rest.append(contentsOf: bytes[index..<(index + length)])
      }
      index += length
    }
    return (capabilities, rest, done)
  }

  /// The answers in a stream of bytes, each as it was received; keys typed meanwhile are not among
  /// them.
  static func answers(in bytes: [UInt8]) -> [[UInt8]] {
    var answers: [[UInt8]] = []
    var (index, done) = (0, false)
    var ignored = TerminalCapabilities()
    while index < bytes.count, !done {
      guard bytes[index] == 0x1b else {
        index += 1
        continue
      }
      guard case .complete(let sequence, let length) = ControlSequence.scan(bytes, from: index)
      else { break }
      if read(sequence, into: &ignored, done: &done) {
        answers.append(Array(bytes[index..<(index + length)]))
      }
      index += length
    }
    return answers
  }

  /// Bytes in letters: "ESC[?64;4c", "\\x07".
  static func escaped(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
      switch byte {
      case 0x1b: "ESC"
      case 0x20..<0x7f where byte != UInt8(ascii: "\\"): String(Unicode.Scalar(byte))
      case UInt8(ascii: "\\"): "\\\\"
      default: "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    }.joined()
  }

  /// Whether the sequence was an answer.
  private static func read(
    _ sequence: ControlSequence, into capabilities: inout TerminalCapabilities, done: inout Bool
  ) -> Bool {
    switch sequence {
    case .csi(let parameters, let final):
      return readCSI(parameters, final: final, into: &capabilities, done: &done)
    case .string(let kind, let body):
      readString(kind: kind, body: body, into: &capabilities)
      return true
    case .ss3, .escape: return false
    }
  }

  private static func readCSI(
    _ parameters: [UInt8], final: UInt8, into capabilities: inout TerminalCapabilities,
    done: inout Bool
  ) -> Bool {
    let isPrivate = parameters.first == UInt8(ascii: "?")
    let numbers = ControlSequence.numbers(parameters.filter { $0 != UInt8(ascii: "$") })
    // Secondary attributes, which nobody asked for: an answer all the same, and no key.
    if final == UInt8(ascii: "c"), parameters.first == UInt8(ascii: ">") { return true }
    switch (final, isPrivate) {
    case (UInt8(ascii: "c"), true):
      capabilities.answered = true
      capabilities.sixel = numbers.dropFirst().contains(4)
      done = true
      return true
    case (UInt8(ascii: "S"), true):
      readGraphics(numbers, into: &capabilities)
      return true
    case (UInt8(ascii: "t"), false):
      if numbers.count == 3, numbers[0] == 6, let height = numbers[1], let width = numbers[2] {
        capabilities.cell = cell(width: width, height: height)
      }
      return true
    case (UInt8(ascii: "y"), true):
      if numbers.count == 2, let state = numbers[1] {
        let usable = state == 1 || state == 2
        if numbers[0] == 2026 { capabilities.synchronizedOutput = usable }
        if numbers[0] == 1006 { capabilities.sgrMouse = usable }
      }
      return true
    case (UInt8(ascii: "R"), false):
      // Column 2 after one two-byte character: it was read as UTF-8.
      if numbers.count == 2, let column = numbers[1] { capabilities.unicode = column == 2 }
      return true
    default: return false
    }
  }

  /// Register and size reports: "?item;status;values S" where status 0 is success.
  private static func readGraphics(
    _ numbers: [Int?], into capabilities: inout TerminalCapabilities
  ) {
    guard numbers.count >= 3, numbers[1] == 0 else { return }
    if numbers[0] == 1, let count = numbers[2], count > 0 { capabilities.sixelColours = count }
    if numbers[0] == 2, numbers.count >= 4, let width = numbers[2], let height = numbers[3],
      width > 0, height > 0
    {
      capabilities.sixelLimit = PixelSize(width: width, height: height)
    }
  }

  private static func readString(
    kind: UInt8, body: [UInt8], into capabilities: inout TerminalCapabilities
  ) {
    if kind == UInt8(ascii: "P"), body.starts(with: Array(">|".utf8)) {
      let name = String(decoding: body.dropFirst(2).prefix(64), as: UTF8.self)
      capabilities.name = DisplayText.clean(name)
    }
    if kind == UInt8(ascii: "P"), body.starts(with: Array("1$r".utf8)) {
      // The background set before, given back unchanged: no palette between.
      let colours = String(decoding: body.prefix(64), as: UTF8.self)
      capabilities.trueColour = colours.contains("1:2:3") || colours.contains("1;2;3")
    }
    if kind == UInt8(ascii: "]"), body.starts(with: Array("11;".utf8)) {
      capabilities.isLight = isLight(String(decoding: body.dropFirst(3).prefix(64), as: UTF8.self))
    }
  }

  /// Whether a colour as X11 writes it, "rgb:ffff/ffff/ffff", is light; `nil` when it is none.
  static func isLight(_ colour: String) -> Bool? {
    guard let colon = colour.firstIndex(of: ":"), colour.hasPrefix("rgb") else { return nil }
    let parts = colour[colour.index(after: colon)...].split(separator: "/").prefix(3).map {
      part -> Double? in
      guard (1...4).contains(part.count), let value = UInt16(part, radix: 16) else { return nil }
      return Double(value) / Double((1 << (4 * part.count)) - 1)
    }
    guard parts.count == 3, let red = parts[0], let green = parts[1], let blue = parts[2] else {
      return nil
    }
    // Weights of Rec. 601; half of full grey is the border.
    return 0.299 * red + 0.587 * green + 0.114 * blue > 0.5
  }

  /// What `COLORFGBG` says, "0;15" or "0;default;15": the last number is the background's.
  static func isLight(colorfgbg text: String) -> Bool? {
    guard let index = text.split(separator: ";").last.flatMap({ Int($0) }),
      (0...15).contains(index)
    else { return nil }
    return index == 7 || index >= 9
  }

  /// A cell size that can be believed.
  static func cell(width: Int, height: Int) -> PixelSize? {
    guard (2...200).contains(width), (4...400).contains(height) else { return nil }
    return PixelSize(width: width, height: height)
  }
}
