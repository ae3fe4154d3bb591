internal import CSIMD

/// Floats of a packed K x N matrix: full panels [K][panelColumns], then one-vector panels [K][lanes].
public func packedCount(_ k: Int, _ n: Int) -> Int {
  let full = n / panelColumns
  let narrow = (n - full * panelColumns + cs_lanes - 1) / cs_lanes
  return k * (full * panelColumns + narrow * cs_lanes)
}

/// See `KernelTable.pack`. Columns beyond N are zero.
public func pack(
  _ dst: Out, _ src: In, _ k: Int, _ n: Int, _ rowStride: Int, _ columnStride: Int
) {
  var out = dst
  var column = 0
  while column < n {
    let width = n - column >= panelColumns ? panelColumns : cs_lanes
    let real = least(width, n - column)
    let source = src + column * columnStride
    if columnStride == 1 && real == width {
      packContiguous(out, source, k, width, rowStride)
    } else if rowStride == 1 && real == width {
      packTransposed(out, source, k, width, columnStride)
    } else {
      packStrided(out, source, k, width, real, rowStride, columnStride)
    }
    out += k * width
    column += width
  }
}

private func packContiguous(_ dst: Out, _ src: In, _ k: Int, _ width: Int, _ rowStride: Int) {
  var row = 0
  while row < k {
    var i = 0
    while i < width {
      cs_store(dst + row * width + i, cs_load(src + row * rowStride + i))
      i += cs_lanes
    }
    row += 1
  }
}

private func packTransposed(_ dst: Out, _ src: In, _ k: Int, _ width: Int, _ columnStride: Int) {
  let one = cs_four(repeating: 1)
  let fours = k & ~3
  var column = 0
  while column < width {
    var row = 0
    while row < fours {
      cs_transpose4(
        dst + row * width + column, width, src + column * columnStride + row, columnStride, one)
      row += 4
    }
    while row < k {
      var i = column
      while i < column + 4 {
        dst[row * width + i] = src[i * columnStride + row]
        i += 1
      }
      row += 1
    }
    column += 4
  }
}

private func packStrided(
  _ dst: Out, _ src: In, _ k: Int, _ width: Int, _ real: Int, _ rowStride: Int, _ columnStride: Int
) {
  var row = 0
  while row < k {
    var i = 0
    while i < real {
      dst[row * width + i] = src[row * rowStride + i * columnStride]
      i += 1
    }
    while i < width {
      dst[row * width + i] = 0
      i += 1
    }
    row += 1
  }
}
