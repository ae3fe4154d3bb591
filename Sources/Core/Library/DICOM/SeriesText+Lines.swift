internal import Imaging

/// What an import says of each series.
extension SeriesText {
  /// What is said of a series that nobody looked at: T1 that is called T2 is known by its picture only.
  static let unseen = "T2-weighted by its texts, its picture was not looked at"

  /// Why a series that fits is not the one that lesions are looked for on.
  static let late = "another series was chosen before this one came"

  /// One line for each series that is left out, with the reason.
  static func leftOut(_ picking: SeriesPicking, _ filter: IdentityFilter) -> [String] {
    picking.series.indices.compactMap { index in
      guard index != picking.chosen, let why = picking.verdicts[index].leftOut else { return nil }
      return "\(head(picking.series[index], filter)): left out: \(filter.sentence(why))"
    }
  }

  /// What a line about a series begins with: its number and description.
  private static func head(_ series: DICOMSeries, _ filter: IdentityFilter) -> String {
    let words = filter.description(series.description.seriesDescription)
    return "series \(SeriesPicking.number(series))" + (words.map { " \"\($0)\"" } ?? "")
  }

  /// One line for each series: what becomes of it and why.
  ///
  /// - Parameter names: the names of those that are kept, by their place among the series.
  static func lines(
    _ picking: SeriesPicking, _ filter: IdentityFilter, names: [Int: String]
  ) -> [String] {
    picking.series.indices.map { index in
      let (series, verdict) = (picking.series[index], picking.verdicts[index])
      let head = Self.head(series, filter)
      if index == picking.chosen {
        let reasons = verdict.reasons.map(filter.sentence) + (verdict.isT2Unseen ? [unseen] : [])
        return "\(head): chosen for detection: \(reasons.joined(separator: "; "))"
      }
      if let why = verdict.leftOut { return "\(head): left out: \(filter.sentence(why))" }
      let apart = series.findings.first { $0.kind == .gap && $0.severity == .note }
      let double = series.findings.first { $0.kind == .duplicates && $0.severity == .warning }
      let all: [String?] = [
        verdict.unfit.map(filter.sentence) ?? picking.passedOver, apart?.text, double?.text,
        verdict.isT2Unseen ? unseen : nil, wish(for: index, picking),
      ]
      let why = all.compactMap(\.self).joined(separator: "; ")
      return names[index].map { "\(head): kept as \($0): \(why)" } ?? "\(head): left out: \(why)"
    }
  }

  /// How a reader can have a series of a study of which none is chosen; `nil` where another is, or where
  /// it cannot be had.
  private static func wish(for index: Int, _ picking: SeriesPicking) -> String? {
    guard picking.chosen == nil, picking.takeable.contains(index),
      let wish = picking.wish(for: index)
    else { return nil }
    return "--series \(ShellWord.quoted(wish)) takes it all the same"
  }
}
