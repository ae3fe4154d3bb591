internal import Foundation
internal import Imaging

/// One study of one patient, as found among the files of an import.
struct DICOMStudy {
  /// What to call it in messages: the source it was found in.
  var place: URL
  /// Its series in the order of their numbers.
  var series: [DICOMSeries]
  /// Which of the studies that lie there it is, from 1, and how many there are.
  var number = (1, of: 1)
  /// What else is to be said of its files.
  var notes: [String] = []

  /// What to call it, cleaned.
  var label: String {
    place.path.cleaned + (number.of > 1 ? " (study \(number.0) of \(number.of))" : "")
  }

  /// Who the patient is.
  var patient: DICOMPatient { series[0].patient }

  /// Sorts files into studies, by study and patient.
  ///
  /// - Returns: the studies in the order of their UIDs, what to say of files that are part of none, and
  ///   which of these could not be used.
  static func studies(
    of files: [URL], place: URL, isCancelled: () -> Bool = { false }
  ) -> (studies: [DICOMStudy], notes: [String], leftOut: SeriesShare) {
    let scan = DICOMScan(files: files, isCancelled: isCancelled)
    let groups = Dictionary(grouping: scan.series) { series in
      studyText(series.description, series.patient)
    }
    let studies = groups.sorted { $0.key < $1.key }.enumerated().map { index, group in
      DICOMStudy(place: place, series: group.value, number: (index + 1, of: groups.count))
    }
    let unusable = scan.skipped.filter { $0.reason == .damaged || $0.reason == .conflict }
    let leftOut = SeriesShare(files: unusable.count, damaged: unusable.map { "\($0.error)" })
    return (studies, notes(of: scan.skipped) + scan.notes, leftOut)
  }

  /// What tells studies apart: the UID, where there is none patient and date; always the patient, as
  /// some archives give one UID to all.
  private static func studyText(
    _ description: DICOMSeriesDescription, _ patient: DICOMPatient
  ) -> String {
    let study =
      description.studyUID
      ?? [description.studyDate, description.studyTime]
      .compactMap(\.self).joined(separator: " ")
    return study + "\u{1F}" + (patientText(patient) ?? "")
  }

  /// The text that the study's keyed hash is made of.
  var studyText: String { Self.studyText(series[0].description, patient) }

  /// The text that the patient's keyed hash is made of; of a patient who is not named it is the
  /// study's, so that strangers do not become one.
  var patientText: String { Self.patientText(patient).map { "patient\u{1F}\($0)" } ?? studyText }

  private static let noIDs: Set<String> = [
    "anonymous", "anonymized", "anonymised", "anon", "unknown", "none", "na", "test", "noid",
  ]

  /// Who the patient is, for comparison: number and birth date; the name where one of them is missing.
  private static func patientText(_ patient: DICOMPatient) -> String? {
    let id = (patient.id ?? "").trimmed
    let plain = id.lowercased().filter { $0.isLetter || $0.isNumber }
    let hasID = !plain.isEmpty && !plain.allSatisfy { $0 == "0" } && !noIDs.contains(plain)
    let name = SeriesWords(patient.name?.alphabetic).words.joined(separator: "^")
    let birth = patient.birthDate ?? ""
    if hasID { return ["id", id, birth, birth.isEmpty ? name : ""].joined(separator: "\u{1F}") }
    return name.isEmpty || birth.isEmpty || noIDs.contains(name)
      ? nil : ["name", name, birth].joined(separator: "\u{1F}")
  }

  /// One line for each kind of file that is part of no series.
  private static func notes(of skipped: [DICOMScan.Skipped]) -> [String] {
    let other = skipped.filter { $0.reason == .noImage }
    let damaged = skipped.filter { $0.reason == .damaged }
    let conflicts = skipped.filter { $0.reason == .conflict }
    var notes = conflicts.prefix(5).map { "\($0.error)" }
    if conflicts.count > 5 { notes.append("\(conflicts.count - 5) more files of the kind") }
    if let first = other.first {
      notes.append("\(other.count) DICOM objects that are no grey image left out: \(first.error)")
    }
    notes += damaged.prefix(5).map { "left out: \($0.error)" }
    if damaged.count > 5 { notes.append("\(damaged.count - 5) more files left out") }
    return notes
  }
}
