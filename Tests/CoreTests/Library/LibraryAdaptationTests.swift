import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Adaptation of a library")
struct LibraryAdaptationTests {
  /// Coarse phantoms, and start weights with a calibrated card outside the library.
  private struct Case {
    let folder: TemporaryFolder
    let weights: URL
    var root: URL { folder("library") }

    init(patients: Int = 2) throws {
      folder = try TemporaryFolder()
      let recipes = (0..<patients).map { index in
        PhantomRecipe(
          index: index, seed: UInt64(4 + index), kind: index == 0 ? .focalBright : .normal,
          domain: .clinical)
      }
      try PhantomCohort.write(
        recipes, to: folder("library"),
        configuration: PhantomConfiguration(slices: 3, coarseness: 2))
      weights = folder("tiny.safetensors")
      try AdaptationCase.start().weights.safetensors().write(to: weights)
      var card = ModelCard(name: "tiny", sha256: try SHA256.hexDigest(ofFile: weights))
      card.thresholdSource = "cohort X"
      card.thresholds["lc61"]?.source = "cohort Y"
      try card.write(to: folder("tiny.json"))
    }

    var library: StudyLibrary { get throws { try StudyLibrary(opening: root) } }
    var models: LibraryModels { LibraryModels(library: root) }

    func adaptation(
      steps: Int = 8, seed: UInt64 = 9, threads: Int = 2
    ) throws -> LibraryAdaptation {
      var settings = AdaptationCase.settings(steps: steps)
      settings.seed = seed
      return try LibraryAdaptation(
        library: library, weights: weights, settings: settings, threads: threads,
        command: "cordscope adapt library")
    }

    func adapt(seed: UInt64 = 9) throws -> (record: AdaptationRecord, isNew: Bool) {
      guard case .finished(let record, let isNew) = try adaptation(seed: seed).run() else {
        throw NetworkError.invalidInput("the adaptation did not finish")
      }
      return (record, isNew)
    }

    /// All files outside the folder of models, with their bytes.
    func others() throws -> [String: Data] {
      try LibraryFixture.snapshot(root).filter {
        !$0.key.hasPrefix("derivatives/cordscope/models/")
          && $0.key != "derivatives/cordscope/dataset_description.json"
      }
    }
  }

