public import Imaging

/// The segmented anatomy of one sagittal slice on the canonical grid: what is measured.
///
/// Masks are shares of pixels (0...1), whose half is the edge; so edges are known to parts of a
/// pixel. Millimetres in the slice are (posterior, inferior) from the centre of pixel (0, 0).
public struct SegmentedSlice: Sendable {
  /// Index of the source slice (or partition), from the patient's left to right.
  public var index: Int
  /// The plane in the patient.
  public var grid: SagittalGrid
  /// Cord, holes closed; `nil` where it is not labelled.
  public var cord: ImageRaster?
  /// Whether the cord's outline is the anatomy network's, as nobody corrected it.
  public var cordIsFound = false
  /// Whether the canal's outline is.
  public var canalIsFound = false
  /// Whether the bodies' outlines are.
  public var bodiesAreFound = false
  /// Whether the discs' outlines are.
  public var discsAreFound = false
  /// Cord and CSF together.
  public var canal: ImageRaster?
  /// Vertebral bodies without posterior elements; C2 with its dens.
  public var bodies: [VertebralLevel: ImageRaster]
  /// Discs by the vertebra above, with what protrudes of them.
  public var discs: [VertebralLevel: ImageRaster]
  /// Other anterior compressors (ossified ligament, osteophytes behind the walls).
  public var compressor: ImageRaster?
  /// Where the image was acquired.
  public var covered: MaskRaster
  /// How much of the cord lies in the slice on each row (`PreparedSlice.rowWeight`); `nil`: all.
  public var rowWeight: [Float]?
  /// Rows on which the cord is cut by the edge of what was acquired (`PreparedSlice.unseenRows`).
  public var unseenRows: Set<Int> = []
  /// The slices on either side of the one that is measured, as far as their labels are known; see
  /// ``withNeighbours(of:)``.
  public var neighbours: [SegmentedSlice] = []
  /// Grey values as acquired, for what is measured of the signal.
  public var image: ImageRaster?
  /// Lesions on this slice.
  public var lesions: [SliceLesion] = []
  /// Segments that a detection flags, none where a lesion mask is empty; `nil` while nobody has
  /// looked. Those that ``lesions`` reach are added.
  public var flagged: Set<SpinalSegment>?
  /// Segments that a detection flags and no lesion bears, each with the reason why there is none.
  public var unplaced: [SpinalSegment: String] = [:]
  /// Why there may be a lesion where none is flagged; `nil` where nothing speaks for one.
  public var signalDoubt: String?
  /// Where the levels come from.
  public var levelSource: LevelSource
  /// The vertebrae whose place detection knows; `nil` where nobody asked it, and every labelled level counts.
  public var knownLevels: Set<VertebralLevel>?
  /// Row of each vertebra's centre as detection has it, between which segments lie; `nil` where nobody asked it, and
  /// the centroids of ``bodies`` count.
  public var levelRows: [VertebralLevel: Double]?
  /// Where each mask comes from, by role ("cord", "canal", "spine").
  public var sources: [String: String] = [:]
  /// What a reader must know of the slice.
  public var quality: [QualityFlag] = []

  /// Makes a slice of shares that are known already.
  public init(
    index: Int, grid: SagittalGrid, cord: ImageRaster?, canal: ImageRaster?,
    bodies: [VertebralLevel: ImageRaster], discs: [VertebralLevel: ImageRaster],
    compressor: ImageRaster? = nil, covered: MaskRaster? = nil, image: ImageRaster? = nil,
    levelSource: LevelSource = .labelled
  ) {
    self.index = index
    self.grid = grid
    let whole = cord.map(Self.oneCord)
    self.cord = whole
    self.canal = canal.map { Self.union($0, whole) }
    self.bodies = bodies
    self.discs = discs
    self.compressor = compressor
    self.covered =
      covered ?? MaskRaster(rows: grid.rows, columns: SagittalGrid.side, filledWith: true)
    self.image = image
    self.levelSource = levelSource
  }

