internal import Imaging

/// How far readers agree on the segments of the studies that at least two of them signed.
///
/// Categories are present, absent and cannot tell: who cannot tell agrees only with another who cannot.
/// A segment counts for the readers who stated a verdict on it. Intervals are bootstrap by patient.
public struct ReaderAgreement: Sendable {
  /// Fewest studies of which anything is said: one gives no interval.
  public static let least = 2
  /// Fewer studies than this are few, and said to be: their intervals are wide (decision 019).
  public static let few = 10

  /// Which kappa a row has.
  public enum Method: String, Sendable {
    /// Of two readers.
    case cohen = "Cohen"
    /// Of more.
    case fleiss = "Fleiss"
  }

  /// The agreement on a segment, on all, or of one pair of readers on all.
  public struct Row: Equatable, Sendable {
    /// "C4-5", "all", or "anna, liu".
    public var name: String
    /// Studies with at least two verdicts there.
    public var studies: Int
    /// Segments with at least two verdicts.
    public var segments: Int
    /// Which kappa it is.
    public var method: Method
    /// Share of pairs of verdicts that agree, 0...1; `nil` below the least number of studies.
    public var agreement: Bootstrap.Interval?
    /// Kappa; `nil` also where all verdicts are the same.
    public var kappa: Bootstrap.Interval?

    /// The readers who state one thing throughout, by name.
    var constant: [String] = []

    /// Whether so few studies count that the interval is wide.
    public var isFew: Bool { agreement != nil && studies < ReaderAgreement.few }

    /// Why something is missing, or an interval says little, in words.
    public var remark: String? {
      guard isFew else { return gap }
      return gap.map { "\($0); few studies" } ?? "few studies: the interval is wide"
    }

    /// Why something is missing, or an interval says nothing, in words.
    public var gap: String? {
      if agreement == nil {
        return studies == 0 ? "no study" : "1 study, fewer than \(ReaderAgreement.least)"
      }
      guard let kappa else { return "all verdicts are the same" }
      guard kappa.lower == kappa.upper else { return nil }
      if method == .cohen, !constant.isEmpty {
        return "only one verdict of \(constant.joined(separator: ", ")) throughout: "
          + "kappa can only be 0"
      }
      return kappa.estimate == 1
        ? "no verdict differs: the interval has no width" : "the same in every resample"
    }
  }

  /// The readers, by name.
  public let readers: [String]
  /// Studies that at least two of them signed.
  public let studies: Int
  /// Each segment, then all.
  public let segments: [Row]
  /// Each pair of readers with a study in common, on all segments; empty for two readers.
  public let pairs: [Row]
  /// How the intervals were made.
  public let bootstrap: Bootstrap
  /// What could not be read, in words.
  public internal(set) var remarks: [String] = []
  /// That studies are left out which the reader who asks has not signed; `nil` where none are.
  public internal(set) var leftOut: String?

  /// Computes the agreement on the studies of a library.
  ///
  /// - Parameters:
  ///   - wanted: The readers whose readings count; all where `nil`.
  ///   - viewer: Who asks: studies that he has neither signed nor compared do not count. `nil` for who reads
  ///     nothing in the library.
  /// - Throws: `AgreementError.tooFew`.
  public init(
    library: StudyLibrary, of wanted: [String]? = nil, for viewer: ReadingViewer? = nil,
    bootstrap: Bootstrap = Bootstrap()
  ) throws {
    var remarks: [String] = []
    let told = library.studies.filter { $0.problem == nil && library.isTold(of: $0, to: viewer) }
    let studies = told.map { study in
      let journals = library.journals(of: study).filter {
        wanted?.contains($0.reader) ?? true
      }
      let readings = journals.compactMap { journal -> SignedReading? in
        do {
          return SignedReading(try journal.records(), reader: journal.reader.cleaned)
        } catch {
          remarks.append("\(study.subject): \(error)".cleaned)
          return nil
        }
      }
      return SignedStudy(patient: library.patient(of: study), readings: readings)
    }
    try self.init(studies, bootstrap: bootstrap)
    self.remarks = remarks
    leftOut = viewer?.remark
  }

