internal import Foundation
internal import Imaging

/// The grey window that the scanner proposed for an image, in the image's sidecar.
enum ScannerWindow {
  private static let centre = "WindowCenter"
  private static let width = "WindowWidth"
  private static let function = "VOILUTFunction"

  /// The keys of a series' window; none where it states none that can be used.
  ///
  /// The values are those of the image's own voxels: rescaled, and turned round where the series was.
  static func values(_ window: DICOMWindow?) -> [String: Provenance.Value] {
    guard let window else { return [:] }
    return [
      centre: .number(Double(window.greys.level)), width: .number(Double(window.greys.window)),
      function: .text(window.shape.rawValue),
    ]
  }

  /// What of it a sidecar that somebody else made says, and nothing of whom.
  static func harmless(_ sidecar: [String: Any]) -> [String: Provenance.Value] {
    values(window(sidecar))
  }

  /// The window that a sidecar states; `nil` where it states none that can be used.
  static func read(_ sidecar: [String: Any]) -> WindowLevel? { window(sidecar)?.greys }

  private static func window(_ sidecar: [String: Any]) -> DICOMWindow? {
    func number(_ key: String) -> Double? {
      let value = (sidecar[key] as? [Any])?.first ?? sidecar[key]
      return (value as? NSNumber)?.doubleValue
    }
    guard let middle = number(centre), let whole = number(width) else { return nil }
    return DICOMWindow(centre: middle, width: whole, function: sidecar[function] as? String)
  }
}
