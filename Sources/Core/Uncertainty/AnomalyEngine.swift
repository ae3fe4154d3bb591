public import Foundation
public import Imaging

/// U2AD's inference: a slice in, uncertainty maps out. May be used from several threads at once.
public final class AnomalyEngine: Sendable {
  /// The name for detections and screens: the metadata's `name`, else the file's.
  public let name: String
  /// SHA-256 of the weights file.
  public let sha256: String
  /// The shape of the network and the normalisation its input wants.
  public let configuration: NetworkConfiguration
  /// Contexts the weights were trained on, the default first.
  public let contexts: [NetworkContext]
  /// The metadata of the weights file.
  public let metadata: [String: String]
  /// The kernels that compute, for the record.
  public let kernelPath: KernelPath

  private let monteCarlo: MonteCarlo

  /// Loads weights.
  ///
  /// - Parameter threads: threads one call of ``maps(for:settings:)`` uses.
  /// - Throws: `ReadError` or `NetworkError.weights`.
  public convenience init(
    weights url: URL, threads: Int, kernels: KernelTable = .best
  ) throws {
    let weights = try NetworkWeights(contentsOf: url)
    self.init(
      weights: weights, name: url.deletingPathExtension().lastPathComponent,
      sha256: try SHA256.hexDigest(ofFile: url), threads: threads, kernels: kernels)
  }

  /// An engine with weights in memory.
  public init(
    weights: NetworkWeights, name: String, sha256: String, threads: Int,
    kernels: KernelTable = .best
  ) {
    self.name = weights.metadata["name"]?.cleaned ?? name
    self.sha256 = sha256
    configuration = weights.configuration
    contexts = weights.contexts
    metadata = weights.metadata
    kernelPath = kernels.path
    monteCarlo = MonteCarlo(
      network: MaskedAutoencoder(
        layout: weights.layout, parameters: weights.parameters, kernels: kernels,
        isTraining: false), team: ThreadTeam(threads: threads))
  }

  /// The context that settings ask for.
  ///
  /// - Throws: `NetworkError.untrainedContext` when the weights do not know it.
  public func context(of settings: MonteCarloSettings) throws -> NetworkContext {
    let wanted = settings.context ?? contexts.first ?? .image
    guard contexts.contains(wanted) else {
      throw NetworkError.untrainedContext(
        wanted: wanted.description, trained: contexts.map(\.description))
    }
    return wanted
  }

  /// Reconstructs a slice under many masks.
  ///
  /// The same slice, settings and kernels give the same bits, whatever the number of threads.
  /// - Throws: `NetworkError.notAssessable` with the reason, `.untrainedContext`, `.invalidInput`.
  public func maps(
    for slice: PreparedSlice, settings: MonteCarloSettings = MonteCarloSettings()
  ) throws -> UncertaintyMaps {
    if let reason = slice.unassessableReason { throw NetworkError.notAssessable(reason) }
    return try maps(
      image: slice.normalised, cord: slice.anatomy.cord, csf: slice.anatomy.csf,
      settings: settings)
  }

  /// Reconstructs a normalised image; see ``maps(for:settings:)``.
  public func maps(
    image: ImageRaster, cord: MaskRaster, csf: MaskRaster,
    settings: MonteCarloSettings = MonteCarloSettings()
  ) throws -> UncertaintyMaps {
    try settings.validate()
    let tokens = try TokenisedSlice(
      image: image, cord: cord, csf: csf, context: try context(of: settings),
      isConditioned: configuration.isConditioned)
    let masks = settings.masks(for: tokens)
    let predictions = monteCarlo.reconstruct(tokens, masks: masks)
    return monteCarlo.maps(
      tokens, image: image, masks: masks, predictions: predictions,
      keepFirst: settings.keepFirst)
  }
}
