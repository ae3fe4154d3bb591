import Core
import Imaging
import Testing

@testable import TUI

@Suite("What doctor says of the terminal")
struct TerminalReportTests {
  @Test("replies are given as received; keys typed meanwhile are not among them")
  func replies() {
    let bytes = Array(
      "\u{1b}[1;2Rse\u{1b}[A\u{1b}]11;rgb:0/0/0\u{7}cret\u{1b}P1$r48;2;1;2;3m\u{1b}\\\u{1b}[?64;4cxyz"
        .utf8)
    #expect(
      TerminalReplies.answers(in: bytes).map(TerminalReplies.escaped) == [
        "ESC[1;2R", "ESC]11;rgb:0/0/0\\x07", "ESCP1$r48;2;1;2;3mESC\\\\", "ESC[?64;4c",
      ])
    for length in bytes.indices { _ = TerminalReplies.answers(in: Array(bytes.prefix(length))) }
    #expect(TerminalReplies.answers(in: []).isEmpty)
    #expect(TerminalReplies.escaped([0x00, 0x9b, 0x41]) == "\\x00\\x9bA")
  }

  @Test(
    "pictures are told by the workstation's rule: characters of the locale, colours of TERM")
  func pictures() throws {
    func told(_ type: String, unicode: Bool = true, _ environment: [String: String] = [:]) -> String
    {
      var report = TerminalReport(
        capabilities: TerminalCapabilities(), replies: [], link: LinkQuality())
      report.capabilities.type = type
      do {
        let count = try Curses.colours(ofType: type)
        report.capabilities.take(colours: count, environment: environment)
      } catch {
        report.refusal = "\(error)"
      }
      report.capabilities.unicode = unicode
      return report.pictures
    }
    #expect(told("xterm-256color") == "half blocks")
    #expect(told("screen-256color") == "half blocks")
    #expect(
      told("screen")
        == "none: 8 colours, 16 needed: TERM=screen-256color; "
        + "start with TERM=screen-256color cordscope review LIB")
    #expect(told("screen", ["COLORTERM": "truecolor"]).hasPrefix("none: 8 colours, 16 needed"))
    #expect(told("vt100") == "none: 0 colours, 16 needed, or sixel")
    #expect(
      told("screen-256color", unicode: false) == "none: pictures need a UTF-8 terminal, or sixel")
    #expect(told("dumb").hasPrefix("none: the terminal type TERM=dumb cannot place the cursor"))
    #expect(told("no-such-type").hasPrefix("none: the terminal type TERM=no-such-type is unknown"))
  }

  @Test("a picture in four greys is said to be one, with the type of terminal that has more")
  func fewGreys() {
    var report = TerminalReport(
      capabilities: TerminalCapabilities(), replies: [], link: LinkQuality())
    report.capabilities.unicode = true
    (report.capabilities.colours, report.capabilities.type) = (16, "xterm-16color")
    #expect(
      report.pictures
        == "half blocks in 4 greys: a lesion may not show; "
        + "start with TERM=xterm-256color cordscope review LIB")
  }

  @Test("pictures that the user asked for and the terminal does not say that it draws are in doubt")
  func asked() {
    var report = TerminalReport(
      capabilities: TerminalCapabilities.sixelTerminal, replies: [], link: LinkQuality())
    #expect(report.pictures == "sixel" && report.capabilities.unconfirmedPictures == nil)
    report.capabilities.choice = .sixel
    #expect(report.pictures == "sixel")
    report.capabilities.sixel = false
    #expect(report.pictures.hasPrefix("sixel; the terminal does not say that it draws them"))
    report.capabilities.choice = .kitty
    #expect(report.capabilities.unconfirmedPictures == "kitty pictures")
    report.capabilities.kitty = true
    #expect(report.pictures == "kitty")
    (report.capabilities.kitty, report.capabilities.isPictureSeen) = (false, true)
    #expect(report.pictures == "kitty")
    report.capabilities = TerminalCapabilities()
    #expect(report.capabilities.unconfirmedPictures == nil, "half blocks are letters")
  }

  @Test("plain C is obeyed by doctor as by the workstation")
  func plainC() {
    var report = TerminalReport(
      capabilities: TerminalCapabilities(), replies: [], link: LinkQuality())
    report.capabilities.unicode = true
    #expect(!Curses.mayBeUTF8(["LC_ALL": "C"]) && Curses.mayBeUTF8(["LC_ALL": "de_DE.UTF-8"]))
    report.capabilities.unicode = false
    report.capabilities.choice = .kitty
    #expect(report.pictures == "none: --graphics kitty needs a UTF-8 terminal")
  }

  @Test("every kind of frame has its bytes; a draft is at most 30 kB")
  func frames() throws {
    let study = try FixtureStudies.study("001")
    let frames = FrameBytes.measure(study.pictures[study.pictures.count / 2])
    try #require(frames.count == 8)
    let drafts = frames.filter { $0.kind.hasSuffix(" (draft)") }
    #expect(drafts.count == 4)
    for (full, draft) in zip(frames.filter { !$0.kind.hasSuffix(" (draft)") }, drafts) {
      let what = "\(full.kind), \(full.count); \(draft.kind), \(draft.count)"
      #expect(draft.count > 1000 && draft.count <= 30_000, "\(what)")
      #expect(draft.count <= full.count, "\(what)")
    }
    // Fewer than 80 bytes a cell: two colours of 24 bits and a place.
    let (direct, indexed) = (frames[0], frames[2])
    let cells = 32 * 54
    #expect(direct.count > cells && direct.count < cells * 80)
    #expect(indexed.count > 0 && indexed.count < cells * 30)
  }

  @Test("the bytes are those of what is sent: greys are saved away from the cord")
  func fineZone() throws {
    let study = try FixtureStudies.study("001")
    var picture = study.pictures[study.pictures.count / 2]
    try #require(picture.cord?.pixels.contains(true) == true)
    var random = RandomSource(seed: 7)
    picture.image = picture.image.map { $0 + Float(random.normal()) * 20 }
    let thrifty = FrameBytes.measure(picture)[4]
    picture.cord = nil
    let whole = FrameBytes.measure(picture)[4]
    #expect(thrifty.kind == "sixel 512 px, 64 greys near the cord, 32 elsewhere")
    #expect(whole.kind == "sixel 512 px, 64 greys")
    #expect(thrifty.count * 10 < whole.count * 9, "\(thrifty.count), \(whole.count)")
  }
}
