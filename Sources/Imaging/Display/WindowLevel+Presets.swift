/// Windows found from the picture itself.
public enum WindowPreset: String, CaseIterable, Sendable {
  /// 1st to 99th percentile of the body (or of all values that are not the background's).
  case auto
  /// Smallest to largest value.
  case wide
  /// Centred on the cord, one cord-to-CSF step to either side.
  case cord
  /// From just under the cord to the brightest CSF: shows detail within the CSF.
  case brightCSF
}

extension WindowLevel {
  /// The window of a preset; `nil` when the picture lacks what it needs (no contrast, or no cord
  /// or CSF pixels for the presets named after them).
  /// - Parameters:
  ///   - preset: Which.
  ///   - image: Grey values.
  ///   - body: Pixels that count for `auto`; without it those above the smallest value.
  ///   - cord: Cord pixels, for `cord` and `brightCSF`.
  ///   - csf: CSF pixels, for `cord` and `brightCSF`.
  public static func preset(
    _ preset: WindowPreset, of image: ImageRaster, body: MaskRaster? = nil,
    cord: MaskRaster? = nil, csf: MaskRaster? = nil
  ) -> WindowLevel? {
    switch preset {
    case .auto:
      let mask = body?.pixels ?? aboveBackground(image)
      return spanning([1, 99], of: image, mask) ?? spanning([0, 100], of: image, nil)
    case .wide:
      return spanning([0, 100], of: image, nil)
    case .cord:
      guard let cord, let centre = Percentiles.median(of: image.pixels, where: cord.pixels)
      else { return nil }
      let step = csf.flatMap { cordToCSFStep(image, centre, $0) }
      guard
        let half = step
          ?? Percentiles.scaledMAD(of: image.pixels, where: cord.pixels)
          .map({ $0 * 4 }), half > 0
      else { return nil }
      return WindowLevel(window: 2 * half, level: centre)
    case .brightCSF:
      guard let cord, let csf,
        let centre = Percentiles.median(of: image.pixels, where: cord.pixels),
        let step = cordToCSFStep(image, centre, csf),
        let brightest = Percentiles.value(99, of: image.pixels, where: csf.pixels)
      else { return nil }
      return WindowLevel(from: centre - 0.5 * step, to: max(brightest, centre + step))
    }
  }

  /// CSF 75th percentile minus cord median, when it is a step up.
  private static func cordToCSFStep(
    _ image: ImageRaster, _ cordMedian: Float, _ csf: MaskRaster
  ) -> Float? {
    guard let bright = Percentiles.value(75, of: image.pixels, where: csf.pixels),
      bright > cordMedian
    else { return nil }
    return bright - cordMedian
  }

  private static func spanning(
    _ percents: [Double], of image: ImageRaster, _ mask: [Bool]?
  ) -> WindowLevel? {
    guard let found = Percentiles.values(percents, of: image.pixels, where: mask),
      found[1] > found[0]
    else { return nil }
    return WindowLevel(from: found[0], to: found[1])
  }

  /// The pixels above the smallest value: air that was zeroed must not count as tissue.
  private static func aboveBackground(_ image: ImageRaster) -> [Bool] {
    let smallest = image.pixels.filter { $0.isFinite }.min() ?? 0
    return image.pixels.map { $0 > smallest }
  }
}
