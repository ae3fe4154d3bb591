internal import Foundation
internal import Imaging

/// What readers found wrong with images and labels, as the lists that SCT's `manual_correction.py`
/// takes (`-config qc_fail.yml`) and as JSON with the reasons.
struct QualityLists {
  /// The lists of `qc_fail.yml`, in its order.
  enum List: String, CaseIterable {
    /// Images whose cord mask is to be corrected.
    case segmentation = "FILES_SEG"
    /// Images whose level or disc labels are to be corrected.
    case labels = "FILES_LABEL"
    /// Images whose lesion mask is to be corrected.
    case lesions = "FILES_LESION"

    /// The corrections that answer a complaint of the list.
    fileprivate var targets: [CorrectionTarget] {
      switch self {
      case .segmentation: [.cord]
      case .labels: [.discs, .boundaries]
      case .lesions: [.lesion]
      }
    }
  }

  /// What stands in the place of a list where no correction of labels answers the complaint.
  static let noList = "none"

  /// One reader's complaint.
  struct Fault: Encodable, Equatable {
    /// The list that answers it, or ``QualityLists/noList``.
    var list: String
    /// Whether it is on that list: what nobody has signed is told and not listed.
    var isListed: Bool
    var reader: String
    /// The segment, or "study".
    var segment: String
    var why: String
    /// UTC of the verdict, ISO 8601.
    var time: String
  }

  /// The faults of one image.
  struct Entry: Encodable, Equatable {
    var subject: String
    /// The image's file name.
    var file: String
    /// What is signed of the image's quality, as ``QualityLists/ImageQuality`` has it.
    var imageQuality: ImageQuality
    var faults: [Fault]
    /// That readings of others are left out; `nil` where none are.
    var remark: String?
  }

  /// The images of all reports that have one, in order; those without faults, too.
  private(set) var entries: [Entry] = []

  /// Reads the lists off reports.
  init(_ sheets: [StudySheet]) {
    for sheet in sheets { add(sheet) }
  }

  /// Reads what a report says; one without an image can be on no list.
  mutating func add(_ sheet: StudySheet) {
    guard let file = sheet.image.split(separator: "/").last else { return }
    entries.append(
      Entry(
        subject: sheet.subject, file: String(file), imageQuality: ImageQuality(sheet),
        faults: Self.faults(sheet), remark: sheet.others.isOwnAlone ? sheet.others.remark : nil))
  }

  /// The file names of a list, each once.
  func files(_ list: List) -> [String] {
    entries.filter { entry in
      entry.faults.contains { $0.isListed && $0.list == list.rawValue }
    }.map(\.file)
  }

  /// `qc_fail.yml`: every list, also an empty one.
  var yaml: String {
    "# Images to be corrected, by the signed verdicts of readers. \(Notice.researchUse)\n"
      + leftOut + List.allCases.map { Self.yaml($0.rawValue, files($0)) }.joined()
  }

  /// The line that says of which images others' readings are left out; empty where of none.
  var leftOut: String {
    guard entries.contains(where: { $0.remark != nil }) else { return "" }
    return "# Readings of others are left out of studies that the reader has not signed.\n"
  }

  /// A list of file names under its key, also an empty one.
  static func yaml(_ key: String, _ files: [String]) -> String {
    guard !files.isEmpty else { return "\(key): []\n" }
    return "\(key):\n" + files.map { "- \(scalar($0))\n" }.joined()
  }

  /// `qc_flags.json`: the faults of every image with who stated them; an image without faults has an
  /// empty list, which says that nobody complained, not that it is right.
  func json() throws -> Data {
    struct Flags: Encodable {
      var images: [Entry]
      var version: String
      var notice: String
    }
    return try SnakeCaseJSON.data(
      Flags(images: entries, version: Notice.version, notice: Notice.researchUse))
      + Data("\n".utf8)
  }

  /// A YAML scalar: plain where the name allows it, else in double quotes.
  private static func scalar(_ text: String) -> String {
    let isPlain =
      text.first.map { $0.isASCII && $0.isLetter } == true
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
    guard !isPlain else { return text }
    return "\""
      + text.cleaned.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}

extension QualityLists {
  /// The reasons of verdicts that speak against labels, with the list they lead to.
  static let reasons: [String: List] = [
    "cord outlined wrongly": .segmentation, "peak of a neighbouring segment": .labels,
    "counted to a neighbouring segment": .labels,
  ]

  private static func faults(_ sheet: StudySheet) -> [Fault] {
    let isAdjudicated = sheet.finalVerdicts != nil
    return sheet.readers.flatMap { reader -> [Fault] in
      let review = reader.review
      let standing =
        SpinalSegment.allCases.compactMap(review.standing)
        + [review.standingOnStudy].compactMap(\.self)
      func fault(_ list: List, _ record: ReviewRecord, _ why: String) -> Fault {
        Fault(
          list: list.rawValue, isListed: review.isSigned, reader: reader.reader,
          segment: record.segment ?? "study", why: why, time: record.time.cleaned)
      }
      let complaints = standing.compactMap { record -> Fault? in
        guard let reason = record.reason, let list = reasons[reason],
          !isCorrected(list, since: record, sheet)
        else { return nil }
        return fault(list, record, reason)
      }
      // Where anybody has adjudicated their verdict alone says what is to be drawn.
      let decides = !isAdjudicated || review.isAdjudicated
      let contradictions =
        decides
        ? standing.compactMap { record in
          contradiction(of: record, sheet).map { fault(.lesions, record, $0) }
        } : []
      let unplaced =
        decides
        ? standing.compactMap { record in
          unplacedMask(beside: record, sheet).map { why -> Fault in
            var told = fault(.lesions, record, why)
            (told.list, told.isListed) = (noList, false)
            return told
          }
        } : []
      return complaints + contradictions + unplaced + failure(of: reader)
    } + skips(sheet)
  }

