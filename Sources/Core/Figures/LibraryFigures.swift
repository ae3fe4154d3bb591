public import Foundation
internal import Imaging

/// Figures that need the pictures of a library with truth.
public struct LibraryFigures: Sendable {
  private let cohort: ExperimentCohort
  private let truth: URL
  private let threads: Int

  /// Looks at a library.
  ///
  /// - Parameter truth: Folder of the truth; by default the library's own.
  /// - Throws: `ReadError` when a truth file is damaged; `LibraryError` without truth.
  public init(library: StudyLibrary, truth: URL? = nil, threads: Int) throws {
    self.init(
      cohort: try ExperimentCohort(library, truth: truth, perClass: nil), truth: truth,
      threads: threads)
  }

  init(cohort: ExperimentCohort, truth: URL?, threads: Int) {
    self.cohort = cohort
    self.truth = truth ?? cohort.library.root.appendingPathComponent("derivatives/truth")
    self.threads = threads
  }

  /// What the figures say of their data.
  public var note: String {
    "\(cohort.library.root.lastPathComponent.cleaned): \(cohort.members.count) studies of "
      + "\(cohort.patients.count) patients."
  }

  /// The most studies of which examples are shown.
  private static let mostExamples = 6
  /// The most studies whose pixels are pooled.
  private static let mostSignals = 40

  /// The first study of each class with lesion, then of classes without.
  private var chosen: [ExperimentCohort.Member] {
    var classes = Set<String>()
    let firsts = cohort.members.filter { classes.insert($0.truth.className).inserted }
    let lesions = firsts.filter(\.truth.hasLesion)
    let others = firsts.filter { !$0.truth.hasLesion }
    return Array(lesions.prefix(Self.mostExamples - min(2, others.count)) + others.prefix(2))
  }

  /// What engines make of one study of each class, on the slice that the first scores highest.
  ///
  /// - Returns: `nil` when cancelled; studies that cannot be assessed are left out.
  /// - Throws: `NetworkError`.
  public func examples(
    engines: [AnomalyEngine], settings: MonteCarloSettings = MonteCarloSettings(),
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> [ExampleFigures.Example]? {
    var examples: [ExampleFigures.Example] = []
    for member in chosen {
      guard !isCancelled() else { return nil }
      guard let normalisation = engines.first.map(\.configuration.normalisation) else { return [] }
      var options = PreparationOptions()
      options.normalisation = Normalisation(rawValue: normalisation) ?? .flat
      guard let (volume, labels) = try? cohort.library.read(member.study),
        let study = try? StudyPreparation.prepare(image: volume, labels: labels, options: options),
        study.reason == nil
      else { continue }
      let found = try study.scoredSlices.filter { $0.unassessableReason == nil }.map {
        try example(member, $0, engines, settings)
      }
      let best = found.max { highest($0) < highest($1) }
      if let best { examples.append(best) }
    }
    return examples
  }

  private func highest(_ example: ExampleFigures.Example) -> Double {
    let curve = example.curves.first?.curve
    let score = curve.flatMap {
      SegmentScoring.score($0, anatomy: example.slice.anatomy).patient
    }
    return score ?? -.infinity
  }

  private func example(
    _ member: ExperimentCohort.Member, _ slice: PreparedSlice, _ engines: [AnomalyEngine],
    _ settings: MonteCarloSettings
  ) throws -> ExampleFigures.Example {
    let maps = try engines.map { try $0.maps(for: slice, settings: settings) }
    let scoring = StudyDetector.Settings(
      context: "", passes: 0, seed: settings.seed, kernelPath: KernelTable.best.path,
      detectors: [.lc61])
    let curves = maps.first.map { ScoredWindow(slice, $0, scoring, head: nil).curves } ?? [:]
    return ExampleFigures.Example(
      name: "\(member.study.subject) \(member.truth.className)", slice: slice, maps: maps,
      curves: [StudyDetector.Scoring.core.detectorName, DetectorEvaluation.reference].compactMap {
        name in (try? curves[name]?.get()).map { (name, $0) }
      }, affected: member.truth.affected)
  }

  /// The grey values of cord, CSF and lesions of the first studies with a lesion.
  public func signals() -> SignalFigure.Signals {
    let members = Array(cohort.members.filter(\.truth.hasLesion).prefix(Self.mostSignals))
    let (cohort, truth) = (cohort, truth)
    let parts: [SignalFigure.Signals] = ThreadTeam(threads: threads).map(members) { member, _ in
      guard let (volume, labels) = try? cohort.library.read(member.study),
        let study = try? StudyPreparation.prepare(image: volume, labels: labels)
      else { return SignalFigure.Signals() }
      return SignalFigure.Signals(study, lesion: Self.lesion(of: member.study, in: truth))
    }
    return parts.reduce(into: SignalFigure.Signals()) { $0.add($1) }
  }

  /// The lesion's mask, as the commands phantom and plant write it.
  private static func lesion(of study: LibraryStudy, in truth: URL) -> LabelVolume? {
    guard let stem = study.stem else { return nil }
    let url = truth.appendingPathComponent("\(study.folder)/\(stem)_label-lesion_seg.nii.gz")
    return try? NIfTI.readLabels(url)
  }
}
