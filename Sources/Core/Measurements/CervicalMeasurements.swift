public import Foundation
internal import Imaging

/// The clinical measurements of one study, on one sagittal slice of a supine MRI; the alignment on the
/// mean outlines of that slice and its neighbours.
///
/// Every value carries its method, inputs, quality flags and published reader variability; what
/// cannot be measured is null beside a reason. For research use only, not for diagnosis.
public struct CervicalMeasurements: Codable, Equatable, Sendable {
  /// One disc level, C2-3 ... C7-T1.
  public struct Level: Codable, Equatable, Sendable {
    /// "C2-3" ... "C7-T1"; a level of the spine, no neurological segment.
    public var level: String
    /// Diameters, compression, CSF and grade.
    public var narrowing: CanalNarrowing
    /// The disc.
    public var disc: DiscDisplacement
  }

  /// One vertebra, C2 ... T1.
  public struct Vertebra: Codable, Equatable, Sendable {
    /// "C2" ... "T1".
    public var level: String
    /// Cord diameter at mid-body in mm.
    public var cordApMm: MeasuredValue
    /// Canal diameter at mid-body in mm.
    public var canalApMm: MeasuredValue
    /// Height of the anterior third in mm; C2 has none.
    public var heightAnteriorMm: MeasuredValue
    /// Height of the middle third in mm.
    public var heightMiddleMm: MeasuredValue
    /// Height of the posterior third in mm.
    public var heightPosteriorMm: MeasuredValue
    /// Height loss of the anterior third against the neighbours in percent, C3 ... C7.
    public var heightLossAnteriorPercent: MeasuredValue
    /// Height loss of the middle third in percent.
    public var heightLossMiddlePercent: MeasuredValue
    /// Height loss of the posterior third in percent.
    public var heightLossPosteriorPercent: MeasuredValue
  }

  /// The cord's diameters along its centreline, about every millimetre; not where the cord leaves the
  /// slice or the picture.
  public struct Profile: Codable, Equatable, Sendable {
    /// Row of the slice's grid beside each section.
    public var row: [Double]
    /// Arc length in mm from the upper end.
    public var arcMm: [Double]
    /// RAS z in mm of the cord's centre.
    public var zMm: [Double]
    /// Angle in degrees between the centreline and the image's vertical, positive when it runs
    /// backwards going down.
    public var angleDeg: [Double]
    /// Cord diameters in mm.
    public var cordApMm: [Double]
    /// Canal diameters in mm; `nil` where the canal is not known.
    public var canalApMm: [Double?]
    /// Vertebral level from disc to disc as SCT counts (3 = C3 ... 8 = T1); `nil` outside, and
    /// beside C2, which has no disc above it.
    public var vertLevel: [Int?]
  }

  /// The subject's identifier without "sub-".
  public var subject: String
  /// Path of the image below the library root.
  public var image: String
  /// Index of the slice from the patient's left; `nil` where no slice could be measured.
  public var sliceIndex: Int?
  /// Always "supine MRI".
  public var position: String
  /// Where the levels come from (`LevelSource`).
  public var levelSource: String
  /// Label files that were measured, by role.
  public var labels: [String: String]
  /// Why nothing could be measured, or `nil`.
  public var reason: String?
  /// Alignment; `nil` beside a reason.
  public var alignment: SagittalAlignment?
  /// The disc levels.
  public var levels: [Level]
  /// Largest MSCC with adjacent references.
  public var msccMaxPercent: MeasuredValue?
  /// The level with the largest MSCC.
  public var msccMaxLevel: String?
  /// The vertebrae.
  public var vertebrae: [Vertebra]
  /// The modified K-line: middles of the cord.
  public var modifiedKLine: KLine?
  /// The K-line of the canal's middles.
  public var canalKLine: KLine?
  /// The cord's signal; `nil` where there is no image or no cord.
  public var signal: CordSignalSummary?
  /// Lesions that a detection flags or a mask shows.
  public var lesions: [LesionSignal]
  /// The cord along its length.
  public var profile: Profile?
  /// What a reader must know of the slice.
  public var quality: [QualityFlag]
  /// The program's version.
  public var version: String
  /// Always "research use only, not for diagnosis".
  public var notice: String

  /// A study of which nothing can be measured, and why.
  public init(subject: String, image: String, reason: String, quality: [QualityFlag] = []) {
    self.init(
      subject: subject, image: image, sliceIndex: nil, position: "supine MRI",
      levelSource: LevelSource.missing.rawValue, labels: [:], reason: reason, alignment: nil,
      levels: [], msccMaxPercent: nil, msccMaxLevel: nil, vertebrae: [], modifiedKLine: nil,
      canalKLine: nil, signal: nil, lesions: [], profile: nil, quality: quality,
      version: Notice.version, notice: Notice.researchUse)
  }

