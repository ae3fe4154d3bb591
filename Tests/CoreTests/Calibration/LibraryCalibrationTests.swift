import Foundation
import TestSupport
import Testing

@testable import Core

@Suite struct LibraryCalibrationTests {
  private func model(_ sha256: String = "aa") -> Detection.Model {
    Detection.Model(
      name: "m", sha256: sha256, context: "nearest(128)", mc: 7, seed: 7, scoring: "core",
      kernelPath: "scalar", thresholdSource: "card")
  }

  /// Lesion patients score 1, 2, ..., others 0.1, 0.2, ...; the lesion is in C4-5.
  private func truth(lesions: Int, others: Int) -> ReaderTruth {
    let cases = (0..<(lesions + others)).map { n in
      let score = n < lesions ? Double(n + 1) : 0.1 * Double(n - lesions + 1)
      return EvaluationCase(
        subject: "\(n)", className: n < lesions ? "present" : "absent", hasLesion: n < lesions,
        affected: n < lesions ? [.c4c5] : [],
        scores: ["u2ad-core": .init(patient: score, segments: [0, 0, score, 0, 0, nil])])
    }
    return ReaderTruth(
      cases: cases, models: cases.map { _ in model() }, blind: 3, readers: ["ab", "cd"])
  }

  @Test func thresholdFindsTheWantedShareOfLesionPatients() throws {
    let calibration = try LibraryCalibration(
      truth(lesions: 20, others: 12), sensitivity: 0.9, bootstrap: Bootstrap(resamples: 200))
    let entry = try #require(calibration.detectors["u2ad-core"])
    // 18 of 20 must be found: those scoring 3...20.
    #expect(entry.patient == 3)
    #expect(entry.sensitivity == WilsonInterval(18, of: 20))
    #expect(entry.specificity == WilsonInterval(12, of: 12))
    #expect(entry.patientLow <= 3 && entry.patientHigh >= 3 && entry.patientLow >= 1)
    // Over 1.2, the highest of the others, every segment is a lesion: 2 is the least score there.
    #expect(entry.segment == 2)
    #expect(calibration.blindPatients == 3)
    #expect(calibration.source.contains("32 patients, 20 with lesion, 3 read blind"))
    #expect(calibration.text.contains(Notice.researchUse))
  }

