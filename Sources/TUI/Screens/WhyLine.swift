internal import Core
internal import Foundation

/// One sentence: why the selected segment is flagged, or is not, or cannot be assessed.
enum WhyLine {
  /// That a verdict is to be stated again, what decides between readers, then what the reader has stated comes
  /// first, as the end may be cut.
  ///
  /// - Parameter saysVerdict: Whether the reader's verdict is said, too: it stands nowhere else.
  static func text(
    _ study: StudyScreenState, keys: KeyMap = .standard, saysVerdict: Bool = false
  ) -> String {
    let parts = [
      study.relabelledWords(keys), study.finalWords, stated(study, keys, saysVerdict),
      study.truthWords, others(study),
      study.hasOutdatedDetection ? "AI outdated: image or labels changed since" : nil,
    ]
    return (parts.compactMap { $0 }.filter { !$0.isEmpty } + [ownText(study, keys: keys)])
      .joined(separator: "; ")
  }

  /// "anna: present, bob: absent, sup: absent (adjudicated)": what other readers signed on the selected row.
  private static func others(_ study: StudyScreenState) -> String {
    let words = study.others.map { other in
      let verdict = other.problem ?? other.verdict(study.target.segment)?.words ?? "no verdict"
      let isOld = other.isRelabelled(study.target.segment)
      return "\(other.label): \(verdict)\(other.isDeciding ? " (adjudicated)" : "")"
        + (isOld ? " (under other labels)" : "")
    }
    return DisplayText.clean(words.joined(separator: ", "))
  }

  private static func ownText(_ study: StudyScreenState, keys: KeyMap) -> String {
    guard let detection = study.detection else {
      if let failed = study.failed[study.target] {
        return failedWords(failed, study)
      }
      let isSeen = study.isHiddenAfterSeen
      let seen = isSeen ? "; it was seen, so your answers do not count as blind" : ""
      let words = "\(study.target.name): \(study.undetectedWords)\(seen)"
      // Who may state nothing here is not asked to.
      let isOpen = study.loaded.replay == nil && study.access.refusal(of: .verdict) == nil
      return isOpen ? "\(words); state \(keys.verdictKeys)" : words
    }
    let decimals = ScoreText.decimals(detection)
    if let failed = study.failed[study.target] {
      return failedWords(failed, study)
    }
    switch study.target {
    case .study: return patient(detection, decimals)
    case .segment:
      guard let found = study.assessment(study.target) else {
        return "\(study.target.name): the detection says nothing of it"
      }
      return segment(found, detection, study, decimals)
    }
  }

  /// What could not be written, and why.
  private static func failedWords(
    _ failed: StudyScreenState.FailedAct, _ study: StudyScreenState
  ) -> String {
    let verdict = study.hidesAnswers ? "answer" : failed.verdict?.words ?? ""
    return "\(study.target.name) \(verdict) NOT SAVED: \(failed.words)"
  }

  private static func patient(_ detection: Detection, _ decimals: Int) -> String {
    let patient = detection.patient
    if patient.isUncalled {
      let second = detection.secondOpinion?.patientScore.map {
        "; second opinion LC61 \(ScoreText.number($0, decimals)) without a call"
      }
      return "study \(patient.reason ?? Detection.notBySegment): peak "
        + "\(ScoreText.number(patient.score, decimals)) without a call" + (second ?? "")
    }
    guard patient.assessable else {
      return "study not assessable: \(patient.reason ?? "no reason given")"
    }
    let score = ScoreText.number(patient.score, decimals)
    let threshold = threshold(patient.threshold, detection, decimals)
    let words = patient.flagged ? "flagged" : "not flagged"
    let reason = patient.reason.map { "; \($0)" } ?? ""
    let second = secondOpinion(
      detection.secondOpinion?.flagged, detection.secondOpinion?.patientScore, detection,
      flagged: patient.flagged, decimals)
    return "study \(words): peak \(score), \(threshold)"
      + second.map { "; \($0)" }.joined() + reason
  }

  /// The deciding threshold; one that no cohort stands behind says so.
  private static func threshold(
    _ value: Double, _ detection: Detection, _ decimals: Int
  ) -> String {
    let source = detection.model.thresholdSource
    // "calibration: 204 patients, 72 with lesion; ...": the panel has room for all of it.
    let words =
      if source == ModelCard.startSource {
        "not calibrated"
      } else if ModelCard.isForOtherScores(source: source) {
        "not calibrated for these scores"
      } else {
        String(source.prefix { $0 != "," && $0 != ";" })
      }
    return "threshold \(ScoreText.number(value, decimals)) (\(words))"
  }

  /// How the second opinion relates to the AI's; empty when it has none.
  private static func secondOpinion(
    _ second: Bool?, _ score: Double?, _ detection: Detection, flagged: Bool, _ decimals: Int
  ) -> [String] {
    guard let second else { return [] }
    if detection.includesSecondOpinion { return ["second opinion LC61 is part of this score"] }
    let value = score.map { " (\(ScoreText.number($0, decimals)))" } ?? ""
    let says = second == flagged ? "agrees" : second ? "flags it" : "does not flag it"
    let isStart = detection.secondOpinion?.thresholdSource == ModelCard.startSource
    return ["second opinion LC61 \(says)\(value)" + (isStart ? " (not calibrated)" : "")]
  }

