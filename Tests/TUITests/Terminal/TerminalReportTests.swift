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

  @Test("every kind of frame has its bytes; a draft is at most 30 kB")
  func frames() throws {
    let study = try FixtureStudies.study("001")
    let frames = FrameBytes.measure(study.pictures[study.pictures.count / 2].image)
    #expect(frames.count == 6)
    let (direct, indexed, full, draft) = (frames[0], frames[1], frames[2], frames[3])
    // Fewer than 80 bytes a cell: two colours of 24 bits and a place.
    let cells = 32 * 54
    #expect(direct.count > cells && direct.count < cells * 80)
    #expect(indexed.count > 0 && indexed.count < direct.count)
    #expect(full.count > draft.count * 2)
    #expect(draft.count > 1000 && draft.count <= 30_000, "\(draft.count)")
    let (kitty, kittyDraft) = (frames[4], frames[5])
    #expect(kitty.count > kittyDraft.count)
    #expect(kittyDraft.count > 8000 && kittyDraft.count <= 30_000, "\(kittyDraft.count)")
  }
}
