/// Where one frame lies in the patient (Image Plane module, PS3.3 section C.7.6.2).
///
/// In DICOM's own frame, LPS: x grows to the patient's left, y to posterior, z to superior.
public struct DICOMPlane: Equatable, Sendable {
  /// The centre of the first pixel (row 0, column 0) in LPS mm.
  public let position: SIMD3<Double>
  /// The LPS unit vector along a row, towards growing columns.
  public let rowDirection: SIMD3<Double>
  /// The LPS unit vector along a column, towards growing rows.
  public let columnDirection: SIMD3<Double>
  /// Distance in mm from one row to the next; `nil` when the file does not say.
  public let rowSpacingMM: Double?
  /// Distance in mm from one column to the next; `nil` when the file does not say.
  public let columnSpacingMM: Double?

  /// The farthest a slice may lie from the origin, in mm: no scanner is larger.
  static let farthestMM = 1e5

  /// Makes a plane, or `nil` when the directions are no two perpendicular unit vectors (to 2 %) or
  /// the position is none in a scanner.
  ///
  /// - Parameters:
  ///   - orientation: Image Orientation (Patient): six direction cosines.
  ///   - spacing: Pixel Spacing: between rows, then between columns, in mm; not positive is none.
  public init?(position: SIMD3<Double>, orientation: [Double], spacing: [Double]) {
    guard orientation.count == 6, position.max() <= Self.farthestMM,
      position.min() >= -Self.farthestMM
    else { return nil }
    let row = SIMD3(orientation[0], orientation[1], orientation[2])
    let column = SIMD3(orientation[3], orientation[4], orientation[5])
    let lengths = [(row * row).sum().squareRoot(), (column * column).sum().squareRoot()]
    guard lengths.allSatisfy({ abs($0 - 1) <= 0.02 }), abs((row * column).sum()) <= 0.02 else {
      return nil
    }
    self.position = position
    rowDirection = row.unit
    columnDirection = column.unit
    let isUsable = spacing.count == 2 && spacing.allSatisfy { $0 > 0 && $0 <= 1000 }
    rowSpacingMM = isUsable ? spacing[0] : nil
    columnSpacingMM = isUsable ? spacing[1] : nil
  }

  /// The unit vector across the plane, so that row, column and normal directions are right-handed.
  public var normal: SIMD3<Double> { rowDirection.cross(columnDirection).unit }
  /// How far along the normal the plane lies, in mm.
  public var distanceMM: Double { (position * normal).sum() }

  /// Whether two frames can be slices of one stack: parallel to 0.5 degrees, with the same spacing.
  func isParallel(to other: DICOMPlane) -> Bool {
    hasDirection(of: other) && Self.isClose(rowSpacingMM, other.rowSpacingMM)
      && Self.isClose(columnSpacingMM, other.columnSpacingMM)
  }

  /// Whether rows and columns run as those of another frame, to 0.5 degrees.
  func hasDirection(of other: DICOMPlane) -> Bool {
    let aligned = 0.99996
    return (rowDirection * other.rowDirection).sum() >= aligned
      && (columnDirection * other.columnDirection).sum() >= aligned
  }

  private static func isClose(_ a: Double?, _ b: Double?) -> Bool {
    guard let a, let b else { return a == nil && b == nil }
    return abs(a - b) <= 0.001 * max(a, b)
  }

  /// LPS to RAS: left and posterior become right and anterior.
  static func ras(_ lps: SIMD3<Double>) -> SIMD3<Double> { [-lps.x, -lps.y, lps.z] }
}

/// Which of the patient's planes a slice is closest to.
public enum DICOMOrientation: String, Sendable {
  /// Seen from the side.
  case sagittal
  /// Seen from the front.
  case coronal
  /// Seen from the feet; also called transverse.
  case axial

  /// The class of a plane with this normal: the patient's axis it is closest to.
  init(normal: SIMD3<Double>) {
    let size = SIMD3(abs(normal.x), abs(normal.y), abs(normal.z))
    self = size.x >= size.y && size.x >= size.z ? .sagittal : size.y >= size.z ? .coronal : .axial
  }
}
