internal import Foundation
internal import Imaging

/// A draft as its file holds it: points, or for each slice drawn on the pixels that were turned over.
struct CorrectionDraftFile: Codable, Equatable {
  /// A point in RAS mm.
  struct Point: Codable, Equatable {
    var number: UInt16
    var place: [Double]
  }

  /// A slice drawn on.
  struct Slice: Codable, Equatable {
    /// Index of the source slice, from the patient's left.
    var index: Int
    var rows: Int
    var origin: [Double]
    var columnDirection: [Double]
    var rowDirection: [Double]
    /// SHA-256 of the mask that the edit began with, a byte of 0 or 1 a pixel, row by row.
    var before: String
    /// Runs of pixels turned over, each as its first pixel, counted row by row, and its length.
    var turned: [Int]
  }

  /// The format written.
  static let format = 1
  /// The largest file that is read or written, in bytes.
  static let largest = 16 << 20

  var format = Self.format
  var target: CorrectionTarget
  /// The image's name without extension.
  var study: String
  var reader: String
  var session: String
  /// UTC.
  var time: String
  /// SHA-256 of the image's file.
  var image: String
  /// The label files that the edits began from, as "role SHA-256".
  var files: [String]
  /// SHA-256 of the disc labels that the reader saved while boundaries waited.
  var savedDiscs: String?
  var pointsBefore: [Point]?
  var points: [Point]?
  var slices: [Slice]?

  /// Makes the file of a draft.
  init(
    _ draft: CorrectionDraft, study: String, reader: String, time: String, image: String
  ) {
    (target, files) = (draft.correction.target, draft.correction.files)
    (self.study, self.reader, session) = (study, reader, draft.session)
    (self.time, self.image, savedDiscs) = (time, image, draft.savedDiscs)
    switch draft.correction.content {
    case .points(let now):
      (pointsBefore, points) = (Self.points(draft.original), Self.points(now))
    case .mask(let changes): slices = changes.map { Slice($0) }
    }
  }

  private static func points(_ places: [UInt16: SIMD3<Double>]) -> [Point] {
    places.sorted { $0.key < $1.key }.map {
      Point(number: $0.key, place: [$0.value.x, $0.value.y, $0.value.z])
    }
  }

  // MARK: What was edited

  /// What of a draft is saved.
  private struct Edits: Encodable {
    var target: CorrectionTarget
    var points: [Point]?
    var slices: [Slice]?
  }

  /// SHA-256 of the edits, whoever keeps them, and when.
  ///
  /// - Throws: what encoding throws.
  var editsSHA256: String {
    get throws {
      let edits = Edits(target: target, points: points, slices: slices)
      return SHA256.hexDigest(of: [UInt8](try SnakeCaseJSON.data(edits, pretty: false)))
    }
  }

  /// The same of a correction that is saved.
  ///
  /// - Throws: what encoding throws.
  static func editsSHA256(of correction: LabelCorrection) throws -> String {
    try CorrectionDraftFile(
      CorrectionDraft(correction), study: "", reader: "", time: "", image: ""
    ).editsSHA256
  }

  // MARK: Going on

  /// Boundaries that waited while their reader saved disc labels, as they follow these.
  ///
  /// - Parameter basis: the boundaries as they follow from the discs now.
  func following(_ basis: CorrectionBasis) throws -> LabelCorrection {
    var edit = LabelEdit(.boundaries, Self.places(pointsBefore ?? []))
    try edit.restore(Self.places(points ?? []), named: "")
    let points = edit.following(basis.points).points
    return LabelCorrection(target: target, files: basis.files, content: .points(points))
  }

  /// The most slices that were cut otherwise when they were drawn on.
  private static let mostFormer = 256

  /// The slices drawn on that are not, or no longer, cut as the study's are.
  ///
  /// - Throws: `EditRefusal` where they are more than can have been drawn on.
  func formerGrids(beside grids: [CorrectionGrid]) throws -> [CorrectionGrid] {
    let former = (slices ?? []).map(\.correctionGrid).filter { !grids.contains($0) }
    guard former.count <= Self.mostFormer else { throw EditRefusal("the slices are others now") }
    return former
  }

