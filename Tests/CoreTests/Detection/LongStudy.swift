import Imaging

@testable import Core

/// A hand-made study of three slices with a straight cord longer than a window.
///
/// Voxels are as large as the grid's pixels. With levels C2 to T1 spread over 300 rows, the window
/// between them cuts off both ends.
struct LongStudy {
  static let rows = 460
  /// Rows of the volume with cord.
  static let cord = 10...449
  /// RAS z of row 0.
  static let top = 180.0
  /// Lesion rows of the volume on the middle slice, half a cord-to-CSF step bright.
  var lesion: ClosedRange<Int>?
  var hasLevels = true
  var noise: Float = 4

  /// RAS z in mm of a row of the volume.
  static func z(_ row: Double) -> Double { top - row * SagittalGrid.spacing }

  /// Centre rows of C2 to T1 in the volume.
  static let levelRows = (0...6).map { 70 + 50 * $0 }

  private func each<Pixel>(_ pixel: (_ slice: Int, _ row: Int, _ column: Int) -> Pixel)
    -> Volume<Pixel>
  {
    var voxels: [Pixel] = []
    for row in 0..<Self.rows {
      for column in 0..<256 {
        for slice in 0..<3 { voxels.append(pixel(slice, row, column)) }
      }
    }
    return Volume(
      shape: [3, 256, Self.rows], voxels: voxels,
      affine: Affine(
        i: [3.3, 0, 0], j: [0, -SagittalGrid.spacing, 0], k: [0, 0, -SagittalGrid.spacing],
        origin: [-3.3, 100, Self.top]))
  }

  private static func isCord(_ row: Int, _ column: Int) -> Bool {
    abs(column - 128) <= 4 && cord.contains(row)
  }

  private static func isCanal(_ row: Int, _ column: Int) -> Bool {
    abs(column - 128) <= 9 && cord.contains(row)
  }

  var image: ImageVolume {
    var random = RandomSource(seed: 5)
    return each { slice, row, column in
      let n = noise * random.normal()
      if Self.isCord(row, column) {
        return n + (slice == 1 && lesion?.contains(row) == true ? 350 : 200)
      }
      if Self.isCanal(row, column) { return n + 500 }
      return n + (column < 20 ? 5 : 120)
    }
  }

  var labels: StudyLabels {
    var labels = StudyLabels(
      cord: each { Self.isCord($1, $2) ? 1 : 0 }, canal: each { Self.isCanal($1, $2) ? 1 : 0 })
    if hasLevels {
      let levels = VertebralLevel.allCases.filter { $0 >= .c2 && $0 <= .t1 }
      for (level, row) in zip(levels, Self.levelRows) {
        labels.landmarks[level] = [0, 0, Self.z(Double(row))]
      }
      labels.levelSource = .labelled
    }
    return labels
  }

  /// Prepares the middle slice alone, which is enough to see how windows are joined.
  func prepared(coversLongCords: Bool = true, neighbours: Int = 0) throws -> PreparedStudy {
    var options = PreparationOptions()
    options.coversLongCords = coversLongCords
    options.neighbours = neighbours
    return try StudyPreparation.prepare(image: image, labels: labels, options: options)
  }

  /// Detection by the constant reconstruction, with few detectors beside it.
  static func detect(
    _ study: PreparedStudy, detectors: [SignalDetector] = [.lc61]
  ) throws -> StudyDetector.Result {
    var settings = SampleStudies.settings
    settings.detectors = detectors
    return try StudyDetector(card: ModelCard(name: "constant", sha256: "00"), settings: settings)
      .detect(study, subject: "01", image: "sub-01/anat/sub-01_T2w.nii.gz") {
        SampleStudies.constantMaps($0)
      }
  }

  func detected(coversLongCords: Bool = true) throws -> StudyDetector.Result {
    try Self.detect(prepared(coversLongCords: coversLongCords))
  }
}