  private init(
    subject: String, image: String, sliceIndex: Int?, position: String, levelSource: String,
    labels: [String: String], reason: String?, alignment: SagittalAlignment?, levels: [Level],
    msccMaxPercent: MeasuredValue?, msccMaxLevel: String?, vertebrae: [Vertebra],
    modifiedKLine: KLine?, canalKLine: KLine?, signal: CordSignalSummary?,
    lesions: [LesionSignal], profile: Profile?, quality: [QualityFlag], version: String,
    notice: String
  ) {
    self.subject = subject
    self.image = image
    self.sliceIndex = sliceIndex
    self.position = position
    self.levelSource = levelSource
    self.labels = labels
    self.reason = reason
    self.alignment = alignment
    self.levels = levels
    self.msccMaxPercent = msccMaxPercent
    self.msccMaxLevel = msccMaxLevel
    self.vertebrae = vertebrae
    self.modifiedKLine = modifiedKLine
    self.canalKLine = canalKLine
    self.signal = signal
    self.lesions = lesions
    self.profile = profile
    self.quality = quality
    self.version = version
    self.notice = notice
  }

  /// Measures a slice.
  /// - Parameters:
  ///   - beside: Further slices of the study, of which the lesions are measured and nothing else.
  ///   - verdicts: What readers stated, "liu: present", by segment.
  ///   - confirmed: Segments in which a reader sees a lesion.
  ///   - shownFromMM: Disc displacement in mm from which a disc is marked to be shown.
  public init(
    _ slice: SegmentedSlice, beside: [SegmentedSlice] = [], subject: String, image: String,
    verdicts: [SpinalSegment: [String]] = [:], confirmed: Set<SpinalSegment> = [],
    shownFromMM: Double = DiscDisplacement.shownFromMM
  ) {
    self.init(
      subject: subject, image: image,
      reason: slice.bodies.isEmpty && slice.cord == nil
        ? "neither vertebrae nor cord are labelled on this slice" : "", quality: slice.quality)
    sliceIndex = slice.index
    levelSource = slice.levelSource.rawValue
    labels = slice.sources
    guard reason?.isEmpty == true else { return }
    reason = nil
    let spine = SpineOutline(slice)
    let levels = Self.cordLevels(slice, spine)
    let sections = levels?.cord
    let parts = ([slice] + beside).compactMap { part in
      (part.index == slice.index ? levels : Self.cordLevels(part, SpineOutline(part)))
        .map { (slice: part, levels: $0) }
    }
    let neighbours = slice.neighbours.map { SpineOutline($0) }
    alignment = SagittalAlignment(slice, own: spine, beside: neighbours)
    let compressor = slice.compressor.flatMap { SoftField($0) }
    modifiedKLine = KLine(.cord, spine: spine, cord: sections, compressor: compressor)
    canalKLine = KLine(.canal, spine: spine, cord: sections, compressor: compressor)
    modifiedKLine?.doubtLostEnds(spine, levels)
    canalKLine?.doubtLostEnds(spine, levels)
    if slice.cordIsFound || slice.canalIsFound {
      modifiedKLine?.doubtFoundMasks()
      canalKLine?.doubtFoundMasks()
    }
    let narrowing = levels.map {
      NarrowingReader(
        $0, bodies: Set(spine.bodies.keys), flagged: Self.flagged(slice, parts, confirmed),
        cordIsFound: slice.cordIsFound, canalIsFound: slice.canalIsFound)
    }
    let cord = slice.cord.flatMap { SoftField($0) }
    let unnamed = slice.unnamed(.discs)
    func displacement(_ segment: SpinalSegment) -> DiscDisplacement {
      if let reason = unnamed[segment] { return DiscDisplacement(missing: reason) }
      var disc = DiscDisplacement(
        below: segment.upper, spine: spine, levels: levels, cord: cord, shownFromMM: shownFromMM)
      disc.doubt(below: segment.upper, by: neighbours, shownFromMM: shownFromMM)
      return disc
    }
    self.levels = SpinalSegment.allCases.map { segment in
      Level(
        level: segment.name,
        narrowing: narrowing?.measure(segment)
          ?? NarrowingReader.missing("the cord is not labelled"),
        disc: displacement(segment))
    }
    let worst = self.levels.filter { $0.narrowing.msccAdjacentPercent.value != nil }
      .max {
        ($0.narrowing.msccAdjacentPercent.value ?? 0)
          < ($1.narrowing.msccAdjacentPercent.value ?? 0)
      }
    msccMaxPercent =
      worst?.narrowing.msccAdjacentPercent ?? self.levels.first?.narrowing.msccAdjacentPercent
    msccMaxLevel = worst?.level
    let unmeasured = self.levels.filter { $0.narrowing.msccAdjacentPercent.value == nil }
    if !unmeasured.isEmpty {
      msccMaxPercent?.warn(
        QualityFlag(
          "levels-unmeasured",
          "MSCC is not measured at \(unmeasured.map(\.level).joined(separator: ", ")): the largest may "
            + "be there."))
    }
    let heights = VertebralHeights(spine)
    vertebrae = Self.vertebrae(heights, narrowing)
    if let flag = heights.flag { self.quality.append(flag) }
    let seen = (slice.flagged ?? []).union(confirmed)
    let signals = parts.map { part in
      SignalReader(
        part.slice, levels: part.levels, narrowed: narrowing?.narrowed ?? [],
        beside: part.slice.lesions(of: [slice] + beside), flagged: seen)
    }
    // Without levels of its own the first is another slice's.
    if levels != nil, let signal = signals.first ?? nil {
      // What voids values of the measured slice voids them below, with all others.
      lesions = zip(parts, signals).flatMap { part, reader -> [LesionSignal] in
        let own = reader?.lesions ?? []
        return part.slice.index == slice.index
          ? own : own.map { $0.voided(by: part.slice.quality) }
      }.sorted { ($0.rowFrom, $0.rowTo) < ($1.rowFrom, $1.rowTo) }
      state(verdicts, confirmed: confirmed, slice)
      self.signal = signal.summary(
        lesions, narrowest: msccMaxLevel.flatMap(SpinalSegment.init(name:)))
    }
    profile = levels.map { Profile($0, grid: slice.grid) }
    voidWhatFlagsForbid(found: slice.foundFamilies)
  }

