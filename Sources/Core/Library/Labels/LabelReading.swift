internal import Foundation
public import Imaging

/// Reads label files into the voxel space of their image.
public enum LabelReading {
  /// The labels of a study from its files, aligned with the image's voxel grid.
  ///
  /// Points that a reader corrected in this program win over all; else vertebrae win over level points,
  /// those over discs; the cord belongs to the canal. Vertebrae that
  /// the anatomy network found do not win over points: these keep their places and name them.
  /// - Throws: `ReadError` naming the file that cannot be read, or that holds no labels.
  public static func studyLabels(
    _ files: LabelFiles, imageShape shape: SIMD3<Int>, imageAffine affine: Affine
  ) throws -> StudyLabels {
    let space = Space(shape: shape, affine: affine)
    var labels = StudyLabels()
    labels.cord = try files[.cord].flatMap { try mask($0, space, &labels.quality) }
    labels.canal = try files[.canal].flatMap { try mask($0, space, &labels.quality) }
    labels.cordIsFound = labels.cord != nil && files[.cord]?.isFoundByNetwork == true
    labels.canalIsFound = labels.canal != nil && files[.canal]?.isFoundByNetwork == true
    if let spine = files[.spine] {
      labels = labels.completed(by: try regions(spine, space))
    }
    var areBodiesFound = false
    if let addition = files.spineAddition {
      areBodiesFound = labels.add(try regions(addition, space)) && labels.levelSource == .segmented
    }
    let words = try [LabelRole.levels, .discs].filter { try files[$0]?.isReadersWord == true }
    for role in words + [LabelRole.levels, .discs].filter({ !words.contains($0) }) {
      guard let file = files[role], let convention = file.convention else { continue }
      if words.contains(role), labels.landmarks.isEmpty, labels.levelSource != .segmented {
        labels.take(word: convention.studyLabels(from: try points(file, space)))
        if !labels.landmarks.isEmpty { continue }
      }
      guard [.missing, .segmented].contains(labels.levelSource), labels.landmarks.isEmpty else {
        labels.compare(file, convention, space)
        continue
      }
      let found = convention.studyLabels(from: try points(file, space))
      // Levels only: their volume keeps its own grid, and masks of the study lie on the image's.
      labels.take(
        points: StudyLabels(
          landmarks: found.landmarks, levelSource: found.levelSource, quality: found.quality))
    }
    if areBodiesFound, labels.landmarks.isEmpty {
      labels.quality.append(
        QualityFlag(
          "levels-completed",
          "The given discs are used; the vertebrae were found by the anatomy network and are named by "
            + "them."))
    }
    if let cord = labels.cord, let canal = labels.canal {
      if let flag = CordShapeCheck.outside(cord: cord, canal: canal) { labels.quality.append(flag) }
      labels.canal = union(canal, cord)
    }
    return labels
  }

  /// A mask (0 and 1) on the image's grid; soft masks are cut at a half.
  ///
  /// - Parameter file: a mask of its own, not a structure among others.
  /// - Throws: `ReadError`.
  static func mask(
    _ file: LabelFiles.File, shape: SIMD3<Int>, affine: Affine
  ) throws -> LabelVolume {
    var quality: [QualityFlag] = []
    return try wholeMask(file, Space(shape: shape, affine: affine), &quality)
  }

  /// Whether a mask has no voxel, on whatever grid it lies.
  ///
  /// - Parameter file: a mask of its own, not a structure among others.
  /// - Throws: `ReadError`.
  static func isEmptyMask(_ file: LabelFiles.File) throws -> Bool {
    let voxels = try NIfTI.read(file.url).volume.voxels
    try LabelCheck.check(voxels, file, path: file.url.path)
    return !voxels.contains { $0 >= 0.5 }
  }

