import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Where a suite's order fails")
struct FailedStepTests {
  /// A result of three studies with lesion and three without, in which of the nine pairs as many are the
  /// wrong way round as is said for an arm, a detector and a seed (0 to 3).
  ///
  /// - Parameter real: Has the networks.
  private func forged(
    _ suite: ExperimentSuite, _ run: ExperimentRun, like real: ExperimentResult? = nil,
    wrong: (_ arm: String, _ detector: String, _ seed: UInt64) -> Int
  ) -> ExperimentResult {
    var result = ExperimentResult(suite: suite, scale: run.scale, cohort: run.cohort)
    for arm in suite.arms(run.scale) {
      for seed in run.scale.seeds {
        var scores: [String: [String: ExperimentOutcome.Score]] = [:]
        var (lesions, others) = (0, 0)
        for member in run.cohort.members {
          var own: [String: ExperimentOutcome.Score] = [:]
          for detector in arm.reported {
            // The first lesion lies among the studies without, which score 1, 2 and 3.
            let first = 3.5 - Double(wrong(arm.name, detector, seed))
            let lesion = lesions == 0 ? first : Double(10 + lesions)
            let score = member.truth.hasLesion ? lesion : Double(1 + others)
            own[detector] = .init(patient: score, segments: [Double?](repeating: score, count: 6))
          }
          scores[member.study.subject] = own
          if member.truth.hasLesion { lesions += 1 } else { others += 1 }
        }
        let known = real?.outcomes.first { $0.arm == arm.name && $0.seed == seed }
        result.add(
          ExperimentOutcome(
            identity: "", scores: scores, leftOut: [:], weights: known?.outcome.weights ?? [:],
            trainingSeconds: 0, detectionSeconds: 0), of: arm, seed: seed)
      }
    }
    return result
  }

