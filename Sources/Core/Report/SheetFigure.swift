public import Imaging

/// A report as one picture: the slice with the anomaly map, the AnoCurve, the segments and the method.
public struct SheetFigure: Sendable {
  /// Width of the page in px.
  public static let width = 1400
  /// Height of the page in px.
  public static let height = 1000
  /// Where the slice stands, in px.
  static let slicePlace = PixelRect(rows: 70..<800, columns: 20..<540)
  /// Where the AnoCurve stands, in px.
  static let curvePlace = PixelRect(rows: 60..<440, columns: 550..<1390)
  private static let ladderPlace = PixelRect(rows: 452..<840, columns: 564..<1386)
  private static let footPlace = PixelRect(rows: 850..<990, columns: 20..<1386)

  /// What the report says.
  let sheet: StudySheet
  /// The pictures, where they can be read.
  let study: ReviewStudy?

  /// Makes the figure of a report.
  ///
  /// - Parameter study: The study's pictures with the map; `nil` where none can be read.
  public init(_ sheet: StudySheet, study: ReviewStudy?) {
    self.sheet = sheet
    self.study = study
  }

  /// The page, ``width`` x ``height`` px.
  public func drawn() -> RGBRaster {
    var canvas = PlotCanvas(width: Self.width, height: Self.height)
    let content = SheetContent(sheet: sheet)
    canvas.write(
      "\(content.title): AI call \(sheet.call.word)", x: 20, y: 14,
      PlotText(scale: 2, isBold: true))
    canvas.write(PlotNotice.researchUse, x: 20, y: 44, PlotText(isBold: true))
    drawSlice(on: &canvas)
    drawCurve(on: &canvas)
    drawLadder(content, on: &canvas)
    drawFoot(content, on: &canvas)
    return canvas.picture
  }

  // MARK: The slice

  private func drawSlice(on canvas: inout PlotCanvas) {
    let place = Self.slicePlace
    guard let study, let picture = picture(of: study) else {
      write(["No slice can be shown."], in: place, on: &canvas)
      return
    }
    let found = marked(on: picture)
    let crop = Self.room(of: found, on: picture, besides: study.spine).expanded(
      toAspect: Double(place.width) / Double(place.height), within: PixelRect(picture.image))
    let segments = sheet.detection?.segments ?? []
    let bounds = segments.flatMap { [$0.rowFrom, $0.rowTo] }.compactMap(\.self).map { Double($0) }
    let names = segments.compactMap { segment -> (row: Double, name: String)? in
      guard let from = segment.rowFrom, let to = segment.rowTo else { return nil }
      return (Double(from + to) / 2, segment.name)
    }
    let overlay = overlay(picture)
    var marks = PictureRequest.Marks(boundaryRows: bounds)
    marks.findings = found
    let drawn = PictureRenderer.render(
      PictureRequest(
        image: picture.image,
        window: WindowLevel.preset(.auto, of: picture.image) ?? WindowLevel(from: 0, to: 1),
        targetRows: place.height, targetColumns: place.width, overlay: overlay,
        marks: marks,
        lettering: .init(
          orientation: .sagittal, mmPerColumn: SagittalGrid.spacing, rowNames: names,
          showsColourBar: overlay != nil), crop: crop))
    canvas.draw(
      drawn.canvas.picture, x: place.columns.lowerBound, y: place.rows.lowerBound)
    let below = PixelRect(
      rows: (place.rows.upperBound + 6)..<(place.rows.upperBound + 50), columns: place.columns)
    write([caption(picture, hasMap: overlay != nil, in: below)], in: below, on: &canvas)
  }

  /// The findings that lie on a slice, with their numbers.
  private func marked(on picture: ReviewStudy.Picture) -> [PictureRequest.Marks.Point] {
    sheet.findings.filter { $0.place.slice == picture.index }.map { finding in
      let place = finding.place.pixel(on: picture.grid)
      return PictureRequest.Marks.Point(
        place: SIMD2(place.column, place.row), name: "\(finding.number)", isChosen: true)
    }
  }

