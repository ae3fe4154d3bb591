public import Foundation
public import Imaging

/// An anatomy network's parameters with what is known about them; a safetensors file on disk.
public struct AnatomyWeights: Sendable {
  /// Layers and places of the parameters.
  public let layout: AnatomyLayout
  /// The parameters, as `layout.table` says.
  public let parameters: AlignedBuffer
  /// All entries of the file's metadata.
  public let metadata: [String: String]

  /// The shape of the network.
  public var configuration: AnatomyConfiguration { layout.configuration }

  /// Gathers weights for a file.
  ///
  /// - Parameter metadata: further entries, such as command, seed and data hash.
  public init(
    layout: AnatomyLayout, parameters: AlignedBuffer, metadata: [String: String] = [:]
  ) {
    self.layout = layout
    self.parameters = parameters
    self.metadata = metadata.merging(layout.configuration.metadata) { $1 }
  }

  /// Reads a weights file.
  ///
  /// - Throws: `ReadError` for a damaged file; `NetworkError.weights` with every tensor that is
  ///   missing, unexpected or misshaped, or with what is wrong in the metadata.
  public init(contentsOf url: URL) throws {
    let file = try Safetensors.read(url)
    do {
      layout = try AnatomyLayout(AnatomyConfiguration(metadata: file.metadata))
    } catch NetworkError.invalidConfiguration(let problem) {
      throw NetworkError.weights(file: url.path, problems: [problem])
    }
    metadata = file.metadata
    parameters = try layout.table.load(file.tensors, file: url.path)
  }

  /// The file's content.
  public var safetensors: Safetensors {
    Safetensors(metadata: metadata, tensors: layout.table.tensors(from: parameters))
  }
}
