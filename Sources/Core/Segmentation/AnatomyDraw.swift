/// What drawing a sample from a phantom and from a labelled study have in common.
enum AnatomyDraw {
  /// Grey values and codes of planes at the places of a view.
  static func slices(
    _ planes: [PhantomAnatomyStudy.Plane], at places: [SIMD2<Float>], background: UInt8
  ) -> (images: [[Float]], codes: [[UInt8]]) {
    var images = [[Float]](
      repeating: [Float](repeating: 0, count: places.count), count: planes.count)
    var codes = [[UInt8]](
      repeating: [UInt8](repeating: 0, count: places.count), count: planes.count)
    for (channel, plane) in planes.enumerated() {
      plane.sample(
        at: places, background: background, image: &images[channel], tissues: &codes[channel])
    }
    return (images, codes)
  }

  /// Thicker slices: a part of the neighbours comes into the slice between them.
  static func thicken(_ slices: inout [[Float]], random: inout RandomSource) {
    guard random.chance(0.25) else { return }
    let part = random.uniform(from: 0, to: 0.25)
    for n in slices[1].indices {
      slices[1][n] = (1 - 2 * part) * slices[1][n] + part * (slices[0][n] + slices[2][n])
    }
  }

  /// A sample of three slices and the codes of the middle one.
  ///
  /// - Parameters:
  ///   - places: a code per pixel, which `tissues` and `levels` are looked up by.
  static func sample(
    _ slices: [[Float]], places: [UInt8], tissues: [UInt8], levels: [UInt8],
    _ degradation: AnatomyDegradation, side: Int
  ) -> AnatomySample {
    var image = [Float](repeating: 0, count: places.count * 3)
    for n in places.indices {
      for channel in 0..<3 { image[3 * n + channel] = slices[channel][n] }
    }
    AnatomyInput.normalise(&image)
    var tissues = places.map { tissues[Int($0)] }
    var levels = places.map { levels[Int($0)] }
    for row in 0..<side {
      for column in 0..<side
      where !degradation.rows.contains(row) || !degradation.columns.contains(column) {
        tissues[row * side + column] = AnatomyTissue.background.rawValue
        levels[row * side + column] = AnatomyLabel.ignored
      }
    }
    return AnatomySample(image: image, tissues: tissues, levels: levels)
  }
}
