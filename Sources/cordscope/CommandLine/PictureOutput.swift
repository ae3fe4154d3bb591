import Core
import Foundation
import Imaging
import TUI

/// Where and how `show` draws: one canvas, encoded as sixel, kitty picture, half blocks or PNG.
struct PictureOutput {
  private enum Encoding {
    case sixel(colours: Int)
    case kitty
    case halfBlocks(ColourDepth)
    case png(URL)
  }

  private let encoding: Encoding
  private let out: PictureFile?

  /// Decides the encoding; `auto` asks the terminal.
  ///
  /// - Throws: `Arguments.UsageError` when PNG has no file or a kitty picture would have to pass tmux,
  ///   `WriteError` when the file holds something else than a picture of ours, `DisplayError` with too
  ///   few colours.
  init(kind: ShowCommand.Kind, out: URL?) throws {
    self.out = try out.map(PictureFile.init)
    switch kind {
    case .png:
      guard let out else { throw Arguments.UsageError(message: "--as png needs --out FILE") }
      encoding = .png(out)
    case .sixel:
      encoding = .sixel(colours: 256)
    case .kitty:
      let tmux = ProcessInfo.processInfo.environment["TMUX"] ?? ""
      guard out != nil || isatty(1) == 0 || tmux.isEmpty else {
        throw Arguments.UsageError(
          message: "--as kitty does not pass tmux; `review --graphics kitty` does")
      }
      encoding = .kitty
    case .halfblock:
      encoding = .halfBlocks(try Self.depth())
    case .auto:
      let terminal = out == nil ? TerminalReport.ask()?.capabilities : nil
      if let terminal, case .sixel = terminal.graphics {
        encoding = .sixel(colours: terminal.sixelColours ?? 256)
      } else if let terminal, case .kitty = terminal.graphics, terminal.multiplexer == nil {
        encoding = .kitty
      } else {
        encoding = .halfBlocks(try Self.depth())
      }
    }
  }

  /// The height in px of a picture that fits where it goes.
  var defaultSize: Int {
    guard case .halfBlocks = encoding else { return 512 }
    guard let size = Output.terminalSize, size.rows > 4, size.columns > 8 else { return 64 }
    return min((size.rows - 2) * 2, size.columns)
  }

  /// The largest size that the terminal shows without breaking lines; `nil` where nothing limits it.
  var largestSize: Int? {
    guard case .halfBlocks = encoding, out == nil, isatty(1) == 1 else { return nil }
    guard let columns = Output.terminalSize?.columns, columns >= 16 else { return nil }
    return columns
  }

  /// What is lettered into the picture: everything in a file, which travels alone.
  func lettering(_ shown: Showable, map: Showable.Map) -> PictureRequest.Lettering {
    if case .halfBlocks = encoding { return PictureRequest.Lettering() }
    let plane = shown.storedPlane
    let step = plane.map { ($0.columnStep * $0.columnStep).sum().squareRoot() }
    return PictureRequest.Lettering(
      orientation: shown.hasNoPlace
        ? nil : plane.map(PictureRequest.Orientation.init) ?? .sagittal,
      mmPerColumn: shown.hasNoPlace ? nil : step ?? SagittalGrid.spacing,
      notice: Notice.researchUse, showsColourBar: map == .anomaly)
  }

  /// Draws the canvas.
  ///
  /// - Throws: `WriteError` naming the file.
  func write(_ canvas: Canvas) throws {
    let bytes: [UInt8]
    switch encoding {
    case .png(let url):
      try PNG.write(canvas.picture, to: url)
      return
    case .sixel(let colours):
      bytes =
        Sixel.encode(
          canvas.picture, palette: SixelPalette(colormap: .anomaly, limit: colours))
        + Array("\n".utf8)
    case .kitty:
      let png = try PNG.encode(canvas.picture)
      bytes = KittyGraphics.show(png: png) + Array("\n".utf8)
    case .halfBlocks(let depth):
      bytes = Array((HalfBlock.ansi(canvas.picture, depth: depth) + "\n").utf8)
    }
    if let out {
      try AtomicFile.write(bytes, to: out.url, permissions: FileRights.caller.fileMode)
    } else {
      Output.write(bytes)
    }
  }

  private static func depth() throws -> ColourDepth {
    let environment = ProcessInfo.processInfo.environment
    let multiplexer = Multiplexer(name: nil, environment: environment)
    if TerminalCapabilities.namesTrueColour(environment, through: multiplexer) {
      return .truecolour
    }
    let term = environment["TERM"] ?? ""
    if term.contains("direct") { return .truecolour }
    return term.contains("256color") || term.isEmpty ? .indexed256 : .indexed16
  }
}
