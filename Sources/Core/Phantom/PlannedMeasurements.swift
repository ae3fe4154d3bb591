/// What measuring a phantom should give, from the plan that it was painted after and not from its
/// pixels; on one of its slices, because the cord is an ellipse and a slice may lie beside its middle.
public struct PlannedMeasurements: Sendable {
  /// One disc level.
  public struct Level: Sendable {
    /// The level.
    public var segment: SpinalSegment
    /// Smallest cord diameter of the level in mm.
    public var cordAPMM: Double
    /// MSCC in percent against the adjacent mid-bodies.
    public var msccPercent: Double
    /// MCC in percent against the adjacent mid-bodies.
    public var mccPercent: Double
    /// Posterior displacement of the disc in mm behind the corners of the bodies.
    public var displacementMM: Double
  }

  /// Angle in degrees between the frames of C2 and C7, whose endplates lie square to them.
  public var cobbDegrees: Double
  /// The modified K-line's INTmin in mm: how far what stands behind the bodies of C3 to C7 stays in
  /// front of the line; negative beyond it.
  public var intMinMM: Double
  /// C2-3 ... C7-T1.
  public var levels: [Level]
  /// The level with the largest MSCC.
  public var narrowest: SpinalSegment?
}

extension PhantomGenerator {
  /// What measuring a slice (0 = patient's left) of a recipe's study should give.
  public func plannedMeasurements(_ recipe: PhantomRecipe, slice: Int) -> PlannedMeasurements {
    let random = PhantomRandom(seed: recipe.seed)
    let scene = Scene.draw(
      recipe.kind, domain: recipe.domain, necks: necks, random: random)
    let acquisition = Acquisition.draw(
      configuration, domain: recipe.domain, scene: scene, random: random)
    let plan = PlannedSlice(spine: scene.spine, acquisition: acquisition, slice: slice)
    let levels = SpinalSegment.allCases.map(plan.level)
    return PlannedMeasurements(
      cobbDegrees: plan.tilt(5) - plan.tilt(0), intMinMM: plan.intMin(), levels: levels,
      narrowest: levels.max { $0.msccPercent < $1.msccPercent }?.segment)
  }
}

/// A spine as one slice of an acquisition cuts it.
struct PlannedSlice {
  let spine: SpinePlan
  /// Sideways places of the thin sections that the slice is painted of, in mm; the middle one carries
  /// the labels of bones and discs.
  let sections: [Float]

  init(spine: SpinePlan, acquisition: Acquisition, slice: Int) {
    self.spine = spine
    let count = 2 * Int((acquisition.thickness / 2.6).rounded(.up)) + 1
    sections = (0..<count).map { section in
      let offset = (Float(section) + 0.5) / Float(count) - 0.5
      return acquisition.x(slice) + offset * acquisition.thickness
    }
  }

  var middle: Float { sections[sections.count / 2] }

  /// Tilt of a body's frame in degrees; lordosis makes it grow downwards.
  func tilt(_ body: Int) -> Double {
    let s = spine.bodies[body].centre
    return PlaneLine(
      point: .zero,
      direction: [-Double(spine.curve.cosine(s)), Double(spine.curve.sine(s))]
    ).slopeDegrees
  }

  func beside(_ x: Float, s: Float, n: Float) -> Float {
    x - spine.midline(spine.curve.d(s) - n * spine.curve.sine(s))
  }

  /// Anterior-posterior chord of an ellipse beside its middle; a voxel is called by the half of its
  /// sections, so the middle one of the sections' chords is seen.
  private func chord(_ thick: Float, _ wide: Float, _ offsets: [Float]) -> Double {
    let chords = offsets.map { off in
      Double(thick * max(0, 1 - off * off / (wide * wide)).squareRoot())
    }
    return PlaneLine.median(chords)
  }

