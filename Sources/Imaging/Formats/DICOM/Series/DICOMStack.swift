internal import Foundation

/// Slices of one direction in their order in space, and what is doubtful about it.
struct DICOMStack {
  /// The slices by growing distance along the normal.
  private(set) var slices: [DICOMSlice]
  /// Column, row and slice indices to RAS mm; `nil` when the slices do not make a volume.
  private(set) var affine: Affine?
  /// From one slice to the next in mm, or `nil` for one slice.
  private(set) var stepMM: Double?
  private(set) var findings: [DICOMFinding] = []

  /// Slices at the same place to this many mm count as duplicates.
  static let sameplaceMM = 0.02

  /// Sorts slices of one size, direction and spacing.
  /// - Parameters:
  ///   - statedMM: the distance between slices that the files state.
  ///   - thicknessMM: stands for the distance where there is one slice only.
  init(_ given: [DICOMSlice], statedMM: Double?, thicknessMM: Double?) {
    slices = given
    let planes = given.compactMap(\.plane)
    guard planes.count == given.count, let first = planes.first else {
      findings.append(
        DICOMFinding(
          .missingPosition, .error,
          "position or orientation of \(Self.counted(given.count - planes.count)) is missing or "
            + "malformed: no volume can be put together"))
      return
    }
    let normal = first.normal
    slices.sort { Self.distance($0, normal) < Self.distance($1, normal) }
    dropDuplicates(normal)
    guard first.rowSpacingMM != nil else {
      findings.append(
        DICOMFinding(
          .missingSpacing, .error, "pixel spacing is missing or malformed: sizes are not known"))
      return
    }
    measure(normal, statedMM, thicknessMM)
  }

  /// How far along a normal a slice lies, in mm.
  static func distance(_ slice: DICOMSlice, _ normal: SIMD3<Double>) -> Double {
    slice.plane.map { ($0.position * normal).sum() } ?? 0
  }

  private static func counted(_ count: Int) -> String {
    count == 1 ? "1 slice" : "\(count) slices"
  }

  /// Whether two slices of a group lie at the same place.
  static func hasDuplicates(_ slices: [DICOMSlice]) -> Bool {
    guard let normal = slices.first?.plane?.normal else { return false }
    let places = slices.map { distance($0, normal) }.sorted()
    return zip(places, places.dropFirst()).contains { $1 - $0 <= sameplaceMM }
  }

  /// Keeps of slices at one place the one with the lowest instance number.
  private mutating func dropDuplicates(_ normal: SIMD3<Double>) {
    var kept: [DICOMSlice] = []
    for slice in slices {
      guard let last = kept.last,
        Self.distance(slice, normal) - Self.distance(last, normal) <= Self.sameplaceMM
      else {
        kept.append(slice)
        continue
      }
      if (slice.instanceNumber ?? .max, slice.file.path) < (
        last.instanceNumber ?? .max, last.file.path
      ) {
        kept[kept.count - 1] = slice
      }
    }
    let dropped = slices.count - kept.count
    guard dropped > 0 else { return }
    slices = kept
    findings.append(
      DICOMFinding(
        .duplicates, .warning,
        "\(Self.counted(dropped)) at a place that another one has: of each place the one with the "
          + "lowest instance number is used"))
  }

  // MARK: - Spacing

  /// Checks the distances between slices and places the volume.
  private mutating func measure(
    _ normal: SIMD3<Double>, _ statedMM: Double?, _ thicknessMM: Double?
  ) {
    guard let first = slices.first?.plane, let last = slices.last?.plane,
      let rowMM = first.rowSpacingMM, let columnMM = first.columnSpacingMM
    else { return }
    var step = normal
    if slices.count == 1 {
      let thickness = (statedMM ?? thicknessMM).flatMap { $0 > 0 && $0 <= 1000 ? $0 : nil }
      findings.append(
        DICOMFinding(
          .singleSlice, .warning,
          "one slice only; its thickness is taken as " + (thickness.map { "\($0) mm" } ?? "1 mm")))
      step = normal * (thickness ?? 1)
    } else {
      step = (last.position - first.position) / Double(slices.count - 1)
      guard checkSpacing(normal, step, statedMM) else { return }
    }
    affine = Affine(
      i: DICOMPlane.ras(first.rowDirection) * columnMM,
      j: DICOMPlane.ras(first.columnDirection) * rowMM, k: DICOMPlane.ras(step),
      origin: DICOMPlane.ras(first.position))
  }

  /// Whether the slices are evenly spaced; findings say what is not.
  private mutating func checkSpacing(
    _ normal: SIMD3<Double>, _ step: SIMD3<Double>, _ statedMM: Double?
  ) -> Bool {
    let places = slices.map { Self.distance($0, normal) }
    let steps = zip(places, places.dropFirst()).map { $1 - $0 }
    let median = steps.sorted()[steps.count / 2]
    stepMM = median
    // 5 %, as scanners round positions; never below what they write.
    let tolerance = max(0.05 * median, 0.02)
    let gaps = steps.indices.filter { steps[$0] >= 1.5 * median }
    for n in gaps.prefix(5) {
      let missing = Int((steps[n] / median).rounded()) - 1
      findings.append(
        DICOMFinding(
          .gap, .error,
          "\(Self.counted(missing)) missing between slice \(n + 1) and \(n + 2): "
            + "\(Self.text(steps[n])) mm apart, the others \(Self.text(median)) mm; nothing is made up "
            + "in their place: deliver the series again, whole"))
    }
    let uneven = steps.indices.filter { abs(steps[$0] - median) > tolerance && !gaps.contains($0) }
    if let n = uneven.first {
      findings.append(
        DICOMFinding(
          .varyingSpacing, .error,
          "slices are not evenly spaced: \(n + 1) and \(n + 2) lie \(Self.text(steps[n])) mm apart, "
            + "most \(Self.text(median)) mm"))
    }
    guard gaps.isEmpty, uneven.isEmpty else { return false }
    checkShear(normal, step)
    if let statedMM, statedMM > 0, abs(statedMM - median) > max(0.05 * median, 0.05) {
      findings.append(
        DICOMFinding(
          .statedSpacing, .note,
          "slices lie \(Self.text(median)) mm apart; the files state \(Self.text(statedMM)) mm"))
    }
    return !findings.contains { $0.severity == .error }
  }

  /// Shifts inside the plane: even ones are a sheared grid, others no grid at all.
  private mutating func checkShear(_ normal: SIMD3<Double>, _ step: SIMD3<Double>) {
    guard let first = slices.first?.plane else { return }
    let residual =
      slices.enumerated().map { n, slice in
        let off = (slice.plane?.position ?? .zero) - first.position - step * Double(n)
        return (off * off).sum().squareRoot()
      }.max() ?? 0
    if residual > 0.5 {
      findings.append(
        DICOMFinding(
          .sheared, .error,
          "slices are shifted against each other by up to \(Self.text(residual)) mm"))
      return
    }
    let lateral = step - normal * (step * normal).sum()
    let shift = (lateral * lateral).sum().squareRoot()
    if shift > 0.01 * abs((step * normal).sum()) {
      findings.append(
        DICOMFinding(
          .sheared, .warning,
          "each slice is shifted by \(Self.text(shift)) mm in its plane: the grid is sheared"))
    }
  }

  private static func text(_ number: Double) -> String {
    String((number * 100).rounded() / 100)
  }
}
