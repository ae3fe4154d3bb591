internal import Foundation
internal import Imaging

/// Tells masks and label maps from images of grey values before they are taken for anatomy.
enum LabelCheck {
  /// Label maps in use have fewer values; grey values of a study have more.
  static let mostLabels = 256
  /// Rounding in stored values.
  private static let tolerance: Float = 0.01

  /// Refuses values that cannot be what a role holds.
  ///
  /// A mask of the cord or canal has one value beside 0, or is a soft mask: parts from 0 to 1, mostly
  /// 0. All other roles hold at most `mostLabels` whole numbers.
  /// - Throws: `ReadError` naming the file and what was found.
  static func check(_ values: some Sequence<Float>, _ role: LabelRole, path: String) throws {
    let found = Finding(values)
    switch role {
    case .cord, .canal:
      if found.distinct.count <= 1 || found.isSoftMask { return }
      let advice = "a mask has 0 and one other value"
      throw error(found, "no mask of the \(role.rawValue)", advice, path)
    case .spine, .discs, .levels, .lesion:
      if !found.hasFractions, !found.hasMany { return }
      throw error(found, "no label map", "labels are whole numbers, one for each structure", path)
    }
  }

  /// Refuses values that a file cannot hold: a structure among others lies in a label map.
  ///
  /// - Throws: as ``check(_:_:path:)``.
  static func check(
    _ values: some Sequence<Float>, _ file: LabelFiles.File, path: String
  ) throws {
    try check(values, file.role.isMask && file.convention != nil ? .spine : file.role, path: path)
  }

  private static func error(
    _ found: Finding, _ what: String, _ advice: String, _ path: String
  ) -> ReadError {
    ReadError(path: path, problem: "is \(what): \(found.words)", advice: advice)
  }

  /// What the voxels hold.
  private struct Finding {
    /// Values other than 0, as many as are needed to judge.
    var distinct: Set<Float> = []
    var hasFractions = false
    var lowest = Float.infinity
    var highest = -Float.infinity
    var zeros = 0
    var count = 0

    init(_ values: some Sequence<Float>) {
      var last: Float = 0
      for value in values {
        count += 1
        if value == 0 || !value.isFinite {
          zeros += 1
          continue
        }
        // Neighbours are mostly equal.
        if value == last { continue }
        last = value
        lowest = min(lowest, value)
        highest = max(highest, value)
        if abs(value - value.rounded()) > LabelCheck.tolerance { hasFractions = true }
        if distinct.count <= LabelCheck.mostLabels { distinct.insert(value) }
      }
    }

    var hasMany: Bool { distinct.count > LabelCheck.mostLabels }

    var isSoftMask: Bool {
      lowest >= -LabelCheck.tolerance && highest <= 1 + LabelCheck.tolerance && zeros * 2 >= count
    }

    var words: String {
      let range = "from \(Self.text(lowest)) to \(Self.text(highest))"
      if hasMany {
        return "it holds more than \(LabelCheck.mostLabels) different values \(range), as an image "
          + "of grey values does"
      }
      if hasFractions { return "it holds fractions \(range)" }
      let list = distinct.sorted().prefix(5).map(Self.text).joined(separator: ", ")
      return "it holds \(distinct.count) different values beside 0 (\(list)"
        + (distinct.count > 5 ? ", ...)" : ")")
    }

    private static func text(_ value: Float) -> String { String(format: "%g", Double(value)) }
  }
}
