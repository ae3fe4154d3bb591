internal import Imaging

/// Cord and canal of a study on its voxels, as the network's probabilities give them.
struct FoundCord {
  /// 1 on the cord.
  private(set) var cord: LabelVolume
  /// 1 on cord and fluid.
  private(set) var canal: LabelVolume
  /// Probability of cord, and of cord or fluid.
  private(set) var cordShare: ImageVolume
  private(set) var canalShare: ImageVolume

  /// Nothing yet, on the voxels of an image.
  init(like volume: ImageVolume) {
    cord = volume.map { _ in 0 }
    canal = cord
    cordShare = volume.map { _ in 0 }
    canalShare = cordShare
  }

  /// Takes the probabilities of a voxel; the cord belongs to the canal.
  mutating func take(_ share: (cord: Float, canal: Float), at voxel: Int) {
    (cordShare.voxels[voxel], canalShare.voxels[voxel]) = share
    let isCord = share.cord >= SliceSegmentation.cordProbability
    if isCord { cord.voxels[voxel] = 1 }
    if isCord || share.canal > 0.5 { canal.voxels[voxel] = 1 }
  }

  /// Keeps the largest piece of cord and of canal, closes their holes on every slice, for a patient has
  /// one cord, and takes the cord's edge inside.
  ///
  /// - Parameter axis: the voxel axis across the slices.
  mutating func makeOne(acrossAxis axis: Int) {
    Self.makeOne(&canal, &canalShare, axis)
    // A cord outside the canal that is kept would be another one's.
    for n in cord.voxels.indices where cord.voxels[n] != 0 && canal.voxels[n] == 0 {
      (cord.voxels[n], cordShare.voxels[n]) = (0, 0)
    }
    Self.makeOne(&cord, &cordShare, axis)
    // The probabilities stay, as measurements find their edges in them.
    InnerEdge(cord.affine, acrossAxis: axis).take(&cord, by: cordShare)
  }

  private static func makeOne(
    _ mask: inout LabelVolume, _ share: inout ImageVolume, _ axis: Int
  ) {
    let labelled = ConnectedComponents.label(mask.map { $0 != 0 }, connectivity: .twentySix)
    guard let largest = labelled.largest else { return }
    for n in mask.voxels.indices where mask.voxels[n] != 0 {
      if labelled.labels.voxels[n] != largest.label {
        (mask.voxels[n], share.voxels[n]) = (0, 0)
      }
    }
    for index in 0..<mask.shape[axis] {
      let drawn = mask.slice(axis: axis, index: index).raster
      guard drawn.pixels.contains(1) else { continue }
      let filled = Morphology.fillHoles(drawn.map { $0 != 0 })
      var probability = share.slice(axis: axis, index: index).raster
      for n in drawn.pixels.indices where filled.pixels[n] && drawn.pixels[n] == 0 {
        // A hole has no probability to go by.
        probability.pixels[n] = 1
      }
      mask.setSlice(axis: axis, index: index, to: filled.map { $0 ? 1 : 0 })
      share.setSlice(axis: axis, index: index, to: probability)
    }
  }
}
