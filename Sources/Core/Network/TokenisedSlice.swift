public import Imaging

/// A slice cut into the tokens of one context.
///
/// `T` tokens, ascending grid indices; pixel arrays are [T, 64], row-major inside a patch.
public struct TokenisedSlice: Sendable {
  /// Grid index of every token.
  public internal(set) var tokens: [Int]
  /// The normalised image.
  public internal(set) var pixels: [Float]
  /// Sobel magnitude of the image where a token can be masked, else zeros; empty for inference.
  public internal(set) var edges: [Float]
  /// 1 for pixels of the region of interest (cord or CSF), else 0.
  public internal(set) var region: [Float]
  /// Cord and CSF pixels, [T, 128], cord first; empty without conditioning.
  public internal(set) var anatomy: [Float]
  /// Positions in `tokens` of those that overlap the region: only they can be masked.
  public internal(set) var maskable: [Int]
  /// Region pixels of every token.
  public internal(set) var regionCounts: [Int]
  /// The pixel (row, column) of the grid is the slice's (row + rowShift, column + columnShift).
  let rowShift: Int
  /// See ``rowShift``.
  let columnShift: Int

  /// Cuts a slice.
  ///
  /// - Parameters:
  ///   - image: 256 x 256 px, normalised, finite.
  ///   - edges: whether the Sobel target is wanted (training).
  /// - Throws: `NetworkError.invalidInput` for other shapes or values that are not numbers,
  ///   `.notAssessable` when the region touches fewer than three patches (method, section 4).
  public init(
    image: ImageRaster, cord: MaskRaster, csf: MaskRaster, context: NetworkContext,
    isConditioned: Bool, edges wantsEdges: Bool = false
  ) throws {
    let side = PatchGrid.imageSide
    guard image.rows == side, image.columns == side, cord.rows == side, cord.columns == side,
      csf.rows == side, csf.columns == side
    else {
      throw NetworkError.invalidInput("the engine wants \(side) x \(side) px image and masks")
    }
    guard image.pixels.allSatisfy(\.isFinite) else {
      throw NetworkError.invalidInput("the normalised image has values that are not numbers")
    }
    let view = SliceView(image: image.pixels, cord: cord.pixels, csf: csf.pixels)
    let coverage = view.regionCoverage
    self.init(
      view: view, coverage: coverage, tokens: try context.assessableTokens(coverage: coverage),
      isConditioned: isConditioned, wantsEdges: wantsEdges)
  }

  /// Cuts a view of a slice; shared with training, whose views are shifted and augmented.
  ///
  /// - Parameters:
  ///   - coverage: region pixels of every patch of the grid.
  ///   - tokens: the context's tokens.
  init(
    view: SliceView, coverage: [Int], tokens: [Int], isConditioned: Bool, wantsEdges: Bool
  ) {
    self.tokens = tokens
    rowShift = view.rowShift
    columnShift = view.columnShift
    regionCounts = tokens.map { coverage[$0] }
    maskable = regionCounts.indices.filter { [regionCounts] in regionCounts[$0] > 0 }
    let count = tokens.count * PatchGrid.pixels
    pixels = [Float](repeating: 0, count: count)
    region = pixels
    edges = wantsEdges ? pixels : []
    anatomy = isConditioned ? [Float](repeating: 0, count: 2 * count) : []
    view.fill(&self)
  }
}

extension NetworkContext {
  /// The tokens of a region given by its pixels per patch.
  ///
  /// - Throws: `NetworkError.notAssessable` when it touches fewer than three patches.
  func assessableTokens(coverage: [Int]) throws -> [Int] {
    guard coverage.count(where: { $0 > 0 }) >= 3 else {
      throw NetworkError.notAssessable(
        "the region of interest (cord and CSF) touches fewer than 3 patches of the slice")
    }
    return tokens(region: coverage.map { $0 > 0 })
  }
}

/// Pixels of a slice, possibly shifted by less than a patch, ready to be cut.
struct SliceView {
  var image: [Float]
  var cord: [Bool]
  var csf: [Bool]
  /// The view's pixel (row, column) is the slice's (row + rowShift, column + columnShift).
  var rowShift = 0
  var columnShift = 0

  private static let side = PatchGrid.imageSide

  /// Region pixels of every patch of the grid.
  var regionCoverage: [Int] {
    var counts = [Int](repeating: 0, count: PatchGrid.count)
    let side = Self.side
    cord.withUnsafeBufferPointer { cord in
      csf.withUnsafeBufferPointer { csf in
        for row in max(0, -rowShift)..<min(side, side - rowShift) {
          let patches = row / PatchGrid.patch * PatchGrid.side
          let source = (row + rowShift) * side + columnShift
          for column in max(0, -columnShift)..<min(side, side - columnShift)
          where cord[source + column] || csf[source + column] {
            counts[patches + column / PatchGrid.patch] += 1
          }
        }
      }
    }
    return counts
  }

  /// Copies the pixels of the slice's tokens.
  fileprivate func fill(_ slice: inout TokenisedSlice) {
    let patch = PatchGrid.patch
    for (token, gridIndex) in slice.tokens.enumerated() {
      let firstRow = gridIndex / PatchGrid.side * patch + rowShift
      let firstColumn = gridIndex % PatchGrid.side * patch + columnShift
      for pixel in 0..<PatchGrid.pixels {
        let row = firstRow + pixel / patch
        let column = firstColumn + pixel % patch
        let place = token * PatchGrid.pixels + pixel
        slice.pixels[place] = value(row, column)
        guard row >= 0, row < Self.side, column >= 0, column < Self.side else { continue }
        let source = row * Self.side + column
        guard cord[source] || csf[source] else { continue }
        slice.region[place] = 1
        if !slice.anatomy.isEmpty {
          let half = cord[source] ? 0 : PatchGrid.pixels
          slice.anatomy[token * NetworkLayout.anatomyWidth + half + pixel] = 1
        }
      }
      if !slice.edges.isEmpty, slice.regionCounts[token] > 0 {
        for pixel in 0..<PatchGrid.pixels {
          slice.edges[token * PatchGrid.pixels + pixel] = edge(
            firstRow + pixel / patch, firstColumn + pixel % patch)
        }
      }
    }
  }

  /// The image at a place, replicated beyond its border.
  private func value(_ row: Int, _ column: Int) -> Float {
    image[max(0, min(Self.side - 1, row)) * Self.side + max(0, min(Self.side - 1, column))]
  }

  /// Sobel magnitude, clipped at 1, as the reference's edge target.
  private func edge(_ row: Int, _ column: Int) -> Float {
    let a = value(row - 1, column - 1)
    let c = value(row - 1, column + 1)
    let g = value(row + 1, column - 1)
    let i = value(row + 1, column + 1)
    let across = c - a + 2 * (value(row, column + 1) - value(row, column - 1)) + i - g
    let down = a - g + 2 * (value(row - 1, column) - value(row + 1, column)) + c - i
    return min(1, (across * across + down * down).squareRoot())
  }
}
