/// Something noticed while files were put together to a series.
public struct DICOMFinding: Equatable, Sendable, CustomStringConvertible {
  /// What it is about.
  public enum Kind: String, Sendable {
    /// Slices are missing between others.
    case gap
    /// Distances between slices differ.
    case varyingSpacing
    /// Several slices lie at the same place.
    case duplicates
    /// Files share an object's identity and have different pixels.
    case conflict
    /// The series has slices of several sizes, echoes or acquisitions and was taken apart.
    case taken
    /// The series has slices of several directions and was taken apart.
    case directions
    /// Slices are shifted against each other in their plane.
    case sheared
    /// Pixel spacing is missing or no two positive numbers.
    case missingSpacing
    /// Position or orientation is missing or malformed.
    case missingPosition
    /// One slice only.
    case singleSlice
    /// The stated distance between slices is another than the positions'.
    case statedSpacing
    /// A Siemens mosaic: many slices in one picture.
    case mosaic
    /// The pixels are not decoded here.
    case notDecodable
    /// The lowest value is white; values were turned round.
    case inverted
    /// A character set that is not known.
    case characterSet
  }

  /// What it is about.
  public let kind: Kind
  /// How much it matters; with an `error` the series has no volume.
  public let severity: HeaderFinding.Severity
  /// What was found and what to do, in one line.
  public let text: String

  /// Makes a finding; the text is cleaned of control characters.
  init(_ kind: Kind, _ severity: HeaderFinding.Severity, _ text: String) {
    self.kind = kind
    self.severity = severity
    self.text = text.cleaned(limit: 2000)
  }

  /// The text.
  public var description: String { text }
}
