internal import Core
internal import Imaging

/// Labels or a mask while they are corrected on the study screen; nothing of it is written.
struct CorrectionMode: Equatable, Sendable {
  enum Edit: Equatable, Sendable {
    case points(LabelEdit)
    case mask(MaskEdit)
  }

  let target: CorrectionTarget
  /// The files that the correction began from.
  let files: [String]
  /// Whether the AI was hidden when it began, and with it a lesion mask that no reader drew.
  let beganBlind: Bool
  /// The slices, in the order of the study's pictures.
  let grids: [CorrectionGrid]
  var edit: Edit
  /// The crosshair: column and row of the slice shown, in grid px.
  var place: SIMD2<Double>
  /// What is zoomed in on; it moves with zooming only, so that the picture stays where it is.
  var anchor: SIMD2<Double>
  /// The number of the chosen point.
  var chosen: UInt16?
  var tool = MaskEdit.Tool.brush
  /// Diameter of the tool in px.
  var size = 3
  /// Whether every move draws.
  var isDrawing = false
  /// Whether the latest key drew: a line that goes on is one edit.
  var hasJustDrawn = false
  /// What a button of the mouse draws or moves while it is held.
  var stroke: MouseStroke?
  /// The skipped levels that the reader was asked about on saving; another key forgets it.
  var askedSkips: String?
  /// SHA-256 of the disc labels that the reader saved while these boundaries waited; `nil` where he saved none.
  var savedDiscs: String?
  /// Whether it is on its way to the disk.
  var isSaving = false

  init(_ basis: CorrectionBasis, grids: [CorrectionGrid], at place: SIMD2<Double>) {
    (target, files, self.grids) = (basis.target, basis.files, grids)
    beganBlind = basis.isBlind
    if basis.target.isMask {
      edit = .mask(MaskEdit(basis.masks, isSavedByPerson: basis.isSavedByPerson))
    } else {
      let labels = LabelEdit(
        basis.target == .boundaries ? .boundaries : .discs, basis.points)
      edit = .points(labels)
      chosen = labels.numbers.first
    }
    (self.place, anchor) = (place, place)
  }

  var labels: LabelEdit? { if case .points(let edit) = edit { edit } else { nil } }
  var mask: MaskEdit? { if case .mask(let edit) = edit { edit } else { nil } }

  /// Whether anything differs from what is stored.
  var isChanged: Bool {
    switch edit {
    case .points(let edit): edit.isChanged
    case .mask(let edit): edit.isChanged
    }
  }

  /// What differs, in words.
  var changes: String {
    switch edit {
    case .points(let edit): edit.changes
    case .mask(let edit): edit.changes
    }
  }

  /// The edits that undo and redo are about.
  var turns: (undo: String?, redo: String?) {
    switch edit {
    case .points(let edit): (edit.undoName, edit.redoName)
    case .mask(let edit): (edit.undoName, edit.redoName)
    }
  }

  /// What is committed.
  var correction: LabelCorrection {
    switch edit {
    case .points(let edit):
      return LabelCorrection(target: target, files: files, content: .points(edit.points))
    case .mask(let edit):
      return LabelCorrection(
        target: target, files: files, content: .mask(edit.sliceChanges(on: grids)))
    }
  }

  /// The mask on a slice as it is drawn on the screen.
  func drawnMask(_ slice: Int) -> DrawnMask? {
    guard let mask, mask.masks.indices.contains(slice) else { return nil }
    return DrawnMask(
      mask.masks[slice],
      target == .lesion ? SliceTissue.discProtrusion.colour : SliceTissue.cord.colour)
  }
}

/// A mask with its colour, packed so that views that show it can be told apart quickly.
struct DrawnMask: Hashable, Sendable {
  private let rows: Int
  private let columns: Int
  private let bits: [UInt64]
  let colour: RGB8

  init(_ mask: MaskRaster, _ colour: RGB8) {
    (rows, columns, self.colour) = (mask.rows, mask.columns, colour)
    var bits = [UInt64](repeating: 0, count: (mask.pixels.count + 63) / 64)
    for (n, isSet) in mask.pixels.enumerated() where isSet { bits[n / 64] |= 1 << UInt64(n % 64) }
    self.bits = bits
  }

  /// The mask.
  var raster: MaskRaster {
    MaskRaster(
      rows: rows, columns: columns,
      pixels: (0..<(rows * columns)).map { bits[$0 / 64] >> UInt64($0 % 64) & 1 == 1 })
  }
}

extension StudyScreenState {
  /// The slices of the study, for masks.
  var correctionGrids: [CorrectionGrid] {
    study.pictures.map { CorrectionGrid(index: $0.index, grid: $0.grid) }
  }

  /// The points being corrected as marks on the slice shown, and whether they lie on it; those of other
  /// slices are shown as well.
  var correctionMarks: [(mark: PictureRequest.Marks.Point, isHere: Bool)] {
    guard let correction, let labels = correction.labels, let picture else { return [] }
    return labels.points.sorted { $0.key < $1.key }.map { number, ras in
      let pixel = picture.grid.pixel(ras: ras)
      let mark = PictureRequest.Marks.Point(
        place: SIMD2(pixel.column, pixel.row), name: labels.kind.name(number),
        isChosen: number == correction.chosen)
      return (mark, abs(pixel.distanceMM) <= sliceHalfMM)
    }
  }

  /// How far from the middle of a slice its points lie at most, in mm.
  var sliceHalfMM: Double { study.sliceThicknessMM / 2 + 0.01 }

  /// The place in the list of pictures of the slice nearest to a point in RAS mm.
  func slice(nearest ras: SIMD3<Double>) -> Int? {
    study.pictures.indices.min {
      abs(study.pictures[$0].grid.pixel(ras: ras).distanceMM)
        < abs(study.pictures[$1].grid.pixel(ras: ras).distanceMM)
    }
  }

  /// What stands in the place of the sentence while labels are corrected.
  var correctionWords: String? {
    guard let correction, let picture else { return nil }
    let place = correction.place
    let ras = picture.grid.ras(row: place.y, column: place.x)
    let cross =
      "crosshair z \(ScoreText.millimetres(ras.z, signed: true)), row \(Int(place.y.rounded())), "
      + "column \(Int(place.x.rounded()))"
    switch correction.edit {
    case .points(let edit):
      if edit.points.isEmpty, !edit.isChanged {
        let others = correction.target == .discs ? "the segment boundaries" : "the discs"
        return "none is marked yet: insert one at the crosshair, or go to \(others). \(cross)"
      }
      if let fault = edit.fault { return "CANNOT BE SAVED: \(fault). \(cross)" }
      return [edit.skips, edit.shiftDoubt, cross].compactMap(\.self).joined(separator: "; ")
    case .mask(let edit):
      let (row, column) = (Int(place.y.rounded()), Int(place.x.rounded()))
      let mask = edit.masks.indices.contains(slice) ? edit.masks[slice] : nil
      let isInside = mask.map { $0.contains(row: row, column: column) && $0[row, column] } ?? false
      return "\(cross), \(isInside ? "in" : "outside of") the mask"
    }
  }
}
