import Testing

@testable import TUI

/// Answers as kitty 0.41.1, kitty 0.26.5 and tmux 3.3a gave them.
@Suite("Terminal: the question for kitty pictures")
struct KittyProbeTests {
  private func parse(_ text: String, _ multiplexer: Multiplexer? = nil) -> KittyProbe.Answer {
    KittyProbe.parse(Array(text.utf8), multiplexer)
  }

  @Test(
    "pictures are drawn where one for placeholders is taken and leaves the cursor where it is",
    arguments: [
      ("\u{1b}[1;1R\u{1b}_Gi=31;OK\u{1b}\\\u{1b}[1;1R\u{1b}[?62;c", true),
      // No placeholders: refused, not understood, or drawn at once with the cursor behind it.
      ("\u{1b}[1;1R\u{1b}[1;1R\u{1b}[?62;c", false),
      ("\u{1b}[1;1R\u{1b}_Gi=31;EINVAL:bad key\u{1b}\\\u{1b}[1;1R\u{1b}[?62;c", false),
      ("\u{1b}[1;1R\u{1b}_Gi=31;OK\u{1b}\\\u{1b}[1;3R\u{1b}[?65;4;6c", false),
      ("\u{1b}_Gi=31;OK\u{1b}\\\u{1b}[?62;c", false), ("\u{1b}[?64;1;2c", false),
    ])
  func direct(_ text: String, _ expected: Bool) {
    let answer = parse(text)
    #expect(answer.draws == expected && answer.done && answer.rest.isEmpty)
  }

  @Test(
    "cells are repeated where three more columns of the row are taken",
    arguments: [
      ("\u{1b}[1;5R", true), ("\u{1b}[1;2R", false), ("\u{1b}[2;5R", false), ("", false),
      ("\u{1b}[1R", false),
    ])
  func repeats(_ place: String, _ expected: Bool) {
    let answer = parse("\u{1b}[1;1R\u{1b}_Gi=31;OK\u{1b}\\\u{1b}[1;1R\(place)\u{1b}[?62;c")
    #expect(answer.draws && answer.done && answer.repeats == expected)
    // A terminal without pictures has no cells to repeat.
    let bare = parse("\u{1b}[1;1R\u{1b}[1;1R\(place)\u{1b}[?62;c")
    #expect(!bare.draws && !bare.repeats && bare.rest.isEmpty)
    let questions = String(decoding: KittyProbe.questions(nil), as: UTF8.self)
    #expect(questions.hasSuffix("\u{10EEEE}\u{1b}[3b\u{1b}[6n\u{1b}[c"))
    let tmux = String(decoding: KittyProbe.questions(.tmux), as: UTF8.self)
    #expect(!tmux.contains("\u{10EEEE}"))
  }

  @Test("through tmux the last place is the end; without an answer it is not")
  func tmux() {
    let text = "\u{1b}[4;7R\u{1b}_Gi=31;OK\u{1b}\\\u{1b}[4;7R"
    #expect(parse(text, .tmux).draws && parse(text, .tmux).done)
    #expect(!parse("", .tmux).done && !parse("", .tmux).draws)
    let questions = String(decoding: KittyProbe.questions(.tmux), as: UTF8.self)
    #expect(questions.hasPrefix("\u{1b}Ptmux;\u{1b}\u{1b}7") && questions.hasSuffix("8\u{1b}\\"))
    #expect(KittyProbe.questions(.screen).isEmpty)
  }

  @Test("keys typed meanwhile stay, and every cut is safe")
  func typedAhead() {
    let text = "j\u{1b}[1;1Rk\u{1b}_Gi=31;OK\u{1b}\\\u{1b}[B\u{1b}[1;1R\u{1b}[?62;cq"
    let answer = parse(text)
    #expect(answer.draws && answer.rest == Array("jk\u{1b}[Bq".utf8))
    #expect(answer.replies.count == 4)
    for length in 0..<(text.utf8.count - 1) {
      #expect(!KittyProbe.parse(Array(text.utf8.prefix(length)), nil).done, "\(length)")
    }
  }

  @Test(
    "tmux and screen are known by what they say, else by the environment",
    arguments: [
      ("tmux 3.3a", [:], .tmux), (nil, ["TMUX": "/tmp/t,1,0", "TERM": "screen"], .tmux),
      (nil, ["TERM": "tmux-256color"], .tmux), (nil, ["STY": "1.pts"], .screen),
      (nil, ["TERM": "screen-256color"], .screen),
      (nil, ["STY": "1.pts", "TMUX": "/tmp/t,1,0", "TERM": "screen-256color"], .screen),
      (nil, ["TERM": "xterm-256color"], nil),
      // A terminal opened from within tmux inherits its variables.
      ("kitty(0.41.1)", ["TMUX": "/tmp/t,1,0", "TERM": "xterm-kitty"], nil),
    ] as [(String?, [String: String], Multiplexer?)])
  func multiplexers(_ name: String?, _ environment: [String: String], _ expected: Multiplexer?) {
    #expect(Multiplexer(name: name, environment: environment) == expected)
  }

