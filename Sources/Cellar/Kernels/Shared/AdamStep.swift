internal import CSIMD

/// See `KernelTable.adam`.
public func adam(
  _ parameters: Out, _ firstMoment: Out, _ secondMoment: Out, _ gradient: In, _ count: Int,
  _ learningRate: Float, _ beta1: Float, _ beta2: Float, _ epsilon: Float, _ c1: Float, _ c2: Float
) {
  let rates = AdamRates(
    gain1: cs_splat(1 - beta1), gain2: cs_splat(1 - beta2), epsilon: cs_splat(epsilon),
    step: cs_splat(learningRate / c1), inverse2: cs_splat(1 / c2))
  let whole = count & ~(cs_lanes - 1)
  let rest = count - whole
  var i = 0
  while i < whole {
    var m = cs_load(firstMoment + i)
    var v = cs_load(secondMoment + i)
    let move = rates.move(&m, &v, cs_load(gradient + i))
    cs_store(firstMoment + i, m)
    cs_store(secondMoment + i, v)
    cs_store(parameters + i, cs_load(parameters + i) - move)
    i += cs_lanes
  }
  if rest > 0 {
    var m = cs_load_part(firstMoment + i, rest, 0)
    var v = cs_load_part(secondMoment + i, rest, 0)
    let move = rates.move(&m, &v, cs_load_part(gradient + i, rest, 0))
    cs_store_part(firstMoment + i, m, rest)
    cs_store_part(secondMoment + i, v, rest)
    cs_store_part(parameters + i, cs_load_part(parameters + i, rest, 0) - move, rest)
  }
}

private struct AdamRates {
  var gain1: Vector
  var gain2: Vector
  var epsilon: Vector
  var step: Vector
  var inverse2: Vector

  /// Updates the moments and returns what the parameters lose.
  @inline(__always)
  func move(_ m: inout Vector, _ v: inout Vector, _ g: Vector) -> Vector {
    m = cs_fma(g - m, gain1, m)
    v = cs_fma(g * g - v, gain2, v)
    return step * m / (cs_sqrt(v * inverse2) + epsilon)
  }
}
