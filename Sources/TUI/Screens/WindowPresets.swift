internal import Core
internal import Imaging

/// Grey windows for one study, from percentiles over all its slices so that slices compare.
struct WindowPresets: Equatable, Sendable {
  /// The presets, one per digit key.
  enum Preset: String, CaseIterable, Sendable {
    case automatic, full, cord, wide, fluid, scanner

    /// The name in the header.
    var name: String {
      switch self {
      case .automatic: "auto"
      case .full: "full"
      case .cord: "cord"
      case .wide: "wide"
      case .fluid: "fluid"
      case .scanner: "scanner"
      }
    }
  }

  private var windows: [Preset: WindowLevel]

  /// The window of a preset; the automatic one where the picture has none of its own for it.
  func callAsFunction(_ preset: Preset) -> WindowLevel {
    windows[preset] ?? windows[.automatic] ?? WindowLevel(from: 0, to: 1)
  }

  /// Whether the picture has a window for a preset: that of the scanner is missing where no file states it.
  func has(_ preset: Preset) -> Bool { windows[preset] != nil }

  /// Takes windows as they are.
  init(_ windows: [Preset: WindowLevel]) { self.windows = windows }

  /// Reads the windows off a study.
  init(_ study: ReviewStudy) {
    var all: [Float] = []
    var cord: [Float] = []
    for picture in study.pictures {
      // Every third pixel is plenty for percentiles, and a third of the time.
      for index in stride(from: 0, to: picture.image.pixels.count, by: 3) {
        let value = picture.image.pixels[index]
        guard value.isFinite else { continue }
        // Air and padding would pull the percentiles down.
        if value > 0 { all.append(value) }
        if let mask = picture.cord, mask.pixels[index] { cord.append(value) }
      }
    }
    all.sort()
    cord.sort()
    func at(_ sorted: [Float], _ fraction: Double) -> Float {
      sorted.isEmpty ? 0 : sorted[Int(Double(sorted.count - 1) * fraction)]
    }
    let (low, high) = (at(all, 0.01), at(all, 0.985))
    windows = [
      .automatic: Self.window(low, high),
      .full: Self.window(min(all.first ?? 0, 0), all.last ?? 1),
      .wide: Self.window(low - (high - low) * 0.3, high + (high - low) * 0.3),
      .fluid: Self.window(at(all, 0.5), all.last ?? 1),
    ]
    if cord.count >= 50 {
      let (from, to) = (at(cord, 0.02), at(cord, 0.98))
      let margin = max(to - from, (high - low) * 0.1) * 0.6
      windows[.cord] = Self.window(from - margin, to + margin)
    } else {
      windows[.cord] = windows[.automatic]
    }
    windows[.scanner] = study.scannerWindow
  }

  private static func window(_ low: Float, _ high: Float) -> WindowLevel {
    WindowLevel(from: low, to: high > low ? high : low + 1)
  }
}
