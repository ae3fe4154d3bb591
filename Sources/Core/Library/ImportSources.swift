internal import Foundation
internal import Imaging

/// What the arguments of an import stand for.
enum ImportSource: Equatable {
  /// A NumPy array in the layout of the U2AD release.
  case numpy(URL)
  /// A NIfTI image.
  case nifti(URL)
  /// A BIDS dataset.
  case dataset(URL)
  /// Something that cannot be imported, with the reason.
  case unusable(URL, String)

  /// Folders deeper than this below a source are not searched.
  private static let deepest = 8
  /// A folder with more files than this is not searched further.
  private static let mostFiles = 100_000

  /// The sources that a path stands for.
  static func find(_ url: URL) -> [ImportSource] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
      return [.unusable(url, "there is no such file")]
    }
    guard isFolder.boolValue else { return [file(url)] }
    if (try? StudyScan(root: url).studies()) != nil { return [.dataset(url)] }
    var budget = mostFiles
    let found = search(url, depth: 0, budget: &budget)
    return found.isEmpty ? [.unusable(url, "no NIfTI or NumPy file was found in it")] : found
  }

  private static func file(_ url: URL) -> ImportSource {
    let name = url.lastPathComponent.lowercased()
    if name.hasSuffix(".npy") { return .numpy(url) }
    if isNIfTI(name) { return .nifti(url) }
    return .unusable(url, "it is neither NIfTI (.nii, .nii.gz, .hdr) nor NumPy (.npy)")
  }

  private static func isNIfTI(_ name: String) -> Bool {
    [".nii", ".nii.gz", ".hdr", ".hdr.gz"].contains { name.hasSuffix($0) }
  }

  /// The images of a folder tree; links are not followed, so that no loop is walked.
  private static func search(_ folder: URL, depth: Int, budget: inout Int) -> [ImportSource] {
    guard depth <= deepest, budget > 0 else { return [] }
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
      .sorted(by: NaturalOrder.precedes)
    budget -= names.count
    var files: [String] = []
    var result: [ImportSource] = []
    for name in names where !name.hasPrefix(".") {
      let url = folder.appendingPathComponent(name)
      let type = try? FileManager.default.attributesOfItem(atPath: url.path)[.type]
      if type as? FileAttributeType == .typeDirectory {
        result += search(url, depth: depth + 1, budget: &budget)
      } else {
        files.append(name)
      }
    }
    let stems = Set(files.filter { isNIfTI($0.lowercased()) }.map(stem))
    for name in files {
      let url = folder.appendingPathComponent(name)
      switch file(url) {
      case .nifti where isDerived(stem(name), from: stems) || NameHints.saysLabels(stem(name)):
        continue
      case .nifti where NameHints.problem(stem(name)) != nil:
        result.append(.unusable(url, NameHints.problem(stem(name)) ?? ""))
      case .nifti, .numpy: result.append(file(url))
      case .dataset, .unusable: continue
      }
    }
    return result
  }

  /// The name up to its first dot.
  static func stem(_ name: String) -> String {
    name.split(separator: ".", maxSplits: 1).first.map(String.init) ?? name
  }

  /// Whether a name continues that of another image of the folder: its mask, crop, centreline.
  private static func isDerived(_ stem: String, from stems: Set<String>) -> Bool {
    stem.indices.contains {
      $0 > stem.startIndex && stem[$0] == "_" && stems.contains(String(stem[..<$0]))
    }
  }
}
