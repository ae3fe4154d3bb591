internal import Imaging

extension SegmentedStudy {
  /// The same anatomy beside labels that others made: their voxels win, and what was found fits them.
  ///
  /// The found canal takes in the given cord, the found cord stays in the given canal, and neither
  /// covers given bone; of vertebrae and discs only the kind is kept that is not given.
  /// - Parameter given: labels on the voxels of the image.
  func beside(_ given: StudyLabels) -> SegmentedStudy {
    guard let found = labels.cord, var canal = labels.canal,
      [given.cord, given.canal, given.spine].allSatisfy({ $0 == nil || $0?.shape == found.shape })
    else { return self }
    var cord = found
    if let bone = given.spine {
      for n in bone.voxels.indices where bone.voxels[n] != 0 {
        (cord.voxels[n], canal.voxels[n]) = (0, 0)
      }
    }
    if let own = given.canal, Self.holdsMost(own, of: cord) {
      for n in cord.voxels.indices where own.voxels[n] == 0 { cord.voxels[n] = 0 }
    }
    if let own = given.cord {
      cord = own
      if Self.fits(own, canal) {
        for n in own.voxels.indices where own.voxels[n] != 0 { canal.voxels[n] = 1 }
      }
    }
    canal = given.canal ?? canal
    var result = self
    result.labels.cord = cord
    result.labels.canal = canal
    let bone = given.spine?.voxels
    func outside(_ own: LabelVolume?) -> (Int) -> Bool {
      { n in (bone?[n] ?? 0) != 0 || own?.voxels[n] == 0 }
    }
    let enclosing = given.canal.flatMap { Self.holdsMost($0, of: found) ? $0 : nil }
    result.labels.cordShare =
      given.cord == nil ? labels.cordShare?.cleared(where: outside(enclosing)) : nil
    result.labels.canalShare =
      given.canal == nil ? labels.canalShare?.cleared(where: outside(nil)) : nil
    result.labels.spine = labels.spine.flatMap {
      Self.spine($0, given: given.spine, cord: cord, canal: canal)
    }
    return result
  }

  /// Whether a canal encloses at least half of a cord; some tools leave the cord out of theirs.
  private static func holdsMost(_ canal: LabelVolume, of cord: LabelVolume) -> Bool {
    let all = cord.voxels.count { $0 != 0 }
    return 2 * cord.voxels.indices.count { cord.voxels[$0] != 0 && canal.voxels[$0] != 0 } >= all
  }

  /// Whether the found canal is that of a given cord, at the heights at which both are known: a canal
  /// beside the cord must not be made to look right.
  private static func fits(_ cord: LabelVolume, _ canal: LabelVolume) -> Bool {
    let heights = canal.planesWithLabels
    let axis = canal.affine.axis(mostAlong: 2)
    var part = cord
    for n in part.voxels.indices where part.voxels[n] != 0 {
      if !heights[canal.index(of: n, along: axis)] { part.voxels[n] = 0 }
    }
    return CordShapeCheck.outside(cord: part, canal: canal) == nil
  }

  /// Cord, canal, and the vertebrae, discs and compressors that others did not label; `nil` where there
  /// are none.
  private static func spine(
    _ found: LabelVolume, given: LabelVolume?, cord: LabelVolume, canal: LabelVolume
  ) -> LabelVolume? {
    let known = SpineKinds(given)
    var result = found
    var isAnyKept = false
    for n in result.voxels.indices {
      let label = found.voxels[n]
      if cord.voxels[n] != 0 {
        result.voxels[n] = 1
      } else if canal.voxels[n] != 0 {
        result.voxels[n] = 2
      } else if given?.voxels[n] ?? 0 != 0 || known.hold(label) {
        result.voxels[n] = 0
      } else {
        isAnyKept = true
      }
    }
    return isAnyKept ? result : nil
  }
}

extension ImageVolume {
  /// The volume with 0 at some voxels.
  fileprivate func cleared(where isOutside: (Int) -> Bool) -> ImageVolume {
    var result = self
    for n in voxels.indices where voxels[n] != 0 && isOutside(n) { result.voxels[n] = 0 }
    return result
  }
}

extension LabelVolume {
  /// Which voxel planes across the superior-inferior axis hold any label.
  fileprivate var planesWithLabels: [Bool] {
    let axis = affine.axis(mostAlong: 2)
    var result = [Bool](repeating: false, count: shape[axis])
    for n in voxels.indices where voxels[n] != 0 { result[index(of: n, along: axis)] = true }
    return result
  }

  /// The voxel index along an axis of a place in `voxels`.
  fileprivate func index(of n: Int, along axis: Int) -> Int {
    n / [1, shape.x, shape.x * shape.y][axis] % shape[axis]
  }
}
