public import Foundation
public import Imaging

/// The figures of an evaluation, drawn by the program (method, section 7; the paper's figures 4 to 6
/// and its appendices D to F).
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

  /// Figures of rows of a table; with many rows those named first.
  public init(cases: [EvaluationCase], rows: [DetectorEvaluation.Row], note: String) {
    self.cases = cases
    self.rows = rows
    self.note = note
  }

  /// The most rows in one figure: more colours cannot be told apart.
  static let mostRows = 8

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

  /// Writes figures as PNG into a folder.
  ///
  /// - Returns: The files written.
  /// - Throws: `LibraryError.cannotWrite` or `WriteError`.
  public static func write(
    _ figures: [Figure], into folder: URL, prefix: String = ""
  ) throws -> [URL] {
    try SharedFolder.make(folder)
    return try figures.map { figure in
      let url = folder.appendingPathComponent("\(prefix)\(figure.name).png")
      try PNG.write(figure.picture, to: url)
      return url
    }
  }

  /// The rows shown.
  private var shown: [DetectorEvaluation.Row] { Array(rows.prefix(Self.mostRows)) }

  /// The receiver operating characteristics, each over all repetitions of its row.
  public var roc: Chart {
    let curves = shown.map { row in
      let outcomes = row.runs.flatMap { run in
        cases.compactMap { item in
          item.scores[run]?.patient.map { (score: $0, truth: item.hasLesion) }
        }
      }
      let points = ROC.points(
        positives: outcomes.filter(\.truth).map(\.score),
        negatives: outcomes.filter { !$0.truth }.map(\.score))
      let area = ROC.area(
        positives: outcomes.filter(\.truth).map(\.score),
        negatives: outcomes.filter { !$0.truth }.map(\.score))
      let name = area.map { String(format: "%@ (%.3f)", row.name, $0) } ?? row.name
      return Chart.Series.line(
        name, x: points.map(\.falsePositiveRate), y: points.map(\.sensitivity))
    }
    return Chart(
      "Patients: sensitivity over false positives (area)", note: note,
      x: .init("1 - specificity", from: 0, to: 1), y: .init("sensitivity", from: 0, to: 1),
      series: [
        .line("", x: [0, 1], y: [0, 1], style: .reference)
      ] + curves, legend: .beside, isSquare: true)
  }

  /// How the patient scores of each class spread, one panel per row.
  public var scores: ChartGrid {
    let classes =
      Set(cases.filter(\.hasLesion).map(\.className)).sorted()
      + Set(cases.filter { !$0.hasLesion }.map(\.className)).sorted()
    let lesions = Set(cases.filter(\.hasLesion).map(\.className))
    let charts = shown.prefix(4).map { row in
      func values(_ isLesion: Bool) -> [[Double]] {
        classes.map { name in
          guard lesions.contains(name) == isLesion else { return [] }
          return cases.filter { $0.className == name }.flatMap { item in
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
      "Patient scores by class", note: note, columns: charts.count > 1 ? 2 : 1,
      charts: Array(charts))
  }

  /// What other folds would change: each figure of every repeat (the paper's appendix F).
  public func spread(repeats: Int) -> ChartGrid {
    let found = shown.map { row in
      (0..<repeats).map { number in
        CrossValidation(repeats: 1, seed: CrossValidation().seed &+ UInt64(number))
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
      "Spread over \(repeats) repeats of the five folds", note: note,
      charts: [
        chart("patients: accuracy", \.accuracy), chart("patients: F1", \.f1),
        chart("patients: specificity", \.specificity), chart("segments: F1", \.segmentF1),
      ])
  }
}
