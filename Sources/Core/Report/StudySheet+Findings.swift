/// A finding of a reader's own as a report tells it.
public struct SheetFinding: Equatable, Sendable {
  /// 1, 2, ... within the report: the number at its mark on the figure.
  public var number: Int
  /// Who found it.
  public var reader: String
  /// What it is, in the words that stand.
  public var words: String
  /// Where it lies.
  public var place: FindingPlace
  /// At which segment that is; `nil` where no level is known.
  public var level: NearestLevel?
  /// When it was stated: UTC, ISO 8601.
  public var time: String
  /// Whether the reader had not seen the AI's result then.
  public var isBlind: Bool

  /// How far above (positive) or below that level it lies, in mm of z to a tenth, as places are kept.
  public var mmFromLevel: Double? {
    level.map { level in
      let tenths = (level.beyondMM * 10).rounded() / 10
      // A journal's line made by hand may say any number; 0 has no sign.
      return tenths.isFinite ? tenths + 0 : level.beyondMM
    }
  }

  /// The slice from the patient's left, from 1, as on the screen.
  public var slice: Int { place.sliceNumber }

  /// "slice 7, z -56.8 mm, C4-5".
  public var placeWords: String {
    "slice \(slice), z \(place.z) mm, \(level?.words ?? "no level known")"
  }
}

extension StudySheet {
  /// The findings that stand, of one reader after the other, oldest first.
  public var findings: [SheetFinding] {
    let told = readers.flatMap { reader in reader.review.findings.map { (reader.reader, $0) } }
    var findings: [SheetFinding] = []
    for (reader, record) in told {
      // The journal takes none without a place; a line made by hand may lack it.
      guard let place = record.place, place.isFinite else { continue }
      findings.append(
        SheetFinding(
          number: findings.count + 1, reader: reader, words: record.comment ?? "", place: place,
          level: detection?.nearestLevel(toZ: place.z), time: record.time,
          isBlind: record.blind))
    }
    return findings
  }
}
