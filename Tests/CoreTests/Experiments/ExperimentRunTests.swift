import Foundation
import Imaging
import Synchronization
import TestSupport
import Testing

@testable import Core

@Suite("Experiments")
struct ExperimentRunTests {
  /// A library of coarse phantoms with truth, and a scale of almost no work.
  struct Case {
    let folder: TemporaryFolder

    init() throws {
      folder = try TemporaryFolder()
      let kinds: [PhantomClass] = [
        .focalBright, .focalBright, .multisegmental, .normal, .normal, .gibbs,
      ]
      try PhantomCohort.write(
        kinds.enumerated().map { index, kind in
          PhantomRecipe(index: index, seed: UInt64(40 + index), kind: kind, domain: .clinical)
        }, to: folder("library"), configuration: PhantomConfiguration(slices: 3, coarseness: 2))
    }

    static var scale: ExperimentScale {
      var scale = ExperimentScale.quick
      scale.seeds = [1, 2]
      scale.studiesPerClass = nil
      scale.product = NetworkRecipe(patients: 2, steps: 3)
      scale.product.configuration = TinyCase.configuration
      scale.adaptationSteps = 4
      scale.repeats = 2
      scale.resamples = 20
      return scale
    }

    func run(
      _ suite: ExperimentSuite, in name: String = "work", build: String = "a", threads: Int = 2
    ) throws -> ExperimentRun {
      try ExperimentRun(
        suite, scale: Self.scale, library: StudyLibrary(opening: folder("library")),
        folder: folder(name), build: build, threads: threads)
    }

    func files(_ name: String) throws -> Set<String> {
      Set(try FileManager.default.contentsOfDirectory(atPath: folder(name).path))
    }
  }

  @Test("two programs in one folder: the second is told, and does nothing")
  func lockedFolder() throws {
    let test = try Case()
    let run = try test.run(.signal)
    let other = try ExperimentStore(folder: test.folder("work")).lock()
    let error = #expect(throws: LibraryError.self) { try run.run() }
    #expect("\(error, default: "")".contains("another experiment runs in this folder"))
    #expect(try test.files("work/outcomes").isEmpty)
    other.release()
    #expect(try run.run() != nil)
  }

