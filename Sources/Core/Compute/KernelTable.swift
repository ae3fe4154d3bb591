/// Which build of the kernels computes; recorded with every result.
public enum KernelPath: String, CaseIterable, Codable, Sendable {
  /// Plain Swift loops: the oracle of all others.
  case scalar
  /// SIMD for the baseline instruction set (SSE2 on x86-64, NEON on arm64).
  case baseline
  case avx2
  case avx512
}

/// The inner loops of the network, chosen once per process; all are single-threaded.
///
/// Matrices are row-major Float. Shapes: M rows, N columns, K summed. `T` tokens, `D` width of a
/// token, heads are `D / 8` of dimension 8. Every output element is summed in one fixed order that
/// does not depend on how callers split rows or heads, so any thread count gives identical bits.
public struct KernelTable: Sendable {
  /// What a kernel reads.
  public typealias In = UnsafePointer<Float>
  /// What a kernel writes.
  public typealias Out = UnsafeMutablePointer<Float>

  /// The path of all functions below.
  public var path: KernelPath

  /// Floats needed to pack a K x N matrix.
  public var packedCount: @Sendable (_ k: Int, _ n: Int) -> Int
  /// Packs B (element (k, n) at `src[k * rowStride + n * columnStride]`) into panels for `gemm`.
  public var pack:
    @Sendable (_ dst: Out, _ src: In, _ k: Int, _ n: Int, _ rowStride: Int, _ columnStride: Int)
      -> Void
  /// C = A B (+ bias per column) (+ C when `accumulate`).
  /// A's element (m, k) is `a[m * aRow + k * aColumn]`, so a transposed A needs no copy.
  public var gemm:
    @Sendable (
      _ m: Int, _ n: Int, _ k: Int, _ a: In, _ aRow: Int, _ aColumn: Int, _ packedB: In,
      _ c: Out, _ cRow: Int, _ bias: In?, _ accumulate: Bool
    ) -> Void

  /// y = (x - mean) * rstd * gain + bias per row of `d`; stores mean and rstd per row. eps 1e-5.
  public var layerNormForward:
    @Sendable (
      _ y: Out, _ mean: Out, _ rstd: Out, _ x: In, _ gain: In, _ bias: In, _ rows: Int, _ d: Int
    ) -> Void
  /// Adds to dx, dGain and dBias.
  public var layerNormBackward:
    @Sendable (
      _ dx: Out, _ dGain: Out, _ dBias: Out, _ dy: In, _ x: In, _ mean: In, _ rstd: In, _ gain: In,
      _ rows: Int, _ d: Int
    ) -> Void

  /// Exact GELU, x * Phi(x).
  public var geluForward: @Sendable (_ y: Out, _ x: In, _ count: Int) -> Void
  /// dx = dy * GELU'(x) (overwrites dx; dx may be dy).
  public var geluBackward: @Sendable (_ dx: Out, _ dy: In, _ x: In, _ count: Int) -> Void
  /// y = 1 / (1 + exp(-x)); may work in place.
  public var sigmoid: @Sendable (_ y: Out, _ x: In, _ count: Int) -> Void

  /// Floats of scratch one call of attention needs.
  public var attentionScratch: @Sendable (_ tokens: Int) -> Int
  /// Softmax attention of heads `headFrom..<headTo` over one image's `qkv` [T, 3D] (rows q | k | v,
  /// head-major, scale 1/sqrt(8)) into `out` [T, D]. `stats` [heads, T] receives
  /// log-sum-exp (natural log) of the scaled scores for the backward pass; may be nil.
  public var attentionForward:
    @Sendable (
      _ out: Out, _ stats: Out?, _ qkv: In, _ tokens: Int, _ d: Int, _ headFrom: Int,
      _ headTo: Int, _ scratch: Out
    ) -> Void
  /// Overwrites the heads' parts of `dQKV` [T, 3D] from `dOut` [T, D].
  public var attentionBackward:
    @Sendable (
      _ dQKV: Out, _ dOut: In, _ qkv: In, _ out: In, _ stats: In, _ tokens: Int, _ d: Int,
      _ headFrom: Int, _ headTo: Int, _ scratch: Out
    ) -> Void

  /// y += x.
  public var add: @Sendable (_ y: Out, _ x: In, _ count: Int) -> Void
  /// sums[n] += sum over rows of x[row * d + n] (rows in ascending order).
  public var addColumnSums: @Sendable (_ sums: Out, _ x: In, _ rows: Int, _ d: Int) -> Void
  /// One Adam step on `count` parameters with bias corrections `c1 = 1 - beta1^t`, `c2 = 1 - beta2^t`.
  public var adam:
    @Sendable (
      _ parameters: Out, _ firstMoment: Out, _ secondMoment: Out, _ gradient: In, _ count: Int,
      _ learningRate: Float, _ beta1: Float, _ beta2: Float, _ epsilon: Float, _ c1: Float,
      _ c2: Float
    ) -> Void
}
