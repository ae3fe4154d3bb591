/// The anomaly curve along the cord: one value per row that has cord (method, section 6).
public struct AnoCurve: Equatable, Sendable {
  /// Rows of the canonical grid, ascending (superior to inferior).
  public var rows: [Int]
  /// RAS z in mm of each row's centre on the cord.
  public var zMM: [Double]
  /// The score of each row.
  public var values: [Float]

  /// Makes a curve; the three arrays must be equally long.
  public init(rows: [Int], zMM: [Double], values: [Float]) {
    precondition(rows.count == zMM.count && rows.count == values.count, "curve arrays differ")
    self.rows = rows
    self.zMM = zMM
    self.values = values
  }
}
