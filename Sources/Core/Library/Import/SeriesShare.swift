internal import Imaging

/// How much of a source a library took: of a DICOM study its series, else one image.
///
/// What is left out by rule (localizers, other modalities) is neither taken nor refused.
public struct SeriesShare: Equatable, Sendable {
  /// Series that the library has now.
  public var taken = 0
  /// Series that could not be taken.
  public var refused = 0
  /// Why they could not, each reason once.
  public var reasons: [String] = []

  /// Both shares together.
  static func + (a: SeriesShare, b: SeriesShare) -> SeriesShare {
    var sum = SeriesShare(taken: a.taken + b.taken, refused: a.refused + b.refused)
    for reason in a.reasons + b.reasons where !sum.reasons.contains(reason) {
      sum.reasons.append(reason)
    }
    return sum
  }

  /// Whether some of it was taken, and some was not.
  var isPart: Bool { taken > 0 && refused > 0 }
}

extension ImportItem {
  /// How much of the source is in the library now.
  public var series: SeriesShare {
    if let share { return share }
    if case .refused(let why) = outcome { return SeriesShare(refused: 1, reasons: [why]) }
    return SeriesShare(taken: 1)
  }
}

extension DICOMStudy {
  /// The share of a study of which nothing is taken.
  func refused(_ why: String) -> SeriesShare {
    let verdicts = (try? SeriesPicking(series))?.verdicts ?? []
    return SeriesShare(
      refused: max(verdicts.count { $0.isKept || $0.isRefused }, 1), reasons: [why])
  }

  /// The share of a study of which some series are taken.
  func share(_ picking: SeriesPicking, taken: Int, _ filter: IdentityFilter) -> SeriesShare {
    let refused = series.indices.filter { picking.verdicts[$0].isRefused }
    return SeriesShare(
      taken: taken, refused: refused.count,
      reasons: refused.map { index in
        let why = filter.sentence(picking.verdicts[index].leftOut ?? "")
        return "series \(SeriesPicking.number(series[index])): \(why)".cleaned
      })
  }
}
