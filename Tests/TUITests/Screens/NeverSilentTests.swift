import Core
import Imaging
import Testing

@testable import TUI

@Suite("What was not seen is never called normal")
struct NeverSilentTests {
  private func loaded(_ change: (inout Detection) -> Void) throws -> StudyScreenState {
    var study = try FixtureStudies.study("002")
    var detection = try #require(study.detection)
    change(&detection)
    study.detection = detection
    return StudyScreenState(
      LoadedStudy(study: study, journal: JournalContents(records: [])))
  }

  @Test("The head of a study says what could not be assessed")
  func head() throws {
    #expect(StudyScreen.flagWords(try loaded { _ in }, flagged: 0) == "none flagged")
    let partly = try loaded { $0.segments[5].assessable = false }
    #expect(StudyScreen.flagWords(partly, flagged: 0) == "none flagged, 1 not assessable")
    #expect(StudyScreen.flagWords(partly, flagged: 0, isShort: true) == "none flagged, 1 n/a")
    let not = try loaded { ($0.patient.assessable, $0.patient.score) = (false, nil) }
    #expect(StudyScreen.flagWords(not, flagged: 0) == "not assessable")
  }

  @Test("A score of the whole cord has no call anywhere, flagged or not")
  func uncalled() throws {
    for score in [0.01, 0.9] {
      var study = try loaded { detection in
        detection.patient = Detection.Patient(
          score: score, threshold: 0.15, flagged: false, assessable: false,
          reason: "\(Detection.notBySegment); of the whole cord")
        for index in detection.segments.indices {
          detection.segments[index].assessable = false
          (detection.segments[index].score, detection.segments[index].flagged) = (nil, false)
        }
      }
      #expect(StudyScreen.flagWords(study, flagged: 0) == "no call: levels missing")
      #expect(study.target == .study && study.findings.isEmpty && !study.hasCall(.study))
      let words = WhyLine.text(study)
      #expect(words.contains("not assessed by segment: levels missing"), "\(words)")
      #expect(words.contains("without a call") && !words.contains("flagged"), "\(words)")
      study.isBlind = true
      #expect(study.uncalledScore(.study) == nil)
    }
    var entry = WorklistEntry(
      subject: "1", state: .problem(Detection.notBySegment), score: 0.9, threshold: 0.15)
    entry.notAssessed = Detection.notBySegment
    #expect(!entry.isFlagged && entry.withoutAI.score == nil)
    var state = AppState(
      title: "t", reader: "r", size: TerminalSize(columns: 120, rows: 40),
      capabilities: TerminalCapabilities())
    _ = Workstation.update(&state, .message(.worklist([entry])))
    let row = try #require(
      Renderer.render(state).dump().split(separator: "\n").first { $0.contains("0.90") })
    #expect(row.contains("not assessed by segment: levels missing") && !row.contains("▲"))
  }

  @Test("The worklist tells a partial result from a whole one")
  func worklist() {
    var entry = WorklistEntry(
      subject: "1", state: .unread, score: 0.1, threshold: 0.2, topSegment: .c4c5)
    #expect(WorklistScreen.flagWords(entry, isFlagged: false) == "-")
    entry.notAssessable = [.c6c7, .c7t1]
    #expect(WorklistScreen.flagWords(entry, isFlagged: false) == "4/6 seen")
    entry.notAssessable = SpinalSegment.allCases
    #expect(WorklistScreen.flagWords(entry, isFlagged: false) == "no call")
  }

  @Test("Without levels the second opinion on the patient is compared, not silence")
  func secondOpinion() {
    var entry = WorklistEntry(subject: "1", state: .unread, score: 0.1, threshold: 0.2)
    #expect(WorklistScreen.agreement(entry, isFlagged: false) == "-")
    entry.secondOpinionFlagsPatient = true
    #expect(WorklistScreen.agreement(entry, isFlagged: false) == "flags patient")
    #expect(WorklistScreen.agreement(entry, isFlagged: true) == "agrees")
    entry.secondOpinionFlagsPatient = false
    #expect(WorklistScreen.agreement(entry, isFlagged: true) == "does not flag")
    // With segments of our own: what is not known is no agreement, and a patient flag is told.
    entry.topSegment = .c4c5
    entry.secondOpinionFlagsPatient = nil
    #expect(WorklistScreen.agreement(entry, isFlagged: false) == "-")
    entry.flagged = [.c4c5]
    entry.secondOpinionFlagsPatient = true
    #expect(WorklistScreen.agreement(entry, isFlagged: true) == "patient only")
  }

  @Test("A second opinion that flags the patient alone is no agreement on any segment")
  func secondOnPatient() throws {
    let opinion = { (flagged: Bool) in
      Detection.Opinion(
        detector: SignalDetector.lc61.rawValue, patientScore: 0.4, threshold: 0.3, flagged: flagged,
        segmentScores: [])
    }
    var study = try loaded { detection in
      detection.opinions = [opinion(true)]
      for index in detection.segments.indices {
        detection.segments[index].secondOpinionFlagged = false
      }
      (detection.segments[5].assessable, detection.segments[5].score) = (false, nil)
    }
    for target in study.rows where target != .study {
      study.select(target)
      let words = WhyLine.text(study)
      #expect(words.contains("second opinion LC61 flags the patient"), "\(words)")
      #expect(!words.contains("agrees"), "\(words)")
    }
    study.loaded.study.detection?.opinions = [opinion(false)]
    study.select(.segment(.c4c5))
    #expect(WhyLine.text(study).contains("second opinion LC61 agrees"))
    // The AI flags the patient alone: a second opinion that flags nothing agrees with nothing.
    var other = try patientAlone()
    other.loaded.study.detection?.opinions = [opinion(false)]
    for index in other.loaded.study.detection?.segments.indices ?? 0..<0 {
      other.loaded.study.detection?.segments[index].secondOpinionFlagged = false
    }
    let words = WhyLine.text(other)
    #expect(words.contains("LC61 flags neither the patient nor C5-6"), "\(words)")
  }

  @Test("A joint score neither agrees with its own half nor disagrees")
  func jointScore() throws {
    var entry = WorklistEntry(subject: "1", state: .unread, score: 0.1, threshold: 0.2)
    (entry.scoring, entry.flagged) = ("joint", [.c4c5])
    #expect(WorklistScreen.agreement(entry, isFlagged: true) == "in score")
    let study = try loaded { $0.model.scoring = "head-joint" }
    #expect(WhyLine.text(study).contains("LC61 is part of this score"), "\(WhyLine.text(study))")
  }

  @Test("A threshold of other weights or curves says so, however short the line")
  func foreignThreshold() throws {
    var card = ModelCard(name: "m", sha256: "ab")
    card.thresholds["u2ad-core"] = .init(patient: 1, segment: 1, source: "calibration: 9 patients")
    let along = card.appliedThresholds(of: .core, sampling: .perpendicular).source
    let adapted =
      "before adaptation (m ab), not calibrated for these weights: calibration: 9 patients, 4 sick"
    for source in [along, adapted] {
      let text = WhyLine.text(try loaded { $0.model.thresholdSource = source })
      #expect(text.contains("not calibrated for these scores"), "\(text)")
    }
    let own = WhyLine.text(
      try loaded { $0.model.thresholdSource = "calibration: 9 patients, 4 sick" })
    #expect(own.contains("(calibration: 9 patients)"), "\(own)")
  }

  @Test("A finding on a neighbouring slice opens on that slice, with its curve and its number")
  func ownSlice() throws {
    let study = try loaded { detection in
      let own = Detection.Curve(row: [95, 96], zMm: [25, 24], value: [0.1, 0.6])
      detection.slices = [
        Detection.Slice(
          index: 6, score: 0.6, reason: nil, curve: own, gridOriginMm: [0, 0, 0],
          gridColumnDirection: [0, -1, 0], gridRowDirection: [0, 0, -1])
      ]
      detection.segments[2].flagged = true
      detection.segments[2].score = 0.6
      detection.segments[2].sliceIndex = 6
      detection.segments[2].peakRow = 96
    }
    #expect(study.target == .segment(.c4c5) && study.slice == 6 && study.scoredSlice == 5)
    #expect(study.curveValue(atRow: study.cursorRow) == 0.6)
    #expect(WhyLine.text(study).contains("on slice 7"))
  }

  @Test("A run that begins in another segment says how much of it lies in this one")
  func runBeside() throws {
    var study = try loaded { detection in
      let rows = Array(85...110)
      detection.curve = Detection.Curve(
        row: rows, zMm: rows.map { -Double($0) },
        value: rows.map { (88...97).contains($0) ? 0.6 : 0 })
      for index in 1...2 {
        detection.segments[index].flagged = true
        detection.segments[index].score = 0.6
        detection.segments[index].lengthMm = 8
      }
      detection.segments[1].peakRow = 90
      detection.segments[2].peakRow = 95
    }
    // C3-4 ends with row 92: five of the ten rows lie in either.
    for target in [ReviewTarget.segment(.c3c4), .segment(.c4c5)] {
      study.select(target)
      #expect(
        WhyLine.text(study).contains("run of 8.0 mm over threshold, 4.0 mm of it here"),
        "\(WhyLine.text(study))")
    }
    study.loaded.study.detection?.curve = Detection.Curve(row: [], zMm: [], value: [])
    #expect(WhyLine.text(study).contains("run of 8.0 mm over threshold;"))
  }

  @Test("A screen of 120 columns says no less of a segment than one of 80")
  func whyWidths() {
    func words(_ columns: Int, _ rows: Int) -> String {
      let size = TerminalSize(columns: columns, rows: rows)
      let session = Session(MemoryDriver.Step.open("001"), columns: columns, rows: rows)
      let why = StudyLayout(size: size, isAligned: nil, capabilities: .init()).why
      return session.lines[why.row..<why.rowEnd].map { line in
        String(line.drop { $0 == " " })
      }.joined(separator: " ")
    }
    let least = words(80, 24).count
    #expect(least > 130)
    for (columns, rows) in [(100, 30), (120, 40), (120, 24), (159, 40), (160, 40), (200, 60)] {
      #expect(words(columns, rows).count >= least, "\(columns)")
    }
  }

  @Test("Every scored slice is marked, and flags say which slice they were found on")
  func scoredSlices() throws {
    var study = try loaded { detection in
      detection.slices = [5, 4, 6].map { index in
        Detection.Slice(
          index: index, score: 0.1, reason: nil, curve: detection.curve, gridOriginMm: [0, 0, 0],
          gridColumnDirection: [0, -1, 0], gridRowDirection: [0, 0, -1])
      }
      detection.quality = [
        QualityFlag("out-of-plane", "The cord leaves the slice.", slices: [6]),
        QualityFlag("canal-estimated", "From a ring.", slices: [4, 5, 6]),
        QualityFlag("levels-interpolated", "Interpolated."),
      ]
    }
    func words(_ slice: Int) -> String {
      study.slice = slice
      return StudyScreen.pictureWords(study, wide: true)
    }
    #expect(words(5).contains("slice 6 of 11 scored, highest"))
    #expect(words(4).hasPrefix("slice 5 of 11 scored  "))
    #expect(words(6).hasPrefix("slice 7 of 11 scored  "))
    #expect(words(3).hasPrefix("slice 4 of 11  "))
    let flags = try #require(study.detection?.quality)
    #expect(flags.map { study.places(of: $0) } == ["slice 7", "", ""])
    #expect(
      WhyLine.text(study)
        .hasSuffix(
          "the canal is estimated, not labelled; some levels are estimated between others"))
  }

  /// Like the shipped card: the patient's threshold is lower than a segment's.
  private func patientAlone() throws -> StudyScreenState {
    try loaded { detection in
      detection.patient.threshold = 0.097
      detection.patient.flagged = true
      for index in detection.segments.indices {
        detection.segments[index].threshold = 0.211
        detection.segments[index].sliceIndex = 5
      }
      detection.segments[3].sliceIndex = 4
    }
  }

  @Test("A patient over threshold without a segment over its own opens at the peak and says so")
  func patientWithoutSegment() throws {
    let study = try patientAlone()
    #expect(study.target == .segment(.c5c6) && study.slice == 4 && study.scoredSlice == 5)
    #expect(study.cursorRow == study.assessment(study.target)?.peakRow)
    let sentence =
      "patient over threshold 0.097, no segment over its own: highest is C5-6 0.110 "
      + "(threshold 0.211)"
    #expect(WhyLine.text(study).hasPrefix(sentence))
    #expect(StudyScreen.flagWords(study, flagged: 0) == "▲ patient flagged")
    // It is said on every other row, too, beside what is true of that row.
    for target in study.rows where target != study.target {
      var other = study
      other.select(target)
      let words = WhyLine.text(other)
      #expect(words.hasPrefix("\(target.name) not flagged") && words.contains(sentence))
    }
    var unseen = study
    unseen.loaded.study.detection?.segments[5].assessable = false
    unseen.select(.segment(.c7t1))
    #expect(WhyLine.text(unseen).contains(sentence))
    let ordinary = try loaded { _ in }
    #expect(ordinary.patientPeak == nil && !WhyLine.text(ordinary).contains("patient over"))
  }

  @Test("The ladder marks the patient's peak, and finding keys lead to it")
  func patientPeakOnScreen() throws {
    var state = AppState(
      title: "t", reader: "r", size: TerminalSize(columns: 120, rows: 40),
      capabilities: TerminalCapabilities())
    state.view = .study
    state.study = try patientAlone()
    let row = try #require(
      Renderer.render(state).dump().split(separator: "\n").first { $0.contains("▸ C5-6") })
    #expect(row.contains("peak"))
    state.study?.select(.segment(.c2c3))
    _ = Workstation.update(&state, .key(KeyPress(.character("."))))
    #expect(state.study?.target == .segment(.c5c6) && state.study?.slice == 4)
    _ = Workstation.update(&state, .key(KeyPress(.character("."))))
    #expect(state.message?.text.contains("flags the patient") == true)
  }

  /// A study that was opened before it was detected.
  private func undetected() throws -> AppState {
    var state = AppState(
      title: "t", reader: "r", size: TerminalSize(columns: 120, rows: 40),
      capabilities: TerminalCapabilities())
    _ = Workstation.update(&state, .message(.worklist(FixtureStudies.worklist(12))))
    state.worklist.selected = "008"
    _ = Workstation.update(&state, .key(KeyPress(.enter)))
    try answer(&state) { _ in }
    #expect(WhyLine.text(try #require(state.study)).contains("not yet detected"))
    return state
  }

  private func answer(_ state: inout AppState, _ change: (inout ReviewStudy) -> Void) throws {
    var study = try FixtureStudies.study("008")
    change(&study)
    let loaded = LoadedStudy(study: study, journal: JournalContents(records: []))
    let reply = WorkerReply(value: .study("008", .success(loaded)))
    _ = Workstation.update(&state, .message(.reply(reply)))
  }

  private func isRead(_ effects: [Effect]) -> Bool {
    if case .loadStudy("008")? = effects.first { true } else { false }
  }

  @Test("A study that turns out not assessable while it is open is read again and says why")
  func turnsOutNotAssessable() throws {
    var state = try undetected()
    let entry = WorklistEntry(subject: "008", state: .problem("no cord mask was found"))
    #expect(isRead(Workstation.update(&state, .message(.entry(entry)))))
    try answer(&state) { study in
      guard var detection = try? FixtureStudies.study("002").detection else { return }
      detection.patient = Detection.Patient(
        score: nil, threshold: 0.15, flagged: false, assessable: false,
        reason: "no cord mask was found")
      for index in detection.segments.indices { detection.segments[index].assessable = false }
      study.detection = detection
    }
    let study = try #require(state.study)
    #expect(WhyLine.text(study) == "study not assessable: no cord mask was found")
    #expect(StudyScreen.flagWords(study, flagged: 0) == "not assessable")
    #expect(!isRead(Workstation.update(&state, .message(.entry(entry)))))
  }

  @Test("A study whose detection fails while it is open says why, and is read again once")
  func detectionFails() throws {
    var state = try undetected()
    let entry = WorklistEntry(subject: "008", state: .problem("its image is truncated"))
    #expect(isRead(Workstation.update(&state, .message(.entry(entry)))))
    try answer(&state) { _ in }
    #expect(
      WhyLine.text(try #require(state.study)).contains("not detected: its image is truncated"))
    let screen = Renderer.render(state).dump()
    #expect(screen.contains("not detected") && !screen.contains("not yet detected"))
    #expect(!isRead(Workstation.update(&state, .message(.entry(entry)))))
    #expect(
      isRead(
        Workstation.update(
          &state, .message(.entry(WorklistEntry(subject: "008", state: .unread))))))
  }

  @Test(
    "A detection on corrected labels names the calls that changed, unless the AI is hidden",
    arguments: [false, true])
  func changedCalls(_ isBlind: Bool) throws {
    var state = AppState(
      title: "t", reader: "r", size: TerminalSize(columns: 120, rows: 40),
      capabilities: TerminalCapabilities(), startsBlind: isBlind)
    _ = Workstation.update(&state, .message(.worklist(FixtureStudies.worklist(12))))
    state.worklist.selected = "001"
    _ = Workstation.update(&state, .key(KeyPress(.enter)))
    var study = try FixtureStudies.study("001")
    for flagged in [true, false] {
      study.detection?.segments[2].flagged = flagged
      let loaded = LoadedStudy(study: study, journal: JournalContents(records: []))
      let opened = WorkerReply(value: .study("001", .success(loaded)))
      _ = Workstation.update(&state, .message(.reply(opened)))
      guard flagged else { break }
      let entry = WorklistEntry(subject: "001", state: .unread)
      let detected = WorkerReply(value: .detected("001", .success(entry)))
      _ = Workstation.update(&state, .message(.reply(detected)))
    }
    let message = try #require(state.message?.text)
    #expect(message.hasPrefix("detected again on the corrected labels"))
    #expect(message.contains(": C4-5 flagged before, not now;") == !isBlind, "\(message)")
    #expect(message.hasSuffix("the former result is kept"))
  }

  @Test("Bars and curves take any number")
  func extremes() {
    var screen = Screen(size: TerminalSize(columns: 8, rows: 1))
    for mark in [-1e300, 1e300, .nan, .infinity] {
      ScoreBar(fraction: 0.5, mark: mark, isFlagged: true)
        .draw(in: &screen, row: 0, column: 0, width: 8)
    }
    #expect(screen.dump().contains("━"))
  }
}
