internal import Imaging
internal import Synchronization

extension PhantomGenerator {
  /// SHA-256 over the version and fixed studies: what a model card states.
  ///
  /// Hashed are one study of each class in each domain (3 slices, 2.5 times the pixel) and one of
  /// each domain as it is used (11 slices, own pixel, class drawn by `study(seed:index:)`). Of
  /// every study: recipe, image with its affine and slice thickness, all truth volumes (cord,
  /// canal, spine, lesion, tissues), lesion strength, segments, narrowed segments, landmarks, the
  /// delivered labels and the demographics, bit by bit. A change that shows in none of these
  /// studies is not seen.
  public static let hash: String = {
    let coarse = PhantomDomain.allCases.flatMap { domain in
      PhantomClass.allCases.map { (domain: domain, kind: Optional($0)) }
    }
    let whole = PhantomDomain.allCases.map { (domain: $0, kind: PhantomClass?.none) }
    let plan = whole + coarse
    let digests = Mutex([[UInt8]](repeating: [], count: plan.count))
    ThreadTeam.machine.forEach(plan.count) { index, _ in
      let (domain, kind) = plan[index]
      let digest = studyForHash(index, domain: domain, kind: kind).digest
      digests.withLock { $0[index] = digest }
    }
    var sha = SHA256()
    sha.update(Array(version.utf8))
    for digest in digests.withLock({ $0 }) { sha.update(digest) }
    return sha.hexDigest()
  }()

  private static func studyForHash(
    _ index: Int, domain: PhantomDomain, kind: PhantomClass?
  ) -> PhantomStudy {
    guard let kind else {
      return PhantomGenerator(PhantomConfiguration(domain: domain))
        .study(seed: 20_250_313, index: index)
    }
    return PhantomGenerator(PhantomConfiguration(domain: domain, slices: 3, coarseness: 2.5))
      .study(
        PhantomRecipe(index: index, seed: 20_250_313 + UInt64(index), kind: kind, domain: domain))
  }
}

extension PhantomStudy {
  /// SHA-256 over everything in the study.
  fileprivate var digest: [UInt8] {
    var sha = SHA256()
    let recipe = truth.recipe
    sha.add("\(recipe.index) \(recipe.seed) \(recipe.kind.rawValue) \(recipe.domain.rawValue)")
    sha.add(image.affine)
    sha.add(image.shape)
    sha.add(image.voxels.map(\.bitPattern))
    for volume in [truth.cord, truth.canal, truth.spine, truth.lesion, truth.tissues] {
      sha.add(volume)
    }
    for volume in [labels.cord, labels.canal, labels.spine] {
      if let volume { sha.add(volume) }
    }
    sha.add("\(demographics.age) \(demographics.sex) \(demographics.mjoa) \(truth.hasLesion)")
    sha.add(truth.segments.map(\.name).joined(separator: " "))
    sha.add(truth.narrowed.map(\.name).joined(separator: " "))
    sha.add([(truth.lesionStrength ?? -1).bitPattern, sliceThicknessMM.bitPattern])
    for landmarks in [truth.landmarks, labels.landmarks] {
      for (level, point) in landmarks.sorted(by: { $0.key < $1.key }) {
        sha.add(level.name)
        sha.add([point.x.bitPattern, point.y.bitPattern, point.z.bitPattern])
      }
    }
    return sha.digest()
  }
}

extension SHA256 {
  fileprivate mutating func add(_ text: String) { update(Array(text.utf8) + [0]) }

  /// Little-endian, as everywhere that Swift runs.
  fileprivate mutating func add<Number: FixedWidthInteger>(_ numbers: [Number]) {
    numbers.withUnsafeBytes { update($0) }
  }

  fileprivate mutating func add(_ shape: SIMD3<Int>) { add([shape.x, shape.y, shape.z]) }

  fileprivate mutating func add(_ affine: Affine) {
    for axis in [affine.i, affine.j, affine.k, affine.origin] {
      add([axis.x.bitPattern, axis.y.bitPattern, axis.z.bitPattern])
    }
  }

  fileprivate mutating func add(_ volume: LabelVolume) {
    add(volume.shape)
    add(volume.affine)
    add(volume.voxels)
  }
}
