internal import Imaging

/// Whether an outline can be that of a cord.
struct CordShapeCheck: Equatable {
  /// Sagittal diameters of a cord in mm.
  ///
  /// Healthy ones are 7.4 to 8.8 mm (Sherman, AJNR 1990;11:369); a compressed cord keeps about 3 mm,
  /// and 14 mm is the diameter of a canal.
  static let diametersMM = 3.0...14.0
  /// Share of rows that may lie outside, for short compressions and errors of a pixel.
  static let oddShare = 0.1
  /// The largest step of the cord's middle from one row to the next, in mm, and how many may be
  /// larger.
  static let step = (mm: 3.0, count: 2)
  /// A gap along the cord that is none of rounding, in mm.
  static let gapMM = 5.0
  /// Share of rows that may have a second piece beside the first.
  static let secondShare = 0.1
  /// Share of a cord that may be holes: more is no lesion that a tool left out.
  static let holeShare = 0.25
  /// Rows are judged from so many on.
  private static let leastRows = 20

  /// What is wrong, in words.
  private(set) var faults: [String] = []

  /// Looks at the cord of one slice.
  /// - Parameters:
  ///   - stored: The mask as it was delivered, on the canonical grid.
  ///   - cleaned: The same without specks and holes.
  ///   - weight: Rows of less weight than 1 leave the slice and are not judged.
  init(stored: MaskRaster, cleaned: MaskRaster, weight: [Float]) {
    let runs = Self.runs(cleaned)
    let rows = runs.indices.filter { runs[$0] != nil && weight[$0] >= 1 }
    guard rows.count >= Self.leastRows else { return }
    judgeDiameters(runs, rows)
    judgeSteps(runs, rows)
    judgePieces(cleaned, runs, rows)
    let area = cleaned.pixels.count { $0 }
    let holes = cleaned.pixels.indices.count { cleaned.pixels[$0] && !stored.pixels[$0] }
    if Double(holes) > Self.holeShare * Double(area) {
      faults.append("\(holes * 100 / max(area, 1)) % of it are holes")
    }
  }

  /// First and last cord pixel of each row; `nil` without cord.
  private static func runs(_ mask: MaskRaster) -> [(first: Int, last: Int)?] {
    (0..<mask.rows).map { row in
      let columns = (0..<mask.columns).filter { mask[row, $0] }
      guard let first = columns.first, let last = columns.last else { return nil }
      return (first, last)
    }
  }

  /// Row widths times the cosine of the cord's tilt over about 8 mm.
  private mutating func judgeDiameters(_ runs: [(first: Int, last: Int)?], _ rows: [Int]) {
    func middle(_ row: Int) -> Double? {
      guard runs.indices.contains(row), let run = runs[row] else { return nil }
      return Double(run.first + run.last) / 2
    }
    var odd: [Double] = []
    for row in rows {
      guard let run = runs[row] else { continue }
      var slope = 0.0
      if let above = middle(row - 5), let below = middle(row + 5) { slope = (below - above) / 10 }
      let width = Double(run.last - run.first + 1) * SagittalGrid.spacing
      let diameter = width / (1 + slope * slope).squareRoot()
      if !Self.diametersMM.contains(diameter) { odd.append(diameter) }
    }
    guard Double(odd.count) > Self.oddShare * Double(rows.count) else { return }
    let typical = PlaneLine.median(odd)
    faults.append(
      "it is \(typical.tenths) mm deep on \(odd.count) of \(rows.count) rows (3 to 14 mm are possible)"
    )
  }

  /// Jumps of the middle between neighbouring rows.
  private mutating func judgeSteps(_ runs: [(first: Int, last: Int)?], _ rows: [Int]) {
    var jumps = 0
    for (row, next) in zip(rows, rows.dropFirst()) where next == row + 1 {
      guard let a = runs[row], let b = runs[next] else { continue }
      let step = Double(b.first + b.last - a.first - a.last) / 2 * SagittalGrid.spacing
      if abs(step) > Self.step.mm { jumps += 1 }
    }
    if jumps > Self.step.count { faults.append("its middle jumps \(jumps) times from row to row") }
  }

  /// Gaps along the cord, and rows on which it is seen twice.
  private mutating func judgePieces(
    _ mask: MaskRaster, _ runs: [(first: Int, last: Int)?], _ rows: [Int]
  ) {
    var twice = 0
    for row in rows {
      guard let run = runs[row] else { continue }
      if (run.first...run.last).contains(where: { !mask[row, $0] }) { twice += 1 }
    }
    if Double(twice) > Self.secondShare * Double(rows.count) {
      faults.append("there are two cords beside each other on \(twice) rows")
    }
    let seen = runs.indices.filter { runs[$0] != nil }
    let gap = zip(seen, seen.dropFirst()).map { $1 - $0 - 1 }.max() ?? 0
    let length = Double(gap) * SagittalGrid.spacing
    if length > Self.gapMM { faults.append("it is broken over \(length.tenths) mm") }
  }

  /// The flag, where anything is wrong.
  var flag: QualityFlag? {
    guard !faults.isEmpty else { return nil }
    return QualityIssue.segmentationImplausible.flag(
      "The cord's outline is no cord's: \(faults.joined(separator: "; ")).")
  }
}

extension CordShapeCheck {
  /// A cord lies within the canal; more of it outside than this share is no error of an edge.
  static let strayShare = 0.2
  /// Cord voxels within this distance in mm of the canal count as inside: some tools leave the cord
  /// out of their canal.
  static let reachMM = 6.0

  /// A flag where much of the cord lies outside the canal; both masks on one voxel grid.
  static func outside(cord: LabelVolume, canal: LabelVolume) -> QualityFlag? {
    guard cord.shape == canal.shape, canal.voxels.contains(where: { $0 != 0 }) else { return nil }
    let share = strayShare(cord: cord, canal: canal)
    guard share > strayShare else { return nil }
    return QualityIssue.segmentationImplausible.flag(
      "\(Int((share * 100).rounded())) % of the cord lie outside the canal: one of the masks is wrong."
    )
  }

  /// The share of cord voxels without canal within reach.
  private static func strayShare(cord: LabelVolume, canal: LabelVolume) -> Double {
    let shape = cord.shape
    let spacing = cord.affine.spacing
    var reach = SIMD3<Int>.zero
    for axis in 0..<3 where spacing[axis] > 0 {
      reach[axis] = Int(min(reachMM / spacing[axis], 8))
    }
    var (all, stray) = (0, 0)
    for k in 0..<shape.z {
      for j in 0..<shape.y {
        for i in 0..<shape.x {
          let index = i + shape.x * (j + shape.y * k)
          guard cord.voxels[index] != 0 else { continue }
          all += 1
          if canal.voxels[index] == 0, !isNear(canal, [i, j, k], reach) { stray += 1 }
        }
      }
    }
    return all > 0 ? Double(stray) / Double(all) : 0
  }

  private static func isNear(_ canal: LabelVolume, _ p: SIMD3<Int>, _ reach: SIMD3<Int>) -> Bool {
    let shape = canal.shape
    for k in max(p.z - reach.z, 0)...min(p.z + reach.z, shape.z - 1) {
      for j in max(p.y - reach.y, 0)...min(p.y + reach.y, shape.y - 1) {
        for i in max(p.x - reach.x, 0)...min(p.x + reach.x, shape.x - 1)
        where canal.voxels[i + shape.x * (j + shape.y * k)] != 0 {
          return true
        }
      }
    }
    return false
  }
}
