internal import Foundation
public import Imaging

/// Plants lesions in the cord of a real image: ellipses along the cord whose signal lies between
/// that of the cord and that of the CSF around them (appendix A.1, in three dimensions).
///
/// The image's own noise and texture stay; a lesion adds its contrast and, where it is drawn with
/// more spread than the cord has, a Gaussian field of the cord's own grain. Voxels at the cord's
/// edge change by the part of them that is cord, so that nothing outside the mask changes.
public struct LesionPlanting: Sendable {
  /// The levels between which lesions may lie.
  public let levels: StudyLevels
  /// The segments whose truth can be stated: both levels known, cord along half of it at least.
  public let assessable: [SpinalSegment]
  private let tissue: CordTissue
  /// Arc lengths that a lesion's middle may have.
  private let room: [ClosedRange<Double>]

  /// The most lesions in one image (appendix A.1: 1 to 3).
  static let mostLesions = 3
  /// The soft ends of lesions keep this distance along the cord.
  static let gapMM = 1.0
  /// No lesion's middle lies nearer to the ends of the mask: the cord leaves the picture there.
  static let endMM = 6.0
  /// Without levels, this much of the cord is assessed (method, section 1).
  static let longestMM = 160.0

  /// Measures a study.
  ///
  /// - Throws: `PlantingError` when nothing can be planted in it, with the reason.
  public init(image: ImageVolume, labels: StudyLabels) throws {
    let masks = StudyPreparation.aligned(image, labels).masks
    guard let cord = masks.cord, cord.voxels.contains(where: { $0 != 0 }) else {
      throw PlantingError("there is no cord mask: give one (label-SC_seg)")
    }
    guard let frame = CordFrame(cord: cord) else {
      throw PlantingError("its cord mask is too short to plant lesions in")
    }
    tissue = CordTissue(image: image, cord: cord, canal: masks.canal, frame: frame)
    levels = LevelRules.resolve(labels, along: frame.line)
    assessable = Self.assessable(levels, frame.line)
    room = try Self.room(levels, assessable, frame.line)
  }

  /// Plants 1 to 3 lesions.
  ///
  /// - Parameter seed: the same image and seed give the same lesions.
  /// - Throws: `PlantingError` when no place was found where CSF is brighter than the cord.
  public func plant(_ difficulty: LesionDifficulty, seed: UInt64) throws -> PlantedVolume {
    var random = PhantomRandom(seed: seed).stream("planting")
    let wanted = random.integer(1...Self.mostLesions)
    var result = PlantedVolume(image: tissue.image)
    // Enough trials for a short cord; where the cord is full, fewer lesions are planted.
    for trial in 0..<60 where result.lesions.count < wanted {
      var r = random.stream("lesion", trial)
      let along = place(&r)
      guard let signal = CordSignal(tissue, along: along) else { continue }
      let lesion = PlantedLesion(
        at: along, frame: tissue.frame, signal: signal, difficulty: difficulty, random: &r)
      let isFree = result.lesions.allSatisfy {
        abs($0.alongMm - along) >= $0.reachMM + lesion.reachMM + Self.gapMM
      }
      if isFree { add(lesion, signal, to: &result, random: random.stream("texture", trial)) }
    }
    guard !result.lesions.isEmpty else {
      throw PlantingError(
        "no place was found where cord and CSF are seen and CSF is brighter: is it a T2-weighted "
          + "image, and does the mask fit?")
    }
    result.lesions.sort { $0.alongMm < $1.alongMm }
    return result
  }

  /// A place for a lesion's middle, evenly along the room there is.
  private func place(_ r: inout PhantomRandom) -> Double {
    var left = r.unit() * room.reduce(0) { $0 + $1.upperBound - $1.lowerBound }
    for part in room {
      let length = part.upperBound - part.lowerBound
      if left <= length { return part.lowerBound + left }
      left -= length
    }
    return room[room.count - 1].upperBound
  }

  private func add(
    _ lesion: PlantedLesion, _ signal: CordSignal, to result: inout PlantedVolume,
    random: PhantomRandom
  ) {
    let touched = shares(lesion, signal)
    let spread = lesion.deviation
    let extra = max(0, spread * spread - signal.cordDeviation * signal.cordDeviation).squareRoot()
    let texture =
      extra > 0 ? self.texture(touched.map(\.index), signal.textureSigma, random: random) : [:]
    // A signal of less spread than the cord's: its deviations from the level shrink.
    let shrink = signal.cordDeviation > 0 ? min(1, spread / signal.cordDeviation) : 1
    for (index, share) in touched {
      let own = Double(tissue.image.voxels[index])
      let deviation = (shrink - 1) * (own - signal.cordMean)
      let added = lesion.contrast * signal.step + deviation + extra * (texture[index] ?? 0)
      result.image.voxels[index] += Float(share * added)
      result.share.voxels[index] = max(result.share.voxels[index], Float(share))
    }
    result.lesions.append(lesion)
  }

