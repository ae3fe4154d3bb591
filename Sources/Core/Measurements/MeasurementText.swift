internal import Imaging

/// A study's measurements as plain text for terminals, pipes and logs.
public enum MeasurementText {
  /// The report with the detection's summary; ends in the notice and a newline.
  public static func report(_ report: StudyReport) -> String {
    let study = report.measurements
    var lines = ["\(study.subject): \(study.image)", Notice.researchUse, ""]
    lines += detection(report.detection)
    guard study.reason == nil else {
      lines.append("not measured: \(study.reason ?? "")")
      return finish(lines, study)
    }
    lines.append(
      "measured on slice \((study.sliceIndex ?? 0) + 1) from the patient's left, \(study.position); "
        + "levels: \(study.levelSource)")
    for (role, file) in study.labels.sorted(by: { $0.key < $1.key }) {
      lines.append("  \(role) from \(file)")
    }
    if study.labels["spine"] == nil {
      lines.append("  no vertebrae or discs are outlined: \(remedy(report))")
    }
    lines += ["", "alignment"] + alignment(study)
    lines += [
      "",
      "disc levels (references: adj = adjacent, norm = nearest normal mid-bodies; below 0: wider than they)",
    ]
    lines += table(levels(study))
    lines.append(
      "  ? in doubt, the remarks say why; ! displaced enough to be looked at; touches: under "
        + "\(Int(DiscDisplacement.contactMM)) mm from the cord")
    lines += ["", "vertebrae"] + table(vertebrae(study))
    lines += ["", "K-line"] + kLines(study)
    lines += ["", "signal"] + signal(study)
    let remarks = MeasurementRemarks.lines(study)
    if !remarks.isEmpty { lines += ["", "remarks"] + remarks }
    return finish(lines, study)
  }

  /// What outlines vertebrae, after what `segment` has done.
  private static func remedy(_ report: StudyReport) -> String {
    switch report.spineSearch {
    case .open: "`cordscope segment LIB` looks for them"
    case .noCord: "`cordscope segment` has looked and found no cord: draw them, and import them"
    case .unnamed:
      "`cordscope segment` has looked and cannot name them: `cordscope segment LIB --subject "
        + "\(report.measurements.subject) --uppermost LEVEL` names the uppermost that is seen"
    }
  }

  private static func finish(_ lines: [String], _ study: CervicalMeasurements) -> String {
    var lines = lines
    if !study.quality.isEmpty {
      lines += ["", "quality of the slice"] + study.quality.map(Self.flag)
    }
    let variability = variability(study)
    if !variability.isEmpty { lines += ["", "published reader variability"] + variability }
    lines += ["", study.notice]
    return lines.map { $0.cleaned }.joined(separator: "\n") + "\n"
  }

  /// A flag, and what it voids.
  private static func flag(_ flag: QualityFlag) -> String {
    func words(_ voided: Set<MeasurementFamily>?, _ lead: String) -> String {
      // The cord's family takes the canal's along.
      let isWhole = voided?.contains(.cord) == true
      let names = MeasurementFamily.allCases.filter { voided?.contains($0) == true }
        .filter { !isWhole || $0 != .canal }.map(\.rawValue)
      return names.isEmpty ? "" : " \(lead): \(names.joined(separator: ", "))."
    }
    return "  \(flag.flag): \(flag.text)" + words(flag.issue?.voids, "Not measured")
      + words(flag.issue?.voidsWhereLost, "Not measured there")
      + words(flag.issue?.voidsWhereFound, "Not measured from found outlines")
  }

  private static func detection(_ detection: Detection?) -> [String] {
    guard let detection else { return ["detection: none yet (cordscope detect)"] }
    guard let score = detection.patient.score else {
      return ["detection: not assessable: \(detection.patient.reason ?? "no reason stated")"]
    }
    guard detection.patient.assessable else {
      return [
        "detection: score \(score.hundredths) without a call (\(detection.model.scoring)): "
          + (detection.patient.reason ?? Detection.notBySegment)
      ]
    }
    let flagged = detection.flaggedSegments.map(\.name).joined(separator: " ")
    let limit = detection.patient.threshold
    return [
      "detection: score \(ScoreDecimals.text(score, threshold: limit)), "
        + "threshold \(ScoreDecimals.text(limit, threshold: limit, beside: score))"
        + (detection.patient.flagged ? ", flagged" : ", not flagged")
        + (flagged.isEmpty ? "" : ": \(flagged)") + " (\(detection.model.scoring))"
    ]
  }

  private static func alignment(_ study: CervicalMeasurements) -> [String] {
    guard let a = study.alignment else { return ["  not measured"] }
    let rows = [
      ("C2-C7 Cobb, lordosis +", a.cobbDeg, "deg"), ("C2 slope", a.c2SlopeDeg, "deg"),
      ("T1 slope", a.t1SlopeDeg, "deg"), ("T1 slope - Cobb", a.t1SlopeMinusCobbDeg, "deg"),
      ("C2-7 SVA, C7 corner", a.c2C7SvaCornerMm, "mm"),
      ("C2-7 SVA, C7 centroid", a.c2C7SvaCentroidMm, "mm"),
    ]
    return rows.map { name, value, unit in
      // The flags stand beside it, and so no "?" before it.
      let number = value.value?.tenths ?? "-"
      let after = value.value == nil ? "  \(value.reason ?? "")" : marks(value)
      return "  " + name.padded(to: 24) + number.leftPadded(to: 7) + " \(unit)" + after
    }
  }

