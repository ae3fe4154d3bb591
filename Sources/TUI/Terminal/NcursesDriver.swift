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
  private var meter: LinkMeter
  /// When the last bytes came.
  private var lastInput = ContinuousClock.now
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
      var (found, typedAhead, _, link) = try TerminalProbe.run(
        environment: environment, choice: graphics)
      try found.settle(environment) {
        try Curses.start(terminalType: environment["TERM"] ?? "(not set)")
        return Curses.colours
      }
      let measured = TerminalDevice.measure()
      found.cell = found.cell ?? measured.cell
      found.apply(theme, environment: environment)
      capabilities = found
      size = measured.size
      painter = CellPainter(capabilities: found)
      let numbers = KittyNumbers(found.multiplexer, environment: environment)
      kitty = KittyLayer(numbers: numbers, repeats: found.repeatsCells)
      farewell = found.graphics == .kitty ? numbers.farewell : []
      TerminalDevice.setFarewell(Self.erase + farewell)
      meter = LinkMeter(link, found)
      waiting = decoder.feed(typedAhead).compactMap(Self.event)
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
    let mouse = capabilities.takesMouse ? MouseAct.modes : ""
    try TerminalDevice.write(Array(("\u{1b}[?2004h" + mouse).utf8))
  }

  /// Shows a screen.
  public func present(_ screen: Screen) throws { try present(screen, isAtRest: false) }

  /// What the way to the terminal is like.
  public var link: LinkQuality { meter.link }

  /// Whether the terminal has a kitty picture.
  public func keeps(_ picture: [UInt8]) -> Bool {
    capabilities.graphics == .kitty && kitty.keeps(picture)
  }

  /// Shows a screen, and measures how long its pictures take.
  ///
  /// What ncurses writes (text, half blocks of 256 colours and fewer) is not counted.
  public func present(_ screen: Screen, isAtRest: Bool) throws {
    guard isOpen, !isGone else { throw TerminalError.gone }
    let start = ContinuousClock.now
    let synchronized = capabilities.synchronizedOutput
    if synchronized { try TerminalDevice.write(Array("\u{1b}[?2026h".utf8)) }
    let gone = wipe(for: screen)
    if !gone.isEmpty { try TerminalDevice.write(gone) }
    painter.paint(screen)
    Curses.update()
    let pictures = pictures(for: screen)
    if !pictures.isEmpty { try TerminalDevice.write(pictures) }
    if synchronized { try TerminalDevice.write(Array("\u{1b}[?2026l".utf8)) }
    if isAtRest, meter.asks(behind: gone.count + pictures.count, from: start) {
      try TerminalDevice.write(LinkMeter.question)
    }
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
    awaitAnswer()
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
        lastInput = clock.now
        waiting.append(contentsOf: decoder.feed(bytes).compactMap(event))
      } else if ready.contains(.gone) {
        return hangup()
      }
      if ready.isEmpty, decoder.isWaiting, left != 0, clock.now - lastInput >= patience {
        if decoder.holdsLoneEscape {
          waiting.append(contentsOf: decoder.settle().compactMap(event))
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
    let rest = patience - (ContinuousClock.now - lastInput)
    // A paste whose end is missing waits on.
    let time = rest > .zero ? rest : patience
    let shortest = Int((time / .milliseconds(1)).rounded(.up))
    return left.map { min($0, shortest) } ?? shortest
  }

  /// For how long an unfinished sequence may wait for its rest: longer while an answer is on its way, whose
  /// second half would else be keys.
  private var patience: Duration {
    if decoder.holdsLoneEscape { return .milliseconds(meter.isWaiting ? 100 : 25) }
    return .milliseconds(meter.isWaiting ? 5000 : 500)
  }

  /// Takes in the answer that is on its way, for a second at most: the shell would take it for keys.
  private func awaitAnswer() {
    let end = ContinuousClock.now + .seconds(1)
    while meter.isWaiting {
      let left = Int((end - ContinuousClock.now) / .milliseconds(1))
      guard left > 0 else { return meter.drop() }
      let ready = TerminalDevice.wait(milliseconds: left)
      // Signals are read where they are dealt with.
      guard ready.contains(.input), let bytes = TerminalDevice.read() else { return meter.drop() }
      if decoder.feed(bytes).contains(.status) { meter.drop() }
    }
  }

  private func hangup() -> TerminalEvent {
    isGone = true
    return .hangup
  }

  private func event(_ input: InputEvent) -> TerminalEvent? {
    switch input {
    case .cellSize(let cell) where cell != capabilities.cell:
      capabilities.cell = cell
      forgetScreen()
    case .status:
      if meter.answered(at: .now) { try? TerminalDevice.write(LinkMeter.question) }
    default: break
    }
    return Self.event(input)
  }

  private static func event(_ input: InputEvent) -> TerminalEvent? {
    switch input {
    case .key(let key): .key(key)
    case .paste(let text): .paste(text)
    case .mouse(let act): .mouse(act)
    case .cellSize: .resized
    case .status: nil
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
    awaitAnswer()
    leave()
    TerminalDevice.restore()
    TerminalDevice.stopHere()
    TerminalDevice.makeRaw()
    TerminalDevice.setFarewell(Self.erase + farewell)
    try? setModes()
    measureAgain()
  }
}
