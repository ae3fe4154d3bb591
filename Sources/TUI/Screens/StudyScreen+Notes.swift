internal import Core
internal import Foundation
internal import Imaging

/// The notes of the study screen: quality, who made labels and model, measurements, and the reader's own acts.
extension StudyScreen {
  /// The quality flags on one line: "quality: levels-missing; not decisive: out-of-plane (slices 5,
  /// 7)".
  static func qualityWords(_ study: StudyScreenState) -> String {
    guard let detection = study.detection else { return "" }
    let decisive = detection.decisiveQuality
    func list(_ title: String, _ flags: [QualityFlag]) -> [String] {
      if flags.isEmpty { return [] }
      // A flag with other words on each slice is named once, with all its slices.
      let words = flags.names.map { name in
        let slices = flags.filter { $0.flag == name }.map(\.slices)
        let all = slices.contains(nil) ? nil : Set(slices.compactMap(\.self).joined()).sorted()
        let places = study.places(of: QualityFlag(name, "", slices: all))
        return name + (places.isEmpty ? "" : " (\(places))")
      }
      return ["\(title): \(words.joined(separator: ", "))"]
    }
    let lists =
      list("quality", decisive)
      + list("not decisive", detection.quality.filter { !decisive.contains($0) })
    return lists.isEmpty ? "quality: nothing to note" : lists.joined(separator: "; ")
  }

  /// All that is measured of the selected level, where its own line holds a part of it only; empty where it
  /// holds all.
  private static func measuredNotes(
    _ study: StudyScreenState, _ layout: StudyLayout
  ) -> [(String, Style)] {
    guard let text = MeasureLine.text(study),
      DisplayText.width(text) > MeasureLine.place(study, layout).rect.width
    else { return [] }
    return [("", Style.normal), ("MEASURED", .head)]
      + DisplayText.wrap(text, layout.notes.width).map { ($0, Style.normal) }
  }

  /// Quality, model, and the reader's latest acts, as far as there is room.
  static func drawNotes(
    _ study: StudyScreenState, _ state: AppState, _ layout: StudyLayout, in screen: inout Screen
  ) {
    let rect = layout.notes
    guard rect.height >= 3 else { return }
    let values = measuredNotes(study, layout)
    guard let detection = study.detection else {
      var lines = Array(values.dropFirst())
      if lines.count > rect.height { lines = [] }
      if !lines.isEmpty { lines.append(("", .normal)) }
      let own = ownNotes(study, state, rect, room: rect.height - lines.count)
      return drawNotes(lines + own, rect, in: &screen)
    }
    var lines: [(String, Style)] = [("QUALITY", .head)]
    if detection.quality.isEmpty { lines.append(("nothing to note", .dim)) }
    // What bears on the result comes first; the other slices' flags follow while there is room.
    let decisive = detection.decisiveQuality
    let flags = decisive + detection.quality.filter { !decisive.contains($0) }
    let origins = labelWords(study)
    let labels =
      origins.isEmpty
      ? []
      : [("", Style.normal), ("LABELS", .head)]
        + origins.flatMap { DisplayText.wrap($0, rect.width) }.map { ($0, Style.dim) }
    let said = flags.map { flagLines($0, study, decisive.contains($0), rect.width) }
    let room = rect.height - said.reduce(lines.count) { $0 + $1.plain.count }
    // The ladder alone has what its line cuts before who made the labels; elsewhere that takes spare rows.
    let sections = layout.enlarged == .ladder ? [values, labels] : [labels, values]
    var wanted = 0
    for section in sections where wanted + section.count <= room { wanted += section.count }
    // What was measured of a flag follows its sentence where there is room for all, and for who made the labels.
    let isWhole =
      wanted >= labels.count && said.reduce(wanted) { $0 + $1.detail.count } <= room
    for flag in said { lines += flag.plain + (isWhole ? flag.detail : []) }
    for section in sections where lines.count + section.count <= rect.height { lines += section }
    let made =
      [("", Style.normal), ("MODEL", .head)]
      + DisplayText.wrap(modelWords(detection), rect.width).map { ($0, Style.dim) }
    if lines.count + made.count <= rect.height { lines += made }
    let own = ownNotes(study, state, rect, room: rect.height - lines.count - 1)
    if !own.isEmpty { lines += [("", .normal)] + own }
    drawNotes(lines, rect, in: &screen)
  }

