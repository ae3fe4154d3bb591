public import Foundation
internal import Imaging
internal import Synchronization

/// Detection on the studies of a library: reads, prepares, reconstructs, scores, stores.
///
/// Studies are independent and run on several threads; each result depends on its study, the
/// weights and the settings only.
public struct LibraryDetection: Sendable {
  /// What became of one study.
  public struct Item: Sendable {
    /// The subject's identifier without "sub-".
    public var subject: String
    /// The detection that was stored, or the reason why there is none, in words.
    public var outcome: Result<Detection, Failure>
  }

  /// Why a study has no detection.
  public struct Failure: Error, CustomStringConvertible, Sendable {
    /// The reason, in words for the user.
    public var description: String
  }

  /// A report while it runs.
  public enum Event: Sendable {
    /// A study was begun.
    case began(subject: String)
    /// A study was left as it was, because the work was cancelled.
    case stopped(subject: String)
    /// A study is done; studies done of how many, and seconds left.
    case finished(Item, done: Int, of: Int, secondsLeft: Double)
  }

  private let library: StudyLibrary
  private let engine: AnomalyEngine
  private var card: ModelCard
  private let head: RowHead?
  private let settings: MonteCarloSettings
  private let scoring: StudyDetector.Scoring
  private let sampling: CurveSampling
  private let anatomy: LibrarySegmentation?
  private let team: ThreadTeam

  /// Prepares detection with the weights and the card beside them (`NAME.json`).
  ///
  /// - Parameters:
  ///   - anatomy: finds cord and levels of studies that nobody has labelled, and looks at the names that
  ///     other tools gave; without it they have none, and nobody looks.
  ///   - threads: studies that run at once.
  /// - Throws: `ReadError` or `NetworkError` when weights or card cannot be used.
  public init(
    library: StudyLibrary, weights: URL, settings: MonteCarloSettings = MonteCarloSettings(),
    scoring: StudyDetector.Scoring = .core, sampling: CurveSampling = .rows,
    anatomy: LibrarySegmentation? = nil, threads: Int
  ) throws {
    self.library = library
    self.anatomy = anatomy
    self.settings = settings
    self.scoring = scoring
    self.sampling = sampling
    engine = try AnomalyEngine(weights: weights, threads: 1)
    _ = try engine.context(of: settings)
    head = try Self.head(weights: weights, engine: engine)
    let card = try ModelCard.beside(weights, name: engine.name, sha256: engine.sha256)
      .without(headOtherThan: head?.sha256)
    if scoring.needsHead, head == nil {
      throw ReadError(
        path: RowHead.url(besideWeights: weights).path, problem: "is missing",
        advice: "train it (pretrain --task head --weights FILE), or choose another scoring")
    }
    team = ThreadTeam(threads: threads)
    self.card = card
    self.card = card.calibrated(
      by: try LibraryCalibration.read(library: library.root), head: head?.sha256,
      settings: detectorSettings)
  }

  /// The head beside the weights, which must have learned from their reconstructions.
  private static func head(weights: URL, engine: AnomalyEngine) throws -> RowHead? {
    let url = RowHead.url(besideWeights: weights)
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    let head = try RowHead(contentsOf: url)
    guard head.networkSHA256 == engine.sha256 else {
      throw ReadError(
        path: url.path, field: "network", problem: "learned from other weights",
        advice: "train it again (pretrain --task head --weights \(weights.lastPathComponent))")
    }
    return head
  }

  /// Studies without a detection by these weights and settings, that lack maps, or whose image or
  /// labels changed since: a mask that came later must not leave "no cord mask" standing.
  public func pending() -> [LibraryStudy] {
    library.studies.filter { $0.problem == nil && isPending($0) }
  }

  private func isPending(_ study: LibraryStudy) -> Bool {
    guard let stored = try? library.digest(of: study) else { return true }
    return isStale(study, stored) || lacksAnatomy(study)
  }

  /// Whether a stored detection is another than would be made now, as far as is known without looking for
  /// anatomy.
  private func isStale(_ study: LibraryStudy, _ stored: DetectionDigest) -> Bool {
    stored.setup.values.model != model || !isComparedWithCard(stored.setup.values)
      || library.isOutdated(study) || library.lacksMaps(study, stored)
      || library.isOfOtherNumbering(study, stored)
  }

  /// Whether cord or levels have yet to be looked for, or names that another tool gave to be looked at.
  private func lacksAnatomy(_ study: LibraryStudy) -> Bool {
    guard let anatomy, !anatomy.isDone(study) else { return false }
    // Labels that cannot be read are reported when they are needed.
    return (try? LibrarySegmentation.lacksCordOrLevels(study, in: library)) == true
      || (try? anatomy.isNumberingOpen(study)) == true
  }

  /// Whether every detector's scores are there, and were compared with the thresholds that the card
  /// gives now.
  private func isComparedWithCard(_ stored: DetectionSetup.Values) -> Bool {
    let deciding = card.appliedThresholds(of: scoring, sampling: sampling)
    let names = detectorSettings.detectorNames(hasHead: head != nil)
    return Set(stored.opinions.map(\.detector)) == Set(names)
      && stored.patientThreshold == deciding.patient
      && stored.segmentThresholds.allSatisfy { $0 == deciding.segment }
      && stored.opinions.allSatisfy { opinion in
        let now = card.appliedThresholds(of: opinion.detector, sampling: sampling)
        return opinion.threshold == now?.patient && opinion.segmentThreshold == now?.segment
          && opinion.thresholdSource == now?.source.cleaned
      }
  }

