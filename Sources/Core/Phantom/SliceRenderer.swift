/// Paints one slice of a scene as the mean of thin sections, with its truth.
struct SliceRenderer {
  let scene: Scene
  let acquisition: Acquisition

  /// One slice before coil, artefacts and noise.
  struct Result {
    var signal: Canvas
    /// TotalSpineSeg numbers of bodies and discs.
    var labels: [UInt16]
    /// Numbers of `PhantomTissue`, of the section in the slice's middle.
    var tissues: [UInt16]
    /// Share of each pixel that is cord, canal, and lesion.
    var cord: [Float]
    var canal: [Float]
    var lesion: [Float]
  }

  private func canvas() -> Canvas {
    Canvas(
      rows: acquisition.rows, columns: acquisition.columns, pixel: acquisition.pixel,
      p0: acquisition.p0, d0: acquisition.d0)
  }

  /// Renders slice k.
  func render(_ k: Int) -> Result {
    let x = acquisition.x(k)
    let base = canvas()
    BackgroundPainter(scene: scene, canvas: base, side: x, index: k).paint()
    let work = canvas()
    let count = base.count
    var labels = [UInt16](repeating: 0, count: count)
    var tissues = Array(UnsafeBufferPointer(start: base.tissues, count: count))
    var cord = [Float](repeating: 0, count: count)
    var canal = [Float](repeating: 0, count: count)
    var lesion = [Float](repeating: 0, count: count)
    let box = columnsOfSpine(base)
    var sum = [Float](repeating: 0, count: base.rows * box.count)
    // An odd number of sections, so that one lies in the slice's middle and carries the labels.
    let sections = 2 * Int((acquisition.thickness / 2.6).rounded(.up)) + 1
    let weight = 1 / Float(sections)
    for section in 0..<sections {
      let offset = (Float(section) + 0.5) * weight - 0.5
      copy(box, from: base, to: work)
      labels.withUnsafeMutableBufferPointer { labels in
        let own = section == sections / 2 ? labels.baseAddress : nil
        SpinePainter(
          scene: scene, canvas: work, x: x + offset * acquisition.thickness, index: k, labels: own
        ).paint()
      }
      cord.withUnsafeMutableBufferPointer { cord in
        canal.withUnsafeMutableBufferPointer { canal in
          lesion.withUnsafeMutableBufferPointer { lesion in
            guard let a = cord.baseAddress, let b = canal.baseAddress, let c = lesion.baseAddress
            else { return }
            CanalPainter(
              scene: scene, canvas: work, x: x + offset * acquisition.thickness, index: k,
              truth: CanalPainter.Truth(cord: a, canal: b, lesion: c, weight: weight)
            ).paint()
          }
        }
      }
      add(box, of: work, to: &sum, weight: weight)
      if section == sections / 2 { take(box, of: work, into: &tissues) }
    }
    for row in 0..<base.rows {
      for (place, column) in box.enumerated() {
        base.pixels[row * base.columns + column] = sum[row * box.count + place]
      }
    }
    return Result(
      signal: base, labels: labels, tissues: tissues, cord: cord, canal: canal, lesion: lesion)
  }

  /// The columns that bones or canal can touch.
  private func columnsOfSpine(_ canvas: Canvas) -> Range<Int> {
    let walls = (0..<canvas.rows).map { scene.spine.curve.wallP(canvas.d($0)) }
    let low = (walls.min() ?? 0) - 34
    let high = (walls.max() ?? 0) + 68
    return canvas.columns(from: low, to: high)
  }

  private func copy(_ box: Range<Int>, from: Canvas, to: Canvas) {
    for row in 0..<from.rows {
      let start = row * from.columns + box.lowerBound
      (to.pixels + start).update(from: from.pixels + start, count: box.count)
      (to.tissues + start).update(from: from.tissues + start, count: box.count)
    }
  }

  private func take(_ box: Range<Int>, of canvas: Canvas, into tissues: inout [UInt16]) {
    for row in 0..<canvas.rows {
      for column in box {
        tissues[row * canvas.columns + column] = canvas.tissues[row * canvas.columns + column]
      }
    }
  }

  private func add(_ box: Range<Int>, of canvas: Canvas, to sum: inout [Float], weight: Float) {
    sum.withUnsafeMutableBufferPointer { sum in
      for row in 0..<canvas.rows {
        let source = canvas.pixels + row * canvas.columns + box.lowerBound
        let start = row * box.count
        for place in 0..<box.count { sum[start + place] += source[place] * weight }
      }
    }
  }
}