  /// A part of a slice, enlarged so that all marks lie in it: a finding may lie away from the spine.
  private static func room(
    of marks: [PictureRequest.Marks.Point], on picture: ReviewStudy.Picture, besides part: PixelRect
  ) -> PixelRect {
    func about(_ middle: Double, _ count: Int) -> Range<Int> {
      let from = Int(min(max(middle - 8, 0), Double(count - 1)))
      return from..<max(Int(min(max(middle + 8, 0), Double(count))), from + 1)
    }
    return marks.reduce(part) { room, mark in
      room.union(
        PixelRect(
          rows: about(mark.place.y, picture.image.rows),
          columns: about(mark.place.x, picture.image.columns)))
    }
  }

  /// The slice that the patient's score comes from, or the middle one.
  private func picture(of study: ReviewStudy) -> ReviewStudy.Picture? {
    guard !study.pictures.isEmpty else { return nil }
    let index = sheet.detection?.sliceIndex
    return study.pictures.first { $0.index == index } ?? study.pictures[study.pictures.count / 2]
  }

  /// What is brighter than expected; only cord is scored, so only cord is coloured.
  func overlay(_ picture: ReviewStudy.Picture) -> PictureRequest.Overlay? {
    guard var values = picture.anomaly, values.pixels.count == picture.image.pixels.count else {
      return nil
    }
    let cord = picture.cord.flatMap { $0.pixels.count == values.pixels.count ? $0.pixels : nil }
    for n in values.pixels.indices where !(values.pixels[n] > 0) || cord?[n] == false {
      values.pixels[n] = .nan
    }
    let threshold = Float(mapFrom.value)
    return PictureRequest.Overlay(
      values: values, fullScale: AnomalyMapScale.full(from: threshold), threshold: threshold)
  }

  /// From which value the map is drawn, with its source.
  private var mapFrom: (value: Double, words: String) {
    guard let known = sheet.detection?.mapThreshold, known.value > 0 else {
      return (0.1, "no threshold is known")
    }
    return (known.value, "the patient threshold of core: \(known.source)")
  }

  /// The caption: of where the threshold comes from as many whole clauses as there is room for.
  func caption(
    _ picture: ReviewStudy.Picture, hasMap: Bool, in place: PixelRect
  ) -> String {
    let slice = "Slice \(picture.index + 1) from the patient's left."
    guard hasMap else { return slice + " No anomaly map." }
    let map =
      slice
      + " Anomaly map from \(SheetContent.score(mapFrom.value, 0)) of the cord-to-CSF step, "
    var clauses = mapFrom.words.cleaned.split(separator: ";").map { String($0).trimmed }
    while clauses.count > 1, !Self.holds(map + clauses.joined(separator: "; ") + ".", in: place) {
      clauses.removeLast()
    }
    return map + clauses.joined(separator: "; ") + "."
  }

  /// Whether a place has lines enough for a text.
  private static func holds(_ words: String, in place: PixelRect) -> Bool {
    let text = PlotText()
    let lines = place.height / lineStep
    return text.wrapped(words, to: place.width, lines: lines + 1).count <= lines
  }

  /// From one line of small letters to the next, in px.
  private static let lineStep = PlotText().height + 4

  // MARK: The curve

  private func drawCurve(on canvas: inout PlotCanvas) {
    guard let detection = sheet.detection, !detection.curve.row.isEmpty else {
      let reason = sheet.call.reason.map { ": \($0)" } ?? ""
      write(["AnoCurve not assessed\(reason)."], in: Self.curvePlace, on: &canvas)
      return
    }
    chart(detection).draw(on: &canvas, in: Self.curvePlace, isPanel: true)
  }

