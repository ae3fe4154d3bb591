/// The maps of one convolution block.
struct BlockPlan {
  let input: MapPlan
  /// The convolution's output.
  let z: MapPlan
  /// Mean and reciprocal deviation per channel.
  let statistics: Int
  /// Where the block writes: a whole map, or some channels of one.
  let output: MapPlan
  let channels: Range<Int>
}

/// Where every intermediate value of an anatomy network lies in a workspace.
struct AnatomyPlan {
  /// The maps of one resolution.
  struct Stage {
    var encoder: [BlockPlan] = []
    var decoder: [BlockPlan] = []
    /// Channels from below, then those from the encoder; `nil` at the bottom.
    var joined: MapPlan?
    /// What came from below, before it is doubled; at half of the resolution.
    var projected: MapPlan?
    /// The resolution's result: the decoder's, at the bottom the encoder's.
    var top: MapPlan
    // Training only.
    /// Gradient of any block's z.
    var dZ: MapPlan?
    /// Gradient between two blocks.
    var dMiddle: MapPlan?
    var dJoined: MapPlan?
    var dProjected: MapPlan?
    var dTop: MapPlan?
    /// Gradient of the encoder's input; `nil` at full resolution, where it is the image.
    var dInput: MapPlan?
  }

  private(set) var stages: [Stage] = []
  private(set) var tissues: MapPlan
  private(set) var levels: MapPlan
  /// Packed rows for the weight gradients.
  private(set) var scratch = 0
  private(set) var count = 0

  init(_ layout: AnatomyLayout, kernels: KernelTable, isTraining: Bool) {
    let widths = layout.configuration.widths
    let sides = layout.configuration.sides
    var builder = Builder()
    var stages: [Stage] = []
    for level in widths.indices {
      let (side, width) = (sides[level], widths[level])
      let isBottom = level == widths.count - 1
      let before = level == 0 ? AnatomyConfiguration.inputs : widths[level - 1]
      var stage = Stage(top: builder.map(side, width))
      let input = builder.map(side, before, padded: true)
      if isBottom {
        stage.encoder = builder.blocks(
          layout.stages[level].encoder, side, input: input, output: stage.top, 0..<width)
      } else {
        let joined = builder.map(side, 2 * width, padded: true)
        stage.joined = joined
        stage.projected = builder.map(side / 2, width)
        stage.encoder = builder.blocks(
          layout.stages[level].encoder, side, input: input, output: joined, width..<2 * width)
        stage.decoder = builder.blocks(
          layout.stages[level].decoder, side, input: joined, output: stage.top, 0..<width)
      }
      if isTraining {
        stage.dZ = builder.map(side, width, padded: true)
        stage.dMiddle = builder.map(side, width)
        stage.dTop = builder.map(side, width)
        if level > 0 { stage.dInput = builder.map(side, before) }
        if !isBottom {
          stage.dJoined = builder.map(side, 2 * width)
          stage.dProjected = builder.map(side / 2, width)
        }
      }
      stages.append(stage)
    }
    tissues = builder.map(sides[0], layout.tissues.outputs)
    levels = builder.map(sides[1], layout.levels.outputs)
    self.stages = stages
    if isTraining {
      let convolutions = zip(sides, widths).map {
        Convolution.scratchCount(columns: $0, outputs: $1, kernels: kernels)
      }
      let linears = layout.linears.map { kernels.packedCount(Linear.gradientRows, $0.inputs) }
      scratch = builder.take((convolutions + linears).max() ?? 0)
    }
    count = builder.count
  }

  private struct Builder {
    var count = 0

    mutating func take(_ floats: Int) -> Int {
      defer { count += (floats + 15) / 16 * 16 }
      return count
    }

    mutating func map(_ side: Int, _ channels: Int, padded: Bool = false) -> MapPlan {
      MapPlan(
        side: side, channels: channels, isPadded: padded,
        offset: take(MapPlan.count(side: side, channels: channels, isPadded: padded)))
    }

    mutating func blocks(
      _ layers: [ConvolutionBlock], _ side: Int, input: MapPlan, output: MapPlan,
      _ channels: Range<Int>
    ) -> [BlockPlan] {
      var input = input
      return layers.enumerated().map { index, layer in
        let isLast = index == layers.count - 1
        let width = layer.norm.channels
        let target = isLast ? output : map(side, width, padded: true)
        defer { input = target }
        return BlockPlan(
          input: input, z: map(side, width), statistics: take(2 * width), output: target,
          channels: isLast ? channels : 0..<width)
      }
    }
  }
}

/// Memory for the passes of one image; planned once.
///
/// `@unchecked Sendable`: used by one thread at a time.
final class AnatomyWorkspace: @unchecked Sendable {
  let plan: AnatomyPlan
  private let storage: AlignedBuffer

  init(_ layout: AnatomyLayout, kernels: KernelTable, isTraining: Bool) {
    plan = AnatomyPlan(layout, kernels: kernels, isTraining: isTraining)
    storage = AlignedBuffer(count: plan.count)
  }

  /// The first float.
  var base: UnsafeMutablePointer<Float> { storage.base }
  var scratch: UnsafeMutablePointer<Float> { storage.base + plan.scratch }

  func map(_ plan: MapPlan) -> FeatureMap { plan.map(storage.base) }
}
