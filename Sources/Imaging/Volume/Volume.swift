/// A three-dimensional grid of voxels with its place in the patient.
///
/// `voxels[(k * nj + j) * ni + i]`: i runs fastest. `affine` maps voxel centres (i, j, k) to RAS mm.
@frozen
public struct Volume<Voxel: Sendable>: Sendable {
  /// Voxels along i, j and k.
  public let shape: SIMD3<Int>
  /// The voxels, i fastest.
  public var voxels: [Voxel]
  /// Voxel indices to RAS millimetres.
  public var affine: Affine

  /// Makes a volume; `voxels.count` must be the product of `shape`.
  @inlinable
  public init(shape: SIMD3<Int>, voxels: [Voxel], affine: Affine) {
    precondition(voxels.count == shape.x * shape.y * shape.z, "volume shape")
    self.shape = shape
    self.voxels = voxels
    self.affine = affine
  }

  /// The voxel at (i, j, k).
  @inlinable
  public subscript(i: Int, j: Int, k: Int) -> Voxel {
    get { voxels[(k * shape.y + j) * shape.x + i] }
    set { voxels[(k * shape.y + j) * shape.x + i] = newValue }
  }

  /// Whether (i, j, k) lies inside the grid.
  @inlinable
  public func contains(_ i: Int, _ j: Int, _ k: Int) -> Bool {
    i >= 0 && i < shape.x && j >= 0 && j < shape.y && k >= 0 && k < shape.z
  }

  /// The volume with every voxel transformed.
  @inlinable
  public func map<Other: Sendable>(_ transform: (Voxel) throws -> Other) rethrows -> Volume<Other> {
    Volume<Other>(shape: shape, voxels: try voxels.map(transform), affine: affine)
  }
}

/// A volume of grey values.
public typealias ImageVolume = Volume<Float>
/// A volume of integer labels.
public typealias LabelVolume = Volume<UInt16>
