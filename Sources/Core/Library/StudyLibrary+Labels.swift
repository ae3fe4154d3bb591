internal import Foundation
public import Imaging

extension StudyLibrary {
  /// The image and labels of a study, in one voxel space.
  public struct StudyImage: Sendable {
    /// The image as acquired.
    public var volume: ImageVolume
    /// Masks and levels that were found for it.
    public var labels: StudyLabels
    /// SHA-256 of the image file.
    public var sha256: String
  }

  /// The label files found for a study: `derivatives/labels` first, then this program's own.
  public func labelFiles(of study: LibraryStudy) -> LabelFiles {
    guard let stem = study.stem else { return LabelFiles() }
    let folders = ["derivatives/labels", "derivatives/cordscope"].map {
      root.appendingPathComponent("\($0)/\(study.folder)")
    }
    return LabelFiles(stem: stem, in: folders)
  }

  /// Whether the image or a label file was written after the stored detection.
  func isOutdated(_ study: LibraryStudy) -> Bool {
    func written(_ url: URL) -> Date? {
      let attributes = try? FileManager.default.attributesOfItem(atPath: url.path)
      return attributes?[.modificationDate] as? Date
    }
    guard let path = study.image,
      let detected = study.derivative("_detection.json", library: root).flatMap(written)
    else { return true }
    let labels = labelFiles(of: study).files.filter { $0.key != .lesion }.values.map(\.url)
    return ([root.appendingPathComponent(path)] + labels).compactMap(written)
      .contains { $0 > detected }
  }

  /// Reads the image and the labels of a study.
  ///
  /// - Throws: `LibraryError.unusable`, or `ReadError` naming the file.
  public func load(_ study: LibraryStudy) throws -> StudyImage {
    let (volume, labels) = try read(study)
    let url = root.appendingPathComponent(study.image ?? "")
    return StudyImage(
      volume: volume, labels: labels, sha256: try SHA256.hexDigest(ofFile: url))
  }

  /// Reads the image and the labels of a study without hashing the file.
  ///
  /// - Throws: as ``load(_:)``.
  func read(_ study: LibraryStudy) throws -> (volume: ImageVolume, labels: StudyLabels) {
    guard let path = study.image else {
      throw LibraryError.unusable(subject: study.subject, study.problem ?? "no image")
    }
    let url = root.appendingPathComponent(path)
    let image = try NIfTI.read(url)
    var labels = try LabelReading.studyLabels(
      labelFiles(of: study), imageShape: image.volume.shape, imageAffine: image.volume.affine)
    if labels.levelSource == .missing,
      let doubt = try Provenance.read(Sidecar.url(of: url))?[Sidecar.levelDoubt] as? String
    {
      labels.quality.append(QualityFlag("levels-missing", doubt.cleaned(limit: 400)))
    }
    if image.affineSource == .pixdim {
      labels.quality.append(
        QualityFlag(
          "orientation-unknown",
          "The image says nothing of its place in the patient: left and right are not known."))
    }
    return (image.volume, labels)
  }
}
