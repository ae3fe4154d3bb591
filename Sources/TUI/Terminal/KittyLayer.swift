internal import Imaging

/// Kitty pictures: each is given to the terminal once, and shown by placeholder cells written past ncurses.
///
/// ncurses keeps blanks of a pair of their own under the picture, as under sixels. A new picture gets a
/// number of its own and takes the old one's cells before that is deleted: no frame is without a picture,
/// and no cell shows a part of another one.
struct KittyLayer {
  /// A picture that the terminal has.
  private struct Sent {
    /// Keeps the picture alive whose identity is compared.
    var picture: ScreenPicture
    var rect: CellRect
    var number: UInt8
  }

  /// What a cell of the screen shows.
  private struct Shown: Equatable {
    var number: UInt8
    var row: Int
    var column: Int
  }

  private let numbers: KittyNumbers
  private var sent: [Sent] = []
  /// Numbers to be deleted.
  private var stale: [UInt8] = []
  private var shown: [Shown?] = []
  /// Cells written without marks of their own, which count on from their left neighbour.
  private var counting: Set<Int> = []
  private var size = TerminalSize(columns: 0, rows: 0)
  private var lastNumber = KittyNumbers.count - 1

  init(numbers: KittyNumbers) { self.numbers = numbers }

  /// Everything must be sent again.
  mutating func forget() {
    stale += sent.map(\.number)
    sent = []
    shown = []
  }

  /// The bytes to write before the text: what takes away cells that will not be of a picture.
  func wipe(for screen: Screen) -> [UInt8] {
    PictureWipe.bytes(of: shown, on: size, leavingPictures: screen)
  }

  /// The bytes to write after the text: new pictures, cells that show something else than before, and the
  /// deletion of pictures that no cell shows any more.
  mutating func bytes(for screen: Screen) -> [UInt8] {
    if size != screen.size || shown.isEmpty {
      size = screen.size
      shown = Array(repeating: nil, count: size.columns * size.rows)
      counting = []
    }
    let before = sent
    var bytes: [UInt8] = []
    sent = []
    var numberOf: [UInt8: UInt8] = [:]
    for placement in screen.placements {
      let longest = max(placement.rect.height, placement.rect.width)
      guard !placement.picture.kitty.isEmpty, longest <= KittyPlaceholder.limit,
        let item = take(placement, before, into: &bytes)
      else { continue }
      sent.append(item)
      numberOf[placement.id] = item.number
    }
    bytes += cells(screen, numberOf)
    let used = Set(sent.map(\.number))
    stale += before.map(\.number).filter { !used.contains($0) }
    for number in stale {
      bytes += numbers.pass(KittyGraphics.delete(number: numbers.whole(number)))
    }
    stale = []
    return bytes
  }

  /// The picture as the terminal has it, or as it is given to it now; `nil` where no number is free.
  private mutating func take(
    _ placement: Placement, _ before: [Sent], into bytes: inout [UInt8]
  ) -> Sent? {
    let (picture, rect) = (placement.picture, placement.rect)
    let taken = Set((sent + before).map(\.number) + stale)
    if let known = before.first(where: { old in
      old.picture === picture && old.rect.height == rect.height && old.rect.width == rect.width
        && !sent.contains { $0.number == old.number }
    }) {
      return known
    }
    let next = (1...KittyNumbers.count).map { (lastNumber + $0) % KittyNumbers.count }
    guard let number = next.first(where: { !taken.contains(UInt8($0)) }) else { return nil }
    lastNumber = number
    let commands = KittyGraphics.transmit(
      base64: picture.kitty, number: numbers.whole(UInt8(number)), columns: rect.width,
      rows: rect.height)
    for command in commands { bytes += numbers.pass(command) }
    return Sent(picture: picture, rect: rect, number: UInt8(number))
  }

  /// The cells to write, and what they then show.
  private mutating func cells(_ screen: Screen, _ numberOf: [UInt8: UInt8]) -> [UInt8] {
    var writer = Writer(numbers: numbers)
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
    return writer.finished
  }

  /// Cells as escape sequences; only changes of place and colour are written.
  private struct Writer {
    let numbers: KittyNumbers
    private var bytes: [UInt8] = []
    private var next: (row: Int, column: Int)?
    private var number: UInt8?

    init(numbers: KittyNumbers) { self.numbers = numbers }

    /// Whether the cell counts on from its left neighbour, of the same picture.
    mutating func put(
      _ number: UInt8, _ y: Int, _ x: Int, row: Int, column: Int, afterOwn: Bool
    ) -> Bool {
      let follows = next?.row == row && next?.column == column
      if !follows { bytes.append(contentsOf: "\u{1b}[\(row + 1);\(column + 1)H".utf8) }
      if self.number != number {
        // Black under what rounding leaves beside the picture.
        bytes.append(contentsOf: "\u{1b}[0;48;5;16;38;5;\(numbers.colour(number))m".utf8)
      }
      let isCounting = follows && afterOwn && self.number == number && numbers.mayCount
      bytes.append(
        contentsOf: isCounting
          ? KittyPlaceholder.next
          : KittyPlaceholder.cell(row: y, column: x, highByte: numbers.highByte))
      (next, self.number) = ((row, column + 1), number)
      return isCounting
    }

    /// The cursor and the colours are as before.
    var finished: [UInt8] {
      bytes.isEmpty ? [] : Array("\u{1b}7".utf8) + bytes + Array("\u{1b}[0m\u{1b}8".utf8)
    }
  }
}
