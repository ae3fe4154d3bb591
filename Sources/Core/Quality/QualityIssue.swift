/// What the measurements of a study rest on; a quality flag can void a family as a whole.
public enum MeasurementFamily: String, CaseIterable, Sendable {
  /// Angles, slopes, SVA and body heights: the outlines and names of the bodies.
  case alignment = "alignment and heights"
  /// Diameters, compression, CSF, K-lines, Kang grade, extent of lesions: the outlines of cord and
  /// canal.
  case cord = "cord and canal"
  /// The part of these that rests on the canal: its diameters, MCC, MSCC against normal bodies, which the
  /// fluid tells, occupation, CSF, the canal's K-line, Kang grade, displacement in percent of the canal.
  case canal = "canal and CSF"
  /// Displacement of discs, K-lines: the outlines and names of bodies and discs.
  case discs
  /// SCR, grades and types of lesions: the grey values of cord and CSF.
  case signal
}

/// The named faults of a study as a whole, and what follows from each (decision 015).
///
/// The one table of what a flag voids. Flags that are not listed here are warnings.
public enum QualityIssue: String, CaseIterable, Sendable {
  /// The slices do not lie near the sagittal plane.
  case wrongPlane = "wrong-plane"
  /// The picture is not T2-weighted, or its sidecar says so.
  case wrongContrast = "wrong-contrast"
  /// The picture shows another part of the body.
  case wrongRegion = "wrong-region"
  /// The anatomy network found a cord and named no vertebra beside it.
  case regionUnconfirmed = "region-unconfirmed"
  /// Voxels or slices are too large for a cord.
  case tooCoarse = "too-coarse"
  /// The cord is cut by the edge of what was acquired, or not labelled as far as the levels are.
  case cordLeavesView = "cord-leaves-view"
  /// The cord leaves the slice on some rows.
  case cordLeavesSlice = "out-of-plane"
  /// Ghosts lie in the air behind the neck, or on the body along or across the cord.
  case motion
  /// The cord's signal is lost in noise.
  case noise
  /// The outline of the cord cannot be one of a cord.
  case segmentationImplausible = "segmentation-implausible"
  /// The outline of the canal cannot be one of a canal.
  case canalImplausible = "canal-implausible"
  /// The distances between vertebrae cannot be those of a neck.
  case levelsImplausible = "levels-implausible"
  /// The names that others gave to vertebrae are not those of the vertebrae that were found there.
  case levelsContradicted = "levels-contradicted"
  /// The whole cord is as bright as CSF.
  case absoluteLevelHigh = "absolute-level-high"
  /// The whole cord is as good as black.
  case absoluteLevelLow = "absolute-level-low"

  /// What a flag does to the values that depend on it.
  public enum Severity: String, Sendable {
    /// Values are kept, and the flag is shown with them.
    case warning
    /// Values that depend on it are null, with the flag as their reason.
    case refusal
  }

  /// The families of measurements that it voids; the cord's takes the canal's along.
  public var voids: Set<MeasurementFamily> {
    switch self {
    case .wrongPlane, .wrongRegion: [.alignment, .cord, .discs, .signal]
    case .wrongContrast, .motion, .noise, .absoluteLevelHigh, .absoluteLevelLow: [.signal]
    case .tooCoarse: [.cord, .discs, .signal]
    case .segmentationImplausible: [.cord, .signal]
    case .canalImplausible: [.canal]
    case .levelsImplausible, .levelsContradicted: [.alignment, .cord, .discs]
    case .cordLeavesView, .cordLeavesSlice, .regionUnconfirmed: []
    }
  }

  /// The families of measurements that it voids where the cord is lost, and nowhere else.
  public var voidsWhereLost: Set<MeasurementFamily> {
    switch self {
    case .cordLeavesView, .cordLeavesSlice: [.cord, .signal]
    default: []
    }
  }

  /// The families of measurements that it voids where they rest on outlines that the anatomy network found
  /// and nobody corrected: the network follows the edges that ghosts and noise paint, and no measure of
  /// them tells the pictures on which it went astray (decision 015). Who draws an outline judges it.
  public var voidsWhereFound: Set<MeasurementFamily> {
    switch self {
    case .motion, .noise: [.alignment, .cord, .canal, .discs]
    default: []
    }
  }

  /// Whether nothing is looked for on such a study: it is not assessable, and never called normal.
  public var stopsDetection: Bool {
    switch self {
    case .wrongPlane, .wrongContrast, .wrongRegion: true
    default: false
    }
  }

  /// Whether values are voided.
  public var severity: Severity {
    voids.isEmpty && voidsWhereLost.isEmpty && voidsWhereFound.isEmpty ? .warning : .refusal
  }

  /// Why there is no value at a place where the cord is lost: "out-of-plane: the cord leaves the slice
  /// at C5-6".
  func loss(at place: String) -> String {
    let what = self == .cordLeavesView ? "is cut by the edge of the picture" : "leaves the slice"
    return "\(rawValue): the cord \(what) at \(place)"
  }

  /// A flag of this name.
  func flag(_ text: String) -> QualityFlag { QualityFlag(rawValue, text) }
}

extension QualityFlag {
  /// The fault that it names, if it is one of a study as a whole.
  public var issue: QualityIssue? { QualityIssue(rawValue: flag) }

  /// Whether it voids a family of measurements.
  /// - Parameter found: The families that rest on outlines of the anatomy network.
  func voids(_ family: MeasurementFamily, found: Set<MeasurementFamily>) -> Bool {
    guard let issue else { return false }
    return issue.voids.contains(family)
      || found.contains(family) && issue.voidsWhereFound.contains(family)
  }

  /// The flag as the reason of something that is missing: "wrong-region: The labelled ...".
  var reason: String { "\(flag): \(text.hasSuffix(".") ? String(text.dropLast()) : text)" }
}