  /// The curve of the slice that gave the patient's score and of those that gave a flagged segment's.
  private func chart(_ detection: Detection) -> Chart {
    var series = [Self.line(detection.curve, detection.sliceIndex)]
    let others = Set(detection.segments.filter(\.flagged).compactMap(\.sliceIndex))
    for slice in detection.slices
    where others.contains(slice.index) && slice.index != detection.sliceIndex
      && !slice.curve.row.isEmpty
    {
      series.append(Self.line(slice.curve, slice.index))
    }
    if let second = Self.second(detection) { series.append(second) }
    let patient = detection.patient.threshold
    // No threshold is for a whole cord.
    let isUncalled = detection.patient.isUncalled
    var references: [Chart.Reference] = isUncalled ? [] : [.y(patient, "patient threshold")]
    let limits = isUncalled ? [] : Set(detection.segments.map(\.threshold)).sorted()
    for own in limits where own != patient {
      references.append(
        .y(own, "segment threshold", PlotStyle(RGB8(grey: 90), dash: .dotted)))
    }
    return Chart(
      "AnoCurve",
      x: .init("row of the canonical grid (0.78 mm), superior to inferior"),
      y: .init("score (\(detection.model.scoring))"), series: series, references: references,
      regions: detection.segments.compactMap { segment in
        guard let from = segment.rowFrom, let to = segment.rowTo else { return nil }
        return Chart.Region(
          from: Double(from), to: Double(to), segment.name,
          colour: segment.flagged ? RGB8(r: 250, g: 226, b: 200) : nil)
      }, legend: .above)
  }

  /// The look of the second opinion's curve: black strokes and dots, which no curve beside it has and
  /// which let one under it show through.
  static let secondStyle = PlotStyle(RGB8(grey: 0), dash: .dashDotted)

  /// The second opinion's curve on the slice that gave the patient's score, on the scale that its legend
  /// names; `nil` where there is none to draw.
  private static func second(_ detection: Detection) -> Chart.Series? {
    guard let second = detection.secondOpinionCurve(beside: detection.curve) else { return nil }
    let slice = detection.sliceIndex.map { " of slice \($0 + 1)" } ?? ""
    return line(
      "second opinion LC61\(slice), its threshold on that of the AI", detection.curve.row,
      second.scaled.map { $0 ?? .nan }, style: secondStyle)
  }

  /// The curve of a slice.
  private static func line(_ curve: Detection.Curve, _ slice: Int?) -> Chart.Series {
    line(slice.map { "slice \($0 + 1)" } ?? "curve", curve.row, curve.value)
  }

  /// A curve; where rows are missing the line breaks.
  private static func line(
    _ name: String, _ rows: [Int], _ values: [Double], style: PlotStyle? = nil
  ) -> Chart.Series {
    var (x, y): ([Double], [Double]) = ([], [])
    for (row, value) in zip(rows, values) {
      if let last = x.last, Double(row) > last + 1 {
        x.append(last + 1)
        y.append(.nan)
      }
      x.append(Double(row))
      y.append(value)
    }
    return .line(name, x: x, y: y, style: style)
  }

  // MARK: Words

  /// The segments as a table, and under it what each reader stated.
  private func drawLadder(_ content: SheetContent, on canvas: inout PlotCanvas) {
    let place = Self.ladderPlace
    let text = PlotText(scale: 2)
    var y = place.rows.lowerBound
    let widths = [9, 13, 7, 10, 0]
    for (n, row) in ([SheetContent.segmentHeads] + content.segmentRows).enumerated() {
      let line = zip(row, widths).map { $0.padded(to: $1) }.joined()
      canvas.write(
        text.fitted(line, to: place.width), x: place.columns.lowerBound, y: y,
        PlotText(scale: 2, isBold: false, colour: RGB8(grey: n == 0 ? 95 : 30)))
      y += text.height + 6
    }
    let rest = PixelRect(rows: (y + 4)..<max(place.rows.upperBound, y + 4), columns: place.columns)
    write(statements, in: rest, on: &canvas)
  }

