/// Convolution, norm and rectifier.
struct ConvolutionBlock: Sendable {
  let convolution: Convolution
  let norm: ChannelNorm
}

/// One resolution of the network.
struct AnatomyStage: Sendable {
  /// From the coarser resolution's channels to this one's, before doubling; absent at the bottom.
  let project: Linear?
  /// On the way down.
  let encoder: [ConvolutionBlock]
  /// On the way up, on what came up joined with what went down; none at the bottom.
  let decoder: [ConvolutionBlock]
}

/// All layers of an anatomy network with the places of their parameters: a U-Net (Ronneberger, Fischer
/// and Brox, 2015) with instance norm and two heads, tissues at full and levels at half resolution.
public struct AnatomyLayout: Sendable {
  /// The shape this layout was made for.
  public let configuration: AnatomyConfiguration
  /// Names, shapes and places of the parameters.
  public let table: ParameterTable

  /// The full resolution first.
  let stages: [AnatomyStage]
  /// On the decoder's output at full resolution.
  let tissues: Linear
  /// On the decoder's output at half resolution (with two resolutions: the bottom's).
  let levels: Linear
  /// The linear layers in the order of their `index`.
  let linears: [Linear]
  /// The convolutions in the order of their `index`.
  let convolutions: [Convolution]

  /// Lays out a network.
  ///
  /// - Throws: `NetworkError.invalidConfiguration`.
  public init(_ configuration: AnatomyConfiguration) throws {
    try configuration.validate()
    self.configuration = configuration
    let widths = configuration.widths
    var builder = AnatomyLayoutBuilder()
    var stages: [AnatomyStage] = []
    for (level, width) in widths.enumerated() {
      let before = level == 0 ? AnatomyConfiguration.inputs : widths[level - 1]
      // One convolution is enough, and all that time allows, at full resolution.
      let depth = level == 0 ? 1 : 2
      let isBottom = level == widths.count - 1
      let name = "stage.\(level)"
      stages.append(
        AnatomyStage(
          project: isBottom
            ? nil : builder.linear("\(name).project", widths[level + 1], width),
          encoder: (0..<depth).map {
            builder.block("\(name).down.\($0)", $0 == 0 ? before : width, width)
          },
          decoder: isBottom
            ? []
            : (0..<depth).map {
              builder.block("\(name).up.\($0)", $0 == 0 ? 2 * width : width, width)
            }
        ))
    }
    self.stages = stages
    tissues = builder.linear("tissues", widths[0], AnatomyTissue.allCases.count)
    levels = builder.linear("levels", widths[1], AnatomyLevel.allCases.count)
    table = builder.table
    linears = builder.linears
    convolutions = builder.convolutions
  }

  /// Multiplications and additions of one forward pass.
  public var operations: Double {
    let sides = configuration.sides
    var sum = 0.0
    for (level, stage) in stages.enumerated() {
      let pixels = Double(sides[level] * sides[level])
      for block in stage.encoder + stage.decoder {
        sum += pixels * 18 * Double(block.convolution.inputs * block.convolution.outputs)
      }
      if let project = stage.project {
        sum += pixels / 4 * 2 * Double(project.inputs * project.outputs)
      }
    }
    sum += Double(sides[0] * sides[0] * 2 * tissues.inputs * tissues.outputs)
    return sum + Double(sides[1] * sides[1] * 2 * levels.inputs * levels.outputs)
  }
}

/// Collects fields and numbers the layers while a network is laid out.
private struct AnatomyLayoutBuilder {
  var table = ParameterTable()
  var linears: [Linear] = []
  var convolutions: [Convolution] = []

  mutating func linear(_ name: String, _ inputs: Int, _ outputs: Int) -> Linear {
    let layer = Linear(
      inputs: inputs, outputs: outputs,
      weight: table.add(
        name + ".weight", [outputs, inputs], .xavier(inputs: inputs, outputs: outputs)),
      bias: table.add(name + ".bias", [outputs], .zeros), index: linears.count)
    linears.append(layer)
    return layer
  }

  mutating func block(_ name: String, _ inputs: Int, _ outputs: Int) -> ConvolutionBlock {
    // He et al., 2015: deviation sqrt(2 / fan-in).
    let weight = table.add(
      name + ".conv.weight", [3, 3, inputs, outputs],
      .normal((2 / Float(9 * inputs)).squareRoot()))
    let layer = Convolution(
      inputs: inputs, outputs: outputs, weight: weight, index: convolutions.count)
    convolutions.append(layer)
    return ConvolutionBlock(
      convolution: layer,
      norm: ChannelNorm(
        channels: outputs, gain: table.add(name + ".norm.weight", [outputs], .ones),
        bias: table.add(name + ".norm.bias", [outputs], .zeros)))
  }
}