  @Test("a step fails by the mean over the seeds, in the scoring it fails in")
  func steps() throws {
    let test = try ExperimentRunTests.Case()
    let run = try test.run(.ablation)
    let arms = ExperimentSuite.ablation.arms(run.scale).map(\.name)
    let rising = forged(.ablation, run) { arm, _, _ in 3 - (arms.firstIndex(of: arm) ?? 0) }
    #expect(rising.rows.count == 12 && rising.failedSteps().isEmpty)
    #expect(forged(.ablation, run) { _, _, _ in 1 }.failedSteps().isEmpty)
    // The same order upside down in a suite that expects none.
    let names = ExperimentSuite.conditioning.arms(run.scale).map(\.name)
    let other = forged(.conditioning, run) { arm, _, _ in names.firstIndex(of: arm) ?? 0 }
    #expect(other.rows.count == 12 && other.failedSteps().isEmpty)

    // With the first seed the arm is better, over both it is worse.
    let mixed = forged(.ablation, run) { arm, detector, seed in
      guard arm == "MAE + MC + EU", detector == "u2ad-paper" else { return 1 }
      return seed == 1 ? 0 : 3
    }
    let steps = mixed.failedSteps()
    #expect(steps.count == 1)
    let step = try #require(steps.first)
    #expect(step.arm == "MAE + MC + EU" && step.base == "MAE + MC" && step.scoring == .paper)
    #expect(step.seed == 2 && step.behind == "MAE + MC + EU · u2ad-paper · seed 2")
    #expect(abs(step.means.behind - 7.5 / 9) < 1e-9 && abs(step.means.ahead - 8.0 / 9) < 1e-9)
    #expect(abs(step.own.behind - 6.0 / 9) < 1e-9 && abs(step.own.ahead - 8.0 / 9) < 1e-9)
    #expect(step.figureName == "discordant-mae-mc-eu-behind-mae-mc-paper")
    // The table says the same of the same pair.
    let told = mixed.comparisons(threads: 2).first {
      $0.arm == step.arm && $0.base == step.base && $0.detector == "u2ad-paper"
    }
    let difference = try #require(told?.difference?.estimate)
    #expect(abs(difference - (step.means.behind - step.means.ahead)) < 1e-9)
    #expect(
      mixed.comparisons(threads: 2).count { ($0.difference?.estimate ?? 0) < -0.0005 }
        == steps.count)
    let lost = step.cases.mostDiscordant(step.behind, ahead: step.ahead)
    #expect(lost.map(\.pairsLost) == [2, 1, 1] && lost.map(\.hasLesion) == [true, false, false])
  }

  @Test("a failed step is drawn by the networks of its seed; where it holds again the picture goes")
  func pictures() throws {
    let test = try ExperimentRunTests.Case()
    let run = try test.run(.strategies)
    let real = try #require(try run.run())
    // What is drawn is what was scored.
    let core = StudyDetector.Scoring.core.detectorName
    for member in run.cohort.members {
      let slices = try #require(try run.slices(of: member, by: "3 both", seed: 2, real))
      let item = try #require(real.cases.first { $0.subject == member.study.subject })
      let known = try #require(item.scores["3 both · \(core) · seed 2"]?.patient)
      let again = try #require(slices.highest(core)?.score(core).patient)
      #expect(abs(again - known) < 1e-5, "\(item.subject)")
    }
    let failing = forged(.strategies, run, like: real) { arm, detector, _ in
      arm == "3 both" && detector == core ? 2 : 0
    }
    let library = LibraryFigures(cohort: run.cohort, truth: nil, threads: 2)
    let figures = try #require(try run.discordances(of: failing, library))
    let names = ["2-clinical-only", "1-pretraining-only"].map {
      "discordant-3-both-behind-\($0)-core"
    }
    #expect(figures.map(\.name) == names)
    for figure in figures {
      #expect(figure.picture.columns > Montage.chartWidth)
      let rows = figure.picture.rows
      #expect((3 * DiscordanceFigure.rowHeight..<4 * DiscordanceFigure.rowHeight).contains(rows))
      #expect(Set(figure.picture.pixels).count > 100)
    }
    #expect(figures.first?.picture != figures.last?.picture)
    let one = try test.run(.strategies, threads: 1).discordances(of: failing, library)
    let alone = try #require(one)
    #expect(alone.map(\.picture) == figures.map(\.picture))
    let stopped = try run.discordances(of: failing, library, isCancelled: { true })
    #expect(stopped?.count == nil)

    func drawn() throws -> Set<String> {
      try test.files("work").filter { $0.contains("discordant") }
    }
    let other = "ablation-quick-discordant-x.png"
    try test.folder.write("another suite's", to: "work/\(other)")
    _ = try run.drawFigures(of: failing)
    #expect(try drawn() == Set(names.map { "strategies-quick-\($0).png" } + [other]))
    let holding = forged(.strategies, run, like: real) { _, _, _ in 0 }
    #expect(try run.discordances(of: holding, library)?.isEmpty == true)
    _ = try run.drawFigures(of: holding)
    #expect(try drawn() == [other])
  }

  @Test("both maps have one scale, their difference its own; truth is outlined from outside")
  func figure() throws {
    let slice = try #require(try SyntheticStudy().prepared().scoredSlices.first)
    let cord = slice.anatomy.cord
    let rows = try #require(SegmentScoring.rows(of: .c4c5, anatomy: slice.anatomy))
    var lesion = cord
    for n in lesion.pixels.indices where !rows.contains(n / cord.columns) {
      lesion.pixels[n] = false
    }
    func view(_ name: String, _ value: Float) -> DiscordanceFigure.View {
      DiscordanceFigure.View(
        name: name, map: cord.map { $0 ? value : .nan },
        curve: AnoCurve(
          rows: Array(rows), zMM: rows.map { Double($0) }, values: rows.map { _ in value }),
        threshold: Double(value) / 2)
    }
    func study(_ truth: MaskRaster?) -> DiscordanceFigure.Study {
      DiscordanceFigure.Study(
        name: "01", title: "01, x", note: "scores", slice: slice,
        affected: truth == nil ? [] : [.c4c5], truth: truth, behind: view("3 both", 0.3),
        ahead: view("2 clinical only", 0.1))
    }
    var figure = DiscordanceFigure(
      title: "t", note: "n", scoring: .core, studies: [study(lesion), study(nil)])
    let montage = figure.montage
    #expect(montage.rows.map(\.count) == [5, 5] && montage.rowCharts.count == 2)
    #expect(Array(montage.columnCaptions[2...3]) == ["3 both", "2 clinical only"])
    guard case .grey(let input, let window) = montage.rows[0][0],
      case .colour(let truth) = montage.rows[0][1],
      case .map(let first, let scale) = montage.rows[0][2],
      case .map(_, let second) = montage.rows[0][3],
      case .map(let difference, let own) = montage.rows[0][4],
      case .blank = montage.rows[1][1]
    else {
      Issue.record("other pictures than expected")
      return
    }
    #expect(scale == second && scale.fullScale == 0.3 && scale.colormap == .anomaly)
    #expect(abs(own.fullScale - 0.2) < 1e-6)
    for (value, known) in zip(difference.pixels, first.pixels) {
      #expect(known.isNaN ? value.isNaN : abs(value - 0.2) < 1e-6)
    }
    // The lesion is a rectangle: the ring about it is one pixel wide, and the lesion itself is seen.
    let plain = input.map { Colormap.grey.colour(window.normalised($0)) }
    let changed = zip(plain.pixels, truth.pixels).count { $0 != $1 }
    let width = CordGeometry(slice).width[rows.lowerBound]
    #expect(width > 3 && changed == (rows.count + 2) * (width + 2) - rows.count * width)
    let chart = montage.rowCharts[0]
    #expect(chart.series.map(\.name) == ["3 both", "2 clinical only"])
    #expect(chart.references.map(\.value) == [Double(Float(0.3)) / 2, Double(Float(0.1)) / 2])
    #expect(chart.regions.count { $0.colour != nil } == 1)
    #expect(figure.drawn() == figure.drawn())
    #expect(figure.drawn().rows > 2 * DiscordanceFigure.rowHeight)

    figure.scoring = .paper
    guard case .map(_, let unsigned) = figure.montage.rows[0][2] else {
      Issue.record("no map")
      return
    }
    #expect(unsigned.colormap == .uncertainty)
  }
}
