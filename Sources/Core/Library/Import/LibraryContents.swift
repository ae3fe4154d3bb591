internal import Foundation
internal import Imaging

/// What a library has of sources already; nothing is made or changed by asking.
struct LibraryContents {
  private let root: URL
  private let register: PrivateRegister?
  private let hashes: ImportedHashes

  /// Looks at a library; one that is not there has nothing, and so has of DICOM studies one whose private
  /// part is another user's.
  ///
  /// - Throws: `ReadError` when its register is damaged.
  init(_ root: URL) throws {
    self.root = root
    register = try PrivateRegister(reading: root)
    hashes = ImportedHashes { Importer.sourceHash(of: $0, in: root) }
  }

  /// The keyed hash that tells a study; `nil` where there is no register, or it may not be read.
  func key(of study: DICOMStudy) -> String? { register?.studyKey(study) }

  /// Whether it has a study of a keyed hash, with an image chosen for detection.
  func hasStudy(_ key: String?) -> Bool {
    guard let key, let row = register?.study(key) else { return false }
    return StudyPlacing.isThere(row, in: root)
  }

  /// What it has of a DICOM study; `nil` where it has neither an image chosen for detection nor any of
  /// the series that came.
  func present(_ study: DICOMStudy, _ picking: SeriesPicking) -> PresentStudy? {
    guard let register else { return nil }
    return StudyPlacing(
      study, picking, IdentityFilter(study.patient), library: root, ImportOptions(), register
    ).present
  }

  /// The subject that was imported from a file of a hash and has its image still.
  func subject(ofFile hash: String) -> String? {
    guard let subject = try? hashes.subject(holding: hash, in: root) else { return nil }
    let image = Importer.imageURL(subject, in: Importer.anatFolder(subject, in: root))
    return FileManager.default.fileExists(atPath: image.path) ? subject : nil
  }

  /// Whether it has all that sources hold; what of them cannot be imported it has not.
  func holds(_ sources: [ImportSource]) -> Bool {
    guard FileList.refused(sources).isEmpty else { return false }
    let (studies, _, leftOut) = Importer.dicomStudies(sources)
    let files = sources.flatMap(\.imageFiles)
    guard leftOut.files == 0, !studies.isEmpty || !files.isEmpty else { return false }
    return studies.allSatisfy(holds)
      && files.allSatisfy { file in
        (try? SHA256.hexDigest(ofFile: file)).flatMap(subject(ofFile:)) != nil
      }
  }

  private func holds(_ study: DICOMStudy) -> Bool {
    guard let picking = try? SeriesPicking(study.series), let present = present(study, picking)
    else { return false }
    // Of series that cannot be used it has nothing.
    guard !present.names.isEmpty || !picking.verdicts.contains(where: \.isRefused) else {
      return false
    }
    return study.series.indices.allSatisfy { index in
      !picking.verdicts[index].isKept || present.names[index] != nil
    }
  }
}

extension ImportSource {
  /// The files of images that are no DICOM.
  var imageFiles: [URL] {
    switch self {
    case .nifti(let url), .numpy(let url): [url]
    case .dataset(let url):
      ((try? StudyLibrary(opening: url))?.studies ?? []).compactMap { study in
        study.image.map { url.appendingPathComponent($0) }
      }
    case .dicom, .unusable, .leftAlone: []
    }
  }
}

/// The images of sources that are no DICOM, one a line.
enum FileList {
  /// What each file is: a copy of another of the sources, in the library already, or new.
  static func lines(_ sources: [ImportSource], in library: LibraryContents?) -> [String] {
    var seen: [String: URL] = [:]
    let lines = sources.flatMap(\.imageFiles).map { file in
      let words = words(of: file, &seen, library)
      return file.path.cleaned + (words.isEmpty ? "" : ": " + words.joined(separator: "; "))
    }
    return lines + refused(sources) + leftAlone(sources)
  }

  /// Which sources cannot be imported and why, one a line.
  static func refused(_ sources: [ImportSource]) -> [String] {
    sources.compactMap { source in
      guard case .unusable(let url, let why) = source else { return nil }
      return "\(url.path.cleaned): not imported: \(why.cleaned)"
    }
  }

  /// Which files among images are none, one a line.
  private static func leftAlone(_ sources: [ImportSource]) -> [String] {
    sources.compactMap { source in
      guard case .leftAlone(let url) = source else { return nil }
      return "\(url.path.cleaned): \(ImportItem.leftAloneWords)"
    }
  }

  private static func words(
    of file: URL, _ seen: inout [String: URL], _ library: LibraryContents?
  ) -> [String] {
    let hash: String
    do { hash = try SHA256.hexDigest(ofFile: file) } catch { return ["\(error)".cleaned] }
    var words: [String] = []
    if let first = seen[hash] {
      words.append("a copy of \(first.path.cleaned)")
    } else {
      seen[hash] = file
    }
    guard let library else { return words }
    if let subject = library.subject(ofFile: hash) {
      words.append("in the library as subject \(subject)")
    } else if words.isEmpty {
      words.append("new")
    }
    return words
  }
}
