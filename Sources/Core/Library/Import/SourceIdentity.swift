internal import Foundation
internal import Imaging

/// Who the patient of a NIfTI image is, as far as the sidecar beside it and the names of files tell.
///
/// Nothing of it goes into what a library passes on. A name that is no date and stands in no sidecar cannot
/// be told from any other word.
struct SourceIdentity {
  /// What the sidecar states, by the columns of the private part.
  let stated: [String: String]
  /// Keeps words of the patient, and of people and places around the patient, out of texts.
  let filter: IdentityFilter
  /// Words of the patient's name and numbers, in small letters without marks.
  private let words: Set<String>

  /// The keys of converters by the columns of the private part; of several the first that is stated.
  private static let keys: [(column: String, keys: [String])] = [
    ("patient_id", ["PatientID"]), ("name", ["PatientName"]), ("birth_date", ["PatientBirthDate"]),
    ("accession_number", ["AccessionNumber"]), ("study_date", ["StudyDate", "AcquisitionDate"]),
    ("study_uid", ["StudyInstanceUID"]),
  ]

  /// How the keys of people and places around the patient begin, in small letters.
  private static let around = [
    "institution", "referring", "physician", "performing", "operator", "requesting", "reading",
    "responsible", "stationname", "deviceserial", "otherpatient", "studyid",
  ]

  /// Words that stand for a patient's name where somebody took it out, or for nobody's.
  private static let nobody: Set<String> = [
    "sub", "subject", "subj", "patient", "pat", "case", "anon", "anonymous", "anonymized",
    "anonymised", "unknown", "none", "volunteer", "phantom", "test", "unnamed",
  ]

  /// Reads a sidecar; one that is absent or cannot be read states nothing.
  init(sidecar: URL?) {
    self.init(sidecar.flatMap { try? Provenance.read($0) } ?? [:])
  }

  /// Reads the keys of a sidecar.
  init(_ object: [String: Any]) {
    var stated: [String: String] = [:]
    for (column, keys) in Self.keys {
      stated[column] = keys.lazy.compactMap { Self.text(object[$0]) }.first
    }
    let own =
      ["patient_id", "name", "birth_date", "accession_number"].compactMap { stated[$0] }
      .flatMap(Self.words) + Self.together(stated["name"] ?? "")
    let others = object.filter { key, _ in
      let key = key.lowercased()
      return Self.around.contains { key.hasPrefix($0) }
    }
    self.stated = stated
    words = Set(own.filter(Self.isTelling))
    filter = IdentityFilter(
      // Days and months are numbers that texts have for other reasons.
      patient: own.filter { $0.count > 3 || !$0.allSatisfy(\.isNumber) },
      around: others.values.compactMap { Self.text($0) })
  }

  /// Whether the sidecar says anything of who the patient is.
  var isStated: Bool { !stated.isEmpty }

  /// Whether a name may tell who the patient is: it holds a date, or a word of the patient's name or numbers.
  func isNamed(by name: String) -> Bool {
    if Self.holdsDate(name) { return true }
    return Self.words(name).contains { word in
      words.contains { word == $0 || ($0.count > 3 || !Self.isASCII($0)) && word.contains($0) }
    }
  }

  /// Whether a word is long enough to be told from others by chance, and stands for somebody: two ideographs
  /// are a whole name, two Latin letters are not.
  private static func isTelling(_ word: String) -> Bool {
    word.count > (isASCII(word) ? 2 : 1) && !nobody.contains(word) && !IdentityFilter.isKnown(word)
      && (word.count > 3 || !word.allSatisfy(\.isNumber))
  }

  /// The parts of a name written together, in either order: "Wu^Li" is wuli and liwu, and "王^伟" 王伟.
  private static func together(_ name: String) -> [String] {
    name.split(separator: "=").flatMap { writing -> [String] in
      let parts = SeriesWords(String(writing)).words.filter {
        !nobody.contains($0) && !IdentityFilter.isKnown($0)
      }
      // The DICOM JSON model has no sign between the writings of a name.
      return [parts.filter(isASCII), parts.filter { !isASCII($0) }].flatMap { parts -> [String] in
        parts.count < 2 ? [] : [parts.joined(), parts.reversed().joined()]
      }
    }
  }

  private static func isASCII(_ word: String) -> Bool { word.allSatisfy(\.isASCII) }

  /// The words of a text in small letters without marks, and all of it in the letters of a subject's id:
  /// "Müller_H" has muller, h and muellerh. Where it has other letters, all of it in these, too.
  private static func words(_ text: String) -> [String] {
    let parts = [text] + text.split { !$0.isLetter && !$0.isNumber }.map(String.init)
    var found = SeriesWords(text).words
    found.append(found.filter { !isASCII($0) }.joined())
    return found + parts.map { SubjectNaming.name(from: $0).id.lowercased() }
  }

  /// A value as text: a number, the parts of a list or of a name in the DICOM JSON model, too.
  private static func text(_ value: Any?) -> String? {
    let found: String? =
      switch value {
      case let word as String: word
      case let list as [Any]: list.compactMap { Self.text($0) }.joined(separator: " ")
      case let parts as [String: Any]:
        parts.sorted { $0.key < $1.key }.compactMap { Self.text($0.value) }.joined(separator: " ")
      case let number as NSNumber: number.stringValue
      default: nil
      }
    guard let plain = found?.cleaned(limit: 500).trimmed, !plain.isEmpty else { return nil }
    return plain
  }
}

extension SourceIdentity {
  /// Whether a text holds a date: year, month and day of the years 1900 to 2099 in either order, as eight
  /// digits that a time may follow, or with one sign between them.
  static func holdsDate(_ text: String) -> Bool {
    let signs = Array(text)
    var runs: [Range<Int>] = []
    for n in signs.indices where ("0"..."9").contains(signs[n]) {
      if let last = runs.last, last.upperBound == n {
        runs[runs.count - 1] = last.lowerBound..<(n + 1)
      } else {
        runs.append(n..<(n + 1))
      }
    }
    func number(_ run: Range<Int>) -> Int { Int(String(signs[run])) ?? 0 }
    for run in runs where [8, 12, 14].contains(run.count) {
      let start = run.lowerBound
      func part(_ from: Int, _ count: Int) -> Int {
        number((start + from)..<(start + from + count))
      }
      if isDate(part(0, 4), part(4, 2), part(6, 2)) || isDate(part(4, 4), part(2, 2), part(0, 2))
        || isDate(part(4, 4), part(0, 2), part(2, 2))
      {
        return true
      }
    }
    for n in runs.indices.dropLast(2) {
      let (a, b, c) = (runs[n], runs[n + 1], runs[n + 2])
      guard b.lowerBound == a.upperBound + 1, c.lowerBound == b.upperBound + 1, b.count <= 2 else {
        continue
      }
      if a.count == 4, c.count <= 2, isDate(number(a), number(b), number(c)) { return true }
      if c.count == 4, a.count <= 2,
        isDate(number(c), number(b), number(a)) || isDate(number(c), number(a), number(b))
      {
        return true
      }
    }
    return false
  }

  private static func isDate(_ year: Int, _ month: Int, _ day: Int) -> Bool {
    (1900...2099).contains(year) && (1...12).contains(month) && (1...31).contains(day)
  }
}
