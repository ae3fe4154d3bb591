/// Agreement on nominal categories beyond what chance would give.
public struct Kappa: Equatable, Sendable {
  /// Share of pairs of ratings that agree, 0...1.
  public var observed: Double
  /// The share that chance would give at the same use of the categories.
  public var expected: Double

  /// (observed - expected) / (1 - expected): 1 for perfect agreement, 0 for that of chance; `nil` where
  /// all ratings are of one category, so that chance alone would agree.
  public var value: Double? {
    expected < 1 - 1e-12 ? (observed - expected) / (1 - expected) : nil
  }

  /// Two raters' kappa (Cohen, Educ. Psychol. Meas. 20, 1960); `nil` without subjects.
  ///
  /// - Parameter table: subjects by the category of the first rater (row) and of the second (column).
  public init?(cohen table: [[Int]]) {
    let total = Double(table.joined().reduce(0, +))
    guard total > 0 else { return nil }
    let rows = table.map { Double($0.reduce(0, +)) / total }
    let columns = table.indices.map { column in
      Double(table.reduce(0) { $0 + $1[column] }) / total
    }
    observed = Double(table.indices.reduce(0) { $0 + table[$1][$1] }) / total
    expected = zip(rows, columns).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// The kappa of two or more raters, who need not be the same for each subject (Fleiss, Psychol. Bull.
  /// 76, 1971); `nil` without a subject that has two ratings.
  ///
  /// Where subjects have different numbers of ratings, each subject's agreement is that of its own
  /// pairs, and a category's share is that of all ratings; with equal numbers this is Fleiss's.
  /// - Parameters:
  ///   - counts: ratings by subject (row) and category (column).
  ///   - weights: how often each subject counts; once where `nil`.
  public init?(fleiss counts: [[Int]], weights: [Int]? = nil) {
    var used = [Double](repeating: 0, count: counts.first?.count ?? 0)
    var (agreement, subjects, ratings) = (0.0, 0.0, 0.0)
    for (index, row) in counts.enumerated() {
      let weight = Double(weights?[index] ?? 1)
      let raters = row.reduce(0, +)
      guard raters > 1, weight > 0 else { continue }
      let pairs = Double(raters * (raters - 1))
      agreement += weight * row.reduce(0) { $0 + Double($1 * ($1 - 1)) } / pairs
      subjects += weight
      ratings += weight * Double(raters)
      for (category, count) in row.enumerated() { used[category] += weight * Double(count) }
    }
    guard subjects > 0 else { return nil }
    observed = agreement / subjects
    expected = used.reduce(0) { $0 + ($1 / ratings) * ($1 / ratings) }
  }
}
