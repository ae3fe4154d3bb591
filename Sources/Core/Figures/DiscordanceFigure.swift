internal import Imaging

/// Studies on which a step of an expected order fails, under both arms side by side: slice, truth, both maps
/// at one scale, their difference, both curves.
struct DiscordanceFigure: Sendable {
  /// What one arm makes of a slice.
  struct View: Sendable {
    /// The arm's name.
    var name: String
    /// The error that the scoring reads; NaN outside the cord, which alone is scored.
    var map: ImageRaster
    /// The curve under the scoring.
    var curve: AnoCurve
    /// The patient threshold.
    var threshold: Double?
  }

  /// A study on the slice that is shown.
  struct Study: Sendable {
    /// Beside its row.
    var name: String
    /// Name, class and truth, above its chart.
    var title: String
    /// The scores of both arms, under the title.
    var note: String
    /// The slice.
    var slice: PreparedSlice
    /// Segments with lesion by truth.
    var affected: Set<SpinalSegment>
    /// What truth says of this slice; `nil` where it has no lesion there.
    var truth: MaskRaster?
    /// Under the arm that should be ahead.
    var behind: View
    /// Under the arm that is. Its map has the size of the other one's.
    var ahead: View
  }

  /// What it shows, in a few words.
  var title: String
  /// What the data are, and how the studies were chosen.
  var note: String
  /// The scoring of maps and curves.
  var scoring: StudyDetector.Scoring
  /// The studies, one a row.
  var studies: [Study]

  /// Height of a row in px.
  static let rowHeight = 380

  /// The look of the outline of what truth says.
  private static let outline = RGB8(r: 240, g: 228, b: 66)
  /// Pixels about the cord between C2 and T1 that are shown.
  private static let margin = 8
  /// The percentile of the values that has the full colour: single pixels at the rim do not decide.
  private static let fullPercentile = 99.0

  /// The figure as a picture.
  func drawn() -> RGBRaster { montage.drawn(cellHeight: Self.rowHeight) }

  /// A row of pictures for each study, with the curves at its end.
  var montage: Montage {
    let names = [studies.first?.behind.name ?? "", studies.first?.ahead.name ?? ""]
    return Montage(
      title, note: note, rows: studies.map(images), rowCaptions: studies.map(\.name),
      columnCaptions: ["input", "truth"] + names + ["difference (first - second)"],
      rowCharts: studies.map(chart))
  }

  private func images(_ study: Study) -> [Montage.Image] {
    let box = Self.box(study.slice.anatomy)
    func cut(_ map: ImageRaster) -> ImageRaster { map.cropped(box.rows, box.columns) }
    let (behind, ahead) = (cut(study.behind.map), cut(study.ahead.map))
    var difference = behind
    for n in difference.pixels.indices { difference.pixels[n] -= ahead.pixels[n] }
    let isSigned = scoring != .paper
    let both = Montage.Scale(
      isSigned ? .anomaly : .uncertainty, fullScale: Self.full(of: [behind, ahead]),
      label: isSigned ? "error, cord-to-CSF steps" : "|input - mean|")
    let own = Montage.Scale(
      .anomaly, fullScale: Self.full(of: [difference]), label: "difference")
    let window = WindowLevel(window: 1, level: 0.5)
    return [
      .grey(cut(study.slice.normalised), window), truth(study, window),
      .map(behind, both), .map(ahead, both), .map(difference, own),
    ]
  }

  /// The slice with truth outlined, from outside so that nothing of it is hidden; empty without.
  private func truth(_ study: Study, _ window: WindowLevel) -> Montage.Image {
    guard let region = study.truth else { return .blank }
    let box = Self.box(study.slice.anatomy)
    let grown = Morphology.dilate(region)
    var picture = study.slice.normalised.map { Colormap.grey.colour(window.normalised($0)) }
    for n in picture.pixels.indices where grown.pixels[n] && !region.pixels[n] {
      picture.pixels[n] = Self.outline
    }
    return .colour(picture.cropped(box.rows, box.columns))
  }

  private func chart(_ study: Study) -> Chart {
    let views = [study.behind, study.ahead]
    let curves = views.map { view in
      let points = ExampleFigures.points(view.curve)
      return Chart.Series.line(view.name, x: points.map(\.row), y: points.map(\.value))
    }
    let thresholds = views.enumerated().compactMap { n, view in
      view.threshold.map { value in
        Chart.Reference.y(
          value, "threshold, \(view.name)",
          PlotStyle(PlotStyle.standard(n).colour, dash: .dotted))
      }
    }
    return Chart(
      study.title, note: study.note,
      x: .init("row of the canonical grid (0.78 mm), superior to inferior"),
      y: .init("score (\(scoring.rawValue))"), series: curves, references: thresholds,
      regions: ExampleFigures.regions(study.slice.anatomy, affected: study.affected),
      legend: .above)
  }

  /// The value with the full colour of some maps.
  private static func full(of maps: [ImageRaster]) -> Float {
    Percentiles.value(fullPercentile, of: maps.flatMap { $0.pixels.map { abs($0) } }) ?? 1
  }

  /// Cord and CSF between C2 and T1 with a margin; where levels are unknown all of them.
  private static func box(
    _ anatomy: SliceAnatomy
  ) -> (rows: Range<Int>, columns: Range<Int>) {
    let whole = anatomy.regionOfInterest
    let segments = SpinalSegment.allCases.compactMap {
      SegmentScoring.rows(of: $0, anatomy: anatomy)
    }
    var region = whole
    if let first = segments.map(\.lowerBound).min(), let last = segments.map(\.upperBound).max() {
      for n in region.pixels.indices where !(first...last).contains(n / region.columns) {
        region.pixels[n] = false
      }
    }
    return region.boundingBox(margin: margin) ?? whole.boundingBox(margin: margin)
      ?? (rows: 0..<whole.rows, columns: 0..<whole.columns)
  }
}
