/// An array of numbers with any number of dimensions.
public struct NumPyArray: Equatable, Sendable {
  /// The size of each dimension; empty for a single number.
  public let shape: [Int]
  /// The values, the last index running fastest whatever order the file had.
  public let values: [Double]

  /// Makes an array; `values.count` must be the product of `shape`.
  public init(shape: [Int], values: [Double]) {
    precondition(RawNumbers.product(shape) == values.count, "array shape")
    self.shape = shape
    self.values = values
  }

  /// A picture: the array itself when it has two dimensions, or plane `index` of one with three.
  ///
  /// `nil` for other dimensions or a plane that is not there.
  public func plane(_ index: Int = 0) -> ImageRaster? {
    guard shape.count == 2 || shape.count == 3 else { return nil }
    let planes = shape.count == 3 ? shape[0] : 1
    guard index >= 0, index < planes else { return nil }
    let (rows, columns) = (shape[shape.count - 2], shape[shape.count - 1])
    let size = rows * columns
    let part = values[index * size..<(index + 1) * size]
    return Raster(rows: rows, columns: columns, pixels: part.map { Float($0) })
  }
}
