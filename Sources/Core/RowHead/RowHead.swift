public import Foundation
public import Imaging

/// A discriminative head on U2AD: log-odds, row by row, that the cord is hyperintense there.
///
/// U2AD's own score asks how far a row is from its reconstruction; the head has also learned, from
/// planted lesions and from what imitates them, which of these deviations are lesions. It reads
/// ``RowProfile``s only, never pixels, and is a named option beside U2AD's scores, which stay as
/// they are (method, section 11).
public struct RowHead: Sendable {
  /// The name among the detectors.
  public static let detectorName = "u2ad-head"
  private static let format = "cordscope-row-head-1"

  /// SHA-256 of the head's file, or of its parameters when it lives in memory.
  public let sha256: String
  /// SHA-256 of the network's weights whose reconstructions it learned from.
  public let networkSHA256: String
  /// All entries of the file's metadata.
  public let metadata: [String: String]
  private let network: RowHeadNetwork

  init(network: RowHeadNetwork, networkSHA256: String, metadata: [String: String]) {
    self.network = network
    self.networkSHA256 = networkSHA256
    self.metadata = metadata.merging(["format": Self.format, "network": networkSHA256]) { $1 }
    sha256 = SHA256.hexDigest(
      of: UnsafeRawBufferPointer(
        start: network.parameters.base, count: network.parameters.count * 4))
  }

  /// Reads a head.
  ///
  /// - Throws: `ReadError` for a damaged file, `NetworkError.weights` for another kind of file.
  public init(contentsOf url: URL, kernels: KernelTable = .best) throws {
    let file = try Safetensors.read(url)
    guard file.metadata["format"] == Self.format, let network = file.metadata["network"] else {
      throw NetworkError.weights(file: url.path, problems: ["it is no row head"])
    }
    let (table, _, _) = RowHeadNetwork.layout
    let slab = try table.load(file.tensors, file: url.path)
    self.network = RowHeadNetwork(parameters: slab, kernels: kernels, isTraining: false)
    networkSHA256 = network
    metadata = file.metadata
    sha256 = try SHA256.hexDigest(ofFile: url)
  }

  /// What a head must not be trusted with.
  public static let limits = [
    "It learned the generator's own lesions, of the classes that the figures are of: they are an "
      + "upper bound of what rows can tell.",
    "No real lesion was seen.",
  ]

  /// Writes the file atomically.
  /// - Throws: `WriteError`.
  public func write(to url: URL) throws { try safetensors.write(to: url, rights: .caller) }

  /// The file's content.
  public var safetensors: Safetensors {
    Safetensors(metadata: metadata, tensors: network.table.tensors(from: network.parameters))
  }

  /// The place of the head that belongs to a weights file: `NAME-head.safetensors` beside it.
  public static func url(besideWeights weights: URL) -> URL {
    let name = weights.deletingPathExtension().lastPathComponent
    return weights.deletingLastPathComponent()
      .appendingPathComponent("\(name)-head.safetensors")
  }

  /// Log-odds of a lesion on every row; NaN on rows that are not known.
  public func logOdds(_ profile: RowProfile) -> [Float] {
    let rows = profile.isKnown.count
    let workspace = RowHeadWorkspace(rows: rows, kernels: network.kernels)
    profile.values.withUnsafeBufferPointer { values in
      guard let x = values.baseAddress else { return }
      network.forward(rows: rows, x: x, workspace: workspace)
    }
    return (0..<rows).map { profile.isKnown[$0] ? workspace.logits[$0] : .nan }
  }

  /// The curve of a slice, or `nil` when it has no cord-to-CSF step.
  public func curve(
    _ slice: PreparedSlice, maps: UncertaintyMaps, cord: CordGeometry
  ) -> AnoCurve? {
    RowProfile(slice, maps: maps, cord: cord).map { cord.curve(logOdds($0)) }
  }
}
