internal import Foundation
internal import Imaging

/// The sections of a report in words, the same for text and Markdown.
struct SheetContent {
  /// A section with its title.
  struct Section {
    var title: String
    var blocks: [Block]
    /// Whether it goes on from the page's title, so that a text page has none for it.
    var isOpening = false
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
  /// The ladder: one row per segment under ``segmentHeads``.
  let segmentRows: [[String]]

  init(sheet: StudySheet) {
    self.sheet = sheet
    segmentRows = Self.segmentRows(of: sheet)
  }

  /// "sub-07".
  var title: String { "sub-\(sheet.subject)" }

  /// All sections in the order of the page.
  var sections: [Section] {
    var sections = [Section(title: "Study", blocks: [.entries(study)], isOpening: true)]
    if let decided = sheet.finalVerdicts {
      sections.append(
        Section(
          title: "Final result", blocks: [.entries(entries(of: decided))], isOpening: true))
    }
    sections.append(
      Section(title: "AI result", blocks: [.entries(result)] + segments, isOpening: true))
    sections += [findings].compactMap(\.self)
    sections += [readers, measurements]
    sections.append(
      Section(title: "Quality and method", blocks: [.lines(quality), .lines(methodWords)]))
    return sections
  }

  private var measurements: Section {
    let measures = SheetMeasures(study: sheet.measurements)
    return Section(
      title: ["Measurements", measures.place].compactMap(\.self).joined(separator: " "),
      blocks: measures.blocks)
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
    guard let detection = sheet.detection else {
      return [(name: "AI call", text: callWords), (name: "2nd opinion", text: "not assessed")]
    }
    return [
      (name: "AI call", text: callWords),
      (name: "threshold", text: thresholdWords(detection)),
      (name: "2nd opinion", text: secondOpinion(detection)),
    ]
  }

  /// "flagged: C4-5; score 0.041, slice 3 from the patient's left; not assessed: C7-T1", or that nothing is
  /// assessed and why.
  private var callWords: String {
    let call = sheet.call
    let patient = sheet.detection?.patient
    var score = ""
    if let patient, patient.score != nil {
      let slice = sheet.detection?.sliceIndex.map { ", slice \($0 + 1) from the patient's left" }
      score = "score \(Self.score(patient.score, patient.threshold))\(slice ?? "")"
    }
    if let reason = call.reason {
      // A reason that begins with the call's own words needs them once.
      let words =
        reason.isEmpty
        ? call.word : reason.hasPrefix(call.word) ? reason : "\(call.word): \(reason)"
      return score.isEmpty ? words : "\(words); \(score)"
    }
    let flagged = (sheet.detection?.flaggedSegments ?? []).map(\.name).joined(separator: ", ")
    let unseen = SpinalSegment.allCases.filter { sheet.call($0).reason != nil }.map(\.name)
    let note = Self.note(patient?.reason ?? "", besides: unseen)
    var words = call.word
    if !flagged.isEmpty {
      words += call == .flagged ? ": \(flagged)" : "; segments flagged: \(flagged)"
    } else if call == .flagged, note.isEmpty {
      words += ": no segment"
    }
    let rest = unseen.isEmpty ? "" : "not assessed: \(unseen.joined(separator: ", "))"
    return [words, score, note, rest].filter { !$0.isEmpty }.joined(separator: "; ")
  }

  /// What a detection says of the patient's score, without the clause of the segments that have none: the page
  /// names these itself.
  private static func note(_ reason: String, besides unseen: [String]) -> String {
    let said = Detection.Patient.unseen(unseen)
    return reason.split(separator: "; ").filter { $0 != said }.joined(separator: "; ")
  }

  /// The threshold of the patient, that of the segments where it is one, and where they come from.
  private func thresholdWords(_ detection: Detection) -> String {
    let patient = detection.patient
    guard !patient.isUncalled else { return "none for the whole cord" }
    let own = Self.score(patient.threshold, patient.threshold, beside: patient.score)
    let segments = commonThreshold.map { ", of segments \($0)" } ?? ""
    return "\(own)\(segments), from \(detection.model.thresholdSource)"
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

  // MARK: What was adjudicated

  /// What decides between the readers, and who signed it; of the segments the table says it.
  private func entries(of decided: FinalVerdicts) -> [(name: String, text: String)] {
    let signatures = decided.signatures.map { reading in
      let name = reading.name.map { ", \($0)" } ?? ""
      let time = reading.time.map { ", \(Self.clock($0))" } ?? ""
      return (name: "adjudicated", text: "by \(reading.reader)\(name)\(time)")
    }
    var entries: [(name: String, text: String)] = [
      (name: "FINAL", text: sheet.finalConclusion?.words ?? "nothing stated")
    ]
    let onStudy = decided.decision(nil)
    if onStudy != .open { entries.append((name: "on the study", text: onStudy.words)) }
    if let changed = StudySheet.labelsChanged(decided.relabelled) {
      entries.append((name: "places", text: changed))
    }
    return entries + signatures
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

  /// The same in sentences: what detected, then who made which labels; their files stand in the JSON.
  private var methodWords: [String] {
    let labels = Set(sheet.labels.map(\.role.rawValue))
    // The network's settings say what they are.
    let said = method.filter { !labels.contains($0.name) }.map { name, text in
      name == "network" ? text : "\(name) \(text)"
    }
    var makers: [String] = []
    for label in sheet.labels where !makers.contains(label.maker) { makers.append(label.maker) }
    let made = makers.map { maker in
      let roles = sheet.labels.filter { $0.maker == maker }.map(\.role.rawValue)
      return "\(roles.joined(separator: ", ")): \(maker)"
    }
    return [said.joined(separator: "; ")] + (made.isEmpty ? [] : [made.joined(separator: "; ")])
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
