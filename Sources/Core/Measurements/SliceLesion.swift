public import Imaging

/// A T2 hyperintensity of the cord on one slice, flagged by a detection or drawn by a reader.
public struct SliceLesion: Equatable, Sendable {
  /// Who says so.
  public enum Source: String, Codable, Sendable {
    /// A segment over the detection's threshold.
    case detection
    /// A mask of the library (`label-lesion_seg`).
    case mask
    /// A reader's verdict, without an outline.
    case reader
  }

  /// Who says so.
  public var source: Source
  /// Its rows on the slice's grid.
  public var rows: ClosedRange<Int>
  /// Its pixels, where they are known: without them there is no area.
  public var mask: MaskRaster?

  /// Makes a lesion.
  public init(source: Source, rows: ClosedRange<Int>, mask: MaskRaster? = nil) {
    self.source = source
    self.rows = rows
    self.mask = mask
  }

  /// The lesions of a mask: its 8-connected components of at least `leastPixels`, superior first.
  public static func components(of mask: MaskRaster, leastPixels: Int = 2) -> [SliceLesion] {
    let labelled = ConnectedComponents.label(mask, connectivity: .eight)
    return labelled.components.filter { $0.area >= leastPixels }
      .map { SliceLesion(source: .mask, rows: $0.rows, mask: labelled.mask(of: $0.label)) }
      .sorted { $0.rows.lowerBound < $1.rows.lowerBound }
  }
}
