internal import CSIMD

/// Rows of a tile.
@inline(__always) private var tileRows: Int { 6 }
/// Rows of A that stay in the second-level cache while the panels of B pass.
@inline(__always) private var cacheRows: Int { 288 }
/// Terms of a sum per pass over a panel.
@inline(__always) private var blockTerms: Int { 512 }

// A panel is a stripe of B's columns; a Row is the part of one row of C that lies in a panel and
// lives in registers while k runs. Six rows of four vectors fill the 32 registers of AVX-512 and
// NEON, six rows of two the 16 of AVX2. Local structs are promoted to registers; arrays are not.

#if WIDE_PANEL || arch(arm64)
  /// Vectors in a row of a panel.
  @inline(__always) private var panelVectors: Int { 4 }

  private struct Row {
    var a: Vector
    var b: Vector
    var c: Vector
    var d: Vector

    @inline(__always) init() {
      a = cs_splat(0)
      b = a
      c = a
      d = a
    }

    @inline(__always) init(_ p: In) {
      a = cs_load(p)
      b = cs_load(p + cs_lanes)
      c = cs_load(p + 2 * cs_lanes)
      d = cs_load(p + 3 * cs_lanes)
    }

    @inline(__always) mutating func add(_ p: In) {
      a += cs_load(p)
      b += cs_load(p + cs_lanes)
      c += cs_load(p + 2 * cs_lanes)
      d += cs_load(p + 3 * cs_lanes)
    }

    @inline(__always) mutating func mac(_ x: Float, _ r: Row) {
      let x = cs_splat(x)
      a = cs_fma(x, r.a, a)
      b = cs_fma(x, r.b, b)
      c = cs_fma(x, r.c, c)
      d = cs_fma(x, r.d, d)
    }

    @inline(__always) func store(_ p: Out) {
      cs_store(p, a)
      cs_store(p + cs_lanes, b)
      cs_store(p + 2 * cs_lanes, c)
      cs_store(p + 3 * cs_lanes, d)
    }
  }
#else
  /// Vectors in a row of a panel.
  @inline(__always) private var panelVectors: Int { 2 }

  private struct Row {
    var a: Vector
    var b: Vector

    @inline(__always) init() {
      a = cs_splat(0)
      b = a
    }

    @inline(__always) init(_ p: In) {
      a = cs_load(p)
      b = cs_load(p + cs_lanes)
    }

    @inline(__always) mutating func add(_ p: In) {
      a += cs_load(p)
      b += cs_load(p + cs_lanes)
    }

    @inline(__always) mutating func mac(_ x: Float, _ r: Row) {
      let x = cs_splat(x)
      a = cs_fma(x, r.a, a)
      b = cs_fma(x, r.b, b)
    }

    @inline(__always) func store(_ p: Out) {
      cs_store(p, a)
      cs_store(p + cs_lanes, b)
    }
  }
#endif

/// Columns of a full panel.
@inline(__always) var panelColumns: Int { panelVectors * cs_lanes }

/// How a tile starts: its C and bias addresses, and what of them it takes.
private struct TileStart {
  /// Begin at C instead of at zero.
  var fromC: Bool
  /// Bias of the tile's columns; `nil` for none.
  var bias: In?

  @inline(__always) init(fromC: Bool, bias: In?, column: Int) {
    self.fromC = fromC
    self.bias = nil
    if let bias { self.bias = bias + column }
  }

  /// The first value of a row of a full panel.
  @inline(__always) func row(_ c: In) -> Row {
    var r = fromC ? Row(c) : Row()
    if let bias { r.add(bias) }
    return r
  }

  /// The first value of a row of a one-vector panel with `columns` real columns.
  @inline(__always) func vector(_ c: In, _ columns: Int) -> Vector {
    var v = fromC ? cs_load_part(c, columns, 0) : cs_splat(0)
    if let bias { v += cs_load_part(bias, columns, 0) }
    return v
  }
}

/// See `KernelTable.gemm`.
///
/// Each element of C is one chain of multiply-adds over k in ascending order that starts at
/// (C +) bias; the height of the tile and the blocking change nothing in it.
public func gemm(
  _ m: Int, _ n: Int, _ k: Int, _ a: In, _ aRow: Int, _ aColumn: Int, _ packedB: In, _ c: Out,
  _ cRow: Int, _ bias: In?, _ accumulate: Bool
) {
  var term = 0
  repeat {
    let terms = least(blockTerms, k - term)
    let first = term == 0
    let blockBias = first ? bias : nil
    let fromC = accumulate || !first
    var row = 0
    while row < m {
      let rows = least(cacheRows, m - row)
      gemmBlock(
        rows, n, k, terms, a + row * aRow + term * aColumn, aRow, aColumn, packedB, term,
        c + row * cRow, cRow, blockBias, fromC)
      row += rows
    }
    term += terms
  } while term < k
}

/// All panels over a block of rows and a block of terms.
private func gemmBlock(
  _ m: Int, _ n: Int, _ k: Int, _ terms: Int, _ a: In, _ aRow: Int, _ aColumn: Int, _ packedB: In,
  _ term: Int, _ c: Out, _ cRow: Int, _ bias: In?, _ fromC: Bool
) {
  var panel = packedB
  var column = 0
  while column < n {
    let start = TileStart(fromC: fromC, bias: bias, column: column)
    if n - column >= panelColumns {
      panelTiles(
        m, terms, a, aRow, aColumn, panel + term * panelColumns, c + column, cRow, start)
      panel += k * panelColumns
      column += panelColumns
    } else {
      let real = least(cs_lanes, n - column)
      vectorTiles(
        m, terms, a, aRow, aColumn, panel + term * cs_lanes, c + column, cRow, start, real)
      panel += k * cs_lanes
      column += cs_lanes
    }
  }
}

