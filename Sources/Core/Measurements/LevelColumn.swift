/// A column of the tables of disc levels: which values of a level stand in it, in how many decimals, and what of
/// them is to be looked at.
///
/// The text of measurements and a report's page show the same cells, each in its own layout.
enum LevelColumn: CaseIterable {
  case cord, canal, msccAdjacent, msccNormal, mccAdjacent, mccNormal, occupation, csf, kang, disc,
    gap

  /// What is to be looked at in a cell.
  enum Mark {
    /// The disc is displaced enough to be shown.
    case displaced
    /// The disc is nearer to the cord than ``DiscDisplacement/contactMM``.
    case touches
  }

  /// The values of a level; of CSF two, before and behind the cord.
  func values(_ level: CervicalMeasurements.Level) -> [MeasuredValue] {
    let narrowing = level.narrowing
    switch self {
    case .cord: return [narrowing.cordApMm]
    case .canal: return [narrowing.canalApMm]
    case .msccAdjacent: return [narrowing.msccAdjacentPercent]
    case .msccNormal: return [narrowing.msccNormalPercent]
    case .mccAdjacent: return [narrowing.mccAdjacentPercent]
    case .mccNormal: return [narrowing.mccNormalPercent]
    case .occupation: return [narrowing.cordOccupationPercent]
    case .csf: return [narrowing.csfFrontMm, narrowing.csfBackMm]
    case .kang: return [narrowing.kangGrade]
    case .disc: return [level.disc.displacementMm]
    case .gap: return [level.disc.cordGapMm]
    }
  }

  /// The values in words, "?" before those in doubt; "-" for one that is not known, and once where none is.
  ///
  /// - Parameter separator: What stands between two values.
  func cell(_ level: CervicalMeasurements.Level, between separator: String) -> String {
    let all = values(level)
    guard all.contains(where: { $0.value != nil }) else { return "-" }
    return all.map(words).joined(separator: separator)
  }

  /// What is to be looked at in a level's cell.
  func mark(_ level: CervicalMeasurements.Level) -> Mark? {
    switch self {
    case .disc: level.disc.isShown ? .displaced : nil
    case .gap: level.disc.contactsCord == true ? .touches : nil
    case .cord, .canal, .msccAdjacent, .msccNormal, .mccAdjacent, .mccNormal, .occupation, .csf,
      .kang:
      nil
    }
  }

  /// A grade is a whole number, all else has tenths.
  private func words(_ value: MeasuredValue) -> String {
    guard let number = value.value else { return "-" }
    return value.doubt + (self == .kang ? String(Int(number)) : number.tenths)
  }
}
