import Core
import Foundation

/// Speed of single kernels on one core, at the shapes of the network.
enum KernelBenchmark {
  /// One measured call.
  struct Figure: Equatable, Sendable {
    /// Operation and shape.
    var name: String
    /// Least processor time of one call in ms: the figure that other load disturbs least.
    var milliseconds: Double
    /// Multiply-adds per call, counted as two; the exponentials of attention are not counted.
    var operations: Double
    /// Billions of operations per second.
    var gigaflops: Double { operations / milliseconds / 1e6 }
  }

  /// Measures matrix products (M, N, K), attention in both directions, and the row-wise kernels.
  ///
  /// - Parameter seconds: processor time spent on each figure.
  static func run(_ kernels: KernelTable = .best, seconds: Double = 0.2) -> [Figure] {
    let products = [
      (1025, 384, 128), (1025, 512, 128), (1025, 128, 512), (1025, 256, 64), (129, 384, 128),
      (129, 128, 512),
    ]
    return products.map { product($0, kernels, seconds) }
      + [20, 129, 300, 1025].flatMap { attention($0, 128, kernels, seconds) }
      + rowWise(1025, 128, kernels, seconds)
  }

  private static func product(
    _ shape: (m: Int, n: Int, k: Int), _ kernels: KernelTable, _ seconds: Double
  ) -> Figure {
    let (m, n, k) = shape
    let a = noise(m * k)
    let b = noise(k * n)
    let c = AlignedBuffer(count: m * n)
    let packed = AlignedBuffer(count: kernels.packedCount(k, n))
    kernels.pack(packed.base, b.base, k, n, 1, k)
    return measure("gemm \(m) x \(n) x \(k)", Double(2 * m * n * k), seconds) {
      kernels.gemm(m, n, k, a.base, k, 1, packed.base, c.base, n, b.base, false)
    }
  }

  private static func attention(
    _ tokens: Int, _ d: Int, _ kernels: KernelTable, _ seconds: Double
  ) -> [Figure] {
    let qkv = noise(tokens * 3 * d)
    let gradient = AlignedBuffer(count: tokens * 3 * d)
    let out = AlignedBuffer(count: tokens * d)
    let stats = AlignedBuffer(count: tokens * d / 8)
    let scratch = AlignedBuffer(count: kernels.attentionScratch(tokens))
    let products = Double(4 * tokens * tokens * d)
    let name = "attention T \(tokens) D \(d)"
    kernels.attentionForward(out.base, stats.base, qkv.base, tokens, d, 0, d / 8, scratch.base)
    return [
      measure(name, products, seconds) {
        kernels.attentionForward(out.base, nil, qkv.base, tokens, d, 0, d / 8, scratch.base)
      },
      measure(name + " backward", products * 2.5, seconds) {
        kernels.attentionBackward(
          gradient.base, out.base, qkv.base, out.base, stats.base, tokens, d, 0, d / 8,
          scratch.base)
      },
    ]
  }

  private static func rowWise(
    _ rows: Int, _ d: Int, _ kernels: KernelTable, _ seconds: Double
  ) -> [Figure] {
    let x = noise(rows * 4 * d)
    let y = AlignedBuffer(count: rows * 4 * d)
    let (mean, rstd) = (AlignedBuffer(count: rows), AlignedBuffer(count: rows))
    return [
      measure("gelu \(rows) x \(4 * d)", 0, seconds) {
        kernels.geluForward(y.base, x.base, rows * 4 * d)
      },
      measure("layer norm \(rows) x \(d)", 0, seconds) {
        kernels.layerNormForward(
          y.base, mean.base, rstd.base, x.base, x.base, x.base, rows, d)
      },
    ]
  }

  private static func noise(_ count: Int) -> AlignedBuffer {
    var random = RandomSource(seed: 1)
    let buffer = AlignedBuffer(count: count)
    for index in 0..<count { buffer[index] = random.uniform(from: -1, to: 1) }
    return buffer
  }

  private static func measure(
    _ name: String, _ operations: Double, _ seconds: Double, _ body: () -> Void
  ) -> Figure {
    body()
    let began = processorTime()
    var least = Double.infinity
    var now = began
    repeat {
      body()
      let after = processorTime()
      least = min(least, after - now)
      now = after
    } while now - began < seconds
    return Figure(name: name, milliseconds: least * 1000, operations: operations)
  }

  /// Processor time of this thread in seconds.
  private static func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