  /// How the second opinion relates to the AI's on a segment. Where either of them flags the patient without
  /// a segment, that both leave this segment unflagged is no agreement.
  private static func secondOpinion(
    on found: Detection.Segment, _ detection: Detection, _ study: StudyScreenState, _ decimals: Int
  ) -> [String] {
    let isStart = detection.secondOpinion?.thresholdSource == ModelCard.startSource
    let end =
      (found.secondOpinionScore.map { " (\(ScoreText.number($0, decimals)))" } ?? "")
      + (isStart ? " (not calibrated)" : "")
    if detection.secondOpinionFlagsPatientAlone {
      let but = found.assessable && found.secondOpinionFlagged != nil
      return ["second opinion LC61 flags the patient" + (but ? ", not \(found.name)\(end)" : "")]
    }
    guard found.assessable else { return [] }
    let isNone = detection.secondOpinion?.flagged == false && found.secondOpinionFlagged == false
    if isNone, study.patientPeak != nil, !detection.includesSecondOpinion {
      return ["second opinion LC61 flags neither the patient nor \(found.name)\(end)"]
    }
    return secondOpinion(
      found.secondOpinionFlagged, found.secondOpinionScore, detection, flagged: found.flagged,
      decimals)
  }

  /// The patient is flagged although no segment is: `nil` where that is not so.
  private static func patientAlone(_ study: StudyScreenState, _ decimals: Int) -> String? {
    guard let peak = study.patientPeak else { return nil }
    let limit = ScoreText.number(study.detection?.patient.threshold, decimals)
    return "patient over threshold \(limit), no segment over its own: highest is \(peak.name) "
      + ScoreText.number(peak.score, decimals)
      + " (threshold \(ScoreText.number(peak.threshold, decimals)))"
  }

  /// "you: sure 2, grade 1": what the reader stated of the row, shortly, or that it is hidden; `nil` for
  /// nothing.
  private static func stated(
    _ study: StudyScreenState, _ keys: KeyMap, _ saysVerdict: Bool
  ) -> String? {
    if study.hidesAnswers {
      return "your answers are hidden until the truth is shown (\(keys.name(.revealTruth)))"
    }
    let (review, segment) = (study.review, study.target.segment)
    var parts: [String?] =
      saysVerdict ? [study.standing(study.target)?.verdict?.words ?? "no verdict"] : []
    // Of what was not saved nothing but that is told.
    if study.failed[study.target] == nil {
      parts += [
        review.confidence(segment).map { "sure \($0)" },
        review.grade(segment).map { "grade \($0)" },
        review.axccm(segment).map { "Ax-CCM type \($0)" },
        (review.difficulty(segment) ?? review.difficulty(nil)).map { "difficulty \($0.rawValue)" },
      ]
    }
    let words = parts.compactMap { $0 }
    return words.isEmpty ? nil : "\(study.answerer): " + words.joined(separator: ", ")
  }

  /// How long the curve is over the threshold about the segment's peak, and how much of that lies in the
  /// segment where it is not all.
  private static func length(_ found: Detection.Segment, _ detection: Detection) -> [String] {
    guard let length = found.lengthMm else { return [] }
    let whole = ScoreText.millimetres(length)
    guard let run = detection.run(of: found) else { return ["run of \(whole) over threshold"] }
    let inside = ScoreText.millimetres(run.insideMM)
    return [
      inside == whole
        ? "\(whole) over it" : "run of \(whole) over threshold, \(inside) of it here"
    ]
  }

  private static func segment(
    _ found: Detection.Segment, _ detection: Detection, _ study: StudyScreenState,
    _ decimals: Int
  ) -> String {
    let alone = patientAlone(study, decimals)
    guard found.assessable else {
      let words = "\(found.name) not assessable: \(found.reason ?? "no reason given")"
      let second = secondOpinion(on: found, detection, study, decimals)
      return ([words] + [alone].compactMap { $0 } + second).joined(separator: "; ")
    }
    let score = ScoreText.number(found.score, decimals)
    let threshold = threshold(found.threshold, detection, decimals)
    var parts: [String] = []
    if found.flagged {
      parts.append("\(found.name) flagged: peak \(score), \(threshold)")
      parts += length(found, detection)
    } else {
      parts.append("\(found.name) not flagged: peak \(score), \(threshold)")
    }
    if let own = study.slicePosition(of: study.target),
      own != study.scoredSlice || own != study.slice
    {
      parts.append("on slice \(own + 1)")
    }
    var sentences = [parts.joined(separator: ", ")]
    if let alone {
      // On the peak itself the sentence says the segment's own score, too.
      if found.name == study.patientPeak?.name { sentences.removeAll() }
      sentences.append(alone)
    }
    sentences += secondOpinion(on: found, detection, study, decimals)
    if let reason = found.reason { sentences.append(reason) }
    if let comment = study.shownStanding(study.target)?.comment {
      sentences.append("\(study.answerer) wrote: \(comment)")
    }
    // Only what touches this segment: the study's flags and those of the slice it was scored on.
    let own = found.sliceIndex ?? detection.sliceIndex
    let flags = own.map { detection.quality(onSlice: $0) } ?? detection.quality
    for flag in flags where flag != .detectionOutdated {
      let words = flag.plain ?? flag.flag
      if !sentences.contains(words) { sentences.append(words) }
    }
    return sentences.joined(separator: "; ")
  }
}
