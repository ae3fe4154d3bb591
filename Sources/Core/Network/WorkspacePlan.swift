/// Rows a workspace has room for.
struct WorkspaceShape: Equatable, Sendable {
  var encoderRows = 0
  var decoderRows = 0
  var outputRows = 0
  /// Tokens of the slices embedded together (training only).
  var embeddedRows = 0
  var longest = 0

  /// Whether everything that fits `other` fits this.
  func holds(_ other: WorkspaceShape) -> Bool {
    encoderRows >= other.encoderRows && decoderRows >= other.decoderRows
      && outputRows >= other.outputRows && embeddedRows >= other.embeddedRows
      && longest >= other.longest
  }

  /// The smallest shape that holds both.
  func union(_ other: WorkspaceShape) -> WorkspaceShape {
    WorkspaceShape(
      encoderRows: max(encoderRows, other.encoderRows),
      decoderRows: max(decoderRows, other.decoderRows),
      outputRows: max(outputRows, other.outputRows),
      embeddedRows: max(embeddedRows, other.embeddedRows), longest: max(longest, other.longest))
  }
}

/// Places of the activations of one transformer stack; index = block.
///
/// For inference all blocks share one place and work on it in turn.
struct StackPlan: Sendable {
  /// Inputs of the blocks, and last the output of the stack.
  var input: [Int] = []
  var qkv: [Int] = []
  var attended: [Int] = []
  /// Log-sum-exp per head and row; unused for inference.
  var statistics: [Int] = []
  /// The residual stream between attention and MLP.
  var middle: [Int] = []
  /// The MLP's hidden layer before GELU; for inference one block of rows.
  var hidden: [Int] = []
}

/// Where every intermediate value lies in a workspace; offsets in floats.
struct WorkspacePlan: Sendable {
  /// Rows that go through norm and MLP together: 4 d floats each stay in the second-level cache.
  static let blockRows = 96

  let isTraining: Bool
  private(set) var count = 0
  var encoder = StackPlan()
  var latent = 0
  var projected = 0
  var decoder = StackPlan()
  /// Attention output of the last decoder block at the predicted rows.
  var gathered = 0
  var reconstruction = 0
  var edges = 0
  var rows = 0
  var activated = 0
  var mean = 0
  var rstd = 0
  var attention = 0
  // Training only.
  var embedded = 0
  var embeddedDecoder = 0
  var dEmbedded = 0
  var dEmbeddedDecoder = 0
  var dInput = 0
  var dGathered = 0
  var dAttended = 0
  var dQKV = 0
  var dHidden = 0
  var dRows = 0
  var pack = 0

  init(_ layout: NetworkLayout, shape: WorkspaceShape, kernels: KernelTable, isTraining: Bool) {
    self.isTraining = isTraining
    let d = layout.configuration.encoderWidth
    let dd = layout.configuration.decoderWidth
    let width = max(d, dd, PatchGrid.pixels)
    let block = max(Self.blockRows, isTraining ? Linear.gradientRows : 0)
    encoder = stack(layout.encoder, rows: shape.encoderRows, tail: nil)
    latent = take(shape.encoderRows * d)
    projected = take(shape.encoderRows * dd)
    decoder = stack(layout.decoder, rows: shape.decoderRows, tail: shape.outputRows)
    gathered = take(shape.outputRows * dd)
    reconstruction = take(shape.outputRows * PatchGrid.pixels)
    edges = take(shape.outputRows * PatchGrid.pixels)
    let allRows = max(shape.encoderRows, shape.decoderRows, shape.outputRows, block)
    rows = take(max(block * width, shape.outputRows * dd))
    activated = take(block * width * NetworkConfiguration.mlpRatio)
    mean = take(allRows)
    rstd = take(allRows)
    attention = take(kernels.attentionScratch(shape.longest))
    guard isTraining else { return }
    embedded = take(shape.embeddedRows * d)
    embeddedDecoder = take(shape.embeddedRows * dd)
    dEmbedded = take(shape.embeddedRows * d)
    dEmbeddedDecoder = take(shape.embeddedRows * dd)
    dInput = take(allRows * width)
    dGathered = take(max(shape.outputRows, shape.encoderRows) * width)
    dAttended = take(allRows * width)
    dQKV = take(allRows * width * 3)
    dHidden = take(block * width * NetworkConfiguration.mlpRatio)
    dRows = take(allRows * width)
    let widest = layout.linears.map(\.inputs).max() ?? 0
    pack = take(kernels.packedCount(Linear.gradientRows, widest))
  }

  private mutating func take(_ floats: Int) -> Int {
    defer { count += (floats + 15) / 16 * 16 }
    return count
  }

  /// - Parameter tail: rows of the last block's MLP where nobody reads the others, else `nil`.
  private mutating func stack(_ blocks: [TransformerBlock], rows: Int, tail: Int?) -> StackPlan {
    var plan = StackPlan()
    guard let width = blocks.first?.width, let heads = blocks.first?.heads,
      let hidden = blocks.first?.hidden
    else { return plan }
    guard isTraining else {
      let stream = take(rows * width)
      let end = tail.map { take($0 * width) } ?? stream
      let qkv = take(rows * 3 * width)
      let attended = take(rows * width)
      let block = take(Self.blockRows * hidden)
      let last = blocks.count - 1
      plan.input = Array(repeating: stream, count: blocks.count) + [end]
      plan.qkv = Array(repeating: qkv, count: blocks.count)
      plan.attended = Array(repeating: attended, count: blocks.count)
      plan.statistics = Array(repeating: 0, count: blocks.count)
      plan.middle = blocks.indices.map { $0 == last ? end : stream }
      plan.hidden = Array(repeating: block, count: blocks.count)
      return plan
    }
    for index in blocks.indices {
      let last = index == blocks.count - 1 ? tail ?? rows : rows
      plan.input.append(take(rows * width))
      plan.qkv.append(take(rows * 3 * width))
      plan.attended.append(take(rows * width))
      plan.statistics.append(take(rows * heads))
      plan.middle.append(take(last * width))
      plan.hidden.append(take(last * hidden))
    }
    plan.input.append(take((tail ?? rows) * width))
    return plan
  }
}

/// Scratch memory of one thread; grows when a larger batch comes, else allocates nothing.
///
/// `@unchecked Sendable`: whoever takes a workspace from its pool is its only user until it is back.
final class Workspace: @unchecked Sendable {
  let isTraining: Bool
  private(set) var plan: WorkspacePlan
  private var shape = WorkspaceShape()
  private var storage: AlignedBuffer

  init(_ network: MaskedAutoencoder, isTraining: Bool) {
    self.isTraining = isTraining
    plan = WorkspacePlan(
      network.layout, shape: shape, kernels: network.kernels, isTraining: isTraining)
    storage = AlignedBuffer(count: plan.count)
  }

  /// The first float.
  var base: UnsafeMutablePointer<Float> { storage.base }

  /// Makes room for a batch.
  func reserve(_ wanted: WorkspaceShape, for network: MaskedAutoencoder) {
    guard !shape.holds(wanted) else { return }
    shape = shape.union(wanted)
    plan = WorkspacePlan(
      network.layout, shape: shape, kernels: network.kernels, isTraining: isTraining)
    storage = AlignedBuffer(count: plan.count)
  }
}
