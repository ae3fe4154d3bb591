internal import Foundation
public import Imaging

extension StudyLibrary {
  /// Loads one study for the screen: all slices on the canonical grid with cord, tissues and stored
  /// maps; of the maps only the slices that are stored take memory.
  ///
  /// After detection the pictures lie on the detection's own grids, so that its rows fit them.
  /// - Throws: `LibraryError`, `ReadError`, `PreparationError`.
  public func loadStudy(_ subject: String) throws -> ReviewStudy {
    let study = try usableStudy(subject)
    let image = try read(study)
    let stored = try stored(.anomaly, of: study)
    let row = participant(of: study)
    var result = ReviewStudy(
      subject: study.subject, age: row.age, sex: row.sex, mjoa: row.mjoa, sliceThicknessMM: 0,
      pictures: [], detection: stored?.detection.detection,
      detectionSHA256: stored?.detection.sha256, labels: labelOrigins(of: study))
    let sidecar = Sidecar.url(of: root.appendingPathComponent(study.image ?? ""))
    result.scannerWindow = ScannerWindow.read((try? Provenance.read(sidecar)) ?? [:])
    // Labels that were corrected since are those that are drawn: what was made on others says so.
    if stored != nil, isOutdated(study) {
      result.detection?.quality.insert(.detectionOutdated, at: 0)
    }
    if let problem = stored?.problem {
      result.detection?.quality.append(
        QualityFlag("map-missing", "\(problem.cleaned): no map is shown. Run detect --again."))
    }
    if let slices = result.detection?.slices, let reference = Self.reference(slices) {
      var maps: [DerivativeMaps.Kind: ImageVolume] = [:]
      (maps, result.mapProblems) = otherMaps(of: study, beside: stored?.detection.sha256)
      maps[.anomaly] = stored?.map
      result.mapProblems[.anomaly] = stored?.problem?.cleaned
      (result.pictures, result.sliceThicknessMM) = Self.pictures(
        image, slices: slices, reference: reference, maps: maps)
    } else {
      var options = PreparationOptions()
      options.allSlices = true
      options.coversLongCords = false
      let prepared = try StudyPreparation.prepare(
        image: image.volume, labels: image.labels, options: options)
      result.sliceThicknessMM = prepared.sliceSpacingMM
      result.pictures = prepared.slices.map {
        var picture = ReviewStudy.Picture(
          index: $0.index, image: $0.image, grid: $0.grid,
          cord: $0.anatomy.cord.pixels.contains(true) ? $0.anatomy.cord : nil, anomaly: nil)
        picture.tissues = image.labels.tissues(on: $0.grid)
        return picture
      }
    }
    guard !result.pictures.isEmpty else {
      throw LibraryError.unusable(subject: study.subject, "its image has no usable slice")
    }
    return result
  }

  /// Loads one study for the screen of a reader, with where the labels come from that may be shown before the
  /// reader has signed.
  ///
  /// - Throws: as ``loadStudy(_:)``, `JournalError`.
  public func loadStudy(_ subject: String, reader: String) throws -> ReviewStudy {
    var result = try loadStudy(subject)
    let study = try usableStudy(subject)
    let id = ReaderIdentity.sanitised(reader)
    // Also of a reader who has signed, and may open the study again.
    let review = try reviewInFull(of: study, reader: id)
    let own = try ownSight(of: study, for: id, review)
    if own.isBlinded { result.ownLabels = labelOrigins(of: study, for: own) }
    let levels = try levelHistory(of: study, for: review.history.map(\.record))
    // Another program may have detected it again since: then it is read again, too.
    if levels.current == result.detectionSHA256.map(LevelHistory.key) { result.levels = levels }
    return result
  }

  /// The maps stored beside a detection's anomaly map, and why others of them cannot be shown: one that
  /// is damaged or of another detection is no reason not to open the study.
  private func otherMaps(
    of study: LibraryStudy, beside sha256: String?
  ) -> ([DerivativeMaps.Kind: ImageVolume], [DerivativeMaps.Kind: String]) {
    var maps: [DerivativeMaps.Kind: ImageVolume] = [:]
    var problems: [DerivativeMaps.Kind: String] = [:]
    for kind in DerivativeMaps.Kind.allCases where kind != .anomaly {
      do {
        guard let found = try stored(kind, of: study) else { continue }
        guard found.detection.sha256 == sha256 else {
          problems[kind] = "the detection was replaced meanwhile: open the study again"
          continue
        }
        maps[kind] = found.map
        problems[kind] = found.problem?.cleaned
      } catch {
        problems[kind] = "\(error)".cleaned
      }
    }
    return (maps, problems)
  }

