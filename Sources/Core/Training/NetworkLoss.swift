/// The training loss (method, section 3).
public enum LossKind: Equatable, Sendable {
  /// MSE(reconstruction) + edgeWeight x MSE(edges) over the masked pixels of the region, divided
  /// by their number.
  case regionPixels(edgeWeight: Float)
  /// The reference code's: 10 x reconstruction + edges, squared errors of a patch times
  /// 1 + 3x3 mean of the mask on the patch grid, divided by masked patches x 64; for parity.
  case reference
}

/// The two parts of a loss and their weighted sum.
public struct LossValue: Equatable, Sendable {
  /// Of the reconstruction head.
  public var reconstruction: Double
  /// Of the edge head.
  public var edges: Double
  /// What is minimised.
  public var total: Double

  /// Makes a value.
  public init(reconstruction: Double, edges: Double, total: Double) {
    self.reconstruction = reconstruction
    self.edges = edges
    self.total = total
  }
}

/// A loss over one optimiser batch, evaluated part by part.
struct NetworkLoss {
  let kind: LossKind
  /// 1 / what the sums are divided by over the whole optimiser batch.
  private let scale: Float

  /// - Parameters:
  ///   - slices: the images of the optimiser batch.
  ///   - masks: one per image.
  init(_ kind: LossKind, slices: [TokenisedSlice], masks: [PassMask]) {
    self.kind = kind
    var divisor = 0
    for (slice, mask) in zip(slices, masks) {
      for position in mask.masked {
        switch kind {
        case .regionPixels: divisor += slice.regionCounts[position]
        case .reference: divisor += PatchGrid.pixels
        }
      }
    }
    scale = divisor > 0 ? 1 / Float(divisor) : 0
  }

  private var partWeights: (reconstruction: Float, edges: Float) {
    switch kind {
    case .regionPixels(let weight): (1, weight)
    case .reference: (10, 1)
    }
  }

  /// The weighted sum of the two parts.
  func value(reconstruction: Double, edges: Double) -> LossValue {
    let weights = partWeights
    return LossValue(
      reconstruction: reconstruction, edges: edges,
      total: Double(weights.reconstruction) * reconstruction + Double(weights.edges) * edges)
  }

  /// Adds this batch's part of both losses, and replaces the predictions by the gradients of the
  /// logits before the sigmoid.
  ///
  /// - Parameters:
  ///   - slices: the slices the batch refers to by place; all rows predicted are masked ones.
  ///   - sums: reconstruction and edges.
  func evaluate(
    _ batch: PassBatch, slices: ArraySlice<TokenisedSlice>,
    reconstruction: UnsafeMutablePointer<Float>, edges: UnsafeMutablePointer<Float>,
    sums: inout SIMD2<Double>
  ) {
    let weights = partWeights
    for (pass, mask) in batch.masks.enumerated() {
      let slice = slices[slices.startIndex + batch.slices[pass]]
      for (place, position) in mask.masked.enumerated() {
        let row = (batch.outputOffsets[pass] + place) * PatchGrid.pixels
        let weight =
          kind == .reference ? scale * maskedNeighbourhood(position, mask, slice) : scale
        let first = position * PatchGrid.pixels
        for pixel in 0..<PatchGrid.pixels {
          let inside = weight * slice.region[first + pixel]
          sums.x += Self.descend(
            reconstruction + row + pixel, slice.pixels[first + pixel], inside,
            weights.reconstruction)
          sums.y += Self.descend(
            edges + row + pixel, slice.edges[first + pixel], inside, weights.edges)
        }
      }
    }
  }

  /// The weighted squared error; `place` turns from sigmoid(z) into the derivative by z.
  @inline(__always)
  private static func descend(
    _ place: UnsafeMutablePointer<Float>, _ target: Float, _ weight: Float, _ part: Float
  ) -> Double {
    let p = place.pointee
    let error = p - target
    place.pointee = 2 * part * weight * error * p * (1 - p)
    return Double(weight * error * error)
  }

  /// 1 + the mean of the mask over the 3 x 3 patches around a token (zeros outside the grid).
  private func maskedNeighbourhood(
    _ position: Int, _ mask: PassMask, _ slice: TokenisedSlice
  ) -> Float {
    let row = slice.tokens[position] / PatchGrid.side
    let column = slice.tokens[position] % PatchGrid.side
    var count = 0
    for r in max(0, row - 1)...min(PatchGrid.side - 1, row + 1) {
      for c in max(0, column - 1)...min(PatchGrid.side - 1, column + 1)
      where Self.isMasked(r * PatchGrid.side + c, mask, slice) { count += 1 }
    }
    return 1 + Float(count) / 9
  }

  /// Whether a patch of the grid is masked; halves the list of masked tokens, which ascends.
  private static func isMasked(_ patch: Int, _ mask: PassMask, _ slice: TokenisedSlice) -> Bool {
    var (low, high) = (0, mask.masked.count)
    while low < high {
      let middle = (low + high) / 2
      let token = slice.tokens[mask.masked[middle]]
      if token == patch { return true }
      if token < patch { low = middle + 1 } else { high = middle }
    }
    return false
  }
}