  static func cordLevels(_ slice: SegmentedSlice, _ spine: SpineOutline) -> CordLevels? {
    slice.cord.flatMap {
      CordSections(
        cord: $0, canal: slice.canal, rowWeight: slice.rowWeight, unseenRows: slice.unseenRows)
    }.map {
      CordLevels(
        spine, cord: $0, levelRows: slice.levelRows, unnamed: slice.unnamed(.cord))
    }
  }

  /// Segments that are flagged, that a lesion reaches or in which a reader sees one; `nil` where nobody
  /// has looked.
  static func flagged(
    _ slice: SegmentedSlice, _ parts: [(slice: SegmentedSlice, levels: CordLevels)],
    _ confirmed: Set<SpinalSegment>
  ) -> Set<SpinalSegment>? {
    let reached = parts.flatMap { part -> [SpinalSegment] in
      guard let cord = part.slice.cord?.map({ $0 >= 0.5 }) else { return [] }
      return part.slice.lesions.flatMap {
        part.levels.segments(of: $0, at: part.levels.range(of: $0, in: cord))
      }
    }
    let all = (slice.flagged ?? []).union(reached).union(confirmed)
    return slice.isSignalKnown || !all.isEmpty ? all : nil
  }

  /// Sets the readers' verdicts beside the lesions; a flagged segment without one, and a segment in which a
  /// reader sees one that nothing outlines, become lesions without values.
  private mutating func state(
    _ verdicts: [SpinalSegment: [String]], confirmed: Set<SpinalSegment>, _ slice: SegmentedSlice
  ) {
    let borne = Set(lesions.flatMap(\.segments))
    let rows = 0...max(slice.grid.rows - 1, 0)
    for segment in SpinalSegment.allCases where !borne.contains(segment.name) {
      if let reason = slice.unplaced[segment] {
        lesions.append(
          SignalReader.unmeasured(
            .detection, segment, rows: rows, slice: slice.index, reason: reason))
      } else if confirmed.contains(segment) {
        lesions.append(
          SignalReader.unmeasured(
            .reader, segment, rows: rows, slice: slice.index, reason: SignalReader.unoutlined))
      }
    }
    for n in lesions.indices {
      lesions[n].readers = lesions[n].segments.compactMap(SpinalSegment.init(name:))
        .flatMap { segment in (verdicts[segment] ?? []).map { "\(segment.name) \($0)" } }
    }
  }

