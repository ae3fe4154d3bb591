/// A value representation: how the bytes of a value are to be read (PS3.5 section 6.2).
public enum DICOMVR: String, CaseIterable, Sendable {
  /// Application entity, age, attribute tag, code.
  case AE, AS, AT, CS
  /// Date, decimal text, date and time.
  case DA, DS, DT
  /// Doubles and singles.
  case FD, FL
  /// Integer text, long string, long text.
  case IS, LO, LT
  /// Other bytes, doubles, singles, longs, very longs, words.
  case OB, OD, OF, OL, OV, OW
  /// Person name, short string.
  case PN, SH
  /// Signed long, sequence, signed short, short text, signed very long.
  case SL, SQ, SS, ST, SV
  /// Time, unlimited characters, unique identifier.
  case TM, UC, UI
  /// Unsigned long, unknown, resource locator, unsigned short, unlimited text, unsigned very long.
  case UL, UN, UR, US, UT, UV

  /// The representation two bytes of an explicit file name, or `nil` when they name none.
  init?(_ first: UInt8, _ second: UInt8) {
    guard let vr = Self.byCode[UInt16(first) << 8 | UInt16(second)] else { return nil }
    self = vr
  }

  private static let byCode: [UInt16: DICOMVR] = Dictionary(
    uniqueKeysWithValues: allCases.map { vr in
      (vr.rawValue.utf8.reduce(0) { $0 << 8 | UInt16($1) }, vr)
    })

  /// Whether explicit files give two reserved bytes and a length of four (PS3.5 table 7.1-1).
  var hasLongLength: Bool {
    switch self {
    case .OB, .OD, .OF, .OL, .OV, .OW, .SQ, .SV, .UC, .UN, .UR, .UT, .UV: true
    default: false
    }
  }

  /// Whether the Specific Character Set (0008,0005) applies (PS3.5 section 6.1.2.2).
  var usesCharacterSet: Bool {
    switch self {
    case .LO, .LT, .PN, .SH, .ST, .UC, .UT: true
    default: false
    }
  }

  /// Whether a backslash is part of the text rather than between two values.
  var isSingleText: Bool {
    switch self {
    case .LT, .ST, .UT, .UR: true
    default: false
    }
  }
}