  /// Makes a slice of a segmentation: tissues, levels of bodies and discs, and soft masks if any.
  ///
  /// A pixel of protrusion belongs to the nearest disc. Binary masks are smoothed by
  /// ``edgeSmoothing``, soft ones are taken as they are.
  /// - Parameters:
  ///   - tissues: One tissue per pixel of the grid.
  ///   - bodies: Pixels of each body.
  ///   - discs: Pixels of each disc, by the vertebra above.
  ///   - softCord: Probability of cord per pixel.
  ///   - softCanal: Probability of cord or CSF per pixel.
  public init(
    index: Int, grid: SagittalGrid, tissues: Raster<SliceTissue>,
    bodies: [VertebralLevel: MaskRaster], discs: [VertebralLevel: MaskRaster],
    softCord: ImageRaster? = nil, softCanal: ImageRaster? = nil, covered: MaskRaster? = nil,
    image: ImageRaster? = nil, levelSource: LevelSource = .labelled
  ) {
    func share(_ wanted: Set<SliceTissue>) -> ImageRaster? {
      let mask = tissues.map { wanted.contains($0) }
      return mask.pixels.contains(true) ? Self.softened(mask) : nil
    }
    let protrusion = tissues.map { $0 == .discProtrusion }
    self.init(
      index: index, grid: grid, cord: softCord ?? share([.cord]),
      canal: softCanal ?? (tissues.pixels.contains(.csf) ? share([.cord, .csf]) : nil),
      bodies: bodies.mapValues(Self.softened),
      discs: Self.adding(protrusion, to: discs).mapValues(Self.softened),
      compressor: share([.otherCompressor]), covered: covered, image: image,
      levelSource: levelSource)
  }

  /// Deviation in px of the blur that gives a binary mask an edge within the pixel.
  public static let edgeSmoothing = 1.0

  /// A binary mask as shares.
  static func softened(_ mask: MaskRaster) -> ImageRaster {
    Gaussian.blur(mask.map { $0 ? 1 : 0 }, sigma: edgeSmoothing)
  }

  /// Discs with the protrusion pixels nearest to each.
  private static func adding(
    _ protrusion: MaskRaster, to discs: [VertebralLevel: MaskRaster]
  ) -> [VertebralLevel: MaskRaster] {
    let centres = discs.compactMapValues { mask in
      ConnectedComponents.label(mask).largest?.centroid
    }
    var result = discs
    for row in 0..<protrusion.rows {
      for column in 0..<protrusion.columns where protrusion[row, column] {
        let nearest = centres.min { a, b in
          distance(a.value, row, column) < distance(b.value, row, column)
        }
        if let level = nearest?.key { result[level]?[row, column] = true }
      }
    }
    return result
  }

  static func distance(
    _ centre: (row: Double, column: Double), _ row: Int, _ column: Int
  ) -> Double {
    let (a, b) = (centre.row - Double(row), centre.column - Double(column))
    return a * a + b * b
  }

  /// The largest piece of a cord, its holes closed: an unlabelled lesion is cord.
  private static func oneCord(_ share: ImageRaster) -> ImageRaster {
    let filled = Morphology.fillHoles(share.map { $0 >= 0.5 })
    let labelled = ConnectedComponents.label(filled, connectivity: .eight)
    guard let largest = labelled.largest else { return share }
    var result = share
    for n in result.pixels.indices {
      let label = labelled.labels.pixels[n]
      if label != 0 && label != largest.label {
        result.pixels[n] = 0
      } else if label == largest.label && share.pixels[n] < 0.5 {
        result.pixels[n] = 1
      }
    }
    return result
  }

  private static func union(_ a: ImageRaster, _ b: ImageRaster?) -> ImageRaster {
    guard let b else { return a }
    var result = a
    for n in result.pixels.indices { result.pixels[n] = max(a.pixels[n], b.pixels[n]) }
    return result
  }

  /// Why nothing is measured at a level though its disc may be labelled: detection, which does not know the place
  /// of a vertebra beside it, does not assess it, either.
  ///
  /// A flag that voids the family says more, and so does the one that no vertebra is named.
  func unnamed(_ family: MeasurementFamily) -> [SpinalSegment: String] {
    guard let knownLevels else { return [:] }
    let found = foundFamilies
    let flag =
      quality.first { $0.voids(family, found: found) }
      ?? (knownLevels.isEmpty ? quality.first { $0.flag == "levels-missing" } : nil)
    var reasons: [SpinalSegment: String] = [:]
    for segment in SpinalSegment.allCases {
      reasons[segment] = segment.absence(among: knownLevels).map { flag?.reason ?? $0 }
    }
    return reasons
  }

  /// The families of measurements that rest on outlines of the anatomy network which nobody corrected.
  var foundFamilies: Set<MeasurementFamily> {
    var found: Set<MeasurementFamily> = []
    if bodiesAreFound { found.insert(.alignment) }
    if cordIsFound { found.insert(.cord) }
    if cordIsFound || canalIsFound { found.insert(.canal) }
    // A disc is displaced against the walls of the bodies beside it.
    if bodiesAreFound || discsAreFound { found.insert(.discs) }
    return found
  }

  /// Whether anybody has looked for lesions: a detection, or a reader with a mask.
  var isSignalKnown: Bool { flagged != nil || !lesions.isEmpty }

  /// Whether anything of a share is there.
  static func isSeen(_ share: ImageRaster) -> Bool { share.pixels.contains { $0 >= 0.5 } }
}