  /// Computes the agreement on studies.
  ///
  /// - Throws: `AgreementError.tooFew`.
  init(_ studies: [SignedStudy], bootstrap: Bootstrap) throws {
    let shared = studies.filter { $0.readings.count > 1 }
    guard shared.count >= Self.least else { throw AgreementError.tooFew(shared.count) }
    let readers = Set(shared.flatMap { $0.readings.map(\.reader) }).sorted()
    func row(_ name: String, _ segments: [SpinalSegment], of readers: [String]) -> Row {
      Ratings(shared, on: segments, of: readers).row(name, bootstrap)
    }
    let all = SpinalSegment.allCases
    self.readers = readers
    self.studies = shared.count
    self.bootstrap = bootstrap
    segments = all.map { row($0.name, [$0], of: readers) } + [row("all", all, of: readers)]
    var pairs: [Row] = []
    if readers.count > 2 {
      for (place, first) in readers.enumerated() {
        for second in readers[(place + 1)...] {
          let pair = row("\(first), \(second)", all, of: [first, second])
          if pair.studies > 0 { pairs.append(pair) }
        }
      }
    }
    self.pairs = pairs
  }
}

/// The verdicts of some readers on some segments, one subject of the statistic for each segment of a
/// study.
private struct Ratings {
  private let readers: [String]
  /// The study's place, its patient, and the category by reader, for each segment with two verdicts.
  private var subjects: [(study: Int, patient: String, categories: [Int?])] = []

  init(_ studies: [SignedStudy], on segments: [SpinalSegment], of readers: [String]) {
    self.readers = readers
    for (place, study) in studies.enumerated() {
      for segment in segments {
        let categories = readers.map { reader in
          study.readings.first { $0.reader == reader }?.verdicts[segment]
            .flatMap { Verdict.allCases.firstIndex(of: $0) }
        }
        if categories.count(where: { $0 != nil }) > 1 {
          subjects.append((place, study.patient, categories))
        }
      }
    }
  }

  func row(_ name: String, _ bootstrap: Bootstrap) -> ReaderAgreement.Row {
    let studies = Set(subjects.map(\.study)).count
    var row = ReaderAgreement.Row(
      name: name, studies: studies, segments: subjects.count,
      method: readers.count == 2 ? .cohen : .fleiss)
    guard studies >= ReaderAgreement.least else { return row }
    let intervals = bootstrap.intervals(
      groups: subjects.map(\.patient), isPositive: subjects.map { _ in false }
    ) { weights in
      let kappa = kappa(row.method, weights)
      return [kappa?.observed, kappa?.value]
    }
    (row.agreement, row.kappa) = (intervals[0], intervals[1])
    row.constant = constant
    return row
  }

  /// The readers whose verdicts are all of one category.
  private var constant: [String] {
    readers.indices.filter { place in
      Set(subjects.compactMap { $0.categories[place] }).count == 1
    }.map { readers[$0] }
  }

  private func kappa(_ method: ReaderAgreement.Method, _ weights: [Int]) -> Kappa? {
    let categories = Verdict.allCases.count
    switch method {
    case .cohen:
      var table = Array(repeating: Array(repeating: 0, count: categories), count: categories)
      for (subject, weight) in zip(subjects, weights) {
        if let first = subject.categories[0], let second = subject.categories[1] {
          table[first][second] += weight
        }
      }
      return Kappa(cohen: table)
    case .fleiss: return Kappa(fleiss: counts, weights: weights)
    }
  }

  private var counts: [[Int]] {
    subjects.map { subject in
      Verdict.allCases.indices.map { category in
        subject.categories.count { $0 == category }
      }
    }
  }
}

/// Why no agreement can be stated.
public enum AgreementError: Error, Equatable, Sendable, CustomStringConvertible {
  /// So few studies were signed by two readers.
  case tooFew(Int)

  /// A sentence for the user.
  public var description: String {
    switch self {
    case .tooFew(let count):
      "\(count) \(count == 1 ? "study is" : "studies are") signed by two readers or more; "
        + "agreement needs \(ReaderAgreement.least)"
    }
  }
}
