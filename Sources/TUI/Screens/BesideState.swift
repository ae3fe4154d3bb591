internal import Core
internal import Imaging

/// What is shown beside the sagittal picture.
struct BesideState: Sendable {
  /// Which of the two pictures fill the room.
  enum Fill: Equatable, Sendable { case both, sagittal, beside }

  /// How far a choice has come.
  enum Content: Sendable {
    case loading
    case volume(BesideVolume)
    case session(LoadedStudy)
    case failed(String)
  }

  /// Whether there is a second picture.
  var isOn = false
  /// What can be shown; `nil` until it is listed.
  var choices: [BesideChoice]?
  /// Why it could not be listed.
  var problem: String?
  /// Place among the choices.
  var chosen = 0
  var fill: Fill = .both
  /// The slice that the reader went to, or of planes across the cord the row; `nil` follows the cursor.
  var own: Int?
  /// What was loaded, kept while the study is open.
  private(set) var contents: [BesideChoice: Content] = [:]
  /// The picture on the screen, and what it shows.
  var shown: (view: BesideView, picture: ScreenPicture)?

  /// Volumes kept at most: a study's series take up to a hundred MB each.
  private static let keptContents = 4

  var choice: BesideChoice? {
    guard isOn, let choices, choices.indices.contains(chosen) else { return nil }
    return choices[chosen]
  }

  /// The chosen content; `nil` before it was asked for.
  var content: Content? { choice.flatMap { contents[$0] } }

  mutating func set(_ content: Content, for wanted: BesideChoice) {
    if contents.count >= Self.keptContents, contents[wanted] == nil {
      contents = contents.filter { $0.key == choice }
    }
    contents[wanted] = content
  }
}

/// The plane beside the sagittal picture, and what is said of it.
struct BesidePlane: Sendable {
  var plane: SamplingPlane
  var source: BesideSource
  var window: WindowLevel
  /// Where the plane crosses the sagittal slice; `nil` where both have no common place.
  var meeting: PlaneMeeting?
  /// Column and row of the place followed on the plane, in px.
  var focus: SIMD2<Double>
  /// What is shown of it, besides the title: where it lies, and what it follows.
  var place: String
  var following: String
  /// Numbers of slices or rows that can be gone to, and the one shown.
  var numbers: Range<Int>
  var number: Int
}

extension StudyScreenState {
  /// The place that a picture beside follows: under the crosshair, else the cord at the cursor's row.
  private var followedPlace: (row: Double, column: Double) {
    crosshair.map { (row: $0.place.y, column: $0.place.x) }
      ?? cordPlace(atRow: row(Double(cursorRow), onSlice: slice))
  }

  private var followed: String {
    crosshair != nil ? "follows the crosshair" : "follows \(segmentName)"
  }

  private var segmentName: String { segment(atRow: cursorRow)?.name ?? "the cursor" }

  /// What lies beside the sagittal picture now; `nil` where nothing is loaded for it.
  var besidePlane: BesidePlane? {
    guard let picture, let choice = beside.choice, let content = beside.content else { return nil }
    switch (content, choice.kind) {
    case (.volume(let volume), .reformat): return reformatted(volume, picture)
    case (.volume(let volume), _): return acquired(volume, picture)
    case (.session(let loaded), _): return session(loaded)
    case (.loading, _), (.failed, _): return nil
    }
  }

  /// A slice as it was acquired: the one nearest to the place followed, or the reader's own.
  private func acquired(_ beside: BesideVolume, _ picture: ReviewStudy.Picture) -> BesidePlane? {
    let at = followedPlace
    let point = picture.grid.ras(row: at.row, column: at.column)
    let nearest = beside.stack.slice(nearestTo: point)
    let wanted =
      self.beside.own ?? (beside.isPlaced ? nearest.slice : beside.stack.count / 2)
    let number = min(max(wanted, 0), beside.stack.count - 1)
    guard
      let plane = beside.volume.uprightPlane(
        axis: beside.stack.axis, index: beside.stack.voxelIndex(ofSlice: number))
    else { return nil }
    let meeting = beside.isPlaced ? SamplingPlane(picture.grid).meeting(with: plane) : nil
    guard let foot = plane.pixel(ras: cord(at: meeting, nearest: point, picture)) else {
      return nil
    }
    let middle = SIMD2(Double(plane.columns - 1) / 2, Double(plane.rows - 1) / 2)
    var following = self.beside.own == nil ? followed : "held"
    if !beside.isPlaced {
      following = "NOT LOCATED: its file does not say where left is"
    } else if self.beside.own == nil, !beside.stack.holds(point) {
      following = "\(ScoreText.millimetres(nearest.distanceMM)) beyond: outside its slices"
    }
    return BesidePlane(
      plane: plane, source: .volume(beside.volume, .nearestSlice), window: beside.window,
      meeting: meeting, focus: beside.isPlaced ? SIMD2(foot.column, foot.row) : middle,
      place: "slice \(number + 1)/\(beside.stack.count)"
        + (beside.isPlaced ? "  \(Self.position(plane, at: foot))" : ""),
      following: following, numbers: 0..<beside.stack.count, number: number)
  }

