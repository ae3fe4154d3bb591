/// What a pixel of a segmented sagittal slice is, without its level.
public enum SliceTissue: UInt8, CaseIterable, Sendable {
  case background, cord, csf, vertebra, disc
  /// Disc tissue behind the posterior walls.
  case discProtrusion
  /// Ossified ligament, osteophyte: whatever else presses on the canal from the front.
  case otherCompressor
}
