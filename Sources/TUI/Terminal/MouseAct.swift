/// A mouse act, in cells from 0.
public struct MouseAct: Hashable, Sendable {
  /// The acts used.
  public enum Kind: Hashable, Sendable {
    /// A button goes down.
    case press
    /// The mouse moves while a button is held.
    case drag
    /// A button comes up.
    case release
    case wheelUp, wheelDown
  }

  /// The buttons used.
  public enum Button: Hashable, Sendable { case left, right }

  /// What happened.
  public var kind: Kind
  /// The row.
  public var row: Int
  /// The column.
  public var column: Int
  /// The button of a press, a drag or a release.
  public var button: Button

  /// Makes a mouse act.
  public init(_ kind: Kind, row: Int, column: Int, button: Button = .left) {
    self.kind = kind
    self.row = row
    self.column = column
    self.button = button
  }
}

extension MouseAct {
  /// The modes that report it: presses, moves while a button is held, and both in the SGR form, in which
  /// a report is no key and has no last column. Moves without a button are not asked for.
  static let modes = "\u{1b}[?1000h\u{1b}[?1002h\u{1b}[?1006h"

  /// Shift, Alt and Control.
  private static let modifiers = 4 | 8 | 16
  private static let motion = 32

  /// Reads the numbers of a report in the SGR form and the letter that ends it; `nil` for what is not
  /// used.
  ///
  /// A press or the wheel with a modifier key held is not ours; a drag and its end are, whatever is held by
  /// then.
  init?(sgr numbers: [Int?], final: UInt8) {
    guard numbers.count == 3, let code = numbers[0], let x = numbers[1], let y = numbers[2], x >= 1,
      y >= 1
    else { return nil }
    let plain = code & ~Self.modifiers
    let act: (kind: Kind, button: Button)
    switch (final, plain) {
    case (UInt8(ascii: "M"), Self.motion): act = (.drag, .left)
    case (UInt8(ascii: "M"), Self.motion + 2): act = (.drag, .right)
    case (UInt8(ascii: "m"), 0): act = (.release, .left)
    case (UInt8(ascii: "m"), 2): act = (.release, .right)
    case (UInt8(ascii: "M"), _) where plain != code: return nil
    case (UInt8(ascii: "M"), 0): act = (.press, .left)
    case (UInt8(ascii: "M"), 2): act = (.press, .right)
    case (UInt8(ascii: "M"), 64): act = (.wheelUp, .left)
    case (UInt8(ascii: "M"), 65): act = (.wheelDown, .left)
    default: return nil
    }
    self.init(act.kind, row: y - 1, column: x - 1, button: act.button)
  }
}
