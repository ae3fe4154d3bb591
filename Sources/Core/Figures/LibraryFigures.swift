public import Foundation
internal import Imaging

/// Figures that need the pictures of a library with truth.
public struct LibraryFigures: Sendable {
  private let cohort: ExperimentCohort
  private let truth: URL
  private let threads: Int

  /// Looks at a library.
  ///
  /// - Parameters:
  ///   - truth: Folder of the truth; by default the library's own.
  ///   - viewer: Who asks, as for ``LibraryEvaluation/cohort(of:truth:for:)``.
  /// - Throws: `ReadError` when a truth file is damaged; `LibraryError` without truth.
  public init(
    library: StudyLibrary, truth: URL? = nil, for viewer: ReadingViewer? = nil, threads: Int
  ) throws {
    let cohort = try ExperimentCohort(
      library, truth: truth, perClass: nil, for: viewer, team: ThreadTeam(threads: threads))
    self.init(cohort: cohort, truth: truth, threads: threads)
  }

  init(cohort: ExperimentCohort, truth: URL?, threads: Int) {
    self.cohort = cohort
    self.truth = truth ?? cohort.library.root.appendingPathComponent("derivatives/truth")
    self.threads = threads
  }

  /// The library's name.
  public var name: String { cohort.library.root.lastPathComponent.cleaned }

  /// The library's name with the number of studies that have truth.
  public var note: String {
    "\(name): \(CountText.studies(cohort.members.count)) of "
      + "\(CountText.patients(cohort.patients.count))."
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

  /// The first of some studies, in the order of their names' list.
  private func named(_ subjects: [String]) -> [ExperimentCohort.Member] {
    subjects.prefix(Self.mostExamples).compactMap { name in
      cohort.members.first { $0.study.subject == name }
    }
  }

  /// What engines make of one study of each class, on the slice that the first scores highest.
  ///
  /// - Parameters:
  ///   - subjects: Other studies to show, the first six of them in this order.
  ///   - engines: The engines for a patient's studies, all of one normalisation.
  /// - Returns: `nil` when cancelled; studies that cannot be assessed are left out.
  /// - Throws: `NetworkError`, `ReadError`.
  public func examples(
    of subjects: [String]? = nil, settings: MonteCarloSettings = MonteCarloSettings(),
    isCancelled: @escaping @Sendable () -> Bool = { false },
    engines: (_ patient: String) -> [AnomalyEngine]
  ) throws -> [ExampleFigures.Example]? {
    var examples: [ExampleFigures.Example] = []
    for member in subjects.map(named) ?? chosen {
      guard !isCancelled() else { return nil }
      let own = engines(member.truth.group)
      guard let normalisation = own.first?.configuration.normalisation else { continue }
      let study: PreparedStudy
      do {
        study = try cohort.prepare(member, Normalisation(rawValue: normalisation) ?? .flat, nil)
      } catch is PreparationError { continue }
      guard study.reason == nil else { continue }
      let found = try study.scoredSlices.filter { $0.unassessableReason == nil }.map {
        try example(member, $0, own, settings)
      }
      if let best = found.max(by: { highest($0) < highest($1) }) { examples.append(best) }
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

  /// The grey values of cord, CSF and lesions of the first studies whose lesion's mask is known.
  public func signals() -> SignalFigure.Signals {
    let members = Array(cohort.members.filter(\.truth.hasLesion).prefix(Self.mostSignals))
    let (cohort, truth) = (cohort, truth)
    let parts: [SignalFigure.Signals?] = ThreadTeam(threads: threads).map(members) { member, _ in
      guard let lesion = Self.lesion(of: member.study, in: truth),
        let study = try? cohort.prepare(member, .flat, nil)
      else { return nil }
      return SignalFigure.Signals(study, lesion: lesion)
    }
    return parts.compactMap(\.self).reduce(into: SignalFigure.Signals()) { $0.add($1) }
  }

  /// The lesion's mask beside a study's truth, in the partitions that thin slices are averaged to; `nil` where
  /// there is none that can be read.
  func lesion(of study: LibraryStudy) -> LabelVolume? { Self.lesion(of: study, in: truth) }

  /// The lesion's mask beside the study's truth, as the commands phantom and plant write it, in the
  /// partitions that thin slices are averaged to.
  private static func lesion(of study: LibraryStudy, in folder: URL) -> LabelVolume? {
    guard let url = LibraryEvaluation.lesionFile(of: study, in: folder),
      let mask = try? NIfTI.readLabels(url)
    else { return nil }
    let plan = ThickPartitions(shape: mask.shape, affine: mask.affine)
    return plan.map { $0.labels(mask) } ?? mask
  }
}