  @Test func tooFewPatientsAreRefused() {
    for (lesions, others) in [(9, 30), (30, 9), (0, 0)] {
      #expect(throws: CalibrationError.self) {
        try LibraryCalibration(truth(lesions: lesions, others: others))
      }
    }
  }

  /// The cases with some sessions of each patient.
  private func sessions(_ count: Int, _ truth: ReaderTruth) -> ReaderTruth {
    let cases = truth.cases.flatMap { item in
      (0..<count).map { session in
        var item = item
        (item.group, item.subject) = (item.subject, "\(item.subject)_ses-\(session)")
        return item
      }
    }
    return ReaderTruth(
      cases: cases, models: cases.map { _ in model() }, blind: cases.count, readers: ["ab"])
  }

  @Test func sessionsOfOnePatientAreOnePatient() throws {
    let few = sessions(2, truth(lesions: 5, others: 5))
    #expect(throws: CalibrationError.tooFew(lesions: 5, others: 5, needed: 10)) {
      try LibraryCalibration(few)
    }
    let bootstrap = Bootstrap(resamples: 300)
    let single = try LibraryCalibration(
      sessions(1, truth(lesions: 20, others: 12)), bootstrap: bootstrap)
    let triple = try LibraryCalibration(
      sessions(3, truth(lesions: 20, others: 12)), bootstrap: bootstrap)
    #expect(triple.source.contains("96 studies of 32 patients, 20 with lesion, 96 studies read"))
    #expect(triple.text.contains("too narrow") && !single.text.contains("too narrow"))
    // The same patients three times over say no more of others.
    func width(_ calibration: LibraryCalibration) throws -> Double {
      let entry = try #require(calibration.detectors["u2ad-core"])
      return entry.patientHigh - entry.patientLow
    }
    #expect(try width(triple) > 0.6 * width(single))
  }

  @Test func aDetectorThatAssessesFewKeepsItsThresholds() throws {
    let read = truth(lesions: 20, others: 12)
    let cases = read.cases.enumerated().map { n, item in
      var item = item
      item.scores["lc61"] = .init(
        patient: n == 0 ? 0.4 : nil, segments: Array(repeating: 0.4, count: 6))
      return item
    }
    let calibration = try LibraryCalibration(
      ReaderTruth(cases: cases, models: read.models, blind: 0, readers: ["ab"]),
      bootstrap: Bootstrap(resamples: 20))
    #expect(calibration.detectors["lc61"] == nil && calibration.detectors["u2ad-core"] != nil)
    #expect(
      calibration.notCalibrated == ["lc61": "assesses 1 patient with lesion and 0 without"])
    #expect(calibration.text.contains("lc61 keeps the model card's thresholds"))
    let none = cases.map { item in
      var item = item
      item.scores["u2ad-core"] = nil
      return item
    }
    #expect(throws: CalibrationError.nothingAssessed(needed: 10)) {
      try LibraryCalibration(
        ReaderTruth(cases: none, models: read.models, blind: 0, readers: ["ab"]))
    }
  }

  @Test func anotherHeadDoesNotTakeTheCalibrationOfTheFirst() throws {
    let read = truth(lesions: 20, others: 12)
    let cases = read.cases.map { item in
      var item = item
      item.scores["u2ad-head"] = item.scores["u2ad-core"]
      return item
    }
    let models = read.models.map { model in
      var model = model
      model.headSha256 = "h1"
      return model
    }
    let made = try LibraryCalibration(
      ReaderTruth(cases: cases, models: models, blind: 0, readers: ["ab"]),
      bootstrap: Bootstrap(resamples: 20))
    let card = ModelCard(name: "m", sha256: "aa")
    let same = card.calibrated(by: made, head: "h1")
    let other = card.calibrated(by: made, head: "h2")
    #expect(same.appliedThresholds(of: "u2ad-head")?.source == made.source)
    #expect(other.appliedThresholds(of: "u2ad-head")?.source == ModelCard.startSource)
    #expect(other.appliedThresholds(of: "u2ad-core")?.source == made.source)
  }

  @Test func otherReconstructionsDoNotTakeTheCalibration() throws {
    let read = truth(lesions: 20, others: 12)
    let cases = read.cases.map { item in
      var item = item
      item.scores["lc61"] = item.scores["u2ad-core"]
      return item
    }
    let made = try LibraryCalibration(
      ReaderTruth(cases: cases, models: read.models, blind: 0, readers: ["ab"]),
      bootstrap: Bootstrap(resamples: 20))
    func sources(context: String = "nearest(128)", passes: Int = 7, seed: UInt64 = 7) -> [String?] {
      let card = ModelCard(name: "m", sha256: "aa").calibrated(
        by: made, head: nil,
        settings: .init(context: context, passes: passes, seed: seed, kernelPath: .scalar))
      return ["u2ad-core", "lc61"].map { card.appliedThresholds(of: $0)?.source }
    }
    #expect(sources() == [made.source, made.source])
    // The second opinion reconstructs nothing.
    let others = [sources(context: "image"), sources(passes: 14), sources(seed: 8)]
    #expect(others.allSatisfy { $0 == [ModelCard.startSource, made.source] }, "\(others)")
  }

  @Test func otherWeightsKeepTheThresholdsOfDetectorsWithoutTraining() throws {
    let read = truth(lesions: 20, others: 12)
    let cases = read.cases.map { item in
      var item = item
      for detector in ["lc61", "z-score", "u2ad-joint"] {
        item.scores[detector] = item.scores["u2ad-core"]
      }
      return item
    }
    let made = try LibraryCalibration(
      ReaderTruth(cases: cases, models: read.models, blind: 0, readers: ["ab"]),
      bootstrap: Bootstrap(resamples: 20))
    let former = ModelCard.Thresholds(patient: 9, segment: 9, source: "before adaptation")
    var adapted = ModelCard(name: "adapted", sha256: "bb")
    for detector in ["lc61", "z-score", "u2ad-core", "u2ad-joint"] {
      adapted.thresholds[detector] = former
    }
    let card = adapted.calibrated(by: made, head: nil)
    for detector in ["lc61", "z-score"] {
      #expect(card.appliedThresholds(of: detector)?.source == made.source, "\(detector)")
      #expect(card.thresholds[detector]?.patient == made.detectors[detector]?.patient)
    }
    #expect(card.thresholds["u2ad-core"] == former && card.thresholds["u2ad-joint"] == former)
    // Of scores that were defined otherwise nothing applies.
    var old = made
    old.scoringRevision = 1
    #expect(adapted.calibrated(by: old, head: nil) == adapted)
  }

  @Test func anotherHeadsThresholdsLeaveTheCard() {
    var card = ModelCard(name: "m", sha256: "aa")
    let own = ModelCard.Thresholds(patient: 1, segment: 2, source: "calibration: 9 patients")
    for detector in ["u2ad-head", "u2ad-head-joint", "u2ad-core"] {
      card.thresholds[detector] = own
    }
    func head(_ sha256: String) -> ModelCard.Head {
      .init(
        sha256: sha256, trainingCommand: "", data: "", seed: 1, durationSeconds: nil, limits: [])
    }
    card.head = head("h1")
    #expect(card.without(headOtherThan: "h1") == card)
    card.replaceHead(head("h1"))
    #expect(card.thresholds["u2ad-head"] == own)
    #expect(
      card.without(headOtherThan: "h2").thresholds.filter { $0.value == own }.map(\.key) == [
        "u2ad-core"
      ])
    card.replaceHead(head("h2"))
    #expect(card.head?.sha256 == "h2" && card.thresholds["u2ad-head-joint"] == nil)
  }

  @Test func severalSettingsAreRefused() {
    var models = (0..<24).map { _ in model() }
    models[5].mc = 1
    let read = truth(lesions: 12, others: 12)
    let mixed = ReaderTruth(cases: read.cases, models: models, blind: 0, readers: [])
    #expect(throws: CalibrationError.severalSettings(subjects: ["0", "5"])) {
      try LibraryCalibration(mixed)
    }
  }

  @Test func severalWeightsAreRefused() {
    var models = (0..<24).map { _ in model() }
    models[7] = model("bb")
    let read = truth(lesions: 12, others: 12)
    let mixed = ReaderTruth(cases: read.cases, models: models, blind: 0, readers: [])
    #expect(throws: CalibrationError.severalWeights(subjects: ["0", "7"])) {
      try LibraryCalibration(mixed)
    }
  }

  @Test func curvesNotAlongRowsAreRefused() {
    var models = (0..<24).map { _ in model() }
    models[3].sampling = CurveSampling.perpendicular.rawValue
    let read = truth(lesions: 12, others: 12)
    let mixed = ReaderTruth(cases: read.cases, models: models, blind: 0, readers: [])
    #expect(throws: CalibrationError.otherSampling(subject: "3", sampling: "perpendicular")) {
      try LibraryCalibration(mixed)
    }
  }

  @Test func survivesTheFileAndReplacesTheCardsThresholdsOfItsWeightsOnly() throws {
    let folder = try TemporaryFolder()
    #expect(try LibraryCalibration.read(library: folder.url) == nil)
    let made = try LibraryCalibration(
      truth(lesions: 20, others: 12), bootstrap: Bootstrap(resamples: 50))
    try made.write(library: folder.url)
    let read = try LibraryCalibration.read(library: folder.url)
    #expect(read == made)
    let own = ModelCard(name: "m", sha256: "aa").calibrated(by: read, head: nil)
    #expect(own.appliedThresholds(of: "u2ad-core")?.patient == 3)
    #expect(own.appliedThresholds(of: "u2ad-core")?.source == made.source)
    #expect(own.appliedThresholds(of: "lc61")?.source == ModelCard.startSource)
    let other = ModelCard(name: "m", sha256: "bb")
    #expect(other.calibrated(by: read, head: nil) == other)
    try folder.write("{}", to: "derivatives/cordscope/calibration.json")
    #expect(throws: (any Error).self) { try LibraryCalibration.read(library: folder.url) }
  }

  @Test func wilsonIntervalsAreThePublishedOnes() {
    // Newcombe, Stat. Med. 17 (1998), table I, method 3: 81/263 and 15/148, 0/20, 1/29.
    for (count, total, lower, upper) in [
      (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611),
      (1, 29, 0.0061, 0.1718),
    ] {
      let interval = WilsonInterval(count, of: total)
      #expect(abs(interval.lower - lower) < 6e-5 && abs(interval.upper - upper) < 6e-5)
    }
    #expect(WilsonInterval(0, of: 0).share == nil)
    #expect(WilsonInterval(0, of: 0).words == "none")
  }
}

