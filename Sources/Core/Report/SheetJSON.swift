public import Foundation
internal import Imaging

/// A report as JSON for programs: snake_case keys, all always there, unknown values null.
public enum SheetJSON {
  /// The report with every measurement; the page's texts hold a choice of them.
  ///
  /// - Throws: `EncodingError` when a number is not finite.
  public static func data(_ sheet: StudySheet) throws -> Data {
    try SnakeCaseJSON.data(Page(sheet)) + Data("\n".utf8)
  }

  /// A value that is written as null where there is none.
  private struct Nullable<Value: Encodable>: Encodable {
    let value: Value?

    init(_ value: Value?) { self.value = value }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      if let value { try container.encode(value) } else { try container.encodeNil() }
    }
  }

  private struct Page: Encodable {
    let subject: String
    let age, sex, mjoa: Nullable<String>
    let image: String
    let imageSha256: Nullable<String>
    let time: String
    let call: String
    let reason: Nullable<String>
    let score, threshold: Nullable<Double>
    let thresholdSource: Nullable<String>
    let sliceIndex: Nullable<Int>
    let secondOpinion: Nullable<Detection.Opinion>
    let secondOpinionAgrees: Nullable<Bool>
    let adjudication: Nullable<Adjudication>
    let segments: [Segment]
    let readers: [Reader]
    let findings: [Finding]
    let measurements: CervicalMeasurements
    let quality: [QualityFlag]
    let labels: [Label]
    let model: Nullable<Detection.Model>
    let detectionSha256, detectionVersion: Nullable<String>
    let detectionOutdated: Nullable<Bool>
    let version, notice: String

    init(_ sheet: StudySheet) {
      let detection = sheet.detection
      subject = sheet.subject
      age = Nullable(sheet.participant.age)
      sex = Nullable(sheet.participant.sex)
      mjoa = Nullable(sheet.participant.mjoa)
      image = sheet.image
      imageSha256 = Nullable(detection?.imageSha256)
      time = sheet.time
      call = sheet.call.word
      reason = Nullable(sheet.call.reason ?? detection?.patient.reason)
      score = Nullable(detection?.patient.score)
      threshold = Nullable(sheet.threshold)
      thresholdSource = Nullable(detection?.model.thresholdSource)
      sliceIndex = Nullable(detection?.sliceIndex)
      secondOpinion = Nullable(detection?.secondOpinion)
      secondOpinionAgrees = Nullable(detection?.secondOpinionAgrees)
      let decided = sheet.finalVerdicts
      adjudication = Nullable(decided.map { Adjudication($0, sheet) })
      segments = SpinalSegment.allCases.map { Segment($0, sheet, decided) }
      readers = sheet.readers.map { Reader($0, sheet) }
      findings = sheet.findings.map { Finding($0) }
      measurements = sheet.measurements
      quality = sheet.quality
      labels = sheet.labels.map { Label(role: $0.role.rawValue, file: $0.file, maker: $0.maker) }
      model = Nullable(detection?.model)
      detectionSha256 = Nullable(sheet.detectionSHA256)
      detectionVersion = Nullable(detection?.version)
      detectionOutdated = Nullable(detection == nil ? nil : sheet.isOutdated)
      version = Notice.version
      notice = Notice.researchUse
    }
  }

  /// A finding of a reader's own that stands.
  private struct Finding: Encodable {
    let number: Int
    let reader, words: String
    let sliceIndex: Int
    let row, column, xMm, yMm, zMm: Double
    let nearestLevel: Nullable<String>
    let mmFromLevel: Nullable<Double>
    let time: String
    let blind: Bool

    init(_ finding: SheetFinding) {
      number = finding.number
      reader = finding.reader
      words = finding.words.cleaned
      let place = finding.place
      (sliceIndex, row, column) = (place.slice, place.row, place.column)
      (xMm, yMm, zMm) = (place.x, place.y, place.z)
      nearestLevel = Nullable(finding.level?.name)
      mmFromLevel = Nullable(finding.mmFromLevel)
      time = finding.time.cleaned
      blind = finding.isBlind
    }
  }

  private struct Label: Encodable {
    let role, file, maker: String
  }

  private struct Segment: Encodable {
    let segment, call: String
    let reason: Nullable<String>
    let score, threshold: Nullable<Double>
    let secondOpinionCall: String
    let secondOpinionScore: Nullable<Double>
    let sliceIndex: Nullable<Int>
    let zFromMm, zToMm, lengthMm: Nullable<Double>
    let finalVerdict: Nullable<String>
    let verdicts: [Statement]
    let axccmTypes: [AxialType]

    init(_ segment: SpinalSegment, _ sheet: StudySheet, _ decided: FinalVerdicts?) {
      let found = sheet[segment]
      let call = sheet.call(segment)
      self.segment = segment.name
      self.call = call.word
      reason = Nullable(call.reason ?? found?.reason)
      score = Nullable(found?.score)
      threshold = Nullable(found?.threshold)
      secondOpinionCall = sheet.secondCall(segment).word
      secondOpinionScore = Nullable(found?.secondOpinionScore)
      sliceIndex = Nullable(found?.sliceIndex)
      zFromMm = Nullable(found?.zFromMm)
      zToMm = Nullable(found?.zToMm)
      lengthMm = Nullable(found?.lengthMm)
      finalVerdict = Nullable(decided?.decision(segment).code)
      verdicts = sheet.verdicts(segment).map { Statement($0.reader, $0.record) }
      axccmTypes = sheet.readers.compactMap { AxialType($0, segment) }
    }
  }

  /// What decides between the readers, and whose signatures do.
  private struct Adjudication: Encodable {
    let caseVerdict, verdictOnStudy: Nullable<String>
    let signatures: [Adjudicator]

    init(_ decided: FinalVerdicts, _ sheet: StudySheet) {
      caseVerdict = Nullable(sheet.finalConclusion?.verdict.rawValue)
      let study = decided.decision(nil)
      verdictOnStudy = Nullable(study == .open ? nil : study.code)
      signatures = decided.signatures.map { Adjudicator($0) }
    }
  }

  private struct Adjudicator: Encodable {
    let reader: String
    let name, time: Nullable<String>

    init(_ reading: OtherReading) {
      reader = reading.reader
      name = Nullable(reading.name?.cleaned)
      time = Nullable(reading.time?.cleaned)
    }
  }

  /// What a reader says of the axial T2 picture.
  private struct AxialType: Encodable {
    let reader: String
    let type: Int

    init?(_ reader: StudySheet.Reader, _ segment: SpinalSegment) {
      guard let type = reader.review.axccm(segment) else { return nil }
      (self.reader, self.type) = (reader.reader, type)
    }
  }

  private struct Statement: Encodable {
    let reader: String
    let verdict: Nullable<String>
    let time: String
    let reason, comment: Nullable<String>
    let blind: Bool
    let detectionSha256: Nullable<String>

    init(_ reader: String, _ record: ReviewRecord) {
      self.reader = reader
      verdict = Nullable(record.verdict?.rawValue)
      time = record.time.cleaned
      reason = Nullable(record.reason?.cleaned)
      comment = Nullable(record.comment?.cleaned)
      blind = record.blind
      detectionSha256 = Nullable(record.detection?.cleaned)
    }
  }

  private struct Reader: Encodable {
    let reader: String
    let problem: Nullable<String>
    let isForDiscussion: Nullable<Bool>
    let verdictOnStudy: Nullable<Statement>
    let caseVerdict, imageQuality, difficulty: Nullable<String>
    let signature: Nullable<SignedAs>
    /// From the first to the last act, by sittings; not from the opening.
    let readingSeconds: Nullable<Int>
    let acts: [Act]

    init(_ reader: StudySheet.Reader, _ sheet: StudySheet) {
      self.reader = reader.reader
      problem = Nullable(reader.problem)
      isForDiscussion = Nullable(reader.problem == nil ? reader.review.isFlagged : nil)
      verdictOnStudy = Nullable(reader.review.standingOnStudy.map { Statement(reader.reader, $0) })
      caseVerdict = Nullable(sheet.conclusion(of: reader)?.verdict.rawValue)
      imageQuality = Nullable(reader.review.quality?.rawValue)
      difficulty = Nullable(reader.review.difficulty(nil)?.rawValue)
      signature = Nullable(reader.review.signOff.flatMap { SignedAs($0) })
      readingSeconds = Nullable(reader.readingSeconds)
      acts = reader.review.history.map { Act($0, words: reader.review.told($0)) }
    }
  }

  /// The signature that holds.
  private struct SignedAs: Encodable {
    let name, meaning, time: String

    init?(_ record: ReviewRecord) {
      guard let signature = record.signature else { return nil }
      name = signature.name.cleaned
      meaning = signature.meaning.rawValue
      time = record.time.cleaned
    }
  }

  private struct Act: Encodable {
    let seq: Int
    let time, action, words: String

    init(_ line: ReviewState.HistoryLine, words: String) {
      seq = line.record.seq
      time = line.record.time.cleaned
      action = line.record.action.rawValue
      self.words = words.cleaned
    }
  }
}
