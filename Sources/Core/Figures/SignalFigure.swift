public import Imaging

/// What cord, CSF and lesions are made of (the paper's figure 6).
public struct SignalFigure: Sendable {
  /// Grey values of studies in their own cord-to-CSF steps: 0 is the cord's median, 1 the CSF's
  /// level.
  public struct Signals: Equatable, Sendable {
    /// Pixels of the cord's core outside lesions.
    public var cord: [Double] = []
    /// Pixels of the CSF.
    public var csf: [Double] = []
    /// Pixels of the cord's core inside lesions.
    public var lesion: [Double] = []
    /// Studies they are of.
    public var studies = 0

    /// No pixels.
    public init() {}

    /// The pixels of a study's scored slices.
    ///
    /// - Parameter lesion: The lesion's voxels, 0 elsewhere.
    public init(_ study: PreparedStudy, lesion volume: LabelVolume) {
      studies = 1
      for slice in study.scoredSlices where slice.unassessableReason == nil {
        let geometry = CordGeometry(slice)
        let mask = volume.resampled(on: slice.grid).raster
        guard let step = slice.step,
          let centre = Percentiles.median(of: slice.image.pixels, where: geometry.core.pixels)
        else { continue }
        for n in slice.image.pixels.indices {
          let value = Double((slice.image.pixels[n] - centre) / step)
          if slice.anatomy.csf.pixels[n] { csf.append(value) }
          guard geometry.core.pixels[n] else { continue }
          if mask.pixels[n] != 0 { lesion.append(value) } else { cord.append(value) }
        }
      }
    }

    /// Adds another study's pixels.
    public mutating func add(_ other: Signals) {
      cord += other.cord
      csf += other.csf
      lesion += other.lesion
      studies += other.studies
    }
  }

  /// Densities of all pixels.
  public static func chart(_ signals: Signals, note: String) -> Chart {
    let parts = [
      ("cord core", signals.cord), ("lesion", signals.lesion), ("CSF", signals.csf),
    ]
    return Chart(
      "Signal of cord, lesions and CSF", note: note,
      x: .init("cord-to-CSF steps above the cord's median", from: -1.5, to: 2.5),
      y: .init("density"),
      series: parts.filter { !$0.1.isEmpty }.map { name, values in
        .histogram(name, values, bins: 80, from: -1.5, to: 2.5, isDensity: true)
      })
  }
}
