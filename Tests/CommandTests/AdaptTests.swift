import Core
import Foundation
import TestSupport
import Testing

@Suite("adapt")
struct AdaptTests {
  /// Writes two phantom patients.
  private func library(in folder: TemporaryFolder, _ name: String = "library") async throws -> URL {
    let made = try await Program.run(
      "phantom", "--out", folder(name).path, "--patients", "2", "--seed", "5")
    try #require(made.exitCode == 0, "\(made.errors)")
    return folder(name)
  }

  /// The weights files in a library's folder of models.
  private func weights(_ library: URL) throws -> [URL] {
    let folder = library.appendingPathComponent("derivatives/cordscope/models")
    return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter {
        $0.pathExtension == "safetensors" && !$0.lastPathComponent.hasSuffix("_film.safetensors")
      }
  }

  private struct Model: Decodable {
    var name: String
    var sha256: String
    var threshold_source: String
  }

  private struct Line: Decodable {
    var model: Model
  }

  private func models(_ output: String) throws -> [Model] {
    try output.split(separator: "\n").map {
      try JSONDecoder().decode(Line.self, from: Data($0.utf8)).model
    }
  }

  @Test("the library uses the adapted weights and says which; strategy 1 goes back")
  func adaptAndBack() async throws {
    try Checkout.requireWeights()
    let folder = try TemporaryFolder()
    let library = try await library(in: folder)
    let first = try await Program.run("detect", library.path, "--json")
    #expect(try models(first.text).allSatisfy { $0.name == "cordscope-small" })

    let adapted = try await Program.run("adapt", library.path, "--steps", "6", "--passes", "2")
    #expect(adapted.exitCode == 0, "\(adapted.errors)")
    #expect(adapted.text.contains("adapted weights cordscope-small-adapted-"))
    #expect(adapted.text.contains("SSIM") && adapted.text.contains(Notice.researchUse))
    #expect(adapted.errors.contains("6 slices of 2 subjects"))
    #expect(adapted.errors.contains("cordscope detect"))
    let plots = folder("plots")
    let record = try await Program.run(
      "adapt", library.path, "--steps", "6", "--passes", "2", "--json", "--plots", plots.path)
    #expect(
      Set(try FileManager.default.contentsOfDirectory(atPath: plots.path)) == [
        "adaptation.png", "film.png",
      ])
    #expect(record.exitCode == 0 && record.errors.contains("lay there already"))
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(record.output)) as? [String: Any])
    #expect(object["masking"] as? String == "eu+au" && object["seed"] as? Int == 1)
    #expect(object["command"] as? String == "cordscope adapt library --steps 6 --passes 2")
    #expect((object["curve"] as? [Any])?.count == 5)

    // A damaged film keeps nobody from the weights, nor from hearing that they are used.
    let film = try #require(
      try FileManager.default.contentsOfDirectory(
        at: library.appendingPathComponent("derivatives/cordscope/models"),
        includingPropertiesForKeys: nil
      ).first { $0.lastPathComponent.hasSuffix("_film.safetensors") })
    try Data("x".utf8).write(to: film)
    let without = try await Program.run(
      "adapt", library.path, "--steps", "6", "--passes", "2", "--plots", folder("less").path)
    #expect(without.exitCode == 0 && without.errors.contains("from now on"), "\(without.errors)")
    #expect(without.errors.contains("delete the file; the weights are whole"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder("less").path) == [
        "adaptation.png"
      ])
    try FileManager.default.removeItem(at: film)

    let second = try await Program.run("detect", library.path, "--json")
    let model = try #require(try models(second.text).first)
    #expect(model.name == adapted.text.split(separator: " ")[2])
    #expect(model.threshold_source.hasPrefix("before adaptation (cordscope-small "))
    let table = try await Program.run("detect", library.path)
    #expect(table.text.contains("weights \(model.name) \(model.sha256.prefix(8))"))
    #expect(table.text.contains("before adaptation"))
    let shown = try await Program.run(
      "show", library.path, "--subject", "001", "--map", "anomaly", "--as", "halfblock")
    #expect(shown.errors.contains("weights \(model.name) \(model.sha256.prefix(8))"))
    let evaluated = try await Program.run("evaluate", library.path, "--bootstrap", "10")
    #expect(evaluated.text.contains("weights \(model.name) \(model.sha256.prefix(8))"))
    let healthy = try await Program.run("verify", library.path)
    #expect(healthy.exitCode == 0, "\(healthy.text)")

    let back = try await Program.run("adapt", library.path, "--strategy", "1")
    #expect(back.exitCode == 0 && back.text.contains("cordscope-small"))
    #expect(back.text.contains("nothing is adapted") && back.errors.contains("uses them again"))
    let third = try await Program.run("detect", library.path, "--json")
    // The same detections as before the adaptation, to the byte.
    #expect(third.text == first.text)

    // What the library was told holds for whoever detects later.
    let joint = try await Program.run("detect", library.path, "--scoring", "joint", "--json")
    #expect(joint.exitCode == 0 && joint.text.contains(#""scoring":"joint""#), "\(joint.errors)")
    let later = try await Program.run("detect", library.path, "--json")
    #expect(later.text == joint.text)
    // What is told later changes only what it names; other weights are for this once.
    let passes = try await Program.run("detect", library.path, "--mc", "3", "--json")
    #expect(passes.text.contains(#""scoring":"joint""#) && passes.text.contains(#""mc":3"#))
    #expect(passes.errors.contains("scoring joint, curves rows, 3 passes"), "\(passes.errors)")
    let once = try await Program.run(
      "detect", library.path, "--weights", try #require(try weights(library).first).path,
      "--scoring", "z", "--json")
    #expect(once.exitCode == 0 && once.text.contains(#""scoring":"z""#), "\(once.errors)")
    let kept = try DetectionChoice.read(library: library)
    #expect(kept.scoring == .joint && kept.passes == 3)
  }

  @Test("what makes no sense is refused")
  func usage() async throws {
    let folder = try TemporaryFolder()
    try folder.write(#"{"Name": "x", "BIDSVersion": "1.9.0"}"#, to: "dataset_description.json")
    let library = folder.url.path
    for words in [
      ["adapt"], ["adapt", library, "--masking", "all"], ["adapt", library, "--strategy", "4"],
      ["adapt", library, "--steps", "0"], ["adapt", library, "--tau", "0"],
      ["adapt", library, "--ratio", "1"], ["adapt", library, "--passes", "1"],
      ["adapt", library, "--strategy", "1", "--steps", "5"],
    ] {
      let result = try await Program.run(words)
      #expect(result.exitCode == 2, "\(words): \(result.errors)")
    }
    let empty = try await Program.run("adapt", library)
    #expect(empty.exitCode == 3 && empty.errors.contains("no study has a slice to adapt to"))
    #expect(!FileManager.default.fileExists(atPath: folder("derivatives").path))
    let nothing = try await Program.run("adapt", folder("nowhere").path)
    #expect(nothing.exitCode == 3)
  }

  @Test("^C ends with a checkpoint, says how to go on, and the same command does")
  func interruption() async throws {
    try Checkout.requireWeights()
    let folder = try TemporaryFolder()
    let library = try await library(in: folder)
    let words = ["adapt", library.path, "--steps", "60"]
    let home = try TemporaryFolder()
    let run = try ProgramRun(
      starting: Program.url(), words, environment: Program.plain(home: home))
    let hasBegun = try await run.send(SIGINT, once: { run.errors.contains("slices of") })
    #expect(hasBegun)
    let stopped = try await run.result()
    #expect(stopped.exitCode == 4, "\(stopped.errors)")
    #expect(stopped.errors.contains("The same command goes on from the checkpoint"))
    let finished = try await Program.run(words)
    #expect(finished.exitCode == 0, "\(finished.errors)")
    #expect(try weights(library).count == 1)
  }

  @Test("killed ten times at random moments, a run ends with the same bits")
  func killed() async throws {
    try Checkout.requireWeights()
    let folder = try TemporaryFolder()
    let whole = try await library(in: folder)
    let killed = folder("killed")
    try FileManager.default.copyItem(at: whole, to: killed)
    // Named alike, so that records and commands are the same.
    let options = ["--steps", "60", "--passes", "2", "--checkpoint", "2"]
    let reference = try await Program.run(["adapt", whole.path] + options)
    try #require(reference.exitCode == 0, "\(reference.errors)")

    let seed: UInt64 = 20_261_121
    var state = seed
    var (kills, resumptions, runs) = (0, 0, 0)
    let home = try TemporaryFolder()
    while kills < 10 {
      runs += 1
      try #require(runs < 40, "it ended before it was killed ten times (seed \(seed))")
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let run = try ProgramRun(
        starting: Program.url(), ["adapt", killed.path] + options,
        environment: Program.plain(home: home))
      // A third of the kills falls a moment after a checkpoint was written, however slow the machine
      // is, a third into the training, the others anywhere after the start.
      let kind = runs % 3
      try await run.send(
        SIGKILL,
        once: {
          switch kind {
          case 1: Self.hasCheckpoint(killed)
          case 2: run.errors.contains("slices of")
          default: true
          }
        }, after: .milliseconds((state >> 33) % (kind == 1 ? 40 : 400)))
      let result = try await run.result()
      if result.exitCode == 128 + SIGKILL { kills += 1 }
      if result.errors.contains("goes on from step") { resumptions += 1 }
    }
    let last = try await Program.run(["adapt", killed.path] + options)
    #expect(last.exitCode == 0, "\(last.errors)")
    #expect(resumptions > 0, "no run went on from a checkpoint (seed \(seed))")
    let files = try [whole, killed].map { try #require(try weights($0).first) }
    #expect(files[0].lastPathComponent == files[1].lastPathComponent)
    #expect(try Data(contentsOf: files[0]) == Data(contentsOf: files[1]), "seed \(seed)")
    print("killed \(kills) times in \(runs) runs, \(resumptions) went on from a checkpoint")
  }

  /// Whether a library holds the checkpoint of a run, or the run's weights.
  private static func hasCheckpoint(_ library: URL) -> Bool {
    let folder = library.appendingPathComponent("derivatives/cordscope/models")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.contains { $0.hasSuffix(".checkpoint") || $0.hasSuffix(".safetensors") }
  }
}
