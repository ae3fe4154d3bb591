public import Foundation
internal import Imaging

/// The real terminal: text through ncurses, pictures as sixels or kitty's after it or as half blocks in it.
public final class NcursesDriver: TerminalDriver {
  /// What the terminal can do.
  public private(set) var capabilities: TerminalCapabilities
  /// Its size.
  public private(set) var size: TerminalSize
  /// Where workers post.
  public let mailbox = Mailbox { TerminalDevice.wake() }

  private var decoder = InputDecoder()
  private var waiting: [TerminalEvent] = []
  private var painter: CellPainter
  private var sixels = SixelLayer()
  private var blocks = DirectBlockLayer()
  private var kitty: KittyLayer
  /// What takes pictures away that the terminal keeps.
  private let farewell: [UInt8]
  private var isOpen = true
  private var isGone = false

  /// Takes the terminal over.
  ///
  /// - Throws: ``TerminalError`` in words for the user when it cannot be used.
  public init(
    environment: [String: String] = ProcessInfo.processInfo.environment, theme: Theme = .auto,
    graphics: GraphicsChoice = .auto
  ) throws {
    try TerminalDevice.open()
    TerminalDevice.harden()
    do {
      var (found, typedAhead, _) = try TerminalProbe.run(
        environment: environment, choice: graphics)
      found.unicode = Curses.chooseCharacters(
        terminalDrawsUTF8: found.unicode, environment: environment)
      try Curses.start(terminalType: environment["TERM"] ?? "(not set)")
      let measured = TerminalDevice.measure()
      found.take(colours: Curses.colours, environment: environment)
      found.cell = found.cell ?? measured.cell
      found.apply(theme, environment: environment)
      capabilities = found
      size = measured.size
      painter = CellPainter(capabilities: found)
      let numbers = KittyNumbers(found.multiplexer, environment: environment)
      kitty = KittyLayer(numbers: numbers)
      farewell = found.graphics == .kitty ? numbers.farewell : []
      TerminalDevice.setFarewell(Self.erase + farewell)
      waiting = decoder.feed(typedAhead).map(Self.event)
    } catch {
      TerminalDevice.close()
      throw error
    }
    TerminalDevice.captureErrors()
    Curses.resize(size)
    try? setModes()
  }

  deinit { close() }

  /// Paste in brackets, and the mouse where it can be told apart from keys.
  private func setModes() throws {
    guard capabilities.answered else { return }
    let mouse = capabilities.sgrMouse ? MouseAct.modes : ""
    try TerminalDevice.write(Array(("\u{1b}[?2004h" + mouse).utf8))
  }

  /// Shows a screen.
  public func present(_ screen: Screen) throws {
    guard isOpen, !isGone else { throw TerminalError.gone }
    let synchronized = capabilities.synchronizedOutput
    if synchronized { try TerminalDevice.write(Array("\u{1b}[?2026h".utf8)) }
    let gone = wipe(for: screen)
    if !gone.isEmpty { try TerminalDevice.write(gone) }
    painter.paint(screen)
    Curses.update()
    let pictures = pictures(for: screen)
    if !pictures.isEmpty { try TerminalDevice.write(pictures) }
    if synchronized { try TerminalDevice.write(Array("\u{1b}[?2026l".utf8)) }
  }

  /// What takes away pictures that will not be where they are, before the text.
  private func wipe(for screen: Screen) -> [UInt8] {
    switch capabilities.graphics {
    case .sixel: sixels.wipe(for: screen)
    case .kitty: kitty.wipe(for: screen)
    case .halfBlocks where capabilities.trueColour: blocks.wipe(for: screen)
    case .halfBlocks, .none: []
    }
  }

  /// What draws the pictures, after the text.
  private func pictures(for screen: Screen) -> [UInt8] {
    switch capabilities.graphics {
    case .sixel: sixels.bytes(for: screen, capabilities: capabilities)
    case .kitty: kitty.bytes(for: screen)
    case .halfBlocks where capabilities.trueColour: blocks.bytes(for: screen)
    case .halfBlocks, .none: []
    }
  }

