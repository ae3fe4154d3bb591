import Core
import Foundation
import Imaging
import TestSupport
import Testing

@Suite("A cohort through the commands")
struct PipelineTests {
  private struct Study: Decodable {
    struct Patient: Decodable {
      var score: Double?
      var threshold: Double
      var flagged: Bool
      var assessable: Bool
    }
    struct Segment: Decodable {
      var name: String
      var score: Double?
      var assessable: Bool
      var reason: String?
    }
    var subject: String
    var patient: Patient
    var segments: [Segment]
  }

  private struct Table: Decodable {
    struct Detector: Decodable {
      var detector: String
      var assessed: Int
      var cases: Int
    }
    var detectors: [Detector]
    var patients: Int
    var notice: String
  }

  @Test("phantom, detect, show, evaluate, a suite, calibrate, verify")
  func everyCommand() async throws {
    try Checkout.requireWeights()
    let folder = try TemporaryFolder()
    let library = folder("library").path
    let made = try await Program.run(
      "phantom", "--out", library, "--patients", "4", "--seed", "11", "--lesion-rate", "0.5")
    try #require(made.exitCode == 0, "\(made.errors)")

    let detected = try await Program.run("detect", library, "--json")
    #expect(detected.exitCode == 0, "\(detected.errors)")
    let studies = try detected.text.split(separator: "\n").map {
      try JSONDecoder().decode(Study.self, from: Data($0.utf8))
    }
    #expect(studies.map(\.subject).sorted() == ["001", "002", "003", "004"])
    for study in studies {
      #expect(study.segments.map(\.name) == SpinalSegment.allCases.map(\.name))
      #expect(study.segments.allSatisfy { $0.assessable ? $0.score != nil : $0.reason != nil })
      #expect(study.patient.flagged == (study.patient.score ?? -1 >= study.patient.threshold))
    }
    // Again: nothing is left to do, and the worklist is the same.
    let again = try await Program.run("detect", library, "--json")
    #expect(again.text == detected.text)

    try await show(library, into: folder)
    let evaluated = try await Program.run(
      "evaluate", library, "--json", "--bootstrap", "20", "--repeats", "2")
    let table = try JSONDecoder().decode(Table.self, from: Data(evaluated.output))
    #expect(table.patients == 4 && table.notice == Notice.researchUse)
    #expect(
      table.detectors.count == StudyDetector.Scoring.allCases.count + SignalDetector.allCases.count)
    #expect(table.detectors.allSatisfy { $0.assessed == 4 && $0.cases == 4 })

    try await suite(library, into: folder)
    let calibrated = try await Program.run("calibrate", library)
    #expect(calibrated.exitCode == 3 && calibrated.errors.contains("patients"))
    let verified = try await Program.run("verify", library)
    #expect(verified.exitCode == 0 && verified.text.contains("4 studies"), "\(verified.text)")
  }

  private func show(_ library: String, into folder: TemporaryFolder) async throws {
    let map = library + "/derivatives/cordscope/sub-002/anat/sub-002_T2w_desc-anomaly_map.nii.gz"
    let picture = folder("map.png")
    let shown = try await Program.run("show", map, "--out", picture.path)
    #expect(shown.exitCode == 0, "\(shown.errors)")
    #expect(try PNG.readRGB(picture).columns >= 256)
  }

  private func suite(_ library: String, into folder: TemporaryFolder) async throws {
    let out = folder("experiments")
    let words = ["evaluate", library, "--suite", "signal", "--quick", "--out", out.path]
    let first = try await Program.run(words)
    #expect(first.exitCode == 0, "\(first.errors)")
    #expect(first.text.contains("lc61") && first.text.contains(Notice.researchUse))
    #expect(
      try String(contentsOf: out.appendingPathComponent("signal-quick.md"), encoding: .utf8)
        .hasPrefix(first.text.trimmingCharacters(in: .newlines)))
    let wrong = try await Program.run(words + ["--repeats", "3"])
    #expect(wrong.exitCode == 2 && wrong.errors.contains("--repeats"))
    let alone = try await Program.run("evaluate", library, "--quick")
    #expect(alone.exitCode == 2 && alone.errors.contains("--suite"))
  }

  @Test("pretrain: ^C leaves a checkpoint and no weights; the same command ends with the same bits")
  func interruptedPretraining() async throws {
    let folder = try TemporaryFolder()
    func words(_ name: String) -> [String] {
      [
        "pretrain", "--out", folder("\(name).safetensors").path, "--patients", "2", "--steps",
        "150",
        "--seed", "3",
      ]
    }
    let whole = try await Program.run(words("whole"))
    try #require(whole.exitCode == 0, "\(whole.errors)")

    let run = try ProgramRun(
      starting: Program.url(), words("parts"), environment: Program.plain(home: folder))
    try await run.send(SIGINT, once: { run.errors.contains("step ") })
    let stopped = try await run.result()
    #expect(stopped.exitCode == 4, "\(stopped.errors)")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    #expect(files.contains("parts.safetensors.checkpoint"))
    #expect(!files.contains("parts.safetensors") && !files.contains("parts.json"))

    let resumed = try await Program.run(words("parts"))
    #expect(resumed.exitCode == 0, "\(resumed.errors)")
    let (a, b) = (
      try NetworkWeights(contentsOf: folder("whole.safetensors")),
      try NetworkWeights(contentsOf: folder("parts.safetensors"))
    )
    #expect(
      (0..<a.layout.table.count).allSatisfy { a.parameters.base[$0] == b.parameters.base[$0] })
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    #expect(!left.contains("parts.safetensors.checkpoint"))
  }
}
