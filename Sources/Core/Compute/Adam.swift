#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The Adam optimiser (Kingma and Ba, 2015) over one slab of parameters.
public struct Adam: Sendable {
  /// Decay of the mean of gradients.
  public var beta1: Float
  /// Decay of the mean of squared gradients.
  public var beta2: Float
  /// Keeps the division finite.
  public var epsilon: Float
  /// Steps taken so far.
  public private(set) var step: Int
  /// Mean of gradients, one element per parameter.
  public let firstMoment: AlignedBuffer
  /// Mean of squared gradients, one element per parameter.
  public let secondMoment: AlignedBuffer

  /// An optimiser for `count` parameters with empty state (method, section 2: betas 0.9 and 0.95).
  public init(count: Int, beta1: Float = 0.9, beta2: Float = 0.95, epsilon: Float = 1e-8) {
    self.init(
      firstMoment: AlignedBuffer(count: count), secondMoment: AlignedBuffer(count: count),
      step: 0, beta1: beta1, beta2: beta2, epsilon: epsilon)
  }

  /// An optimiser that continues from a checkpoint's moments and step count.
  public init(
    firstMoment: AlignedBuffer, secondMoment: AlignedBuffer, step: Int, beta1: Float = 0.9,
    beta2: Float = 0.95, epsilon: Float = 1e-8
  ) {
    precondition(firstMoment.count == secondMoment.count, "moments of different sizes")
    self.firstMoment = firstMoment
    self.secondMoment = secondMoment
    self.step = max(0, step)
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
  }

  /// Moves `parameters` one step against `gradients`; all slabs have the optimiser's size.
  public mutating func update(
    parameters: AlignedBuffer, gradients: AlignedBuffer, learningRate: Float,
    kernels: KernelTable = .best
  ) {
    update(
      parameters: parameters.base, gradients: gradients.base,
      count: min(parameters.count, gradients.count), learningRate: learningRate, kernels: kernels)
  }

  /// Moves `count` parameters (at most the optimiser's size) one step against their gradients.
  public mutating func update(
    parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>, count: Int,
    learningRate: Float, kernels: KernelTable = .best
  ) {
    precondition(count <= firstMoment.count, "\(count) parameters, state for \(firstMoment.count)")
    step += 1
    let c1 = Float(1 - pow(Double(beta1), Double(step)))
    let c2 = Float(1 - pow(Double(beta2), Double(step)))
    kernels.adam(
      parameters, firstMoment.base, secondMoment.base, gradients, count, learningRate, beta1,
      beta2, epsilon, c1, c2)
  }
}
