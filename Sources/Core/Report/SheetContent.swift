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
    // The page names a source once.
    let isOwn = opinion.thresholdSource != detection.model.thresholdSource
    return "\(opinion.detector) \(flagged ? "flagged" : "not flagged"), score "
      + "\(Self.score(opinion.patientScore, threshold)), threshold "
      + Self.score(opinion.threshold, threshold, beside: opinion.patientScore)
      + (isOwn ? opinion.thresholdSource.map { " from \($0)" } ?? "" : "") + (agrees ?? "")
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

  /// The ladder of the page: score beside the call, and the threshold once where it is that of all rows.
  private var segments: [Block] {
    let reasons = SpinalSegment.allCases.compactMap { segment in
      (sheet.call(segment).reason ?? sheet[segment]?.reason).map { "\(segment.name): \($0)" }
    }
    let thresholds = Set(sheet.detection?.segments.map(\.threshold) ?? [])
    let isCommon = thresholds.count < 2
    let ladder = segmentRows
    let rows: [[String]] = ladder.map { row in
      let call = row[2] == "-" ? row[1] : "\(row[1]) \(row[2])"
      return isCommon ? [row[0], call, row[4], row[5]] : [row[0], call, row[3], row[4], row[5]]
    }
    let heads =
      isCommon
      ? ["segment", "AI, score", "2nd opinion", "readers"]
      : ["segment", "AI, score", "threshold", "2nd opinion", "readers"]
    // As in the row with the most decimals.
    let common = ladder.map { $0[3] }.max { $0.count < $1.count } ?? "-"
    let lines = thresholds.count == 1 ? ["threshold of segments \(common)"] : []
    let said = lines + (sheet.detection == nil ? [] : reasons)
    return [.table(head: heads, rows: rows)] + (said.isEmpty ? [] : [.lines(said)])
  }

  // MARK: Quality and method

  /// Each kind of flag once, with the slices of all: the JSON has every flag with what was measured.
  private var quality: [String] {
    let all = sheet.quality
    let kinds = all.map(\.flag).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let flags = kinds.compactMap { kind -> String? in
      let found = all.filter { $0.flag == kind }
      guard let first = found.first else { return nil }
      let slices = Set(found.flatMap { $0.slices ?? [] }).sorted().map { "\($0 + 1)" }
      let places = "slice\(slices.count == 1 ? "" : "s") \(slices.joined(separator: ", "))"
      let notes =
        (slices.isEmpty ? [] : [places])
        + (found.count > 1 ? ["\(found.count - 1) more of the kind"] : [])
      return "\(kind): \(first.text)"
        + (notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))")
    }
    if sheet.detection == nil { return ["not assessed"] + flags }
    return flags.isEmpty ? ["no flag"] : flags
  }

  /// Model, settings and label origins.
  var method: [(name: String, text: String)] {
    var entries: [(name: String, text: String)] = []
    if let detection = sheet.detection {
      let model = detection.model
      let head = model.headSha256.map { "head \(Self.short($0))" } ?? "no head"
      let stored = sheet.detectionSHA256.map { Self.short($0) } ?? "not stored"
      entries = [
        ("model", "\(model.name), weights \(Self.short(model.sha256)), \(head)"),
        (
          "scoring",
          "\(model.scoring), revision \(model.scoringRevision), curve by \(model.sampling)"
        ),
        (
          "network", "\(model.context), \(model.mc) passes, seed \(model.seed), \(model.kernelPath)"
        ),
        (
          "detection",
          "\(stored), by Cordscope \(detection.version), levels \(detection.levelSource)"
        ),
      ]
    } else {
      entries = [("detection", "none")]
    }
    if sheet.labels.isEmpty { entries.append(("labels", "none")) }
    return entries
      + sheet.labels.map { (name: $0.role.rawValue, text: "\(brief($0.file)), \($0.maker)") }
  }

  /// A hash as the names of files have it: its first 16 digits; the JSON has all.
  private static func short(_ hash: String) -> String { String(hash.prefix(16)) }

  /// A label file's name without the image's own, which stands on the page: "..._label-SC_seg.nii.gz".
  private func brief(_ file: String) -> String {
    let image = sheet.image.split(separator: "/").last.map(String.init) ?? ""
    let stem = String(image.prefix { $0 != "." })
    guard !stem.isEmpty, file.hasPrefix("\(stem)_") else { return file }
    return "...\(file.dropFirst(stem.count))"
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
