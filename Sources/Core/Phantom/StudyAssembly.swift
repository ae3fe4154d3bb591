internal import Imaging

/// Collects the slices of a study into volumes and states the truth.
struct StudyAssembly {
  let acquisition: Acquisition
  let placement: Placement
  private let shape: SIMD3<Int>
  private var image: [Float]
  private var cord: [UInt16]
  private var canal: [UInt16]
  private var lesion: [UInt16]
  private var spine: [UInt16]
  private var tissues: [UInt16]

  init(acquisition: Acquisition, placement: Placement) {
    self.acquisition = acquisition
    self.placement = placement
    shape = [acquisition.columns, acquisition.rows, acquisition.slices]
    let count = shape.x * shape.y * shape.z
    image = [Float](repeating: 0, count: count)
    cord = [UInt16](repeating: 0, count: count)
    canal = cord
    lesion = cord
    spine = cord
    tissues = cord
  }

  /// Stores a rendered slice.
  mutating func insert(_ slice: SliceRenderer.Result, _ k: Int) {
    let columns = shape.x
    for row in 0..<shape.y {
      let target = (placement.k(k) * shape.y + placement.j(row)) * columns
      let source = row * columns
      for column in 0..<columns {
        let (to, from) = (target + column, source + column)
        image[to] = slice.signal.pixels[from]
        let isCord = slice.cord[from] >= 0.5
        let isCanal = isCord || slice.canal[from] >= 0.5
        cord[to] = isCord ? 1 : 0
        canal[to] = isCanal ? 1 : 0
        lesion[to] = isCord && slice.lesion[from] >= LesionPlan.threshold ? 1 : 0
        spine[to] = isCord ? 1 : isCanal ? 2 : slice.labels[from]
        tissues[to] =
          tissue(PhantomTissue(rawValue: slice.tissues[from]), isCord: isCord, isCanal: isCanal)
          .rawValue
      }
    }
  }

  /// The tissue of a voxel: the middle section's, made to agree with the masks of the whole slice.
  private func tissue(
    _ middle: PhantomTissue, isCord: Bool, isCanal: Bool
  ) -> PhantomTissue {
    switch middle {
    case .cord, .greyMatter: isCord ? middle : isCanal ? .csf : .dura
    case .csf, .csfFlowVoid: isCord ? .cord : isCanal ? middle : .dura
    default: isCord ? .cord : isCanal ? .csf : middle
    }
  }

  /// The finished study.
  func study(recipe: PhantomRecipe, scene: Scene, random: PhantomRandom) -> PhantomStudy {
    let affine = placement.affine
    func volume(_ voxels: [UInt16]) -> LabelVolume {
      LabelVolume(shape: shape, voxels: voxels, affine: affine)
    }
    let landmarks = landmarks(scene)
    let narrowed = scene.confounders.narrowedSegments
    let strength = scene.lesions.foci.map(\.strength).max()
    let truth = PhantomTruth(
      recipe: recipe, hasLesion: recipe.kind.hasLesion,
      segments: LesionSegments.reached(by: volume(lesion), levels: landmarks),
      narrowed: narrowed.sorted(), lesionStrength: strength.map(Double.init), cord: volume(cord),
      canal: volume(canal), spine: volume(spine), lesion: volume(lesion),
      tissues: volume(tissues), landmarks: landmarks)
    let labels = StudyLabels(truth: truth, maskError: scene.confounders.maskError, random: random)
    return PhantomStudy(
      image: ImageVolume(shape: shape, voxels: image, affine: affine), labels: labels,
      truth: truth, demographics: .draw(recipe.kind, scene.confounders, random: random),
      sliceThicknessMM: Double(acquisition.thickness))
  }

  /// Body centres that lie within the picture.
  private func landmarks(_ scene: Scene) -> [VertebralLevel: SIMD3<Double>] {
    var result: [VertebralLevel: SIMD3<Double>] = [:]
    let bottom = acquisition.d0 + Float(acquisition.rows - 1) * acquisition.pixel
    for level in VertebralLevel.allCases {
      guard let place = scene.spine.landmark(level) else { continue }
      let point = scene.spine.curve.place(s: place.s, n: place.n)
      guard point.y > acquisition.d0, point.y < bottom else { continue }
      result[level] = placement.ras(
        x: Double(scene.spine.midline(point.y)), p: Double(point.x), d: Double(point.y))
    }
    return result
  }
}

extension PhantomStudy.Demographics {
  /// Draws a patient; those with lesions and tight canals score a little lower.
  static func draw(
    _ kind: PhantomClass, _ confounders: PhantomConfounders, random: PhantomRandom
  ) -> Self {
    var r = random.stream("demographics")
    let narrowed = confounders.narrowedSegments.count
    let loss = (kind.hasLesion ? 2.2 : 0.8) + 0.8 * Double(narrowed)
    let mjoa = 18 - abs(r.normal(0, 1)) * loss - r.uniform(0, loss)
    return Self(
      age: Int(r.normal(57, 11).rounded()), sex: r.chance(0.42) ? "F" : "M",
      mjoa: max(6, min(18, Int(mjoa.rounded()))))
  }

  /// The cells of participants.tsv.
  var cells: [String: String] { ["age": "\(age)", "sex": sex, "mjoa": "\(mjoa)"] }
}

extension PhantomConfounders {
  /// The segments whose canal is narrowed on purpose.
  var narrowedSegments: [SpinalSegment] {
    let pressed = narrowings.map(\.disc)
    let behind = (neck?.discs ?? []).filter { !pressed.contains($0) }
    return (pressed + behind).compactMap { SpinalSegment(rawValue: $0) }
  }
}
