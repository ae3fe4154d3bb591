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
  /// Its rows on whatever slice shows it: no normal cord, and what an outline's segments are told by.
  public var extent: ClosedRange<Int>
  /// The segments that it touches by the detection that flags it; `nil`: those that ``extent`` reaches.
  public var segments: [SpinalSegment]?
  /// Those of ``segments`` that it bears because they are flagged: too little of it lies in them to reach them.
  public var barely: Set<SpinalSegment>

  /// Makes a lesion; without an extent it has that of its rows.
  public init(
    source: Source, rows: ClosedRange<Int>, mask: MaskRaster? = nil,
    extent: ClosedRange<Int>? = nil, segments: [SpinalSegment]? = nil,
    barely: Set<SpinalSegment> = []
  ) {
    self.source = source
    self.rows = rows
    self.mask = mask
    self.extent = extent ?? rows
    self.segments = segments
    self.barely = barely
  }

  /// The lesions of a mask: its 8-connected components of at least `leastPixels`, superior first.
  public static func components(of mask: MaskRaster, leastPixels: Int = 2) -> [SliceLesion] {
    let labelled = ConnectedComponents.label(mask, connectivity: .eight)
    return labelled.components.filter { $0.area >= leastPixels }
      .map { SliceLesion(source: .mask, rows: $0.rows, mask: labelled.mask(of: $0.label)) }
      .sorted { $0.rows.lowerBound < $1.rows.lowerBound }
  }
}