// MARK: Full panels

private func panelTiles(
  _ m: Int, _ k: Int, _ a: In, _ aRow: Int, _ aColumn: Int, _ b: In, _ c: Out, _ cRow: Int,
  _ start: TileStart
) {
  var row = 0
  while row + tileRows <= m {
    tile6(k, a + row * aRow, aRow, aColumn, b, c + row * cRow, cRow, start)
    row += tileRows
  }
  while row + 2 <= m {
    tile2(k, a + row * aRow, aRow, aColumn, b, c + row * cRow, cRow, start)
    row += 2
  }
  if row < m { tile1(k, a + row * aRow, aColumn, b, c + row * cRow, start) }
}

@inline(__always)
private func tile6(
  _ k: Int, _ a: In, _ aRow: Int, _ aColumn: Int, _ b: In, _ c: Out, _ cRow: Int,
  _ start: TileStart
) {
  var r0 = start.row(c)
  var r1 = start.row(c + cRow)
  var r2 = start.row(c + 2 * cRow)
  var r3 = start.row(c + 3 * cRow)
  var r4 = start.row(c + 4 * cRow)
  var r5 = start.row(c + 5 * cRow)
  var x = a
  var w = b
  var left = k
  while left > 0 {
    let row = Row(w)
    r0.mac(x[0], row)
    r1.mac(x[aRow], row)
    r2.mac(x[2 * aRow], row)
    r3.mac(x[3 * aRow], row)
    r4.mac(x[4 * aRow], row)
    r5.mac(x[5 * aRow], row)
    x += aColumn
    w += panelColumns
    left -= 1
  }
  r0.store(c)
  r1.store(c + cRow)
  r2.store(c + 2 * cRow)
  r3.store(c + 3 * cRow)
  r4.store(c + 4 * cRow)
  r5.store(c + 5 * cRow)
}

@inline(__always)
private func tile2(
  _ k: Int, _ a: In, _ aRow: Int, _ aColumn: Int, _ b: In, _ c: Out, _ cRow: Int,
  _ start: TileStart
) {
  var r0 = start.row(c)
  var r1 = start.row(c + cRow)
  var x = a
  var w = b
  var left = k
  while left > 0 {
    let row = Row(w)
    r0.mac(x[0], row)
    r1.mac(x[aRow], row)
    x += aColumn
    w += panelColumns
    left -= 1
  }
  r0.store(c)
  r1.store(c + cRow)
}

@inline(__always)
private func tile1(_ k: Int, _ a: In, _ aColumn: Int, _ b: In, _ c: Out, _ start: TileStart) {
  var r0 = start.row(c)
  var x = a
  var w = b
  var left = k
  while left > 0 {
    r0.mac(x[0], Row(w))
    x += aColumn
    w += panelColumns
    left -= 1
  }
  r0.store(c)
}

// MARK: One-vector panels, for the last columns

private func vectorTiles(
  _ m: Int, _ k: Int, _ a: In, _ aRow: Int, _ aColumn: Int, _ b: In, _ c: Out, _ cRow: Int,
  _ start: TileStart, _ columns: Int
) {
  var row = 0
  while row + tileRows <= m {
    vectorTile6(k, a + row * aRow, aRow, aColumn, b, c + row * cRow, cRow, start, columns)
    row += tileRows
  }
  while row < m {
    vectorTile1(k, a + row * aRow, aColumn, b, c + row * cRow, start, columns)
    row += 1
  }
}

@inline(__always)
private func vectorTile6(
  _ k: Int, _ a: In, _ aRow: Int, _ aColumn: Int, _ b: In, _ c: Out, _ cRow: Int,
  _ start: TileStart, _ columns: Int
) {
  var r0 = start.vector(c, columns)
  var r1 = start.vector(c + cRow, columns)
  var r2 = start.vector(c + 2 * cRow, columns)
  var r3 = start.vector(c + 3 * cRow, columns)
  var r4 = start.vector(c + 4 * cRow, columns)
  var r5 = start.vector(c + 5 * cRow, columns)
  var x = a
  var w = b
  var left = k
  while left > 0 {
    let row = cs_load(w)
    r0 = cs_fma(cs_splat(x[0]), row, r0)
    r1 = cs_fma(cs_splat(x[aRow]), row, r1)
    r2 = cs_fma(cs_splat(x[2 * aRow]), row, r2)
    r3 = cs_fma(cs_splat(x[3 * aRow]), row, r3)
    r4 = cs_fma(cs_splat(x[4 * aRow]), row, r4)
    r5 = cs_fma(cs_splat(x[5 * aRow]), row, r5)
    x += aColumn
    w += cs_lanes
    left -= 1
  }
  cs_store_part(c, r0, columns)
  cs_store_part(c + cRow, r1, columns)
  cs_store_part(c + 2 * cRow, r2, columns)
  cs_store_part(c + 3 * cRow, r3, columns)
  cs_store_part(c + 4 * cRow, r4, columns)
  cs_store_part(c + 5 * cRow, r5, columns)
}

@inline(__always)
private func vectorTile1(
  _ k: Int, _ a: In, _ aColumn: Int, _ b: In, _ c: Out, _ start: TileStart, _ columns: Int
) {
  var r0 = start.vector(c, columns)
  var x = a
  var w = b
  var left = k
  while left > 0 {
    r0 = cs_fma(cs_splat(x[0]), cs_load(w), r0)
    x += aColumn
    w += cs_lanes
    left -= 1
  }
  cs_store_part(c, r0, columns)
}
