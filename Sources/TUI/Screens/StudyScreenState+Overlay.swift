internal import Core
internal import Imaging

/// Grey window and map of the picture.
extension StudyScreenState {
  /// The grey window in use.
  var greyWindow: WindowLevel { window.window(loaded.presets) }

  /// The threshold for the colours of the map.
  var threshold: Double {
    if let found = assessment(target)?.threshold { return found }
    return detection?.patient.threshold ?? 1
  }

  /// The map as it is to be drawn now; hidden where nothing of it is stored for the slice.
  var overlay: OverlaySetting {
    // A mask is drawn on the bare picture.
    guard !isHidden, showsOverlay, overlayKind != .none, correction?.target.isMask != true,
      picture.map(overlayKind.isStored) == true
    else { return .hidden }
    switch overlayKind {
    case .heat, .contour, .signed:
      let limit = Float(detection?.mapThreshold?.value ?? 0.15)
      let unit = limit.isFinite && limit > 0 ? limit : 0.15
      return OverlaySetting(
        kind: overlayKind, opacity: opacity, from: unit * heatFrom,
        full: max(AnomalyMapScale.full(from: unit), unit * heatFrom * 1.5))
    case .difference, .epistemic, .aleatoric:
      let full = loaded.scales[overlayKind]
      return OverlaySetting(kind: overlayKind, opacity: opacity, from: full * mapFrom, full: full)
    default:
      return OverlaySetting(
        kind: overlayKind, opacity: overlayKind.hasOpacity ? opacity : 1, from: 0, full: 1)
    }
  }

  /// Why the chosen map is not there for the slice shown; `nil` where it is.
  var absentOverlayWords: String? {
    guard let picture, !overlayKind.isStored(on: picture) else { return nil }
    let title = overlayKind.title
    if overlayKind == .tissues || overlayKind == .outlines {
      return "\(title): nothing is labelled on this slice"
    }
    if study.detection == nil { return "\(title): \(undetectedWords)" }
    let places = study.pictures.indices.filter { overlayKind.isStored(on: study.pictures[$0]) }
    if let first = places.first, let last = places.last {
      let slices =
        first == last ? "slice \(first + 1) has it" : "slices \(first + 1)-\(last + 1) have it"
      return "\(title): not stored for this slice; \(slices)"
    }
    let problem = overlayKind.map.flatMap { study.mapProblems[$0] }
    return "\(title): not stored"
      + (problem.map { ": \(DisplayText.clean($0))" } ?? " with this detection")
  }
}
