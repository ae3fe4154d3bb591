import Testing

@testable import TUI

/// The answers of real terminals, as recorded.
@Suite("Terminal: answers to the probe")
struct TerminalRepliesTests {
  private func parse(_ text: String) -> (TerminalCapabilities, String, Bool) {
    let answer = TerminalReplies.parse(Array(text.utf8))
    return (answer.capabilities, String(decoding: answer.rest, as: UTF8.self), answer.done)
  }

  @Test("xterm -ti vt340 draws sixels with 256 registers")
  func xtermVT340() {
    let (found, rest, done) = parse(
      "\u{1b}[1;2R\u{1b}[6;13;6t\u{1b}[4;312;480t\u{1b}[8;24;80t\u{1b}[?1;0;256S\u{1b}[?2;0;480;312S"
        + "\u{1b}[?80;2$y\u{1b}[?8452;2$y\u{1b}[?2026;0$y\u{1b}[?1006;2$y\u{1b}P>|XTerm(379)\u{1b}\\"
        + "\u{1b}[?63;1;2;4;6;9;15;16;22;28c")
    #expect(done)
    #expect(rest.isEmpty)
    #expect(found.sixel)
    #expect(found.cell == PixelSize(width: 6, height: 13))
    #expect(found.sixelColours == 256)
    #expect(found.sixelLimit == PixelSize(width: 480, height: 312))
    #expect(!found.synchronizedOutput)
    #expect(found.sgrMouse)
    #expect(found.unicode == true)
    #expect(found.name == "XTerm(379)")
    #expect(found.graphics == .sixel)
  }

  @Test("xterm as Debian ships it draws no sixels")
  func xtermDefault() {
    let (found, _, done) = parse(
      "\u{1b}[?1;3S\u{1b}[?2;3S\u{1b}P>|XTerm(379)\u{1b}\\"
        + "\u{1b}[?64;1;2;6;9;15;16;17;18;21;22;28c")
    #expect(done)
    #expect(!found.sixel)
    #expect(found.sixelColours == nil)
    #expect(found.graphics == .halfBlocks(colours: 256))
  }

  @Test("mlterm has 1024 registers and an odd size report")
  func mlterm() {
    let (found, _, done) = parse(
      "\u{1b}[6;22;10t\u{1b}[?1;0;1024S\u{1b}[?1;3;0S\u{1b}[?63;1;2;3;4;6;7;15;18;22;29c")
    #expect(done)
    #expect(found.sixel)
    #expect(found.sixelColours == 1024)
    #expect(found.sixelLimit == nil)
    #expect(found.cell == PixelSize(width: 10, height: 22))
  }

  @Test("tmux answers little")
  func tmux() {
    let (found, _, done) = parse("\u{1b}P>|tmux 3.3a\u{1b}\\\u{1b}[?1;2c")
    #expect(done)
    #expect(found.answered)
    #expect(!found.sixel)
    #expect(found.name == "tmux 3.3a")
    #expect(!found.sgrMouse)
  }

  @Test(
    "the mouse is on where the terminal answers that it reports it and in tmux, never within GNU screen"
  )
  func mouse() {
    func found(
      _ answers: String, _ environment: [String: String] = [:]
    ) -> TerminalCapabilities {
      var found = parse(answers).0
      found.multiplexer = Multiplexer(name: found.name, environment: environment)
      found.isWithinScreen = Multiplexer.isWithinScreen(
        found.multiplexer, environment: environment)
      return found
    }
    #expect(found("\u{1b}[?1006;2$y\u{1b}[?62;c").mouse == "yes")
    // As recorded of tmux 3.3a.
    let tmux = found("\u{1b}P>|tmux 3.3a\u{1b}\\\u{1b}[?1;2c")
    #expect(tmux.takesMouse && tmux.mouse == "yes, through tmux")
    #expect(found("\u{1b}[?1;2c", ["TMUX": "/tmp/tmux-0/default,1,0"]).takesMouse)
    // As recorded of GNU screen 4.9.0, which holds a lone Esc back while the mouse is tracked.
    let held = "no: GNU screen would hold the Esc key back"
    for environment in [["TERM": "screen-256color"], ["STY": "1.pts"]] {
      let screen = found("\u{1b}[>83;40900;0c\u{1b}[?1006;2$y\u{1b}[?1;2c", environment)
      #expect(screen.multiplexer == .screen && !screen.takesMouse && screen.mouse == held)
    }
    // A tmux that runs within it reads what it lets through.
    let within = found(
      "\u{1b}P>|tmux 3.3a\u{1b}\\\u{1b}[?1;2c", ["STY": "1.pts", "TMUX": "/tmp/t,1,0"])
    #expect(within.multiplexer == .tmux && !within.takesMouse && within.mouse == held)
    // A terminal of its own that was opened from within it is not in it.
    let own = found(
      "\u{1b}P>|kitty(0.41.1)\u{1b}\\\u{1b}[?1006;2$y\u{1b}[?62;c", ["STY": "1.pts"])
    #expect(own.takesMouse)
    // No answer to the question, a refusal, and silence.
    let silent = found("\u{1b}[?62;c")
    #expect(!silent.takesMouse && silent.mouse.hasPrefix("no: the terminal does not answer that"))
    #expect(!found("\u{1b}[?1006;0$y\u{1b}[?62;c").takesMouse)
    #expect(!found("", ["TMUX": "x"]).takesMouse)
    #expect(found("").mouse == "no: the terminal does not answer")
  }