@Suite struct ReaderTruthTests {
  private func record(
    _ segment: SpinalSegment?, _ verdict: Verdict?, seq: Int, blind: Bool = true,
    action: ReviewAction = .verdict, reverts: Int? = nil
  ) -> ReviewRecord {
    ReviewRecord(
      seq: seq, time: "2026-01-01T00:00:00.000Z", reader: "ab", action: action,
      segment: segment?.name, verdict: verdict, blind: blind, detection: nil, reverts: reverts,
      previous: "")
  }

  private func complete(blind: Bool = true) -> [ReviewRecord] {
    SpinalSegment.allCases.enumerated().map { n, segment in
      record(segment, segment == .c5c6 ? .present : .absent, seq: n + 1, blind: blind)
    }
  }

  @Test func aReadCountsWhenAllSixSegmentsAreJudged() throws {
    let read = try #require(ReaderTruth.Read(complete(), reader: "ab"))
    #expect(read.present == [.c5c6] && read.isBlind)
    #expect(ReaderTruth.Read(Array(complete().dropLast()), reader: "ab") == nil)
    let unsure = complete() + [record(.c2c3, .cannotTell, seq: 7)]
    #expect(ReaderTruth.Read(unsure, reader: "ab") == nil)
    let takenBack = complete() + [record(.c7t1, nil, seq: 7, action: .undo, reverts: 6)]
    #expect(ReaderTruth.Read(takenBack, reader: "ab") == nil)
  }