  /// The columns of the table of levels with their heads.
  private static let levelColumns: [(column: LevelColumn, head: String)] = [
    (.cord, "cord mm"), (.canal, "canal mm"), (.msccAdjacent, "MSCC adj"),
    (.msccNormal, "MSCC norm"), (.mccAdjacent, "MCC adj"), (.mccNormal, "MCC norm"),
    (.occupation, "occ %"), (.csf, "CSF f/b mm"), (.kang, "Kang"), (.disc, "disc mm"),
    (.gap, "gap mm"),
  ]

  private static func levels(_ study: CervicalMeasurements) -> [[String]] {
    let rows = study.levels.map { level -> [String] in
      let cells = levelColumns.map { shown -> String in
        shown.column.cell(level, between: " / ") + mark(shown.column.mark(level))
      }
      return [level.level] + cells
    }
    return [["level"] + levelColumns.map { $0.head }] + rows
  }

  private static func mark(_ mark: LevelColumn.Mark?) -> String {
    switch mark {
    case .displaced: " !"
    case .touches: " touches"
    case nil: ""
    }
  }

  private static func vertebrae(_ study: CervicalMeasurements) -> [[String]] {
    [
      [
        "vertebra", "cord mm", "canal mm", "height ant/mid/post mm", "loss vs neighbours %",
      ]
    ]
      + study.vertebrae.map { v in
        [
          v.level, cell(v.cordApMm), cell(v.canalApMm),
          three(v.heightAnteriorMm, v.heightMiddleMm, v.heightPosteriorMm),
          three(
            v.heightLossAnteriorPercent, v.heightLossMiddlePercent, v.heightLossPosteriorPercent),
        ]
      }
  }

  /// Three values, of which one that is missing is "-" in its place, and why stands among the remarks; one
  /// "-" where all are.
  private static func three(_ values: MeasuredValue...) -> String {
    values.allSatisfy { $0.value == nil } ? "-" : values.map(cell).joined(separator: " / ")
  }

  private static func kLines(_ study: CervicalMeasurements) -> [String] {
    [("modified (cord)", study.modifiedKLine), ("canal", study.canalKLine)].map { name, line in
      let head = "  " + name.padded(to: 18)
      guard let line, let value = line.intMinMm.value else {
        return head + "not measured: \(line?.intMinMm.reason ?? "no cord")"
      }
      return head + "INTmin \(value.hundredths) mm at \(line.intMinLevel ?? "-"), "
        + (line.status ?? "") + marks(line.intMinMm)
    }
  }

  private static func signal(_ study: CervicalMeasurements) -> [String] {
    guard let signal = study.signal else { return ["  not measured: the cord is not labelled"] }
    let left = signal.referenceLeftOut ?? []
    var lines = [
      "  reference: \(signal.reference ?? "none")"
        + (left.isEmpty ? "" : ", left out: \(left.joined(separator: ", "))")
    ]
    if let type = signal.combinedType.value {
      let names = [
        "none", "focal and faint", "focal and intense", "multisegmental and faint",
        "multisegmental and intense",
      ]
      let n = min(max(Int(type), 1), names.count)
      lines.append("  combined type \(signal.combinedType.doubt)\(n): \(names[n - 1])")
    } else {
      lines.append("  combined type not known: \(signal.combinedType.reason ?? "")")
    }
    let narrowest = signal.scrAtNarrowestRatio
    if let ratio = narrowest.value {
      let said = [narrowest.inputs.last, narrowest.signalReference].compactMap(\.self)
      lines.append(
        "  SCR \(narrowest.doubt)\(ratio.hundredths) (\(said.joined(separator: "; ")))"
          + marks(narrowest))
    }
    for lesion in study.lesions {
      let ratio = lesion.scrRatio.doubt + (lesion.scrRatio.value?.hundredths ?? "-")
      let number = lesion.yukawaGrade.value.map { String(Int($0)) } ?? "-"
      let grade = lesion.yukawaGrade.doubt + number
      let after = (lesion.remarks + lesion.readers).map { "; \($0)" }.joined()
      lines.append(
        "  lesion \(lesion.segments.isEmpty ? "outside the segments" : lesion.segments.joined(separator: " "))"
          + " (\(lesion.source.rawValue)): SCR \(ratio), length "
          + "\(cell(lesion.lengthMm)) mm, area \(cell(lesion.areaMm2)) mm2, suggested Yukawa grade "
          + grade
          + (lesion.sliceIndex == study.sliceIndex ? "" : ", on slice \(lesion.sliceIndex + 1)")
          + after)
    }
    return lines
  }

  private static func variability(_ study: CervicalMeasurements) -> [String] {
    var lines: [String] = []
    for row in study.rows {
      let text = row.measurement.variability
      guard text != MeasuredValue.unpublished else { continue }
      let line = "  \(row.measure): \(text)"
      if !lines.contains(line) { lines.append(line) }
    }
    return lines
  }

  private static func marks(_ value: MeasuredValue) -> String {
    value.quality.isEmpty ? "" : "  \(value.quality.names.joined(separator: ", "))"
  }

  /// A value, "?" before it where it is in doubt, or "-".
  private static func cell(_ value: MeasuredValue) -> String {
    value.doubt + (value.value?.tenths ?? "-")
  }

  /// Columns as wide as their widest cell, the first to the left and the others to the right.
  private static func table(_ rows: [[String]]) -> [String] {
    guard let head = rows.first else { return [] }
    let widths = head.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { cells in
      var line = "  " + cells[0].padded(to: widths[0])
      for column in cells.indices.dropFirst() {
        line += "  " + cells[column].leftPadded(to: widths[column])
      }
      return line
    }
  }
}
