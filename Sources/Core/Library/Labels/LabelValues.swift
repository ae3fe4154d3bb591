internal import Imaging

/// The values of a label volume other than 0, and the convention that they tell.
struct LabelValues {
  /// The values.
  let values: Set<UInt16>

  /// Gathers the values of a volume.
  init(_ volume: LabelVolume) {
    var values: Set<UInt16> = []
    var last: UInt16 = 0
    // Neighbours are mostly equal.
    for value in volume.voxels where value != last {
      last = value
      if value != 0 { values.insert(value) }
    }
    self.values = values
  }

  /// The one convention of vertebrae that has such values.
  ///
  /// - Throws: `ReadError` naming the values and the conventions where none or several fit.
  func convention(path: String) throws -> LabelConvention {
    let fitting = LabelNumbering.fitting(values)
    if fitting.count == 1 { return fitting[0].convention }
    guard !values.isEmpty else {
      throw ReadError(
        path: path, problem: "holds no label: all its voxels are 0",
        advice: "give the file that holds the vertebrae")
    }
    guard !fitting.isEmpty else {
      let known = LabelNumbering.all.filter { $0.convention.kind == .regions }
        .map { "\($0.convention.name): \($0.words)" }.joined(separator: "; ")
      throw ReadError(
        path: path, problem: "its values fit no known convention of vertebrae: \(words)",
        advice: "renumber it, or say with --spine-convention NAME how it is to be read; known are "
          + known)
    }
    let names = fitting.map { "\($0.convention.name) (\($0.words))" }.joined(separator: " and ")
    throw ReadError(
      path: path,
      problem: "its values fit several conventions of vertebrae: \(words) can be \(names)",
      advice: "say which with --spine-convention NAME, or call the file as its tool does: "
        + "..._step2_output (TotalSpineSeg), ..._seg-vert_msk (SPINEPS), ..._seg_labeled (SCT, the cord "
        + "by level: give that with --discs)")
  }

  /// Refuses values that a tool does not write, as older versions of it number otherwise.
  ///
  /// - Throws: `ReadError` naming the values that are not of the convention.
  func check(_ convention: LabelConvention, path: String) throws {
    guard let known = LabelNumbering.all.first(where: { $0.convention == convention }) else {
      return
    }
    let foreign = values.subtracting(known.numbers)
    guard !foreign.isEmpty else { return }
    throw ReadError(
      path: path,
      problem: "holds values that are not of \(convention.name), which its name tells: "
        + Self.words(foreign),
      advice: "\(convention.name) has \(known.words); other versions of the tool number otherwise: "
        + "make the file again with a present one, or rename it and say its convention with "
        + "--spine-convention NAME")
  }

  private var words: String { Self.words(values) }

  /// The values, or the first of many: "1, 2, 11, 12".
  private static func words(_ values: Set<UInt16>) -> String {
    let most = 24
    let list = values.sorted().prefix(most).map { "\($0)" }.joined(separator: ", ")
    return values.count > most ? "\(list), ... (\(values.count) values)" : list
  }
}