  @Test("auto takes kitty pictures where they are answered for, else sixels, else half blocks")
  func auto() {
    var found = TerminalCapabilities.sixelTerminal
    #expect(found.graphics == .sixel)
    found.kitty = true
    #expect(found.graphics == .kitty && found.pixelsPerCell == PixelSize(width: 8, height: 17))
    found.cell = nil
    #expect(found.pixelsPerCell == PixelSize(width: 8, height: 16))
    // What tmux tells of cells that it does not know; a shape that halves would change stays.
    found.cell = PixelSize(width: 16, height: 32)
    #expect(found.pixelsPerCell == PixelSize(width: 8, height: 16))
    for whole in [(14, 26), (17, 34), (18, 35)] {
      found.cell = PixelSize(width: whole.0, height: whole.1)
      #expect(found.pixelsPerCell == found.cell)
    }
    found.choice = .sixel
    found.cell = PixelSize(width: 16, height: 32)
    #expect(found.pixelsPerCell == found.cell, "the terminal does not scale sixels")
    (found.choice, found.cell) = (.auto, nil)
    found.kitty = false
    #expect(found.graphics == .halfBlocks(colours: 256))
    found.kitty = true
    found.unicode = false
    #expect(found.graphics == .none("pictures need a UTF-8 terminal, or sixel"))
  }

  @Test("a tmux that is slow to answer is waited for longer, but not for ever")
  func patience() {
    #expect(KittyProbe.patience(withTmux: .milliseconds(2)) == 300)
    #expect(KittyProbe.patience(withTmux: .milliseconds(75)) == 300)
    #expect(KittyProbe.patience(withTmux: .milliseconds(250)) == 1000)
    #expect(KittyProbe.patience(withTmux: .seconds(60)) == TerminalProbe.deadline)
  }

  @Test("what is named is taken, or refused in words")
  func named() {
    func graphics(
      _ choice: GraphicsChoice, _ found: TerminalCapabilities = TerminalCapabilities()
    ) -> TerminalCapabilities.Graphics {
      var found = found
      found.choice = choice
      return found.graphics
    }
    #expect(graphics(.kitty) == .kitty)
    #expect(graphics(.sixel, .sixelTerminal) == .sixel)
    #expect(graphics(.blocks, .sixelTerminal) == .halfBlocks(colours: 256))
    for (choice, word) in [
      (GraphicsChoice.sixel, "size of its cells"), (GraphicsChoice.text, "text"),
    ] {
      guard case .none(let reason) = graphics(choice) else {
        Issue.record("\(choice) draws")
        continue
      }
      #expect(reason.contains(word))
    }
    var screen = TerminalCapabilities.sixelTerminal
    screen.multiplexer = .screen
    #expect(graphics(.kitty, screen) == .none("--graphics kitty does not pass GNU screen"))
    #expect(graphics(.sixel, screen) == .none("--graphics sixel does not pass GNU screen"))
  }

  @Test("24-bit colours are taken where the terminal draws them, never through GNU screen")
  func colours() {
    func found(
      _ multiplexer: Multiplexer?, answers: Bool, _ colorterm: String?, colours: Int = 256
    ) -> TerminalCapabilities.Graphics {
      var found = TerminalCapabilities()
      found.multiplexer = multiplexer
      found.trueColour = answers
      found.take(colours: colours, environment: colorterm.map { ["COLORTERM": $0] } ?? [:])
      return found.graphics
    }
    let (direct, indexed) = (
      TerminalCapabilities.Graphics.halfBlocks(colours: 1 << 24),
      TerminalCapabilities.Graphics.halfBlocks(colours: 256)
    )
    for multiplexer in [nil, Multiplexer.tmux] {
      #expect(found(multiplexer, answers: true, nil) == direct)
      #expect(found(multiplexer, answers: false, "truecolor") == direct)
      #expect(found(multiplexer, answers: false, "24bit") == direct)
      #expect(found(multiplexer, answers: false, "yes") == indexed)
    }
    // The terminal around it answers, and names itself; it would take the colours for attributes.
    #expect(found(.screen, answers: true, "truecolor") == indexed)
    #expect(
      found(nil, answers: true, "truecolor", colours: 16) == .halfBlocks(colours: 16))
  }
}
