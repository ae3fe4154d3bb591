public import Foundation
public import Imaging

/// The figures of an evaluation, drawn by the program (method, section 7; the paper's figures 4 to
/// 6 and its appendices D to F).
public struct EvaluationFigures: Sendable {
  /// A figure under the name of its file, without extension.
  public struct Figure: Sendable {
    /// The file's name.
    public var name: String
    /// What is drawn.
    public var picture: RGBRaster

    /// Makes a figure.
    public init(name: String, picture: RGBRaster) {
      self.name = name
      self.picture = picture
    }
  }

  /// Patients with truth and scores.
  public let cases: [EvaluationCase]
  /// The rows that are drawn.
  public let rows: [DetectorEvaluation.Row]
  /// What the data are, in every figure's note.
  public let note: String
  private let seed: UInt64

  /// Figures of rows of a table; with many rows those named first.
  ///
  /// - Parameter seed: Seed of the first repeat of the folds.
  public init(
    cases: [EvaluationCase], rows: [DetectorEvaluation.Row], note: String, seed: UInt64 = 1
  ) {
    self.cases = cases
    self.rows = rows
    self.note = note
    self.seed = seed
  }

  /// The most rows in one figure: more colours cannot be told apart.
  static let mostRows = 8
  /// The most rows with a panel of their own.
  static let mostPanels = 4

  /// All figures that can be drawn from scores alone.
  ///
  /// - Parameter repeats: Repeats of the five folds in the figure of their spread.
  public func all(repeats: Int) -> [Figure] {
    [
      Figure(name: "roc", picture: roc.drawn(width: 900, height: 640)),
      Figure(name: "scores", picture: scores.drawn(width: 1200, height: 900)),
      Figure(name: "spread", picture: spread(repeats: repeats).drawn(width: 1200, height: 900)),
    ]
  }

  /// Makes the folder of figures: before hours of work, rather than after them, it is known whether
  /// they can be written.
  ///
  /// - Throws: `LibraryError.cannotWrite`.
  public static func prepare(_ folder: URL, rights: FileRights = .caller) throws {
    try SharedFolder.make(folder, rights: rights)
  }

  /// Writes figures as PNG into a folder.
  ///
  /// - Returns: The files written.
  /// - Throws: `LibraryError.cannotWrite` or `WriteError`.
  public static func write(
    _ figures: [Figure], into folder: URL, prefix: String = "", rights: FileRights = .caller
  ) throws -> [URL] {
    try prepare(folder, rights: rights)
    return try figures.map { figure in
      let url = folder.appendingPathComponent("\(prefix)\(figure.name).png")
      try PNG.write(figure.picture, to: url, rights: rights)
      return url
    }
  }

  /// The rows shown.
  private var shown: [DetectorEvaluation.Row] { Array(rows.prefix(Self.mostRows)) }

  /// The receiver operating characteristics on patients whom all repetitions assess; a row's curve
  /// is the mean sensitivity of its repetitions, its area the mean of theirs.
  public var roc: Chart {
    let rates = (0...200).map { Double($0) / 200 }
    let curves = shown.map { row in
      let scored = assessed(row)
      let runs = row.runs.map { scored.patientScores($0) }
      let curves = runs.map { ROC.points(positives: $0.positives, negatives: $0.negatives) }
      let areas = runs.compactMap { ROC.area(positives: $0.positives, negatives: $0.negatives) }
      let mean = areas.reduce(0, +) / Double(max(areas.count, 1))
      let name = areas.isEmpty ? row.name : String(format: "%@ (%.3f)", row.name, mean)
      let sensitivities = rates.map { rate in
        curves.reduce(0) { $0 + ROC.sensitivity(at: rate, $1) } / Double(max(curves.count, 1))
      }
      return Chart.Series.line(name, x: [0] + rates, y: [0] + sensitivities)
    }
    return Chart(
      "Patients: sensitivity over false positives (area)", note: told(Self.mostRows),
      x: .init("1 - specificity", from: 0, to: 1), y: .init("sensitivity", from: 0, to: 1),
      series: [.line("", x: [0, 1], y: [0, 1], style: .reference)] + curves, legend: .beside,
      isSquare: true)
  }

  private func assessed(_ row: DetectorEvaluation.Row) -> [EvaluationCase] {
    cases.filter { item in row.runs.allSatisfy { item.scores[$0]?.patient != nil } }
  }

  /// The note, and how many rows of how many are shown.
  private func told(_ most: Int) -> String {
    rows.count > most ? "\(note) First \(most) of \(rows.count) rows." : note
  }

  /// How the patient scores of each class spread, one panel per row.
  public var scores: ChartGrid {
    let classes =
      Set(cases.filter(\.hasLesion).map(\.className)).sorted()
      + Set(cases.filter { !$0.hasLesion }.map(\.className)).sorted()
    let lesions = Set(cases.filter(\.hasLesion).map(\.className))
    let charts = shown.prefix(Self.mostPanels).map { row in
      func values(_ isLesion: Bool) -> [[Double]] {
        classes.map { name in
          guard lesions.contains(name) == isLesion else { return [] }
          return assessed(row).filter { $0.className == name }.flatMap { item in
            row.runs.compactMap { item.scores[$0]?.patient }
          }
        }
      }
      return Chart(
        row.name, x: .init("", categories: classes), y: .init("patient score"),
        series: [
          .samples("with lesion", values(true), as: .box),
          .samples("without lesion", values(false), as: .box),
        ])
    }
    return ChartGrid(
      "Patient scores by class", note: told(Self.mostPanels), columns: charts.count > 1 ? 2 : 1,
      charts: Array(charts))
  }

  /// What other folds would change: each figure of every repeat (the paper's appendix F).
  public func spread(repeats: Int) -> ChartGrid {
    let found = shown.map { row in
      (0..<repeats).map { number in
        CrossValidation(repeats: 1, seed: seed &+ UInt64(number))
          .figures(of: row.runs, on: cases, bootstrap: Bootstrap(resamples: 1))
      }
    }
    func chart(
      _ title: String, _ figure: (CrossValidation.Figures) -> CrossValidation.Spread?
    ) -> Chart {
      Chart(
        title, x: .init("", categories: shown.map(\.name)), y: .init(""),
        series: [.samples("", found.map { $0.compactMap { figure($0)?.mean } }, as: .strip)],
        legend: .none)
    }
    return ChartGrid(
      "Spread over \(repeats) repeat\(repeats == 1 ? "" : "s") of the five folds",
      note: told(Self.mostRows),
      charts: [
        chart("patients: accuracy", \.accuracy), chart("patients: F1", \.f1),
        chart("patients: specificity", \.specificity), chart("segments: F1", \.segmentF1),
      ])
  }
}
