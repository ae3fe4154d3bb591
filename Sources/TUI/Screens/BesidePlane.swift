internal import Core
internal import Imaging

/// The plane beside the sagittal picture, and what is said of it.
struct BesidePlane: Sendable {
  var plane: SamplingPlane
  var source: BesideSource
  var window: WindowLevel
  var isInverted: Bool
  /// Where the plane crosses the sagittal slice; `nil` where both have no common place.
  var meeting: PlaneMeeting?
  /// Column and row of the place followed on the plane, in px.
  var focus: SIMD2<Double>
  /// What is shown of it, besides the title: where it lies, and what it follows.
  var place: String
  var following: String
  /// Numbers of slices, rows or columns that can be gone to, and the one shown.
  var numbers: Range<Int>
  var number: Int
  /// Distance from the plane in mm within which a place lies on it.
  var reachMM = 0.0
}

extension StudyScreenState {
  /// The place that a picture beside follows: under the crosshair, else the cord at the cursor's row.
  var followedPlace: (row: Double, column: Double) {
    shownCrosshair.map { (row: $0.place.y, column: $0.place.x) }
      ?? cordPlace(atRow: row(Double(cursorRow), onSlice: slice))
  }

  /// What it follows, in words.
  var followedWords: String {
    shownCrosshair != nil ? "follows the crosshair" : "follows \(segmentName)"
  }

  private var segmentName: String { segment(atRow: cursorRow)?.name ?? "the cursor" }

  /// What is chosen beside the sagittal picture now; `nil` where nothing is loaded for it.
  var besidePlane: BesidePlane? { beside.choice.flatMap { besidePlane(of: $0) } }

  /// What one of the choices shows now; `nil` where nothing is loaded for it.
  func besidePlane(of choice: BesideChoice) -> BesidePlane? {
    guard let picture, let content = beside.content(of: choice) else { return nil }
    let held = beside.held[choice]
    var plane: BesidePlane?
    switch (content, choice.kind) {
    case (.volume(let volume), .reformat): plane = across(volume, held: held, picture)
    case (.volume(let volume), .coronal): plane = along(volume, held: held, picture)
    case (.volume(let volume), .series), (.volume(let volume), .session):
      plane = acquired(volume, held: held, picture)
    case (.session(let loaded), _): plane = session(loaded)
    case (.loading, _), (.failed, _): return nil
    }
    let grey = besideGrey(of: choice)
    plane?.window = grey.window
    plane?.isInverted = grey.isInverted
    return plane
  }

  /// The crosshair on a plane beside: column and row in px; `nil` where it is off, or off the plane.
  func crosshairPlace(on beside: BesidePlane) -> SIMD2<Double>? {
    guard let picture, beside.meeting != nil, let place = shownCrosshair?.place,
      let at = beside.plane.pixel(ras: picture.grid.ras(row: place.y, column: place.x)),
      abs(at.distanceMM) <= beside.reachMM + 1e-6
    else { return nil }
    return SIMD2(at.column, at.row)
  }

  /// A slice as it was acquired: the one nearest to the place followed, or the reader's own.
  private func acquired(
    _ beside: BesideVolume, held: Int?, _ picture: ReviewStudy.Picture
  ) -> BesidePlane? {
    let at = followedPlace
    let point = picture.grid.ras(row: at.row, column: at.column)
    let nearest = beside.stack.slice(nearestTo: point)
    let wanted = held ?? (beside.isPlaced ? nearest.slice : beside.stack.count / 2)
    let number = min(max(wanted, 0), beside.stack.count - 1)
    guard
      let plane = beside.volume.uprightPlane(
        axis: beside.stack.axis, index: beside.stack.voxelIndex(ofSlice: number))
    else { return nil }
    let meeting = beside.isPlaced ? SamplingPlane(picture.grid).meeting(with: plane) : nil
    let seen = held == nil ? point : cord(at: meeting, nearest: point, picture)
    guard let foot = plane.pixel(ras: seen) else { return nil }
    let middle = SIMD2(Double(plane.columns - 1) / 2, Double(plane.rows - 1) / 2)
    var following = held == nil ? followedWords : "held"
    if !beside.isPlaced {
      following = "NOT LOCATED: its file does not say where left is"
    } else if held == nil, !beside.stack.holds(point) {
      following = "\(ScoreText.millimetres(nearest.distanceMM)) beyond: outside its slices"
    }
    return BesidePlane(
      plane: plane, source: .volume(beside.volume, .nearestSlice), window: beside.window,
      isInverted: false, meeting: meeting,
      focus: beside.isPlaced ? SIMD2(foot.column, foot.row) : middle,
      place: "slice \(number + 1)/\(beside.stack.count)"
        + (beside.isPlaced ? "  \(Self.position(plane, at: foot))" : ""),
      following: following, numbers: 0..<beside.stack.count, number: number,
      reachMM: beside.stack.spacingMM / 2)
  }

  /// The cord where a plane crosses the slice shown: a slice that the reader went to lies at other rows
  /// than the place followed. That place itself where nothing crosses.
  private func cord(
    at meeting: PlaneMeeting?, nearest point: SIMD3<Double>, _ picture: ReviewStudy.Picture
  ) -> SIMD3<Double> {
    guard case .line(let from, let to)? = meeting else { return point }
    let d = to - from
    let share = min(max(((point - from) * d).sum() / max((d * d).sum(), 1e-12), 0), 1)
    let place = cordPlace(atRow: picture.grid.pixel(ras: from + d * share).row)
    return picture.grid.ras(row: place.row, column: place.column)
  }

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
      window: loaded.presets(.automatic), isInverted: false, meeting: nil,
      focus: SIMD2(focus.column, focus.row),
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
  static func position(
    _ plane: SamplingPlane, at pixel: (row: Double, column: Double, distanceMM: Double)
  ) -> String {
    let normal = plane.normal
    let axis = (0..<3).max { abs(normal[$0]) < abs(normal[$1]) } ?? 2
    let value = plane.ras(row: pixel.row, column: pixel.column)[axis]
    return "\(["x", "y", "z"][axis]) \(ScoreText.millimetres(value, signed: true))"
  }
}
