/// A pre-norm transformer block: x + attention(norm(x)), then x + MLP(norm(x)).
struct TransformerBlock: Sendable {
  let width: Int
  let norm1: LayerNorm
  let qkv: Linear
  let projection: Linear
  let norm2: LayerNorm
  let expand: Linear
  let contract: Linear

  var heads: Int { width / NetworkConfiguration.headDimension }
  var hidden: Int { width * NetworkConfiguration.mlpRatio }
}

/// One prediction head: LayerNorm, linear to the 64 pixels of a patch, sigmoid.
struct PredictionHead: Sendable {
  let norm: LayerNorm
  let linear: Linear
}

/// All layers of the network with the places of their parameters.
public struct NetworkLayout: Sendable {
  /// The shape this layout was made for.
  public let configuration: NetworkConfiguration
  /// Names, shapes and places of the parameters.
  public let table: ParameterTable

  let patchEmbedding: Linear
  let classToken: ParameterField
  let encoderAnatomy: Linear?
  let encoder: [TransformerBlock]
  let encoderNorm: LayerNorm
  let decoderEmbedding: Linear
  let maskToken: ParameterField
  let decoderAnatomy: Linear?
  let decoder: [TransformerBlock]
  let reconstruction: PredictionHead
  let edges: PredictionHead
  /// The linear layers in the order of their `index`.
  let linears: [Linear]

  /// Width of a patch's cord and CSF pixels, one-hot: cord first.
  static let anatomyWidth = 2 * PatchGrid.pixels

  /// Lays out a network.
  ///
  /// - Throws: `NetworkError.invalidConfiguration`.
  public init(_ configuration: NetworkConfiguration) throws {
    try configuration.validate()
    self.configuration = configuration
    let d = configuration.encoderWidth
    let dd = configuration.decoderWidth
    var builder = LayoutBuilder()
    classToken = builder.table.add("cls_token", [1, 1, d], .normal(0.02))
    patchEmbedding = builder.linear(
      "patch_embed.proj", PatchGrid.pixels, d, shape: [d, 1, PatchGrid.patch, PatchGrid.patch])
    encoderAnatomy =
      configuration.isConditioned
      ? builder.linear("anatomy_embed", Self.anatomyWidth, d, bias: false) : nil
    encoder = (0..<configuration.encoderDepth).map { builder.block("blocks.\($0)", d) }
    encoderNorm = builder.norm("norm", d)
    decoderEmbedding = builder.linear("decoder_embed", d, dd)
    maskToken = builder.table.add("mask_token", [1, 1, dd], .normal(0.02))
    decoderAnatomy =
      configuration.isConditioned
      ? builder.linear("decoder_anatomy_embed", Self.anatomyWidth, dd, bias: false) : nil
    decoder = (0..<configuration.decoderDepth).map { builder.block("decoder_blocks.\($0)", dd) }
    reconstruction = builder.head("rec", dd)
    edges = builder.head("edge", dd)
    table = builder.table
    linears = builder.linears
  }
}

/// Collects fields and numbers the linear layers while a network is laid out.
private struct LayoutBuilder {
  var table = ParameterTable()
  var linears: [Linear] = []

  mutating func linear(
    _ name: String, _ inputs: Int, _ outputs: Int, shape: [Int]? = nil, bias: Bool = true
  ) -> Linear {
    let weight = table.add(
      name + ".weight", shape ?? [outputs, inputs], .xavier(inputs: inputs, outputs: outputs))
    let layer = Linear(
      inputs: inputs, outputs: outputs, weight: weight,
      bias: bias ? table.add(name + ".bias", [outputs], .zeros) : nil, index: linears.count)
    linears.append(layer)
    return layer
  }

  mutating func norm(_ name: String, _ width: Int) -> LayerNorm {
    LayerNorm(
      width: width, gain: table.add(name + ".weight", [width], .ones),
      bias: table.add(name + ".bias", [width], .zeros))
  }

  mutating func block(_ name: String, _ width: Int) -> TransformerBlock {
    let hidden = width * NetworkConfiguration.mlpRatio
    return TransformerBlock(
      width: width, norm1: norm(name + ".norm1", width),
      qkv: linear(name + ".attn.qkv", width, 3 * width),
      projection: linear(name + ".attn.proj", width, width),
      norm2: norm(name + ".norm2", width), expand: linear(name + ".mlp.fc1", width, hidden),
      contract: linear(name + ".mlp.fc2", hidden, width))
  }

  mutating func head(_ name: String, _ width: Int) -> PredictionHead {
    PredictionHead(
      norm: norm(name + "_norm", width),
      linear: linear(name + "_pred", width, PatchGrid.pixels))
  }
}
