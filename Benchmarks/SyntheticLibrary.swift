import Core
import Foundation
import Imaging

/// A library on disk of many detected studies, from fixed arithmetic: one image by hard links, a detection
/// for each, and every twentieth begun by a reader.
struct SyntheticLibrary {
  /// Whose journals are in it.
  static let reader = "bench"
  /// Every so many studies one is begun.
  static let begun = 20

  let root: URL
  let count: Int

  /// Studies in which the reader has stated nothing.
  var unread: Int { count - (count + Self.begun - 1) / Self.begun }

  /// Writes the library into an empty folder.
  func write() throws {
    try Data(#"{"Name": "synthetic", "BIDSVersion": "1.9.0"}"#.utf8)
      .write(to: root.appendingPathComponent("dataset_description.json"))
    var rows = ["participant_id\tage\tsex\tmjoa\tsite\tduration_months"]
    for number in 0..<count {
      rows.append(
        "sub-\(Self.subject(number))\t\(20 + number % 70)\t\(number % 2 == 0 ? "F" : "M")\t"
          + "\(number % 19)\tsite\(number % 7)\t\(number % 60)")
    }
    try Data((rows.joined(separator: "\n") + "\n").utf8)
      .write(to: root.appendingPathComponent("participants.tsv"))
    let image = root.appendingPathComponent("image.nii.gz")
    try NIfTI.write(Self.image, to: image)
    let texts = try [0.1, 0.4].map {
      String(decoding: try DetectionFile.encode(Self.detection(score: $0)), as: UTF8.self)
    }
    for number in 0..<count { try write(number, image, texts[number % texts.count]) }
    try FileManager.default.removeItem(at: image)
  }

  private func write(_ number: Int, _ image: URL, _ text: String) throws {
    let subject = "sub-\(Self.subject(number))"
    let images = root.appendingPathComponent("\(subject)/anat")
    let derived = root.appendingPathComponent("derivatives/cordscope/\(subject)/anat")
    for folder in [images, derived] {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
    let name = "\(subject)_T2w"
    try FileManager.default.linkItem(
      at: image, to: images.appendingPathComponent("\(name).nii.gz"))
    try Data(text.replacingOccurrences(of: Self.mark, with: Self.subject(number)).utf8)
      .write(to: derived.appendingPathComponent("\(name)_detection.json"))
    guard number.isMultiple(of: Self.begun) else { return }
    let journal = try ReviewJournal(
      opening: derived.appendingPathComponent("\(name)_reader-\(Self.reader)_review.jsonl"),
      reader: Self.reader)
    _ = try journal.append(ReviewDraft(action: .verdict, segment: .c5c6, verdict: .present))
  }

  private static let mark = "SUBJECT"

  private static func subject(_ number: Int) -> String { "bench\(number)" }

  /// A sagittal volume as scanners store them: i posterior, j superior, k right.
  private static var image: ImageVolume {
    let shape: SIMD3<Int> = [256, 256, 5]
    let voxels = (0..<shape.x * shape.y * shape.z).map { Float($0 &* 2_654_435_761 & 0xff) }
    return ImageVolume(
      shape: shape, voxels: voxels,
      affine: Affine(
        i: [0, -0.8, 0], j: [0, 0, 0.8], k: [3.3, 0, 0], origin: [-8, 100, -100]))
  }

  /// A detection of eleven slices with curves along the whole neck.
  private static func detection(score: Double) -> Detection {
    let rows = Array(40..<190)
    let curve = Detection.Curve(
      row: rows, zMm: rows.map { 100 - 0.78125 * Double($0) },
      value: rows.map { score * Double($0 &* 2_654_435_761 & 0xfff) / 4096 },
      secondOpinion: rows.map { score * Double($0 &* 2_246_822_519 & 0xfff) / 4096 })
    let slices = (0..<11).map { index in
      Detection.Slice(
        index: index, score: score, reason: nil, curve: curve,
        gridOriginMm: [Double(index) * 3.3, 100, 100], gridColumnDirection: [0, -1, 0],
        gridRowDirection: [0, 0, -1])
    }
    let segments = SpinalSegment.allCases.map { segment in
      Detection.Segment(
        name: segment.name, score: segment == .c5c6 ? score : 0.05, threshold: 0.2,
        flagged: segment == .c5c6 && score >= 0.2, assessable: true, reason: nil, sliceIndex: 5)
    }
    return Detection(
      subject: mark, image: "sub-\(mark)/anat/sub-\(mark)_T2w.nii.gz", imageSha256: nil,
      sliceIndex: 5,
      patient: Detection.Patient(
        score: score, threshold: 0.2, flagged: score >= 0.2, assessable: true, reason: nil),
      segments: segments, curve: curve, slices: slices, opinions: [], absoluteLevel: 0.5,
      levelSource: "labelled",
      quality: [
        QualityFlag("canal-estimated", "The canal was estimated from the cord."),
        QualityFlag("out-of-plane", "The cord leaves the slice.", slices: [0, 1, 9, 10]),
      ],
      model: Detection.Model(
        name: "bench", sha256: String(repeating: "0", count: 64), context: "nearest(128)", mc: 7,
        seed: 7, scoring: "core", kernelPath: "scalar", thresholdSource: "bench"),
      version: "0.1.0")
  }
}
