/// Connected components of masks, numbered 1, 2, ... in storage order of their first pixel.
public enum ConnectedComponents {
  /// Which pixels of a raster touch.
  public enum Connectivity2D: Sendable {
    /// Those sharing an edge.
    case four
    /// Those sharing an edge or a corner.
    case eight
  }

  /// Which voxels of a volume touch.
  public enum Connectivity3D: Sendable {
    /// Those sharing a face.
    case six
    /// Those sharing a face, an edge or a corner.
    case twentySix
  }

  /// One component of a raster.
  public struct Component2D: Equatable, Sendable {
    /// Its number in the label raster.
    public let label: Int32
    /// Its size in px.
    public let area: Int
    /// The rows it spans.
    public let rows: ClosedRange<Int>
    /// The columns it spans.
    public let columns: ClosedRange<Int>
    /// Its centre of gravity.
    public let centroid: (row: Double, column: Double)

    /// Whether number, size, place and centre agree.
    public static func == (a: Component2D, b: Component2D) -> Bool {
      a.label == b.label && a.area == b.area && a.rows == b.rows && a.columns == b.columns
        && a.centroid == b.centroid
    }
  }

  /// One component of a volume.
  public struct Component3D: Equatable, Sendable {
    /// Its number in the label volume.
    public let label: Int32
    /// Its size in voxels.
    public let count: Int
    /// The smallest voxel indices it reaches.
    public let lower: SIMD3<Int>
    /// The largest voxel indices it reaches.
    public let upper: SIMD3<Int>
    /// Its centre of gravity in voxel indices.
    public let centroid: SIMD3<Double>
  }

  /// The components of a raster.
  public struct Labelled2D: Sendable {
    /// 0 outside, else the component's number.
    public let labels: Raster<Int32>
    /// The components, in the order of their numbers.
    public let components: [Component2D]
    /// The largest, the first of equals; `nil` when there is none.
    public var largest: Component2D? {
      components.max { ($0.area, -$0.label) < ($1.area, -$1.label) }
    }

    /// The mask of one component.
    public func mask(of label: Int32) -> MaskRaster { labels.map { $0 == label } }
  }

  /// The components of a volume.
  public struct Labelled3D: Sendable {
    /// 0 outside, else the component's number.
    public let labels: Volume<Int32>
    /// The components, in the order of their numbers.
    public let components: [Component3D]
    /// The largest, the first of equals; `nil` when there is none.
    public var largest: Component3D? {
      components.max { ($0.count, -$0.label) < ($1.count, -$1.label) }
    }
  }

  /// Labels a raster. Foreground pixels are the true ones.
  public static func label(
    _ mask: MaskRaster, connectivity: Connectivity2D = .eight
  ) -> Labelled2D {
    let steps = neighbours(planes: 0, corners: connectivity == .eight)
    let (labels, found) = flood(
      mask.pixels, shape: [mask.columns, mask.rows, 1], steps: steps)
    let components = found.map { c in
      Component2D(
        label: c.label, area: c.count, rows: c.lower.y...c.upper.y,
        columns: c.lower.x...c.upper.x, centroid: (c.centroid.y, c.centroid.x))
    }
    return Labelled2D(
      labels: Raster(rows: mask.rows, columns: mask.columns, pixels: labels),
      components: components)
  }

  /// Labels a volume. Foreground voxels are the true ones.
  public static func label(
    _ mask: Volume<Bool>, connectivity: Connectivity3D = .six
  ) -> Labelled3D {
    let steps = neighbours(planes: 1, corners: connectivity == .twentySix)
    let (labels, components) = flood(mask.voxels, shape: mask.shape, steps: steps)
    return Labelled3D(
      labels: Volume(shape: mask.shape, voxels: labels, affine: mask.affine),
      components: components)
  }

  /// The steps to touching neighbours.
  private static func neighbours(planes: Int, corners: Bool) -> [SIMD3<Int>] {
    var steps: [SIMD3<Int>] = []
    for k in -planes...planes {
      for j in -1...1 {
        for i in -1...1 {
          let distance = abs(i) + abs(j) + abs(k)
          if distance == 1 || (corners && distance > 1) { steps.append([i, j, k]) }
        }
      }
    }
    return steps
  }

  /// Flood fill from each unlabelled foreground voxel in storage order, with an explicit stack.
  private static func flood(
    _ mask: [Bool], shape: SIMD3<Int>, steps: [SIMD3<Int>]
  ) -> ([Int32], [Component3D]) {
    var labels = [Int32](repeating: 0, count: mask.count)
    var components: [Component3D] = []
    var stack: [Int] = []
    let plane = shape.x * shape.y
    for seed in mask.indices where mask[seed] && labels[seed] == 0 {
      let label = Int32(truncatingIfNeeded: components.count + 1)
      var tally = Tally()
      labels[seed] = label
      stack.append(seed)
      while let at = stack.popLast() {
        let k = at / plane
        let j = (at - k * plane) / shape.x
        let i = at - k * plane - j * shape.x
        tally.add(i, j, k)
        for step in steps {
          let x = i &+ step.x
          let y = j &+ step.y
          let z = k &+ step.z
          guard x >= 0, x < shape.x, y >= 0, y < shape.y, z >= 0, z < shape.z else { continue }
          let next = z * plane + y * shape.x + x
          if mask[next] && labels[next] == 0 {
            labels[next] = label
            stack.append(next)
          }
        }
      }
      components.append(tally.component(label))
    }
    return (labels, components)
  }

  /// Counts, bounds and sums of one component while it is flooded.
  private struct Tally {
    var count = 0
    var lower = SIMD3<Int>(repeating: .max)
    var upper = SIMD3<Int>(repeating: .min)
    var sum = SIMD3<Int>.zero

    mutating func add(_ i: Int, _ j: Int, _ k: Int) {
      let p: SIMD3<Int> = [i, j, k]
      count += 1
      lower = pointwiseMin(lower, p)
      upper = pointwiseMax(upper, p)
      sum &+= p
    }

    func component(_ label: Int32) -> Component3D {
      Component3D(
        label: label, count: count, lower: lower, upper: upper,
        centroid: SIMD3<Double>(Double(sum.x), Double(sum.y), Double(sum.z)) / Double(count))
    }
  }
}