  @Test(
    "strategies: three arms, two seeds; pretraining is shared, everything is kept and used again")
  func strategies() throws {
    let test = try Case()
    let result = try #require(try test.run(.strategies).run())
    #expect(result.outcomes.count == 6)
    #expect(result.rows.count == 9 && result.rows.allSatisfy { $0.row.runs.count == 2 })
    // One pretraining and two adaptations per seed, with a record beside each adaptation.
    let weights = try test.files("work/weights")
    #expect(weights.count { $0.hasSuffix(".safetensors") } == 6)
    #expect(weights.count { $0.hasSuffix(".json") } == 4)
    #expect(!weights.contains { $0.hasSuffix(".checkpoint") })
    let report = ExperimentReport(result, threads: 2)
    let table = report.table
    #expect(table.detectors.count == 9 && table.detectors.allSatisfy { $0.assessed == 6 })
    let text = report.text
    for words in [
      "3 both · u2ad-core", "training seeds 1, 2", Notice.researchUse, "SSIM",
      "those tested included",
    ] {
      #expect(text.contains(words), "\(words)")
    }
    #expect(report.comparisons.allSatisfy { $0.difference != nil && $0.f1Difference != nil })
    #expect(text.contains("F1 difference"))
    #expect(report.comparisons.count == 9 && text.contains("AUC by training seed"))
    let figures = try #require(try test.run(.strategies).drawFigures(of: result))
    #expect(
      Set(figures.map(\.lastPathComponent)).isSuperset(
        of: ["roc", "adaptation", "curves", "reconstructions"].map { "strategies-quick-\($0).png" })
    )
    // Studies that are asked for are shown in that order; a name that is not there is left out.
    let network = try #require(result.outcomes.first?.outcome.weights[""])
    let engine = try AnomalyEngine(weights: test.folder("work/weights/\(network)"), threads: 2)
    let library = LibraryFigures(cohort: try test.run(.strategies).cohort, truth: nil, threads: 2)
    let shown = try #require(try library.examples(of: ["005", "none", "001"]) { _ in [engine] })
    #expect(shown.map { $0.name.prefix(3) } == ["005", "001"])
    // A second run computes nothing and says the same.
    let words = Mutex<[String]>([])
    let again = try #require(
      try test.run(.strategies, threads: 1).run(
        progress: { step in words.withLock { $0.append(step.words) } }))
    #expect(words.withLock { $0 }.isEmpty)
    #expect(ExperimentReport(again, threads: 1).text == text)
  }

  @Test("stopped at any piece of work, the same call goes on to the same scores")
  func interrupted() throws {
    let test = try Case()
    let whole = try #require(try test.run(.strategies, in: "whole").run())
    for limit in [3, 14, 40] {
      let steps = Mutex(0)
      let stopped = try test.run(.strategies, in: "parts").run(
        isCancelled: { steps.withLock { $0 } >= limit },
        progress: { _ in steps.withLock { $0 += 1 } })
      #expect(stopped == nil || limit == 40)
    }
    let parts = try #require(try test.run(.strategies, in: "parts").run())
    #expect(parts.cases == whole.cases)
    #expect(try test.files("parts/weights") == test.files("whole/weights"))
  }

  @Test("signal: every detector without training, no network and no weights")
  func signal() throws {
    let test = try Case()
    let result = try #require(try test.run(.signal).run())
    #expect(result.rows.map(\.detector) == SignalDetector.allCases.map(\.rawValue))
    #expect(!result.cases.flatMap(\.scores.keys).contains { $0.contains("u2ad") })
    #expect(try test.files("work/weights").isEmpty)
    let table = result.table(threads: 1)
    #expect(table.detectors.first { $0.detector == "lc61" }?.difference == nil)
    #expect(table.detectors.first { $0.detector == "z-score" }?.difference != nil)
    // Scores are those that detection gives.
    let study = try test.run(.signal).cohort.members[0]
    let source = try StudyLibrary(opening: test.folder("library")).load(study.study)
    let prepared = try StudyPreparation.prepare(image: source.volume, labels: source.labels)
    let best = prepared.scoredSlices.compactMap {
      SignalDetector.zScore.score($0, cord: CordGeometry($0)).patient
    }.max()
    let kept = result.cases[0].scores.first {
      $0.key.contains("z-score") && $0.key.contains("seed")
    }
    #expect(abs((kept?.value.patient ?? -99) - (best ?? 99)) < 1e-5)
  }

  @Test("another build computes its outcomes anew, with the same weights")
  func otherBuild() throws {
    let test = try Case()
    _ = try test.run(.ablation).run()
    let (outcomes, weights) = (try test.files("work/outcomes"), try test.files("work/weights"))
    _ = try test.run(.ablation, build: "b").run()
    #expect(try test.files("work/outcomes").count == 2 * outcomes.count)
    #expect(try test.files("work/weights") == weights)
  }

  @Test("another mask is other data: nothing kept is used for it")
  func changedMask() throws {
    let test = try Case()
    let before = try #require(try test.run(.signal).run())
    let path = "library/derivatives/labels/sub-001/anat/sub-001_T2w_label-SC_seg.nii.gz"
    var mask = try NIfTI.readLabels(test.folder(path))
    let cord = try #require(mask.voxels.firstIndex { $0 != 0 })
    mask.voxels[cord] = 0
    try NIfTI.write(mask, to: test.folder(path))
    let words = Mutex(0)
    let after = try #require(
      try test.run(.signal).run(progress: { _ in words.withLock { $0 += 1 } }))
    #expect(words.withLock { $0 } > 0 && after.cases.count == before.cases.count)
    #expect(try test.files("work/outcomes").count == 2)
    // A study that cannot be read at all stops the run by name; it does not vanish from the table.
    try Data("broken".utf8).write(to: test.folder(path))
    #expect { try test.run(.signal).run() } throws: { "\($0)".contains("sub-001") }
  }

  @Test("degraded images are assessed as well as the others")
  func robustness() throws {
    let test = try Case()
    let result = try #require(try test.run(.robustness).run())
    let table = ExperimentReport(result, threads: 2).table
    for row in table.detectors where row.detector.hasSuffix("u2ad-core") {
      #expect(row.assessed == 6, "\(row.detector): \(row.assessed)")
    }
  }

  @Test("of a planted cohort nothing of a tested patient is learned from, and no original at all")
  func plantedCohort() throws {
    let folder = try TemporaryFolder()
    let recipes = (0..<6).map {
      PhantomRecipe(index: $0, seed: UInt64(70 + $0), kind: .normal, domain: .clinical)
    }
    try PhantomCohort.write(
      recipes, to: folder.url, configuration: PhantomConfiguration(slices: 3, coarseness: 2))
    // Three patients, each with a planted study and its unplanted twin.
    let rows = (1...6).map { "sub-00\($0)\tp\(($0 + 1) / 2)\t\($0 % 2 == 1)" }
    try folder.write(
      (["participant_id\tsource_subject\tplanted"] + rows).joined(separator: "\n") + "\n",
      to: "participants.tsv")
    let cohort = try ExperimentCohort(
      StudyLibrary(opening: folder.url), truth: nil, perClass: nil, team: ThreadTeam(threads: 2))
    #expect(cohort.heldOut == [["p1"], ["p2"], ["p3"]])
    #expect(cohort.learning(without: ["p2"]).map(\.study.subject) == ["001", "005"])
  }

  @Test("a library without truth is refused by name")
  func noTruth() throws {
    let folder = try TemporaryFolder()
    try folder.write(#"{"Name": "x", "BIDSVersion": "1.9.0"}"#, to: "lib/dataset_description.json")
    #expect {
      try ExperimentRun(
        .signal, scale: .quick, library: StudyLibrary(opening: folder("lib")), folder: folder("o"),
        build: "a", threads: 1)
    } throws: {
      "\($0)".contains("lib") && "\($0)".contains("truth")
    }
  }

  @Test("all suites have arms with names of their own, and pairs that exist")
  func suites() {
    for suite in ExperimentSuite.allCases {
      for scale in [ExperimentScale.quick, .full] {
        let arms = suite.arms(scale)
        #expect(!arms.isEmpty && Set(arms.map(\.name)).count == arms.count, "\(suite)")
        for (first, second) in suite.pairs(arms) {
          #expect(arms.contains { $0.name == first } && arms.contains { $0.name == second })
        }
        for arm in arms {
          #expect(throws: Never.self) { try arm.inference.validate() }
          if case .adapted(_, let settings) = arm.weights {
            #expect(throws: Never.self) { try settings.validate() }
          }
        }
      }
    }
  }
}

