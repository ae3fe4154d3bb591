public import Imaging

/// A study of a planted cohort: image, labels and truth on one voxel grid.
public struct PlantedStudy: Sendable {
  /// The image: whole numbers where the source's are.
  public var image: ImageVolume
  /// Cord, canal and vertebrae on the image's grid; landmarks in RAS mm.
  public var labels: StudyLabels
  /// The share of lesion in each voxel, 0...1: where it is 0 the image is the source's.
  public var share: ImageVolume
  /// Voxels (1) that are lesion by half at least.
  public var lesion: LabelVolume
  /// The segments that lesions reach, among those with truth.
  public var segments: [SpinalSegment]
  /// The lesions.
  public var lesions: [PlantedLesion]

  /// Share of a voxel from which on it counts as lesion.
  public static let threshold: Float = 0.5
  /// Lesions are drawn again this often when no voxel is lesion by half.
  private static let trials: UInt64 = 8

  /// Makes a study of a cohort: the lesions are planted first, then slices are averaged.
  ///
  /// - Throws: `PlantingError`.
  public init(
    _ unit: PlantedCohort.Unit, from image: ImageVolume, labels: StudyLabels,
    planting: LesionPlanting
  ) throws {
    precondition(unit.slices.fits(image.shape), "the slices were planned for another grid")
    let isWhole = image.voxels.allSatisfy { $0 == $0.rounded() && abs($0) < 32_000 }
    self.labels = labels
    self.labels.cord = labels.cord.map { unit.slices.labels($0) }
    self.labels.canal = labels.canal.map { unit.slices.labels($0) }
    self.labels.spine = labels.spine.map { unit.slices.labels($0) }
    guard let difficulty = unit.difficulty else {
      self.image = unit.slices.image(image)
      share = self.image.map { _ in 0 }
      lesion = share.map { _ in 0 }
      segments = []
      lesions = []
      return
    }
    for trial in 0..<Self.trials {
      var planted = try planting.plant(difficulty, seed: unit.seed &+ trial &* 0x9E37_79B9)
      if isWhole { planted.image.voxels = planted.image.voxels.map { $0.rounded() } }
      let share = unit.slices.image(planted.share)
      let lesion = share.map { UInt16($0 >= Self.threshold ? 1 : 0) }
      guard lesion.voxels.contains(1) else { continue }
      self.image = unit.slices.image(planted.image)
      self.share = share
      self.lesion = lesion
      lesions = planted.lesions
      segments = LesionSegments.reached(by: lesion, levels: planting.levels.points)
        .filter(planting.assessable.contains)
      return
    }
    throw PlantingError("its lesions fill no voxel by half: the cord is too thin for its voxels")
  }
}