  /// Draws everything again at the next screen.
  public func forgetScreen() {
    Curses.redrawAll()
    sixels.forget()
    blocks.forget()
    kitty.forget()
  }

  /// Gives the terminal back.
  public func close() {
    guard isOpen else { return }
    isOpen = false
    if isGone { return }
    leave()
    TerminalDevice.close()
  }

  /// Erases what is shown, for terminals without another screen to go back to, such as GNU screen as it
  /// comes: nothing of a patient stays there. Not by "ESC[2J", which GNU screen keeps in its scrollback; a picture
  /// cut short by a crash is ended first.
  private static let erase = Array("\u{1b}\\\u{1b}[0m\u{1b}[H\u{1b}[2K\u{1b}[B\u{1b}[J".utf8)

  /// Leaves the screen; what is written after that stands among what was there before.
  private func leave() {
    TerminalDevice.setFarewell(farewell)
    try? TerminalDevice.write(Self.erase)
    Curses.end()
  }

  /// The next event.
  public func nextEvent(milliseconds: Int?) -> TerminalEvent? {
    let clock = ContinuousClock()
    let end = milliseconds.map { clock.now + .milliseconds($0) }
    while true {
      if !waiting.isEmpty { return waiting.removeFirst() }
      if let message = mailbox.take() { return .message(message) }
      let left = end.map { max(Int(clock.now.duration(to: $0) / .milliseconds(1)), 0) }
      let ready = TerminalDevice.wait(milliseconds: shortest(left))
      if ready.contains(.signal) { readSignals() }
      if ready.contains(.input) {
        guard let bytes = TerminalDevice.read() else { return hangup() }
        waiting.append(contentsOf: decoder.feed(bytes).map(event))
      } else if ready.contains(.gone) {
        return hangup()
      }
      if ready.isEmpty, decoder.isWaiting, left != 0 {
        if decoder.holdsLoneEscape {
          waiting.append(contentsOf: decoder.settle().map(event))
        } else {
          decoder.giveUp()
        }
      }
      if waiting.isEmpty, let end, clock.now >= end { return mailbox.take().map { .message($0) } }
    }
  }

  /// The time to wait, shorter while the decoder holds an unfinished sequence.
  private func shortest(_ left: Int?) -> Int? {
    guard decoder.isWaiting else { return left }
    let patience = decoder.holdsLoneEscape ? 25 : 500
    return left.map { min($0, patience) } ?? patience
  }

  private func hangup() -> TerminalEvent {
    isGone = true
    return .hangup
  }

  private func event(_ input: InputEvent) -> TerminalEvent {
    if case .cellSize(let cell) = input {
      if cell != capabilities.cell {
        capabilities.cell = cell
        forgetScreen()
      }
    }
    return Self.event(input)
  }

  private static func event(_ input: InputEvent) -> TerminalEvent {
    switch input {
    case .key(let key): .key(key)
    case .paste(let text): .paste(text)
    case .mouse(let act): .mouse(act)
    case .cellSize: .resized
    }
  }

  private func readSignals() {
    for signal in TerminalDevice.signals() {
      switch signal {
      case .wake: break
      case .terminate: waiting.append(.terminate(status: 128 + SIGTERM))
      case .interrupt: waiting.append(.terminate(status: 128 + SIGINT))
      case .hangup: waiting.append(hangup())
      case .resize: measureAgain()
      case .suspend: suspend()
      }
    }
  }

  private func measureAgain() {
    let measured = TerminalDevice.measure()
    size = measured.size
    if let cell = measured.cell { capabilities.cell = cell }
    Curses.resize(size)
    forgetScreen()
    // A change of the font changes the cell; the answer comes as an event.
    if capabilities.drawsPixels { try? TerminalDevice.write(Array("\u{1b}[16t".utf8)) }
    waiting.append(.resized)
  }

  private func suspend() {
    leave()
    TerminalDevice.restore()
    TerminalDevice.stopHere()
    TerminalDevice.makeRaw()
    TerminalDevice.setFarewell(Self.erase + farewell)
    try? setModes()
    measureAgain()
  }
}
