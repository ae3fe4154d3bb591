import Foundation
import Imaging
import Testing

@testable import Core

@Suite struct AnatomyNetworkTests {
  /// All gradients of the loss along themselves, against central differences.
  @Test(arguments: KernelTable.available)
  func gradientsAgreeWithDifferences(path: KernelPath) throws {
    let kernels = try #require(KernelTable.table(for: path))
    let network = try TinyAnatomy.network(kernels: kernels)
    let samples = TinyAnatomy.Samples()
    let step = AnatomyGradients(network: network, batch: 2, team: ThreadTeam(threads: 2))
    var loss = AnatomyLoss()
    loss.dice = 2
    loss.contact = 5
    func total() throws -> Double { try step.compute(samples, first: 0, loss: loss).total }
    _ = try total()
    let gradients = AlignedBuffer(step.gradients.values)
    for field in network.layout.table.fields {
      let range = field.offset..<field.offset + field.count
      let gradient = range.map { Double(gradients[$0]) }
      let kept = range.map { network.parameters[$0] }
      let norm = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
      func shifted(_ amount: Double) throws -> Double {
        for (n, place) in range.enumerated() {
          network.parameters[place] = kept[n] + Float(amount * gradient[n] / max(norm, 1e-30))
        }
        network.repack(team: ThreadTeam(threads: 1))
        return try total()
      }
      let h = 1e-3
      let difference = (try shifted(h) - shifted(-h)) / (2 * h)
      _ = try shifted(0)
      #expect(norm > 0, "\(field.name) has no gradient")
      #expect(
        abs(difference - norm) < 3e-2 * norm + 1e-3,
        "\(field.name): gradient \(norm), difference \(difference)")
    }
  }

  @Test("pixels where the cord touches no fluid weigh more, on its row only")
  func contacts() {
    var loss = AnatomyLoss()
    loss.contact = 5
    let disc = AnatomyTissue.disc.rawValue
    let touching: [UInt8] = [0, 0, 0, 0, disc, 1, 1, 1, 1, 1, 1, 2, 2, 0, 0, 0]
    let free = touching.map { $0 == disc ? AnatomyTissue.csf.rawValue : $0 }
    let weights = loss.pixelWeights(touching + free, side: 16)
    let usual = (touching + free).map { loss.tissueWeights[Int($0)] }
    let factors = zip(weights, usual).map { $0 / $1 }
    #expect(factors == [1, 1, 5, 5, 5, 5, 5, 5] + [Float](repeating: 1, count: 24))
    loss.contact = 1
    #expect(loss.pixelWeights(touching + free, side: 16) == usual)
  }

  @Test func pathsAgree() throws {
    let image = try TinyAnatomy.Samples().sample(4).image
    let layout = try AnatomyLayout(TinyAnatomy.configuration)
    let parameters = try TinyAnatomy.network().parameters
    let weights = AnatomyWeights(layout: layout, parameters: parameters)
    let oracle = try AnatomyEngine(weights: weights, sha256: "", threads: 1, kernels: .scalar)
      .predict([image])[0]
    for kernels in fastTables {
      let found = try AnatomyEngine(weights: weights, sha256: "", threads: 2, kernels: kernels)
        .predict([image, image])
      #expect(found[0] == found[1])
      #expect(difference(found[0].tissues, oracle.tissues) < 1e-4)
      #expect(difference(found[0].levels, oracle.levels) < 1e-4)
    }
    for pixel in 0..<oracle.tissues.count / 7 {
      let sum: Float = oracle.tissues[pixel * 7..<pixel * 7 + 7].reduce(0, +)
      #expect(abs(sum - 1) < 1e-5)
    }
  }

  @Test func bitsDoNotDependOnThreads() throws {
    func gradients(_ threads: Int) throws -> [Float] {
      let step = AnatomyGradients(
        network: try TinyAnatomy.network(), batch: 5, team: ThreadTeam(threads: threads))
      _ = try step.compute(TinyAnatomy.Samples(), first: 10, loss: AnatomyLoss())
      return step.gradients.values
    }
    let one = try gradients(1)
    #expect(one.contains { $0 != 0 })
    for threads in [2, 3, 8] { #expect(bits(try gradients(threads)) == bits(one)) }
  }

  /// A sample that comes second sees the same memory as one that comes first.
  @Test func workspacesKeepNothing() throws {
    let network = try TinyAnatomy.network()
    let samples = TinyAnatomy.Samples()
    func gradients(_ order: [Int]) throws -> [Float] {
      let step = AnatomyGradients(network: network, batch: 1, team: ThreadTeam(threads: 1))
      for index in order { _ = try step.compute(samples, first: index, loss: AnatomyLoss()) }
      return step.gradients.values
    }
    #expect(bits(try gradients([3])) == bits(try gradients([0, 7, 3])))
  }

  @Test func ignoredPixelsTeachNothing() throws {
    let network = try TinyAnatomy.network()
    var sample = try TinyAnatomy.Samples().sample(0)
    sample.tissues = sample.tissues.map { _ in AnatomyLabel.ignored }
    sample.levels = sample.levels.map { _ in AnatomyLabel.ignored }
    let step = AnatomyGradients(network: network, batch: 1, team: ThreadTeam(threads: 1))
    let value = try step.compute(OneSample(sample: sample), first: 0, loss: AnatomyLoss())
    #expect(value == AnatomyLoss.Value())
    #expect(step.gradients.values.allSatisfy { $0 == 0 })
  }

  @Test func aSampleThatDoesNotFitIsRefused() throws {
    let network = try TinyAnatomy.network()
    let step = AnatomyGradients(network: network, batch: 1, team: ThreadTeam(threads: 1))
    let good = try TinyAnatomy.Samples().sample(0)
    var short = good
    short.tissues.removeLast()
    var unknown = good
    unknown.levels[5] = 9
    var infinite = good
    infinite.image[0] = .infinity
    for sample in [short, unknown, infinite] {
      #expect(throws: NetworkError.self) {
        try step.compute(OneSample(sample: sample), first: 0, loss: AnatomyLoss())
      }
    }
  }

  private struct OneSample: AnatomySamples {
    let sample: AnatomySample
    var hash: String { "one" }
    func sample(_ index: Int) throws -> AnatomySample { sample }
  }
}
