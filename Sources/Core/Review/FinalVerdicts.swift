/// What decides between a study's readers: the verdicts that stand under signatures "adjudicated between
/// readers".
///
/// More than one may have adjudicated; where they state different things of a row nothing is decided there.
public struct FinalVerdicts: Equatable, Sendable {
  /// What is decided of a segment, or of the study.
  public enum Decision: Equatable, Sendable {
    /// Every adjudicator who states something states this.
    case decided(Verdict)
    /// Adjudicators state different things.
    case differ
    /// No adjudicator states anything.
    case open

    /// "present", "absent", "cannot tell", "adjudicators differ" or "open".
    public var words: String {
      switch self {
      case .decided(let verdict): verdict.words
      case .differ: "adjudicators differ"
      case .open: "open"
      }
    }

    /// The same in tables and JSON: a verdict's own word, "differ" or "open".
    var code: String {
      switch self {
      case .decided(let verdict): verdict.rawValue
      case .differ: "differ"
      case .open: "open"
      }
    }
  }

  /// The signatures that decide, by reader.
  public let signatures: [OtherReading]

  /// Picks those that decide of what was signed; `nil` where nobody has adjudicated.
  public init?(_ signed: [OtherReading]) {
    let deciding = signed.filter(\.isDeciding)
    guard !deciding.isEmpty else { return nil }
    signatures = deciding.sorted { $0.reader < $1.reader }
  }

  /// What is decided of a segment, or of the study as a whole.
  public func decision(_ segment: SpinalSegment?) -> Decision {
    let stated = signatures.compactMap { $0.verdict(segment) }
    guard let first = stated.first else { return .open }
    return stated.allSatisfy { $0 == first } ? .decided(first) : .differ
  }

  /// The verdict on a segment, or on the study; `nil` where none is decided.
  public func verdict(_ segment: SpinalSegment?) -> Verdict? {
    if case .decided(let verdict) = decision(segment) { return verdict }
    return nil
  }

  /// Whether any who decides stated the verdict on a segment when that was another place.
  func isRelabelled(_ segment: SpinalSegment) -> Bool {
    signatures.contains { $0.isRelabelled(segment) }
  }

  /// The segments of which that is so, in order.
  var relabelled: [SpinalSegment] { SpinalSegment.allCases.filter { isRelabelled($0) } }

  /// The case verdict that follows; see ``ReviewState/conclusion(assessable:)``.
  public func conclusion(assessable: [SpinalSegment]) -> CaseConclusion? {
    var summary = ReviewSummary()
    summary.hasVerdicts = true
    for segment in SpinalSegment.allCases { summary.standing[segment] = verdict(segment) }
    summary.onStudy = verdict(nil)
    return summary.conclusion(assessable: assessable)
  }

  /// "C2-3 absent, C4-5 present, C7-T1 open": every segment, and the study where something is said of it.
  public var words: String {
    let rows = SpinalSegment.allCases.map { "\($0.name) \(decision($0).words)" }
    let study = decision(nil)
    return (rows + (study == .open ? [] : ["study \(study.words)"])).joined(separator: ", ")
  }

  /// Who adjudicated: "sup", "max, sup".
  public var adjudicators: String { signatures.map(\.reader).joined(separator: ", ") }
}

extension OtherReading {
  /// Whether it decides between readers.
  public var isDeciding: Bool { problem == nil && meaning == .adjudicated }
}

extension ReviewState {
  /// Whether the signature that holds decides between readers.
  public var isAdjudicated: Bool { signOff?.signature?.meaning == .adjudicated }
}
