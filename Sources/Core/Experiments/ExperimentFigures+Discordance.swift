internal import Foundation
internal import Imaging

extension ExperimentRun {
  /// A figure for each step of the suite's order that fails: the studies that lose most, under both arms.
  ///
  /// Reconstructions are made again by the networks that lie in the folder; nothing is trained.
  ///
  /// - Returns: `nil` when cancelled.
  /// - Throws: `NetworkError`, `ReadError`, `PreparationError`.
  func discordances(
    of result: ExperimentResult, _ library: LibraryFigures,
    isCancelled: @Sendable () -> Bool = { false }
  ) throws -> [EvaluationFigures.Figure]? {
    var figures: [EvaluationFigures.Figure] = []
    for step in result.failedSteps() {
      var studies: [DiscordanceFigure.Study] = []
      for found in step.cases.mostDiscordant(step.behind, ahead: step.ahead) {
        guard !isCancelled() else { return nil }
        if let study = try view(found, step, result, library) { studies.append(study) }
      }
      let figure = DiscordanceFigure(
        title: "\(step.arm) behind \(step.base) (\(step.scoring.detectorName))",
        note: note(step, library), scoring: step.scoring, studies: studies)
      figures.append(.init(name: step.figureName, picture: figure.drawn()))
    }
    return figures
  }

  /// The slices of a study as an arm's network of one seed scores them, the one that had not learned from
  /// the patient; `nil` where the result has no such network.
  func slices(
    of member: ExperimentCohort.Member, by name: String, seed: UInt64, _ result: ExperimentResult
  ) throws -> [ScoredSlice]? {
    let outcome = result.outcomes.first { $0.arm == name && $0.seed == seed }?.outcome
    guard let arm = suite.arms(scale).first(where: { $0.name == name }),
      let file = outcome?.weights[member.truth.group] ?? outcome?.weights[""]
    else { return nil }
    let engine = try AnomalyEngine(weights: store.weights(named: file), threads: threads)
    let study = try cohort.prepare(member, arm.normalisation, arm.degradation)
    return try ExperimentScoring.slices(of: study, arm: arm, engine: engine)
  }

  /// A study under both arms, on the slice where the arm that ranks it higher scores it highest: with a
  /// lesion the arm that is ahead, which sees it; without the arm that is behind, which is alarmed.
  private func view(
    _ found: Discordance, _ step: FailedStep, _ result: ExperimentResult,
    _ library: LibraryFigures
  ) throws -> DiscordanceFigure.Study? {
    guard let member = cohort.members.first(where: { $0.study.subject == found.subject }),
      let behind = try slices(of: member, by: step.arm, seed: step.seed, result),
      let ahead = try slices(of: member, by: step.base, seed: step.seed, result),
      let low = behind.highest(step.scoring.detectorName),
      let high = ahead.highest(step.scoring.detectorName)
    else { return nil }
    let index = (found.hasLesion ? high : low).slice.index
    guard let first = behind.first(where: { $0.slice.index == index }),
      let second = ahead.first(where: { $0.slice.index == index }),
      let firstMap = Self.map(of: first, step.scoring),
      let secondMap = Self.map(of: second, step.scoring)
    else { return nil }
    let lesion = lesion(of: member, on: first.slice, library)
    return DiscordanceFigure.Study(
      name: "\(found.subject.cleaned), slice \(index + 1)", title: title(member),
      note: words(step.arm, found.behind, found, on: low) + "; "
        + words(step.base, found.ahead, found, on: high)
        + ". Slice \(index + 1) from the patient's left.\(lesion.words)",
      slice: first.slice, affected: member.truth.affected, truth: lesion.region,
      behind: .init(
        name: step.arm, map: firstMap, curve: first.score(step.scoring.detectorName).curve,
        threshold: threshold(step.behind, step)),
      ahead: .init(
        name: step.base, map: secondMap, curve: second.score(step.scoring.detectorName).curve,
        threshold: threshold(step.ahead, step)))
  }