  /// The edits on what they began from, as that is read now.
  ///
  /// - Parameter grids: of the study's slices and of those that were cut otherwise, in the order of the masks.
  /// - Throws: `EditRefusal` where that is something else than it was.
  func correction(
    on basis: CorrectionBasis, grids: [CorrectionGrid]
  ) throws -> LabelCorrection {
    if let points, let pointsBefore {
      let (before, now) = (Self.places(pointsBefore), Self.places(points))
      guard before.count == basis.points.count,
        before.allSatisfy({ number, place in
          basis.points[number].map { Self.isSame($0, place) } ?? false
        })
      else { throw EditRefusal("the points that they began from are others now") }
      return LabelCorrection(target: target, files: files, content: .points(now))
    }
    let changes = try (slices ?? []).map { slice -> MaskWriteBack.SliceChange in
      guard let n = grids.firstIndex(of: slice.correctionGrid), basis.masks.indices.contains(n),
        basis.masks[n].rows == slice.rows, basis.masks[n].columns == SagittalGrid.side
      else { throw EditRefusal("the slices are others now") }
      let before = basis.masks[n]
      guard Slice.hash(of: before) == slice.before else {
        throw EditRefusal("the mask that they began from is another now")
      }
      return MaskWriteBack.SliceChange(
        index: slice.index, grid: grids[n].grid, before: before, after: slice.after(before))
    }
    return LabelCorrection(target: target, files: files, content: .mask(changes))
  }

  private static func places(_ points: [Point]) -> [UInt16: SIMD3<Double>] {
    Dictionary(
      points.map { ($0.number, SIMD3($0.place[0], $0.place[1], $0.place[2])) },
      uniquingKeysWith: { first, _ in first })
  }

  /// Whether two places are one, but for the last digits in which machines may differ.
  private static func isSame(_ one: SIMD3<Double>, _ other: SIMD3<Double>) -> Bool {
    let way = one - other
    return (way * way).sum() < 1e-12
  }
}

extension CorrectionDraftFile.Slice {
  init(_ change: MaskWriteBack.SliceChange) {
    let grid = change.grid
    (index, rows) = (change.index, change.before.rows)
    origin = [grid.origin.x, grid.origin.y, grid.origin.z]
    columnDirection = [grid.columnDirection.x, grid.columnDirection.y, grid.columnDirection.z]
    rowDirection = [grid.rowDirection.x, grid.rowDirection.y, grid.rowDirection.z]
    before = Self.hash(of: change.before)
    turned = Self.runs(from: change.before, to: change.after)
  }

  /// The slice's plane; of three numbers each, which `check` has seen to.
  var grid: SagittalGrid {
    SagittalGrid(
      origin: SIMD3(origin[0], origin[1], origin[2]),
      columnDirection: SIMD3(columnDirection[0], columnDirection[1], columnDirection[2]),
      rowDirection: SIMD3(rowDirection[0], rowDirection[1], rowDirection[2]), rows: rows)
  }

  /// The slice and its plane.
  var correctionGrid: CorrectionGrid { CorrectionGrid(index: index, grid: grid) }

  /// A mask with the slice's pixels turned over.
  func after(_ mask: MaskRaster) -> MaskRaster {
    var result = mask
    for at in stride(from: 0, to: turned.count - 1, by: 2) {
      for pixel in turned[at]..<(turned[at] + turned[at + 1]) { result.pixels[pixel].toggle() }
    }
    return result
  }

  static func hash(of mask: MaskRaster) -> String {
    let bytes: [UInt8] = mask.pixels.map { $0 ? 1 : 0 }
    return SHA256.hexDigest(of: bytes)
  }

  private static func runs(from before: MaskRaster, to after: MaskRaster) -> [Int] {
    var runs: [Int] = []
    for pixel in before.pixels.indices where before.pixels[pixel] != after.pixels[pixel] {
      if runs.count >= 2, runs[runs.count - 2] + runs[runs.count - 1] == pixel {
        runs[runs.count - 1] += 1
      } else {
        runs += [pixel, 1]
      }
    }
    return runs
  }
}
