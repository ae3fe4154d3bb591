import Foundation
import Imaging
import TestSupport
import Testing

/// A program in an xterm that draws sixels, or in kitty, on a display of its own that nobody sees.
struct XtermSession {
  /// The terminals that can be looked at.
  enum Emulator { case xterm, kitty }

  /// Whether this machine has what it takes.
  static var isThere: Bool {
    ["Xvfb", "xterm", "xwd", "xdotool"].allSatisfy { Tool.url($0) != nil }
  }

  private let display: String
  private let server: ProgramRun
  private let terminal: ProgramRun
  private let folder: TemporaryFolder

  /// Starts a program in a terminal of 130 x 45 cells of 6 x 13 px.
  init(
    _ words: [String], environment: [String: String?], in emulator: Emulator = .xterm
  ) async throws {
    folder = try TemporaryFolder()
    // It takes the first display that is free, and says which. Without -noreset it would start anew when its
    // last client leaves: a tool that is faster than the terminal would take the display from under it.
    let started = try ProgramRun(
      starting: try #require(Tool.url("Xvfb")),
      ["-displayfd", "2", "-screen", "0", "800x600x24", "-nolisten", "tcp", "-noreset"])
    server = started
    let number = try await Patience.find { () -> String? in
      started.errors.split(separator: "\n").last { Int($0) != nil }.map(String.init)
    }
    guard let number else {
      started.send(SIGKILL)
      throw ProgramRun.Failure("Xvfb gave no display: \(started.errors)")
    }
    display = ":\(number)"
    var all = environment
    all["DISPLAY"] = display
    all["LIBGL_ALWAYS_SOFTWARE"] = "1"
    terminal = try ProgramRun(
      starting: try #require(Tool.url(emulator == .kitty ? "kitty" : "xterm")),
      (emulator == .kitty ? Self.kittyOptions : Self.xtermOptions) + words, environment: all)
    // Keys go where the pointer is.
    try await tool("xdotool", ["mousemove", "300", "300"])
  }

  /// Does something in a terminal in which a program was started; whatever happens it is closed then.
  static func on(
    _ words: [String], environment: [String: String?], in emulator: Emulator = .xterm,
    _ work: (XtermSession) async throws -> Void
  ) async throws {
    let terminal = try await XtermSession(words, environment: environment, in: emulator)
    do { try await work(terminal) } catch {
      await terminal.close()
      throw error
    }
    await terminal.close()
  }

  private static let xtermOptions: [String] =
    ["-ti", "vt340", "-u8", "-fn", "fixed", "-geometry", "130x45+0+0", "-bg", "black"]
    + ["-fg", "white"]
    + ["numColorRegisters: 256", "maxGraphicSize: 1000x1000"].flatMap { ["-xrm", "xterm*\($0)"] }
    + ["-e"]

  /// Types keys by X's names.
  func press(_ keys: String...) async throws { try await tool("xdotool", ["key"] + keys) }

  /// Gives the terminal another size in px.
  func resize(width: Int, height: Int) async throws {
    try await tool(
      "xdotool",
      ["search", "--onlyvisible", "--class", "xterm", "windowsize", "\(width)", "\(height)"])
  }

  /// The screen as it is seen.
  func picture() async throws -> RGBRaster {
    let file = folder("screen.xwd")
    try await tool("xwd", ["-root", "-silent", "-out", file.path])
    return try XWD.read(try Data(contentsOf: file))
  }

  /// Waits until the screen looks like something, and returns it.
  @discardableResult
  func wait(
    _ what: String, within limit: Duration = Patience.limit, until isThere: (RGBRaster) -> Bool
  ) async throws -> RGBRaster {
    let found = try await Patience.find(within: limit, every: .milliseconds(100)) {
      () -> RGBRaster? in
      let picture = try await picture()
      return isThere(picture) ? picture : nil
    }
    if let found { return found }
    let last = try await picture()
    throw ProgramRun.Failure(
      "\(what) did not appear: \(last.greys) greys, \(last.colours) colours; " + terminal.errors)
  }

