import Core
import Foundation
import TUI

/// What the command line and the user's own files say of a session.
struct ReviewSettings {
  /// Whether the AI is hidden at first, beside what the library's settings say.
  var isBlind: Bool
  var keys: KeyMap
  var theme: Theme
  var graphics: GraphicsChoice

  /// The options of the commands that open the workstation.
  static let options: [Option] = [
    .flag("blind", "hides what the AI says until the reader asks for it (key b)"), keysOption,
    themeOption, graphicsOption,
  ]
  static let keysOption = Option.value(
    "keys", "FILE", "keys of your own, as `cordscope keys` prints them (default: the user's file)")
  static let themeOption = Option.value(
    "theme", "THEME", "auto, dark, light or mono (default auto; NO_COLOR is heeded)")
  static let graphicsOption = Option.value(
    "graphics", "KIND",
    "pictures as auto, sixel, kitty, blocks or text (default auto: what the terminal answers)")

  /// Reads the options and the file of keys.
  ///
  /// - Throws: `Arguments.UsageError`, `KeysFileError` naming file and line.
  init(_ arguments: Arguments) throws {
    isBlind = arguments.has("blind")
    theme = try arguments.choice("theme", default: Theme.auto)
    graphics = try arguments.choice("graphics", default: GraphicsChoice.auto)
    keys = try Self.keysFile(arguments).map { try KeyMap(file: $0) } ?? .standard
  }

  /// The file of keys in use: the one given, or the user's own where it is there.
  static func keysFile(_ arguments: Arguments) throws -> URL? {
    if let given = try arguments.url("keys") { return given }
    let own = UserFolder.keys
    return FileManager.default.fileExists(atPath: own.path) ? own : nil
  }
}
