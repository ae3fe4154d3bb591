/// What a piece of text means; the driver decides how that looks.
///
/// Colour is never the only carrier: every meaning also has a word or a sign on the screen.
public struct Style: Hashable, Sendable {
  /// The meanings.
  public enum Role: UInt8, Hashable, Sendable, CaseIterable {
    /// Text.
    case normal
    /// Secondary text: units, hints.
    case dim
    /// Rules, axes, empty bars.
    case faint
    /// Look here: what the AI flags.
    case accent
    /// Something went wrong.
    case error
    /// The reader says: absent.
    case absent
    /// Cells under a picture.
    case image
  }

  /// The meaning.
  public var role: Role
  /// Heavier letters.
  public var bold: Bool
  /// Foreground and background exchanged: the selection.
  public var inverse: Bool
  /// Underlined: column heads.
  public var underline: Bool

  /// Makes a style.
  public init(
    _ role: Role = .normal, bold: Bool = false, inverse: Bool = false, underline: Bool = false
  ) {
    self.role = role
    self.bold = bold
    self.inverse = inverse
    self.underline = underline
  }

  /// Text.
  public static let normal = Style()
  /// Important text.
  public static let strong = Style(.normal, bold: true)
  /// Secondary text.
  public static let dim = Style(.dim)
  /// Rules and axes.
  public static let faint = Style(.faint)
  /// What the AI flags.
  public static let accent = Style(.accent, bold: true)
  /// What the reader says is not there.
  public static let absent = Style(.absent, bold: true)
  /// An error in words.
  public static let error = Style(.error, bold: true)
  /// The selection.
  public static let selected = Style(.normal, bold: true, inverse: true)
  /// A head line.
  public static let head = Style(.dim)
  /// A picture's cells.
  public static let image = Style(.image)
}
