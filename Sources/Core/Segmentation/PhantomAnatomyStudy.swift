internal import Imaging

/// A phantom study as samples are drawn from it: slices in their own planes, finer and wider than the
/// canonical grid, so that a draw may turn, scale and move them and interpolates only once more.
struct PhantomAnatomyStudy: Sendable {
  /// Pixels along each side: 250 mm.
  static let side = 400
  /// Pixel edge in mm.
  static let spacing = 0.625

  /// One slice.
  struct Plane: Sendable {
    /// Square roots of the grey values, so that dark tissue keeps its steps; 255 is the study's
    /// 99.8th percentile.
    let image: [UInt8]
    /// Places in `PhantomTissue.all`.
    let tissues: [UInt8]
  }

  /// The grey value (0...1) of a stored one.
  static let greys: [Float] = (0...255).map { Float($0 * $0) / (255 * 255) }

  /// From the patient's left to right.
  let planes: [Plane]
  /// The middle between the centres of C2 and T1 on the planes: column and row in px.
  let middle: SIMD2<Float>

  /// Renders a study and samples its slices.
  init(_ phantom: PhantomStudy) {
    let image = phantom.image
    guard let stack = SagittalStack(image) else {
      planes = []
      middle = .zero
      return
    }
    let size = SIMD3<Double>(image.shape) - [1, 1, 1]
    let centre = image.affine(size / 2)
    let limit = Percentiles.value(99.8, of: image.voxels) ?? 1
    let scale = 1 / max(limit, 1e-6)
    let planes = (0..<stack.count).map { Self.plane(stack, $0, centredOn: centre) }
    self.planes = planes.map { plane in
      Plane(
        image: image.resampled(on: plane).raster.pixels.map {
          UInt8((255 * min(1, max(0, $0 * scale)).squareRoot()).rounded())
        },
        tissues: phantom.truth.tissues.resampled(on: plane).raster.pixels.map {
          PhantomAnatomyTable.places[Int($0)]
        })
    }
    let ends = [phantom.truth.landmarks[.c2], phantom.truth.landmarks[.t1]].compactMap { $0 }
    let points = ends.compactMap { planes[stack.count / 2].pixel(ras: $0) }
    let count = Double(max(1, points.count))
    middle =
      points.isEmpty
      ? SIMD2(repeating: Float(Self.side) / 2)
      : [
        Float(points.reduce(0) { $0 + $1.column } / count),
        Float(points.reduce(0) { $0 + $1.row } / count),
      ]
  }

  /// The pixel grid of a slice, its middle beside a point.
  static func plane(
    _ stack: SagittalStack, _ slice: Int, centredOn centre: SIMD3<Double>
  ) -> SamplingPlane {
    let grid = stack.grid(slice: slice, centredOn: centre)
    let half = Double(SagittalGrid.side - 1) / 2
    let start = half - Double(side - 1) / 2 * spacing / SagittalGrid.spacing
    return SamplingPlane(
      origin: grid.ras(row: start, column: start), columnStep: grid.columnDirection * spacing,
      rowStep: grid.rowDirection * spacing, rows: side, columns: side)
  }
}

/// What the phantom's tissues are for the network, by their place in `PhantomTissue.all`.
enum PhantomAnatomyTable {
  /// The place of a tissue's number; unknown numbers are background.
  static let places: [UInt8] = {
    let all = PhantomTissue.all.map(\.tissue)
    let background = all.firstIndex(of: .background) ?? 0
    var table = [UInt8](repeating: UInt8(background), count: Int(UInt16.max) + 1)
    for (place, tissue) in all.enumerated() { table[Int(tissue.rawValue)] = UInt8(place) }
    return table
  }()

  static let background = places[Int(PhantomTissue.background.rawValue)]
  static let count = PhantomTissue.all.count

  /// Numbers of ``AnatomyTissue``.
  static let tissues: [UInt8] = PhantomTissue.all.map { tissue(of: $0.tissue).rawValue }

  /// Numbers of ``AnatomyLevel``; ignored where there is neither body nor disc, except on the bones
  /// that look like bodies and are none.
  static let levels: [UInt8] = PhantomTissue.all.map {
    level(of: $0.tissue)?.rawValue ?? AnatomyLabel.ignored
  }

  private static func tissue(of tissue: PhantomTissue) -> AnatomyTissue {
    switch tissue {
    case .cord, .greyMatter: .cord
    case .csf, .csfFlowVoid: .csf
    case .discProtrusion: .discProtrusion
    case .anteriorCompressor: .otherCompressor
    default:
      if (0...10).contains(where: { tissue == .body($0) }) {
        .vertebra
      } else if (0...9).contains(where: { tissue == .disc($0) }) {
        .disc
      } else {
        .background
      }
    }
  }

  private static func level(of tissue: PhantomTissue) -> AnatomyLevel? {
    if tissue == .atlas || tissue == .skullBase { return AnatomyLevel.none }
    guard let index = (0...10).first(where: { tissue == .body($0) || tissue == .disc($0) }) else {
      return nil
    }
    return VertebralLevel(rawValue: index + 2).map { AnatomyLevel($0) } ?? .belowT1
  }
}
