import Foundation
import Imaging
import TestSupport

@testable import Core

/// Small studies and detections made on the spot.
enum LibraryFixture {
  /// Stored PSR like many sagittal scans: i posterior, j superior, k right.
  static func affine(spacing: SIMD3<Double> = [1.5, 1.5, 3.3]) -> Affine {
    Affine(
      i: [0, -spacing.x, 0], j: [0, 0, spacing.y], k: [spacing.z, 0, 0],
      origin: [-18, 60, -60])
  }

  /// A sagittal volume of 80 x 80 pixels and some slices with a seeded texture.
  static func image(seed: UInt64 = 1, slices: Int = 5, affine: Affine = affine()) -> ImageVolume {
    var random = TestRandom(seed: seed)
    let shape: SIMD3<Int> = [80, 80, slices]
    var voxels = [Float](repeating: 0, count: 80 * 80 * slices)
    for n in voxels.indices {
      let (i, j) = (n % 80, n / 80 % 80)
      let isBody = (i - 40) * (i - 40) + (j - 40) * (j - 40) < 36 * 36
      voxels[n] = (isBody ? 300 : 5) + Float(Int.random(in: 0..<40, using: &random))
    }
    return ImageVolume(shape: shape, voxels: voxels, affine: affine)
  }

  /// A cord of 4 voxels' width down the middle of the middle slice.
  static func cord(like image: ImageVolume) -> LabelVolume {
    var mask = image.map { _ in UInt16(0) }
    for j in 5..<75 { for i in 38..<42 { mask[i, j, image.shape.z / 2] = 1 } }
    return mask
  }

  /// A dataset with subjects that have a T2w image and a cord mask.
  static func library(
    _ subjects: [String] = ["01", "02", "10"], in folder: TemporaryFolder
  ) throws -> StudyLibrary {
    try folder.write(#"{"Name": "test", "BIDSVersion": "1.9.0"}"#, to: "dataset_description.json")
    for (number, subject) in subjects.enumerated() {
      let volume = image(seed: UInt64(number + 1))
      try write(volume, to: folder("sub-\(subject)/anat/sub-\(subject)_T2w.nii.gz"))
      try write(
        cord(like: volume),
        to: folder("derivatives/labels/sub-\(subject)/anat/sub-\(subject)_T2w_label-SC_seg.nii.gz"))
    }
    return try StudyLibrary(opening: folder.url)
  }

  static func write(_ volume: ImageVolume, to url: URL) throws {
    try makeFolder(url)
    try NIfTI.write(volume, to: url)
  }

  static func write(_ labels: LabelVolume, to url: URL) throws {
    try makeFolder(url)
    try NIfTI.write(labels, to: url)
  }

  private static func makeFolder(_ url: URL) throws {
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
  }

  /// The grid of a slice of the fixture's volumes.
  static func grid(slice: Int) -> SagittalGrid {
    SagittalGrid(centre: [-18 + 3.3 * Double(slice), 0, 0])
  }

  /// A detection of two slices with C4-5 over threshold and C7-T1 not assessable.
  static func detection(
    subject: String = "01", score: Double = 0.041, imageSHA256: String? = nil
  ) -> Detection {
    let segments = SpinalSegment.allCases.map { segment in
      let assessable = segment != .c7t1
      return Detection.Segment(
        name: segment.name, score: assessable ? (segment == .c4c5 ? score : 0.01) : nil,
        threshold: 0.03, flagged: segment == .c4c5 && score >= 0.03, assessable: assessable,
        reason: assessable ? nil : "no cord in these rows", rowFrom: 40, rowTo: 60,
        secondOpinionFlagged: segment == .c5c6, secondOpinionScore: 0.2)
    }
    let curve = Detection.Curve(row: [40, 41], zMm: [68.8, 68.0], value: [0.01, score])
    let slices = [2, 3].map { index in
      let grid = grid(slice: index)
      return Detection.Slice(
        index: index, score: score, reason: nil, curve: curve,
        gridOriginMm: [grid.origin.x, grid.origin.y, grid.origin.z],
        gridColumnDirection: [0, -1, 0], gridRowDirection: [0, 0, -1])
    }
    return Detection(
      subject: subject, image: "sub-\(subject)/anat/sub-\(subject)_T2w.nii.gz",
      imageSha256: imageSHA256, sliceIndex: 2,
      patient: Detection.Patient(
        score: score, threshold: 0.03, flagged: score >= 0.03, assessable: true, reason: nil),
      segments: segments, curve: curve, slices: slices, opinions: [], absoluteLevel: 0.5,
      levelSource: "labelled",
      quality: [QualityFlag("canal-estimated", "The canal was estimated from the cord.")],
      model: Detection.Model(
        name: "test", sha256: "00", context: "nearest(128)", mc: 10, seed: 7, scoring: "core",
        kernelPath: "scalar", thresholdSource: "test"),
      version: "0.1.0")
  }

  /// A detection of a study that cannot be assessed.
  static func unassessable(subject: String, reason: String) -> Detection {
    var detection = detection(subject: subject)
    detection.sliceIndex = nil
    detection.patient = Detection.Patient(
      score: nil, threshold: 0.03, flagged: false, assessable: false, reason: reason)
    for index in detection.segments.indices {
      detection.segments[index].score = nil
      detection.segments[index].assessable = false
      detection.segments[index].flagged = false
      detection.segments[index].secondOpinionFlagged = nil
      detection.segments[index].reason = reason
    }
    detection.slices = []
    detection.quality = []
    return detection
  }

  /// Maps of slices 2 and 3: the anomaly is the row number plus 1000 times the slice's index.
  static func maps(_ indices: [Int] = [2, 3]) -> DerivativeMaps {
    DerivativeMaps(
      slices: indices.map { index in
        let side = SagittalGrid.side
        var anomaly = ImageRaster(rows: side, columns: side, filledWith: .nan)
        for row in 40..<60 {
          for column in 100..<110 { anomaly[row, column] = Float(index * 1000 + row) }
        }
        return DerivativeMaps.Slice(
          index: index, grid: grid(slice: index), anomaly: anomaly, epistemic: anomaly)
      })
  }

  /// The mode of a file or folder.
  static func mode(_ url: URL) throws -> Int? {
    let attributes = try FileManager.default.attributesOfItem(atPath: url.path)
    return (attributes[.posixPermissions] as? Int).map { $0 & 0o7777 }
  }

  /// All files below a folder with their bytes, by path.
  static func snapshot(_ folder: URL) throws -> [String: Data] {
    var result: [String: Data] = [:]
    let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    for path in paths {
      let url = folder.appendingPathComponent(path)
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
      if !isFolder.boolValue { result[path] = try Data(contentsOf: url) }
    }
    return result
  }
}
