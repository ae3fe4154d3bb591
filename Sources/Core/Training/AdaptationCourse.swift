internal import Foundation
internal import Imaging

/// Adaptation inside the common loop: guided masks, and maps refreshed as it goes.
struct AdaptationCourse: TrainingCourse {
  /// What a checkpoint keeps as text.
  private struct Notes: Codable {
    /// The step before which the maps were made last.
    var refreshedAt: Int?
    var lossSum = 0.0
    var lossCount = 0
    var curve: [AdaptationRecord.Point] = []
    var seconds = 0.0
  }

  let settings: AdaptationSettings
  let schedule: AdaptationSchedule
  let data: TrainingData
  let context: NetworkContext
  let team: ThreadTeam
  /// The parameters of step 0.
  let start: AlignedBuffer
  private let layout: NetworkLayout
  private let kernels: KernelTable
  /// One per slice; empty before the first refresh and after a resume.
  private(set) var guides: [SliceGuide] = []
  /// The parameters that the guides were made with.
  private var guideParameters: AlignedBuffer?
  private var notes = Notes()
  /// `nil` before the first refresh, and after a resume from a checkpoint without a film that fits.
  private(set) var film: AdaptationFilm?
  /// The steps before which the film gets a frame.
  private let filmed: [Int]
  private var secondsOfRefreshes = (sum: 0.0, count: 0)
  private var working = ContinuousClock.now

  init(
    settings: AdaptationSettings, schedule: AdaptationSchedule, loop: TrainingLoop,
    layout: NetworkLayout
  ) {
    self.settings = settings
    self.schedule = schedule
    self.layout = layout
    data = loop.data
    context = loop.settings.context
    team = loop.team
    kernels = loop.kernels
    start = loop.startParameters(layout)
    filmed = schedule.refreshes(atMost: AdaptationFilm.mostFrames)
  }

  /// How it went so far.
  var curve: [AdaptationRecord.Point] { notes.curve }
  /// Seconds of work, those before an interruption included.
  var seconds: Double { notes.seconds + (ContinuousClock.now - working) / .seconds(1) }

  func learningRate(step: Int) -> Float { schedule.rate(step: step) }

  func mask(
    _ tokens: TokenisedSlice, slice: Int, step: Int, random: inout RandomSource
  ) -> PassMask {
    guard settings.masking != .random, guides.indices.contains(slice) else {
      return RandomMasks.make(tokens, ratio: settings.maskRatio, random: &random)
    }
    let guide = guides[slice]
    let isLast = step >= schedule.lastStageStart && settings.masking == .epistemicAleatoric
    let candidates = isLast ? guide.learnable(tokens) : tokens.maskable
    let masked = RandomMasks.maskedCount(
      region: candidates.count, rest: tokens.tokens.count - candidates.count,
      ratio: settings.maskRatio)
    let chosen =
      isLast
      ? Array(random.permutation(candidates.count).prefix(masked))
      : GuidedMasks.make(
        uncertainty: guide.patchUncertainty(tokens), temperature: settings.temperature,
        masked: masked, random: &random)
    return PassMask(masked: chosen.map { candidates[$0] }, of: tokens.tokens.count)
  }

  mutating func prepare(
    step: Int, network: MaskedAutoencoder, goOn: (Double) -> Bool
  ) throws -> Bool {
    let isDue = schedule.refreshes(before: step) && notes.refreshedAt != step
    guard isDue || guides.isEmpty else { return true }
    let began = ContinuousClock.now
    // After a resume the maps are made again from the parameters they were made with.
    let former = isDue ? nil : guideParameters
    let parameters = former ?? network.parameters.copy()
    guard let made = try refresh(parameters, goOn) else { return false }
    guides = made
    guideParameters = parameters
    secondsOfRefreshes.sum += (ContinuousClock.now - began) / .seconds(1)
    secondsOfRefreshes.count += 1
    guard isDue else { return true }
    try addToFilm(step, parameters)
    notes.curve.append(point(step, parameters))
    notes.refreshedAt = step
    (notes.lossSum, notes.lossCount) = (0, 0)
    return true
  }

  mutating func finished(step: Int, loss: LossValue) {
    notes.lossSum += loss.total
    notes.lossCount += 1
  }

  func secondsOfPreparation(after step: Int) -> Double {
    guard secondsOfRefreshes.count > 0 else { return 0 }
    return secondsOfRefreshes.sum / Double(secondsOfRefreshes.count)
      * Double(schedule.refreshes(after: step))
  }