  @Test("no answer leaves everything unknown")
  func silence() {
    let (found, rest, done) = parse("")
    #expect(!done)
    #expect(!found.answered)
    #expect(rest.isEmpty)
    #expect(found.unicode == nil)
  }

  @Test("sixels without a cell size cannot be placed")
  func sixelWithoutCell() {
    let (found, _, _) = parse("\u{1b}[?63;4c")
    #expect(found.sixel)
    #expect(found.graphics == .halfBlocks(colours: 256))
  }

  @Test("a locale that names other characters than UTF-8 is obeyed, the first that is set counts")
  func locales() {
    #expect(Curses.mayBeUTF8([:]) && Curses.mayBeUTF8(["LANG": "", "LC_ALL": ""]))
    #expect(!Curses.mayBeUTF8(["LC_ALL": "C", "LANG": "en_US.UTF-8"]))
    #expect(!Curses.mayBeUTF8(["LANG": "de_DE.ISO-8859-1"]) && !Curses.mayBeUTF8(["LANG": "POSIX"]))
    #expect(Curses.mayBeUTF8(["LC_CTYPE": "xx_XX.utf8", "LANG": "C"]))
  }

  @Test("synchronised output is seen; nothing is asked that tmux takes for a title")
  func extras() {
    let (found, _, _) = parse("\u{1b}[?2026;1$y\u{1b}[?62;c")
    #expect(found.synchronizedOutput)
    let questions = String(
      decoding: TerminalReplies.questions(through: nil), as: UTF8.self)
    #expect(TerminalReplies.questions(through: .tmux) == TerminalReplies.questions(through: nil))
    // A device control string passes GNU screen, and its answer comes as keys.
    let throughScreen = String(
      decoding: TerminalReplies.questions(through: .screen), as: UTF8.self)
    #expect(questions.contains("\u{1b}P") && !throughScreen.contains("\u{1b}P"))
    #expect(throughScreen.hasSuffix("\u{1b}[c"))
    // GNU screen would come back from another screen with the cursor at its top, or without one be erased.
    let farewell = String(decoding: TerminalReplies.farewell(through: .screen), as: UTF8.self)
    #expect(questions.hasPrefix("\u{1b}7\u{1b}[?1049h") && !throughScreen.contains("[?1049"))
    #expect(throughScreen.hasPrefix("\u{1b}7\r\u{1b}[2@\u{e9}\u{1b}[6n\r\u{1b}[2P"))
    #expect(farewell == "\u{1b}8")
    for other in [nil, Multiplexer.tmux] {
      let text = String(decoding: TerminalReplies.farewell(through: other), as: UTF8.self)
      #expect(text == "\r\u{1b}[2J\u{1b}[?1049l\u{1b}8")
    }
    // An answer that somebody else's question left behind is no key.
    #expect(parse("j\u{1b}[>83;40900;0ck\u{1b}[?1;2c").1 == "jk")
    var decoder = InputDecoder()
    #expect(decoder.feed(Array("\u{1b}[>83;40900;0c".utf8)).isEmpty)
    #expect(!questions.contains("\u{1b}_") && !questions.contains("\u{1b}k"))
  }

  @Test(
    "24-bit colours: the terminal gives the colour back as it was set",
    arguments: [
      ("1$r0;48:2:1:2:3m", true), ("1$r0;48:2::1:2:3m", true), ("1$r0;48;2;1;2;3m", true),
      ("1$r0;48;5;16m", false), ("0$r", false),
    ])
  func trueColour(_ body: String, _ expected: Bool) {
    let (found, _, _) = parse("\u{1b}P\(body)\u{1b}\\\u{1b}[?62;c")
    #expect(found.trueColour == expected)
  }

  @Test("a terminal that is not in UTF-8 says so by its column")
  func latin() {
    #expect(parse("\u{1b}[1;3R\u{1b}[?1c").0.unicode == false)
  }

  @Test("keys typed among the answers stay, in order")
  func typeAhead() {
    let (found, rest, done) = parse("j\u{1b}[6;17;8tk\u{1b}[Bé\u{1b}[?63;4cq")
    #expect(done)
    #expect(found.cell == PixelSize(width: 8, height: 17))
    #expect(rest == "jk\u{1b}[Béq")
  }

  @Test("every cut of the answers is safe, and the whole is understood")
  func everyCut() {
    let bytes = Array("\u{1b}[6;17;8t\u{1b}P>|XTerm(379)\u{1b}\\\u{1b}[?63;1;4c".utf8)
    for length in 0...bytes.count {
      let answer = TerminalReplies.parse(Array(bytes.prefix(length)))
      #expect(answer.done == (length == bytes.count), "cut at \(length)")
    }
  }

  @Test(
    "absurd sizes are not believed", arguments: ["6;0;0", "6;9999;9999", "6;17", "6;-1;8", "6;;"])
  func absurd(_ parameters: String) {
    #expect(parse("\u{1b}[\(parameters)t\u{1b}[?63;4c").0.cell == nil)
  }

  @Test("a hostile name is cleaned")
  func hostileName() {
    let (found, _, _) = parse("\u{1b}P>|x\u{9b}31m\u{7}y\u{1b}\\\u{1b}[?1c")
    #expect(found.name?.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x9b } != true)
  }
}
