/// A direction in the patient.
public enum AnatomicalDirection: Character, CaseIterable, Hashable, Sendable {
  /// Towards the patient's right (RAS +x).
  case right = "R"
  /// Towards the patient's left (RAS -x).
  case left = "L"
  /// Towards the front (RAS +y).
  case anterior = "A"
  /// Towards the back (RAS -y).
  case posterior = "P"
  /// Towards the head (RAS +z).
  case superior = "S"
  /// Towards the feet (RAS -z).
  case inferior = "I"

  /// The RAS axis it lies on: 0 right-left, 1 anterior-posterior, 2 superior-inferior.
  public var axis: Int {
    switch self {
    case .right, .left: 0
    case .anterior, .posterior: 1
    case .superior, .inferior: 2
    }
  }

  /// Whether it points along the RAS axis (R, A, S) rather than against it.
  public var isPositive: Bool { self == .right || self == .anterior || self == .superior }

  /// The direction on a RAS axis (0...2) with a sign.
  init(axis: Int, isPositive: Bool) {
    self =
      switch (axis, isPositive) {
      case (0, true): .right
      case (0, false): .left
      case (1, true): .anterior
      case (1, false): .posterior
      case (_, true): .superior
      case (_, false): .inferior
      }
  }
}

/// Towards which side of the patient the voxel indices i, j and k grow, to the nearest axes.
///
/// The code names where an index grows *to*, as nibabel does: the identity affine is "RAS". (Some
/// tools name where it comes *from*; their "RPI" is this "LAS".)
public struct Orientation: Hashable, Sendable, CustomStringConvertible {
  /// Where i grows to.
  public let i: AnatomicalDirection
  /// Where j grows to.
  public let j: AnatomicalDirection
  /// Where k grows to.
  public let k: AnatomicalDirection

  /// Right, anterior, superior: the orientation of the identity affine.
  public static let ras = Orientation(checkedI: .right, .anterior, .superior)

  /// All 48 orientations.
  public static let all: [Orientation] = AnatomicalDirection.allCases.flatMap { i in
    AnatomicalDirection.allCases.flatMap { j in
      AnatomicalDirection.allCases.compactMap { k in Orientation(i, j, k) }
    }
  }

  /// Makes an orientation, or `nil` when two directions lie on the same axis.
  public init?(_ i: AnatomicalDirection, _ j: AnatomicalDirection, _ k: AnatomicalDirection) {
    guard i.axis != j.axis, j.axis != k.axis, k.axis != i.axis else { return nil }
    self.init(checkedI: i, j, k)
  }

  /// Makes an orientation from three letters such as "PSR", or `nil` when they are none.
  public init?(code: String) {
    let directions = code.uppercased().compactMap(AnatomicalDirection.init(rawValue:))
    guard code.count == 3, directions.count == 3 else { return nil }
    self.init(directions[0], directions[1], directions[2])
  }

  /// The orientation closest to an affine: of the six ways to pair voxel axes with patient axes, the
  /// one with the largest sum of absolute direction cosines.
  public init(closestTo affine: Affine) {
    let columns = (0..<3).map { axis in
      let column = affine.column(axis)
      let length = (column * column).sum().squareRoot()
      return length > 0 && length.isFinite ? column / length : .zero
    }
    let pairings = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
    var best = pairings[0]
    var bestSum = -1.0
    for pairing in pairings {
      let sum = (0..<3).reduce(0.0) { $0 + abs(columns[$1][pairing[$1]]) }
      // A tie (45 degrees) goes to the earlier pairing: identity first.
      if sum > bestSum + 1e-9 { (best, bestSum) = (pairing, sum) }
    }
    let directions = (0..<3).map { axis in
      AnatomicalDirection(axis: best[axis], isPositive: !(columns[axis][best[axis]] < 0))
    }
    self.init(checkedI: directions[0], directions[1], directions[2])
  }

  private init(
    checkedI i: AnatomicalDirection, _ j: AnatomicalDirection, _ k: AnatomicalDirection
  ) {
    self.i = i
    self.j = j
    self.k = k
  }

  /// Three letters, for example "PSR".
  public var code: String { String([i.rawValue, j.rawValue, k.rawValue]) }

  /// The code.
  public var description: String { code }

  /// Where the index along a voxel axis (0...2) grows to.
  public subscript(voxelAxis: Int) -> AnatomicalDirection {
    precondition((0..<3).contains(voxelAxis), "voxel axis out of 0...2")
    return voxelAxis == 0 ? i : voxelAxis == 1 ? j : k
  }

  /// The voxel axis (0...2) that runs along a RAS axis (0 right-left, 1 anterior-posterior, 2
  /// superior-inferior).
  public func voxelAxis(along rasAxis: Int) -> Int {
    precondition((0..<3).contains(rasAxis), "RAS axis out of 0...2")
    return i.axis == rasAxis ? 0 : j.axis == rasAxis ? 1 : 2
  }

  /// The voxel axis (0...2) that steps from one sagittal slice to the next.
  public var sagittalAxis: Int { voxelAxis(along: 0) }
}

extension Affine {
  /// The nearest axis codes of this voxel-to-RAS map.
  public var orientation: Orientation { Orientation(closestTo: self) }
}
