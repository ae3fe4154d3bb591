public import Foundation
public import Imaging

/// A network's parameters with what is known about them; a safetensors file on disk.
public struct NetworkWeights: Sendable {
  /// Layers and places of the parameters.
  public let layout: NetworkLayout
  /// The parameters, as `layout.table` says.
  public let parameters: AlignedBuffer
  /// Contexts the weights were trained on, the preferred one first.
  public let contexts: [NetworkContext]
  /// All entries of the file's metadata.
  public let metadata: [String: String]

  /// The shape of the network.
  public var configuration: NetworkConfiguration { layout.configuration }

  /// Gathers weights for a file.
  ///
  /// - Parameter metadata: further entries, such as command, seed and data hash.
  public init(
    layout: NetworkLayout, parameters: AlignedBuffer, contexts: [NetworkContext],
    metadata: [String: String] = [:]
  ) {
    self.layout = layout
    self.parameters = parameters
    self.contexts = contexts
    self.metadata = metadata.merging(layout.configuration.metadata) { $1 }
      .merging(["contexts": contexts.map(\.description).joined(separator: " ")]) { $1 }
  }

  /// Reads a weights file.
  ///
  /// A file without our metadata is read as the reference's: shape from the tensors, context
  /// `image`, no conditioning, min-max normalisation.
  /// - Throws: `ReadError` for a damaged file; `NetworkError.weights` with every tensor that is
  ///   missing, unexpected or misshaped, or with what is wrong in the metadata.
  public init(contentsOf url: URL) throws {
    let file = try Safetensors.read(url)
    do {
      let configuration: NetworkConfiguration
      if file.metadata["format"] == nil {
        configuration = try NetworkConfiguration(referenceTensors: file.tensors)
        contexts = [.image]
      } else {
        configuration = try NetworkConfiguration(metadata: file.metadata)
        contexts = try Self.contexts(file.metadata["contexts"])
      }
      layout = try NetworkLayout(configuration)
    } catch NetworkError.invalidConfiguration(let problem) {
      throw NetworkError.weights(file: url.path, problems: [problem])
    }
    metadata = file.metadata
    parameters = try layout.load(file.tensors, prefix: "", allowsFixedTables: true, file: url.path)
  }

  /// The file's content.
  ///
  /// - Parameter includesFixedTables: also writes the position tables, which the reference's
  ///   readers expect and ours computes.
  public func safetensors(includesFixedTables: Bool = false) -> Safetensors {
    var file = Safetensors(
      metadata: metadata, tensors: layout.tensors(from: parameters, prefix: ""))
    if includesFixedTables {
      for (name, width) in layout.fixedTables {
        file.tensors[name] = Tensor(
          shape: [1, 1 + PatchGrid.count, width], floats: PositionTable.make(width: width))
      }
    }
    return file
  }

  private static func contexts(_ text: String?) throws -> [NetworkContext] {
    let names = (text ?? "").split(separator: " ")
    let contexts = names.compactMap { NetworkContext($0) }
    guard !names.isEmpty, contexts.count == names.count else {
      throw NetworkError.invalidConfiguration(
        "metadata \"contexts\" is missing or names an unknown context")
    }
    return contexts
  }
}

extension NetworkLayout {
  /// Tables the reference stores but that are fixed: name and width.
  var fixedTables: [(name: String, width: Int)] {
    [
      ("pos_embed", configuration.encoderWidth), ("decoder_pos_embed", configuration.decoderWidth),
    ]
  }

  /// The tensors of a slab, named with a prefix.
  func tensors(from slab: AlignedBuffer, prefix: String) -> [String: Tensor] {
    table.tensors(from: slab, prefix: prefix)
  }

  /// Copies the tensors that begin with `prefix` into a new slab; see ``ParameterTable/load``.
  ///
  /// - Throws: `NetworkError.weights`, also when a stored position table is not this network's.
  func load(
    _ tensors: [String: Tensor], prefix: String, allowsFixedTables: Bool, file: String
  ) throws -> AlignedBuffer {
    var problems: [String] = []
    var known: Set<String> = []
    if allowsFixedTables {
      known.insert("operator.filter.weight")
      for (name, width) in fixedTables {
        known.insert(name)
        guard let stored = tensors[name] else { continue }
        let own = PositionTable.make(width: width)
        if stored.shape != [1, 1 + PatchGrid.count, width]
          || zip(stored.floats, own).contains(where: { !(abs($0 - $1) < 1e-4) })
        {
          problems.append("\(name) is not the sine-cosine table of this network")
        }
      }
    }
    return try table.load(
      tensors, prefix: prefix, alsoKnown: known, problems: problems, file: file)
  }
}

extension NetworkConfiguration {
  /// The shape of a network that the reference's code stored, from its tensors.
  init(referenceTensors tensors: [String: Tensor]) throws {
    func depth(_ prefix: String) -> Int {
      var depth = 0
      while depth <= 64, tensors["\(prefix).\(depth).norm1.weight"] != nil { depth += 1 }
      return depth
    }
    self.init(
      encoderDepth: depth("blocks"), encoderWidth: tensors["norm.weight"]?.elements.count ?? 0,
      decoderDepth: depth("decoder_blocks"),
      decoderWidth: tensors["rec_norm.weight"]?.elements.count ?? 0,
      isConditioned: tensors["anatomy_embed.weight"] != nil, normalisation: "minmax")
    try validate()
  }
}
