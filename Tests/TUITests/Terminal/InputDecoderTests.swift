import Testing

@testable import TUI

@Suite("Terminal: bytes to keys")
struct InputDecoderTests {
  private func decode(_ text: String) -> [InputEvent] {
    var decoder = InputDecoder()
    return decoder.feed(text.utf8)
  }

  private func keys(_ text: String) -> [String] {
    decode(text).map {
      if case .key(let key) = $0 { return key.name }
      return "\($0)"
    }
  }

  @Test("characters, control keys and UTF-8")
  func characters() {
    #expect(
      keys("aZ \u{12}\u{1}\t\r\u{7f}é中") == [
        "a", "Z", "Space", "Ctrl-R", "Ctrl-A", "Tab", "Enter", "Backspace", "é", "中",
      ])
  }

  @Test("function keys in both forms, with modifiers")
  func functionKeys() {
    #expect(
      keys(
        "\u{1b}[A\u{1b}OB\u{1b}[1;5C\u{1b}[1;2D\u{1b}[5~\u{1b}[6~\u{1b}[H\u{1b}OF\u{1b}OP\u{1b}[24~\u{1b}[Z"
      )
        == [
          "Up", "Down", "Ctrl-Right", "Shift-Left", "PgUp", "PgDn", "Home", "End", "F1", "F12",
          "Shift-Tab",
        ])
  }

  @Test("bytes one at a time give the same keys")
  func piecemeal() {
    let text = "j\u{1b}[1;5Aé\u{1b}[<64;3;4M\u{1b}[200~x\u{1b}[201~k"
    var decoder = InputDecoder()
    var events: [InputEvent] = []
    for byte in text.utf8 { events += decoder.feed([byte]) }
    #expect(events == decode(text))
    #expect(!decoder.isWaiting)
  }

  @Test(
    "late answers of the terminal are no keys",
    arguments: [
      "\u{1b}[?63;1;2;4;6;9;15;22c", "\u{1b}P>|XTerm(379)\u{1b}\\", "\u{1b}[?2026;2$y",
      "\u{1b}_Gi=31;OK\u{1b}\\", "\u{1b}[24;80R", "\u{1b}]11;rgb:0000/0000/0000\u{7}",
      "\u{1b}[?1;0;256S", "\u{1b}[4;312;480t", "\u{1b}[I", "\u{1b}[M !!",
    ])
  func lateAnswers(_ answer: String) {
    #expect(keys("j\(answer)k") == ["j", "k"])
    // Cut anywhere, it must still give no keys.
    let bytes = Array(answer.utf8)
    for cut in 1..<bytes.count where cut > 1 {
      var decoder = InputDecoder()
      var events = decoder.feed(bytes.prefix(cut))
      events += decoder.settle()
      events += decoder.feed(bytes.dropFirst(cut))
      events += decoder.feed("k".utf8)
      #expect(events == [.key(.character("k"))], "cut at \(cut)")
    }
  }

  @Test("an answer about the cell size becomes an event")
  func cellSize() {
    #expect(decode("\u{1b}[6;17;8t") == [.cellSize(PixelSize(width: 8, height: 17))])
  }

  @Test("an answer about the terminal's state is no key, asked for or not, whole or in pieces")
  func status() {
    #expect(decode("j\u{1b}[0nk\u{1b}[3n").count == 4)
    #expect(decode("\u{1b}[0n") == [.status] && decode("\u{1b}[3n") == [.status])
    // Answers to other questions end so, too.
    for other in ["\u{1b}[n", "\u{1b}[13n", "\u{1b}[0;1n", "\u{1b}[?13n", "\u{1b}[?0n"] {
      #expect(decode(other).isEmpty, "\(other.dropFirst())")
    }
    var decoder = InputDecoder()
    var events: [InputEvent] = []
    for byte in "\u{1b}[0n".utf8 { events += decoder.feed([byte]) }
    #expect(events == [.status] && !decoder.isWaiting)
  }

  @Test("a lone escape is the Esc key only after a while")
  func loneEscape() {
    var decoder = InputDecoder()
    #expect(decoder.feed([0x1b]).isEmpty)
    #expect(decoder.holdsLoneEscape)
    #expect(decoder.settle() == [.key(KeyPress(.escape))])
    #expect(!decoder.isWaiting)
    #expect(keys("\u{1b}\u{1b}[A") == ["Esc", "Up"])
  }

  @Test("Alt and a letter is not the letter")
  func alt() {
    #expect(decode("\u{1b}a") == [.key(KeyPress(.character("a"), .alt))])
  }

  @Test("a paste is one event, whatever it holds")
  func paste() {
    #expect(
      decode("\u{1b}[200~aaa\r\u{1b}[Aq\u{1b}[201~j")
        == [.paste("aaa\r\u{1b}[Aq"), .key(.character("j"))])
  }

  @Test("a huge paste is cut, not kept")
  func hugePaste() {
    let events = decode("\u{1b}[200~" + String(repeating: "x", count: 200_000) + "\u{1b}[201~j")
    #expect(events.count == 2)
    guard case .paste(let text)? = events.first else {
      Issue.record("no paste")
      return
    }
    #expect(text.count == InputDecoder.pasteLimit)
  }

  @Test("mouse wheel, click and release in the SGR form")
  func mouse() {
    #expect(
      decode("\u{1b}[<65;10;5M\u{1b}[<0;1;1M\u{1b}[<0;1;1m") == [
        .mouse(MouseAct(.wheelDown, row: 4, column: 9)),
        .mouse(MouseAct(.press, row: 0, column: 0)),
        .mouse(MouseAct(.release, row: 0, column: 0)),
      ])
  }

  @Test("a drag with either button, and its end with a key held; what is not used is nothing")
  func drag() {
    let text =
      "\u{1b}[<2;3;4M\u{1b}[<34;300;200M\u{1b}[<2;300;200m\u{1b}[<32;5;6M\u{1b}[<52;5;7M\u{1b}[<16;5;7m"
    let events: [InputEvent] = [
      .mouse(MouseAct(.press, row: 3, column: 2, button: .right)),
      .mouse(MouseAct(.drag, row: 199, column: 299, button: .right)),
      .mouse(MouseAct(.release, row: 199, column: 299, button: .right)),
      .mouse(MouseAct(.drag, row: 5, column: 4)),
      .mouse(MouseAct(.drag, row: 6, column: 4)),
      .mouse(MouseAct(.release, row: 6, column: 4)),
    ]
    #expect(decode(text) == events)
    // A pipe that is full cuts a report anywhere.
    for cut in 1..<text.utf8.count {
      var decoder = InputDecoder()
      var found = decoder.feed(text.utf8.prefix(cut))
      found += decoder.feed(text.utf8.dropFirst(cut))
      #expect(found == events, "cut at \(cut)")
    }
    // The middle button, moves without a button, keys held at a press, no place, too few numbers.
    for code in [
      "1;1;1M", "33;1;1M", "35;1;1M", "4;1;1M", "18;1;1M", "68;1;1M", "0;0;1M", "0;1M", ";1;1M",
      "0;1;9999999999M", "128;1;1M", "64;1;1m",
    ] {
      #expect(decode("\u{1b}[<\(code)j") == [.key(.character("j"))], "\(code)")
    }
  }

  @Test("moves are asked for while a button is held only, and in the SGR form")
  func mouseModes() {
    #expect(MouseAct.modes == "\u{1b}[?1000h\u{1b}[?1002h\u{1b}[?1006h")
  }

  @Test("broken UTF-8 gives no keys and loses nothing after it")
  func brokenUTF8() {
    var decoder = InputDecoder()
    #expect(
      decoder.feed([0xff, 0xc3, 0x28, 0xe2, 0x82, 0x6a, 0x80, 0x6b])
        == [.key(.character("(")), .key(.character("j")), .key(.character("k"))])
  }

  @Test("a string that never ends is given up")
  func endlessString() {
    var decoder = InputDecoder()
    _ = decoder.feed(Array("\u{1b}P".utf8) + [UInt8](repeating: 0x61, count: 100_000))
    decoder.giveUp()
    #expect(decoder.feed("j".utf8) == [.key(.character("j"))])
  }

  @Test("random bytes never trap", arguments: 0..<40)
  func randomBytes(_ seed: Int) {
    var state = UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 | 1
    var decoder = InputDecoder()
    for _ in 0..<400 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      // Escapes and brackets often, so that sequences begin.
      let pick = [0x1b, 0x5b, 0x5d, 0x50, 0x3b, 0x30, UInt8(truncatingIfNeeded: state >> 40)]
      _ = decoder.feed([pick[Int((state >> 33) % 7)]])
      if state >> 60 == 3 { _ = decoder.settle() }
    }
  }
}
