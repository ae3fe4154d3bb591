internal import Foundation
internal import Imaging

/// The sections of a report in words, the same for text and Markdown.
struct SheetContent {
  /// A section with its title.
  struct Section {
    var title: String
    var blocks: [Block]
  }

  /// What a section is made of.
  enum Block {
    /// Names with what is said of them.
    case entries([(name: String, text: String)])
    /// Rows of cells under their heads; the last cell may be long.
    case table(head: [String], rows: [[String]])
    /// Sentences.
    case lines([String])
  }

  let sheet: StudySheet

  /// "sub-07".
  var title: String { "sub-\(sheet.subject)" }

  /// All sections in the order of the page.
  var sections: [Section] {
    var sections = [
      Section(title: "Study", blocks: [.entries(study)]),
      Section(title: "AI result", blocks: [.entries(result)]),
    ]
    if let decided = sheet.finalVerdicts {
      sections.append(Section(title: "Final result", blocks: [.entries(entries(of: decided))]))
    }
    sections.append(Section(title: "Segments", blocks: segments))
    sections += [findings].compactMap(\.self)
    sections += readers
    let measures = SheetMeasures.entries(sheet.measurements)
    sections.append(Section(title: "Measurements", blocks: [.entries(measures)]))
    sections.append(Section(title: "Quality", blocks: [.lines(quality)]))
    sections.append(Section(title: "Method", blocks: [.entries(method)]))
    return sections
  }

  private var study: [(name: String, text: String)] {
    let row = sheet.participant
    let patient = [("age", row.age), ("sex", row.sex), ("mJOA", row.mjoa)].compactMap {
      name, text in
      text.map { "\(name) \($0)" }
    }
    return [
      ("patient", patient.isEmpty ? "nothing is known" : patient.joined(separator: ", ")),
      ("image", sheet.image.isEmpty ? "none that can be used" : sheet.image),
      ("made", "\(Self.clock(sheet.time)) by Cordscope \(Notice.version)"),
    ]
  }

  // MARK: The AI's result

  private var result: [(name: String, text: String)] {
    let call = sheet.call
    let reason = call.reason ?? ""
    // A reason that begins with the call's own words needs them once.
    let words =
      reason.isEmpty ? call.word : reason.hasPrefix(call.word) ? reason : "\(call.word): \(reason)"
    var entries = [(name: "AI call", text: words)]
    guard let detection = sheet.detection else {
      return entries + [(name: "2nd opinion", text: "not assessed")]
    }
    let threshold = detection.patient.threshold
    entries.append(("score", Self.score(detection.patient.score, threshold)))
    let isUncalled = detection.patient.isUncalled
    entries.append(
      (
        "threshold",
        isUncalled
          ? "none for the whole cord"
          : "\(Self.score(threshold, threshold, beside: detection.patient.score)), "
            + "from \(detection.model.thresholdSource)"
      ))
    let flagged = detection.flaggedSegments.map(\.name)
    if call.reason == nil {
      entries.append(("flagged", flagged.isEmpty ? "no segment" : flagged.joined(separator: ", ")))
    }
    let unseen = SpinalSegment.allCases.filter { sheet.call($0).reason != nil }.map(\.name)
    if !unseen.isEmpty { entries.append(("not assessed", unseen.joined(separator: ", "))) }
    entries.append(("2nd opinion", secondOpinion(detection)))
    if let index = detection.sliceIndex {
      entries.append(("slice", "\(index + 1) from the patient's left"))
    }
    if call.reason == nil, let reason = detection.patient.reason {
      entries.append(("note", reason))
    }
    return entries
  }

  private func secondOpinion(_ detection: Detection) -> String {
    guard let opinion = detection.secondOpinion, let flagged = opinion.flagged else {
      let score = detection.secondOpinion?.patientScore
      return score.map {
        "\(SignalDetector.lc61.rawValue) without a call, score "
          + Self.score($0, detection.patient.threshold)
      } ?? "not assessed"
    }
    let threshold = opinion.threshold ?? detection.patient.threshold
    let agrees = detection.secondOpinionRelation.map { "; \($0)" }
    return "\(opinion.detector) \(flagged ? "flagged" : "not flagged"), score "
      + "\(Self.score(opinion.patientScore, threshold)), threshold "
      + Self.score(opinion.threshold, threshold, beside: opinion.patientScore)
      + (opinion.thresholdSource.map { " from \($0)" } ?? "") + (agrees ?? "")
  }