  /// What decides between readers, where anybody has adjudicated, then one line per reader: "Reader liu, case
  /// present: C4-5 present, C5-6 absent; not signed, last act ...".
  var statements: [String] {
    let leftOut: [String] = [sheet.others.remark].compactMap(\.self)
    guard !sheet.readers.isEmpty else {
      return leftOut.isEmpty ? ["Nobody has stated anything."] : leftOut
    }
    let decided = sheet.finalVerdicts.map { decided in
      let whole = sheet.finalConclusion.map { ", \($0.brief)" } ?? ""
      let changed = StudySheet.labelsChanged(decided.relabelled).map { "; \($0)" } ?? ""
      return "FINAL\(whole): \(decided.words)\(changed); adjudicated by \(decided.adjudicators)"
    }
    let told: [String] = [decided].compactMap(\.self) + readerStatements
    return told + leftOut + [findingStatement].compactMap(\.self)
  }

  /// The findings with their numbers at the marks, and which have none as they lie on other slices.
  private var findingStatement: String? {
    let shown = study.flatMap { picture(of: $0)?.index }
    let words = sheet.findings.map { finding in
      let isElsewhere = finding.place.slice != shown
      return "\(finding.number) \"\(finding.words)\" of \(finding.reader) (\(finding.placeWords)"
        + (isElsewhere ? ", not on the slice shown)" : ")")
    }
    return words.isEmpty ? nil : "Findings: \(words.joined(separator: "; "))."
  }

  private var readerStatements: [String] {
    sheet.readers.map { reader in
      if reader.problem != nil { return "Reader \(reader.reader): the journal cannot be read." }
      let stated = SpinalSegment.allCases.compactMap { segment in
        reader.review.standing(segment)?.verdict.map { "\(segment.name) \($0.words)" }
      }
      let study = reader.review.standingOnStudy?.verdict.map { ["study \($0.words)"] } ?? []
      let all = stated + study
      let verdicts = all.isEmpty ? "nothing stated" : all.joined(separator: ", ")
      let whole = sheet.conclusion(of: reader).map { ", \($0.brief)" } ?? ""
      let changed = [StudySheet.labelsChanged(reader.relabelled)].compactMap(\.self)
      let parts =
        [verdicts] + changed + reader.review.remarksOnStudy + [Self.when(reader.review)]
      return "Reader \(reader.reader)\(whole): " + parts.joined(separator: "; ")
    }
  }

  /// Who signed it when, or when the reader said something last.
  private static func when(_ review: ReviewState) -> String {
    let last = review.isSigned ? nil : review.history.last?.record.time
    return review.signatureWords
      + (last.map { ", last act \(SheetContent.clock($0))" } ?? "")
  }

  private func drawFoot(_ content: SheetContent, on canvas: inout PlotCanvas) {
    let method = content.method.map { "\($0.name) \($0.text)" }.joined(separator: "; ")
    let detection = sheet.detection
    let threshold = detection.map(Self.thresholdWords)
    let flags = sheet.quality.names.joined(separator: ", ")
    let quality = flags.isEmpty ? detection == nil ? "not assessed" : "no flag" : flags
    write(
      [
        threshold ?? "Not assessed: \(sheet.call.reason ?? "").", "Quality: \(quality).",
        "Method: \(method).",
        "Made \(SheetContent.clock(sheet.time)) by Cordscope \(Notice.version). \(sheet.image)",
      ], in: Self.footPlace, on: &canvas)
  }

  /// The threshold of the score and where it comes from, or that the score has none.
  private static func thresholdWords(_ detection: Detection) -> String {
    let patient = detection.patient
    func number(_ value: Double?) -> String { SheetContent.score(value, patient.threshold) }
    guard !patient.isUncalled else {
      return "Score \(number(patient.score)) without a call: "
        + "\(patient.reason ?? Detection.notBySegment)."
    }
    return "Threshold \(number(patient.threshold)) from \(detection.model.thresholdSource)."
  }

  /// Sentences in small letters from the top of a place, as many lines as there is room for.
  private func write(_ texts: [String], in place: PixelRect, on canvas: inout PlotCanvas) {
    let text = PlotText()
    let step = Self.lineStep
    var y = place.rows.lowerBound
    for line in texts.flatMap({ text.wrapped($0.cleaned, to: place.width, lines: 8) }) {
      guard y + step <= place.rows.upperBound else { return }
      canvas.write(line, x: place.columns.lowerBound, y: y, text)
      y += step
    }
  }
}