  /// Whether a reader has corrected what a verdict complains of since.
  private static func isCorrected(
    _ list: List, since record: ReviewRecord, _ sheet: StudySheet
  ) -> Bool {
    allCorrections(sheet).contains { correction in
      guard let target = correction.correction?.target else { return false }
      return list.targets.contains(target) && correction.time > record.time
    }
  }

  /// The corrections of all readers, also of those of whom nothing else is told: the labels are the library's.
  private static func allCorrections(_ sheet: StudySheet) -> [ReviewRecord] {
    let told = sheet.readers.flatMap(\.review.corrections)
    return told + sheet.untoldCorrections.filter { !told.contains($0) }
  }

  /// The complaint of the editor: the latest corrected points skip a level.
  private static func skips(_ sheet: StudySheet) -> [Fault] {
    let corrections = allCorrections(sheet)
      .filter { $0.correction.map { List.labels.targets.contains($0.target) } ?? false }
    guard let last = corrections.max(by: { $0.time < $1.time }), let note = last.correction,
      let skips = note.skips
    else { return [] }
    let isTold = sheet.others == .everything || sheet.readers.contains { $0.reader == last.reader }
    return [
      Fault(
        list: List.labels.rawValue, isListed: true,
        reader: isTold ? last.reader.cleaned : "another reader", segment: "study",
        why: "corrected \(note.target.words): \(skips)", time: last.time.cleaned)
    ]
  }

  /// The complaint of a reader who failed the images, or saw an artefact impair them: on no list of labels, as
  /// no mask is wrong for it and none that is corrected mends it.
  private static func failure(of reader: StudySheet.Reader) -> [Fault] {
    guard let stated = reader.review.standingQuality, let quality = stated.quality,
      quality != .pass
    else { return [] }
    return [
      Fault(
        list: noList, isListed: false, reader: reader.reader, segment: "study",
        why: "image quality: \(quality.rawValue)", time: stated.time.cleaned)
    ]
  }

  /// How a verdict contradicts the lesion mask of the library, or that there is none.
  private static func contradiction(of record: ReviewRecord, _ sheet: StudySheet) -> String? {
    guard let segment = record.segment else { return nil }
    guard sheet.labels.contains(where: { $0.role == .lesion }) else {
      return record.verdict == .present ? "present, and there is no lesion mask" : nil
    }
    let isDrawn = isDrawn(on: segment, sheet)
    switch record.verdict {
    // A mask that could not be placed contradicts nobody.
    case .present where !isDrawn && whyUnplaced(sheet) == nil:
      return "present, and no lesion is drawn there"
    case .absent where isDrawn: return "absent, and a lesion is drawn there"
    default: return nil
    }
  }

  /// What is told, and leads to no list, of present beside a lesion mask that may have a lesion there.
  private static func unplacedMask(
    beside record: ReviewRecord, _ sheet: StudySheet
  ) -> String? {
    guard let segment = record.segment, record.verdict == .present,
      let mask = sheet.labels.first(where: { $0.role == .lesion }), !isDrawn(on: segment, sheet),
      let why = whyUnplaced(sheet)
    else { return nil }
    return "present, and the lesion mask \(mask.file.cleaned) cannot be placed: \(why)"
  }

  /// Whether the lesion mask has a lesion on a segment.
  private static func isDrawn(on segment: String, _ sheet: StudySheet) -> Bool {
    sheet.measurements.reason == nil
      && drawn(sheet.measurements).contains { $0.segments.contains(segment) }
  }

  private static func drawn(_ measurements: CervicalMeasurements) -> [LesionSignal] {
    measurements.lesions.filter { $0.source == .mask }
  }

  /// Why not all of the lesion mask lies on segments; `nil` where all does, and where it is empty, whatever could
  /// be measured beside it: nothing of it is to be placed.
  private static func whyUnplaced(_ sheet: StudySheet) -> String? {
    if sheet.isLesionMaskEmpty { return nil }
    let measurements = sheet.measurements
    if let reason = measurements.reason { return reason.cleaned }
    if measurements.quality.contains(where: { $0.flag == LesionSlices.unplacedFlag }) {
      return LesionSlices.whyUnplaced
    }
    // Lesions are measured along the cord: without one none of the mask's was looked at.
    if measurements.signal == nil { return "no cord was measured beside it" }
    let isPlaced = drawn(measurements).allSatisfy { !$0.segments.isEmpty }
    return isPlaced ? nil : "a lesion of it lies on no segment that is known"
  }
}

/// The reasons of verdicts that speak against labels, by which exports list what is to be corrected.
public enum VerdictReasons {
  /// All of them, in the words of the workstation's menus.
  public static var againstLabels: [String] { QualityLists.reasons.keys.sorted() }
}