  // MARK: Segments and readers

  /// What decides between the readers, and who signed it.
  private func entries(of decided: FinalVerdicts) -> [(name: String, text: String)] {
    let signatures = decided.signatures.map { reading in
      let name = reading.name.map { ", \($0)" } ?? ""
      let time = reading.time.map { ", \(Self.clock($0))" } ?? ""
      return (name: "adjudicated", text: "by \(reading.reader)\(name)\(time)")
    }
    return [
      (name: "final", text: sheet.finalConclusion?.words ?? "nothing stated"),
      (name: "segments", text: decided.words),
    ] + signatures
  }

  /// Heads of the table of segments.
  static let segmentHeads = ["segment", "AI", "score", "threshold", "2nd opinion", "readers"]

  /// The ladder: one row per segment.
  var segmentRows: [[String]] {
    let decided = sheet.finalVerdicts
    return SpinalSegment.allCases.map { segment in
      let found = sheet[segment]
      let second = sheet.secondCall(segment)
      let verdicts = sheet.readers.compactMap { reader in
        reader.review.standing(segment).map { record in
          "\(reader.reader): \(record.verdict?.words ?? "nothing")"
            + Self.standing(of: reader.review)
        }
      }
      // What decides comes before what led to it.
      let told = (decided.map { ["FINAL \($0.decision(segment).words)"] } ?? []) + verdicts
      let limit = found?.threshold ?? 1
      return [
        segment.name, sheet.call(segment).word, Self.score(found?.score, limit),
        Self.score(found?.threshold, limit, beside: found?.score),
        second.word
          + (found?.secondOpinionScore.map { " \(Self.score($0, limit))" } ?? ""),
        told.isEmpty ? "nothing stated" : told.joined(separator: "; "),
      ]
    }
  }

  /// What a verdict is under: no signature that holds, an adjudicator's, or a reader's, which needs no word.
  private static func standing(of review: ReviewState) -> String {
    review.isAdjudicated ? " (adjudicated)" : review.isSigned ? "" : " (not signed)"
  }

  private var segments: [Block] {
    let reasons = SpinalSegment.allCases.compactMap { segment in
      (sheet.call(segment).reason ?? sheet[segment]?.reason).map { "\(segment.name): \($0)" }
    }
    return [.table(head: Self.segmentHeads, rows: segmentRows)]
      + (sheet.detection == nil || reasons.isEmpty ? [] : [.lines(reasons)])
  }

  private var readers: [Section] {
    guard !sheet.readers.isEmpty else {
      return [Section(title: "Readers", blocks: [.lines(["nobody has stated anything"])])]
    }
    return sheet.readers.map { Section(title: "Reader \($0.reader)", blocks: blocks(of: $0)) }
  }

  private func blocks(of reader: StudySheet.Reader) -> [Block] {
    if let problem = reader.problem {
      return [.lines(["the journal cannot be read, no verdict is known: \(problem)"])]
    }
    let review = reader.review
    let stated = SpinalSegment.allCases.compactMap(review.standing)
    let counts = "\(stated.count) of \(SpinalSegment.allCases.count) segments stated"
    let summary = ([counts] + review.remarksOnStudy).joined(separator: "; ")
    var blocks: [Block] = [
      .lines(
        [sheet.conclusion(of: reader)?.words, summary, review.signatureWords].compactMap(\.self))
    ]
    let changed = review.changedAfterAI
    if !changed.isEmpty {
      let words = changed.map(\.words).joined(separator: ", ")
      blocks.append(.lines(["changed after seeing the AI's result: \(words)"]))
    }
    let verdicts = stated + [review.standingOnStudy].compactMap(\.self)
    if !verdicts.isEmpty { blocks.append(table(of: verdicts, review)) }
    // A verdict stands in the table or was taken back by an act that is told.
    let acts = review.history.filter { $0.record.action != .verdict }
    if !acts.isEmpty {
      blocks.append(.lines(acts.map { "\(Self.clock($0.record.time)) \(review.told($0))" }))
    }
    return blocks
  }

