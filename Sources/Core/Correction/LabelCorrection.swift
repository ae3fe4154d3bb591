public import Imaging

/// A slice on which a mask is corrected: its index in the source, from the patient's left, and its plane.
public struct CorrectionGrid: Equatable, Sendable {
  /// Index of the source slice.
  public var index: Int
  /// The plane in the patient.
  public var grid: SagittalGrid

  /// Makes a grid of a slice.
  public init(index: Int, grid: SagittalGrid) { (self.index, self.grid) = (index, grid) }
}

/// What a correction begins from.
public struct CorrectionBasis: Equatable, Sendable {
  /// What is corrected.
  public var target: CorrectionTarget
  /// The files that say what is corrected, as "role SHA-256": a correction is refused where they are
  /// others by then.
  public var files: [String]
  /// Points in RAS mm by number; none for masks.
  public var points: [UInt16: SIMD3<Double>]
  /// The numbers of points that the image does not hold, as levels have that the rules place beyond
  /// its edge: none of them has a voxel that could be saved.
  public var beyondImage: [UInt16] = []
  /// Masks on the grids asked for; none for points.
  public var masks: [MaskRaster]
  /// Whether a person saved the masks, and not a program alone.
  public var isSavedByPerson: Bool
  /// Whether the AI was hidden, and with it a lesion mask that no reader drew.
  public var isBlind: Bool

  /// Makes a basis.
  public init(
    target: CorrectionTarget, files: [String] = [], points: [UInt16: SIMD3<Double>] = [:],
    masks: [MaskRaster] = [], isSavedByPerson: Bool = false, isBlind: Bool = false
  ) {
    (self.target, self.files, self.points, self.masks) = (target, files, points, masks)
    (self.isSavedByPerson, self.isBlind) = (isSavedByPerson, isBlind)
  }
}

/// What a reader commits.
public struct LabelCorrection: Equatable, Sendable {
  /// The new labels.
  public enum Content: Equatable, Sendable {
    /// Every point, in RAS mm by number.
    case points([UInt16: SIMD3<Double>])
    /// The slices drawn on.
    case mask([MaskWriteBack.SliceChange])
  }

  /// What is corrected.
  public var target: CorrectionTarget
  /// The files that the correction began from.
  public var files: [String]
  /// The new labels.
  public var content: Content

  /// Makes a correction of points or of a mask.
  public init(target: CorrectionTarget, files: [String], content: Content) {
    (self.target, self.files, self.content) = (target, files, content)
  }
}

/// What a journal says of a correction.
public struct CorrectionNote: Codable, Equatable, Sendable {
  /// What was corrected.
  public var target: CorrectionTarget
  /// The name of the file written; empty before it is.
  public var file: String
  /// SHA-256 of the file that it took the place of; `nil` where there was none.
  public var before: String?
  /// SHA-256 of the file written; empty before it is.
  public var after: String
  /// What was changed, in words.
  public var change: String
  /// The levels that the points skip, in words; `nil` where they skip none.
  public var skips: String?
  /// What it took the place of, so that it can be taken back; `nil` in journals of versions that did not
  /// note it, and of an undo or redo.
  public var origin: CorrectionOrigin?

  /// Makes the note of a correction that is not yet written.
  public init(_ target: CorrectionTarget, change: String, skips: String? = nil) {
    (self.target, self.change, self.skips) = (target, change, skips)
    (file, after) = ("", "")
  }

  /// In words: "disc labels corrected: C4-5 moved 3.1 mm".
  public var words: String { "\(target.words) corrected: \(change)" }

  /// What the journal says of taking the correction back, or of restoring it.
  ///
  /// - Parameter isUndo: whether it is taken back. The file's name then holds what it held before, or
  ///   none has it: `after` is what is read in its place, empty where there is nothing.
  func turned(isUndo: Bool) -> CorrectionNote {
    var note = self
    (note.origin, note.skips) = (nil, nil)
    if isUndo { (note.before, note.after) = (after, before ?? "") }
    return note
  }

  /// The note without control characters.
  var cleaned: CorrectionNote {
    var note = self
    note.file = file.cleaned
    note.before = before?.cleaned
    note.after = after.cleaned
    note.change = change.cleaned
    note.skips = skips?.cleaned
    return note
  }
}

extension LabelCorrection {
  /// The points as single voxels on the image's grid.
  ///
  /// - Throws: `EditRefusal` where a point lies outside of the image, or on another one.
  static func volume(
    of points: [UInt16: SIMD3<Double>], kind: LabelEdit.Kind, like image: ImageVolume
  ) throws -> LabelVolume {
    guard image.affine.inverse != nil else {
      throw EditRefusal("the image's voxels have no place in the patient")
    }
    var volume = LabelVolume(
      shape: image.shape, voxels: [UInt16](repeating: 0, count: image.voxels.count),
      affine: image.affine)
    for (number, point) in points.sorted(by: { $0.key < $1.key }) {
      guard let (i, j, k) = voxel(of: point, in: image) else {
        throw EditRefusal("\(kind.name(number)) lies outside of the image")
      }
      guard volume[i, j, k] == 0 else {
        throw EditRefusal(
          "\(kind.name(number)) lies on the same voxel as \(kind.name(volume[i, j, k]))")
      }
      volume[i, j, k] = number
    }
    return volume
  }

  /// The voxel of an image that a point in RAS mm lies in; `nil` where the image does not hold it.
  static func voxel(
    of point: SIMD3<Double>, in image: ImageVolume
  ) -> (i: Int, j: Int, k: Int)? {
    guard let index = image.affine.inverse?(point) else { return nil }
    let place = SIMD3(index.x.rounded(), index.y.rounded(), index.z.rounded())
    guard place.x >= 0, place.y >= 0, place.z >= 0, place.x < Double(image.shape.x),
      place.y < Double(image.shape.y), place.z < Double(image.shape.z)
    else { return nil }
    return (Int(place.x), Int(place.y), Int(place.z))
  }
}
