/// The pictures that the terminal keeps for the workstation, by their content, and which go when there are
/// too many: those that were not shown for longest.
struct KittyStore {
  /// Pictures kept at most; a sagittal series has 11 to 20.
  static let limit = 24
  /// Bytes of pixels kept at most. kitty keeps 320 MB of all its windows' pictures and then throws some out,
  /// which it tells nobody: several workstations fit beside each other.
  static let byteLimit = 64 << 20

  /// The cells that a picture fills.
  struct Cells: Equatable {
    var columns: Int
    var rows: Int
  }

  /// How a picture comes to be in the terminal under a number.
  enum Taken: Equatable {
    /// It is there.
    case there(UInt8)
    /// It is there, and must be told its new cells.
    case resized(UInt8)
    /// It must be sent.
    case new(UInt8)
  }

  private struct Item {
    /// The whole file in base64; shares its memory with the picture it came from.
    var picture: [UInt8]
    var bytes: Int
    var cells: Cells
    var number: UInt8
    /// When it was shown last, in pictures shown.
    var use: Int
  }

  private var items: [Item] = []
  /// Numbers of pictures that are to be deleted.
  private var stale: [UInt8] = []
  private var lastNumber = KittyNumbers.count - 1
  private var uses = 0

  /// Nothing is known of what the terminal has: all numbers given out are to be deleted.
  mutating func forget() {
    stale += items.map(\.number)
    items = []
  }

  /// Whether a picture is there, in whatever cells.
  func keeps(_ picture: [UInt8]) -> Bool { items.contains { $0.picture == picture } }

  /// Notes that a picture is shown now; `nil` where no number is free for it.
  /// - Parameters:
  ///   - picture: The whole file in base64; two are the same where all bytes are.
  ///   - bytes: Its pixels' bytes.
  ///   - cells: The cells it is to fill.
  ///   - busy: Numbers that cells of the screen show: those keep their cells.
  mutating func take(
    _ picture: [UInt8], bytes: Int, in cells: Cells, busy: Set<UInt8>
  ) -> Taken? {
    uses += 1
    let same = items.indices.filter { items[$0].picture == picture }
    if let index = same.first(where: { items[$0].cells == cells }) {
      items[index].use = uses
      return .there(items[index].number)
    }
    if let index = same.first(where: { !busy.contains(items[$0].number) }) {
      items[index].use = uses
      items[index].cells = cells
      return .resized(items[index].number)
    }
    guard let number = freeNumber() else { return nil }
    lastNumber = Int(number)
    items.append(Item(picture: picture, bytes: bytes, cells: cells, number: number, use: uses))
    return .new(number)
  }

  /// The next number that nothing in the terminal has, so that none comes again soon.
  private func freeNumber() -> UInt8? {
    let taken = Set(items.map(\.number) + stale)
    return (1...KittyNumbers.count).lazy
      .map { UInt8((lastNumber + $0) % KittyNumbers.count) }
      .first { !taken.contains($0) }
  }

  /// Takes out what is too much, and gives the numbers to be deleted.
  /// - Parameter shown: Numbers on the screen, which stay.
  mutating func removeSurplus(sparing shown: Set<UInt8>) -> [UInt8] {
    var gone = stale
    stale = []
    var bytes = items.reduce(0) { $0 + $1.bytes }
    while items.count > Self.limit || bytes > Self.byteLimit {
      let idle = items.indices.filter { !shown.contains(items[$0].number) }
      guard let oldest = idle.min(by: { items[$0].use < items[$1].use }) else { break }
      bytes -= items[oldest].bytes
      gone.append(items.remove(at: oldest).number)
    }
    return gone
  }
}
