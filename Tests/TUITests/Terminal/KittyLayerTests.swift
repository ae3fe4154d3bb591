import Core
import Foundation
import Testing

@testable import Imaging
@testable import TUI

@Suite("Terminal: kitty pictures in placeholder cells")
struct KittyLayerTests {
  private static let rect = CellRect(row: 1, column: 2, height: 3, width: 6)

  private static func picture(_ grey: Float = 1) -> ScreenPicture {
    let image = ImageRaster(rows: 8, columns: 8, filledWith: grey)
    let request = PictureRequest(
      image: image, window: WindowLevel(from: 0, to: 1), targetRows: 51, targetColumns: 48)
    return ScreenPicture(PictureRenderer.render(request), palette: nil, kittySquare: 1)
  }

  private static func screen(_ pictures: (ScreenPicture, CellRect)...) -> Screen {
    var screen = Screen(size: TerminalSize(columns: 20, rows: 8))
    for (picture, rect) in pictures { screen.place(picture, in: rect) }
    return screen
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  /// The cells a terminal would show after these bytes, by the protocol's rules: picture, row, column.
  private struct Reader {
    var cells: [[Int]: [Int]] = [:]
    var pictures: Set<Int> = []
    /// The cells that each picture was said to fill: columns and rows.
    var sizes: [Int: [Int]] = [:]
    /// Bytes of pixels received.
    var pixelBytes = 0
    /// Numbers that were given to a new picture while another one had them.
    var clashes: [Int] = []

    mutating func read(_ bytes: [UInt8]) {
      var (row, column, colour) = (0, 0, 0)
      var left: [Int]?
      var rest = Substring(KittyLayerTests.text(bytes)).unicodeScalars
      while let scalar = rest.popFirst() {
        if scalar == "\u{10EEEE}" {
          var marks: [Int] = []
          while let mark = rest.first.flatMap(KittyPlaceholder.scalars.firstIndex(of:)) {
            marks.append(mark)
            rest.removeFirst()
          }
          let number = colour + (marks.count > 2 ? marks[2] << 24 : 0)
          if marks.isEmpty, let left, left[0] & 0xFFFFFF == colour {
            cells[[row, column]] = [left[0], left[1], left[2] + 1]
          } else {
            cells[[row, column]] = marks.isEmpty ? [number, 0, 0] : [number, marks[0], marks[1]]
          }
          left = cells[[row, column]]
          column += 1
        } else if scalar == "\u{1b}", rest.first == "[" {
          let end = rest.firstIndex { $0.properties.isAlphabetic } ?? rest.startIndex
          let numbers = String(rest[..<end]).dropFirst().split(separator: ";").map { Int($0) ?? 0 }
          if rest[end] == "H" {
            (row, column) = (numbers[0] - 1, numbers[1] - 1)
            left = cells[[row, column - 1]]
          } else if rest[end] == "b" {
            for _ in 0..<numbers[0] {
              left = left.map { [$0[0], $0[1], $0[2] + 1] }
              cells[[row, column]] = left
              column += 1
            }
          } else if numbers.count > 3 {
            colour = numbers[numbers.count - 1]
          }
          rest = rest[rest.index(after: end)...]
        } else if scalar == "\u{1b}", rest.first == "_" {
          let body = rest.prefix { $0 != "\u{1b}" }
          take(
            String(body.prefix { $0 != ";" }),
            payload: max(body.drop { $0 != ";" }.count - 1, 0))
          rest = rest.drop { $0 != "\u{1b}" }
        }
      }
    }

    private mutating func take(_ command: String, payload: Int) {
      pixelBytes += payload
      func value(_ key: String) -> Int? {
        command.split(separator: ",").first { $0.hasPrefix(key) }
          .flatMap { Int($0.dropFirst(key.count)) }
      }
      guard let number = value("i=") else { return }
      if command.contains("d=I") {
        pictures.remove(number)
        sizes[number] = nil
      } else if command.contains("d=i") {
        sizes[number] = nil
      } else {
        if command.contains("a=T"), pictures.contains(number) { clashes.append(number) }
        pictures.insert(number)
        sizes[number] = [value("c=") ?? 0, value("r=") ?? 0]
      }
    }
  }

  @Test("a picture is sent once; its cells name every row and column")
  func once() {
    var layer = KittyLayer(numbers: KittyNumbers(pane: nil))
    let screen = Self.screen((Self.picture(), Self.rect))
    let bytes = layer.bytes(for: screen)
    let text = Self.text(bytes)
    #expect(text.hasPrefix("\u{1b}_Ga=T,U=1,i=16,f=100,t=d,c=6,r=3,q=2,m=0;"))
    // The cells of a row count on from the first.
    let first = "\u{1b}7\u{1b}[2;3H\u{1b}[0;48;5;16;38;5;16m\u{10EEEE}\u{305}\u{305}"
    #expect(text.contains(first + String(repeating: "\u{10EEEE}", count: 5) + "\u{1b}[3;3H"))
    #expect(text.hasSuffix("\u{1b}[0m\u{1b}8"))
    var reader = Reader()
    reader.read(bytes)
    #expect(reader.cells.count == 18 && reader.pictures == [16])
    for (place, cell) in reader.cells { #expect(cell == [16, place[0] - 1, place[1] - 2]) }
    #expect(layer.bytes(for: screen).isEmpty)
  }

  @Test("the next picture takes the cells of the old one, which stays in the terminal")
  func replacement() throws {
    var layer = KittyLayer(numbers: KittyNumbers(pane: nil))
    _ = layer.bytes(for: Self.screen((Self.picture(), Self.rect)))
    let text = Self.text(layer.bytes(for: Self.screen((Self.picture(0.5), Self.rect))))
    let sent = try #require(text.range(of: "a=T,U=1,i=17,"))
    let cells = try #require(text.range(of: "38;5;17m"))
    #expect(sent.upperBound < cells.lowerBound && !text.contains("a=d"))
    #expect(layer.bytes(for: Self.screen()).isEmpty)
    // Both are still there, also when they were drawn anew.
    let back = Self.text(layer.bytes(for: Self.screen((Self.picture(), Self.rect))))
    #expect(back.contains("38;5;16m") && !back.contains("\u{1b}_G"))
    let other = Self.picture(0.5)
    let kept = layer.keeps(other.kitty)
    #expect(kept && !layer.keeps(Self.picture(0.25).kitty))
  }

  /// Distinct pictures of one shape.
  private static func series(_ count: Int) -> [ScreenPicture] {
    (0..<count).map { index in
      var image = ImageRaster(rows: 8, columns: 8, filledWith: 0.5)
      image.pixels[index] = 1
      let request = PictureRequest(
        image: image, window: WindowLevel(from: 0, to: 1), targetRows: 51, targetColumns: 48)
      return ScreenPicture(PictureRenderer.render(request), palette: nil, kittySquare: 1)
    }
  }

  @Test(
    "who scrolls forward and back sends no pixels twice, in tmux, too",
    arguments: [nil, 7] as [Int?])
  func scrolling(_ pane: Int?) {
    var layer = KittyLayer(numbers: KittyNumbers(pane: pane))
    let pictures = Self.series(KittyStore.limit)
    var pixels = 0
    func show(_ picture: ScreenPicture) {
      let text = Self.text(layer.bytes(for: Self.screen((picture, Self.rect))))
      pixels += text.components(separatedBy: "a=T").count - 1
      #expect(!text.contains("a=d") && text.unicodeScalars.contains("\u{10EEEE}"))
    }
    for picture in pictures { show(picture) }
    #expect(pixels == pictures.count)
    for picture in pictures.dropLast().reversed() { show(picture) }
    // Drawn anew, but the same.
    for picture in Self.series(KittyStore.limit).dropFirst() { show(picture) }
    #expect(pixels == pictures.count)
  }

  @Test("who scrolls back receives cells alone, counted in bytes")
  func scrollingBytes() {
    var layer = KittyLayer(numbers: KittyNumbers(pane: nil))
    var reader = Reader()
    let pictures = Self.series(11)
    for picture in pictures { reader.read(layer.bytes(for: Self.screen((picture, Self.rect)))) }
    #expect(reader.pixelBytes == pictures.map(\.kitty.count).reduce(0, +))
    let sent = reader.pixelBytes
    for (index, picture) in pictures.enumerated().reversed().dropFirst() {
      reader.read(layer.bytes(for: Self.screen((picture, Self.rect))))
      #expect(reader.cells[[1, 2]] == [16 + index, 0, 0])
    }
    #expect(reader.pixelBytes == sent && reader.clashes.isEmpty)
    // What the terminal may have lost is sent again.
    layer.forget()
    reader.read(layer.bytes(for: Self.screen((pictures[0], Self.rect))))
    #expect(reader.pixelBytes == sent + pictures[0].kitty.count)
    #expect(reader.pictures == [16 + 11])
  }

  @Test("beyond the limit the picture not shown for longest is deleted, and numbers never clash")
  func eviction() {
    var layer = KittyLayer(numbers: KittyNumbers(pane: nil))
    var reader = Reader()
    let pictures = Self.series(2 * KittyStore.limit)
    func show(_ index: Int) {
      reader.read(layer.bytes(for: Self.screen((pictures[index], Self.rect))))
    }
    for index in 0..<KittyStore.limit { show(index) }
    show(0)
    #expect(reader.pictures.count == KittyStore.limit)
    show(KittyStore.limit)
    #expect(reader.pictures.count == KittyStore.limit)
    #expect(layer.keeps(pictures[0].kitty) && !layer.keeps(pictures[1].kitty))
    #expect(!reader.pictures.contains(17) && reader.pictures.contains(16))
    for _ in 0..<3 { for index in pictures.indices { show(index) } }
    #expect(reader.clashes.isEmpty && reader.pictures.count == KittyStore.limit)
    #expect(reader.pictures.isSubset(of: Set(16..<(16 + KittyNumbers.count))))
  }

  @Test("the store's bytes are bounded, but what is shown stays")
  func storedBytes() {
    var store = KittyStore()
    let cells = KittyStore.Cells(columns: 6, rows: 3)
    let large = KittyStore.byteLimit / 3 + 1
    for index in 0..<3 as Range<UInt8> {
      #expect(store.take([index], bytes: large, in: cells, busy: []) == .new(index))
      #expect(store.removeSurplus(sparing: [index]) == (index < 2 ? [] : [0]))
    }
    #expect(store.take([3], bytes: 4 * large, in: cells, busy: []) == .new(3))
    #expect(store.removeSurplus(sparing: [3, 2]) == [1])
    #expect(store.keeps([3]) && store.keeps([2]) && !store.keeps([1]))
    #expect(store.removeSurplus(sparing: [3]) == [2])
    #expect(store.removeSurplus(sparing: []) == [3])
  }

  @Test("in other cells a picture is placed again, without its pixels, unless it is on the screen")
  func otherCells() {
    var layer = KittyLayer(numbers: KittyNumbers(pane: nil))
    var reader = Reader()
    let picture = Self.picture()
    let wide = CellRect(row: 1, column: 2, height: 4, width: 9)
    reader.read(layer.bytes(for: Self.screen((picture, Self.rect))))
    reader.read(layer.bytes(for: Self.screen((Self.picture(0.5), Self.rect))))
    let sent = reader.pixelBytes
    reader.read(layer.bytes(for: Self.screen((picture, wide))))
    #expect(reader.pixelBytes == sent && reader.sizes[16] == [9, 4])
    #expect(reader.cells[[4, 10]] == [16, 3, 8])
    // Its cells of now must not show parts of the other shape.
    reader.read(layer.bytes(for: Self.screen((picture, Self.rect))))
    #expect(reader.pixelBytes > sent && reader.sizes[16] == [9, 4] && reader.sizes[18] == [6, 3])
  }

  @Test("a cover is not painted over; what stands right of it names its own place")
  func cover() {
    var layer = KittyLayer(numbers: KittyNumbers(pane: nil))
    var reader = Reader()
    let screen = Self.screen((Self.picture(), Self.rect))
    reader.read(layer.bytes(for: screen))
    var covered = screen
    covered.put("ab", 2, 4)
    // ncurses has written these two.
    for column in 4...5 { reader.cells[[2, column]] = nil }
    let bytes = layer.bytes(for: covered)
    #expect(
      Self.text(bytes)
        == "\u{1b}7\u{1b}[3;7H\u{1b}[0;48;5;16;38;5;16m\u{10EEEE}\u{30D}\u{312}\u{1b}[0m\u{1b}8")
    reader.read(bytes)
    #expect(reader.cells.count == 16)
    for (place, cell) in reader.cells { #expect(cell == [16, place[0] - 1, place[1] - 2]) }
    // Uncovered again, the two come back and nothing is transmitted.
    let back = layer.bytes(for: screen)
    #expect(!Self.text(back).contains("\u{1b}_G"))
    reader.read(back)
    #expect(reader.cells.count == 18)
    for (place, cell) in reader.cells { #expect(cell == [16, place[0] - 1, place[1] - 2]) }
  }

  @Test(
    "covers of seed 22 never leave a cell that shows another part, or a picture too many",
    arguments: [(nil, false), (nil, true), (4, false)] as [(Int?, Bool)])
  func random(_ pane: Int?, _ repeats: Bool) {
    var generator = RandomSource(seed: 22)
    var layer = KittyLayer(numbers: KittyNumbers(pane: pane), repeats: repeats)
    var reader = Reader()
    let pictures = [Self.picture(0.2), Self.picture(0.5), Self.picture(0.9)]
    let right = CellRect(row: 2, column: 9, height: 4, width: 7)
    for _ in 0..<300 {
      if Int.random(in: 0..<20, using: &generator) == 0 { layer.forget() }
      let left = pictures[Int.random(in: 0..<3, using: &generator)]
      let other = pictures[Int.random(in: 0..<3, using: &generator)]
      var screen = Self.screen((left, Self.rect), (other, right))
      for _ in 0..<Int.random(in: 0..<3, using: &generator) {
        screen.put(
          "covers", Int.random(in: 0..<7, using: &generator),
          Int.random(in: 0..<16, using: &generator))
      }
      for place in reader.cells.keys where screen[place[0], place[1]].image == 0 {
        reader.cells[place] = nil
      }
      reader.read(layer.bytes(for: screen))
      // Three pictures in two shapes, and no more.
      #expect(reader.pictures.count <= 6 && reader.clashes.isEmpty)
      var numbers: [UInt8: Set<Int>] = [:]
      for row in 0..<8 {
        for column in 0..<20 {
          let image = screen[row, column].image
          let cell = reader.cells[[row, column]]
          guard image != 0 else {
            #expect(cell == nil)
            continue
          }
          let rect = screen.placements[Int(image) - 1].rect
          #expect(cell.map { [$0[1], $0[2]] } == [row - rect.row, column - rect.column])
          numbers[image, default: []].insert(cell?[0] ?? 0)
          #expect(cell.flatMap { reader.sizes[$0[0]] } == [rect.width, rect.height])
        }
      }
      #expect(numbers.values.allSatisfy { $0.count == 1 && $0.isSubset(of: reader.pictures) })
    }
  }

  @Test("the study's slice is drawn for kitty, in the pixels of its cells")
  func study() throws {
    let session = Session(
      MemoryDriver.Step.open("001") + [.await("slice 6 of 11"), .terminate],
      capabilities: .kittyTerminal)
    let screen = session.driver.screen
    let placement = try #require(screen.placements.first)
    let (rect, picture) = (placement.rect, placement.picture)
    #expect(picture.sixels.isEmpty && !picture.kitty.isEmpty)
    #expect(picture.pixels.columns == rect.width * 8 && picture.pixels.rows == rect.height * 17)
    var layer = KittyLayer(numbers: KittyNumbers(pane: nil))
    let bytes = layer.bytes(for: screen)
    #expect(Self.text(bytes).contains("a=T,U=1,i=16,f=100,t=d,c=\(rect.width),r=\(rect.height),"))
    var reader = Reader()
    reader.read(bytes)
    let owned = screen.cells.count { $0.image == placement.id }
    #expect(owned > 1000 && reader.cells.count == owned)
  }

  @Test("what is forgotten is deleted and sent again under another number")
  func forgotten() {
    var layer = KittyLayer(numbers: KittyNumbers(pane: nil))
    let screen = Self.screen((Self.picture(), Self.rect))
    _ = layer.bytes(for: screen)
    layer.forget()
    let text = Self.text(layer.bytes(for: screen))
    #expect(text.contains("a=T,U=1,i=17,") && text.contains("a=d,d=I,i=16,"))
    #expect(text.unicodeScalars.count { $0 == "\u{10EEEE}" } > 10)
  }

  /// A picture of 64 x 31 cells, and what shows it.
  private static func wide(_ pane: Int?, repeats: Bool) -> (bytes: [UInt8], reader: Reader) {
    var screen = Screen(size: TerminalSize(columns: 80, rows: 34))
    screen.place(picture(), in: CellRect(row: 1, column: 2, height: 31, width: 64))
    var layer = KittyLayer(numbers: KittyNumbers(pane: pane), repeats: repeats)
    let bytes = layer.bytes(for: screen)
    var reader = Reader()
    reader.read(bytes)
    return (bytes, reader)
  }

  @Test(
    "cells are repeated where the terminal does that, and shown as if each had been written",
    arguments: [(nil, false), (nil, true), (4, false)] as [(Int?, Bool)])
  func repeated(_ pane: Int?, _ repeats: Bool) throws {
    let (bytes, reader) = Self.wide(pane, repeats: repeats)
    let number = try #require(reader.pictures.first)
    #expect(reader.cells.count == 64 * 31 && reader.pictures.count == 1)
    for (place, cell) in reader.cells { #expect(cell == [number, place[0] - 1, place[1] - 2]) }
    let cells = bytes.count - Self.picture().kitty.count
    var capabilities = TerminalCapabilities.kittyTerminal
    capabilities.repeatsCells = repeats
    if pane != nil { capabilities.multiplexer = .tmux }
    let rect = CellRect(row: 1, column: 2, height: 31, width: 64)
    let most = KittyLayer.cellBytes(of: rect, capabilities)
    #expect(cells <= most + 200)
    // tmux writes more than it is sent.
    #expect(pane != nil || cells > most * 7 / 10)
    #expect(most < (repeats ? 1500 : pane == nil ? 9000 : 13_000))
  }

  @Test(
    "within tmux every command is wrapped, every 16th cell names its place, panes share no number")
  func tmux() {
    var layer = KittyLayer(numbers: KittyNumbers(pane: 4))
    let text = Self.text(layer.bytes(for: Self.screen((Self.picture(), Self.rect))))
    let number = 5 << 24 | 16
    #expect(text.hasPrefix("\u{1b}Ptmux;\u{1b}\u{1b}_Ga=T,U=1,i=\(number),f=100,"))
    #expect(text.contains("\u{10EEEE}\u{305}\u{305}\u{33D}\u{10EEEE}\u{10EEEE}"))
    let wide = Self.text(Self.wide(4, repeats: false).bytes).unicodeScalars
    // Four in each of 31 rows have the mark of the number's highest byte.
    let marked = zip(wide, wide.dropFirst()).count {
      $0 == "\u{10EEEE}" && $1 != "\u{10EEEE}" && $1 != "\u{1b}"
    }
    #expect(marked == 4 * 31)
    layer.forget()
    let bare = Self.text(layer.bytes(for: Self.screen()))
    #expect(
      bare == "\u{1b}Ptmux;\u{1b}\u{1b}_Ga=d,d=I,i=\(number),q=2\u{1b}\u{1b}\\\u{1b}\\")
    let all = (0..<1785).flatMap { pane in
      let numbers = KittyNumbers(pane: pane)
      return (0..<UInt8(KittyNumbers.count)).map(numbers.whole)
    }
    #expect(Set(all).count == all.count && all.allSatisfy { $0 & 0xFF >= 16 && $0 >> 24 > 0 })
  }

  @Test("the farewell deletes all numbers, in tmux too, and fits into what a crash can write")
  func farewell() {
    for pane in [nil, 1784] as [Int?] {
      let numbers = KittyNumbers(pane: pane)
      let text = Self.text(numbers.farewell)
      #expect(numbers.farewell.count <= 1024 && text.hasPrefix("\u{1b}\\"))
      for number in 0..<UInt8(KittyNumbers.count) {
        #expect(text.contains("a=d,d=I,i=\(numbers.whole(number)),q=2"))
      }
    }
  }

  @Test("a picture in greys is sent as such, a draft in one px for each square")
  func payload() throws {
    func decoded(_ picture: ScreenPicture) throws -> RGBRaster {
      try PNG.decodeRGB([UInt8](try #require(Data(base64Encoded: Data(picture.kitty)))))
    }
    let full = Self.picture(0.5)
    #expect(try decoded(full) == full.pixels)
    let request = PictureRequest(
      image: ImageRaster(rows: 8, columns: 8, filledWith: 0.5),
      window: WindowLevel(from: 0, to: 1), targetRows: 527, targetColumns: 512)
    let draft = ScreenPicture(
      PictureRenderer.draft(request, square: 6), palette: nil, kittySquare: 6)
    let small = try decoded(draft)
    #expect(small.rows == 88 && small.columns == 85)
    #expect(draft.pixels.rows == 527 && draft.kitty.count < 2000)
  }
}
