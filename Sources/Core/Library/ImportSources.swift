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
  /// DICOM files of a folder, of a medium with a DICOMDIR, or one; and what is wrong with others.
  case dicom(URL, files: [URL], problems: [String])
  /// Something that cannot be imported, with the reason.
  case unusable(URL, String)

  /// Whether it counts as one image; how many studies DICOM files are is told by the files.
  var isOneImage: Bool {
    switch self {
    case .numpy, .nifti, .dataset: true
    case .dicom, .unusable: false
    }
  }

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
    let studies = try? StudyScan(root: url).studies()
    let description = url.appendingPathComponent("dataset_description.json").path
    if let studies,
      FileManager.default.fileExists(atPath: description)
        || studies.contains(where: { $0.image != nil })
    {
      return [.dataset(url)]
    }
    var budget = mostFiles
    var dicom: [URL] = []
    var found = search(url, depth: 0, budget: &budget, dicom: &dicom)
    if !dicom.isEmpty { found.append(.dicom(url, files: dicom, problems: [])) }
    if found.isEmpty, studies != nil { return [.dataset(url)] }
    return found.isEmpty ? [.unusable(url, "no DICOM, NIfTI or NumPy file was found in it")] : found
  }

  /// Bytes that tell what a file is: the 128 of a preamble, and the first element of a bare data set.
  private static let headBytes = 1024

  /// Whether a file's contents are DICOM, whatever it is called.
  private static func isDICOM(_ url: URL) -> Bool {
    guard let head = try? FileBytes.read(url, range: 0..<headBytes) else { return false }
    if DICOMFile.looksLikeDICOM(head) { return true }
    // Compressed files cannot be told by their first bytes: these are read.
    guard GZip.isGZip(head), url.lastPathComponent.lowercased().hasSuffix(".dcm.gz") else {
      return false
    }
    return (try? DICOMFile.read(url, headerOnly: true)) != nil
  }

  /// A DICOM file, or the files that a DICOMDIR names.
  private static func dicom(_ url: URL) -> ImportSource {
    guard let file = try? DICOMFile.read(url, headerOnly: true), file.isDirectory else {
      return .dicom(url, files: [url], problems: [])
    }
    do {
      let directory = try DICOMDirectory(at: url)
      guard !directory.files.isEmpty else {
        return .unusable(url, directory.problems.first.map { "\($0)" } ?? "it names no file")
      }
      return .dicom(url, files: directory.files, problems: directory.problems.map { "\($0)" })
    } catch { return .unusable(url, "\(error)") }
  }

  private static func file(_ url: URL) -> ImportSource {
    let name = url.lastPathComponent.lowercased()
    if name.hasSuffix(".npy") { return .numpy(url) }
    if isNIfTI(name) { return .nifti(url) }
    if isDICOM(url) { return dicom(url) }
    return .unusable(
      url, "it is neither DICOM nor NIfTI (.nii, .nii.gz, .hdr) nor NumPy (.npy)")
  }

  private static func isNIfTI(_ name: String) -> Bool {
    [".nii", ".nii.gz", ".hdr", ".hdr.gz"].contains { name.hasSuffix($0) }
  }

  /// Whether a file is taken for what its name says.
  private static func isKnown(_ name: String) -> Bool { isNIfTI(name) || name.hasSuffix(".npy") }

  /// The images of a folder tree; links are not followed, so that no loop is walked.
  private static func search(
    _ folder: URL, depth: Int, budget: inout Int, dicom: inout [URL]
  ) -> [ImportSource] {
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
        result += search(url, depth: depth + 1, budget: &budget, dicom: &dicom)
      } else if type as? FileAttributeType == .typeRegular || isKnown(name.lowercased()) {
        files.append(name)
      }
    }
    let stems = Set(files.filter { isNIfTI($0.lowercased()) }.map(stem))
    for name in files {
      let url = folder.appendingPathComponent(name)
      guard isKnown(name.lowercased()) else {
        if isDICOM(url) { dicom.append(url) }
        continue
      }
      switch file(url) {
      case .nifti where isDerived(stem(name), from: stems) || NameHints.saysLabels(stem(name)):
        continue
      case .nifti where NameHints.problem(stem(name)) != nil:
        result.append(.unusable(url, NameHints.problem(stem(name)) ?? ""))
      case .nifti, .numpy: result.append(file(url))
      case .dataset, .dicom, .unusable: continue
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
