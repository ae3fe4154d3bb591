internal import Foundation
public import Imaging

/// Reads label files into the voxel space of their image.
public enum LabelReading {
  /// The labels of a study from its files, aligned with the image's voxel grid.
  ///
  /// Vertebrae win over level points, those over discs; the cord belongs to the canal. Vertebrae that
  /// the anatomy network found do not win over points: these keep their places and name them.
  /// - Throws: `ReadError` naming the file that cannot be read, or that holds no labels.
  public static func studyLabels(
    _ files: LabelFiles, imageShape shape: SIMD3<Int>, imageAffine affine: Affine
  ) throws -> StudyLabels {
    let space = Space(shape: shape, affine: affine)
    var labels = StudyLabels()
    labels.cord = try files[.cord].map { try mask($0, space, &labels.quality) }
    labels.canal = try files[.canal].map { try mask($0, space, &labels.quality) }
    if let spine = files[.spine] {
      labels = labels.completed(by: try regions(spine, space))
    }
    if let addition = files.spineAddition {
      let found = try regions(addition, space)
      if let given = labels.spine, let spine = found.spine {
        labels.spine = SpineKinds.completed(given, by: spine)
      } else {
        labels = labels.completed(by: found)
      }
    }
    for role in [LabelRole.levels, .discs] {
      guard [.missing, .segmented].contains(labels.levelSource), labels.landmarks.isEmpty,
        let file = files[role], let convention = file.convention
      else { continue }
      labels.take(points: convention.studyLabels(from: try points(file, space)))
    }
    if let cord = labels.cord, let canal = labels.canal {
      if let flag = CordShapeCheck.outside(cord: cord, canal: canal) { labels.quality.append(flag) }
      labels.canal = union(canal, cord)
    }
    return labels
  }

  /// A mask (0 and 1) on the image's grid; soft masks are cut at a half.
  ///
  /// - Throws: `ReadError`.
  static func mask(
    _ file: LabelFiles.File, shape: SIMD3<Int>, affine: Affine
  ) throws -> LabelVolume {
    var quality: [QualityFlag] = []
    return try mask(file, Space(shape: shape, affine: affine), &quality)
  }

  /// The voxel grid of the image.
  private struct Space {
    var shape: SIMD3<Int>
    var affine: Affine

    /// Whether a grid is this one but for rounding: all corners within half a voxel.
    func holds(_ other: LabelVolume) -> Bool {
      guard other.shape == shape else { return false }
      let limit = affine.spacing.min() / 2
      return (0..<8).allSatisfy { corner in
        let index = SIMD3<Double>(
          corner & 1 == 0 ? 0 : Double(shape.x - 1), corner & 2 == 0 ? 0 : Double(shape.y - 1),
          corner & 4 == 0 ? 0 : Double(shape.z - 1))
        let d = other.affine(index) - affine(index)
        return (d * d).sum() <= limit * limit
      }
    }
  }

  private static func mask(
    _ file: LabelFiles.File, _ space: Space, _ quality: inout [QualityFlag]
  ) throws -> LabelVolume {
    let image = try NIfTI.read(file.url)
    try LabelCheck.check(image.volume.voxels, file.role, path: file.url.path)
    let volume = image.volume.map { UInt16($0 >= 0.5 ? 1 : 0) }
    let (result, wasMoved) = align(volume, image.affineSource, with: space)
    if wasMoved {
      quality.append(
        QualityFlag(
          "labels-resampled",
          "The \(file.role.rawValue) mask lies on another voxel grid and was resampled."))
    }
    return result
  }

  /// A volume of vertebrae, with what its sidecar says of the levels.
  private static func regions(_ file: LabelFiles.File, _ space: Space) throws -> StudyLabels {
    let (header, _) = try NIfTI.readHeader(file.url)
    let (volume, _) = align(try labels(file), header.affine.source, with: space)
    var labels = (file.convention ?? .totalSpineSeg).studyLabels(from: volume)
    let sidecar = try Provenance.read(Sidecar.url(of: file.url)) ?? [:]
    if let source = (sidecar[Sidecar.levelSource] as? String).flatMap(LevelSource.init),
      labels.levelSource != .missing
    {
      labels.levelSource = source
    }
    return labels
  }

  private static func labels(_ file: LabelFiles.File) throws -> LabelVolume {
    let volume = try NIfTI.readLabels(file.url)
    try LabelCheck.check(volume.voxels.lazy.map { Float($0) }, file.role, path: file.url.path)
    return volume
  }

  private static func points(_ file: LabelFiles.File, _ space: Space) throws -> LabelVolume {
    let (header, _) = try NIfTI.readHeader(file.url)
    var volume = try labels(file)
    // Points keep their own grid: resampling could lose them.
    if header.affine.source == .pixdim, volume.shape == space.shape { volume.affine = space.affine }
    return volume
  }

  /// The volume on the image's grid, and whether it had to be resampled for that.
  private static func align(
    _ volume: LabelVolume, _ source: NIfTIAffineSource, with space: Space
  ) -> (LabelVolume, Bool) {
    // Without a place of its own, a grid of the image's shape is the image's.
    if space.holds(volume) || (source == .pixdim && volume.shape == space.shape) {
      return (Volume(shape: volume.shape, voxels: volume.voxels, affine: space.affine), false)
    }
    return (volume.resampled(shape: space.shape, affine: space.affine), true)
  }

  private static func union(_ a: LabelVolume, _ b: LabelVolume) -> LabelVolume {
    var result = a
    for index in result.voxels.indices where b.voxels[index] != 0 { result.voxels[index] = 1 }
    return result
  }
}

extension StudyLabels {
  /// Takes over points that others named; vertebrae that the network found complete them, and must bear
  /// the same names.
  fileprivate mutating func take(points: StudyLabels) {
    guard levelSource == .segmented, let spine, points.levelSource != .missing else {
      self = completed(by: points)
      return
    }
    landmarks = points.landmarks
    quality += points.quality
    if let line = cord.flatMap(CordCentreline.init(cord:)),
      let flag = GivenNamesCheck.flag(landmarks, on: spine, along: line)
    {
      quality.append(flag)
    }
    let found = Set(spine.voxels)
    let isWhole = VertebralLevel.allCases.allSatisfy {
      !found.contains($0.totalSpineSegLabel) || landmarks[$0] != nil
    }
    if isWhole, LevelRules.isUnbroken(landmarks) { levelSource = points.levelSource }
  }
}

/// The JSON file beside an image.
enum Sidecar {
  /// Where the levels of a label file come from.
  static let levelSource = "LevelSource"
  /// Why levels could not be told from the labels that were imported; in the image's sidecar.
  static let levelDoubt = "LevelDoubt"
  /// The hash of the file that was imported.
  static let sourceHash = "SourceSHA256"
  /// The name of the file that was imported.
  static let sourceName = "SourceName"

  /// The sidecar of an image file.
  static func url(of image: URL) -> URL {
    var name = image.lastPathComponent
    for fileExtension in [".nii.gz", ".nii", ".hdr", ".img"] where name.hasSuffix(fileExtension) {
      name.removeLast(fileExtension.count)
      break
    }
    return image.deletingLastPathComponent().appendingPathComponent(name + ".json")
  }
}
