public import Imaging

/// One sagittal slice ready for the engine and for the detectors without training.
public struct PreparedSlice: Sendable {
  /// Index of the source slice (or partition) in the study, from the patient's left to right.
  public var index: Int
  /// The plane in the patient.
  public var grid: SagittalGrid
  /// First row of its window on the study's main window; 0 for the main window itself.
  public var firstRow = 0
  /// The grey values as acquired, resampled on the grid; for display and for the signal detectors.
  public var image: ImageRaster
  /// The network's input, 0...1: `flat` by default, `minmax` for parity.
  public var normalised: ImageRaster
  /// Cord, CSF and level rows on the grid.
  public var anatomy: SliceAnatomy
  /// One weight per row of the grid: 1, less where the cord leaves the slice obliquely (method,
  /// section 1), 0 where it has left it or there is none.
  public var rowWeight: [Float]
  /// Rows on which the cord is cut by the edge of what was acquired, or its middle lies beyond the
  /// outermost slice: scored as they are, not measured.
  public var unseenRows: Set<Int> = []
  /// The cord-to-CSF step of the image in grey values (CSF p75 - cord median); `nil` if unknown.
  public var step: Float?
  /// One cord-to-CSF step in units of `normalised`, row by row; empty where it is the same on all.
  ///
  /// A flat image is stretched by each row's own step, which is small where CSF is effaced. Scores
  /// are in units of the slice's one step, so that such rows are not exaggerated (decision 007).
  public var stepByRow: [Float] = []
  /// The cord's slow level that `normalised` is free of, row by row, in the slice's cord-to-CSF
  /// steps; empty where nothing was taken out (decision 012).
  public var levelByRow: [Float] = []
  /// Cord median over CSF p75: the absolute level that `flat` cannot see.
  public var absoluteLevel: Float?
  /// What a reader must know.
  public var quality: [QualityFlag]
  /// Why nothing on this slice can be assessed, or `nil`.
  public var unassessableReason: String?
  /// How `normalised` was made.
  public var normalisation: Normalisation

  /// Makes a prepared slice.
  public init(
    index: Int, grid: SagittalGrid, image: ImageRaster, normalised: ImageRaster,
    anatomy: SliceAnatomy, rowWeight: [Float], step: Float?, absoluteLevel: Float?,
    quality: [QualityFlag], unassessableReason: String?,
    normalisation: Normalisation = .flat
  ) {
    self.index = index
    self.grid = grid
    self.image = image
    self.normalised = normalised
    self.anatomy = anatomy
    self.rowWeight = rowWeight
    self.step = step
    self.absoluteLevel = absoluteLevel
    self.quality = quality
    self.unassessableReason = unassessableReason
    self.normalisation = normalisation
  }
}
