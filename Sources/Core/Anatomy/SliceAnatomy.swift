public import Imaging

/// Where the levels of a study come from; shown wherever a segment is shown.
public enum LevelSource: String, Codable, Sendable {
  /// Vertebrae labelled by another tool or by truth.
  case labelled
  /// Vertebrae found and named by the anatomy network.
  case segmented
  /// Bodies of one unlabelled class counted downwards from the dens (method, section 1).
  case counted
  /// Midpoints between labelled discs.
  case discs
  /// Interpolated along the cord between two landmarks: flag `levels-interpolated`.
  case interpolated
  /// None: flag `levels-missing`.
  case missing
}

/// The anatomy of one sagittal slice on the canonical grid.
public struct SliceAnatomy: Equatable, Sendable {
  /// Cord pixels, holes closed so that a lesion cannot fall out.
  public var cord: MaskRaster
  /// CSF pixels: canal minus cord.
  public var csf: MaskRaster
  /// Centroid row (px, fractional) of each vertebral body known on this slice.
  public var levelRows: [VertebralLevel: Double]
  /// Where `levelRows` come from.
  public var levelSource: LevelSource

  /// Makes the anatomy of a slice.
  public init(
    cord: MaskRaster, csf: MaskRaster, levelRows: [VertebralLevel: Double],
    levelSource: LevelSource
  ) {
    self.cord = cord
    self.csf = csf
    self.levelRows = levelRows
    self.levelSource = levelSource
  }

  /// The region of interest that is masked and learned: cord and CSF.
  public var regionOfInterest: MaskRaster {
    var roi = cord
    for index in roi.pixels.indices where csf.pixels[index] { roi.pixels[index] = true }
    return roi
  }
}
