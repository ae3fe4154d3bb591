public import Imaging

/// Pictures of single studies: curves and reconstructions.
public enum ExampleFigures {
  /// A study with what an engine makes of its slice with the highest score.
  public struct Example: Sendable {
    /// Its name and class.
    public var name: String
    /// The slice.
    public var slice: PreparedSlice
    /// Its maps, before and after adaptation where there are two.
    public var maps: [UncertaintyMaps]
    /// U2AD's curve and the second opinion's.
    public var curves: [(name: String, curve: AnoCurve)]
    /// Segments with lesion by truth.
    public var affected: Set<SpinalSegment>

    /// Makes an example.
    public init(
      name: String, slice: PreparedSlice, maps: [UncertaintyMaps],
      curves: [(name: String, curve: AnoCurve)], affected: Set<SpinalSegment>
    ) {
      self.name = name
      self.slice = slice
      self.maps = maps
      self.curves = curves
      self.affected = affected
    }
  }

  /// The curves of some studies along the segments, with the threshold.
  ///
  /// - Parameter threshold: The segment threshold of the first curve.
  public static func curves(
    _ examples: [Example], threshold: Double?, note: String
  ) -> ChartGrid {
    ChartGrid(
      "AnoCurves along the cord", note: note, columns: 2,
      charts: examples.prefix(6).map { example in
        Chart(
          example.name, x: .init("row of the canonical grid (0.78 mm), superior to inferior"),
          y: .init("cord-to-CSF steps"),
          series: example.curves.map { name, curve in
            .line(name, x: points(curve).map(\.row), y: points(curve).map(\.value))
          },
          references: threshold.map { [.y($0, "segment threshold")] } ?? [],
          regions: regions(example.slice.anatomy, affected: example.affected))
      })
  }

  /// The rows of a curve; where rows are missing the line breaks.
  static func points(_ curve: AnoCurve) -> [(row: Double, value: Double)] {
    var points: [(row: Double, value: Double)] = []
    for (row, value) in zip(curve.rows, curve.values) {
      if let last = points.last, Double(row) > last.row + 1 { points.append((last.row + 1, .nan)) }
      points.append((Double(row), Double(value)))
    }
    return points
  }

  /// The segments; those with lesion are coloured.
  static func regions(
    _ anatomy: SliceAnatomy, affected: Set<SpinalSegment>
  ) -> [Chart.Region] {
    SpinalSegment.allCases.compactMap { segment in
      let rows = anatomy.levelRows
      guard let upper = rows[segment.upper], let lower = rows[segment.lower] else { return nil }
      let hasLesion = affected.contains(segment)
      return Chart.Region(
        from: upper, to: lower, segment.name,
        colour: hasLesion ? RGB8(r: 250, g: 226, b: 200) : nil)
    }
  }

  /// Input, reconstruction, signed error and the two uncertainties, cropped to the cord.
  public static func reconstructions(
    _ examples: [Example], captions: [String] = [""], note: String
  ) -> Montage {
    var rows: [[Montage.Image]] = []
    var names: [String] = []
    for example in examples {
      for (number, maps) in example.maps.enumerated() {
        rows.append(images(example.slice, maps))
        let caption = captions.indices.contains(number) ? captions[number] : ""
        names.append(caption.isEmpty ? example.name : "\(example.name), \(caption)")
      }
    }
    return Montage(
      "Reconstruction and uncertainty", note: note, rows: rows, rowCaptions: names,
      columnCaptions: ["input", "reconstruction", "error", "epistemic", "aleatoric"])
  }

  private static func images(
    _ slice: PreparedSlice, _ maps: UncertaintyMaps
  ) -> [Montage.Image] {
    let region = slice.anatomy.regionOfInterest
    let whole = (rows: 0..<region.rows, columns: 0..<region.columns)
    let box = region.boundingBox(margin: 6) ?? whole
    let window = WindowLevel(window: 1, level: 0.5)
    var error = slice.normalised
    for n in error.pixels.indices {
      error.pixels[n] = region.pixels[n] ? slice.normalised.pixels[n] - maps.mean.pixels[n] : .nan
    }
    func cut(_ image: ImageRaster) -> ImageRaster { image.cropped(box.rows, box.columns) }
    return [
      .grey(cut(slice.normalised), window), .grey(cut(maps.mean), window),
      .map(cut(error), .init(.anomaly, fullScale: 0.4, label: "input - mean")),
      .map(
        cut(maps.epistemic.map { $0 < 0 ? 0 : $0.squareRoot() }),
        .init(.uncertainty, fullScale: 0.1, label: "standard deviation")),
      .map(cut(maps.aleatoric), .init(.uncertainty, fullScale: 0.3, label: "|input - mean|")),
    ]
  }
}