  private var model: Detection.Model {
    Detection.Model(
      name: card.name, sha256: card.sha256, context: detectorSettings.context,
      mc: detectorSettings.passes, seed: settings.seed, scoring: scoring.rawValue,
      sampling: sampling.rawValue, headSha256: head?.sha256,
      kernelPath: engine.kernelPath.rawValue,
      thresholdSource: card.appliedThresholds(of: scoring, sampling: sampling).source)
  }

  private var detectorSettings: StudyDetector.Settings {
    let passes =
      switch settings.scheme {
      case .balanced(let passes): passes
      case .random(let minimum): minimum
      }
    let context = (try? engine.context(of: settings).description) ?? "unknown"
    return StudyDetector.Settings(
      scoring: scoring, context: context, passes: passes, seed: settings.seed,
      kernelPath: engine.kernelPath, sampling: sampling)
  }

  /// Detects on studies, several at once; unusable ones are reported with the reason and do not
  /// stop the others.
  ///
  /// - Parameters:
  ///   - studies: what to detect on.
  ///   - skipsDone: whether a study that another program has detected meanwhile is not computed again.
  ///   - isCancelled: asked before every study, and before every slice of it; a study in which it is
  ///     `true` is left as it was.
  ///   - report: called from the working threads.
  /// - Returns: what became of each study that was begun and not stopped, in the order given.
  public func run(
    on studies: [LibraryStudy], skipsDone: Bool = false,
    isCancelled: @escaping @Sendable () -> Bool = { false },
    report: @escaping @Sendable (Event) -> Void = { _ in }
  ) -> [Item] {
    let began = ContinuousClock.now
    let done = Mutex(0)
    let items: [Item?] = team.map(studies) { study, _ in
      guard !isCancelled() else { return nil }
      report(.began(subject: study.subject))
      let outcome: Result<Detection, Failure>
      do {
        outcome = .success(try claimed(study, skipsDone: skipsDone, isCancelled))
      } catch is CancellationError {
        report(.stopped(subject: study.subject))
        return nil
      } catch {
        outcome = .failure(Failure(description: "\(error)"))
      }
      let item = Item(subject: study.subject, outcome: outcome)
      let finished = done.withLock { count in
        count += 1
        return count
      }
      let elapsed = (ContinuousClock.now - began) / .seconds(1)
      let left = elapsed / Double(finished) * Double(studies.count - finished)
      report(.finished(item, done: finished, of: studies.count, secondsLeft: left))
      return item
    }
    return items.compactMap(\.self)
  }

  /// Detects on a study that nobody else detects on at the same time.
  ///
  /// A detection that began earlier, perhaps on labels that are others now, is not put in the place of one
  /// that began later, unless it was halted for longer than anybody waits: it is outdated then, and said so.
  private func claimed(
    _ study: LibraryStudy, skipsDone: Bool, _ isCancelled: () -> Bool
  ) throws -> Detection {
    let claim = try claim(study, isCancelled)
    defer { claim?.release() }
    if skipsDone, !isPending(study), let stored = try library.detection(of: study) {
      return stored.detection
    }
    if skipsDone, let stored = try confirmed(study, isCancelled) { return stored }
    return try detect(study, isCancelled)
  }

  /// The stored detection of a study of which nothing is open but a look at the names that another tool
  /// gave, where that finds what the detection says already; the record that it leaves is what the study was
  /// pending for.
  /// - Returns: `nil` where it is to be detected on.
  private func confirmed(
    _ study: LibraryStudy, _ isCancelled: () -> Bool
  ) throws -> Detection? {
    guard let anatomy, let digest = try? library.digest(of: study), !isStale(study, digest),
      lacksAnatomy(study),
      (try? LibrarySegmentation.lacksCordOrLevels(study, in: library)) == false
    else { return nil }
    try anatomy.supply(study, isCancelled: isCancelled)
    return isPending(study) ? nil : try library.detection(of: study)?.detection
  }

  /// Waits for the study; `nil` where another program has kept it for so long that it must have been
  /// halted. What is written is whole all the same.
  private func claim(_ study: LibraryStudy, _ isCancelled: () -> Bool) throws -> FolderLock? {
    let folder = library.root.appendingPathComponent(study.folder)
    let end = ContinuousClock.now + .seconds(Self.longestClaim)
    while true {
      if let lock = FolderLock(claiming: folder) { return lock }
      if isCancelled() { throw CancellationError() }
      if ContinuousClock.now >= end { return nil }
      usleep(Self.lookAgain)
    }
  }

  /// Seconds for which a study that is being detected by another program is waited for.
  private static let longestClaim = 120
  /// Microseconds between looks at it.
  private static let lookAgain: UInt32 = 50_000

  private func detect(
    _ study: LibraryStudy, _ isCancelled: () -> Bool
  ) throws -> Detection {
    if let anatomy, lacksAnatomy(study) {
      try anatomy.supply(study, isCancelled: isCancelled)
    }
    if isCancelled() { throw CancellationError() }
    let source = try library.load(study)
    if isCancelled() { throw CancellationError() }
    var options = PreparationOptions()
    options.normalisation = Normalisation(rawValue: engine.configuration.normalisation) ?? .flat
    let prepared = try StudyPreparation.prepare(
      image: source.volume, labels: source.labels, options: options)
    let detector = StudyDetector(card: card, settings: detectorSettings, head: head)
    var result = try detector.detect(
      prepared, subject: study.subject, image: study.image ?? "", imageSHA256: source.sha256
    ) {
      if isCancelled() { throw CancellationError() }
      return try engine.maps(for: $0, settings: settings)
    }
    if isCancelled() { throw CancellationError() }
    result.detection.labelSha256 = source.labelSHA256
    try DerivativeWriter(library: library.root).write(
      result.detection, maps: DerivativeMaps(result), of: study)
    return result.detection
  }
}
