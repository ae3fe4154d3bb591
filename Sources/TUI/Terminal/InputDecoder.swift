/// What comes out of the bytes of a terminal.
enum InputEvent: Equatable, Sendable {
  case key(KeyPress)
  /// Pasted text: never run as keys.
  case paste(String)
  case mouse(MouseAct)
  /// A late or repeated answer to the question for the cell size.
  case cellSize(PixelSize)
  /// The answer to the question for the terminal's state, asked for or not.
  case status
}

/// Turns bytes into keys; swallows everything else that a terminal may send.
///
/// Sequences may arrive in pieces. Answers to the probe that come late are swallowed whole: taken
/// for keys, the `c` that ends one would start a comment.
struct InputDecoder {
  /// Bytes kept of one paste; the rest is dropped.
  static let pasteLimit = 65536
  /// Bytes of one string sequence before it is given up.
  static let stringLimit = 65536

  private var buffer: [UInt8] = []
  private var pasted: [UInt8]?

  private static let pasteEnd = Array("\u{1b}[201~".utf8)

  /// Whether bytes wait for more: after a short while call `settle`, after a long one `giveUp`.
  var isWaiting: Bool { !buffer.isEmpty }

  /// Whether the waiting bytes are a lone escape, which may be the Esc key.
  var holdsLoneEscape: Bool { pasted == nil && buffer == [0x1b] }

  /// Takes bytes in and gives the events that are complete.
  mutating func feed(_ bytes: some Sequence<UInt8>) -> [InputEvent] {
    buffer.append(contentsOf: bytes)
    var events: [InputEvent] = []
    while !buffer.isEmpty {
      let before = buffer.count
      if pasted != nil { readPaste(&events) } else { readOne(&events) }
      if buffer.count == before { break }
    }
    return events
  }

  /// Nothing came for a short while (25 ms): a lone escape was the Esc key.
  mutating func settle() -> [InputEvent] {
    guard holdsLoneEscape else { return [] }
    buffer = []
    return [.key(KeyPress(.escape))]
  }

  /// Nothing came for a long while: what is there is not going to be completed.
  mutating func giveUp() {
    if pasted == nil { buffer = [] }
  }

  private mutating func readPaste(_ events: inout [InputEvent]) {
    let end = Self.pasteEnd
    if let at = firstIndex(of: end) {
      take(buffer[..<at])
      buffer.removeFirst(at + end.count)
      let text = String(decoding: pasted ?? [], as: UTF8.self)
      pasted = nil
      events.append(.paste(text))
      return
    }
    // Keep what may be the beginning of the end mark.
    let kept = min(buffer.count, end.count - 1)
    take(buffer[..<(buffer.count - kept)])
    buffer.removeFirst(buffer.count - kept)
  }

  private mutating func take(_ bytes: ArraySlice<UInt8>) {
    let room = Self.pasteLimit - (pasted?.count ?? 0)
    pasted?.append(contentsOf: bytes.prefix(max(room, 0)))
  }

  private func firstIndex(of mark: [UInt8]) -> Int? {
    guard buffer.count >= mark.count else { return nil }
    return (0...(buffer.count - mark.count)).first {
      buffer[$0] == mark[0] && Array(buffer[$0..<($0 + mark.count)]) == mark
    }
  }

  private mutating func readOne(_ events: inout [InputEvent]) {
    let byte = buffer[0]
    if byte == 0x1b {
      readEscape(&events)
    } else if byte < 0x80 {
      buffer.removeFirst()
      events.append(.key(Self.plain(byte)))
    } else {
      readUTF8(&events)
    }
  }

  private mutating func readEscape(_ events: inout [InputEvent]) {
    if buffer.count >= 2, buffer[1] == 0x1b {
      buffer.removeFirst()
      events.append(.key(KeyPress(.escape)))
      return
    }
    switch ControlSequence.scan(buffer, from: 0) {
    case .incomplete:
      if buffer.count > Self.stringLimit { buffer = [] }
    case .complete(let sequence, let length):
      buffer.removeFirst(length)
      if case .csi(let parameters, UInt8(ascii: "~")) = sequence,
        ControlSequence.numbers(parameters).first == 200
      {
        pasted = []
        return
      }
      if let event = Self.event(sequence) { events.append(event) }
    }
  }

