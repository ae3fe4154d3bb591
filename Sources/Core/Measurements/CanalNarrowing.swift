/// Narrowing of cord and canal at one disc level (clinical notes, section 2).
///
/// MSCC = (1 - Di / ((Da + Db) / 2)) x 100 with anterior-posterior diameters of the cord, MCC the
/// same with those of the canal (Fehlings and Rao, Spine 1999; Miyanji, Radiology 2007;243:820). Di
/// is the smallest at the level; negative values stay, as the cord tapers by nature.
public struct CanalNarrowing: Codable, Equatable, Sendable {
  /// Smallest cord diameter at the level in mm.
  public var cordApMm: MeasuredValue
  /// Smallest canal diameter at the level in mm.
  public var canalApMm: MeasuredValue
  /// MSCC in percent with the mid-bodies above and below as references.
  public var msccAdjacentPercent: MeasuredValue
  /// MCC in percent with the same references.
  public var mccAdjacentPercent: MeasuredValue
  /// MSCC in percent with the nearest mid-bodies that touch no narrowed level.
  public var msccNormalPercent: MeasuredValue
  /// MCC in percent with the same references.
  public var mccNormalPercent: MeasuredValue
  /// Cord over canal diameter where the canal is narrowest.
  public var cordOccupationPercent: MeasuredValue
  /// CSF before the cord there in mm.
  public var csfFrontMm: MeasuredValue
  /// CSF behind the cord there in mm.
  public var csfBackMm: MeasuredValue
  /// Suggested grade 0...3 (Kang 2011).
  public var kangGrade: MeasuredValue
}
