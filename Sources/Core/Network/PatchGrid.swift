public import Imaging

/// The grid of 32 x 32 patches of 8 x 8 px on the canonical 256 x 256 px slice.
public enum PatchGrid {
  /// Patches along each side.
  public static let side = 32
  /// Pixels along each side of a patch.
  public static let patch = 8
  /// Pixels of a patch.
  public static let pixels = patch * patch
  /// Patches of the grid.
  public static let count = side * side
  /// Pixels along each side of the slice.
  public static let imageSide = side * patch

  /// Raster index of the first pixel of a patch.
  public static func origin(of patch: Int) -> Int {
    (patch / side) * Self.patch * imageSide + (patch % side) * Self.patch
  }

  /// Pixels of each patch that a mask covers.
  public static func coverage(of mask: MaskRaster) -> [Int] {
    var counts = [Int](repeating: 0, count: count)
    mask.pixels.withUnsafeBufferPointer { pixels in
      for index in pixels.indices where pixels[index] {
        counts[(index / imageSide / patch) * side + (index % imageSide) / patch] += 1
      }
    }
    return counts
  }

  /// The pixels of a raster patch by patch, row-major inside each: 1024 x 64.
  public static func cut<Pixel: Sendable>(_ raster: Raster<Pixel>) -> [Pixel] {
    var result: [Pixel] = []
    result.reserveCapacity(raster.pixels.count)
    for patch in 0..<count {
      let first = origin(of: patch)
      for row in 0..<Self.patch {
        let start = first + row * imageSide
        result.append(contentsOf: raster.pixels[start..<start + Self.patch])
      }
    }
    return result
  }

  /// The raster of pixels listed patch by patch; the inverse of ``cut(_:)``.
  public static func assemble<Pixel: Sendable>(_ patches: [Pixel]) -> Raster<Pixel>? {
    guard patches.count == count * pixels, let first = patches.first else { return nil }
    var raster = Raster(rows: imageSide, columns: imageSide, filledWith: first)
    for patch in 0..<count {
      let start = origin(of: patch)
      for pixel in 0..<pixels {
        raster.pixels[start + (pixel / Self.patch) * imageSide + pixel % Self.patch] =
          patches[patch * pixels + pixel]
      }
    }
    return raster
  }

  /// Squared distance on the grid from every patch to the nearest of `patches`.
  static func squaredDistances(to patches: [Int]) -> [Int] {
    // First the nearest within each row, then over rows: 32 comparisons a patch, however many.
    let far = 2 * side
    var across = [Int](repeating: far, count: count)
    for patch in patches { across[patch] = 0 }
    for row in 0..<side {
      let first = row * side
      for column in 1..<side {
        across[first + column] = min(across[first + column], across[first + column - 1] + 1)
      }
      for column in (0..<side - 1).reversed() {
        across[first + column] = min(across[first + column], across[first + column + 1] + 1)
      }
    }
    var result = [Int](repeating: .max, count: count)
    for row in 0..<side {
      for other in 0..<side {
        let down = (row - other) * (row - other)
        for column in 0..<side {
          let distance = down + across[other * side + column] * across[other * side + column]
          result[row * side + column] = min(result[row * side + column], distance)
        }
      }
    }
    return result
  }
}
