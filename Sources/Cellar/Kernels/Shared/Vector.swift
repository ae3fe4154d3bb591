internal import CSIMD

// Kernel style: raw pointers, local vectors and structs of vectors, loops with `while`. Nothing
// here may use Array, closures, generics, String or existentials: their specialisations would be
// weak symbols compiled for this module's instruction set, which the linker may pick for the
// whole program (Scripts/check-weak-symbols.sh guards this).

/// What a kernel reads.
public typealias In = UnsafePointer<Float>
/// What a kernel writes.
public typealias Out = UnsafeMutablePointer<Float>

/// The machine's vector of `cs_lanes`: 16 with AVX-512, 8 with AVX2, 4 with SSE2 and NEON.
typealias Vector = cs_vec

/// 2^x with a relative error below 2.2e-7 for x in -126...126; below -126 it stays at 2^-126 or
/// (AVX-512) falls to zero.
///
/// x = n + f with n an integer; a degree-5 minimax polynomial gives 2^f; n is added to the exponent.
@inline(__always)
func exp2(_ x: Vector) -> Vector {
  let x = cs_bounded(x)
  let n = cs_exponent(x)
  let f = cs_remainder(x, n)
  var p = cs_fma(cs_splat(1.327_647_199e-3), f, cs_splat(9.675_541_334e-3))
  p = cs_fma(p, f, cs_splat(5.550_713_273e-2))
  p = cs_fma(p, f, cs_splat(0.240_221_197_2))
  p = cs_fma(p, f, cs_splat(0.693_146_967_1))
  p = cs_fma(p, f, cs_splat(1.000_000_072))
  return cs_scale(p, n)
}

/// The smaller number.
@inline(__always)
func least(_ a: Int, _ b: Int) -> Int { a < b ? a : b }

/// The next multiple of a power of two.
@inline(__always)
func roundUp(_ n: Int, _ step: Int) -> Int { (n + step - 1) & ~(step - 1) }

/// The next address on a 64-byte boundary.
@inline(__always)
func aligned(_ p: Out) -> Out {
  let address = UInt(bitPattern: p)
  let ahead = (64 &- (address & 63)) & 63
  return ahead & 3 == 0 ? p + Int(ahead / 4) : p
}
