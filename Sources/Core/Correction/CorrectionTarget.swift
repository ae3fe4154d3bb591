/// What of a study's labels a reader corrects.
public enum CorrectionTarget: String, CaseIterable, Codable, Sendable {
  /// The points of the discs, in SCT's numbers.
  case discs
  /// The boundaries of the segments: the middles of the vertebrae, in SCT's numbers.
  case boundaries
  /// The mask of the cord.
  case cord
  /// The mask of the lesions.
  case lesion

  /// The role of the label file that is written.
  public var role: LabelRole {
    switch self {
    case .discs: .discs
    case .boundaries: .levels
    case .cord: .cord
    case .lesion: .lesion
    }
  }

  /// Whether it is a mask, and not points.
  public var isMask: Bool { role.isMask }

  /// In words: "disc labels".
  public var words: String {
    switch self {
    case .discs: "disc labels"
    case .boundaries: "segment boundaries"
    case .cord: "cord mask"
    case .lesion: "lesion mask"
    }
  }

  /// Whether detection reads the label: a lesion mask is truth and decides nothing.
  public var decidesDetection: Bool { self != .lesion }

  /// The roles of the files that an edit begins from.
  var sources: [LabelRole] {
    switch self {
    case .discs, .boundaries: [.levels, .discs, .spine]
    case .cord: [.cord, .spine]
    case .lesion: [.lesion]
    }
  }
}

/// The numbers of the points that an edit moves, with their clinical names.
extension LabelEdit {
  /// What the points mark.
  public enum Kind: String, Equatable, Sendable {
    /// Posterior tips of discs: 1 top of C1, 2 C1-2, 3 C2-3 ... 8 C7-T1 ... 25 L5-S1 (SCT, labeling
    /// conventions).
    case discs
    /// Middles of vertebrae: 2 = C2 ... 7 = C7, 8 = T1 ... 10 = T3.
    case boundaries

    /// The numbers that follow each other down the spine.
    public var numbers: ClosedRange<UInt16> {
      switch self {
      case .discs: 1...25
      case .boundaries: 1...UInt16(VertebralLevel.allCases.count)
      }
    }

    /// The clinical name of a number: "C4-5", "C7-T1"; a boundary's is its vertebra's, "C4".
    public func name(_ number: UInt16) -> String {
      guard numbers.contains(number) else {
        switch number {
        case 49: return "PMG"
        case 50: return "PMJ"
        case 60: return "conus"
        default: return "label \(number)"
        }
      }
      let own = Self.vertebra(number)
      guard self == .discs else { return own }
      guard number > 1 else { return "top of C1" }
      let above = Self.vertebra(number - 1)
      return above.first == own.first ? "\(above)-\(own.dropFirst())" : "\(above)-\(own)"
    }

    /// The number of a name or of digits; `nil` where it is none of the spine's.
    public func number(_ text: String) -> UInt16? {
      if let number = UInt16(text) { return numbers.contains(number) ? number : nil }
      return numbers.first { name($0).lowercased() == text.lowercased() }
    }

    private static func vertebra(_ number: UInt16) -> String {
      switch number {
      case ...7: "C\(number)"
      case ...19: "T\(number - 7)"
      case ...24: "L\(number - 19)"
      default: "S\(number - 24)"
      }
    }
  }
}
