/// Who the patient is: kept apart from all else, so that it can be dropped.
public struct DICOMPatient: Equatable, Sendable {
  /// Patient's Name.
  public var name: DICOMPersonName?
  /// Patient ID.
  public var id: String?
  /// Patient's Birth Date as `YYYY-MM-DD`.
  public var birthDate: String?
  /// Accession Number: the order of the study.
  public var accessionNumber: String?
  /// Age in years at the study, stated or from the birth date.
  public var ageYears: Double?
  /// Patient's Sex: M, F or O.
  public var sex: String?
  /// What else may tell who the patient is where it stands in another text: former and other names and
  /// numbers, address, who referred, scanned and reported, institution, station and serial numbers.
  public var others: [String] = []

  init(_ set: DICOMDataSet) {
    name = set.personName(.patientName)
    id = set.string(.patientID)
    birthDate = set.date(.patientBirthDate)
    accessionNumber = set.string(.accessionNumber)
    sex = set.string(.patientSex)
    ageYears =
      set.string(.patientAge).flatMap(Self.years)
      ?? birthDate.flatMap { birth in set.date(.studyDate).flatMap { Self.years($0, birth) } }
    others = Self.telling.flatMap { set.strings($0) }.filter { !$0.isEmpty }
    others += set.items(DICOMTag(0x0010, 0x1002)).flatMap { $0.strings(.patientID) }
    // Many hostile values would make every text slow to look through.
    others = others.prefix(64).map { $0.cleaned(limit: 256) }
  }

  /// Attributes that the Basic Profile removes or replaces (PS3.15 table E.1-1) and whose words are
  /// found in the descriptions that operators type.
  private static let telling: [DICOMTag] = [
    DICOMTag(0x0008, 0x0080), DICOMTag(0x0008, 0x0081), DICOMTag(0x0008, 0x0090),
    DICOMTag(0x0008, 0x1010), DICOMTag(0x0008, 0x1040), DICOMTag(0x0008, 0x1048),
    DICOMTag(0x0008, 0x1050), DICOMTag(0x0008, 0x1060), DICOMTag(0x0008, 0x1070),
    DICOMTag(0x0010, 0x1000), .otherPatientNames, DICOMTag(0x0010, 0x1005),
    DICOMTag(0x0010, 0x1040), DICOMTag(0x0010, 0x1060), DICOMTag(0x0018, 0x1000),
    DICOMTag(0x0032, 0x1032), DICOMTag(0x0032, 0x1033), DICOMTag(0x0020, 0x0010),
  ]

  /// What stays when identity is dropped: age, at most 90, and sex.
  public var withoutIdentity: DICOMPatient {
    var result = self
    (result.name, result.id, result.birthDate, result.accessionNumber) = (nil, nil, nil, nil)
    result.others = []
    result.ageYears = ageYears.map { min($0, 90) }
    return result
  }

  /// An age string: three digits and D, W, M or Y (PS3.5 section 6.2, AS).
  private static func years(_ text: String) -> Double? {
    guard let unit = text.last, let number = Double(text.dropLast()), (0...999).contains(number)
    else { return nil }
    switch unit {
    case "Y", "y": return number
    case "M", "m": return number / 12
    case "W", "w": return number / 52.18
    case "D", "d": return number / 365.25
    default: return nil
    }
  }

  /// Whole years from a birth date to a date.
  private static func years(_ date: String, _ birth: String) -> Double? {
    let a = date.split(separator: "-").compactMap { Int($0) }
    let b = birth.split(separator: "-").compactMap { Int($0) }
    guard a.count == 3, b.count == 3 else { return nil }
    let years = a[0] - b[0] - ((a[1], a[2]) < (b[1], b[2]) ? 1 : 0)
    return (0...130).contains(years) ? Double(years) : nil
  }
}
