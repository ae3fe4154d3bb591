import Imaging

@testable import Core

/// Pictures that are worse on purpose.
enum QualityCases {
  /// A phantom of a few slices with its true labels.
  static func phantom(
    seed: UInt64, kind: PhantomClass = .normal, domain: PhantomDomain = .clinical
  ) -> PhantomStudy {
    PhantomGenerator(PhantomConfiguration(slices: 7)).study(
      PhantomRecipe(index: 0, seed: seed, kind: kind, domain: domain))
  }

  /// Gaussian noise of a deviation in grey values; magnitudes as a scanner stores them.
  static func noisy(_ volume: ImageVolume, deviation: Float, seed: UInt64) -> ImageVolume {
    var random = RandomSource(seed: seed)
    return volume.map {
      let (a, b) = ($0 + deviation * random.normal(), deviation * random.normal())
      return (a * a + b * b).squareRoot()
    }
  }

  /// Ghosts along an axis of the patient (1 from back to front, 2 from foot to head), whose strength
  /// turns along the neck.
  static func ghosted(
    _ volume: ImageVolume, strength: Float, shiftMM: Double, along direction: Int = 1
  ) -> ImageVolume {
    let axis = volume.affine.axis(mostAlong: direction)
    let height = volume.affine.axis(mostAlong: 2)
    let shift = Int((shiftMM / volume.affine.spacing[axis]).rounded())
    var result = volume
    for k in 0..<volume.shape.z {
      for j in 0..<volume.shape.y {
        for i in 0..<volume.shape.x {
          let p: SIMD3<Int> = [i, j, k]
          let d = Double(p[height]) * volume.affine.spacing[height]
          var sum = volume[i, j, k]
          for order in [-2, -1, 1, 2] {
            var from = p
            from[axis] -= order * shift
            guard from[axis] >= 0, from[axis] < volume.shape[axis] else { continue }
            let turn = PhantomMath.sine(turns: Float(d / 47 * Double(order)))
            let weight = strength * (0.4 + 0.6 * turn) / Float(abs(order))
            sum += weight * volume[from.x, from.y, from.z]
          }
          result[i, j, k] = abs(sum)
        }
      }
    }
    return result
  }

  /// A picture and a part of itself moved along an axis of the patient, round the end to the beginning.
  static func doubled(
    _ volume: ImageVolume, strength: Float, shiftMM: Double, along direction: Int
  ) -> ImageVolume {
    let axis = volume.affine.axis(mostAlong: direction)
    let shift = Int((shiftMM / volume.affine.spacing[axis]).rounded())
    let count = volume.shape[axis]
    var result = volume
    for k in 0..<volume.shape.z {
      for j in 0..<volume.shape.y {
        for i in 0..<volume.shape.x {
          var from: SIMD3<Int> = [i, j, k]
          from[axis] = ((from[axis] - shift) % count + count) % count
          result[i, j, k] += strength * volume[from.x, from.y, from.z]
        }
      }
    }
    return result
  }

  /// A patient who moved to the front by some mm for a third of the shots, each of which fills every
  /// `shots`-th line of k-space, with phases encoded along an axis of the patient.
  ///
  /// The moved lines are periodic, so that what they change comes back every 1 / `shots` of the field of view
  /// and nowhere else: the transform of their pattern has that many values.
  static func jumped(
    _ volume: ImageVolume, mm: Double, shots: Int, along direction: Int = 1
  ) -> ImageVolume {
    let (axis, moved) = (volume.affine.axis(mostAlong: direction), volume.affine.axis(mostAlong: 1))
    let strides = [1, volume.shape.x, volume.shape.x * volume.shape.y]
    /// The voxel some steps along an axis, round the end to the beginning.
    func stepped(_ n: Int, _ steps: Int, along axis: Int) -> Int {
      let (stride, count) = (strides[axis], volume.shape[axis])
      let place = n / stride % count
      return n + ((place + steps % count + count) % count - place) * stride
    }
    let way = mm / volume.affine.spacing[moved]
    let (whole, part) = (Int(way.rounded(.down)), Float(way - way.rounded(.down)))
    let voxels = volume.voxels
    let change = voxels.indices.map { n in
      voxels[stepped(n, whole, along: moved)] * (1 - part)
        + voxels[stepped(n, whole + 1, along: moved)] * part - voxels[n]
    }
    let taps = (0..<shots).map { tap -> (steps: Int, weight: SIMD2<Float>) in
      var weight = SIMD2<Float>.zero
      for shot in 0..<(shots / 3) {
        let turns = Float(shot * tap) / Float(shots)
        weight += [PhantomMath.sine(turns: turns + 0.25), PhantomMath.sine(turns: turns)]
      }
      return (-tap * volume.shape[axis] / shots, weight / Float(shots))
    }
    var result = volume
    for n in voxels.indices {
      var sum: SIMD2<Float> = [voxels[n], 0]
      for tap in taps { sum += tap.weight * change[stepped(n, tap.steps, along: axis)] }
      result.voxels[n] = (sum * sum).sum().squareRoot()
    }
    return result
  }

  /// The figures that flags are decided by, on the slice scored first.
  struct Figures {
    var signalToNoise: Double?
    var ghostShare: Double?
    var echoLikeness: Double?
    /// From front to back.
    var rowLikeness: Double?
    var absoluteLevel: Float?
    var flags: [String]
  }

  static func figures(_ image: ImageVolume, _ labels: StudyLabels) throws -> Figures {
    let study = try StudyPreparation.prepare(image: image, labels: labels)
    var figures = Figures(flags: study.quality.names)
    guard let slice = study.scoredSlices.first, let cord = labels.cord else { return figures }
    var (volume, mask) = (image, cord.map { UInt16($0 == 0 ? 0 : 1) })
    if mask.shape != volume.shape {
      mask = mask.resampled(shape: volume.shape, affine: volume.affine)
    }
    if let plan = ThickPartitions(shape: volume.shape, affine: volume.affine) {
      volume = plan.image(volume)
      mask = plan.labels(mask)
    }
    if let stack = SagittalStack(volume) {
      let index = stack.voxelIndex(ofSlice: slice.index)
      figures.signalToNoise =
        NoiseCheck(
          volume.slice(axis: stack.axis, index: index).raster,
          cord: mask.slice(axis: stack.axis, index: index).raster.map { $0 != 0 })?.signalToNoise
    }
    let acquired = volume.resampled(on: slice.grid, interpolation: .nearest)
    figures.ghostShare =
      MotionCheck(slice.image, cord: slice.anatomy.cord, acquired: acquired)?.ghostShare
    figures.echoLikeness = EchoCheck(slice.image, covered: acquired.covered)?.likeness
    figures.rowLikeness =
      EchoCheck(slice.image, covered: acquired.covered, .acrossCord)?.likeness
    figures.absoluteLevel = slice.absoluteLevel
    return figures
  }
}