  private static func vertebrae(
    _ heights: VertebralHeights, _ narrowing: NarrowingReader?
  ) -> [Vertebra] {
    let noCord = MeasurementMethod(text: "AP diameter at mid-body").missing(
      "the cord is not labelled")
    return VertebralLevel.allCases.filter { $0 >= .c2 && $0 <= .t1 }.map { level in
      let diameters = narrowing?.measure(level) ?? (noCord, noCord)
      let thirds = heights.measure(level)
      let losses =
        level >= .c3 && level <= .c7
        ? thirds.losses
        : thirds.losses.map { $0.without("only C3 to C7 are compared with their neighbours") }
      return Vertebra(
        level: level.name, cordApMm: diameters.0, canalApMm: diameters.1,
        heightAnteriorMm: thirds.heights[0], heightMiddleMm: thirds.heights[1],
        heightPosteriorMm: thirds.heights[2], heightLossAnteriorPercent: losses[0],
        heightLossMiddlePercent: losses[1], heightLossPosteriorPercent: losses[2])
    }
  }
}

extension MeasuredValue {
  /// The same kind of value without one, for a reason.
  func without(_ reason: String) -> MeasuredValue {
    MeasuredValue(
      value: nil, reason: reason, method: method, variability: variability)
  }
}

extension CervicalMeasurements.Profile {
  /// Every second section, about every millimetre, where the cord is seen as a whole.
  init(_ levels: CordLevels, grid: SagittalGrid) {
    let sections = levels.cord.sections.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
      .filter { $0.lost == nil }
    func rounded(_ x: Double) -> Double { (x * 100).rounded() / 100 }
    let ranges = VertebralLevel.allCases.filter { $0 >= .c2 }
      .compactMap { level in levels.sctRange(level).map { (level.rawValue, $0) } }
    self.init(
      row: sections.map { rounded($0.centre.y / SagittalGrid.spacing) },
      arcMm: sections.map { rounded($0.arc) },
      zMm: sections.map { section in
        let at = section.centre / SagittalGrid.spacing
        return rounded(grid.ras(row: at.y, column: at.x).z)
      },
      angleDeg: sections.map { rounded(atan2($0.tangent.x, $0.tangent.y) * 180 / .pi) },
      cordApMm: sections.map { rounded($0.cordAP) },
      canalApMm: sections.map { $0.canalAP.map(rounded) },
      vertLevel: sections.map { section in ranges.first { $0.1.contains(section.arc) }?.0 })
  }
}

extension CervicalMeasurements {
  private enum Key: String, CodingKey {
    case subject, image, sliceIndex, position, levelSource, labels, reason, alignment, levels
    case msccMaxPercent, msccMaxLevel, vertebrae, modifiedKLine, canalKLine, signal, lesions
    case profile, quality, version, notice
  }

  /// Writes every key, unknown values as null.
  public func encode(to encoder: any Encoder) throws {
    var c = encoder.container(keyedBy: Key.self)
    try c.encode(subject, forKey: .subject)
    try c.encode(image, forKey: .image)
    try c.encode(sliceIndex, forKey: .sliceIndex)
    try c.encode(position, forKey: .position)
    try c.encode(levelSource, forKey: .levelSource)
    try c.encode(labels, forKey: .labels)
    try c.encode(reason, forKey: .reason)
    try c.encode(alignment, forKey: .alignment)
    try c.encode(levels, forKey: .levels)
    try c.encode(msccMaxPercent, forKey: .msccMaxPercent)
    try c.encode(msccMaxLevel, forKey: .msccMaxLevel)
    try c.encode(vertebrae, forKey: .vertebrae)
    try c.encode(modifiedKLine, forKey: .modifiedKLine)
    try c.encode(canalKLine, forKey: .canalKLine)
    try c.encode(signal, forKey: .signal)
    try c.encode(lesions, forKey: .lesions)
    try c.encode(profile, forKey: .profile)
    try c.encode(quality, forKey: .quality)
    try c.encode(version, forKey: .version)
    try c.encode(notice, forKey: .notice)
  }

  /// The JSON: snake_case keys with the unit at their end, sorted.
  /// - Throws: `EncodingError`.
  public func json(pretty: Bool = true) throws -> Data {
    try SnakeCaseJSON.data(self, pretty: pretty)
  }

  /// Reads the JSON of measurements.
  /// - Throws: `DecodingError`.
  public init(json: Data) throws {
    self = try SnakeCaseJSON.decoder().decode(CervicalMeasurements.self, from: json)
  }
}
