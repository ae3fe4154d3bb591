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
  /// A file that is no image and lies among images.
  case leftAlone(URL)

  /// Whether it counts as one image; how many studies DICOM files are is told by the files.
  var isOneImage: Bool {
    switch self {
    case .numpy, .nifti, .dataset: true
    case .dicom, .unusable, .leftAlone: false
    }
  }

  /// Folders deeper than this below a source are not searched, which is said.
  static let deepest = 16
  /// A folder with more files than this is refused: half of it would be half of a study.
  static let mostFiles = 100_000

  /// The sources that a path stands for.
  ///
  /// - Parameters:
  ///   - followsLinks: whether links are taken for what they lead to.
  ///   - acceptsContrast: whether files of a folder are taken whose names say another contrast than T2;
  ///     which of them is decided among all sources.
  static func find(
    _ url: URL, followsLinks: Bool = true, acceptsContrast: Bool = false
  ) -> [ImportSource] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
      return [.unusable(url, "there is no such file")]
    }
    guard followsLinks || !isLink(url) else { return [.unusable(url, "it is a link")] }
    guard isFolder.boolValue else { return [file(url)] }
    let studies = try? StudyScan(root: url).studies()
    let description = url.appendingPathComponent("dataset_description.json").path
    if let studies,
      FileManager.default.fileExists(atPath: description)
        || studies.contains(where: { $0.image != nil })
    {
      return followsLinks || !holdsLinks(url)
        ? [.dataset(url)] : [.unusable(url, "the dataset holds links, which are not followed here")]
    }
    var search = Search(followsLinks: followsLinks, acceptsContrast: acceptsContrast)
    let found = search.sources(in: url)
    if search.count > mostFiles {
      return [
        .unusable(
          url, "it holds more than \(mostFiles) files: import its folders one after the other")
      ]
    }
    if found.isEmpty, studies != nil { return [.dataset(url)] }
    return found.isEmpty ? [.unusable(url, "no DICOM, NIfTI or NumPy file was found in it")] : found
  }

  /// Whether there is a link anywhere in a folder.
  private static func holdsLinks(_ folder: URL) -> Bool {
    let walk = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    while let url = walk?.nextObject() as? URL {
      if isLink(url) { return true }
    }
    return false
  }

  private static func isLink(_ url: URL) -> Bool {
    var info = stat()
    return lstat(url.path, &info) == 0 && info.st_mode & S_IFMT == S_IFLNK
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
    do {
      _ = try DICOMFile.read(url, headerOnly: true)
      return true
    } catch {
      // One that cannot be expanded is told to be damaged or too large when it is read, not to be none.
      return (error as? ReadError)?.field != nil
    }
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
      return .dicom(url, files: directory.files, problems: problems(of: directory))
    } catch { return .unusable(url, "\(error)") }
  }

  /// What is wrong with a medium's directory, in one line for all files that it names in vain.
  private static func problems(of directory: DICOMDirectory) -> [String] {
    guard let first = directory.problems.first else { return [] }
    let place = first.offset.map { ", the first in the record at byte \($0)" } ?? ""
    // Which files is not said: their names may be the patient's.
    return [
      "DICOMDIR names \(CountText.of(directory.problems.count, "file", "files")) not there or outside its folder"
        + "\(place): the copy may not be whole"
    ]
  }

  /// The same of the DICOMDIRs that lie among the files of a folder, which are read whatever they say.
  private static func problems(ofMedia files: [URL]) -> [String] {
    files.filter { $0.lastPathComponent.uppercased() == "DICOMDIR" }.prefix(20).flatMap { url in
      (try? DICOMDirectory(at: url)).map(problems) ?? []
    }
  }

  private static func file(_ url: URL) -> ImportSource {
    let name = url.lastPathComponent.lowercased()
    if name.hasSuffix(".npy") { return .numpy(url) }
    if isNIfTI(name) { return .nifti(url) }
    if isDICOM(url) { return dicom(url) }
    if isUntoldGZip(url) {
      return .unusable(
        url,
        "it is compressed with gzip, and its name does not say as what (.nii.gz, .hdr.gz, .dcm.gz): "
          + "unpack it first")
    }
    return .unusable(url, noImage)
  }

  /// Whether a file is compressed with gzip under a name that is no compressed image's.
  private static func isUntoldGZip(_ url: URL) -> Bool {
    let name = url.lastPathComponent.lowercased()
    guard ![".dcm.gz", ".img.gz"].contains(where: { name.hasSuffix($0) }),
      let head = try? FileBytes.read(url, range: 0..<2)
    else { return false }
    return GZip.isGZip(head)
  }

  private static func isNIfTI(_ name: String) -> Bool {
    [".nii", ".nii.gz", ".hdr", ".hdr.gz"].contains { name.hasSuffix($0) }
  }

  /// Whether a file is taken for what its name says.
  static func isKnown(_ name: String) -> Bool { isNIfTI(name) || name.hasSuffix(".npy") }

  /// The walk through a folder tree; links to folders are not followed, so that no loop is walked.
  private struct Search {
    let followsLinks: Bool
    let acceptsContrast: Bool
    /// Files and folders seen.
    var count = 0
    /// Whether a link was seen.
    var hasLinks = false
    private var dicom: [URL] = []
    private var tooDeep: URL?

    init(followsLinks: Bool, acceptsContrast: Bool) {
      (self.followsLinks, self.acceptsContrast) = (followsLinks, acceptsContrast)
    }

    /// The images below a folder, all DICOM files as one source.
    mutating func sources(in folder: URL) -> [ImportSource] {
      var found = search(folder, depth: 0, isDerivative: false)
      if !dicom.isEmpty {
        found.append(.dicom(folder, files: dicom, problems: ImportSource.problems(ofMedia: dicom)))
      }
      if let tooDeep {
        found.append(
          .unusable(tooDeep, "it lies more than \(deepest) folders deep: import it by itself"))
      }
      return found
    }

    private mutating func search(
      _ folder: URL, depth: Int, isDerivative: Bool
    ) -> [ImportSource] {
      guard count <= mostFiles else { return [] }
      guard depth <= deepest else {
        tooDeep = tooDeep ?? folder
        return []
      }
      let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
        .sorted(by: NaturalOrder.precedes)
      count += names.count
      guard count <= mostFiles else { return [] }
      var files: [String] = []
      var result: [ImportSource] = []
      for name in names where !name.hasPrefix(".") {
        let url = folder.appendingPathComponent(name)
        var info = stat()
        guard lstat(url.path, &info) == 0 else { continue }
        switch info.st_mode & S_IFMT {
        case S_IFDIR:
          let inside = search(
            url, depth: depth + 1, isDerivative: isDerivative || name == "derivatives")
          // Labels under their images' names; what links they hold is known now.
          if !LabelMaker.isStepFolder(name) { result += inside }
        case S_IFREG: files.append(name)
        case S_IFLNK:
          hasLinks = true
          if followsLinks, isKnown(name.lowercased()) { files.append(name) }
        default: continue
        }
      }
      return result + images(files, in: folder, isDerivative: isDerivative)
    }

    /// The images among the files of one folder.
    private mutating func images(
      _ files: [String], in folder: URL, isDerivative: Bool
    ) -> [ImportSource] {
      var result: [ImportSource] = []
      let stems = Set(files.filter { isNIfTI($0.lowercased()) }.map(stem))
      for name in files {
        let url = folder.appendingPathComponent(name)
        let problem = namedProblem(name, isDerivative: isDerivative)
        guard isKnown(name.lowercased()) else {
          if isDICOM(url) { dicom.append(url) }
          continue
        }
        switch file(url) {
        case .nifti where isDerived(stem(name), from: stems) || NameHints.saysLabels(stem(name)):
          continue
        case .nifti where isToolInput(stem(name), in: folder): continue
        case .nifti where problem != nil: result.append(.unusable(url, problem ?? ""))
        case .nifti where hasLinks && !followsLinks:
          // Its masks lie beside it, and one of them may be the link.
          result.append(.unusable(url, "links lie beside it, which are not followed here"))
        case .nifti, .numpy: result.append(file(url))
        case .dataset, .dicom, .unusable, .leftAlone: continue
        }
      }
      return result
    }

    /// Why an image is not taken for what its name says, or `nil`. One of another contrast that was made from
    /// another image is seldom what a reader wants who takes any contrast.
    private func namedProblem(_ name: String, isDerivative: Bool) -> String? {
      let stem = ImportSource.stem(name)
      guard acceptsContrast, let word = NameHints.otherContrast(stem) else {
        return NameHints.problem(stem)
      }
      let entities = BIDSName(name)
      guard isDerivative || ["desc", "space"].contains(where: { entities?[$0] != nil }) else {
        return nil
      }
      return "its name says \(word), and it was made from another image (derivatives, desc-, "
        + "space-): give the file by itself to take it all the same"
    }
  }

  /// The name up to its first dot.
  static func stem(_ name: String) -> String {
    name.split(separator: ".", maxSplits: 1).first.map(String.init) ?? name
  }

  /// Whether a file is the copy of an image that TotalSpineSeg keeps in its output.
  private static func isToolInput(_ stem: String, in folder: URL) -> Bool {
    stem.hasSuffix("_0000") && ["input", "input_raw"].contains(folder.lastPathComponent)
  }

  /// Whether a name continues that of another image of the folder: its mask, crop, centreline.
  private static func isDerived(_ stem: String, from stems: Set<String>) -> Bool {
    stem.indices.contains {
      $0 > stem.startIndex && stem[$0] == "_" && stems.contains(String(stem[..<$0]))
    }
  }
}
