/// Edits of labels or of a mask that are not saved, as they are kept against a hang-up.
public struct CorrectionDraft: Equatable, Sendable {
  /// Names this run of the program: a draft that another run wrote is nobody's to replace.
  public static let session = String(UInt64.random(in: .min ... .max), radix: 16)

  /// What would be saved, with the files that it began from.
  public var correction: LabelCorrection
  /// The points before the first edit, in RAS mm by number; none for masks.
  public var original: [UInt16: SIMD3<Double>]
  /// SHA-256 of the disc labels that the reader saved while these boundaries waited; `nil` where he saved none.
  public var savedDiscs: String?
  /// The run of the program that keeps it.
  public var session: String
  /// When it was kept first, UTC, where it is taken over from another run as it was; `nil`: now.
  public var time: String?
  /// Whether the run of the program ends, and had kept it so before: what another run has put in its place since
  /// stays there, as nobody is left to be told.
  public var isLast = false

  /// Makes a draft.
  public init(
    _ correction: LabelCorrection, original: [UInt16: SIMD3<Double>] = [:],
    savedDiscs: String? = nil, session: String = CorrectionDraft.session
  ) {
    (self.correction, self.original) = (correction, original)
    (self.savedDiscs, self.session) = (savedDiscs, session)
  }
}

/// What an earlier session left unsaved of a study.
public struct DraftSearch: Equatable, Sendable {
  /// Edits that can go on.
  public struct Found: Equatable, Sendable {
    /// What they began from, as it is read now.
    public var basis: CorrectionBasis
    /// The edits.
    public var correction: LabelCorrection
    /// When they were kept, UTC.
    public var time: String
    /// The run of the program that kept them.
    public var session: String

    /// Makes what was found.
    public init(
      basis: CorrectionBasis, correction: LabelCorrection, time: String, session: String
    ) {
      (self.basis, self.correction, self.time, self.session) = (basis, correction, time, session)
    }
  }

  /// Edits that do not go on.
  public struct Refused: Equatable, Sendable {
    /// What was corrected.
    public var target: CorrectionTarget
    /// When they were kept, UTC; `nil` where that cannot be read.
    public var time: String?
    /// Why they do not go on, in words.
    public var reason: String
    /// The name under which the file is kept now; `nil` where it lies as it lay.
    public var name: String?

    /// Makes what was refused.
    public init(target: CorrectionTarget, time: String?, reason: String, name: String?) {
      (self.target, self.time, self.reason, self.name) = (target, time, reason, name)
    }
  }

  /// What can go on.
  public var found: [Found] = []
  /// What cannot.
  public var refused: [Refused] = []

  /// Makes a search without a result.
  public init() {}

  /// Whether nothing was left.
  public var isEmpty: Bool { found.isEmpty && refused.isEmpty }
}

extension LabelEdit {
  /// Gives every point its place of an earlier session: one edit, which undo takes back to the beginning.
  ///
  /// - Throws: `EditRefusal` where a place is no place.
  public mutating func restore(_ kept: [UInt16: SIMD3<Double>], named name: String) throws {
    for place in kept.values { _ = try checked(place) }
    guard kept != points else { return }
    apply(name, kept)
  }
}
