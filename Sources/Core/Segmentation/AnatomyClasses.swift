/// What the anatomy network calls a pixel.
public enum AnatomyTissue: UInt8, CaseIterable, Codable, Sendable {
  /// Everything that has no class of its own.
  case background
  /// Spinal cord, both matters.
  case cord
  /// Fluid of the spinal canal: the canal without the cord.
  case csf
  /// Vertebral bodies from C2 (with the dens) down, with cortex and endplates.
  case vertebra
  /// Intervertebral discs as far as they are no protrusion.
  case disc
  /// Disc displaced behind the line of the posterior walls.
  case discProtrusion
  /// Osteophytes and thickened or ossified ligament in front of the canal.
  case otherCompressor

  /// The name in files.
  public var name: String {
    switch self {
    case .background: "background"
    case .cord: "cord"
    case .csf: "csf"
    case .vertebra: "vertebra"
    case .disc: "disc"
    case .discProtrusion: "disc-protrusion"
    case .otherCompressor: "other-compressor"
    }
  }
}

/// Which vertebra a pixel of a vertebral body belongs to; a disc has the level of the body above.
public enum AnatomyLevel: UInt8, CaseIterable, Codable, Sendable {
  /// Bone that is no body from C2 down: the arch of C1, the skull base.
  case none
  case c2, c3, c4, c5, c6, c7, t1
  /// T2 and below.
  case belowT1

  /// The vertebra, where it is one that is named.
  public var level: VertebralLevel? {
    switch self {
    case .none, .belowT1: nil
    default: VertebralLevel(rawValue: Int(rawValue) + 1)
    }
  }

  /// The class of a vertebra.
  public init(_ level: VertebralLevel) {
    self =
      level < .c2 ? .none : AnatomyLevel(rawValue: UInt8(level.rawValue - 1)) ?? .belowT1
  }

  /// The name in files.
  public var name: String {
    switch self {
    case .none: "none"
    case .belowT1: "below-T1"
    default: level?.name ?? "none"
    }
  }
}

/// Labels that say nothing.
public enum AnatomyLabel {
  /// The value of a pixel whose tissue or level is not known: it is not learned from.
  public static let ignored: UInt8 = 255
}
