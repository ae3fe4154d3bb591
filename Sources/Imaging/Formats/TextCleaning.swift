extension String {
  /// The text made safe for a terminal, at most 4096 scalars long; see ``cleaned(limit:)``.
  public var cleaned: String { cleaned(limit: 4096) }

  /// The text with control characters and bidirectional overrides replaced by "·".
  ///
  /// Replaced are C0 and C1 controls, DEL, U+202A-202E and U+2066-2069: what could move the cursor,
  /// change the terminal's state or show a name in another order than it is stored. A text of more
  /// than `limit` Unicode scalars is cut there and ends in "…".
  public func cleaned(limit: Int) -> String {
    var result = String.UnicodeScalarView()
    var count = 0
    for scalar in unicodeScalars {
      guard count < limit else {
        result.append("…")
        break
      }
      result.append(Self.isUnsafeInTerminal(scalar) ? "·" : scalar)
      count += 1
    }
    return String(result)
  }

  private static func isUnsafeInTerminal(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x00...0x1F, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
