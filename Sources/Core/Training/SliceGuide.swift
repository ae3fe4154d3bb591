internal import Imaging

/// What the latest maps of one slice say to adaptation: where the network is uncertain, and where a
/// lesion may be (method, section 5).
///
/// Pixels are kept by place (row x 256 + column), region only: a slice has about 3,000 of them.
struct SliceGuide: Sendable {
  /// Reconstructed pixels.
  private let places: [UInt16]
  /// Epistemic uncertainty of each.
  private let uncertainty: [Float]
  /// Pixels of the candidate lesions.
  private let candidates: [UInt16]
  /// Mean epistemic uncertainty over the region; `nil` where nothing was reconstructed.
  let meanEpistemic: Double?
  /// Mean absolute error over the region.
  let meanAleatoric: Double?
  /// How well the slice is reconstructed.
  let metrics: ReconstructionMetrics?
  /// Patches of the unshifted grid that candidates touch.
  let excludedPatches: Int

  private static let side = PatchGrid.imageSide

  /// Gathers what a slice's maps say.
  ///
  /// Candidates are looked for on the 3 x 3-eroded cord, as the reference does (clinical, item 14):
  /// the rim's partial volume would outdo every lesion.
  init(_ maps: UncertaintyMaps, of slice: TrainingSlice, filter: AleatoricFilter) {
    let known = maps.reconstructed.pixels
    let indices = known.indices.filter { known[$0] }
    places = indices.map { UInt16($0) }
    uncertainty = indices.map { maps.epistemic.pixels[$0] }
    let inner = Morphology.erode(slice.cord)
    var errors = maps.aleatoric
    for n in errors.pixels.indices where !inner.pixels[n] { errors.pixels[n] = 0 }
    let lesions = filter.candidates(errors)
    candidates = lesions.pixels.indices.filter { lesions.pixels[$0] }.map { UInt16($0) }
    excludedPatches = PatchGrid.coverage(of: lesions).count { $0 > 0 }
    meanEpistemic = Self.mean(maps.epistemic, indices)
    meanAleatoric = Self.mean(maps.aleatoric, indices)
    metrics = ReconstructionMetrics(
      image: slice.normalised, reconstruction: maps.mean, variance: maps.epistemic,
      region: maps.reconstructed)
  }

  /// Summed EU of each maskable token of a view of the slice.
  func patchUncertainty(_ view: TokenisedSlice) -> [Double] {
    var sums = [Double](repeating: 0, count: PatchGrid.count)
    for (place, value) in zip(places, uncertainty) where value.isFinite {
      if let patch = Self.patch(of: place, view) { sums[patch] += Double(value) }
    }
    return view.maskable.map { sums[view.tokens[$0]] }
  }

  /// Maskable positions of a view that no candidate touches.
  func learnable(_ view: TokenisedSlice) -> [Int] {
    var isExcluded = [Bool](repeating: false, count: PatchGrid.count)
    for place in candidates {
      if let patch = Self.patch(of: place, view) { isExcluded[patch] = true }
    }
    return view.maskable.filter { !isExcluded[view.tokens[$0]] }
  }

  /// The grid patch of a view that shows a pixel, if any does.
  private static func patch(of place: UInt16, _ view: TokenisedSlice) -> Int? {
    let row = Int(place) / side - view.rowShift
    let column = Int(place) % side - view.columnShift
    guard (0..<side).contains(row), (0..<side).contains(column) else { return nil }
    return row / PatchGrid.patch * PatchGrid.side + column / PatchGrid.patch
  }

  private static func mean(_ raster: ImageRaster, _ indices: [Int]) -> Double? {
    guard !indices.isEmpty else { return nil }
    return indices.reduce(0) { $0 + Double(raster.pixels[$1]) } / Double(indices.count)
  }
}
