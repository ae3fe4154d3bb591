internal import Imaging

/// How a study is prepared; the defaults are the method's (section 1).
public struct PreparationOptions: Equatable, Sendable {
  /// How grey values become the network's input.
  public var normalisation = Normalisation.flat
  /// A slice with fewer cord rows cannot be assessed: the running median needs its window.
  public var minimumCordRows = FlatLevels.window
  /// A slice with fewer 8x8 patches touching cord or CSF cannot be assessed.
  public var minimumROIPatches = 3
  /// Slices scored on each side of the chosen one.
  public var neighbours = 1
  /// Whether the other slices are prepared too (for display).
  public var allSlices = false
  /// Whether a cord longer than the window is covered by further windows.
  public var coversLongCords = true
  /// Width in mm of the CSF ring assumed where only the cord is known.
  public var canalEstimateMM = 3.0
  /// Rows narrower than this part of the median lie obliquely.
  public var obliqueFraction = 0.6
  /// A row keeps its full weight from this part of the width that any slice shows there, ...
  public var fullWidthFraction = 0.9
  /// ... and has none under this part: another slice sees it better.
  public var leastWidthFraction = 0.75
  /// Cord median over CSF p75 above which the whole cord may be bright.
  public var absoluteLevelLimit: Float = 0.7
  /// Cord median over CSF p75 below which the cord cannot be a cord.
  public var absoluteLevelLeast: Float = 0.1
  /// Half the width in mm of the region around the canal's centre where the slice is chosen.
  public var centralMM = 5.0

  /// The method's defaults.
  public init() {}
}

/// A study ready for scoring.
public struct PreparedStudy: Sendable {
  /// The prepared slices on the main window, from the patient's left to right.
  public var slices: [PreparedSlice]
  /// The slices to be scored on the windows that cover the rest of a long cord, by window from
  /// superior to inferior.
  public var further: [PreparedSlice] = []
  /// The `index` of each slice to be scored, the chosen one first.
  public var scoredIndices: [Int]
  /// The levels in the patient.
  public var levels: StudyLevels
  /// What a reader must know of the study; flags of single slices are with them.
  public var quality: [QualityFlag]
  /// Why nothing can be assessed, or `nil`.
  public var reason: String?
  /// Distance between slices (or partitions) in mm.
  public var sliceSpacingMM: Double
  /// Number of slices (or partitions) of the study.
  public var sliceCount: Int

  /// Makes a prepared study.
  public init(
    slices: [PreparedSlice], scoredIndices: [Int], levels: StudyLevels, quality: [QualityFlag],
    reason: String?, sliceSpacingMM: Double, sliceCount: Int
  ) {
    self.slices = slices
    self.scoredIndices = scoredIndices
    self.levels = levels
    self.quality = quality
    self.reason = reason
    self.sliceSpacingMM = sliceSpacingMM
    self.sliceCount = sliceCount
  }

  /// The windows of a slice of the main window, itself among them, superior to inferior.
  public func windows(of slice: PreparedSlice) -> [PreparedSlice] {
    ([slice] + further.filter { $0.index == slice.index }).sorted { $0.firstRow < $1.firstRow }
  }

  /// The rows that all windows cover together, on the main window's grid.
  public var joinedRows: Range<Int> {
    let firsts = [0] + further.map(\.firstRow)
    return (firsts.min() ?? 0)..<((firsts.max() ?? 0) + SagittalGrid.side)
  }

  /// Adds what was found of the study as a whole; that it is too coarse need not be said twice.
  ///
  /// A fault that stops detection becomes the reason of the study and of its slices, so that nobody
  /// uses them. Slices that have one of their own keep it; for the study the named fault goes before what
  /// may follow from it, such as a cord that is seen on few rows.
  mutating func add(_ flags: [QualityFlag]) {
    for flag in flags where flag.issue != .tooCoarse || !quality.names.contains(flag.flag) {
      quality.append(flag)
    }
    guard let fault = quality.first(where: { $0.issue?.stopsDetection == true }) else { return }
    for n in slices.indices where slices[n].unassessableReason == nil {
      slices[n].unassessableReason = fault.reason
    }
    for n in further.indices where further[n].unassessableReason == nil {
      further[n].unassessableReason = fault.reason
    }
    reason = fault.reason
  }

  /// The slices to be scored, the chosen one first; on the main window.
  public var scoredSlices: [PreparedSlice] {
    scoredIndices.compactMap { index in slices.first { $0.index == index } }
  }
}

/// A study whose files cannot be used at all.
public struct PreparationError: Error, Equatable, CustomStringConvertible {
  /// What is wrong, and what to do.
  public var description: String

  /// Makes an error.
  public init(_ description: String) { self.description = description }
}
