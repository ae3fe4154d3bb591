internal import Imaging

extension CaseTruth {
  /// What readers signed of a study: its truth where the library knows none.
  struct Ground: Equatable, Sendable {
    /// What each reader signed first.
    var first: [SignedReading] = []
    /// What stands under the signatures of adjudicators.
    var deciding: [OtherReading] = []

    /// Whether a reader signed any of it.
    func has(_ reader: String) -> Bool {
      first.contains { $0.reader == reader } || deciding.contains { $0.reader == reader }
    }

    /// What the others signed.
    func without(_ reader: String) -> Ground {
      Ground(
        first: first.filter { $0.reader != reader },
        deciding: deciding.filter { $0.reader != reader })
    }
  }

  /// What readers' signatures make the truth; `nil` where nothing is agreed or decided.
  ///
  /// Where adjudicators differ nothing is decided, and no majority of others decides for them.
  init?(_ ground: Ground) {
    guard let truth = Self.made(of: ground) else { return nil }
    self = truth
    self.ground = ground
  }

  private static func made(of ground: Ground) -> CaseTruth? {
    let readings = ground.first.map(\.verdicts)
    guard let decided = FinalVerdicts(ground.deciding) else { return CaseTruth(readings: readings) }
    var adjudicated: [SpinalSegment: Verdict] = [:]
    for segment in SpinalSegment.allCases {
      adjudicated[segment] = decided.verdict(segment).flatMap { $0 == .cannotTell ? nil : $0 }
    }
    if var truth = CaseTruth(readings: [adjudicated]) {
      truth.source = .adjudicated
      return truth
    }
    let differ = SpinalSegment.allCases.contains { decided.decision($0) == .differ }
    return differ ? nil : CaseTruth(readings: readings)
  }

  /// What a learner's answers are held against: nobody is scored against his own reading, so that it is what the
  /// others' signatures make the truth; `nil` where that is nothing.
  ///
  /// - Parameter learner: the reader's id as his journals have it.
  public func truth(for learner: String) -> CaseTruth? {
    guard source != .library, ground.has(learner) else { return self }
    var truth = CaseTruth(ground.without(learner))
    if rests(on: learner) { truth?.leftOut = learner }
    return truth
  }

  /// Whether a reader's own signature is part of it; one whose verdicts are all of other labels is not.
  public func rests(on reader: String) -> Bool {
    switch source {
    case .library: false
    case .adjudicated:
      ground.deciding.contains { $0.reader == reader && !$0.verdicts.isEmpty }
    case .readings: ground.first.contains { $0.reader == reader && !$0.verdicts.isEmpty }
    }
  }

  /// The readers who stated something of a segment, or of any that is known, and whose signatures are the truth;
  /// none where the library knows it.
  public func readers(of segment: SpinalSegment? = nil) -> [String] {
    let places = segment.map { [$0] } ?? Array(verdicts.keys)
    func states(_ stated: [SpinalSegment: Verdict]) -> Bool {
      places.contains { stated[$0] != nil }
    }
    return switch source {
    case .library: []
    case .adjudicated: ground.deciding.filter { states($0.verdicts) }.map(\.reader)
    case .readings: ground.first.filter { states($0.verdicts) }.map(\.reader)
    }
  }

  /// The known segments of which one reader alone signed something, by the reader; an adjudicator's word is meant
  /// to be one.
  var alone: [String: [SpinalSegment]] {
    guard case .readings = source else { return [:] }
    var found: [String: [SpinalSegment]] = [:]
    for segment in SpinalSegment.allCases where verdicts[segment] != nil {
      let readers = readers(of: segment)
      if readers.count == 1 { found[readers[0], default: []].append(segment) }
    }
    return found
  }

  /// Where the truth of a segment, or of the case, comes from: "carla's reading alone".
  public func sourceWords(of segment: SpinalSegment? = nil) -> String {
    switch source {
    case .library: return "known"
    case .adjudicated: return "adjudicated"
    case .readings(let count):
      let readers = readers(of: segment)
      if readers.count == 1 { return "\(readers[0].cleaned(limit: 40))'s reading alone" }
      if count == 1 { return "one signed reading" }
      return "majority of \(readers.isEmpty ? count : readers.count) signed readings"
    }
  }

  /// The source in JSON.
  var sourceCode: String {
    switch source {
    case .library: "library"
    case .adjudicated: "adjudicated"
    case .readings: "readings"
    }
  }
}