  /// The verdicts that stand, with grade and confidence beside them where any is stated.
  private func table(of verdicts: [ReviewRecord], _ review: ReviewState) -> Block {
    let places = verdicts.map { $0.segment.flatMap(SpinalSegment.init(name:)) }
    let grades: [String?] = places.map { place in review.grade(place).map { "\($0)" } }
    let confidences: [String?] = places.map { place in review.confidence(place).map { "\($0)" } }
    var columns: [(head: String, cells: [String?])] = []
    if grades.contains(where: { $0 != nil }) { columns.append(("grade", grades)) }
    if confidences.contains(where: { $0 != nil }) { columns.append(("confidence", confidences)) }
    let rows: [[String]] = verdicts.indices.map { n in
      var cells = row(of: verdicts[n], remarks: review.comments(places[n]))
      cells.insert(contentsOf: columns.map { $0.cells[n] ?? "-" }, at: 2)
      return cells
    }
    let heads = ["segment", "verdict"] + columns.map { $0.head } + ["time", "reason and comment"]
    return .table(head: heads, rows: rows)
  }

  /// Segment, verdict, time, and why: the verdict's own words, then the comments on the segment.
  private func row(of record: ReviewRecord, remarks: [String]) -> [String] {
    var words = [record.reason, record.comment].compactMap(\.self) + remarks
    if record.blind { words.append("without seeing the AI's result") }
    if !record.blind, sheet.isOnOtherDetection(record) { words.append("on another detection") }
    return [
      record.segment ?? "study", record.verdict?.words ?? "nothing", Self.clock(record.time),
      words.joined(separator: "; "),
    ]
  }

  // MARK: Quality and method

  private var quality: [String] {
    let flags = sheet.quality.map { flag in
      let places = flag.slices.map { $0.map { "\($0 + 1)" }.joined(separator: ", ") }
      return "\(flag.flag): \(flag.text)" + (places.map { " (slice \($0))" } ?? "")
    }
    if sheet.detection == nil { return ["not assessed"] + flags }
    return flags.isEmpty ? ["no flag"] : flags
  }

  /// Model, settings and label origins.
  var method: [(name: String, text: String)] {
    var entries: [(name: String, text: String)] = []
    if let detection = sheet.detection {
      let model = detection.model
      entries = [
        ("model", model.name), ("weights", model.sha256),
        ("head", model.headSha256 ?? "none"),
        (
          "scoring",
          "\(model.scoring), revision \(model.scoringRevision), curve by \(model.sampling)"
        ),
        (
          "network", "\(model.context), \(model.mc) passes, seed \(model.seed), \(model.kernelPath)"
        ),
        ("levels", detection.levelSource),
        ("detected by", "Cordscope \(detection.version)"),
        ("detection", sheet.detectionSHA256 ?? "not stored"),
      ]
    } else {
      entries = [("detection", "none")]
    }
    if sheet.labels.isEmpty { entries.append(("labels", "none")) }
    return entries
      + sheet.labels.map { (name: $0.role.rawValue, text: "\($0.file), \($0.maker)") }
  }

  // MARK: Words

  /// A score in as many decimals as tell it from its threshold, or the threshold beside its score; "-" for
  /// none.
  static func score(_ value: Double?, _ threshold: Double, beside score: Double? = nil) -> String {
    ScoreDecimals.text(value, threshold: threshold, beside: score)
  }

  /// "2026-11-20 10:42:07Z" of a time stamp; the stamp itself where it is none.
  static func clock(_ stamp: String) -> String {
    let parts = stamp.cleaned(limit: 40).split(separator: "T")
    guard parts.count == 2, parts[1].count >= 8, stamp.hasSuffix("Z") else {
      return stamp.cleaned(limit: 40)
    }
    return "\(parts[0]) \(parts[1].prefix(8))Z"
  }
}
