internal import Foundation
internal import Imaging

extension StudyPreparation {
  /// In-plane voxel edges in mm above which small lesions are blurred away.
  static let fineInPlaneMM = 1.2

  /// A flag for images of low in-plane resolution.
  static func resolutionFlag(_ affine: Affine, _ stack: SagittalStack) -> QualityFlag? {
    let spacing = affine.spacing
    let coarsest = (0..<3).filter { $0 != stack.axis }.map { spacing[$0] }.max() ?? 0
    guard coarsest > fineInPlaneMM else { return nil }
    return QualityFlag(
      "low-resolution",
      "Voxels are \(millimetres(coarsest)) mm long in plane: small lesions can be missed.")
  }

  /// The image with non-finite voxels set to 0, and cord and canal on its voxel grid.
  static func aligned(
    _ image: ImageVolume, _ labels: StudyLabels
  ) -> (image: ImageVolume, masks: StudyLabels) {
    var clean = image
    if !clean.voxels.allSatisfy(\.isFinite) {
      clean.voxels = clean.voxels.map { $0.isFinite ? $0 : 0 }
    }
    let place = { (mask: LabelVolume?) -> LabelVolume? in
      guard let mask else { return nil }
      let binary = mask.map { UInt16($0 != 0 ? 1 : 0) }
      guard mask.shape != image.shape || !isSame(mask.affine, image.affine) else { return binary }
      return binary.resampled(shape: image.shape, affine: image.affine)
    }
    return (clean, StudyLabels(cord: place(labels.cord), canal: place(labels.canal)))
  }

  /// Whether two affines agree to a hundredth of a millimetre per voxel step.
  private static func isSame(_ a: Affine, _ b: Affine) -> Bool {
    let gaps = [a.i - b.i, a.j - b.j, a.k - b.k, (a.origin - b.origin) / 10]
    return gaps.allSatisfy { ($0 * $0).sum() < 1e-6 }
  }

  /// The window's centre: the cord between C2 and T1, else its upper 160 mm, else the body.
  static func windowCentre(
    levels: StudyLevels, line: CordCentreline?, image: ImageVolume
  ) -> SIMD3<Double> {
    if let top = levels.points[.c2] ?? levels.points[.c3],
      let bottom = levels.points[.t1] ?? levels.points[.c7]
    {
      guard let line else { return (top + bottom) / 2 }
      return middle(of: line, from: top.z, to: bottom.z)
    }
    if let line {
      let start = line.points[0]
      return middle(of: line, from: start.z, to: start.z - 160)
    }
    return bodyCentre(image)
  }

  /// The centre of a stretch of the cord: half-way in height, mean in the other directions.
  private static func middle(
    of line: CordCentreline, from top: Double, to bottom: Double
  ) -> SIMD3<Double> {
    let inside = line.points.filter { $0.z <= top && $0.z >= bottom }
    guard let first = inside.first, let last = inside.last else {
      return line.point(atZ: (top + bottom) / 2)
    }
    var centre = inside.reduce(SIMD3<Double>.zero, +) / Double(inside.count)
    // Levels outside the cord still pull the window: their segments are then seen to lack cord.
    let isWhole = first.z - last.z > 0.5 * (top - bottom)
    centre.z = isWhole && bottom >= last.z - 20 ? (top + bottom) / 2 : (first.z + last.z) / 2
    return centre
  }

  /// The middle of the brightest body, or of the volume.
  private static func bodyCentre(_ image: ImageVolume) -> SIMD3<Double> {
    let size = SIMD3<Double>(image.shape) - [1, 1, 1]
    guard let stack = SagittalStack(image) else { return image.affine(size / 2) }
    let window = stack.grid(slice: stack.count / 2, centredOn: image.affine(size / 2))
    let sampled = image.resampled(on: window, interpolation: .linear).raster
    guard let body = BodyMask.of(sampled),
      let part = ConnectedComponents.label(body).largest
    else { return image.affine(size / 2) }
    return window.ras(row: part.centroid.row, column: part.centroid.column)
  }

  /// Says which segments the windows cut off, or, where no levels are known, that the cord goes on
  /// outside of them.
  ///
  /// - Parameter grid: what the windows cover together.
  ///
  /// A cord that goes on above C2 or below T1 is the rule and no flag: only C2-T1 is assessed.
  static func windowFlag(
    _ grid: SagittalGrid, levels: StudyLevels, line: CordCentreline?
  ) -> QualityFlag? {
    func isOutside(_ point: SIMD3<Double>, by slackMM: Double) -> Bool {
      let slack = slackMM / SagittalGrid.spacing
      let row = grid.pixel(ras: point).row
      return !(row >= -0.5 - slack && row <= Double(grid.rows) - 0.5 + slack)
    }
    if levels.source == .missing || levels.points.count < 2 {
      guard let first = line?.points.first, let last = line?.points.last,
        isOutside(first, by: 2) || isOutside(last, by: 2)
      else { return nil }
      return QualityFlag(
        "window-partial",
        "The cord goes on outside \(windowWords(grid)) and is not assessed there.")
    }
    let cut = SpinalSegment.allCases.filter { segment in
      [segment.upper, segment.lower].compactMap { levels.points[$0] }
        .contains { isOutside($0, by: 0) }
    }
    guard !cut.isEmpty else { return nil }
    return QualityFlag(
      "window-partial",
      "\(cut.map(\.name).joined(separator: ", ")) cut off by \(windowWords(grid)); "
        + "what lies outside is not assessed.")
  }

  private static func windowWords(_ grid: SagittalGrid) -> String {
    grid.rows == SagittalGrid.side ? "the 200 mm window" : "the joined windows"
  }

  private static func millimetres(_ value: Double) -> String {
    String(format: "%.1f", value)
  }
}
