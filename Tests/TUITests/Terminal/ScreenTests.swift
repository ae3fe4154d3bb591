import Imaging
import Testing

@testable import TUI

@Suite("Terminal: the screen as a value")
struct ScreenTests {
  private func picture(_ columns: Int, _ rows: Int) -> ScreenPicture {
    let image = ImageRaster(rows: 8, columns: 8, filledWith: 1)
    let request = PictureRequest(
      image: image, window: WindowLevel(from: 0, to: 1), targetRows: rows, targetColumns: columns)
    return ScreenPicture(PictureRenderer.render(request), palette: SixelPalette())
  }

  @Test("text is cut at its limit with an ellipsis, and at the edge")
  func cut() {
    var screen = Screen(size: TerminalSize(columns: 10, rows: 2))
    screen.put("abcdefghij", 0, 0, limit: 5)
    screen.put("abcdefghij", 1, 6)
    #expect(screen.dump() == "abcd…\n      abc…\n")
  }

  @Test("wide characters take two cells, combining marks none")
  func widths() {
    var screen = Screen(size: TerminalSize(columns: 8, rows: 1))
    screen.put("a中e\u{301}b", 0, 0)
    #expect(screen[0, 1].glyph == "中")
    #expect(screen[0, 2].glyph == "\0")
    #expect(screen[0, 4].glyph == "b")
  }

  @Test("what could steer a terminal becomes a dot")
  func hostileText() {
    var screen = Screen(size: TerminalSize(columns: 20, rows: 1))
    screen.put("a\u{1b}[2J\u{9b}x\u{202e}y\u{7f}", 0, 0)
    #expect(screen.dump() == "a·[2J·x·y·\n")
  }

  @Test("writing outside does nothing")
  func outside() {
    var screen = Screen(size: TerminalSize(columns: 4, rows: 2))
    screen.put("x", 5, 0)
    screen.put("x", -1, 0)
    screen.set("x", 0, 99, .normal)
    screen.box(CellRect(row: 1, column: 2, height: 5, width: 9), title: "t")
    screen.fill(CellRect(row: -3, column: -3, height: 4, width: 4), "#", .normal)
    #expect(screen.dump().split(separator: "\n", omittingEmptySubsequences: false).count == 3)
  }

  @Test("a popup leaves four rectangles of the picture around it")
  func popup() {
    var screen = Screen(size: TerminalSize(columns: 20, rows: 12))
    let rect = CellRect(row: 1, column: 2, height: 8, width: 12)
    screen.place(picture(12, 16), in: rect)
    screen.box(CellRect(row: 3, column: 5, height: 3, width: 4), title: "p")
    let parts = screen.visibleRects(of: screen.placements[0])
    #expect(parts.count == 4)
    #expect(parts.reduce(0) { $0 + $1.width * $1.height } == 8 * 12 - 3 * 4)
    // Together they cover exactly the cells still owned.
    for row in 0..<12 {
      for column in 0..<20 {
        let covered = parts.filter { $0.contains(row: row, column: column) }.count
        #expect(covered == (screen[row, column].image == 0 ? 0 : 1))
      }
    }
  }

  @Test("no picture touches the last row: there a sixel would scroll the screen")
  func lastRow() {
    var screen = Screen(size: TerminalSize(columns: 20, rows: 12))
    screen.place(picture(4, 8), in: CellRect(row: 8, column: 0, height: 4, width: 4))
    #expect(screen.placements.isEmpty)
    screen.place(picture(4, 6), in: CellRect(row: 8, column: 0, height: 3, width: 4))
    #expect(screen.placements.count == 1)
  }

  @Test("an unchanged picture is not sent again; a covered one is sent around the cover")
  func sixelLayer() {
    var layer = SixelLayer()
    let capabilities = TerminalCapabilities.sixelTerminal
    let shown = picture(8 * 10, 17 * 4)
    let rect = CellRect(row: 1, column: 2, height: 4, width: 10)
    var screen = Screen(size: TerminalSize(columns: 20, rows: 12))
    screen.place(shown, in: rect)
    let first = String(
      decoding: layer.bytes(for: screen, capabilities: capabilities), as: UTF8.self)
    #expect(first.hasPrefix("\u{1b}7\u{1b}[?80l\u{1b}[2;3H\u{1b}P0;1;0q\"1;1;80;68"))
    #expect(first.hasSuffix("\u{1b}\\\u{1b}8"))
    #expect(layer.bytes(for: screen, capabilities: capabilities).isEmpty)

    screen.put("pop", 2, 4)
    let around = String(
      decoding: layer.bytes(for: screen, capabilities: capabilities), as: UTF8.self)
    #expect(around.components(separatedBy: "\u{1b}P").count - 1 == 4)
    #expect(around.contains("\u{1b}[3;8H\u{1b}P0;1;0q\"1;1;40;17"))
    layer.forget()
    #expect(!layer.bytes(for: screen, capabilities: capabilities).isEmpty)
  }

