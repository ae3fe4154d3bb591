public import Foundation
internal import Imaging

/// What the network says of one slice.
public struct AnatomyPrediction: Equatable, Sendable {
  /// Pixels along a side.
  public let side: Int
  /// Probabilities [side, side, 7] in the order of ``AnatomyTissue``.
  public let tissues: [Float]
  /// Probabilities [side / 2, side / 2, 9] in the order of ``AnatomyLevel``: each belongs to a block of
  /// 2 x 2 px, and means something on bodies and discs only.
  public let levels: [Float]

  /// The likeliest tissue of every pixel, as numbers of ``AnatomyTissue``.
  public var tissueLabels: [UInt8] { Self.largest(tissues, AnatomyTissue.allCases.count) }

  /// The likeliest level of every block of 2 x 2 px, as numbers of ``AnatomyLevel``.
  public var levelLabels: [UInt8] { Self.largest(levels, AnatomyLevel.allCases.count) }

  private static func largest(_ values: [Float], _ classes: Int) -> [UInt8] {
    (0..<values.count / classes).map { pixel in
      var best = 0
      for k in 1..<classes where values[pixel * classes + k] > values[pixel * classes + best] {
        best = k
      }
      return UInt8(best)
    }
  }
}

/// An anatomy network ready for slices; several may be computed at once.
public struct AnatomyEngine: Sendable {
  /// The weights it computes with.
  public let weights: AnatomyWeights
  /// SHA-256 of the weights' file.
  public let sha256: String
  private let network: AnatomyNetwork
  private let workspaces: Pool<AnatomyWorkspace>
  let team: ThreadTeam

  /// Prepares weights in memory.
  public init(
    weights: AnatomyWeights, sha256: String, threads: Int, kernels: KernelTable = .best
  ) {
    self.weights = weights
    self.sha256 = sha256
    let layout = weights.layout
    network = AnatomyNetwork(
      layout: layout, parameters: weights.parameters, kernels: kernels, isTraining: false)
    workspaces = Pool { AnatomyWorkspace(layout, kernels: kernels, isTraining: false) }
    team = ThreadTeam(threads: threads)
  }

  /// Reads a weights file.
  ///
  /// - Throws: `ReadError` or `NetworkError.weights`.
  public init(contentsOf url: URL, threads: Int, kernels: KernelTable = .best) throws {
    self.init(
      weights: try AnatomyWeights(contentsOf: url), sha256: try SHA256.hexDigest(ofFile: url),
      threads: threads, kernels: kernels)
  }

  /// What the network says of slices, in their order; the same whatever the threads.
  ///
  /// - Parameter images: each [side, side, 3] and normalised as ``AnatomyInput`` says.
  /// - Throws: `NetworkError.invalidInput` when an image has another size or values that are not
  ///   numbers.
  public func predict(_ images: [[Float]]) throws -> [AnatomyPrediction] {
    let side = weights.configuration.side
    for image in images {
      guard image.count == side * side * AnatomyConfiguration.inputs,
        image.allSatisfy(\.isFinite)
      else {
        throw NetworkError.invalidInput(
          "the anatomy network wants \(side) x \(side) px of \(AnatomyConfiguration.inputs) "
            + "finite channels")
      }
    }
    return team.map(images) { image, _ in self.predict(image) }
  }

  private func predict(_ image: [Float]) -> AnatomyPrediction {
    let workspace = workspaces.take()
    defer { workspaces.give(workspace) }
    image.withUnsafeBufferPointer { image in
      if let image = image.baseAddress { network.forward(image: image, workspace: workspace) }
    }
    return AnatomyPrediction(
      side: weights.configuration.side,
      tissues: Self.probabilities(workspace.map(workspace.plan.tissues)),
      levels: Self.probabilities(workspace.map(workspace.plan.levels)))
  }

  private static func probabilities(_ logits: FeatureMap) -> [Float] {
    for pixel in 0..<logits.pixels {
      Softmax.apply(logits.base + pixel * logits.channels, logits.channels)
    }
    return Array(UnsafeBufferPointer(start: logits.base, count: logits.pixels * logits.channels))
  }
}