  /// A flag in a reader's words, and, under its name, what was measured; a flag without words of its own has
  /// its text.
  private static func flagLines(
    _ flag: QualityFlag, _ study: StudyScreenState, _ isDecisive: Bool, _ width: Int
  ) -> (plain: [(String, Style)], detail: [(String, Style)]) {
    let places = study.places(of: flag)
    // What does not bear on the result says so.
    let mark = isDecisive ? "" : " (not decisive)"
    let words = flag.plain.map(sentence) ?? flag.text
    let text = (places.isEmpty ? words : "\(places): \(words)") + mark
    let detail = flag.plain == nil ? "" : "\(flag.flag): \(flag.text)"
    return (
      DisplayText.wrap(text, width).map { ($0, .normal) },
      detail.isEmpty ? [] : DisplayText.wrap(detail, width).map { ($0, .dim) }
    )
  }

  private static func sentence(_ words: String) -> String {
    words.prefix(1).uppercased() + words.dropFirst() + "."
  }

  /// The reader's findings and latest acts on so many lines.
  private static func ownNotes(
    _ study: StudyScreenState, _ state: AppState, _ rect: CellRect, room: Int
  ) -> [(String, Style)] {
    var lines: [(String, Style)] = []
    let findings = study.shownReview.findings.compactMap { record in
      record.place.map { "\(record.comment ?? "") (\(study.words(for: $0)))" }
    }
    let found = findings.flatMap { DisplayText.wrap(DisplayText.clean($0), rect.width) }
    if !found.isEmpty, found.count + 1 <= room {
      lines += [(study.ownHead("findings"), .head)] + found.map { ($0, .normal) }
    }
    let rest = room - lines.count - (lines.isEmpty ? 1 : 2)
    guard rest >= 1, !study.shownReview.history.isEmpty else { return lines }
    if !lines.isEmpty { lines.append(("", .normal)) }
    lines.append((study.ownHead("acts"), .head))
    return lines
      + study.shownReview.history.suffix(rest).reversed().map { line -> (String, Style) in
        let time = ClockTime.text(of: line.record.time, in: state.timeZone) + "  "
        return (time + study.told(line, room: rect.width - time.count), .normal)
      }
  }

  private static func drawNotes(
    _ lines: [(String, Style)], _ rect: CellRect, in screen: inout Screen
  ) {
    for (index, line) in lines.prefix(rect.height).enumerated() {
      screen.put(line.0, rect.row + index, rect.column, line.1, limit: rect.width)
    }
  }

  /// Who made masks and levels, those of one maker on one line; a mask of lesions, which is hidden with the
  /// AI's result, where that is shown or the reader drew on it.
  private static func labelWords(_ study: StudyScreenState) -> [String] {
    let isDrawn = study.shownReview.corrections.contains { $0.correction?.target == .lesion }
    let labels = study.labels.filter {
      $0.role != .lesion || study.showsLesionMeasures || isDrawn
    }
    var makers: [String] = []
    for label in labels where !makers.contains(label.maker) { makers.append(label.maker) }
    return makers.map { maker in
      let roles = labels.filter { $0.maker == maker }.map(\.role.rawValue)
      return "\(roles.joined(separator: ", ")): \(maker)"
    }
  }

  private static func modelWords(_ detection: Detection) -> String {
    let model = detection.model
    let isByRows = model.sampling == CurveSampling.rows.rawValue
    let sampling = isByRows ? "" : " on \(model.sampling) curves"
    let words =
      "\(model.name) \(model.sha256.prefix(8)), \(model.mc) passes, seed \(model.seed), "
      + "\(model.scoring) scoring\(sampling); thresholds: \(model.thresholdSource)"
    guard let other = detection.secondOpinion?.thresholdSource, other != model.thresholdSource
    else { return words }
    return words + "; those of the second opinion: \(other)"
  }
}
