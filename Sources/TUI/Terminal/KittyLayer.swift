internal import Imaging

/// Kitty pictures: each is given to the terminal once, and shown by placeholder cells written past ncurses.
///
/// ncurses keeps blanks of a pair of their own under the picture, as under sixels. A new picture gets a
/// number of its own and takes the old one's cells: no frame is without a picture, and no cell shows a part
/// of another one. What was sent stays in the terminal (``KittyStore``), so that scrolling back writes
/// cells only. No terminal tells when it has lost one: after ``forget()`` all are sent again.
struct KittyLayer {
  /// What a cell of the screen shows.
  private struct Shown: Equatable {
    var number: UInt8
    var row: Int
    var column: Int
  }

  private let numbers: KittyNumbers
  /// Whether the terminal repeats a character that it is told the number of (REP).
  private let repeats: Bool
  private var store = KittyStore()
  private var shown: [Shown?] = []
  /// Cells written without marks of their own, which count on from their left neighbour.
  private var counting: Set<Int> = []
  private var size = TerminalSize(columns: 0, rows: 0)

  init(numbers: KittyNumbers, repeats: Bool = false) {
    (self.numbers, self.repeats) = (numbers, repeats)
  }

  /// About how many bytes the cells of a picture take to the terminal, its pixels not counted.
  ///
  /// Each row has its place and a cell that names its own. tmux writes such a cell anew with each of its three
  /// marks.
  static func cellBytes(of rect: CellRect, _ capabilities: TerminalCapabilities) -> Int {
    let (place, named, next) = (10, 10, KittyPlaceholder.next.count)
    if capabilities.multiplexer == .tmux {
      let names = (rect.width + KittyNumbers.countedInTmux - 1) / KittyNumbers.countedInTmux
      return rect.height * (place + names * 3 * named + rect.width * next)
    }
    let rest = capabilities.repeatsCells ? next + 6 : rect.width * next
    return rect.height * (place + named + rest)
  }

  /// Everything must be sent again.
  mutating func forget() {
    store.forget()
    shown = []
  }

  /// Whether the terminal has a picture, as base64.
  func keeps(_ picture: [UInt8]) -> Bool { store.keeps(picture) }

  /// The bytes to write before the text: what takes away cells that will not be of a picture.
  func wipe(for screen: Screen) -> [UInt8] {
    PictureWipe.bytes(of: shown, on: size, leavingPictures: screen)
  }

  /// The bytes to write after the text: pictures that the terminal has not, cells that show something else
  /// than before, and the deletion of pictures for which there is no room any more.
  mutating func bytes(for screen: Screen) -> [UInt8] {
    let before = Set(shown.compactMap { $0?.number })
    if size != screen.size || shown.isEmpty {
      size = screen.size
      shown = Array(repeating: nil, count: size.columns * size.rows)
      counting = []
    }
    var bytes: [UInt8] = []
    var numberOf: [UInt8: UInt8] = [:]
    for placement in screen.placements {
      let longest = max(placement.rect.height, placement.rect.width)
      guard !placement.picture.kitty.isEmpty, longest <= KittyPlaceholder.limit else { continue }
      let busy = before.union(numberOf.values)
      numberOf[placement.id] = take(placement, busy: busy, into: &bytes)
    }
    bytes += cells(screen, numberOf)
    for number in store.removeSurplus(sparing: Set(numberOf.values)) {
      bytes += numbers.pass(KittyGraphics.delete(number: numbers.whole(number)))
    }
    return bytes
  }

