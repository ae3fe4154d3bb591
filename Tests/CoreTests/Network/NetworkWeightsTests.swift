import Foundation
import Imaging
import Testing

@testable import Core

@Suite struct NetworkWeightsTests {
  private func temporary() throws -> URL {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("cordscope-weights-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url
  }

  private func weights() throws -> NetworkWeights {
    let network = try TinyCase.network()
    return NetworkWeights(
      layout: network.layout, parameters: network.parameters,
      contexts: [.nearest(128), .image], metadata: ["name": "tiny", "command": "test"])
  }

  @Test func roundTrip() throws {
    let folder = try temporary()
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appendingPathComponent("tiny.safetensors")
    let weights = try weights()
    try weights.safetensors().write(to: url)
    let read = try NetworkWeights(contentsOf: url)
    #expect(read.configuration == TinyCase.configuration)
    #expect(read.contexts == [.nearest(128), .image])
    #expect(read.metadata["command"] == "test")
    #expect(sameBits(read.parameters.values, weights.parameters.values))

    let engine = try AnomalyEngine(weights: url, threads: 1)
    #expect(engine.name == "tiny")
    #expect(engine.sha256 == (try SHA256.hexDigest(ofFile: url)))
    #expect(
      throws: NetworkError.untrainedContext(wanted: "roi", trained: ["nearest(128)", "image"])
    ) {
      try engine.context(of: MonteCarloSettings(context: .roi))
    }
    #expect(throws: NetworkError.self) {
      try engine.context(of: MonteCarloSettings(context: .nearest(64)))
    }
  }

  @Test func allProblemsAreReportedTogether() throws {
    let folder = try temporary()
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appendingPathComponent("bad.safetensors")
    var file = try weights().safetensors()
    file.tensors["norm.bias"] = nil
    file.tensors["rec_pred.bias"] = Tensor(shape: [8], floats: Array(repeating: 0, count: 8))
    file.tensors["edge_pred.bias"] = Tensor(shape: [64], floats: Array(repeating: .nan, count: 64))
    file.tensors["surprise\u{1b}"] = Tensor(shape: [1], floats: [1])
    try file.write(to: url)
    do {
      _ = try NetworkWeights(contentsOf: url)
      Issue.record("damaged weights were accepted")
    } catch NetworkError.weights(let name, let problems) {
      #expect(name.hasSuffix("bad.safetensors"))
      #expect(problems.count == 4)
      for part in [
        "norm.bias is missing", "rec_pred.bias has shape [8], not [64]",
        "edge_pred.bias holds values", "surprise· is unexpected",
      ] {
        #expect(problems.contains { $0.contains(part) }, "\(part)")
      }
    }
  }

  @Test(arguments: [
    ("encoder_depth", "0"), ("encoder_depth", "x"), ("encoder_width", "12"),
    ("decoder_width", "99999999"), ("patch_side", "4"), ("conditioning", "maybe"),
    ("normalisation", "none"), ("contexts", ""), ("contexts", "nearest(128) moon"),
    ("format", "other"), ("encoder_depth", "60"), ("decoder_width", "1024"),
  ])
  func badMetadataIsRefused(key: String, value: String) throws {
    let folder = try temporary()
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appendingPathComponent("bad.safetensors")
    var file = try weights().safetensors()
    file.metadata[key] = value
    try file.write(to: url)
    #expect(throws: NetworkError.self) { try NetworkWeights(contentsOf: url) }
  }

  @Test func weightsWithTheReferencesFixedTablesReadBack() throws {
    let folder = try temporary()
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appendingPathComponent("tables.safetensors")
    try weights().safetensors(includesFixedTables: true).write(to: url)
    #expect(try Safetensors.read(url).tensors["pos_embed"]?.shape == [1, 1025, 16])
    #expect(try NetworkWeights(contentsOf: url).configuration == TinyCase.configuration)
  }

  @Test func configurationsThatCannotBeAreRefused() {
    for change in [
      { (c: inout NetworkConfiguration) in c.encoderDepth = 0 }, { $0.decoderDepth = 65 },
      { $0.encoderWidth = 20 }, { $0.decoderWidth = 0 }, { $0.normalisation = "" },
    ] {
      var configuration = TinyCase.configuration
      change(&configuration)
      #expect(throws: NetworkError.self) { try NetworkLayout(configuration) }
    }
    for preset in NetworkConfiguration.presets.values {
      #expect(throws: Never.self) { try preset.validate() }
      #expect(throws: Never.self) { try NetworkConfiguration(metadata: preset.metadata) }
    }
  }
}