  /// Diameter of the cord at s in mm.
  func cord(_ s: Float) -> Double {
    let (front, back) = (spine.cordFront(s), spine.cordBack(s))
    return chord(
      back - front, spine.cordHalfWidth(s),
      sections.map { beside($0, s: s, n: (front + back) / 2) - spine.cordSide(s) })
  }

  /// Diameter of the canal at s in mm.
  func canal(_ s: Float) -> Double {
    let (front, back) = (spine.sacFront(s), spine.sacBack(s))
    return chord(
      back - front, spine.sacHalfWidth(s),
      sections.map { beside($0, s: s, n: (front + back) / 2) })
  }

  func level(_ segment: SpinalSegment) -> PlannedMeasurements.Level {
    let index = segment.rawValue
    let (above, below) = (spine.bodies[index], spine.bodies[index + 1])
    let disc = spine.discs[index].centre
    let window = stride(
      from: (above.centre + disc) / 2, through: (disc + below.centre) / 2, by: 0.25)
    func loss(_ diameter: (Float) -> Double) -> (smallest: Double, percent: Double) {
      let smallest = window.map(diameter).min() ?? 0
      let reference = (diameter(above.centre) + diameter(below.centre)) / 2
      return (smallest, (1 - smallest / reference) * 100)
    }
    let cord = loss(cord)
    return PlannedMeasurements.Level(
      segment: segment, cordAPMM: cord.smallest, msccPercent: cord.percent,
      mccPercent: loss(canal).percent, displacementMM: displacement(index))
  }

  /// Distance of the disc's posterior contour behind the line of the bodies' corners.
  private func displacement(_ index: Int) -> Double {
    let (above, below) = (spine.bodies[index], spine.bodies[index + 1])
    let a = corner(above, v: above.halfHeight)
    let b = corner(below, v: -below.halfHeight)
    let d = b - a
    let length = (d * d).sum().squareRoot()
    let back: SIMD2<Float> = [d.y / length, -d.x / length]
    let tip = spine.curve.place(s: spine.discs[index].centre, n: rear(ofDisc: index))
    return Double(((tip - a) * back).sum())
  }

  /// n of a disc's posterior contour, as far as the dural sac, which is painted over the disc, leaves
  /// it.
  func rear(ofDisc index: Int) -> Float {
    let (disc, above, below) = (spine.discs[index], spine.bodies[index], spine.bodies[index + 1])
    let l = abs(beside(middle, s: disc.centre, n: -disc.depth / 2))
    let t = l / min(above.halfWidth, below.halfWidth)
    let shrink = 1 - max(0, 1 - t * t * t * t).squareRoot()
    let rear = disc.bulge * (1 - 0.4 * t) - disc.depth * 0.2 * shrink
    return min(rear, sacFront(disc.centre))
  }

  /// n of the sac's front beside its middle, as far as half of the sections see it.
  func sacFront(_ s: Float) -> Float {
    let fronts = sections.map { x -> Double in
      let (front, rearOfSac) = (spine.sacFront(s), spine.sacBack(s))
      let off = beside(x, s: s, n: (front + rearOfSac) / 2)
      let wide = spine.sacHalfWidth(s)
      let half = (rearOfSac - front) / 2 * max(0, 1 - off * off / (wide * wide)).squareRoot()
      return Double((front + rearOfSac) / 2 - half)
    }
    return Float(PlaneLine.median(fronts))
  }

  /// The place of a posterior corner without its spur.
  private func corner(_ body: SpinePlan.Body, v: Float) -> SIMD2<Float> {
    let (sine, cosine) = (spine.curve.sine(body.centre), spine.curve.cosine(body.centre))
    let l = abs(beside(middle, s: body.centre, n: -body.depth / 2))
    let t = l / body.halfWidth
    let shrink = 1 - max(0, 1 - t * t * t * t).squareRoot()
    let centre = spine.curve.place(s: body.centre, n: -body.depth / 2)
    let u = body.depth / 2 - body.depth * 0.2 * shrink
    return centre + [u * cosine + v * sine, -u * sine + v * cosine]
  }
}
