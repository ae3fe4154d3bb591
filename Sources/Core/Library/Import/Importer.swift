public import Foundation
internal import Imaging

/// Brings images and labels into a study library; sources are only read.
///
/// Every import gets a subject of its own, never an existing one; the same file twice is noticed by
/// its SHA-256. Images that are NIfTI already keep voxels and geometry to the bit; of their headers and of
/// sidecars beside them nothing is taken over that may tell who the patient is.
public struct Importer: Sendable {
  /// The library's root.
  public let root: URL
  /// What was imported before.
  let hashes: ImportedHashes
  /// The folders of labels that were listed before.
  let folders = LabelFolders()

  /// Opens a library for import; it is made with the first study when it is absent.
  ///
  /// - Throws: `LibraryError.cannotWrite` when something else than a folder is there.
  public init(library root: URL) throws {
    let root = root.standardizedFileURL
    self.root = root
    hashes = ImportedHashes { Importer.sourceHash(of: $0, in: root) }
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: root.path, isDirectory: &isFolder),
      !isFolder.boolValue
    {
      throw LibraryError.cannotWrite(root.path, "a file is in the way of the library's folder")
    }
  }

  /// Imports files, folders and datasets; first clears away what killed programs left.
  ///
  /// - Parameter progress: called with each item when it is done.
  /// - Returns: what became of each source; unusable ones are refused with the reason and do not
  ///   stop the others.
  /// - Throws: `LibraryError.cannotImport` when one subject id or label file is given for several
  ///   images, a label file for what is no NIfTI image, or any contrast is to be taken of what is neither
  ///   NIfTI nor DICOM; `LibraryError.cannotWrite` or `WriteError`
  ///   when the library cannot be made; `CancellationError`.
  @discardableResult
  public func run(
    _ sources: [URL], options: ImportOptions = ImportOptions(),
    progress: (ImportItem) -> Void = { _ in }
  ) throws -> [ImportItem] {
    let found = ImportSource.find(
      sources, followsLinks: options.followsLinks, acceptsContrast: options.acceptsContrast)
    var (studies, notes, leftOut) = Self.dicomStudies(found, isCancelled: options.isCancelled)
    try Self.check(options)
    let images = found.filter(\.isOneImage).count + studies.count
    if images > 1, options.subject != nil || options.series != nil || !options.labels.isEmpty {
      throw LibraryError.cannotImport(
        "\(images) images",
        "a subject id, series or label file can be given for one image or study only")
    }
    if options.series != nil, studies.isEmpty {
      throw LibraryError.cannotImport(
        "--series \(options.series?.cleaned(limit: 100) ?? "")", "the sources hold no DICOM study")
    }
    try refuseUnusedLabels(found, options)
    try refuseUnusedContrast(found, options)
    Leftovers.remove(from: root)
    var items: [ImportItem] = []
    var said: Set<String> = []
    // What is wrong with files of no series is said once.
    if !studies.isEmpty { studies[0].notes = notes }
    for study in studies {
      try Self.check(options)
      var item = try attempt(study.place) {
        try importDICOM(study, options) {
          study.ownPlace(among: studies, besides: found.flatMap(\.imageFiles))
        }
      }
      item.source = study.label
      if case .refused(let why) = item.outcome, item.share == nil {
        item.share = study.refused(why)
      }
      // Files of no series are counted once.
      item.share = SeriesShare(sum: [item.series, leftOut])
      leftOut = SeriesShare()
      items.append(item)
      progress(item)
    }
    var taken = TakenLabels()
    for source in ImportSource.imagesFirst(found) {
      try Self.check(options)
      if let item = taken.item(of: source) {
        items.append(item)
        progress(item)
        continue
      }
      if case .dicom(let url, _, _) = source, studies.isEmpty {
        var item = refused(url, notes.isEmpty ? "it has no series of images" : notes.removeFirst())
        // The rest belongs to all of them.
        (item.notes, notes) = (notes.map(\.cleaned), [])
        item.share = SeriesShare(sum: [item.series, leftOut])
        leftOut = SeriesShare()
        items.append(item)
        progress(item)
      }
      for var item in try self.items(of: source, options) {
        taken.note(item)
        item.notes.removeAll { Self.saidOnce.contains($0) && !said.insert($0).inserted }
        items.append(item)
        progress(item)
      }
    }
    return items
  }

  /// Notes that hold for every study alike.
  private static let saidOnce = [ImportedStudy.pseudonymNote, ImportedStudy.identityNote]

  /// - Throws: `CancellationError` when the import is to end.
  static func check(_ options: ImportOptions) throws {
    if options.isCancelled() { throw CancellationError() }
  }

  /// Label files given by hand belong to a NIfTI image: nothing else would look at them.
  private func refuseUnusedLabels(_ sources: [ImportSource], _ options: ImportOptions) throws {
    guard !options.labels.isEmpty else { return }
    for case .dicom(let url, _, _) in sources {
      throw LibraryError.cannotImport(
        url.path.cleaned,
        "label files can be given for NIfTI images only; import the study, then put masks on its image "
          + "into derivatives/labels")
    }
    for case .numpy(let url) in sources {
      throw LibraryError.cannotImport(
        url.path.cleaned, "it holds its own labels; label files can be given for NIfTI images only")
    }
    for case .dataset(let url) in sources {
      throw LibraryError.cannotImport(
        url.path.cleaned,
        "label files can be given for one image only; give the image's file instead of the dataset")
    }
  }

  /// Any contrast can be taken of NIfTI images and DICOM studies; of nothing else it is looked at here.
  private func refuseUnusedContrast(_ sources: [ImportSource], _ options: ImportOptions) throws {
    guard options.acceptsContrast else { return }
    let only = "--any-contrast is for NIfTI images and DICOM studies"
    for case .numpy(let url) in sources {
      throw LibraryError.cannotImport(
        url.path.cleaned, "\(only): the contrast of slices (.npy) is not looked at")
    }
    for case .dataset(let url) in sources {
      throw LibraryError.cannotImport(
        url.path.cleaned,
        "\(only): a dataset's images are chosen by their BIDS names; give one image's file instead")
    }
  }

  private func items(of source: ImportSource, _ options: ImportOptions) throws -> [ImportItem] {
    switch source {
    case .numpy(let url): [try attempt(url) { try importNumPy(url, options) }]
    case .nifti(let url): [try attempt(url) { try importNIfTI(url, options) }]
    case .dataset(let url): try importDataset(url, options)
    case .dicom: []
    case .unusable(let url, let reason): [refused(url, reason)]
    case .leftAlone(let url):
      [ImportItem(source: url.path.cleaned, outcome: .leftAlone, notes: [])]
    }
  }

  /// Runs one import; whatever goes wrong is that item's reason, but that there is no library.
  ///
  /// - Throws: what `ImportSite` threw.
  func attempt(_ url: URL, _ body: () throws -> ImportItem) throws -> ImportItem {
    do { return try body() } catch let error as ImportSite.NoLibrary { throw error.why } catch let
      error
      as CancellationError
    { throw error } catch {
      var item = refused(url, "\(error)")
      item.isDamaged = error is ReadError
      if error is WriteError { item.isLibraryAtFault = true }
      if case LibraryError.cannotWrite? = error as? LibraryError { item.isLibraryAtFault = true }
      return item
    }
  }

  func refused(_ url: URL, _ reason: String) -> ImportItem {
    ImportItem(source: url.path.cleaned, outcome: .refused(reason.cleaned), notes: [])
  }
}
