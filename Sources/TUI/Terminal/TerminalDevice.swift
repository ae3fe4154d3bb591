import CTerminal

/// The terminal as a device: settings, signals, bytes. The only user of the C shim beside it.
enum TerminalDevice {
  /// What `wait` found.
  struct Ready: OptionSet {
    let rawValue: Int32
    static let input = Ready(rawValue: Int32(CTERMINAL_INPUT))
    static let signal = Ready(rawValue: Int32(CTERMINAL_SIGNAL))
    static let gone = Ready(rawValue: Int32(CTERMINAL_GONE))
  }

  /// A signal that arrived.
  enum Signal { case resize, terminate, interrupt, hangup, suspend, wake }

  /// Whether input and output are terminals.
  static var isTerminal: Bool { cterminal_is_terminal() != 0 }

  /// Saves the settings, then sets bytes-at-once input.
  static func open() throws {
    guard isTerminal else { throw TerminalError.notATerminal }
    guard cterminal_open() == 0 else { throw TerminalError.notATerminal }
    cterminal_install_handlers()
    guard cterminal_raw() == 0 else {
      throw TerminalError.unusable("the terminal's settings cannot be changed")
    }
  }

  /// Gives everything back as it was.
  static func close() {
    cterminal_restore()
    cterminal_release_errors()
    cterminal_close()
  }

  /// Sets bytes-at-once input again after a stop.
  static func makeRaw() { _ = cterminal_raw() }
  /// Restores the terminal, leaving handlers in place.
  static func restore() { cterminal_restore() }
  /// Sets what is written before everything else when the terminal is given back, after a crash too.
  static func setFarewell(_ bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { cterminal_set_farewell($0.baseAddress, $0.count) }
  }
  /// Stops the process until it is continued.
  static func stopHere() { cterminal_stop_here() }
  /// Keeps stderr off the screen until the end.
  static func captureErrors() { cterminal_capture_errors() }
  /// Forbids core files and debuggers.
  static func harden() { cterminal_harden() }
  /// Wakes the waiting thread; safe from any thread.
  static func wake() { cterminal_wake() }

  /// Waits for bytes or signals; `nil` waits for ever.
  static func wait(milliseconds: Int?) -> Ready {
    Ready(rawValue: cterminal_wait(milliseconds.map { Int32(clamping: $0) } ?? -1))
  }

  /// The bytes there are; `nil` when the terminal is gone.
  static func read() -> [UInt8]? {
    var gone = false
    let bytes = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
      let got = cterminal_read(buffer.baseAddress, Int32(buffer.count))
      gone = got < 0
      count = max(Int(got), 0)
    }
    return gone ? nil : bytes
  }

  /// The signals there are.
  static func signals() -> [Signal] {
    let bytes = [UInt8](unsafeUninitializedCapacity: 1024) { buffer, count in
      count = Int(cterminal_read_signals(buffer.baseAddress, Int32(buffer.count)))
    }
    return bytes.map {
      switch Int($0) {
      case Int(CTERMINAL_RESIZE): .resize
      case Int(CTERMINAL_TERMINATE): .terminate
      case Int(CTERMINAL_INTERRUPT): .interrupt
      case Int(CTERMINAL_HANGUP): .hangup
      case Int(CTERMINAL_SUSPEND): .suspend
      default: .wake
      }
    }
  }

  /// Writes all bytes.
  static func write(_ bytes: [UInt8]) throws {
    let status = bytes.withUnsafeBufferPointer { cterminal_write($0.baseAddress, $0.count) }
    if status != 0 { throw TerminalError.gone }
  }

  /// The size in cells, and the size of one cell in pixels where the terminal tells.
  static func measure() -> (size: TerminalSize, cell: PixelSize?) {
    let measured = cterminal_measure()
    let (columns, rows) = (Int(measured.columns), Int(measured.rows))
    guard columns > 0, rows > 0 else { return (TerminalSize(columns: 80, rows: 24), nil) }
    // Floor division: xterm includes its border.
    let cell = TerminalReplies.cell(
      width: Int(measured.pixel_width) / columns, height: Int(measured.pixel_height) / rows)
    // A program cannot draw on more cells than this in time; nobody has such a screen.
    return (TerminalSize(columns: min(columns, 1000), rows: min(rows, 500)), cell)
  }
}
