internal import Foundation

extension ImportSource {
  /// Why a file is refused whose name and contents say no image.
  static let noImage = "it is neither DICOM nor NIfTI (.nii, .nii.gz, .hdr) nor NumPy (.npy)"

  /// Sources without the files that belong to an image among them, and with other files that are no image left
  /// alone, each once and behind the others: loose files and `folder/*` bring all that lies there.
  ///
  /// Where there is nothing else at all they stay refused, and so does one that is called as an image or cannot
  /// be read: it may be one.
  static func leavingAlone(_ found: [ImportSource]) -> [ImportSource] {
    let besides = found.map { $0.besidesImages }
    guard besides.contains(where: { $0 == nil }) else { return found }
    var seen = Set(found.flatMap(\.companions).map(key))
    let kept = zip(found, besides).filter { $0.1 == nil }.map { $0.0 }
    let alone = besides.compactMap { url -> ImportSource? in
      guard let url, seen.insert(key(url)).inserted else { return nil }
      return .leftAlone(url)
    }
    return kept.filter { !$0.isCompanion(seen) } + alone
  }

  /// A file that is no image and is not called as one; `nil` of everything else.
  private var besidesImages: URL? {
    guard case .unusable(let url, Self.noImage) = self, !Self.isCalledImage(url),
      FileManager.default.isReadableFile(atPath: url.path)
    else { return nil }
    return url
  }

  /// Whether it is the second file of a pair that an image among the sources is read with.
  private func isCompanion(_ companions: Set<String>) -> Bool {
    guard case .unusable(let url, Self.noImage) = self else { return false }
    return companions.contains(Self.key(url))
  }

  /// The files that are read with an image: its sidecar, the voxels of a pair.
  private var companions: [URL] {
    guard case .nifti(let url) = self else { return [] }
    let folder = url.deletingLastPathComponent()
    let name = url.lastPathComponent
    let sidecar = Sidecar.url(of: url)
    for header in [".hdr.gz", ".hdr"] where name.lowercased().hasSuffix(header) {
      let base = String(name.dropLast(header.count))
      let voxels = [".img", ".img.gz", ".IMG"]
      return [sidecar] + voxels.map { folder.appendingPathComponent(base + $0) }
    }
    return [sidecar]
  }

  /// Whether a name promises an image, one that is not read here among them.
  private static func isCalledImage(_ url: URL) -> Bool {
    let name = url.lastPathComponent.lowercased()
    let endings = [
      ".dcm", ".dcm.gz", ".ima", ".img", ".img.gz", ".mgz", ".mgh", ".mha", ".mhd", ".nrrd",
      ".nhdr", ".mnc",
    ]
    return isKnown(name) || name == "dicomdir" || endings.contains { name.hasSuffix($0) }
  }

  private static func key(_ url: URL) -> String { url.standardizedFileURL.path }
}
