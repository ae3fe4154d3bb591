internal import Imaging

/// Reports as comma-separated values (RFC 4180): one row per subject, segment and reader, one per finding.
public enum SheetCSV {
  /// The columns of ``rows(_:)``.
  public static let header =
    "subject,image,segment,call,reason_not_assessed,score,threshold,threshold_source,"
    + "second_opinion_call,second_opinion_score,reader,verdict,time,reason,comment,blind,"
    + "other_detection,blind_verdict,yukawa_grade,axccm_type,confidence,difficulty,image_quality,"
    + "case_verdict,signed_by,signed_as,signed_time,reading_seconds,final_verdict,"
    + "final_case_verdict,adjudicated_by,finding,finding_slice,finding_x_mm,finding_y_mm,finding_z_mm,finding_level,"
    + "finding_mm_from_level,quality,model,weights_sha256,"
    + "scoring,scoring_revision,detection_sha256,"
    + "version,notice"

  /// The rows of a study without the header; each ends in a newline.
  ///
  /// A segment that nobody has stated anything on has one row without a reader; a verdict, grade, type,
  /// confidence or comment on the study as a whole has a row with the segment "study", a finding of a
  /// reader's own one with the segment "finding".
  public static func rows(_ sheet: StudySheet) -> String {
    var rows = SpinalSegment.allCases.map { segment in
      let readers = sheet.readers.map { ($0, $0.review.standing(segment)) }
      return readers.isEmpty
        ? row(segment, sheet, nil, nil)
        : readers.map { row(segment, sheet, $0.0, $0.1) }.joined()
    }
    rows += sheet.readers.compactMap { reader in
      let review = reader.review
      guard
        review.standingOnStudy != nil || !review.comments(nil).isEmpty
          || review.grade(nil) != nil || review.axccm(nil) != nil
          || review.confidence(nil) != nil
      else { return nil }
      return row(nil, sheet, reader, review.standingOnStudy)
    }
    let findings = sheet.findings
    rows += sheet.readers.flatMap { reader in
      findings.filter { $0.reader == reader.reader }.map { row($0, sheet, reader) }
    }
    return rows.joined()
  }

  /// The row of a finding: nothing of it is the AI's, or a verdict.
  private static func row(
    _ finding: SheetFinding, _ sheet: StudySheet, _ reader: StudySheet.Reader
  ) -> String {
    func none(_ count: Int) -> [String] { Array(repeating: "", count: count) }
    let place = [sheet.subject, sheet.image, "finding"] + none(7)
    let stated = [reader.reader, "", finding.time, "", "", String(finding.isBlind), ""]
    let told = stated.map(text) + none(4)
    let ends = (onStudy(reader, sheet) + decided(nil, sheet)).map(text)
    let found = [text(finding.words), "\(finding.slice)"] + FindingsCSV.cells(of: finding)
    return line(place + told + ends + found + method(sheet))
  }

  private static func row(
    _ segment: SpinalSegment?, _ sheet: StudySheet, _ reader: StudySheet.Reader?,
    _ record: ReviewRecord?
  ) -> String {
    let found = segment.flatMap { sheet[$0] }
    let patient = sheet.detection?.patient
    let call = segment.map { sheet.call($0) } ?? sheet.call
    let second = segment.map { sheet.secondCall($0).word }
    let opinion = sheet.detection?.secondOpinion
    let model = sheet.detection?.model
    let place = [
      sheet.subject, sheet.image, segment?.name ?? "study", call.word, call.reason ?? "",
    ]
    let scores = [
      number(segment == nil ? patient?.score : found?.score),
      number(segment == nil ? sheet.threshold : found?.threshold), model?.thresholdSource ?? "",
      second ?? opinion?.flagged.map { $0 ? "flagged" : "not flagged" } ?? "not assessed",
      number(segment == nil ? opinion?.patientScore : found?.secondOpinionScore),
    ]
    let stated = [
      reader?.reader ?? "",
      reader?.problem == nil ? record?.verdict?.rawValue ?? "" : "journal cannot be read",
      record?.time ?? "", record?.reason ?? "", comments(segment, reader, record),
      record.map { String($0.blind) } ?? "",
      record.map { String(sheet.isOnOtherDetection($0)) } ?? "",
    ]
    let blind = reader?.review.blindVerdict(segment)?.rawValue ?? ""
    let grades = [
      reader?.review.grade(segment), reader?.review.axccm(segment),
      reader?.review.confidence(segment),
    ].map { $0.map { String($0) } ?? "" }
    let whole = reader.map { onStudy($0, sheet) } ?? Array(repeating: "", count: 7)
    let told = stated.map(text) + [blind] + grades
    let ends = (whole + decided(segment, sheet)).map(text)
    let noFinding = Array(repeating: "", count: 7)
    return line(place + scores + told + ends + noFinding + method(sheet))
  }

  /// Quality, model, versions and notice: the same in all rows.
  private static func method(_ sheet: StudySheet) -> [String] {
    let model = sheet.detection?.model
    return [
      sheet.quality.names.joined(separator: "; "), model?.name ?? "", model?.sha256 ?? "",
      model?.scoring ?? "", model.map { String($0.scoringRevision) } ?? "",
      sheet.detectionSHA256 ?? "", Notice.version, Notice.researchUse,
    ]
  }

  private static func line(_ cells: [String]) -> String {
    MeasurementCSV.line(cells.map { $0.cleaned(limit: mostCharacters) })
  }

  /// What a reader says of the study as a whole, the signature that holds, and the time from first to last act:
  /// the same in all rows.
  private static func onStudy(_ reader: StudySheet.Reader, _ sheet: StudySheet) -> [String] {
    let review = reader.review
    return [
      review.difficulty(nil)?.rawValue, review.quality?.rawValue,
      sheet.conclusion(of: reader)?.verdict.rawValue, review.signOff?.signature?.name,
      review.signOff?.signature?.meaning.rawValue, review.signOff?.time,
      reader.readingSeconds.map { String($0) },
    ].map { $0 ?? "" }
  }

  /// What decides between the readers: of the place, of the case, and who said so; the same for all readers,
  /// and empty where nobody has adjudicated.
  private static func decided(_ segment: SpinalSegment?, _ sheet: StudySheet) -> [String] {
    guard let decided = sheet.finalVerdicts else { return ["", "", ""] }
    let decision = decided.decision(segment)
    // Segments are what is adjudicated; of the study as a whole most say nothing.
    let place = segment == nil && decision == .open ? "" : decision.code
    return [
      place, sheet.finalConclusion?.verdict.rawValue ?? "",
      decided.signatures.map(\.reader).joined(separator: "; "),
    ]
  }

  /// Many comments on one segment are many words; none is cut.
  static let mostCharacters = 1 << 20

  /// What a reader remarked on a segment, or on the study: with the verdict that stands, and in comments
  /// of their own.
  private static func comments(
    _ segment: SpinalSegment?, _ reader: StudySheet.Reader?, _ record: ReviewRecord?
  ) -> String {
    ([record?.comment].compactMap(\.self) + (reader?.review.remarks(segment) ?? []))
      .joined(separator: "; ")
  }

  /// A cell that a reader wrote: a spreadsheet takes a leading minus for a formula, too.
  static func text(_ cell: String) -> String {
    cell.hasPrefix("-") ? "'" + cell : cell
  }

  private static func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
}
