import Core
import Foundation
import Imaging
import TestSupport
import Testing

@Suite("evaluate writes only into the card of the weights that detected")
struct EvaluateTests {
  /// A library of one study with a detection by the weights "aaaa" and truth.
  private func library(in folder: TemporaryFolder) throws {
    try folder.write(#"{"Name": "test", "BIDSVersion": "1.9.0"}"#, to: "dataset_description.json")
    let image = "sub-01/anat/sub-01_T2w.nii.gz"
    try FileManager.default.createDirectory(
      at: folder("sub-01/anat"), withIntermediateDirectories: true)
    try NIfTI.write(
      ImageVolume(
        shape: [5, 80, 80], voxels: (0..<32_000).map { Float($0 % 97) },
        affine: Affine(i: [3.3, 0, 0], j: [0, 1.5, 0], k: [0, 0, 1.5], origin: [0, 0, 0])),
      to: folder(image))
    let segments = SpinalSegment.allCases.map {
      Detection.Segment(
        name: $0.name, score: 0.5, threshold: 0.15, flagged: true, assessable: true, reason: nil)
    }
    let scores = [Double?](repeating: 0.5, count: 6)
    let detection = Detection(
      subject: "01", image: image, imageSha256: nil, sliceIndex: nil,
      patient: .init(score: 0.5, threshold: 0.15, flagged: true, assessable: true, reason: nil),
      segments: segments, curve: .init(row: [], zMm: [], value: []), slices: [],
      opinions: [
        .init(
          detector: "u2ad-core", patientScore: 0.5, threshold: 0.15, flagged: true,
          segmentScores: scores)
      ], absoluteLevel: nil, levelSource: "labelled", quality: [],
      model: .init(
        name: "m", sha256: "aaaa", context: "nearest(128)", mc: 7, seed: 7, scoring: "core",
        kernelPath: "scalar", thresholdSource: "test"), version: "0.1.0")
    let stored = "derivatives/cordscope/sub-01/anat/sub-01_T2w_detection.json"
    let text = String(decoding: try DetectionFile.encode(detection), as: UTF8.self)
    try folder.write(text, to: stored)
    try folder.write(
      #"{"class": "focal-bright", "lesion": true, "segments": ["C4-5"]}"#,
      to: "derivatives/truth/sub-01_truth.json")
  }

  @Test("the card of other weights stays as it was", arguments: ["--card", "--figures"])
  func otherWeights(option: String) async throws {
    let folder = try TemporaryFolder()
    try library(in: folder)
    let card = folder("other.json")
    try ModelCard(name: "other", sha256: "bbbb").write(to: card)
    let before = try Data(contentsOf: card)
    let result = try await Program.run("evaluate", folder.url.path, option, card.path)
    #expect(result.exitCode == 3 && result.output.isEmpty)
    for word in ["of 01 ", "aaaa", "bbbb"] { #expect(result.errors.contains(word)) }
    #expect(try Data(contentsOf: card) == before)
  }

  @Test("segment --figures refuses the card of other weights before it computes anything")
  func otherAnatomyWeights() async throws {
    let folder = try TemporaryFolder()
    let shipped = try String(
      contentsOf: Checkout.url("assets/cordscope-anatomy.json"), encoding: .utf8)
    let hash = try SHA256.hexDigest(ofFile: Checkout.url("assets/cordscope-anatomy.safetensors"))
    let text = shipped.replacingOccurrences(of: hash, with: String(repeating: "b", count: 64))
    #expect(text != shipped)
    try folder.write(text, to: "card.json")
    let result = try await Program.run(
      "segment", "--phantoms", "5", "--figures", folder("card.json").path)
    #expect(result.exitCode == 3 && result.output.isEmpty, "\(result.errors)")
    #expect(result.errors.contains("is not that of the weights measured"))
    #expect(try String(contentsOf: folder("card.json"), encoding: .utf8) == text)
  }

  @Test("the card of the same weights takes the thresholds")
  func sameWeights() async throws {
    let folder = try TemporaryFolder()
    try library(in: folder)
    let url = folder("own.json")
    try ModelCard(name: "own", sha256: "aaaa").write(to: url)
    let result = try await Program.run(
      "evaluate", folder.url.path, "--card", url.path, "--bootstrap", "10", "--repeats", "1")
    #expect(result.exitCode == 0, "\(result.errors)")
    let card = try ModelCard.read(url)
    #expect(card.appliedThresholds(of: "u2ad-core")?.patient == 0.5)
    #expect(card.appliedThresholds(of: "u2ad-core")?.source.contains("1 patient,") == true)
    // The cohort had no LC61: its thresholds are still nobody's.
    #expect(card.appliedThresholds(of: "lc61")?.source == ModelCard.startSource)
  }

  @Test("a study that changed since its detection stands in no table")
  func outdated() async throws {
    let folder = try TemporaryFolder()
    try library(in: folder)
    try FileManager.default.setAttributes(
      [.modificationDate: Date().addingTimeInterval(60)],
      ofItemAtPath: folder("sub-01/anat/sub-01_T2w.nii.gz").path)
    let result = try await Program.run("evaluate", folder.url.path)
    #expect(result.exitCode == 3 && result.errors.contains("01: left out, image or labels changed"))
    #expect(result.output.isEmpty)
  }
}
