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
    /// SHA-256 of the label files that say where the anatomy is, by role.
    public var labelSHA256: [String: String]
  }

  /// The label files found for a study: `derivatives/labels` first, then those of tools' folders and
  /// beside the image, then this program's own.
  ///
  /// - Parameter own: whether what this program found counts; what a reader corrected of it is the
  ///   reader's, and always does.
  public func labelFiles(of study: LibraryStudy, own: Bool = true) -> LabelFiles {
    guard let stem = study.stem else { return LabelFiles() }
    var folders = [root.appendingPathComponent("derivatives/labels/\(study.folder)")]
    folders += toolFolders(of: study)
    folders.append(study.derivativeFolder(library: root))
    var files = LabelFiles(stem: stem, in: folders, known: cache.labelFolders)
    // The found discs' points repeat what the found spine says. Asked last: it hashes the file.
    files.remove {
      (!own || $0.role == .discs) && isOwn($0, of: study) && $0.isFoundByNetwork
    }
    files.spineAddition = spineAddition(to: files[.spine], of: study)
    if !own, files.spineAddition?.isFoundByNetwork == true { files.spineAddition = nil }
    return files
  }

  /// Whether a label file lies where this program keeps its own.
  func isOwn(_ file: LabelFiles.File, of study: LibraryStudy) -> Bool {
    file.url.deletingLastPathComponent().path == study.derivativeFolder(library: root).path
  }

  /// The program's own spine where it completes the one that is used, as that is now.
  private func spineAddition(
    to used: LabelFiles.File?, of study: LibraryStudy
  ) -> LabelFiles.File? {
    guard let used,
      let url = study.derivative(LabelRole.spine.ending + ".nii.gz", library: root),
      url.path != used.url.path, FileManager.default.fileExists(atPath: url.path),
      let completed = try? Provenance.text(
        LibrarySegmentation.completesKey, in: Sidecar.url(of: url)),
      completed == (try? SHA256.hexDigest(ofFile: used.url))
    else { return nil }
    return LabelFiles.File(url: url, role: .spine)
  }

  /// Where tools put what they make of a study: below `derivatives/<tool>` or SPINEPS' own folder, as
  /// the study lies in the dataset, without "anat", or all studies in one; and beside the image.
  private func toolFolders(of study: LibraryStudy) -> [URL] {
    // SPINEPS writes beside the folder "rawdata" of a dataset.
    let bases =
      root.lastPathComponent == "rawdata" ? [root, root.deletingLastPathComponent()] : [root]
    let tools = bases.flatMap { base in
      let derivatives = base.appendingPathComponent("derivatives")
      return cache.labelFolders.listing(of: derivatives).outputFolders.map(
        derivatives.appendingPathComponent)
        + LabelMaker.derivativeFolders.map(base.appendingPathComponent)
    }
    let subject = study.folder.split(separator: "/").dropLast().joined(separator: "/")
    return tools.flatMap { tool in
      [tool.appendingPathComponent(study.folder), tool.appendingPathComponent(subject), tool]
    } + [root.appendingPathComponent(study.folder)]
  }

  /// Whether image, labels or a reader's word that the image is to be taken are others than those of the
  /// stored detection.
  ///
  /// What was not written since is not read; what was is compared by the hash that the detection
  /// states, as a copy of a library bears new times and the same files.
  func isOutdated(_ study: LibraryStudy) -> Bool {
    // Of a link its own time counts, as it may lead to another file now.
    guard let path = study.image,
      let detected = study.derivative("_detection.json", library: root).flatMap({
        FileTime(written: $0)
      })
    else { return true }
    func differs(_ url: URL, _ hash: (Detection) -> String?) -> Bool {
      guard let now = FileTime(written: url), now > detected else { return false }
      // Few are: only then is the whole detection read.
      guard let stored = (try? detection(of: study))?.detection, let known = hash(stored) else {
        return true
      }
      return (try? SHA256.hexDigest(ofFile: url)) != known
    }
    let image = root.appendingPathComponent(path)
    if differs(image, \.imageSha256) { return true }
    // A reader may have taken the image against its picture since, or taken that back.
    let sidecar = Sidecar.url(of: image)
    if let now = FileTime(written: sidecar), now >= detected,
      let object = try? Provenance.read(sidecar),
      let stored = (try? detection(of: study))?.detection,
      SeriesSidecar.flags(in: object).names.contains(StatedQuality.overridden)
        != stored.quality.names.contains(StatedQuality.overridden)
    {
      return true
    }
    let labels = anatomyFiles(of: study)
    let roles = (try? digest(of: study))?.labelRoles
    if let roles, Set(roles) != Set(labels.keys) { return true }
    if labels.contains(where: { label in differs(label.value) { $0.labelSha256?[label.key] } }) {
      return true
    }
    // A correction that was taken back may leave the name to an older file of another place: of that only
    // the folder of the corrections tells.
    let folder = root.appendingPathComponent("derivatives/labels/\(study.folder)")
    guard let changed = FileTime(written: folder), changed > detected,
      let known = (try? detection(of: study))?.detection.labelSha256
    else { return false }
    return labels.contains { label in
      known[label.key].map { $0 != (try? SHA256.hexDigest(ofFile: label.value)) } ?? false
    }
  }

  /// The label files that decide a detection, by role; a lesion mask is truth and decides nothing.
  private func anatomyFiles(of study: LibraryStudy) -> [String: URL] {
    labelFiles(of: study).used.filter { $0.value.role != .lesion }.mapValues(\.url)
  }

  /// Reads the image and the labels of a study.
  ///
  /// - Throws: `LibraryError.unusable`, or `ReadError` naming the file.
  public func load(_ study: LibraryStudy) throws -> StudyImage {
    let (volume, labels) = try read(study)
    let url = root.appendingPathComponent(study.image ?? "")
    return StudyImage(
      volume: volume, labels: labels, sha256: try SHA256.hexDigest(ofFile: url),
      labelSHA256: try anatomyFiles(of: study).mapValues { try SHA256.hexDigest(ofFile: $0) })
  }

  /// Reads the image and the labels of a study without hashing the file.
  ///
  /// - Parameter own: whether labels of this program count.
  /// - Throws: as ``load(_:)``.
  func read(
    _ study: LibraryStudy, own: Bool = true
  ) throws -> (volume: ImageVolume, labels: StudyLabels) {
    guard let path = study.image else {
      throw LibraryError.unusable(subject: study.subject, study.problem ?? "no image")
    }
    let url = root.appendingPathComponent(path)
    let image = try NIfTI.read(url)
    let files = labelFiles(of: study, own: own)
    var labels = try LabelReading.studyLabels(
      files, imageShape: image.volume.shape, imageAffine: image.volume.affine)
    let sidecar = (try? Provenance.read(Sidecar.url(of: url))) ?? [:]
    labels.quality += SeriesSidecar.flags(in: sidecar)
    labels.quality += StatedSeries(sidecar).flags(beside: labels.quality)
    if labels.cord == nil, try hasNoCord(study) {
      labels.quality.append(
        QualityFlag(
          "cord-not-found",
          "The anatomy network found no cord: another region or contrast, or too little of a neck.")
      )
    }
    if labels.levelSource == .missing, let doubt = try levelDoubt(study, image: url) {
      labels.quality.append(QualityFlag("levels-missing", doubt.cleaned(limit: 400)))
    }
    if labels.levelSource == .segmented,
      let record = LibrarySegmentation.record(of: study, in: root),
      let doubt = try Provenance.text(Sidecar.levelDoubt, in: record), !doubt.isEmpty
    {
      labels.quality.append(QualityFlag("levels-partial", doubt.cleaned(limit: 400)))
    }
    if own, labels.levelSource == .segmented, let doubt = try levelWarning(study, files) {
      labels.quality.append(QualityFlag(QualityFlag.levelsDoubted, doubt.cleaned(limit: 400)))
    }
    if own, labels.spine != nil, let doubt = try disagreement(study) {
      let flag = QualityIssue.levelsContradicted.flag(doubt.cleaned(limit: 400))
      if !labels.quality.contains(flag) { labels.quality.append(flag) }
    }
    if image.affineSource == .pixdim {
      labels.quality.append(
        QualityFlag(
          "orientation-unknown",
          "The image says nothing of its place in the patient: left and right are not known."))
    }
    return (image.volume, labels)
  }

  /// Whether the anatomy network looked for a cord and found none.
  private func hasNoCord(_ study: LibraryStudy) throws -> Bool {
    guard let record = LibrarySegmentation.record(of: study, in: root) else { return false }
    return try Provenance.text(LibrarySegmentation.found, in: record) == LibrarySegmentation.noCord
  }

  /// What speaks against names that the anatomy network's vertebrae bear by a reader's word, until a reader
  /// corrects them.
  private func levelWarning(_ study: LibraryStudy, _ files: LabelFiles) throws -> String? {
    let words = try [LabelRole.levels, .discs].filter { try files[$0]?.isReadersWord == true }
    guard words.isEmpty, let record = LibrarySegmentation.record(of: study, in: root),
      let text = try Provenance.text(Sidecar.levelWarning, in: record), !text.isEmpty
    else { return nil }
    return text
  }

  /// Why levels could not be told, when the study was imported or segmented.
  private func levelDoubt(_ study: LibraryStudy, image: URL) throws -> String? {
    let places = [LibrarySegmentation.record(of: study, in: root), Sidecar.url(of: image)]
    for place in places.compactMap(\.self) {
      if let doubt = try Provenance.text(Sidecar.levelDoubt, in: place), !doubt.isEmpty {
        return doubt
      }
    }
    return nil
  }
}