  /// The cord where a plane crosses the slice shown: a slice that the reader went to lies at other rows
  /// than the place followed. That place itself where nothing crosses.
  private func cord(
    at meeting: PlaneMeeting?, nearest point: SIMD3<Double>, _ picture: ReviewStudy.Picture
  ) -> SIMD3<Double> {
    guard beside.own != nil, case .line(let from, let to)? = meeting else { return point }
    let d = to - from
    let share = min(max(((point - from) * d).sum() / max((d * d).sum(), 1e-12), 0), 1)
    let place = cordPlace(atRow: picture.grid.pixel(ras: from + d * share).row)
    return picture.grid.ras(row: place.row, column: place.column)
  }

  /// The plane across the cord at the cursor's row, or at the row that the reader went to.
  private func reformatted(_ beside: BesideVolume, _ picture: ReviewStudy.Picture) -> BesidePlane? {
    let at = followedPlace
    let rows = 0..<max(picture.grid.rows, 1)
    let number = min(max(self.beside.own ?? Int(at.row.rounded()), 0), rows.upperBound - 1)
    let place = self.beside.own == nil ? at : cordPlace(atRow: Double(number))
    let direction = picture.cordDirection(atRow: place.row)
    let spacing = beside.volume.affine.spacing
    let finest = min(spacing.x, spacing.y, spacing.z)
    let plane = SamplingPlane(
      across: direction ?? picture.grid.rowDirection,
      through: picture.grid.ras(row: place.row, column: place.column),
      sideMM: Self.reformattedSideMM, spacingMM: min(max(finest, 0.4), 2))
    let middle = SIMD2(Double(plane.columns - 1) / 2, Double(plane.rows - 1) / 2)
    let edges = [spacing.x, spacing.y, spacing.z].sorted().map { ScoreText.number($0, 1) }
    let position = Self.position(plane, at: (middle.y, middle.x, 0))
    let held = self.beside.own == nil ? "" : "  held"
    return BesidePlane(
      plane: plane, source: .volume(beside.volume, .interpolated), window: greyWindow,
      meeting: SamplingPlane(picture.grid).meeting(with: plane), focus: middle,
      place: "voxels \(edges.joined(separator: " x ")) mm",
      following: "\(position)\(held)"
        + (direction == nil ? " no cord: across the rows" : " across the cord"),
      numbers: rows, number: number)
  }

  /// Side of the planes across the cord, in mm.
  private static let reformattedSideMM = 100.0

  /// Another session's slice as far from its scored slice as the one shown is from its own, the same
  /// segment at the same height.
  private func session(_ loaded: LoadedStudy) -> BesidePlane? {
    let other = otherSession(loaded)
    guard let picture = other.picture else { return nil }
    let isLocated = other.rowRange(target) != nil
    let focus = other.focus
    let x = picture.grid.ras(row: focus.row, column: focus.column).x
    let count = other.study.pictures.count
    return BesidePlane(
      plane: SamplingPlane(picture.grid), source: .raster(picture.image),
      window: loaded.presets(.automatic), meeting: nil, focus: SIMD2(focus.column, focus.row),
      place: "slice \(other.slice + 1)/\(count)  x \(ScoreText.millimetres(x, signed: true))",
      following: isLocated
        ? (beside.own == nil ? "in step, \(target.name)" : "held, \(target.name)")
        : "\(target.name) is not located in it",
      numbers: 0..<count, number: other.slice)
  }

  /// The other session as it stands beside this one: its slice and segment, its AI as hidden as this
  /// one's.
  func otherSession(_ loaded: LoadedStudy) -> StudyScreenState {
    var other = StudyScreenState(loaded, startsBlind: startsBlind)
    other.isBlind = other.isBlind || isBlind
    let there = other.middleSlice
    let millimetres = Double(slice - middleSlice) * study.sliceThicknessMM
    let step = millimetres / max(other.study.sliceThicknessMM, 0.01)
    let wanted = beside.own ?? there + Int(min(max(step.rounded(), -1e6), 1e6))
    other.slice = min(max(wanted, 0), max(other.study.pictures.count - 1, 0))
    if other.rows.contains(target) { other.select(target) }
    return other
  }

  /// The scored slice; the middle one where there is none, and for who reads blind: it is the AI's choice.
  private var middleSlice: Int { (isBlind ? nil : scoredSlice) ?? study.pictures.count / 2 }

  /// The coordinate along the direction that the plane faces most, where it is looked at:
  /// "z -34.2 mm".
  private static func position(
    _ plane: SamplingPlane, at pixel: (row: Double, column: Double, distanceMM: Double)
  ) -> String {
    let normal = plane.normal
    let axis = (0..<3).max { abs(normal[$0]) < abs(normal[$1]) } ?? 2
    let value = plane.ras(row: pixel.row, column: pixel.column)[axis]
    return "\(["x", "y", "z"][axis]) \(ScoreText.millimetres(value, signed: true))"
  }
}