  /// The number of a picture as the terminal has it, or as it is given to it now; `nil` where none is free.
  /// - Parameter busy: Numbers on the screen, before and after.
  private mutating func take(
    _ placement: Placement, busy: Set<UInt8>, into bytes: inout [UInt8]
  ) -> UInt8? {
    let cells = KittyStore.Cells(columns: placement.rect.width, rows: placement.rect.height)
    let picture = placement.picture
    switch store.take(picture.kitty, bytes: picture.kittyBytes, in: cells, busy: busy) {
    case .there(let number)?: return number
    case .resized(let number)?:
      for command in KittyGraphics.place(
        number: numbers.whole(number), columns: cells.columns, rows: cells.rows)
      { bytes += numbers.pass(command) }
      return number
    case .new(let number)?:
      for command in KittyGraphics.transmit(
        base64: picture.kitty, number: numbers.whole(number), columns: cells.columns,
        rows: cells.rows)
      { bytes += numbers.pass(command) }
      return number
    case nil: return nil
    }
  }

  /// The cells to write, and what they then show.
  private mutating func cells(_ screen: Screen, _ numberOf: [UInt8: UInt8]) -> [UInt8] {
    var writer = Writer(numbers: numbers, repeats: repeats)
    var now = [Shown?](repeating: nil, count: shown.count)
    for placement in screen.placements {
      guard let number = numberOf[placement.id] else { continue }
      for row in placement.rect.row..<placement.rect.rowEnd {
        var isFirst = true
        for column in placement.rect.column..<placement.rect.columnEnd {
          guard screen[row, column].image == placement.id else {
            isFirst = true
            continue
          }
          let index = row * size.columns + column
          let cell = Shown(
            number: number, row: row - placement.rect.row, column: column - placement.rect.column)
          now[index] = cell
          // What lost its left neighbour would count on from nothing.
          if shown[index] != cell || (isFirst && counting.contains(index)) {
            let isCounting = writer.put(
              cell.number, cell.row, cell.column, row: row, column: column, afterOwn: !isFirst)
            if isCounting { counting.insert(index) } else { counting.remove(index) }
          }
          isFirst = false
        }
      }
    }
    shown = now
    return writer.finish()
  }

  /// Cells as escape sequences; only changes of place and colour are written.
  private struct Writer {
    let numbers: KittyNumbers
    let repeats: Bool
    private var bytes: [UInt8] = []
    private var next: (row: Int, column: Int)?
    private var number: UInt8?
    /// Cells that count on and are not written yet.
    private var waiting = 0

    init(numbers: KittyNumbers, repeats: Bool) {
      (self.numbers, self.repeats) = (numbers, repeats)
    }

    /// Whether the cell counts on from its left neighbour, of the same picture.
    mutating func put(
      _ number: UInt8, _ y: Int, _ x: Int, row: Int, column: Int, afterOwn: Bool
    ) -> Bool {
      let follows = next?.row == row && next?.column == column
      let isCounting =
        follows && afterOwn && self.number == number && numbers.mayCount(column: x)
      if isCounting {
        waiting += 1
      } else {
        flush()
        if !follows { bytes.append(contentsOf: "\u{1b}[\(row + 1);\(column + 1)H".utf8) }
        if self.number != number {
          // Black under what rounding leaves beside the picture.
          bytes.append(contentsOf: "\u{1b}[0;48;5;16;38;5;\(numbers.colour(number))m".utf8)
        }
        bytes.append(
          contentsOf: KittyPlaceholder.cell(row: y, column: x, highByte: numbers.highByte))
      }
      (next, self.number) = ((row, column + 1), number)
      return isCounting
    }

    /// Writes the cells that count on: the first, and how often it is repeated where that is shorter.
    private mutating func flush() {
      guard waiting > 0 else { return }
      bytes.append(contentsOf: KittyPlaceholder.next)
      let more = waiting - 1
      waiting = 0
      let repetition = Array("\u{1b}[\(more)b".utf8)
      if repeats, more * KittyPlaceholder.next.count > repetition.count {
        bytes.append(contentsOf: repetition)
      } else {
        for _ in 0..<more { bytes.append(contentsOf: KittyPlaceholder.next) }
      }
    }

    /// All of it; the cursor and the colours are as before.
    mutating func finish() -> [UInt8] {
      flush()
      return bytes.isEmpty
        ? [] : Array("\u{1b}7".utf8) + bytes + Array("\u{1b}[0m\u{1b}8".utf8)
    }
  }
}