  @Test("weights, card and record lie in the library, which uses them; nothing else is touched")
  func storedAndUsed() throws {
    let test = try Case()
    let study = try test.library.studies[0]
    try test.folder.write(
      "{}\n", to: "library/derivatives/cordscope/\(study.folder)/x_reader-a_review.jsonl")
    let before = try test.others()
    let (record, isNew) = try test.adapt()
    #expect(isNew && record.data.subjects == ["001", "002"] && record.data.leftOut == [:])
    #expect(record.data.slices == 6 && record.command == "cordscope adapt library")
    #expect(try test.others() == before)
    let name = record.weights.name
    let files = try FileManager.default.contentsOfDirectory(atPath: test.models.folder.path)
    #expect(
      Set(files) == [
        "\(name).safetensors", "\(name).json", "\(name).md", "\(name)_adaptation.json",
        "\(name)_film.safetensors", "active.json", ".cordscope.lock",
      ])
    let drawn = try test.adaptation().figures(of: record)
    #expect(drawn.figures.map(\.name) == ["adaptation", "film"] && drawn.remarks == [])
    let used = try test.models.weights()
    #expect(used == test.models.file(name, ".safetensors"))
    #expect(try SHA256.hexDigest(ofFile: used) == record.weights.sha256)
    #expect(
      try AdaptationRecord.read(test.models.file(name, "_adaptation.json")) == record)
    #expect(try LibraryFixture.mode(used) == 0o660)

    // Again: the same weights lie there; nothing is computed.
    let bytes = try Data(contentsOf: used)
    let again = try test.adapt()
    #expect(!again.isNew && again.record == record)
    #expect(try Data(contentsOf: used) == bytes)
    // Back to the pretrained ones, and forth.
    #expect(try test.models.usePretrained())
    #expect(try !test.models.usePretrained())
    #expect(try test.models.choice() == nil)
    #expect(try !test.adapt().isNew)
    #expect(try test.models.weights() == used)
    // Another seed makes other weights beside them.
    let other = try test.adapt(seed: 10)
    #expect(other.isNew && other.record.weights.name != name)
    let second = test.models.file(other.record.weights.name, ".safetensors")
    #expect(try test.models.weights() == second)
    #expect(try Data(contentsOf: used) == bytes)
    let findings = LibraryVerification.findings(in: try test.library)
    #expect(findings.filter { $0.path.contains("models") } == [])
    try Data("x".utf8).write(to: test.models.file(name, "_film.safetensors"))
    let damaged = LibraryVerification.findings(in: try test.library)
    let finding = damaged.filter { $0.path.hasSuffix("_film.safetensors") }
    #expect(finding.map(\.severity) == [.failure])
    // What is advised mends it, and until then the rest is drawn.
    #expect(finding.allSatisfy { $0.text.contains("delete the file; the weights are whole") })
    let rest = try test.adaptation().figures(of: record)
    #expect(rest.figures.map(\.name) == ["adaptation"])
    #expect(rest.remarks.count == 1 && rest.remarks[0].contains("delete the file"))
    try FileManager.default.removeItem(at: test.models.file(name, "_film.safetensors"))
    let mended = LibraryVerification.findings(in: try test.library)
    #expect(mended.filter { $0.path.contains("models") } == [])
    #expect(try test.adaptation().figures(of: record).remarks == [])
  }

  @Test(
    "an unplanted original is never learned beside its planted twin, and evaluation says what was")
  func twins() throws {
    let test = try Case(patients: 3)
    try test.folder.write(
      "participant_id\tsource_subject\tplanted\nsub-001\tann\ttrue\nsub-002\tann\tfalse\n"
        + "sub-003\tbob\tfalse\n", to: "library/participants.tsv")
    let (record, _) = try test.adapt()
    #expect(record.data.subjects == ["001", "003"])
    #expect(record.data.leftOut?["002"]?.contains("never learned beside its planted twin") == true)
    var cohort = LibraryEvaluation.Cohort()
    for subject in ["001", "002"] {
      cohort.cases.append(
        EvaluationCase(
          subject: subject, className: "x", hasLesion: true, affected: [], group: "ann",
          scores: [:]))
      cohort.models.append(
        Detection.Model(
          name: record.weights.name, sha256: record.weights.sha256, context: "", mc: 7, seed: 7,
          scoring: "core", kernelPath: "scalar", thresholdSource: ""))
    }
    let remarks = try cohort.adaptationRemarks(in: try test.library)
    #expect(
      remarks.count == 1 && remarks[0].contains("was adapted to patients of 2 of the studies"))
  }

  @Test("thresholds of the network say that they are those before adaptation; others stay")
  func thresholds() throws {
    let test = try Case()
    let (record, _) = try test.adapt()
    let card = try ModelCard.read(test.models.file(record.weights.name, ".json"))
    #expect(card.sha256 == record.weights.sha256 && card.name == record.weights.name)
    let start = ModelCard.startThresholds
    for scoring in StudyDetector.Scoring.allCases where !scoring.needsHead {
      let applied = card.appliedThresholds(of: scoring)
      #expect(applied.patient == start[scoring.detectorName]?.patient)
      #expect(applied.source.hasPrefix("before adaptation (tiny "))
      #expect(applied.source.contains("not calibrated for these weights"))
      #expect(applied.source.hasSuffix("cohort X"))
    }
    // The head read the errors of the former weights.
    for scoring in StudyDetector.Scoring.allCases where scoring.needsHead {
      #expect(card.thresholds[scoring.detectorName] == nil)
    }
    #expect(card.appliedThresholds(of: "lc61")?.source == "cohort Y")
    #expect(card.figures == nil && card.limits?.contains { $0.contains("transductive") } == true)
    #expect(card.markdown.contains(Notice.researchUse))
  }

  @Test("detection uses the adapted weights and says so; the former detection stays as a version")
  func detection() throws {
    let test = try Case(patients: 1)
    func detect(_ weights: URL) throws -> DetectionFile.Contents {
      let library = try test.library
      let detection = try LibraryDetection(library: library, weights: weights, threads: 1)
      let pending = detection.pending()
      #expect(pending.count == 1)
      for item in detection.run(on: pending) { _ = try item.outcome.get() }
      return try #require(try library.reopened().detection(of: library.studies[0]))
    }
    let former = try detect(test.weights)
    let (record, _) = try test.adapt()
    let now = try detect(test.models.weights())
    #expect(former.detection.model.name == "tiny")
    #expect(now.detection.model.name == record.weights.name)
    #expect(now.detection.model.sha256 == record.weights.sha256)
    #expect(now.detection.model.thresholdSource.hasPrefix("before adaptation"))
    let kept = try DerivativeWriter.version(
      sha256: former.sha256, of: test.library.studies[0], library: test.root)
    #expect(kept == former)
  }

  @Test("an interrupted run goes on, and ends with the same bytes", arguments: [1, 2])
  func interrupted(seed: UInt64) throws {
    let (whole, stopped) = (try Case(), try Case())
    let (record, _) = try whole.adapt()
    var random = RandomSource(seed: seed)
    var (stops, resumed) = (0, 0)
    while true {
      let questions = Questions(4 + random.below(6))
      let events = Resumptions()
      let outcome = try stopped.adaptation(threads: 1).run(
        isCancelled: { questions.isOver }, report: { events.note($0) })
      resumed += events.count
      if case .finished(let own, _) = outcome {
        #expect(own.weights == record.weights && own.curve == record.curve, "seed \(seed)")
        break
      }
      stops += 1
      try #require(stops < 200, "no progress (seed \(seed))")
    }
    #expect(stops > 2 && resumed > 0, "seed \(seed): \(stops) stops, \(resumed) resumed")
    let files = try [whole, stopped].map {
      try Data(contentsOf: $0.models.file(record.weights.name, ".safetensors"))
    }
    #expect(files[0] == files[1])
    #expect(stopped.models.checkpoints() == [])
  }

  @Test("weights that are altered or missing are not replaced by others without a word")
  func altered() throws {
    let test = try Case(patients: 1)
    let (record, _) = try test.adapt()
    let used = try test.models.weights()
    let bytes = try Data(contentsOf: used)
    var wrong = bytes
    wrong[wrong.count - 1] ^= 1
    try wrong.write(to: used)
    #expect(throws: ReadError.self) { try test.models.weights() }
    let findings = LibraryVerification.findings(in: try test.library)
    #expect(findings.contains { $0.severity == .failure && $0.path.hasSuffix(".safetensors") })
    // The same command mends it, from the start.
    #expect(try test.adapt().isNew)
    #expect(try Data(contentsOf: used) == bytes)
    try FileManager.default.removeItem(at: used)
    #expect(throws: ReadError.self) { try test.models.weights() }
    for text in ["", "[]", #"{"name": "../x", "sha256": "", "since": "", "notice": ""}"#] {
      try Data(text.utf8).write(to: test.models.folder.appendingPathComponent("active.json"))
      #expect(throws: ReadError.self) { try test.models.weights() }
    }
    #expect(try test.models.usePretrained())
    #expect(record.weights.name.hasPrefix("tiny-adapted-"))
  }

  @Test("studies without a usable slice are left out with the reason")
  func leftOut() throws {
    let test = try Case()
    let masks = test.root.appendingPathComponent("derivatives/labels/sub-002")
    try FileManager.default.removeItem(at: masks)
    let (record, _) = try test.adapt()
    #expect(record.data.subjects == ["001"] && record.data.slices == 3)
    #expect(record.data.leftOut?["002"]?.contains("cord mask") == true)
    try FileManager.default.removeItem(
      at: test.root.appendingPathComponent("derivatives/labels/sub-001"))
    let error = #expect(throws: LibraryError.self) { try test.adapt() }
    #expect("\(error, default: "")".contains("no study has a slice to adapt to"))
    #expect("\(error, default: "")".contains("cord mask"))
  }

  @Test("two adaptations of one library do not run at once")
  func busy() throws {
    let test = try Case(patients: 1)
    try SharedFolder.make(test.models.folder)
    let lock = try #require(try FolderLock(ifFree: test.models.folder))
    let error = #expect(throws: LibraryError.self) { try test.adapt() }
    #expect("\(error, default: "")".contains("another adaptation"))
    lock.release()
    #expect(try test.adapt().isNew)
  }

  @Test("the text of a record is a table with every refresh")
  func text() throws {
    let test = try Case(patients: 1)
    let (record, _) = try test.adapt()
    let lines = AdaptationText.table(record).split(separator: "\n").map(String.init)
    #expect(lines[0].hasPrefix("adapted weights \(record.weights.name)"))
    #expect(lines[0].contains("from tiny \(record.start.sha256.prefix(8))"))
    #expect(lines[1].hasPrefix("3 slices of 1 subject, masking eu+au, seed 9, 8 steps in "))
    #expect(lines.last == Notice.researchUse)
    let rows = lines.dropFirst(3).dropLast()
    #expect(rows.map { $0.split(separator: " ").first.flatMap { Int($0) } } == [0, 2, 4, 6, 8])
    #expect(Set(rows.map(\.count)).count == 1)
    #expect(AdaptationText.number(nil) == "-" && AdaptationText.number(.nan) == "-")
    #expect(AdaptationText.number(0.001234) == "0.00123")
  }
}

/// Says yes to the question whether to stop after some questions.
private final class Questions: @unchecked Sendable {
  private let lock = NSLock()
  private var left: Int

  init(_ left: Int) { self.left = left }

  var isOver: Bool {
    lock.withLock {
      left -= 1
      return left <= 0
    }
  }
}

/// Counts how often a run went on from a checkpoint.
private final class Resumptions: @unchecked Sendable {
  private let lock = NSLock()
  private var found = 0

  var count: Int { lock.withLock { found } }

  func note(_ event: LibraryAdaptation.Event) {
    if case .resumed = event { lock.withLock { found += 1 } }
  }
}
