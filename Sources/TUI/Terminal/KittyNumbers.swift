internal import Imaging

/// The numbers of a workstation's pictures in the terminal, and their way there.
///
/// All panes of a tmux share the numbers of the terminal around it: two workstations side by side must not
/// have the same ones, or one would show the other's patient. So each pane has 32 of its own, told by
/// a colour of the 256 and the number's highest byte.
struct KittyNumbers {
  /// Numbers of one workstation: of the pictures that the terminal keeps, and of the next ones before the
  /// least used of those are deleted; a screen has at most three.
  static let count = KittyStore.limit + 8

  /// Whether tmux stands between.
  let isInTmux: Bool
  /// The number's highest byte; 0 for none.
  let highByte: UInt8
  private let firstColour: UInt8

  /// Colours 0...15 are left out: terminals write them otherwise.
  private static let blocks = 240 / count

  /// - Parameter pane: Which of the panes of a tmux; `nil` for a terminal of one's own.
  init(pane: Int?) {
    isInTmux = pane != nil
    let pane = (pane ?? 0).magnitude
    highByte = isInTmux ? UInt8(pane % 255) + 1 : 0
    firstColour = UInt8(16 + Int(pane / 255 % UInt(Self.blocks)) * Self.count)
  }

  /// The numbers of this process: by tmux's own number of the pane, `TMUX_PANE=%12`, or by chance where a
  /// login hides it.
  init(_ multiplexer: Multiplexer?, environment: [String: String]) {
    guard multiplexer == .tmux else {
      self.init(pane: nil)
      return
    }
    let pane = environment["TMUX_PANE"].flatMap { Int($0.dropFirst()) }
    self.init(pane: pane ?? Int.random(in: 0..<(255 * Self.blocks)))
  }

  /// Of so many cells within tmux one names its place: tmux may draw something of its own over those to the left,
  /// or cut them off; what counts on from nothing stays black, as its number is of no picture.
  static let countedInTmux = 16

  /// Whether a cell of a picture may count on from its left neighbour.
  func mayCount(column: Int) -> Bool {
    !isInTmux || !column.isMultiple(of: Self.countedInTmux)
  }

  /// The colour in the cells of a picture, of 256.
  func colour(_ number: UInt8) -> UInt8 { firstColour + number }

  /// The number as the terminal is told it.
  func whole(_ number: UInt8) -> UInt32 { UInt32(highByte) << 24 | UInt32(colour(number)) }

  /// A sequence on its way to the terminal.
  func pass(_ sequence: [UInt8]) -> [UInt8] {
    isInTmux ? KittyGraphics.throughTmux(sequence) : sequence
  }

  /// What takes all pictures from the terminal, at the end however it comes; closes a sequence that was cut
  /// off first, here and in tmux.
  var farewell: [UInt8] {
    let all = (0..<UInt8(Self.count)).flatMap { KittyGraphics.delete(number: whole($0)) }
    return [0x1b, 0x5c] + pass([0x1b, 0x5c] + all)
  }
}
