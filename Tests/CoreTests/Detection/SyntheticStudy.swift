import Imaging

@testable import Core

/// A hand-made sagittal study on canonical slices: straight cord, CSF, bodies C2-T1 with discs.
struct SyntheticStudy {
  var slices = 5
  var cordRows = 30...235
  /// Every detector that is stored where there is no head.
  static let detectors =
    StudyDetector.Scoring.allCases.count { !$0.needsHead } + SignalDetector.allCases.count

  /// Lesion rows on the middle slice, and its height as a fraction of the cord-to-CSF step.
  var lesion: (rows: ClosedRange<Int>, height: Float)?
  var noise: Float = 4
  var seed: UInt64 = 1
  /// Half the cord's width in px on each slice, left to right.
  var halfWidth: (_ slice: Int, _ row: Int) -> Int = { slice, _ in 4 - abs(slice - 2) }

  static let air: Float = 5
  static let tissue: Float = 120
  static let cord: Float = 200
  static let csf: Float = 500
  static let centreColumn = 128

  /// Rows of the bodies, C2 first; C2 has a dens.
  static let bodies: [ClosedRange<Int>] = [
    40...87, 92...110, 115...133, 138...156, 161...179, 184...202, 207...227,
  ]

  /// The centre row of each body.
  static let levelRows: [VertebralLevel: Double] = {
    var rows: [VertebralLevel: Double] = [:]
    for (level, body) in zip(VertebralLevel.allCases.dropFirst(), bodies) {
      rows[level] = Double(body.lowerBound + body.upperBound) / 2
    }
    return rows
  }()

  var affine: Affine {
    Affine(
      i: [3.3, 0, 0], j: [0, -SagittalGrid.spacing, 0], k: [0, 0, -SagittalGrid.spacing],
      origin: [-3.3 * Double(slices - 1) / 2, 100, 80])
  }

  /// A volume painted by (slice, row, column).
  func each<Pixel>(_ pixel: (Int, Int, Int) -> Pixel) -> Volume<Pixel> {
    var voxels: [Pixel] = []
    for row in 0..<256 {
      for column in 0..<256 {
        for slice in 0..<slices { voxels.append(pixel(slice, row, column)) }
      }
    }
    return Volume(shape: [slices, 256, 256], voxels: voxels, affine: affine)
  }

  func isCord(_ slice: Int, _ row: Int, _ column: Int) -> Bool {
    let half = halfWidth(slice, row)
    return half >= 0 && cordRows.contains(row) && abs(column - Self.centreColumn) <= half
  }

  func isCanal(_ slice: Int, _ row: Int, _ column: Int) -> Bool {
    abs(column - Self.centreColumn) <= 9 && cordRows.contains(row) && abs(slice - 2) <= 2
  }

  /// 0 nothing, 1 disc, 2 vertebra, 3 cord, 4 CSF as in the released arrays.
  var labels: LabelVolume {
    each { slice, row, column in
      if isCord(slice, row, column) { return 3 }
      if isCanal(slice, row, column) { return 4 }
      if Self.isBody(row, column) { return 2 }
      return Self.isDisc(row, column) ? 1 : 0
    }
  }

  static func isBody(_ row: Int, _ column: Int) -> Bool {
    guard let level = bodies.firstIndex(where: { $0.contains(row) }) else { return false }
    let isDens = level == 0 && row < 62
    return abs(column - (isDens ? 106 : 103)) <= (isDens ? 4 : 11)
  }

  static func isDisc(_ row: Int, _ column: Int) -> Bool {
    guard abs(column - 103) <= 11 else { return false }
    return zip(bodies, bodies.dropFirst()).contains { above, below in
      row > above.upperBound && row < below.lowerBound
    }
  }

  var image: ImageVolume {
    var random = RandomSource(seed: seed)
    return each { slice, row, column in
      let n = noise * random.normal()
      if isCord(slice, row, column) {
        let isLesion = slice == 2 && lesion?.rows.contains(row) == true
        return Self.cord + (isLesion ? (lesion?.height ?? 0) * (Self.csf - Self.cord) : 0) + n
      }
      if isCanal(slice, row, column) { return Self.csf + n }
      return (column < 20 ? Self.air : Self.tissue) + n
    }
  }

  var studyLabels: StudyLabels { LabelConvention.u2ad.studyLabels(from: labels) }

  func prepared(_ options: PreparationOptions = PreparationOptions()) throws -> PreparedStudy {
    try StudyPreparation.prepare(image: image, labels: studyLabels, options: options)
  }

  /// Detection by the constant reconstruction.
  static func detect(
    _ study: PreparedStudy, card: ModelCard = ModelCard(name: "constant", sha256: "00"),
    scoring: StudyDetector.Scoring = .core, sampling: CurveSampling = .rows
  ) throws -> StudyDetector.Result {
    var settings = SampleStudies.settings
    settings.scoring = scoring
    settings.sampling = sampling
    return try StudyDetector(card: card, settings: settings).detect(
      study, subject: "01", image: "sub-01/anat/sub-01_T2w.nii.gz"
    ) { SampleStudies.constantMaps($0) }
  }
}