  /// The voxels that a lesion changes, each with its share of lesion.
  private func shares(
    _ lesion: PlantedLesion, _ signal: CordSignal
  ) -> [(index: Int, share: Double)] {
    let reach = lesion.reachMM + 3
    let offsets = self.offsets
    return tissue.cord.compactMap { voxel in
      guard abs(voxel.place.along - lesion.alongMm) <= reach else { return nil }
      let axes = tissue.frame.axes(at: voxel.station)
      let sum = offsets.reduce(0.0) { sum, d in
        let place = CordFrame.Place(
          along: voxel.place.along + (d * axes.along).sum(),
          depth: voxel.place.depth + (d * axes.depth).sum(),
          side: voxel.place.side + (d * axes.side).sum())
        return sum + lesion.share(at: place)
      }
      var share = sum / Double(offsets.count)
      if voxel.isBorder {
        let own = Double(tissue.image.voxels[voxel.index])
        share *= min(max((signal.csfMean - own) / signal.step, 0), 1)
      }
      return share > 1e-3 ? (voxel.index, share) : nil
    }
  }

  /// RAS offsets of points spread evenly over a voxel, at most 0.8 mm apart: partial volume.
  private var offsets: [SIMD3<Double>] {
    let affine = tissue.image.affine
    let steps = affine.spacing
    var points: [SIMD3<Double>] = [.zero]
    for axis in 0..<3 {
      let count = min(max(Int((steps[axis] / 0.8).rounded(.up)), 1), 8)
      points = points.flatMap { point in
        (0..<count).map { n in
          point + affine.column(axis) * ((Double(n) + 0.5) / Double(count) - 0.5)
        }
      }
    }
    return points
  }

  /// A Gaussian field of deviation 1 with the cord's grain, on the voxels given.
  private func texture(
    _ indices: [Int], _ sigma: SIMD3<Double>, random: PhantomRandom
  ) -> [Int: Double] {
    let shape = tissue.image.shape
    func place(_ index: Int) -> SIMD3<Int> {
      [index % shape.x, index / shape.x % shape.y, index / (shape.x * shape.y)]
    }
    guard let first = indices.first else { return [:] }
    var (low, high) = (place(first), place(first))
    for index in indices {
      low = pointwiseMin(low, place(index))
      high = pointwiseMax(high, place(index))
    }
    let margin = 4
    let size = high &- low &+ SIMD3(repeating: 1 + 2 * margin)
    var random = random
    let noise = (0..<size.x * size.y * size.z).map { _ in Float(random.normal()) }
    let field = Gaussian.blur(
      ImageVolume(shape: size, voxels: noise, affine: .identity), sigma: sigma)
    let count = Double(field.voxels.count)
    let mean = field.voxels.reduce(0) { $0 + Double($1) } / count
    let variance = field.voxels.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count
    guard variance > 0 else { return [:] }
    return Dictionary(
      uniqueKeysWithValues: indices.map { index in
        let p = place(index) &- low &+ SIMD3(repeating: margin)
        return (index, (Double(field[p.x, p.y, p.z]) - mean) / variance.squareRoot())
      })
  }
}

extension LesionPlanting {
  /// The segments with both levels known that hold cord along enough of their length.
  private static func assessable(_ levels: StudyLevels, _ line: CordCentreline) -> [SpinalSegment] {
    let top = line.points.map(\.z).max() ?? 0
    let bottom = line.points.map(\.z).min() ?? 0
    return SpinalSegment.allCases.filter { segment in
      guard let upper = levels.points[segment.upper], let lower = levels.points[segment.lower],
        upper.z > lower.z
      else { return false }
      let seen = min(upper.z, top) - max(lower.z, bottom)
      return seen >= SegmentScoring.neededCoverage * (upper.z - lower.z)
    }
  }

  /// The stretches of cord that are assessed, without its ends; never empty.
  private static func room(
    _ levels: StudyLevels, _ assessable: [SpinalSegment], _ line: CordCentreline
  ) throws -> [ClosedRange<Double>] {
    let whole = endMM...max(endMM, line.lengthMM - endMM)
    var stretches = [0...longestMM]
    if levels.points.count >= 2 {
      stretches = assessable.compactMap { segment in
        guard let upper = levels.points[segment.upper], let lower = levels.points[segment.lower]
        else { return nil }
        let ends = [line.arcLength(nearest: upper), line.arcLength(nearest: lower)]
        return min(ends[0], ends[1])...max(ends[0], ends[1])
      }
      if stretches.isEmpty {
        throw PlantingError("its cord mask covers no segment between C2 and T1")
      }
    }
    let room = stretches.filter { $0.overlaps(whole) }.map { $0.clamped(to: whole) }
      .filter { $0.upperBound > $0.lowerBound }
    if room.isEmpty { throw PlantingError("its cord mask is too short to plant lesions in") }
    return room
  }
}

/// An image with planted lesions.
public struct PlantedVolume: Sendable {
  /// The image.
  public var image: ImageVolume
  /// The share of lesion in each voxel, 0...1; a voxel of 0 is as it was.
  public var share: ImageVolume
  /// The lesions, from the upper to the lower.
  public var lesions: [PlantedLesion] = []

  init(image: ImageVolume) {
    self.image = image
    share = image.map { _ in 0 }
  }
}

/// Why nothing can be planted in a study.
public struct PlantingError: Error, Equatable, CustomStringConvertible {
  /// The reason, in words for the user.
  public var description: String

  /// Makes an error.
  init(_ description: String) { self.description = description }
}