  func memory() throws -> CourseMemory {
    var notes = notes
    notes.seconds = seconds
    let text = String(decoding: try SnakeCaseJSON.data(notes, pretty: false), as: UTF8.self)
    return CourseMemory(parameters: guideParameters, text: text, tensors: film?.tensors ?? [:])
  }

  mutating func restore(_ memory: CourseMemory) throws {
    guard let text = memory.text,
      let stored = try? SnakeCaseJSON.decoder().decode(Notes.self, from: Data(text.utf8)),
      (stored.refreshedAt == nil) == (memory.parameters == nil)
    else { throw CourseMemory.Problem(text: "it lacks what an adaptation must remember") }
    notes = stored
    guideParameters = memory.parameters
    film = try film(in: memory)
    working = .now
  }

  /// The film of a checkpoint, where it is of these slices and refreshes: it decides nothing, so the
  /// run goes on without another one.
  private func film(in memory: CourseMemory) throws -> AdaptationFilm? {
    guard let film = AdaptationFilm(tensors: memory.tensors), film.slice < data.count,
      let own = AdaptationFilm(slice: film.slice, of: try data.slice(film.slice)),
      film.showsSlice(of: own),
      film.frames.map(\.step) == filmed.filter({ $0 <= notes.refreshedAt ?? -1 })
    else { return nil }
    return film
  }

  /// A frame of the watched slice: the one that was reconstructed worst at the first refresh.
  private mutating func addToFilm(_ step: Int, _ parameters: AlignedBuffer) throws {
    if notes.curve.isEmpty {
      let errors = guides.map { $0.meanAleatoric ?? -1 }
      let worst = errors.indices.max { errors[$0] < errors[$1] } ?? 0
      film = AdaptationFilm(slice: worst, of: try data.slice(worst))
    }
    guard filmed.contains(step), let watched = film?.slice else { return }
    let maps = try maps(of: data.slice(watched), engine(parameters))
    film?.add(maps, step: step)
  }

  // Slices run side by side, each on one thread: its bits do not depend on the others.
  private func engine(_ parameters: AlignedBuffer) -> AnomalyEngine {
    AnomalyEngine(
      weights: NetworkWeights(layout: layout, parameters: parameters, contexts: [context]),
      name: "refresh", sha256: "", threads: 1, kernels: kernels)
  }

  /// The guides of all slices with some parameters; `nil` when asked to stop.
  private func refresh(
    _ parameters: AlignedBuffer, _ goOn: (Double) -> Bool
  ) throws -> [SliceGuide]? {
    let engine = engine(parameters)
    var result: [SliceGuide] = []
    while result.count < data.count {
      guard goOn(Double(result.count) / Double(data.count)) else { return nil }
      let part = Array(result.count..<min(data.count, result.count + 8 * team.threads))
      let guides = team.map(part) { index, _ in Result { try self.guide(index, engine) } }
      result += try guides.map { try $0.get() }
    }
    return result
  }

  private func guide(_ index: Int, _ engine: AnomalyEngine) throws -> SliceGuide {
    let slice = try data.slice(index)
    try slice.validate(index: index)
    return SliceGuide(try maps(of: slice, engine), of: slice, filter: settings.filter)
  }

  private func maps(of slice: TrainingSlice, _ engine: AnomalyEngine) throws -> UncertaintyMaps {
    try engine.maps(
      image: slice.normalised, cord: slice.cord, csf: slice.csf,
      settings: settings.monteCarlo(context: context))
  }

  private func point(_ step: Int, _ parameters: AlignedBuffer) -> AdaptationRecord.Point {
    func mean(_ values: [Double]) -> Double? {
      values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
    return AdaptationRecord.Point(
      step: step, learningRate: step > 0 ? schedule.rate(step: step - 1) : nil,
      maskedLoss: notes.lossCount > 0 ? notes.lossSum / Double(notes.lossCount) : nil,
      meanEu: mean(guides.compactMap(\.meanEpistemic)),
      meanAu: mean(guides.compactMap(\.meanAleatoric)),
      reconstruction: .mean(guides.compactMap(\.metrics)),
      candidatePatches: mean(guides.map { Double($0.excludedPatches) }) ?? 0,
      drift: drift(parameters))
  }

  /// |now - start| / |start| over all parameters.
  private func drift(_ parameters: AlignedBuffer) -> Double {
    var (moved, length) = (0.0, 0.0)
    for n in 0..<start.count {
      let from = Double(start.base[n])
      let by = Double(parameters.base[n]) - from
      moved += by * by
      length += from * from
    }
    return length > 0 ? (moved / length).squareRoot() : 0
  }
}
