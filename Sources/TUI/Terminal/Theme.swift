internal import Foundation

/// Which colours the screens are drawn in.
public enum Theme: String, Sendable, CaseIterable {
  /// As the terminal says its background is; without colours where `NO_COLOR` is set.
  case auto
  /// Light letters on a dark background.
  case dark
  /// Dark letters on a light background.
  case light
  /// No colours: bold, dim, underlined and inverse letters only.
  case mono
}

extension TerminalCapabilities {
  /// Takes a theme; what is chosen by name goes before `NO_COLOR` (https://no-color.org).
  public mutating func apply(_ theme: Theme, environment: [String: String]) {
    switch theme {
    case .auto: monochrome = !(environment["NO_COLOR"] ?? "").isEmpty
    case .dark: (isLight, monochrome) = (false, false)
    case .light: (isLight, monochrome) = (true, false)
    case .mono: monochrome = true
    }
  }
}
