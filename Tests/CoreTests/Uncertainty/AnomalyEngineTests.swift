import Imaging
import Testing

@testable import Core

@Suite struct AnomalyEngineTests {
  private func engine(threads: Int = 1) throws -> AnomalyEngine {
    let network = try TinyCase.network(training: false)
    return AnomalyEngine(
      weights: NetworkWeights(
        layout: network.layout, parameters: network.parameters, contexts: [.nearest(70), .roi]),
      name: "tiny", sha256: "0", threads: threads)
  }

  @Test(arguments: [NetworkContext.nearest(70), .roi])
  func mapsSayWhatWasReconstructed(context: NetworkContext) throws {
    let slice = TinyCase.slice(seed: 7)
    let maps = try engine().maps(
      image: slice.normalised, cord: slice.cord, csf: slice.csf,
      settings: MonteCarloSettings(context: context))
    #expect(maps.passes == 7)
    #expect(maps.fewestReconstructions >= 5)
    for index in slice.cord.pixels.indices {
      let inside = slice.cord.pixels[index] || slice.csf.pixels[index]
      #expect(maps.reconstructed.pixels[index] == inside)
      let (mean, input) = (maps.mean.pixels[index], slice.normalised.pixels[index])
      if inside {
        #expect(abs(maps.aleatoric.pixels[index] - abs(input - mean)) < 1e-6)
        #expect(maps.epistemic.pixels[index] >= 0)
      } else {
        #expect(mean == input)
        #expect(maps.epistemic.pixels[index].isNaN && maps.aleatoric.pixels[index].isNaN)
      }
    }
  }

  @Test func sameBitsForAnyThreadCount() throws {
    let slice = TinyCase.slice(seed: 8)
    let settings = MonteCarloSettings(scheme: .random(minimum: 2), seed: 5)
    let all = try [1, 2, 4].map { threads in
      let maps = try engine(threads: threads).maps(
        image: slice.normalised, cord: slice.cord, csf: slice.csf, settings: settings)
      return [maps.mean, maps.epistemic, maps.aleatoric].flatMap(\.pixels)
    }
    #expect(sameBits(all[0], all[1]) && sameBits(all[1], all[2]))
  }

  @Test func oneEngineServesSeveralThreads() throws {
    let engine = try engine(threads: 2)
    let slices = (1...6).map { TinyCase.slice(seed: $0) }
    let expected = try slices.map {
      try engine.maps(image: $0.normalised, cord: $0.cord, csf: $0.csf).mean
    }
    ThreadTeam(threads: 3).forEach(slices.count) { index, _ in
      let slice = slices[index]
      let maps = try? engine.maps(image: slice.normalised, cord: slice.cord, csf: slice.csf)
      #expect(maps.map { sameBits($0.mean.pixels, expected[index].pixels) } == true)
    }
  }

  @Test func aSliceThatCannotBeAssessedSaysWhy() throws {
    let slice = TinyCase.slice(seed: 1)
    let none = slice.cord.map { _ in false }
    #expect(throws: NetworkError.self) {
      try engine().maps(image: slice.normalised, cord: none, csf: none)
    }
  }
}
