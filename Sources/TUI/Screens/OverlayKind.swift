internal import Core
internal import Imaging

/// What lies over the picture.
enum OverlayKind: String, Hashable, Sendable, CaseIterable {
  /// Brighter than expected, in colours: what hyperintensity means.
  case heat
  /// The outline of the same.
  case contour
  /// Brighter and darker than expected.
  case signed
  /// The normalised picture less its reconstruction.
  case difference
  /// Epistemic uncertainty.
  case epistemic
  /// Aleatoric uncertainty.
  case aleatoric
  /// The mean reconstruction in place of the picture.
  case reconstruction
  /// The labels as filled colours.
  case tissues
  /// The labels outlined.
  case outlines
  case none

  /// The next in the cycle.
  var next: OverlayKind {
    let all = Self.allCases
    return all[((all.firstIndex(of: self) ?? 0) + 1) % all.count]
  }

  /// The name on the screen.
  var title: String {
    switch self {
    case .heat, .contour, .signed: "anomaly map"
    case .difference: "difference"
    case .epistemic: "epistemic uncertainty"
    case .aleatoric: "aleatoric uncertainty"
    case .reconstruction: "reconstruction"
    case .tissues: "labels"
    case .outlines: "label outlines"
    case .none: "map"
    }
  }

  /// The same where there is little room.
  var shortTitle: String {
    switch self {
    case .epistemic: "EU map"
    case .aleatoric: "AU map"
    default: title
    }
  }

  /// What it shows, and in which unit.
  var words: String {
    switch self {
    case .heat: "brighter than expected, in colours; in cord-to-CSF steps"
    case .contour: "brighter than expected, outlined; in cord-to-CSF steps"
    case .signed: "brighter and darker than expected; in cord-to-CSF steps"
    case .difference: "picture less reconstruction, in normalised grey"
    case .epistemic: "variance of the passes, in normalised grey^2"
    case .aleatoric: "absolute error, in normalised grey"
    case .reconstruction: "mean of the passes, in normalised grey"
    case .tissues, .outlines: SliceTissue.legendWords
    case .none: "off"
    }
  }

  /// The same where nothing may be coloured.
  func words(monochrome: Bool) -> String {
    switch self {
    case .heat where monochrome, .contour where monochrome:
      "brighter than expected, in white; in cord-to-CSF steps"
    case .signed where monochrome:
      "brighter than expected in white, darker in black; in cord-to-CSF steps"
    case .tissues where monochrome, .outlines where monochrome:
      "cord, CSF, vertebrae and discs, outlined in white"
    default: words
    }
  }

  /// The unit of its values, short.
  var unit: String {
    switch self {
    case .heat, .contour, .signed: "step"
    case .difference, .aleatoric, .reconstruction: "grey"
    case .epistemic: "grey^2"
    case .tissues, .outlines, .none: ""
    }
  }

  /// Whether it is the anomaly map, which has a threshold of its own.
  var isAnomaly: Bool { self == .heat || self == .contour || self == .signed }
  /// Whether its values have a scale of the study's own.
  var hasScale: Bool { self == .difference || self == .epistemic || self == .aleatoric }
  /// Whether opacity changes how it looks.
  var hasOpacity: Bool { self == .heat || self == .signed || hasScale || self == .tissues }
  /// Whether it is a line, which small pictures have no room for.
  var isOutline: Bool { self == .contour || self == .outlines }

  /// The stored map it is drawn from, where it is drawn from one alone.
  var map: DerivativeMaps.Kind? {
    switch self {
    case .heat, .contour, .signed: .anomaly
    case .difference, .aleatoric: .aleatoric
    case .epistemic: .epistemic
    case .reconstruction: .reconstruction
    case .tissues, .outlines, .none: nil
    }
  }

  /// Whether a slice has what it shows.
  func isStored(on picture: ReviewStudy.Picture) -> Bool {
    switch self {
    case .difference: picture.anomaly != nil && picture.maps[.aleatoric] != nil
    case .tissues, .outlines: picture.tissues != nil
    case .none: true
    default: map.map { picture.map($0) != nil } ?? false
    }
  }

  /// Its values on a slice; `nil` where they are not stored or are no numbers.
  func values(on picture: ReviewStudy.Picture) -> ImageRaster? {
    self == .difference ? picture.difference : map.flatMap { picture.map($0) }
  }
}

/// The map as drawn.
struct OverlaySetting: Hashable, Sendable {
  var kind: OverlayKind
  /// 0 invisible ... 1 opaque.
  var opacity: Float
  /// Values below are not drawn, in the map's unit.
  var from: Float
  /// The value with the full colour.
  var full: Float

  static let hidden = OverlaySetting(kind: .none, opacity: 0, from: 0, full: 1)
}

/// The values that get the full colour: one scale for all slices of a study, so that they compare.
struct MapScales: Equatable, Sendable {
  private var full: [OverlayKind: Float] = [:]

  /// The scale of a kind of map; 1 where the study has none.
  subscript(kind: OverlayKind) -> Float { full[kind] ?? 1 }

  /// Takes the 99.5th percentile of the absolute values of all slices.
  init(_ study: ReviewStudy) {
    for kind in OverlayKind.allCases where kind.hasScale {
      var sizes = study.pictures.flatMap { picture in
        (kind.values(on: picture)?.pixels ?? []).filter(\.isFinite).map { abs($0) }
      }
      sizes.sort()
      guard let largest = sizes.last, largest > 0 else { continue }
      let most = sizes[Int(Double(sizes.count - 1) * 0.995)]
      full[kind] = most > 0 ? most : largest
    }
  }
}

extension SliceTissue {
  /// The colour in which it is shown; all are told apart with the common colour deficiencies.
  var colour: RGB8 {
    switch self {
    case .background: .black
    case .cord: RGB8(r: 240, g: 228, b: 66)
    case .csf: RGB8(r: 86, g: 180, b: 233)
    case .vertebra: RGB8(r: 230, g: 159, b: 0)
    case .disc: RGB8(r: 204, g: 121, b: 167)
    case .discProtrusion: RGB8(r: 213, g: 94, b: 0)
    case .otherCompressor: RGB8(r: 0, g: 114, b: 178)
    }
  }

  /// What the colours mean.
  static let legendWords = "cord yellow, CSF light blue, vertebrae orange, discs pink"

  /// The tissues that are shown.
  static let shown = allCases.filter { $0 != .background }
}
