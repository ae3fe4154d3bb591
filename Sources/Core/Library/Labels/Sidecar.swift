internal import Foundation

/// The JSON file beside an image.
enum Sidecar {
  /// Where the levels of a label file come from.
  static let levelSource = "LevelSource"
  /// Why levels could not be told from the labels that were imported; in the image's sidecar.
  static let levelDoubt = "LevelDoubt"
  /// What speaks against names that are used all the same; in the record of what was found.
  static let levelWarning = "LevelWarning"
  /// The hash of the file that was imported.
  static let sourceHash = "SourceSHA256"
  /// The name of the file that was imported.
  static let sourceName = "SourceName"
  /// The convention that a label was converted from.
  static let sourceConvention = "SourceConvention"
  /// The files in whose place a reader's correction stands, as "role SHA-256".
  static let corrects = "Corrects"
  /// The hash of the label file that a sidecar was written for: beside another one it tells nothing of that.
  static let describes = "LabelSHA256"
  /// The hash of the edits that a reader saved, as a draft holds them.
  static let edits = "EditsSHA256"
  /// Who made the label file that was imported, in words for a reader.
  static let sourceMaker = "SourceMaker"

  /// The sidecar of an image file.
  static func url(of image: URL) -> URL {
    var name = image.lastPathComponent
    for fileExtension in [".nii.gz", ".nii", ".hdr", ".img"] where name.hasSuffix(fileExtension) {
      name.removeLast(fileExtension.count)
      break
    }
    return image.deletingLastPathComponent().appendingPathComponent(name + ".json")
  }
}
