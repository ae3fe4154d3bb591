internal import Imaging

extension PhantomGenerator {
  /// SHA-256 over the version and the voxels of a few fixed studies: what a model card states.
  ///
  /// Small studies (3 slices, 1.5 times the pixel) of four classes in both domains; any change of
  /// the pictures or of the truth changes it.
  public static let hash: String = {
    var sha = SHA256()
    sha.update(Array(version.utf8))
    let kinds: [PhantomClass] = [.long, .snakeEye, .compression, .maskError]
    for domain in PhantomDomain.allCases {
      let generator = PhantomGenerator(
        PhantomConfiguration(domain: domain, slices: 3, coarseness: 1.5))
      for (index, kind) in kinds.enumerated() {
        let recipe = PhantomRecipe(
          index: index, seed: 20_250_313 + UInt64(index), kind: kind, domain: domain)
        let study = generator.study(recipe)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(study.image.voxels.count * 4)
        for voxel in study.image.voxels.indices {
          // Whole greys up to 4095, the tool's cord and the truth's spine and lesion labels.
          let grey = UInt16(study.image.voxels[voxel])
          let cord = UInt8(truncatingIfNeeded: study.labels.cord?.voxels[voxel] ?? 0)
          let lesion = UInt8(truncatingIfNeeded: study.truth.lesion.voxels[voxel])
          bytes.append(UInt8(truncatingIfNeeded: grey))
          bytes.append(UInt8(truncatingIfNeeded: grey >> 8))
          bytes.append(UInt8(truncatingIfNeeded: study.truth.spine.voxels[voxel]))
          bytes.append(cord | lesion << 1)
        }
        sha.update(bytes)
      }
    }
    return sha.hexDigest()
  }()
}
