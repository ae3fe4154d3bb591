public import Imaging

/// The maps of one detection, slice by slice, as they are stored beside it.
public struct DerivativeMaps: Sendable {
  /// The maps of one scored slice; NaN where a map says nothing.
  public struct Slice: Sendable {
    /// Index of the source slice, from the patient's left to right.
    public var index: Int
    /// The plane in the patient.
    public var grid: SagittalGrid
    /// The signed error in units of the cord-to-CSF step.
    public var anomaly: ImageRaster
    /// Epistemic uncertainty.
    public var epistemic: ImageRaster?
    /// Aleatoric uncertainty.
    public var aleatoric: ImageRaster?
    /// The mean reconstruction.
    public var reconstruction: ImageRaster?

    /// Makes the maps of a slice.
    public init(
      index: Int, grid: SagittalGrid, anomaly: ImageRaster, epistemic: ImageRaster? = nil,
      aleatoric: ImageRaster? = nil, reconstruction: ImageRaster? = nil
    ) {
      self.index = index
      self.grid = grid
      self.anomaly = anomaly
      self.epistemic = epistemic
      self.aleatoric = aleatoric
      self.reconstruction = reconstruction
    }
  }

  /// The scored slices, by rising index.
  public var slices: [Slice]

  /// The maps of a detection that was just made.
  init(_ result: StudyDetector.Result) {
    self.init(
      slices: result.maps.map { maps in
        Slice(
          index: maps.index, grid: maps.grid, anomaly: maps.anomaly, epistemic: maps.epistemic,
          aleatoric: maps.aleatoric, reconstruction: maps.reconstruction)
      })
  }

  /// Makes a set of maps.
  public init(slices: [Slice]) { self.slices = slices.sorted { $0.index < $1.index } }

  /// One kind of map, and how it is stored.
  public enum Kind: String, CaseIterable, Sendable {
    /// The signed error.
    case anomaly
    /// Epistemic uncertainty.
    case epistemic
    /// Aleatoric uncertainty.
    case aleatoric
    /// The mean reconstruction.
    case reconstruction

    /// The ending of its file, "_desc-anomaly_map".
    public var ending: String {
      self == .reconstruction ? "_desc-reconstruction_T2w" : "_desc-\(rawValue)_map"
    }

    /// The name of its file for an image's stem.
    func fileName(_ stem: String) -> String { stem + ending + ".nii.gz" }

    /// The name under which the map of a former detection is kept, told apart by that one's hash.
    func versionName(_ stem: String, of detection: String) -> String {
      "\(stem)\(ending).\(detection.prefix(16)).nii.gz"
    }

    /// What it is and in which units, for its sidecar.
    var description: (text: String, units: String) {
      switch self {
      case .anomaly:
        ("Signed reconstruction error (image minus mean reconstruction)", "cord-to-CSF step")
      case .epistemic: ("Variance over the Monte-Carlo reconstructions", "normalised grey squared")
      case .aleatoric: ("Absolute reconstruction error", "normalised grey")
      case .reconstruction: ("Mean of the Monte-Carlo reconstructions", "normalised grey")
      }
    }
  }

  /// A kind of map as a volume [256 columns, rows, slices] with its true affine; slices between
  /// the scored ones that were not scored are NaN. `nil` when no slice has it.
  func volume(_ kind: Kind) -> ImageVolume? {
    let side = SagittalGrid.side
    guard let first = slices.first, let last = slices.last,
      slices.contains(where: { $0[kind] != nil })
    else { return nil }
    let count = last.index - first.index + 1
    let rows = first.grid.rows
    let perSlice = side * rows
    var voxels = [Float](repeating: .nan, count: perSlice * count)
    for slice in slices {
      guard let raster = slice[kind], raster.pixels.count == perSlice else { continue }
      let start = (slice.index - first.index) * perSlice
      voxels.replaceSubrange(start..<start + perSlice, with: raster.pixels)
    }
    return ImageVolume(
      shape: [side, rows, count], voxels: voxels, affine: affine(first, last, count))
  }

  /// From (column, row, slice) to RAS mm; one slice alone is as thick as a pixel is wide.
  private func affine(_ first: Slice, _ last: Slice, _ count: Int) -> Affine {
    var affine = first.grid.affine()
    if count > 1 { affine.k = (last.grid.origin - first.grid.origin) / Double(count - 1) }
    return affine
  }
}

extension DerivativeMaps.Slice {
  subscript(kind: DerivativeMaps.Kind) -> ImageRaster? {
    switch kind {
    case .anomaly: anomaly
    case .epistemic: epistemic
    case .aleatoric: aleatoric
    case .reconstruction: reconstruction
    }
  }
}
