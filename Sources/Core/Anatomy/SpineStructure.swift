/// What a label value stands for, whatever integer a tool gives it.
public enum SpineStructure: Hashable, Sendable {
  /// Spinal cord.
  case cord
  /// Cerebrospinal fluid without the cord.
  case csf
  /// The spinal canal around (and, in some tools, including) the cord.
  case canal
  /// A vertebra of known level.
  case vertebra(VertebralLevel)
  /// A vertebra of a tool with one class for all.
  case unnamedVertebra
  /// The disc under a vertebra: `.disc(below: .c2)` is C2-3.
  case disc(below: VertebralLevel)
  /// A disc of a tool with one class for all.
  case unnamedDisc
  /// Disc tissue displaced into the canal.
  case discProtrusion
  /// T2 hyperintensity inside the cord, annotated by an expert.
  case hyperintensity
  /// Another compressor in front of the canal (ossified ligament, osteophyte).
  case otherCompressor
}

extension VertebralLevel {
  /// The label of the disc under this vertebra in the TotalSpineSeg numbering (C2-3 = 63 ...
  /// C6-7 = 67, C7-T1 = 71, T1-2 = 72 ...); C1 has no disc below it.
  public var totalSpineSegDiscLabel: UInt16? {
    switch self {
    case .c1: nil
    case .c2, .c3, .c4, .c5, .c6: UInt16(61 + rawValue)
    default: UInt16(64 + rawValue)
    }
  }
}
