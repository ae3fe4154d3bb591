internal import Foundation
internal import Imaging

/// The label files that came in with the images of an import: given among the sources, too, they are no images
/// that failed.
struct TakenLabels {
  private struct Taken {
    var role: LabelRole
    /// The image's file name.
    var image: String
    /// Whether the library took it now, or has had a file of the role.
    var isNew: Bool
  }

  private var known: [String: Taken] = [:]

  /// Remembers what came in with an image.
  mutating func note(_ item: ImportItem) {
    let image = item.source.split(separator: "/").last.map(String.init) ?? item.source
    let placed = item.outcome.placedRoles
    // A file of several structures is called by the first of them.
    for role in LabelRole.allCases {
      guard let url = item.labelFiles[role], known[Self.key(url)] == nil else { continue }
      known[Self.key(url)] = Taken(role: role, image: image, isNew: placed.contains(role))
    }
  }

  /// What became of a source that came in as a label file before; `nil` where it did not.
  func item(of source: ImportSource) -> ImportItem? {
    guard case .nifti(let url) = source, let taken = known[Self.key(url)] else { return nil }
    return ImportItem(
      source: url.path.cleaned,
      outcome: .label(taken.role, of: taken.image, isNew: taken.isNew), notes: [])
  }

  private static func key(_ url: URL) -> String { url.standardizedFileURL.path }
}

extension ImportSource {
  /// Sources with those behind the others that are called as label files: they come in with their images.
  static func imagesFirst(_ sources: [ImportSource]) -> [ImportSource] {
    sources.filter { !$0.isCalledLabel } + sources.filter(\.isCalledLabel)
  }

  private var isCalledLabel: Bool {
    guard case .nifti(let url) = self else { return false }
    return NameHints.saysLabels(Self.stem(url.lastPathComponent))
  }
}

extension LabelRole {
  /// What a file of the role is called in sentences.
  var fileWords: String {
    switch self {
    case .cord: "cord mask"
    case .canal: "canal mask"
    case .spine: "vertebra and disc labels"
    case .discs: "disc points"
    case .levels: "vertebra points"
    case .lesion: "lesion mask"
    }
  }
}
