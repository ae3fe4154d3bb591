internal import Imaging

/// How much of a source a library took: of a DICOM study its series, else one image.
///
/// What is left out by rule (localizers, other modalities) of a study that is taken is neither taken nor
/// refused.
public struct SeriesShare: Equatable, Sendable {
  /// Series that the library has now.
  public var taken = 0
  /// Series that could not be taken.
  public var refused = 0
  /// Files of no series that could not be used: damaged ones, and those with the identity of another.
  public var files = 0
  /// What is damaged and how, each once.
  public var damaged: [String] = []
  /// What else was not taken and why, each once.
  public var reasons: [String] = []

  /// A share of nothing, or of what is stated.
  init(
    taken: Int = 0, refused: Int = 0, files: Int = 0, damaged: [String] = [],
    reasons: [String] = []
  ) {
    (self.taken, self.refused, self.files) = (taken, refused, files)
    (self.damaged, self.reasons) = (damaged, reasons)
  }

  /// Several shares together.
  init(sum shares: [SeriesShare]) {
    var seen: Set<String> = []
    for share in shares {
      taken += share.taken
      refused += share.refused
      files += share.files
    }
    damaged = shares.flatMap(\.damaged).filter { seen.insert($0).inserted }
    reasons = shares.flatMap(\.reasons).filter { seen.insert($0).inserted }
  }

  /// All that was left out, what is damaged first.
  var leftOut: [String] { damaged + reasons }

  /// The share with at most so many texts of what was left out, what is damaged first, and with how many
  /// more there are.
  func listing(_ most: Int) -> SeriesShare {
    guard damaged.count + reasons.count > most else { return self }
    var share = self
    share.damaged = Array(damaged.prefix(most))
    share.reasons = Array(reasons.prefix(most - share.damaged.count))
    let left = damaged.count + reasons.count - most
    share.reasons.append("and \(left) more")
    return share
  }

  /// Whether some of it was taken, and some was not.
  var isPart: Bool { taken > 0 && refused > 0 }
}

extension ImportItem {
  /// How much of the source is in the library now.
  public var series: SeriesShare {
    if let share { return share }
    // A label file is no series of its own.
    if case .label = outcome { return SeriesShare() }
    // Nor is a file that is no image; it is named.
    if case .leftAlone = outcome { return SeriesShare(reasons: [self.text]) }
    guard case .refused(let why) = outcome else { return SeriesShare(taken: 1) }
    let text = [why.hasPrefix(source) ? why : "\(source): \(why)"]
    return isDamaged
      ? SeriesShare(refused: 1, damaged: text) : SeriesShare(refused: 1, reasons: text)
  }
}

extension DICOMStudy {
  /// What a line begins with where several studies lie together.
  private var head: String { number.of > 1 ? "study \(number.0) of \(number.of): " : "" }

  /// The share of a study of which nothing is taken.
  func refused(_ why: String) -> SeriesShare {
    let verdicts = (try? SeriesPicking(series))?.verdicts ?? []
    return SeriesShare(
      refused: max(verdicts.count { $0.isKept || $0.isRefused }, 1), reasons: [head + why])
  }

  /// The share of a study that is refused for want of a series to detect on.
  ///
  /// - Parameter lines: what is said of its series, and what to do.
  func refused(
    _ why: String, _ lines: [String], _ broken: BrokenSeries, _ picking: SeriesPicking,
    _ filter: IdentityFilter
  ) -> SeriesShare {
    var share = refused(why)
    share.damaged = broken.files.keys.sorted().map { text($0, picking, broken, filter) }
    share.reasons += lines.map { head + $0 }
    return share
  }

  /// The share of a study of which some series are taken.
  func share(
    _ picking: SeriesPicking, taken: Int, _ broken: BrokenSeries, _ filter: IdentityFilter
  ) -> SeriesShare {
    let refused = series.indices.filter { picking.verdicts[$0].isRefused }
    func texts(_ indices: [Int]) -> [String] {
      indices.map { text($0, picking, broken, filter) }
    }
    return SeriesShare(
      taken: taken, refused: refused.count,
      damaged: texts(refused.filter { broken.reasons[$0] != nil }),
      reasons: texts(refused.filter { broken.reasons[$0] == nil }))
  }

  /// Why a series is not taken, with the damaged file where one is known.
  private func text(
    _ index: Int, _ picking: SeriesPicking, _ broken: BrokenSeries, _ filter: IdentityFilter
  ) -> String {
    let why = filter.sentence(picking.verdicts[index].leftOut ?? "")
    let file = broken.files[index].map { "\($0): " } ?? ""
    return "\(head)series \(SeriesPicking.number(series[index])): \(file)\(why)".cleaned
  }
}
