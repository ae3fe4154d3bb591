internal import Imaging

/// The worklist as plain text, one line a study, for terminals, pipes and logs.
public enum WorklistText {
  /// A table with subject, patient score, flagged segments, second opinion and quality flags; what
  /// cannot be assessed says so with the reason. Below it stand the thresholds that `!` means, with
  /// their sources, and the weights that detected. Ends in a newline.
  public static func table(_ entries: [WorklistEntry]) -> String {
    let header = ["subject", "score", "", "flagged", "2nd opinion", "state", "remarks"]
    let rows = entries.map(row)
    // The last column is not padded: it may be long.
    let widths = (0..<header.count - 1).map { column in
      ([header] + rows).map { $0[column].count }.max() ?? 0
    }
    let lines = ([header] + rows).map { cells in
      var line = ""
      for (cell, width) in zip(cells, widths) {
        line += cell + String(repeating: " ", count: width - cell.count + 2)
      }
      line += cells[header.count - 1]
      while line.hasSuffix(" ") { line.removeLast() }
      return line
    }
    let weights = WeightsInUse.words(entries.compactMap { $0.weights?.cleaned })
    return
      (lines + thresholdLines(entries) + weights.map { "weights \($0)" } + [Notice.researchUse])
      .joined(separator: "\n") + "\n"
  }

  /// What a detection says, in one line for a log: what is flagged and the remarks as the table has
  /// them, or that the study is not assessable and why.
  public static func words(_ detection: Detection) -> String {
    var entry = WorklistEntry(subject: detection.subject, state: .unread)
    entry.add(DetectionDigest(detection))
    var words = [flaggedWords(entry, separator: ", ").map { "flagged: \($0)" } ?? "nothing flagged"]
    let patient = detection.patient
    if let score = patient.score, patient.isUncalled {
      words = ["score \(number(score)) without a call"]
    } else if !patient.assessable {
      words = ["not assessable: \(patient.reason ?? "no reason given")"]
    }
    let remarks = remarks(entry).joined(separator: ", ")
    return (words + (remarks.isEmpty ? [] : [remarks])).joined(separator: "; ").cleaned
  }

  /// One line for every threshold and source that scores were compared with.
  private static func thresholdLines(_ entries: [WorklistEntry]) -> [String] {
    var lines: [String] = []
    for entry in entries where entry.score != nil && entry.notAssessed == nil {
      guard let threshold = entry.threshold else { continue }
      let source = entry.thresholdSource?.cleaned ?? "source not stated"
      let line =
        "! from \(number(threshold)) by \(entry.scoring ?? "an unknown scoring"): \(source)"
      if !lines.contains(line) { lines.append(line) }
    }
    if entries.contains(where: isSegmentAlone) {
      lines.append(
        "(!) a segment reaches its threshold, the patient's score does not reach its own")
    }
    return lines
  }

  private static func isOver(_ entry: WorklistEntry) -> Bool {
    entry.notAssessed == nil && both(entry.score, entry.threshold).map { $0 >= $1 } ?? false
  }

  private static func isSegmentAlone(_ entry: WorklistEntry) -> Bool {
    !isOver(entry) && !entry.flagged.isEmpty
  }

  private static func row(_ entry: WorklistEntry) -> [String] {
    let isOver = isOver(entry)
    let second =
      entry.secondOpinionFlagged.isEmpty && entry.secondOpinionFlagsPatient == true
      ? "patient" : list(entry.secondOpinionFlagged)
    return [
      entry.subject, entry.score.map(number) ?? "-",
      isOver ? "!" : isSegmentAlone(entry) ? "(!)" : "",
      flaggedWords(entry) ?? "-",
      second, entry.state.word, remarks(entry).joined(separator: ", "),
    ].map { $0.cleaned }
  }

  /// The segments over their threshold, "patient only" where the patient's score alone reaches its
  /// own, or `nil` where nothing is flagged.
  private static func flaggedWords(_ entry: WorklistEntry, separator: String = " ") -> String? {
    guard entry.flagged.isEmpty else {
      return entry.flagged.map(\.name).joined(separator: separator)
    }
    return isOver(entry) ? "patient only" : nil
  }

  private static func remarks(_ entry: WorklistEntry) -> [String] {
    var remarks = entry.quality.names
    if case .problem(let reason) = entry.state {
      remarks.insert(problemText(entry, reason), at: 0)
    } else if !entry.notAssessable.isEmpty, entry.topSegment != nil {
      remarks.insert("not assessable: \(list(entry.notAssessable))", at: 0)
    } else if let reason = entry.notAssessed, entry.score != nil {
      remarks.insert(reason, at: 0)
    }
    if let conclusion = entry.conclusion { remarks.append(conclusion.words) }
    if entry.isForDiscussion { remarks.append("for discussion") }
    return remarks
  }

  private static func problemText(_ entry: WorklistEntry, _ reason: String) -> String {
    entry.score == nil ? "not assessable: \(reason)" : reason
  }

  private static func both(_ a: Double?, _ b: Double?) -> (Double, Double)? {
    guard let a, let b else { return nil }
    return (a, b)
  }

  private static func list(_ segments: [SpinalSegment]) -> String {
    segments.isEmpty ? "-" : segments.map(\.name).joined(separator: " ")
  }

  /// Three decimals, as many as thresholds need.
  private static func number(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e6 else { return "-" }
    let thousandths = Int((abs(value) * 1000).rounded())
    let fraction = String(thousandths % 1000)
    let sign = value < 0 && thousandths > 0 ? "-" : ""
    return "\(sign)\(thousandths / 1000)."
      + String(repeating: "0", count: 3 - fraction.count) + fraction
  }
}