  /// The voxel grid of the image.
  fileprivate struct Space {
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

  /// A mask of the cord or the canal; `nil` where a file of many structures does not hold it.
  private static func mask(
    _ file: LabelFiles.File, _ space: Space, _ quality: inout [QualityFlag]
  ) throws -> LabelVolume? {
    guard let convention = file.convention else { return try wholeMask(file, space, &quality) }
    let (header, _) = try NIfTI.readHeader(file.url)
    let volume = try labels(file)
    let part = file.role == .cord ? convention.cord(in: volume) : convention.canal(in: volume)
    return part.map { aligned($0, header.affine.source, with: space, file.role, &quality) }
  }

  /// A file that is one mask.
  private static func wholeMask(
    _ file: LabelFiles.File, _ space: Space, _ quality: inout [QualityFlag]
  ) throws -> LabelVolume {
    let image = try NIfTI.read(file.url)
    try LabelCheck.check(image.volume.voxels, file, path: file.url.path)
    let volume = image.volume.map { UInt16($0 >= 0.5 ? 1 : 0) }
    return aligned(volume, image.affineSource, with: space, file.role, &quality)
  }

  private static func aligned(
    _ volume: LabelVolume, _ source: NIfTIAffineSource, with space: Space, _ role: LabelRole,
    _ quality: inout [QualityFlag]
  ) -> LabelVolume {
    let (result, wasMoved) = align(volume, source, with: space)
    if wasMoved {
      quality.append(
        QualityFlag(
          "labels-resampled",
          "The \(role.rawValue) mask lies on another voxel grid and was resampled."))
    }
    return result
  }

  /// A volume of vertebrae, with what its sidecar says of the levels.
  private static func regions(_ file: LabelFiles.File, _ space: Space) throws -> StudyLabels {
    let (header, _) = try NIfTI.readHeader(file.url)
    let stored = try labels(file)
    let convention = try file.convention(telling: stored)
    let (volume, _) = align(stored, header.affine.source, with: space)
    var labels = convention.studyLabels(from: volume)
    let part = file.networkPart
    labels.cordIsFound = labels.cord != nil && part?.isCorrected == false
    labels.canalIsFound = labels.canal != nil && part?.isCorrected == false
    labels.bodiesAreFound = labels.spine != nil && part?.isCorrected == false
    labels.discsAreFound = labels.bodiesAreFound
    let sidecar = try Provenance.read(VersionedLabel(url: file.url).telling) ?? [:]
    // Names that a reader went over are the reader's.
    if let source = (sidecar[Sidecar.levelSource] as? String).flatMap(LevelSource.init),
      labels.levelSource != .missing, part?.isCorrected != true
    {
      labels.levelSource = source
    }
    return labels
  }

  private static func labels(_ file: LabelFiles.File) throws -> LabelVolume {
    let volume = try NIfTI.readLabels(file.url)
    try LabelCheck.check(volume.voxels.lazy.map { Float($0) }, file, path: file.url.path)
    return volume
  }

  /// Points on their own grid, or on the image's where they have no place of their own.
  ///
  /// - Throws: `ReadError`.
  static func points(
    _ file: LabelFiles.File, shape: SIMD3<Int>, affine: Affine
  ) throws -> LabelVolume {
    try points(file, Space(shape: shape, affine: affine))
  }

  fileprivate static func points(
    _ file: LabelFiles.File, _ space: Space
  ) throws -> LabelVolume {
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
  /// Takes the kinds that a given spine lacks from one beside it; where these are the vertebrae, the
  /// levels come from there.
  /// - Returns: whether they are.
  fileprivate mutating func add(_ addition: StudyLabels) -> Bool {
    guard let given = spine, let found = addition.spine else {
      self = completed(by: addition)
      return false
    }
    let whole = SpineKinds.completed(given, by: found)
    let (before, after) = (SpineKinds(given), SpineKinds(whole))
    let areBodiesNew = after.hasBodies && !before.hasBodies
    if areBodiesNew {
      levelSource = addition.levelSource
      bodiesAreFound = addition.bodiesAreFound
    }
    if after.hasDiscs && !before.hasDiscs { discsAreFound = addition.discsAreFound }
    spine = whole
    return areBodiesNew
  }

  /// Looks whether a file of points that is not used has the names of what is; one that cannot be read
  /// decides nothing, and is named.
  fileprivate mutating func compare(
    _ file: LabelFiles.File, _ convention: LabelConvention, _ space: LabelReading.Space
  ) {
    let name = file.url.lastPathComponent.cleaned(limit: 100)
    do {
      let volume = try LabelReading.points(file, space)
      guard convention.kind == .cordLevels || LabelMoments(volume, where: { _ in true }).arePoints
      else { return }
      let points = convention.studyLabels(from: volume)
      note(unused: points)
      if let flag = GivenNamesCheck.flag(points.landmarks, of: name, against: self) {
        quality.append(flag)
      }
    } catch {
      quality.append(
        QualityFlag(
          "labels-unreadable",
          "\(name) is not used, and cannot be compared with what is: \("\(error)".cleaned(limit: 200))"
        ))
    }
  }

  /// Says that points which name nothing are not used, and why.
  private mutating func note(unused points: StudyLabels) {
    guard points.levelSource == .missing, let why = points.quality.first else { return }
    quality.append(QualityFlag("labels-unused", why.text))
  }

  /// Takes over points that a reader corrected, whatever else names the levels; where they name a place
  /// otherwise than the vertebrae that are labelled, this is said.
  fileprivate mutating func take(word points: StudyLabels) {
    guard points.levelSource != .missing else { return }
    (landmarks, levelSource) = (points.landmarks, points.levelSource)
    quality.removeAll { $0.flag == "levels-missing" }
    quality += points.quality
    if let spine, let line = cord.flatMap(CordCentreline.init(cord:)),
      let flag = GivenNamesCheck.flag(landmarks, on: spine, along: line)
    {
      quality.append(flag)
    }
  }

  /// Takes over points that others named; vertebrae that the network found complete them, and must bear
  /// the same names.
  fileprivate mutating func take(points: StudyLabels) {
    guard levelSource == .segmented, let spine, points.levelSource != .missing else {
      if levelSource != .missing { note(unused: points) }
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

extension LabelFiles.File {
  /// Whether a reader has corrected the file in this program.
  ///
  /// - Throws: `ReadError` when the sidecar is no JSON object.
  var isReadersWord: Bool {
    get throws { try Provenance.read(VersionedLabel(url: url).telling)?[Sidecar.corrects] != nil }
  }
}