  @Test func oneVerdictGivenInSightOfTheAIMakesTheReadNotBlind() throws {
    let mixed = complete() + [record(.c2c3, .present, seq: 7, blind: false)]
    let read = try #require(ReaderTruth.Read(mixed, reader: "ab"))
    #expect(!read.isBlind && read.present == [.c2c3, .c5c6])
  }

  @Test func aReadInSightOfOtherReadersCountsOnlyAsAnAdjudication() throws {
    let compared = complete() + [record(nil, nil, seq: 7, action: .compare)]
    #expect(ReaderTruth.Read(compared, reader: "ab") == nil)
    #expect(
      ReaderTruth.Read(
        [record(nil, nil, seq: 1, action: .compare)] + complete(), reader: "ab") == nil)
    let signature = ReviewRecord(
      .signOff(.adjudicated, name: "Liu"), seq: 8, time: "2026-01-01T00:00:00.000Z", reader: "ab",
      previous: "", after: ReviewState(compared))
    let ruling = try #require(ReaderTruth.Read(compared + [signature], reader: "ab"))
    #expect(ruling.isAdjudicated && !ruling.isBlind && ruling.present == [.c5c6])
  }

  @Test func anAdjudicatedReadDecidesAndBlindReadsGoBeforeOthers() throws {
    let blind = try #require(ReaderTruth.Read(complete(), reader: "ab"))
    let seen = try #require(ReaderTruth.Read(complete(blind: false), reader: "cd"))
    #expect(ReaderTruth.counted([blind, seen]) == [blind])
    #expect(ReaderTruth.counted([seen]) == [seen])
    let records = complete(blind: false)
    let signature = ReviewRecord(
      .signOff(.adjudicated, name: "Liu"), seq: 7, time: "2026-01-01T00:00:00.000Z", reader: "liu",
      previous: "", after: ReviewState(records))
    let ruling = try #require(ReaderTruth.Read(records + [signature], reader: "liu"))
    #expect(ruling.isAdjudicated && !blind.isAdjudicated)
    #expect(ReaderTruth.counted([blind, ruling, seen]) == [ruling])
  }
}
