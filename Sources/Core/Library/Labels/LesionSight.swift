/// Whose lesion mask a reader is shown: one that a person drew is a reading, and no anatomy.
struct LesionSight: Equatable, Sendable {
  /// A reader's own masks, as the journal tells of them.
  struct Own: Equatable, Sendable {
    /// The reader, as files name them.
    var reader: String
    /// SHA-256 of the latest mask that the reader drew and that stands; `nil` where none does.
    var latest: String?
    /// SHA-256 of every mask that the journal says the reader drew, taken back or not.
    var noted: Set<String> = []
    /// Whether nobody else has a journal of the study: a mask of which nobody is known to be the author is
    /// this reader's then.
    var isAlone = true
  }

  /// The reader who is shown no mask of another; `nil`: nobody's own is asked for.
  var own: Own?
  /// Whether what no reader drew is hidden, too: it may tell what the AI would.
  var hidesGiven = false
  /// Whether what readers drew is passed over, whoever they are.
  private(set) var passesReadings = false

  /// Whether masks of others are hidden.
  var isBlinded: Bool { own != nil || passesReadings }

  /// A reader's own masks, and what no reader drew.
  init(own: Own? = nil, hidesGiven: Bool = false) {
    (self.own, self.hidesGiven) = (own, hidesGiven)
  }

  /// The mask that stands, whoever drew it.
  static let standing = LesionSight()
  /// The mask that no reader drew, which is nobody's reading.
  static let given: LesionSight = {
    var sight = LesionSight()
    sight.passesReadings = true
    return sight
  }()
}

extension CorrectionNote {
  /// Whether a lesion mask was drawn by who was not shown the one that stood: it began from another, or from
  /// none, and took its place as the newest version.
  var isBesideAnother: Bool {
    let name = LabelRole.lesion.rawValue
    let begun = origin?.files.first { $0.hasPrefix("\(name) ") }
    return target == .lesion && begun != before.map { "\(name) \($0)" }
  }
}
