/// Which pixels across the cord a row of the curve is the mean of (method, section 6).
public enum CurveSampling: String, CaseIterable, Codable, Sendable {
  /// Those on the row of the grid.
  case rows
  /// Those on the line through the cord's centre on the row, perpendicular to its smoothed
  /// centreline: a lesion across a cord that lies obliquely in the picture is then not spread over
  /// several rows.
  case perpendicular
}
