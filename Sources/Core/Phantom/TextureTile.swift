/// A periodic square of texture, looked up in mm; the same in every process.
struct TextureTile: Sendable {
  /// Texels along a side (a power of two).
  static let side = 256
  /// Texels per mm.
  static let density: Float = 2

  private var texels: [Float]

  /// The texel at a place in mm (nearest, periodic).
  @inline(__always)
  func callAsFunction(_ u: Float, _ v: Float) -> Float {
    let column = Int((u * Self.density).rounded(.down)) & (Self.side - 1)
    let row = Int((v * Self.density).rounded(.down)) & (Self.side - 1)
    return texels[row * Self.side + column]
  }

  /// The value at a place in mm, linear between texels: for textures that lie askew to the pixels.
  @inline(__always)
  func smooth(_ u: Float, _ v: Float) -> Float {
    let (x, y) = (u * Self.density, v * Self.density)
    let (left, upper) = (x.rounded(.down), y.rounded(.down))
    let (fx, fy) = (x - left, y - upper)
    let mask = Self.side - 1
    let (i, j) = (Int(left) & mask, Int(upper) & mask)
    let (right, lower) = ((i + 1) & mask, (j + 1) & mask)
    let above = texels[j * Self.side + i] * (1 - fx) + texels[j * Self.side + right] * fx
    let below = texels[lower * Self.side + i] * (1 - fx) + texels[lower * Self.side + right] * fx
    return above * (1 - fy) + below * fy
  }

  /// Makes a tile from a function of the texel's row and column.
  private init(_ function: (_ row: Int, _ column: Int) -> Float) {
    texels = []
    texels.reserveCapacity(Self.side * Self.side)
    for row in 0..<Self.side {
      for column in 0..<Self.side { texels.append(function(row, column)) }
    }
  }

  /// One octave of periodic value noise with the given lattice cells along each side.
  private static func octave(rows: Int, columns: Int, random: inout PhantomRandom) -> TextureTile {
    let lattice = (0..<(rows * columns)).map { _ in Float(random.normal()) }
    return TextureTile { row, column in
      let y = Float(row) * Float(rows) / Float(side)
      let x = Float(column) * Float(columns) / Float(side)
      let (y0, x0) = (Int(y), Int(x))
      let (fy, fx) = (y - Float(y0), x - Float(x0))
      let (wy, wx) = (fy * fy * (3 - 2 * fy), fx * fx * (3 - 2 * fx))
      let (y1, x1) = ((y0 + 1) % rows, (x0 + 1) % columns)
      let top = lattice[y0 * columns + x0] * (1 - wx) + lattice[y0 * columns + x1] * wx
      let bottom = lattice[y1 * columns + x0] * (1 - wx) + lattice[y1 * columns + x1] * wx
      return 1.35 * (top * (1 - wy) + bottom * wy)
    }
  }

  /// A weighted sum of octaves: (cells along rows, cells along columns, weight).
  private static func fractal(
    _ octaves: [(Int, Int, Float)], random: inout PhantomRandom
  ) -> TextureTile {
    let layers = octaves.map { (octave(rows: $0.0, columns: $0.1, random: &random), $0.2) }
    return TextureTile { row, column in
      layers.reduce(0) { $0 + $1.0.texels[row * side + column] * $1.1 }
    }
  }

  private static func random(_ name: StaticString) -> PhantomRandom {
    PhantomRandom(seed: 0x5E_ED0F_7E87).stream(name)
  }

  /// Even mottling from 1 to 10 mm, mean 0, deviation about 1.
  static let mottle: TextureTile = {
    var r = random("mottle")
    return fractal([(13, 13, 0.6), (32, 32, 0.6), (64, 64, 0.45), (128, 128, 0.3)], random: &r)
  }()

  /// Fine grain of spongy bone, mean 0, deviation about 1.
  static let marrow: TextureTile = {
    var r = random("marrow")
    return fractal([(20, 20, 0.5), (50, 40, 0.5), (128, 90, 0.7)], random: &r)
  }()

  /// Slow clouds of 15 to 40 mm, mean 0, deviation about 1.
  static let cloud: TextureTile = {
    var r = random("cloud")
    return fractal([(4, 4, 0.8), (8, 8, 0.6), (16, 16, 0.3)], random: &r)
  }()

  /// Fat lobules: 1 inside, down to about 0.25 on thin septa that run along the columns.
  static let septa: TextureTile = {
    var r = random("septa")
    let coarse = fractal([(12, 26, 0.8), (26, 52, 0.4)], random: &r)
    let fine = fractal([(24, 44, 0.8), (50, 90, 0.5)], random: &r)
    return TextureTile { row, column in
      let a = coarse.texels[row * side + column] / 0.16
      let b = fine.texels[row * side + column] / 0.14
      let dark = 0.55 * PhantomMath.exp(-a * a) + 0.4 * PhantomMath.exp(-b * b)
      return max(0.2, 1 - dark)
    }
  }()

  /// Muscle: fibres along the rows' direction (head to foot), mean 0, deviation about 1.
  static let fibre: TextureTile = {
    var r = random("fibre")
    return fractal([(4, 36, 0.6), (9, 70, 0.6), (24, 128, 0.5)], random: &r)
  }()
}
