extension PlannedSlice {
  /// Front of the sac in mm behind the bodies from which `SpinePainter` paints a compressor there.
  private static let pushed: Float = 2

  /// INTmin in mm of the modified K-line: from the middles of the cord at the inferior endplates of C2
  /// and C7 to the posterior margins of bodies, discs and ligament between them (Taniyama 2013).
  func intMin() -> Double {
    let (upper, lower) = (middleOfCord(below: 0), middleOfCord(below: 5))
    let d = lower - upper
    let along = d / (d * d).sum().squareRoot()
    // Downwards (0, 1) has its front at (-1, 0).
    let front: SIMD2<Float> = [-along.y, along.x]
    let distances = stride(
      from: spine.bodies[0].bottom, through: spine.bodies[5].bottom, by: 0.25
    ).map { s -> Float in
      let place = spine.curve.place(s: s, n: margin(s))
      return ((place - upper) * front).sum()
    }
    return Double(distances.min() ?? 0)
  }

  /// The middle of the cord beside a body's inferior endplate.
  private func middleOfCord(below body: Int) -> SIMD2<Float> {
    let s = spine.bodies[body].bottom
    return spine.curve.place(s: s, n: (spine.cordFront(s) + spine.cordBack(s)) / 2)
  }

  /// n of what stands furthest back in front of the sac at s.
  private func margin(_ s: Float) -> Float {
    var margins: [Float] = []
    for index in 1...5 where abs(s - spine.bodies[index].centre) <= spine.bodies[index].halfHeight {
      margins.append(wall(ofBody: index, at: s))
    }
    for index in 0...4 where abs(s - spine.discs[index].centre) <= spine.discs[index].height / 2 {
      margins.append(rear(ofDisc: index))
    }
    if spine.sacFront(s) >= Self.pushed { margins.append(sacFront(s) - OssifiedNeck.dura) }
    return margins.max() ?? 0
  }

  /// n of a body's posterior wall at s, with its waist and spurs, as `SpinePainter` paints it.
  private func wall(ofBody index: Int, at s: Float) -> Float {
    let body = spine.bodies[index]
    let t = abs(beside(middle, s: body.centre, n: -body.depth / 2)) / body.halfWidth
    let shrink = 1 - max(0, 1 - t * t * t * t).squareRoot()
    let h = (s - body.centre) / body.halfHeight
    let tall = h * h * h * h * h * h
    let spur = tall * (h < 0 ? body.beaks.backTop : body.beaks.backBottom)
    let hollowed = body.waist * max(0, 1 - h * h)
    return spur - 0.5 * hollowed - body.depth * 0.2 * shrink
  }
}
