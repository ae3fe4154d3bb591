#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension ScalarKernels {
  /// 1 / sqrt(8), for heads of dimension 8.
  private static let scale = 0.353_553_390_593_273_8

  /// Room for one row of scores.
  static func attentionScratch(_ tokens: Int) -> Int { max(tokens, 1) }

  /// Reads rows `q | k | v` of `qkv` [T, 3D]; see `KernelTable.attentionForward`.
  static func attentionForward(
    _ out: Out, _ stats: Out?, _ qkv: In, _ tokens: Int, _ d: Int, _ headFrom: Int, _ headTo: Int,
    _ scratch: Out
  ) {
    for head in headFrom..<headTo {
      for query in 0..<tokens {
        let q = qkv + query * 3 * d + head * 8
        var largest = -Double.infinity
        for key in 0..<tokens {
          let s = scale * dot(q, qkv + key * 3 * d + d + head * 8)
          scratch[key] = Float(s)
          largest = max(largest, s)
        }
        var total = 0.0
        for key in 0..<tokens {
          let p = exp(Double(scratch[key]) - largest)
          scratch[key] = Float(p)
          total += p
        }
        for i in 0..<8 {
          var sum = 0.0
          for key in 0..<tokens {
            sum += Double(scratch[key]) * Double(qkv[key * 3 * d + 2 * d + head * 8 + i])
          }
          out[query * d + head * 8 + i] = Float(sum / total)
        }
        stats?[head * tokens + query] = Float(largest + log(total))
      }
    }
  }

  /// With P from the stored log-sum-exp and D = dO . O: dS = P (dO V^T - D); dQ = s dS K,
  /// dK = s dS^T Q, dV = P^T dO.
  static func attentionBackward(
    _ dQKV: Out, _ dOut: In, _ qkv: In, _ out: In, _ stats: In, _ tokens: Int, _ d: Int,
    _ headFrom: Int, _ headTo: Int, _ scratch: Out
  ) {
    for head in headFrom..<headTo {
      for token in 0..<tokens {
        for part in 0..<3 {
          for i in 0..<8 { dQKV[token * 3 * d + part * d + head * 8 + i] = 0 }
        }
      }
      for query in 0..<tokens {
        let q = qkv + query * 3 * d + head * 8
        let dO = dOut + query * d + head * 8
        let delta = dot(dO, out + query * d + head * 8)
        let logSum = Double(stats[head * tokens + query])
        for key in 0..<tokens {
          let k = qkv + key * 3 * d + d + head * 8
          let v = k + d
          let p = exp(scale * dot(q, k) - logSum)
          let dS = p * (dot(dO, v) - delta) * scale
          let dQ = dQKV + query * 3 * d + head * 8
          let dK = dQKV + key * 3 * d + d + head * 8
          let dV = dK + d
          for i in 0..<8 {
            dQ[i] += Float(dS * Double(k[i]))
            dK[i] += Float(dS * Double(q[i]))
            dV[i] += Float(p * Double(dO[i]))
          }
        }
      }
    }
  }

  /// The dot product of two head vectors.
  private static func dot(_ a: In, _ b: In) -> Double {
    var sum = 0.0
    for i in 0..<8 { sum += Double(a[i]) * Double(b[i]) }
    return sum
  }
}