@Suite("Degraded images")
struct ImageDegradationTests {
  private let volume = ImageVolume(
    shape: [3, 30, 42], voxels: (0..<3780).map { Float($0 % 100) },
    affine: Affine(i: [3, 0, 0], j: [0, 0.5, 0], k: [0, 0, 0.5], origin: [-3, -7, -10]))

  @Test("noise has the stated variance on the grey range, and its seed")
  func noise() {
    let noisy = ImageDegradation.noise(variance: 0.04).apply(volume, seed: 3)
    let differences = zip(noisy.voxels, volume.voxels).map { Double($0 - $1) / 99 }
    let variance = differences.reduce(0) { $0 + $1 * $1 } / Double(differences.count)
    #expect(abs(variance - 0.04) < 0.004, "\(variance)")
    #expect(abs(differences.reduce(0, +) / Double(differences.count)) < 0.02)
    #expect(noisy.voxels == ImageDegradation.noise(variance: 0.04).apply(volume, seed: 3).voxels)
    #expect(noisy.voxels != ImageDegradation.noise(variance: 0.04).apply(volume, seed: 4).voxels)
    #expect(ImageDegradation.noise(variance: 0).apply(volume, seed: 3).voxels == volume.voxels)
  }

  @Test("coarser pixels are block means, drawn on the image's own voxels")
  func coarser() {
    let coarse = ImageDegradation.coarser(factor: 2).apply(volume, seed: 0)
    #expect(coarse.shape == volume.shape && coarse.affine == volume.affine)
    // A ramp stays a ramp away from the border; a checkerboard becomes its mean.
    var ramp = volume
    var board = volume
    for k in 0..<42 {
      for j in 0..<30 {
        for i in 0..<3 {
          ramp.voxels[i + 3 * (j + 30 * k)] = Float(2 * j + 3 * k)
          board.voxels[i + 3 * (j + 30 * k)] = Float((j + k) % 2)
        }
      }
    }
    let (a, b) = (
      ImageDegradation.coarser(factor: 4).apply(ramp, seed: 0),
      ImageDegradation.coarser(factor: 2).apply(board, seed: 0)
    )
    for (j, k) in [(8, 10), (15, 21), (20, 30)] {
      #expect(abs(a[1, j, k] - ramp[1, j, k]) < 1e-3, "\(a[1, j, k]) \(ramp[1, j, k])")
      #expect(abs(b[1, j, k] - 0.5) < 1e-4)
    }
  }
}