  @Test("a picture that moves is erased before the text; one that stays, or turns a slice, is not")
  func wipe() {
    let capabilities = TerminalCapabilities.sixelTerminal
    let size = TerminalSize(columns: 20, rows: 12)
    let rect = CellRect(row: 1, column: 2, height: 2, width: 10)
    var sixels = SixelLayer()
    var blocks = DirectBlockLayer()
    func screen(_ rect: CellRect, covered: Bool = false) -> Screen {
      var screen = Screen(size: size)
      screen.place(picture(8 * 10, 17 * 2), in: rect)
      if covered { screen.put("pop", 1, 2) }
      return screen
    }
    #expect(sixels.wipe(for: screen(rect)).isEmpty && blocks.wipe(for: screen(rect)).isEmpty)
    _ = sixels.bytes(for: screen(rect), capabilities: capabilities)
    _ = blocks.bytes(for: screen(rect))
    #expect(sixels.wipe(for: screen(rect)).isEmpty && blocks.wipe(for: screen(rect)).isEmpty)

    let all = "\u{1b}7\u{1b}[40m\u{1b}[2;3H\u{1b}[10X\u{1b}[3;3H\u{1b}[10X\u{1b}8"
    let moved = screen(CellRect(row: 5, column: 2, height: 2, width: 10))
    #expect(String(decoding: sixels.wipe(for: moved), as: UTF8.self) == all)
    #expect(String(decoding: blocks.wipe(for: moved), as: UTF8.self) == all)
    #expect(String(decoding: sixels.wipe(for: Screen(size: size)), as: UTF8.self) == all)
    let covered = screen(rect, covered: true)
    #expect(String(decoding: sixels.wipe(for: covered), as: UTF8.self) == all)
    #expect(
      String(decoding: blocks.wipe(for: covered), as: UTF8.self)
        == "\u{1b}7\u{1b}[40m\u{1b}[2;3H\u{1b}[3X\u{1b}8")
  }

  /// How many cells of half blocks are written: those of one colour are blanks.
  private static func cells(_ text: String) -> Int {
    text.count { $0 == "\u{2580}" || $0 == " " }
  }

  @Test("24-bit half blocks: only what changed is sent, a cover is not painted over")
  func directBlocks() {
    var layer = DirectBlockLayer()
    let rect = CellRect(row: 1, column: 2, height: 2, width: 4)
    var screen = Screen(size: TerminalSize(columns: 10, rows: 6))
    screen.place(picture(4, 4), in: rect)
    let first = String(decoding: layer.bytes(for: screen), as: UTF8.self)
    #expect(first.hasPrefix("\u{1b}7\u{1b}[2;3H\u{1b}["))
    #expect(Self.cells(first) == 8)
    #expect(first.hasSuffix("\u{1b}[0m\u{1b}8"))
    #expect(layer.bytes(for: screen).isEmpty)
    var covered = screen
    covered.put("ab", 1, 3)
    // Right of the cover ncurses puts a mark of its own under the picture, which is drawn over.
    let beside = String(decoding: layer.bytes(for: covered), as: UTF8.self)
    #expect(beside.hasPrefix("\u{1b}7\u{1b}[2;6H"))
    #expect(Self.cells(beside) == 1)
    // Uncovered again, exactly the two cells come back, and the mark beside them goes.
    let back = String(decoding: layer.bytes(for: screen), as: UTF8.self)
    #expect(Self.cells(back) == 3)
  }

  @Test("24-bit half blocks: a picture that begins elsewhere hides the marks under its new edge")
  func movedEdge() {
    var layer = DirectBlockLayer()
    func screen(_ column: Int) -> Screen {
      var screen = Screen(size: TerminalSize(columns: 16, rows: 7))
      screen.place(picture(8, 8), in: CellRect(row: 1, column: column, height: 4, width: 8))
      return screen
    }
    _ = layer.bytes(for: screen(2))
    // The colours are the same everywhere; under two cells of each row there are marks now.
    let moved = String(decoding: layer.bytes(for: screen(4)), as: UTF8.self)
    #expect(moved.hasPrefix("\u{1b}7\u{1b}[2;5H"))
    // Those two, and two cells that showed no picture before.
    #expect(Self.cells(moved) == 4 * 4)
  }
}

extension String {
  fileprivate func components(separatedBy mark: String) -> [Substring] {
    split(separator: mark, omittingEmptySubsequences: false)
  }
}
