import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Adaptation")
struct AdaptationTests {
  @Test("the result depends neither on threads nor on interruptions", arguments: [1, 2, 3])
  func interruptedRunsEndTheSame(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    let checkpoint = folder("state.checkpoint")
    let start = try AdaptationCase.start()
    func adaptation(_ threads: Int) throws -> Adaptation {
      try Adaptation(
        settings: AdaptationCase.settings(), data: AdaptationCase.data, start: start,
        threads: threads)
    }
    let whole = try AdaptationCase.finished(adaptation(1).run())
    let parallel = try AdaptationCase.finished(adaptation(2).run())
    #expect(sameBits(parallel.weights.parameters.values, whole.weights.parameters.values))

    // Stops come at random moments: before steps and while maps are made.
    var random = RandomSource(seed: seed)
    var stops = 0
    var outcome = AdaptationOutcome.interrupted(step: 0)
    while case .interrupted = outcome {
      var questions = 1 + random.below(6)
      outcome = try adaptation(1 + random.below(3)).run(
        checkpoint: checkpoint, interval: 3,
        isCancelled: {
          questions -= 1
          return questions <= 0
        })
      stops += 1
      try #require(stops < 200, "no progress (seed \(seed))")
    }
    #expect(stops > 4, "seed \(seed)")
    let resumed = try AdaptationCase.finished(outcome)
    #expect(
      sameBits(resumed.weights.parameters.values, whole.weights.parameters.values), "seed \(seed)")
    #expect(resumed.record.curve == whole.record.curve, "seed \(seed)")
    #expect(resumed.record.weights == whole.record.weights)
    #expect(resumed.film != nil && resumed.film == whole.film, "seed \(seed)")
    // A finished checkpoint gives the weights without another step.
    let again = try AdaptationCase.finished(
      adaptation(1).run(
        checkpoint: checkpoint,
        progress: { if $0.phase == .training { Issue.record("one step too many") } }))
    #expect(again.record.curve == whole.record.curve)
    #expect(again.record.weights == whole.record.weights)
  }

  @Test("the record says what was done, and reads back as written")
  func record() throws {
    let folder = try TemporaryFolder()
    let file = folder("tiny.safetensors")
    try AdaptationCase.start().weights.safetensors().write(to: file)
    let start = try AdaptationStart(contentsOf: file)
    let adaptation = try Adaptation(
      settings: AdaptationCase.settings(steps: 120), data: AdaptationCase.data, start: start,
      threads: 2)
    var last: AdaptationProgress?
    let (weights, record, film) = try AdaptationCase.finished(adaptation.run { last = $0 })
    #expect(last?.step == 120 && last?.isLastStage == true && last?.meanEu != nil)
    #expect(record.start == .init(name: "tiny", sha256: try SHA256.hexDigest(ofFile: file)))
    #expect(record.weights.name == adaptation.name)
    #expect(adaptation.name.hasPrefix("tiny-adapted-"))
    let written = folder("adapted.safetensors")
    try weights.safetensors().write(to: written)
    #expect(record.weights.sha256 == (try SHA256.hexDigest(ofFile: written)))
    let engine = try AnomalyEngine(weights: written, threads: 1)
    #expect(engine.name == record.weights.name && engine.contexts == [.nearest(70)])
    #expect(engine.metadata["masking"] == "eu+au")
    #expect(engine.metadata["start_sha256"] == start.sha256)
    #expect(record.data.slices == 5 && record.data.sha256 == AdaptationCase.data.hash)
    #expect(record.seed == 9 && record.kernelPath == KernelTable.best.path.rawValue)
    #expect(record.settings["temperature"] == "1.0" && record.notice == Notice.researchUse)
    #expect(record.curve.map(\.step) == [0, 30, 60, 90, 120])
    let (first, end) = (record.curve[0], record.curve[4])
    #expect(first.maskedLoss == nil && first.learningRate == nil && first.drift == 0)
    #expect(record.curve.dropFirst().allSatisfy { $0.maskedLoss != nil && $0.drift > 0 })
    #expect((end.meanAu ?? 1) < 0.9 * (first.meanAu ?? 0), "the reconstruction did not improve")
    let (before, after) = (first.reconstruction, end.reconstruction)
    #expect((after?.mse ?? 1) < (before?.mse ?? 0) && (after?.psnrDb ?? 0) > (before?.psnrDb ?? 99))
    #expect((after?.ssim ?? 0) > (before?.ssim ?? 1))
    try checkFilm(film, record, in: folder)
    let url = folder("record.json")
    try record.write(to: url)
    #expect(try AdaptationRecord.read(url) == record)
    try Data("{}".utf8).write(to: url)
    #expect(throws: ReadError.self) { try AdaptationRecord.read(url) }
  }

  /// Patches of much uncertainty are hidden more often than those of little, and about the ratio of all.
  private func checkMasks(_ film: AdaptationFilm, _ masking: AdaptationFilm.Masking) {
    for frame in film.frames {
      let often = film.maskFrequency(in: frame, masking)
      var patches: [Int: (eu: Double, often: Double)] = [:]
      for n in often.pixels.indices where often.pixels[n].isFinite {
        let patch = film.patch(ofPixel: n)
        patches[patch, default: (0, 0)].eu += Double(frame.epistemic.pixels[n])
        patches[patch]?.often = Double(often.pixels[n])
      }
      let sorted = patches.values.sorted { $0.eu < $1.eu }.map(\.often)
      func mean(_ values: ArraySlice<Double>) -> Double {
        values.reduce(0, +) / Double(values.count)
      }
      let half = sorted.count / 2
      #expect(mean(sorted.suffix(half)) > mean(sorted.prefix(half)), "\(frame.step) steps")
      #expect(abs(mean(sorted[...]) - masking.ratio) < 1 / Double(sorted.count) + 1e-6)
    }
  }

  /// The film follows the slice that was worst, frame by frame, and reads back as written.
  private func checkFilm(
    _ film: AdaptationFilm?, _ record: AdaptationRecord, in folder: TemporaryFolder
  ) throws {
    let film = try #require(film)
    #expect(film.frames.map(\.step) == record.curve.map(\.step))
    func meanError(_ frame: AdaptationFilm.Frame) -> Double {
      let known = frame.aleatoric.pixels.filter { $0 > 0 }
      return Double(known.reduce(0, +)) / Double(known.count)
    }
    let errors = film.frames.map(meanError)
    #expect(errors[0] >= (record.curve[0].meanAu ?? 9), "it is not the worst slice")
    #expect(errors[4] < 0.9 * errors[0], "the worst slice did not improve")
    let file = folder("film.safetensors")
    try film.write(to: file)
    #expect(try AdaptationFilm.read(file) == film)
    let montage = AdaptationFigure.film(film, steps: record.curve.map(\.step), note: "tiny")
    #expect(montage.rows.count == 5 && montage.rowCaptions.last == "120 steps")
    #expect(montage.rows.allSatisfy { $0.count == 5 })
    let masking = try #require(AdaptationFilm.Masking(record))
    let masked = AdaptationFigure.film(
      film, steps: record.curve.map(\.step), masking: masking, note: "tiny")
    #expect(masked.rows.allSatisfy { $0.count == 6 } && masked.columnCaptions.last == "masked")
    checkMasks(film, masking)
    // Shapes that promise frames without bytes must not be believed.
    var hostile = film.tensors
    hostile["input"] = Tensor(shape: [0, 0], elements: .float32([]))
    for kind in ["reconstruction", "epistemic", "aleatoric"] {
      hostile[kind] = Tensor(shape: [1 << 40, 0, 0], elements: .float32([]))
    }
    #expect(AdaptationFilm(tensors: hostile) == nil)
    // A shape with a 0 in it has no bytes whatever the other side.
    for shape in [[0, Int.max], [Int.max, 0], [1, 4097]] {
      hostile = film.tensors
      let columns = shape[1] == 4097 ? 4097 : 0
      hostile["input"] = Tensor(shape: shape, floats: Array(repeating: 0, count: columns))
      for kind in ["reconstruction", "epistemic", "aleatoric"] where columns > 0 {
        hostile[kind] = Tensor(
          shape: [5, 1, columns], floats: Array(repeating: 0, count: 5 * columns))
      }
      #expect(AdaptationFilm(tensors: hostile) == nil, "\(shape)")
      try Safetensors(
        metadata: ["format": "cordscope-adaptation-film-2"], tensors: hostile
      ).write(to: file)
      #expect(throws: ReadError.self, "\(shape)") { try AdaptationFilm.read(file) }
    }
    for steps: [Int64] in [[], [0, 1, 1, 2, 3], [-1, 0, 1, 2, 3], Array(0...16)] {
      hostile = film.tensors
      hostile["steps"] = Tensor(shape: [steps.count], elements: .int64(steps))
      #expect(AdaptationFilm(tensors: hostile) == nil, "\(steps)")
    }
    try Safetensors(metadata: [:], tensors: film.tensors).write(to: file)
    let error = #expect(throws: ReadError.self) { try AdaptationFilm.read(file) }
    #expect(error?.advice == "delete the file; the weights are whole")
  }

  /// Runs an adaptation of few slices with many refreshes, stopped before every so many questions.
  private func manyRefreshes(
    stoppedEvery questions: Int? = nil, checkpoint: URL? = nil, meddle: () throws -> Void = {}
  ) throws -> (weights: NetworkWeights, record: AdaptationRecord, film: AdaptationFilm?) {
    var settings = AdaptationCase.settings(steps: 20)
    settings.refreshInterval = 1
    let adaptation = try Adaptation(
      settings: settings, data: TrainingData(Array(AdaptationCase.slices.prefix(2))),
      start: AdaptationCase.start(), threads: 1)
    for _ in 0..<100 {
      var left = questions ?? .max
      let outcome = try adaptation.run(
        checkpoint: checkpoint,
        isCancelled: {
          left -= 1
          return left <= 0
        })
      if case .finished = outcome { return try AdaptationCase.finished(outcome) }
      try meddle()
    }
    throw NetworkError.invalidInput("no progress")
  }

  @Test("of many refreshes a film keeps sixteen, spread evenly, whatever the interruptions")
  func filmOfManyRefreshes() throws {
    let whole = try manyRefreshes()
    #expect(whole.record.curve.map(\.step) == Array(0...20))
    let steps = try #require(whole.film).frames.map(\.step)
    #expect(steps == [0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 16, 17, 18, 20])
    let folder = try TemporaryFolder()
    let stopped = try manyRefreshes(stoppedEvery: 16, checkpoint: folder("state.checkpoint"))
    #expect(stopped.film == whole.film && stopped.record.weights == whole.record.weights)
    // The longest run that the command line takes.
    var settings = AdaptationSettings(steps: 10_000_000)
    settings.refreshInterval = 1
    let many = settings.schedule(slices: 1).refreshes(atMost: AdaptationFilm.mostFrames)
    #expect(many.count == 16 && many.first == 0 && many.last == 10_000_000)
    #expect(Set(zip(many, many.dropFirst()).map { $1 - $0 }).isSubset(of: [666_666, 666_667]))
    // Few refreshes are all kept.
    let few = AdaptationSettings(steps: 300).schedule(slices: 10)
    #expect(few.refreshes(atMost: 16) == [0, 75, 150, 225, 300])
  }

  @Test("a checkpoint without a film, or with one that does not fit, is resumed without one")
  func checkpointsWithoutFilm() throws {
    let folder = try TemporaryFolder()
    let whole = try manyRefreshes()
    let prefix = "memory."
    let changes: [(String, (inout Safetensors) -> Void)] = [
      (
        "none",
        { file in file.tensors = file.tensors.filter { !$0.key.hasPrefix(prefix) } }
      ),
      ("a former version's", { $0.tensors["memory.steps"] = nil }),
      (
        "other slice",
        { $0.tensors["memory.box"] = Tensor(shape: [3], elements: .int64([999_999, 0, 0])) }
      ),
      (
        "other place",
        { $0.tensors["memory.box"] = Tensor(shape: [3], elements: .int64([0, 900_000, 0])) }
      ),
    ]
    for (name, change) in changes {
      let checkpoint = folder("\(name).checkpoint")
      let resumed = try manyRefreshes(stoppedEvery: 30, checkpoint: checkpoint) {
        var file = try Safetensors.read(checkpoint)
        change(&file)
        try file.write(to: checkpoint)
      }
      #expect(resumed.film == nil, "\(name)")
      #expect(resumed.record.curve == whole.record.curve, "\(name)")
      #expect(resumed.record.weights == whole.record.weights, "\(name)")
    }
  }

  @Test("from scratch takes shape and context of the start weights, not their values")
  func strategies() throws {
    func run(
      _ start: AdaptationStart, _ strategy: AdaptationSettings.Strategy
    ) throws -> (Adaptation, [Float]) {
      let adaptation = try Adaptation(
        settings: AdaptationCase.settings(steps: 4, strategy: strategy),
        data: AdaptationCase.data, start: start, threads: 2)
      return (adaptation, try AdaptationCase.finished(adaptation.run()).weights.parameters.values)
    }
    let (one, two) = (try AdaptationCase.start(seed: 3), try AdaptationCase.start(seed: 4))
    let (scratch, first) = try run(one, .clinicalOnly)
    let (_, second) = try run(two, .clinicalOnly)
    let (adapted, third) = try run(one, .both)
    #expect(sameBits(first, second) && !sameBits(first, third))
    // The name is part of files' names, whatever the metadata of weights says.
    let hostile = try AdaptationStart(
      NetworkWeights(
        layout: one.weights.layout, parameters: one.weights.parameters, contexts: [.nearest(70)],
        metadata: ["name": "../../a b\u{1B}[2Jä.c"]), name: "x")
    #expect(try run(hostile, .both).0.name.hasPrefix("------a-b"))
    #expect(scratch.name.hasPrefix("tiny-clinical-") && scratch.name != adapted.name)
  }

  @Test("the checkpoint of another run is refused by the name of what differs")
  func foreignCheckpoints() throws {
    let folder = try TemporaryFolder()
    let checkpoint = folder("state.checkpoint")
    let start = try AdaptationCase.start()
    func run(_ settings: AdaptationSettings, _ data: TrainingData = AdaptationCase.data) throws {
      _ = try Adaptation(settings: settings, data: data, start: start, threads: 1)
        .run(checkpoint: checkpoint)
    }
    try run(AdaptationCase.settings(steps: 4))
    let changes: [(String, (inout AdaptationSettings) -> Void)] = [
      ("masking", { $0.masking = .random }), ("temperature", { $0.temperature = 2 }),
      ("refresh_passes", { $0.passes = 5 }), ("refresh_interval", { $0.refreshInterval = 3 }),
      ("last_stage_start", { $0.lastStage = 0.5 }), ("restart", { $0.restart.peak = 1e-4 }),
      ("candidates", { $0.filter.mostComponents = 2 }),
      ("strategy", { $0.strategy = .clinicalOnly }), ("steps", { $0.steps = 5 }),
      ("seed", { $0.seed = 1 }), ("mask_ratio", { $0.maskRatio = 0.5 }),
    ]
    for (name, change) in changes {
      var settings = AdaptationCase.settings(steps: 4)
      change(&settings)
      let error = #expect(throws: NetworkError.self) { try run(settings) }
      #expect("\(error, default: "")".contains("cannot be resumed"), "\(name)")
    }
    let fewer = TrainingData(Array(AdaptationCase.slices.dropLast()))
    let error = #expect(throws: NetworkError.self) {
      try run(AdaptationCase.settings(steps: 4), fewer)
    }
    #expect("\(error, default: "")".contains("its data"))

    // A checkpoint without the course's memory.
    var file = try Safetensors.read(checkpoint)
    file.metadata["course"] = "{}"
    try file.write(to: checkpoint)
    #expect(throws: NetworkError.self) { try run(AdaptationCase.settings(steps: 4)) }

    // One that was cut off, lacks a tensor, or is something else says what to do.
    let whole = try Data(contentsOf: checkpoint)
    var lacking = file
    lacking.tensors = lacking.tensors.filter { !$0.key.hasPrefix("first.") }
    let broken = [
      whole.prefix(whole.count / 2), whole.prefix(5), Data("x".utf8),
      Data(try lacking.encoded()),
    ]
    for bytes in broken {
      try bytes.write(to: checkpoint)
      let error = #expect(throws: (any Error).self) { try run(AdaptationCase.settings(steps: 4)) }
      #expect("\(error, default: "")".contains("delete it to begin anew"), "\(bytes.count) bytes")
      #expect("\(error, default: "")".contains("state.checkpoint"))
    }
  }

  @Test("the default plan follows the method")
  func schedule() throws {
    // 125 patients x 3 slices: 40 passes of 375 slices, 8 a step; maps every 10 passes.
    let plan = AdaptationSettings().schedule(slices: 375)
    #expect(plan.steps == 1875 && plan.refreshInterval == 468 && plan.lastStageStart == 1406)
    #expect(AdaptationSettings().schedule(slices: 10).steps == 300)
    let scratch = AdaptationSettings(strategy: .clinicalOnly).schedule(slices: 10)
    #expect(scratch.steps == 800 && scratch.learningRate == LearningRate())
    #expect(AdaptationSettings(steps: 7).schedule(slices: 375).steps == 7)

    let small = AdaptationSettings(steps: 300).schedule(slices: 10)
    #expect((0...300).filter(small.refreshes(before:)) == [0, 75, 150, 225, 300])
    #expect(small.refreshes(after: 75) == 3 && small.refreshes(after: 300) == 0)
    #expect(small.rate(step: 0) == 1e-3 / 20 && small.rate(step: 20) == 1e-3)
    #expect(abs(small.rate(step: 224) - 0.02 * 1e-3) < 1e-7)
    // The last stage starts anew, with its own warm-up.
    #expect(small.rate(step: 225) == 3e-4 / 20 && small.rate(step: 245) == 3e-4)
    #expect(abs(small.rate(step: 299) - 0.02 * 3e-4) < 1e-8)
    // Very short runs reach their peak all the same.
    let short = AdaptationSettings(steps: 8).schedule(slices: 10)
    #expect((0..<6).map(short.rate(step:)).max() == 1e-3)
    // Quarters that are no whole steps: no refresh falls beside that of the last stage or of the end.
    #expect((0...1875).filter(plan.refreshes(before:)) == [0, 469, 938, 1406, 1875])
    for steps in 1...403 {
      let plan = AdaptationSettings(steps: steps).schedule(slices: 10)
      let all = (0...steps).filter(plan.refreshes(before:))
      let gaps = zip(all, all.dropFirst()).map { $1 - $0 }
      #expect(all.contains(plan.lastStageStart) && all.last == steps, "\(steps)")
      #expect(all.count == min(5, steps + 1), "\(steps): \(all)")
      #expect((gaps.max() ?? 0) - (gaps.min() ?? 0) <= 1, "\(steps): \(all)")
    }
    // Another result has another name.
    let odd = AdaptationSettings(steps: 302)
    #expect(odd.entries(odd.schedule(slices: 10))["refresh_interval"] == "quarters")
    let even = AdaptationSettings(steps: 300)
    #expect(even.entries(even.schedule(slices: 10))["refresh_interval"] == "75")
    let single = AdaptationSettings(steps: 1, lastStage: 0).schedule(slices: 1)
    #expect(single.lastStageStart == 1 && single.rate(step: 0) > 0)
  }

  @Test("settings that make no sense are refused")
  func badSettings() throws {
    let start = try AdaptationCase.start(steps: 1)
    let changes: [(inout AdaptationSettings) -> Void] = [
      { $0.temperature = 0 }, { $0.temperature = .nan }, { $0.lastStage = 1 },
      { $0.lastStage = -0.1 }, { $0.passes = 1 }, { $0.passes = 1000 }, { $0.maskRatio = 1 },
      { $0.refreshInterval = 0 }, { $0.steps = 0 }, { $0.batch = 0 },
    ]
    for (number, change) in changes.enumerated() {
      var settings = AdaptationCase.settings()
      change(&settings)
      #expect(throws: NetworkError.self, "change \(number)") {
        try Adaptation(settings: settings, data: AdaptationCase.data, start: start, threads: 1)
      }
    }
    #expect(throws: NetworkError.self) {
      try Adaptation(
        settings: AdaptationCase.settings(), data: TrainingData([]), start: start, threads: 1)
    }
  }

  @Test("the data's hash is that of the pixels and masks")
  func dataHash() {
    #expect(TrainingData(AdaptationCase.slices).hash == AdaptationCase.data.hash)
    for change in [
      { (slice: inout TrainingSlice) in slice.normalised[3, 3] += 1e-6 },
      { $0.cord[0, 0].toggle() }, { $0.csf[0, 0].toggle() },
    ] {
      var slices = AdaptationCase.slices
      change(&slices[2])
      #expect(TrainingData(slices).hash != AdaptationCase.data.hash)
    }
  }
}