  /// The scored slice that fixes the window: the first with a whole grid.
  private static func reference(_ slices: [Detection.Slice]) -> (index: Int, grid: SagittalGrid)? {
    for slice in slices {
      if let grid = slice.grid { return (slice.index, grid) }
    }
    return nil
  }

  /// Every slice (or partition) on the window of a detection.
  private static func pictures(
    _ image: (volume: ImageVolume, labels: StudyLabels), slices: [Detection.Slice],
    reference: (index: Int, grid: SagittalGrid), maps: [DerivativeMaps.Kind: ImageVolume]
  ) -> (pictures: [ReviewStudy.Picture], spacingMM: Double) {
    var (volume, labels) = image
    if let plan = ThickPartitions(shape: volume.shape, affine: volume.affine) {
      volume = plan.image(volume)
      labels.cord = labels.cord.map { plan.labels($0) }
      labels.canal = labels.canal.map { plan.labels($0) }
      labels.spine = labels.spine.map { plan.labels($0) }
    }
    guard let stack = SagittalStack(volume) else { return ([], 0) }
    let grids = Dictionary(
      slices.compactMap { slice in slice.grid.map { (slice.index, $0) } },
      uniquingKeysWith: { first, _ in first })
    let pictures = (0..<stack.count).map { index in
      let grid =
        grids[index]
        ?? reference.grid.moved(byMM: Double(index - reference.index) * stack.spacingMM)
      // As it is scored: a lesion left out of the mask belongs to the cord that is shown, too.
      let mask = labels.cord.map { CordMask.cleaned($0.resampled(on: grid).raster.map { $0 != 0 }) }
      let own = grids[index].map { grid in maps.compactMapValues { $0.slice(on: grid) } } ?? [:]
      var picture = ReviewStudy.Picture(
        index: index, image: volume.resampled(on: grid).raster, grid: grid,
        cord: mask.flatMap { $0.pixels.contains(true) ? $0 : nil }, anomaly: own[.anomaly])
      picture.maps = own.filter { $0.key != .anomaly }
      picture.tissues = labels.tissues(on: grid)
      return picture
    }
    return (pictures, stack.spacingMM)
  }
}

extension Detection.Slice {
  /// The slice's plane, or `nil` when it is not written in full.
  public var grid: SagittalGrid? {
    let parts = [gridOriginMm, gridColumnDirection, gridRowDirection]
    guard parts.allSatisfy({ $0.count == 3 && $0.allSatisfy(\.isFinite) }) else { return nil }
    let lengths = parts.dropFirst().map { $0.reduce(0) { $0 + $1 * $1 } }
    guard lengths.allSatisfy({ abs($0 - 1) < 1e-3 }) else { return nil }
    return SagittalGrid(
      origin: SIMD3(gridOriginMm), columnDirection: SIMD3(gridColumnDirection),
      rowDirection: SIMD3(gridRowDirection), rows: gridRows)
  }
}

extension ImageVolume {
  /// The slice of a stored map that lies on a grid, pixel on pixel; `nil` when none does or when it
  /// says nothing.
  func slice(on grid: SagittalGrid) -> ImageRaster? {
    let (side, rows) = (SagittalGrid.side, grid.rows)
    guard shape.x == side, shape.y == rows, let inverse = affine.inverse else { return nil }
    let first = inverse(grid.origin)
    let last = inverse(grid.ras(row: Double(rows - 1), column: Double(side - 1)))
    let index = first.z.rounded()
    let limit = 0.1
    guard abs(first.x) < limit, abs(first.y) < limit, abs(first.z - index) < limit,
      abs(last.x - Double(side - 1)) < limit, abs(last.y - Double(rows - 1)) < limit,
      index >= 0, index < Double(shape.z)
    else { return nil }
    let start = Int(index) * side * rows
    let pixels = Array(voxels[start..<start + side * rows])
    guard pixels.contains(where: { !$0.isNaN }) else { return nil }
    return ImageRaster(rows: rows, columns: side, pixels: pixels)
  }
}
