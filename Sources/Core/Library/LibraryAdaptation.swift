public import Foundation
internal import Imaging

/// Adapts weights to the studies of a library, and makes the library use them.
///
/// Studies are only read; weights, card, record and checkpoint go to
/// `derivatives/cordscope/models`. The result depends on the studies' slices, the settings and the
/// start weights only.
public struct LibraryAdaptation: Sendable {
  /// A report while it runs.
  public enum Event: Sendable {
    /// Studies read, of how many.
    case reading(Int, of: Int)
    /// What is learned from, and which unfinished runs of other slices or settings lie there.
    case began(slices: Int, subjects: Int, leftOut: [String: String], unfinished: [String])
    /// Goes on from a checkpoint.
    case resumed(step: Int)
    /// How far it is.
    case progress(AdaptationProgress)
  }

  /// How it ended.
  public enum Outcome: Sendable {
    /// The library uses the adapted weights now; `isNew` is false where they lay there already.
    case finished(AdaptationRecord, isNew: Bool)
    /// Stopped on request; the same call goes on.
    case interrupted
  }

  private let library: StudyLibrary
  private let models: LibraryModels
  private let settings: AdaptationSettings
  private let start: AdaptationStart
  private let card: ModelCard
  private let command: String?
  private let threads: Int

  /// Prepares an adaptation of weights with the card beside them.
  ///
  /// - Parameter command: the command line, for the record.
  /// - Throws: `ReadError` or `NetworkError` when weights, card or settings cannot be used.
  public init(
    library: StudyLibrary, weights: URL, settings: AdaptationSettings, threads: Int,
    command: String? = nil
  ) throws {
    try settings.validate()
    self.library = library
    models = LibraryModels(library: library.root)
    self.settings = settings
    start = try AdaptationStart(contentsOf: weights)
    card = try ModelCard.beside(weights, name: start.name, sha256: start.sha256)
    self.threads = threads
    self.command = command
  }

  /// Adapts to the end, or until asked to stop.
  ///
  /// - Parameters:
  ///   - interval: steps between checkpoints.
  ///   - isCancelled: asked before every study and step.
  ///   - report: called from the working threads.
  /// - Throws: `LibraryError`, `NetworkError`, `ReadError`, `WriteError`.
  public func run(
    interval: Int = Adaptation.checkpointInterval,
    isCancelled: @escaping @Sendable () -> Bool = { false },
    report: @escaping @Sendable (Event) -> Void = { _ in }
  ) throws -> Outcome {
    let count = library.studies.count
    let normalisation = Normalisation(rawValue: start.weights.configuration.normalisation)
    let cohort = AdaptationCohort.read(
      library, normalisation: normalisation ?? .flat, team: ThreadTeam(threads: threads),
      finished: { report(.reading($0, of: count)) }, isCancelled: isCancelled)
    guard let cohort else { return .interrupted }
    guard cohort.data.count > 0 else {
      let first = cohort.leftOut.min { $0.key < $1.key }
      throw LibraryError.nothingToAdaptTo(
        library.root.path, first.map { "\($0.key): \($0.value)" } ?? "it holds no studies")
    }
    try SharedFolder.make(models.folder)
    try DerivativeWriter(library: library.root).describeDataset()
    guard let lock = try FolderLock(ifFree: models.folder) else {
      throw LibraryError.busy(models.folder.path, "another adaptation of this library runs")
    }
    defer { lock.release() }
    let adaptation = try Adaptation(
      settings: settings, data: cohort.data, start: start, threads: threads)
    let checkpoint = models.file(adaptation.name, ".checkpoint")
    report(
      .began(
        slices: cohort.data.count, subjects: cohort.subjects.count, leftOut: cohort.leftOut,
        unfinished: models.checkpoints().filter { $0 != checkpoint.lastPathComponent }))
    if let stored = stored(adaptation) {
      try models.use(stored.weights)
      return .finished(stored, isNew: false)
    }
    let outcome = try adaptation.run(
      checkpoint: checkpoint, interval: interval, progress: { report(.progress($0)) },
      resumed: { report(.resumed(step: $0)) }, isCancelled: isCancelled)
    guard case .finished(let weights, var record, let film) = outcome else { return .interrupted }
    record.data.subjects = cohort.subjects
    record.data.leftOut = cohort.leftOut
    record.command = command
    try store(weights, record, film)
    try? FileManager.default.removeItem(at: checkpoint)
    return .finished(record, isNew: true)
  }

  private func filmFile(_ name: String) -> URL { models.file(name, models.filmEnding) }

  /// The figures of a finished run: the curves of its record, and the film of one slice where there
  /// is one.
  ///
  /// - Returns: The figures, and in words why a film cannot be drawn.
  public func figures(
    of record: AdaptationRecord
  ) -> (figures: [EvaluationFigures.Figure], remarks: [String]) {
    let note =
      "\(library.root.lastPathComponent.cleaned): \(CountText.slices(record.data.slices)); weights "
      + "\(record.weights.name) \(record.weights.sha256.prefix(8))."
    let chart = AdaptationFigure.chart(
      [.init(name: "strategy \(record.strategy.rawValue)", curve: record.curve)], note: note)
    var figures = [
      EvaluationFigures.Figure(
        name: "adaptation", picture: chart.drawn(width: 1500, height: 900))
    ]
    let url = filmFile(record.weights.name)
    guard FileManager.default.fileExists(atPath: url.path) else { return (figures, []) }
    do {
      let film = try AdaptationFilm.read(url)
      let montage = AdaptationFigure.film(
        film, steps: film.frames.map(\.step), masking: .init(record), note: note)
      figures.append(.init(name: "film", picture: montage.drawn(cellHeight: 320)))
      return (figures, [])
    } catch {
      return (figures, ["the film is not drawn: \(error)"])
    }
  }

  /// The record of this run if its weights lie in the library whole.
  private func stored(_ adaptation: Adaptation) -> AdaptationRecord? {
    let name = adaptation.name
    guard let record = try? AdaptationRecord.read(models.file(name, "_adaptation.json")),
      let hash = try? SHA256.hexDigest(ofFile: models.file(name, ".safetensors")),
      let card = try? ModelCard.read(models.file(name, ".json")),
      record.weights == .init(name: name, sha256: hash), card.sha256 == hash,
      record.settings == adaptation.identity
    else { return nil }
    return record
  }

  /// Weights first, then what describes them, and last what makes the library use them.
  private func store(
    _ weights: NetworkWeights, _ record: AdaptationRecord, _ film: AdaptationFilm?
  ) throws {
    let name = record.weights.name
    try film?.write(to: filmFile(name))
    try weights.safetensors().write(to: models.file(name, ".safetensors"))
    try card.adapted(record).writeWithPage(to: models.file(name, ".json"))
    try record.write(to: models.file(name, "_adaptation.json"))
    try models.use(record.weights)
  }
}

extension LibraryModels {
  /// How the file name of an adaptation's film ends.
  var filmEnding: String { "_film.safetensors" }

  /// The names of checkpoints of unfinished runs.
  func checkpoints() -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".checkpoint") }.map(\.cleaned).sorted()
  }
}
