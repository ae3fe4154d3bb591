internal import Imaging

/// The quality of the images themselves as lists of their files: what can be read, what cannot, and what an
/// artefact impairs.
extension QualityLists {
  /// What is signed of an image's quality: of who adjudicated, where they state it, else of all readers.
  enum ImageQuality: String, Encodable, CaseIterable {
    /// The images can be read.
    case pass
    /// An artefact impairs them.
    case artifact
    /// They cannot be read.
    case fail
    /// Those who signed state different things.
    case differ
    /// Nobody has signed a statement.
    case open

    /// The key of its list in `qc_images.yml`; `nil` without one, as of images nobody has judged.
    var key: String? { self == .open ? nil : "IMAGES_\(rawValue.uppercased())" }

    /// Reads it off a report.
    init(_ sheet: StudySheet) {
      let signed = sheet.readers.filter { $0.problem == nil && $0.review.isSigned }
      func stated(_ readers: [StudySheet.Reader]) -> Set<QualityVerdict> {
        Set(readers.compactMap { $0.review.quality })
      }
      let decided = stated(signed.filter { $0.review.isAdjudicated })
      let all = decided.isEmpty ? stated(signed) : decided
      guard let only = all.first else {
        self = .open
        return
      }
      guard all.count == 1 else {
        self = .differ
        return
      }
      switch only {
      case .pass: self = .pass
      case .artifact: self = .artifact
      case .fail: self = .fail
      }
    }
  }

  /// The file names of the images of a quality.
  func images(_ quality: ImageQuality) -> [String] {
    entries.filter { $0.imageQuality == quality }.map(\.file)
  }

  /// `qc_images.yml`: every list, also an empty one; an image is on one of them at most.
  var imagesYAML: String {
    "# Images by the quality that readers signed. \(Notice.researchUse)\n"
      + leftOut
      + ImageQuality.allCases.compactMap { quality in
        quality.key.map { Self.yaml($0, images(quality)) }
      }.joined()
  }
}