  private mutating func readUTF8(_ events: inout [InputEvent]) {
    let length: Int
    switch buffer[0] {
    case 0xc2...0xdf: length = 2
    case 0xe0...0xef: length = 3
    case 0xf0...0xf4: length = 4
    default:
      // Not the beginning of a character: dropped.
      buffer.removeFirst()
      return
    }
    for index in 1..<length {
      guard index < buffer.count else { return }
      guard buffer[index] & 0xc0 == 0x80 else {
        buffer.removeFirst(index)
        return
      }
    }
    let text = String(decoding: buffer[..<length], as: UTF8.self)
    buffer.removeFirst(length)
    guard text.unicodeScalars.count == 1, let scalar = text.unicodeScalars.first,
      scalar != "\u{fffd}", !DisplayText.isUnsafe(scalar)
    else { return }
    events.append(.key(.character(Character(scalar))))
  }

  private static func plain(_ byte: UInt8) -> KeyPress {
    switch byte {
    case 0x09: return KeyPress(.tab)
    case 0x0a, 0x0d: return KeyPress(.enter)
    case 0x08, 0x7f: return KeyPress(.backspace)
    case 0x00: return .control(" ")
    case 0x01...0x1a: return .control(Character(Unicode.Scalar(byte + 0x60)))
    case 0x1c...0x1f: return .control(Character(Unicode.Scalar(byte + 0x40)))
    default: return .character(Character(Unicode.Scalar(byte)))
    }
  }

  private static func event(_ sequence: ControlSequence) -> InputEvent? {
    switch sequence {
    case .csi(let parameters, let final): return csi(parameters, final)
    case .ss3(let final): return arrow(final).map { .key(KeyPress($0)) }
    case .escape(let byte):
      guard byte >= 0x20, byte < 0x7f else { return nil }
      return .key(KeyPress(.character(Character(Unicode.Scalar(byte))), .alt))
    case .string: return nil
    }
  }

  private static func csi(_ parameters: [UInt8], _ final: UInt8) -> InputEvent? {
    let numbers = ControlSequence.numbers(parameters)
    if parameters.first == UInt8(ascii: "<") {
      return MouseAct(sgr: numbers, final: final).map { .mouse($0) }
    }
    // Any other private mark is an answer, never a key.
    if let first = parameters.first, (0x3c...0x3f).contains(first) { return nil }
    let modifiers = numbers.count >= 2 ? Self.modifiers(numbers[1]) : []
    switch final {
    case UInt8(ascii: "~"):
      guard let number = numbers.first ?? nil, let key = tilde(number) else { return nil }
      return .key(KeyPress(key, modifiers))
    case UInt8(ascii: "Z"): return .key(KeyPress(.backTab))
    case UInt8(ascii: "t"):
      guard numbers.count == 3, numbers[0] == 6, let height = numbers[1], let width = numbers[2]
      else { return nil }
      return TerminalReplies.cell(width: width, height: height).map { .cellSize($0) }
    case UInt8(ascii: "R"): return nil
    case UInt8(ascii: "n"):
      // 0: ready; 3: not. What else ends so is no answer to it, and no key.
      if numbers.count == 1, numbers[0] == 0 || numbers[0] == 3 { return .status }
      return nil
    default: return arrow(final).map { .key(KeyPress($0, modifiers)) }
    }
  }

  private static func modifiers(_ number: Int?) -> KeyPress.Modifiers {
    guard let number, number >= 2, number <= 8 else { return [] }
    return KeyPress.Modifiers(rawValue: UInt8(number - 1))
  }

  private static func arrow(_ final: UInt8) -> KeyPress.Key? {
    switch final {
    case UInt8(ascii: "A"): .up
    case UInt8(ascii: "B"): .down
    case UInt8(ascii: "C"): .right
    case UInt8(ascii: "D"): .left
    case UInt8(ascii: "H"): .home
    case UInt8(ascii: "F"): .end
    case UInt8(ascii: "P"): .function(1)
    case UInt8(ascii: "Q"): .function(2)
    case UInt8(ascii: "R"): .function(3)
    case UInt8(ascii: "S"): .function(4)
    case UInt8(ascii: "M"): .enter
    default: nil
    }
  }

  private static func tilde(_ number: Int) -> KeyPress.Key? {
    switch number {
    case 1, 7: .home
    case 2: .insert
    case 3: .delete
    case 4, 8: .end
    case 5: .pageUp
    case 6: .pageDown
    case 11...15: .function(number - 10)
    case 17...21: .function(number - 11)
    case 23, 24: .function(number - 12)
    default: nil
    }
  }
}
