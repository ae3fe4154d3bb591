public import Foundation

/// One frame of one file as a slice of a series.
public struct DICOMSlice: Equatable, Sendable {
  /// The file.
  public let file: URL
  /// The frame in it, from 0.
  public let frame: Int
  /// SOP Instance UID of the object.
  public let instanceUID: String?
  /// Instance Number, as the scanner counted; not an order in space.
  public let instanceNumber: Int?
  /// Pixels along a column.
  public let rows: Int
  /// Pixels along a row.
  public let columns: Int
  /// Where it lies; `nil` when position or orientation is missing or malformed.
  public let plane: DICOMPlane?
  /// Rescale Slope; 1 when there is none.
  public let slope: Double
  /// Rescale Intercept; 0 when there is none.
  public let intercept: Double
  /// The first Window Center and Window Width, on the values of the volume; `nil` where they are missing
  /// or cannot be meant.
  public let window: DICOMWindow?
  /// Stored values that stand for "no pixel here".
  public let padding: ClosedRange<Int>?

  /// What tells stacks of one series apart.
  struct Acquisition: Hashable {
    var echoTimeMS: Double?
    var stackID: String?
    var temporalPosition: Int?
    var acquisitionNumber: Int?
    var imageType: [String]
  }

  let acquisition: Acquisition

  /// The slices of an image, one for each frame that the file places in the patient; a single one
  /// without a plane where it has many frames and no place for each.
  static func slices(of file: DICOMFile, at url: URL, layout: DICOMPixelLayout) -> [DICOMSlice] {
    let groups = DICOMFunctionalGroups(file.dataSet)
    // A stated number of frames is believed only as far as the file describes them.
    let count = groups.frameCount == layout.frameCount ? layout.frameCount : 1
    return (0..<count).map { DICOMSlice(file, url, $0, groups, layout) }
  }

  private init(
    _ file: DICOMFile, _ url: URL, _ frame: Int, _ groups: DICOMFunctionalGroups,
    _ layout: DICOMPixelLayout
  ) {
    let set = file.dataSet
    self.file = url
    self.frame = frame
    instanceUID = set.uid(.sopInstanceUID)
    instanceNumber = set.integer(.instanceNumber)
    (rows, columns) = (layout.rows, layout.columns)
    // Old multi-frame objects state one place for all frames, which is none.
    let top = layout.frameCount == 1 ? set : nil
    let isPlaced = layout.frameCount == 1 || groups.frameCount == layout.frameCount
    plane = isPlaced ? Self.plane(top, frame, groups) : nil
    let transformation = groups.item(frame, .pixelValueTransformationSequence) ?? set
    let stated = transformation.number(.rescaleSlope) ?? 1
    slope = stated == 0 ? 1 : stated
    intercept = transformation.number(.rescaleIntercept) ?? 0
    let ends = Double(layout.range.lowerBound) + Double(layout.range.upperBound)
    window = DICOMWindow(
      groups.item(frame, .frameVOILUTSequence) ?? set,
      mirror: layout.isInverted ? ends * slope + 2 * intercept : nil)
    padding = Self.padding(set, layout)
    let content = groups.item(frame, .frameContentSequence)
    acquisition = Acquisition(
      echoTimeMS: groups.echoTimeMS(frame) ?? set.number(.echoTime),
      stackID: content?.string(.stackID),
      temporalPosition: content?.integer(.temporalPositionIndex)
        ?? set.integer(.temporalPositionIdentifier),
      acquisitionNumber: set.integer(.acquisitionNumber), imageType: set.strings(.imageType))
  }

  private static func plane(
    _ top: DICOMDataSet?, _ frame: Int, _ groups: DICOMFunctionalGroups
  ) -> DICOMPlane? {
    let place = groups.item(frame, .planePositionSequence) ?? top
    let turn = groups.item(frame, .planeOrientationSequence) ?? top
    let measures = groups.item(frame, .pixelMeasuresSequence) ?? top
    guard let position = place?.vector(.imagePositionPatient), let turn else { return nil }
    return DICOMPlane(
      position: position, orientation: turn.numbers(.imageOrientationPatient),
      spacing: measures?.numbers(.pixelSpacing) ?? [])
  }

  private static func padding(
    _ set: DICOMDataSet, _ layout: DICOMPixelLayout
  ) -> ClosedRange<Int>? {
    let isSigned = layout.isSigned
    guard let value = set.signedOrUnsigned16(.pixelPaddingValue, isSigned: isSigned) else {
      return nil
    }
    let limit = set.signedOrUnsigned16(.pixelPaddingRangeLimit, isSigned: isSigned) ?? value
    return min(value, limit)...max(value, limit)
  }
}
