public import Imaging

extension LabelConvention {
  /// The mask (1 where true) of some structures, or `nil` when no voxel shows any of them.
  public func mask(of wanted: Set<SpineStructure>, in volume: LabelVolume) -> LabelVolume? {
    let labels = labels(of: wanted)
    guard !labels.isEmpty else { return nil }
    let table = (0...UInt16.max).map { UInt16(labels.contains($0) ? 1 : 0) }
    let mask = volume.map { table[Int($0)] }
    return mask.voxels.contains(1) ? mask : nil
  }

  /// Reads a tool's label volume as study labels.
  ///
  /// The cord includes annotated hyperintensity, the canal includes the cord. Bodies of one
  /// unnamed class are counted from the dens; when there is any doubt the levels stay missing and
  /// the flag `levels-missing` says why (method, section 1).
  public func studyLabels(from volume: LabelVolume) -> StudyLabels {
    switch kind {
    case .regions: regions(volume)
    case .discPoints: discPoints(volume)
    case .levelPoints: levelPoints(volume)
    case .cordLevels: cordLevels(volume)
    }
  }

  /// The mask of the cord with what is annotated in it, or `nil` when no voxel shows it.
  func cord(in volume: LabelVolume) -> LabelVolume? {
    mask(of: [.cord, .hyperintensity], in: volume)
  }

  /// The mask of cord and CSF together, or `nil` when nothing around the cord is labelled.
  func canal(in volume: LabelVolume) -> LabelVolume? {
    guard mask(of: [.csf, .canal], in: volume) != nil else { return nil }
    return mask(of: [.cord, .hyperintensity, .csf, .canal], in: volume)
  }

  private func regions(_ volume: LabelVolume) -> StudyLabels {
    var result = StudyLabels(cord: cord(in: volume), canal: canal(in: volume))
    if let bodies = mask(of: [.unnamedVertebra], in: volume) {
      count(bodies, discs: mask(of: [.unnamedDisc], in: volume), into: &result)
    } else if let spine = spine(volume) {
      result.spine = spine
      result.levelSource = .labelled
    }
    return result
  }

  /// The named vertebrae and discs in the TotalSpineSeg numbering, and other compressors beside them.
  private func spine(_ volume: LabelVolume) -> LabelVolume? {
    var table = [UInt16](repeating: 0, count: Int(UInt16.max) + 1)
    for (label, structure) in structures {
      switch structure {
      case .vertebra(let level): table[Int(label)] = level.totalSpineSegLabel
      case .disc(let level): table[Int(label)] = level.totalSpineSegDiscLabel ?? 0
      default: break
      }
    }
    let spine = volume.map { table[Int($0)] }
    guard spine.voxels.contains(where: { $0 > 0 }) else { return nil }
    for label in labels(of: [.otherCompressor]) {
      table[Int(label)] = PhantomTissue.anteriorCompressor.rawValue
    }
    return volume.map { table[Int($0)] }
  }

  private func count(_ bodies: LabelVolume, discs: LabelVolume?, into result: inout StudyLabels) {
    switch BodyCounting.count(bodies: bodies, discs: discs, cord: result.cord) {
    case .counted(let landmarks, let spine):
      result.landmarks = landmarks
      result.spine = spine
      result.levelSource = .counted
    case .doubtful(let reason):
      result.quality.append(
        QualityFlag("levels-missing", "The vertebral bodies could not be counted: \(reason)."))
    }
  }

  private func discPoints(_ volume: LabelVolume) -> StudyLabels {
    var discs: [VertebralLevel: SIMD3<Double>] = [:]
    for (label, point) in centres(volume) {
      if case .disc(let level) = structures[label] { discs[level] = point }
    }
    return levels(discs)
  }

  private func cordLevels(_ volume: LabelVolume) -> StudyLabels {
    var result = levels(cordDiscs(volume))
    result.cord = cord(in: volume)
    return result
  }

  private func levels(_ discs: [VertebralLevel: SIMD3<Double>]) -> StudyLabels {
    let (landmarks, quality) = DiscLevels.landmarks(discs: discs)
    return StudyLabels(
      landmarks: landmarks, levelSource: landmarks.isEmpty ? .missing : .discs, quality: quality)
  }

  /// RAS mm of the cord beside each disc: the middle of the seam between the cord's parts beside the
  /// vertebrae above and below it. The ends of the first and last part are no discs.
  func cordDiscs(_ volume: LabelVolume) -> [VertebralLevel: SIMD3<Double>] {
    let axis = volume.affine.axis(mostAlong: 2)
    let isUpwards = volume.affine.column(axis).z > 0
    let shape = volume.shape
    let step = [1, shape.x, shape.x * shape.y][axis]
    var half = SIMD3<Double>.zero
    half[axis] = 0.5
    var seams: [VertebralLevel: (sum: SIMD3<Double>, count: Double)] = [:]
    var next = 0
    for k in 0..<shape.z {
      for j in 0..<shape.y {
        for i in 0..<shape.x {
          let index: SIMD3<Int> = [i, j, k]
          let n = next
          next += 1
          guard volume.voxels[n] != 0, index[axis] + 1 < shape[axis] else { continue }
          let pair = [Int(volume.voxels[n]), Int(volume.voxels[n + step])]
          let (upper, lower) = isUpwards ? (pair[1], pair[0]) : (pair[0], pair[1])
          guard lower == upper + 1, let level = VertebralLevel(rawValue: upper), level > .c1
          else { continue }
          let seam = seams[level] ?? (.zero, 0)
          seams[level] = (seam.sum + SIMD3<Double>(index) + half, seam.count + 1)
        }
      }
    }
    return seams.mapValues { volume.affine($0.sum / $0.count) }
  }

  private func levelPoints(_ volume: LabelVolume) -> StudyLabels {
    var landmarks: [VertebralLevel: SIMD3<Double>] = [:]
    for (label, point) in centres(volume) {
      if case .vertebra(let level) = structures[label] { landmarks[level] = point }
    }
    let source: LevelSource =
      landmarks.isEmpty ? .missing : LevelRules.isUnbroken(landmarks) ? .labelled : .interpolated
    return StudyLabels(landmarks: landmarks, levelSource: source)
  }

  /// The centre of gravity in RAS mm of each label that means something.
  private func centres(_ volume: LabelVolume) -> [UInt16: SIMD3<Double>] {
    LabelMoments(volume) { structures[$0] != nil }.centres
  }
}

extension StudyLabels {
  /// These labels with whatever they lack taken from others.
  public func completed(by other: StudyLabels) -> StudyLabels {
    var result = self
    if result.cord == nil { (result.cord, result.cordIsFound) = (other.cord, other.cordIsFound) }
    if result.canal == nil {
      (result.canal, result.canalIsFound) = (other.canal, other.canalIsFound)
    }
    if result.spine == nil {
      result.spine = other.spine
      (result.bodiesAreFound, result.discsAreFound) = (other.bodiesAreFound, other.discsAreFound)
    }
    if result.landmarks.isEmpty { result.landmarks = other.landmarks }
    if result.levelSource == .missing && other.levelSource != .missing {
      result.levelSource = other.levelSource
      result.quality.removeAll { $0.flag == "levels-missing" }
    }
    for flag in other.quality where !result.quality.contains(flag) {
      if flag.flag == "levels-missing" && result.levelSource != .missing { continue }
      result.quality.append(flag)
    }
    return result
  }
}