  /// The error that a scoring reads, inside the cord: without its sign under the paper's.
  private static func map(
    of slice: ScoredSlice, _ scoring: StudyDetector.Scoring
  ) -> ImageRaster? {
    guard var map = scoring == .paper ? slice.maps?.aleatoric : slice.maps?.anomaly else {
      return nil
    }
    for n in map.pixels.indices where !slice.cord.cord.pixels[n] { map.pixels[n] = .nan }
    return map
  }

  /// What truth says of a slice: the lesion's mask, or where there is none the cord of the segments with
  /// lesion; and in words which of them it is.
  private func lesion(
    of member: ExperimentCohort.Member, on slice: PreparedSlice, _ library: LibraryFigures
  ) -> (region: MaskRaster?, words: String) {
    guard member.truth.hasLesion else { return (nil, "") }
    if let volume = library.lesion(of: member.study) {
      let mask = volume.resampled(on: slice.grid).raster.map { $0 != 0 }
      guard mask.pixels.contains(true) else {
        return (nil, " The lesion's mask does not reach this slice.")
      }
      return (mask, " Outlined: the lesion.")
    }
    var cord = slice.anatomy.cord
    let columns = cord.columns
    let rows = member.truth.affected.compactMap {
      SegmentScoring.rows(of: $0, anatomy: slice.anatomy)
    }
    for n in cord.pixels.indices where !rows.contains(where: { $0.contains(n / columns) }) {
      cord.pixels[n] = false
    }
    guard cord.pixels.contains(true) else { return (nil, "") }
    return (cord, " Outlined: the cord of the segments with lesion.")
  }

  /// The patient threshold of the tables, but of all studies and without folds.
  private func threshold(_ run: String, _ step: FailedStep) -> Double? {
    ThresholdCalibration.thresholds(of: run, on: step.cases)?.patient
  }
}

extension ExperimentRun {
  /// "017, focal-faint, lesion in C4-5".
  private func title(_ member: ExperimentCohort.Member) -> String {
    let truth = member.truth
    let segments = truth.affected.sorted().map(\.name).joined(separator: ", ")
    let lesion =
      truth.hasLesion ? segments.isEmpty ? "with lesion" : "lesion in \(segments)" : "no lesion"
    return "\(member.study.subject.cleaned), \(truth.className.cleaned), \(lesion)"
  }

  /// "3 both: 0.412 on slice 5, below 7 of 15 without lesion".
  private func words(
    _ arm: String, _ side: Discordance.Side, _ found: Discordance, on slice: ScoredSlice
  ) -> String {
    let isWhole = side.wrongPairs == side.wrongPairs.rounded()
    let pairs = EvaluationTable.number(side.wrongPairs, digits: isWhole ? 0 : 1)
    let place = found.hasLesion ? "below" : "above"
    let others = found.hasLesion ? "without lesion" : "with lesion"
    return "\(arm): \(EvaluationTable.number(side.score)) on slice \(slice.slice.index + 1), "
      + "\(place) \(pairs) of \(found.others) \(others)"
  }

  /// What the step is, how it fails and how the studies are chosen.
  private func note(_ step: FailedStep, _ library: LibraryFigures) -> String {
    func pair(_ areas: FailedStep.Areas) -> String {
      "\(EvaluationTable.number(areas.behind)) against \(EvaluationTable.number(areas.ahead))"
    }
    let seeds = scale.seeds.count
    let mean = seeds > 1 ? " (means of \(seeds) training seeds)" : ""
    return
      "\(library.note) Suite \(suite.rawValue), \(scale.name). Expected: \(step.arm) >= \(step.base); "
      + "AUC \(pair(step.means))\(mean), with seed \(step.seed), shown here, \(pair(step.own)). Studies "
      + "that lose most of the pairs that AUC counts: one with lesion, one without, one of another "
      + "patient; each on the slice that scores highest under the arm that ranks it higher. "
      + "Thresholds: sensitivity \(ThresholdCalibration.sensitivity), all studies. Orange: segments "
      + "with lesion."
  }
}