  /// The screen once it has been the same in thirty looks over three seconds: pictures take their time on
  /// a busy machine, and looks do, too.
  func atRest() async throws -> RGBRaster {
    let clock = ContinuousClock()
    var last = try await picture()
    var (since, looks) = (clock.now, 0)
    let rested = try await Patience.find(every: .milliseconds(100)) { () -> RGBRaster? in
      let picture = try await picture()
      looks += 1
      if picture.pixels != last.pixels { (last, since, looks) = (picture, clock.now, 0) }
      return looks >= 30 && clock.now >= since + .seconds(3) ? last : nil
    }
    if let rested { return rested }
    throw ProgramRun.Failure("the screen does not come to rest")
  }

  /// Types a key until the screen looks like something: the list may still be read when it comes first.
  func press(
    _ key: String, until what: String, isThere: (RGBRaster) -> Bool
  ) async throws -> RGBRaster {
    for _ in 0..<12 {
      try await press(key)
      if let picture = try? await wait(what, within: .seconds(10), until: isThere) {
        return picture
      }
    }
    return try await wait(what, within: .zero, until: isThere)
  }

  /// Waits until the program has left and the terminal is closed.
  func end(within limit: Duration = Patience.limit) async throws {
    _ = try await terminal.result(within: limit)
  }

  /// Takes terminal and display away.
  func close() async {
    terminal.send(SIGTERM)
    server.send(SIGTERM)
    _ = try? await server.result(within: Patience.limit)
  }

  private func tool(_ name: String, _ words: [String]) async throws {
    let result = try await ProgramRun.result(
      of: try #require(Tool.url(name)), words, environment: ["DISPLAY": display],
      within: Patience.limit)
    guard result.exitCode == 0 else { throw ProgramRun.Failure("\(name): \(result.errors)") }
  }
}

extension RGBRaster {
  /// How many greys it has.
  var greys: Int { Set(pixels.filter { $0.r == $0.g && $0.g == $0.b }.map(\.r)).count }

  /// How many greys a part of it has.
  func greys(rows: Range<Int>, columns: Range<Int>) -> Int {
    var found: Set<UInt8> = []
    for row in rows {
      for column in columns {
        let pixel = self[row, column]
        if pixel.r == pixel.g, pixel.g == pixel.b { found.insert(pixel.r) }
      }
    }
    return found.count
  }

  /// How many other colours it has.
  var colours: Int {
    Set(
      pixels.filter { $0.r != $0.g || $0.g != $0.b }
        .map { Int($0.r) << 16 | Int($0.g) << 8 | Int($0.b) }
    ).count
  }
}

/// Pictures as `xwd` writes them: 24 or 32 bits a pixel, true colour (X11/XWDFile.h).
enum XWD {
  static func read(_ data: Data) throws -> RGBRaster {
    let bytes = [UInt8](data)
    func word(_ index: Int) -> Int {
      bytes[(4 * index)..<(4 * index + 4)].reduce(0) { $0 << 8 | Int($1) }
    }
    let size = word(11) / 8
    try #require(bytes.count > 100 && word(1) == 7 && (3...4).contains(size), "true colour?")
    let (columns, rows, stride) = (word(4), word(5), word(12))
    let first = word(0) + 12 * word(19)
    let isLittle = word(7) == 0
    try #require(bytes.count >= first + rows * stride)
    var picture = RGBRaster(rows: rows, columns: columns, filledWith: RGB8(grey: 0))
    for row in 0..<rows {
      for column in 0..<columns {
        let at = first + row * stride + size * column
        let parts =
          isLittle
          ? [bytes[at + 2], bytes[at + 1], bytes[at]]
          : Array(bytes[(at + size - 3)..<(at + size)])
        picture[row, column] = RGB8(r: parts[0], g: parts[1], b: parts[2])
      }
    }
    return picture
  }
}
