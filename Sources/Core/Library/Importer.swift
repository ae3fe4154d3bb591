public import Foundation
internal import Imaging

/// Brings images and labels into a study library; sources are only read.
///
/// Every import gets a subject of its own, never an existing one; the same file twice is noticed by
/// its SHA-256. Images that are NIfTI already are kept byte for byte (compressed where they were not).
public struct Importer: Sendable {
  /// The library's root.
  public let root: URL

  /// Opens a library for import, and makes it when the folder is absent or empty.
  ///
  /// - Throws: `LibraryError.cannotWrite`, `WriteError`.
  public init(library root: URL) throws {
    self.root = root.standardizedFileURL
    try SharedFolder.make(self.root)
    try DatasetDescription.write(
      to: self.root, name: self.root.lastPathComponent.cleaned, isDerivative: false)
  }

  /// Imports files, folders and datasets.
  ///
  /// - Parameter progress: called with each item when it is done.
  /// - Returns: what became of each source; unusable ones are refused with the reason and do not
  ///   stop the others.
  /// - Throws: `LibraryError.cannotImport` when one subject id or label file is given for several
  ///   images.
  @discardableResult
  public func run(
    _ sources: [URL], options: ImportOptions = ImportOptions(),
    progress: (ImportItem) -> Void = { _ in }
  ) throws -> [ImportItem] {
    let found = sources.flatMap(ImportSource.find)
    let images = found.filter { if case .unusable = $0 { false } else { true } }
    if images.count > 1, options.subject != nil || !options.labels.isEmpty {
      throw LibraryError.cannotImport(
        "\(images.count) images", "a subject id or label file can be given for one image only")
    }
    var items: [ImportItem] = []
    for source in found {
      for item in self.items(of: source, options) {
        items.append(item)
        progress(item)
      }
    }
    return items
  }

  private func items(of source: ImportSource, _ options: ImportOptions) -> [ImportItem] {
    switch source {
    case .numpy(let url): [attempt(url) { try importNumPy(url, options) }]
    case .nifti(let url): [attempt(url) { try importNIfTI(url, options) }]
    case .dataset(let url): importDataset(url, options)
    case .unusable(let url, let reason): [refused(url, reason)]
    }
  }

  /// Runs one import; whatever goes wrong is that item's reason.
  func attempt(_ url: URL, _ body: () throws -> ImportItem) -> ImportItem {
    do {
      let lock = try FolderLock(root)
      defer { lock.release() }
      return try body()
    } catch {
      return refused(url, "\(error)")
    }
  }

  func refused(_ url: URL, _ reason: String) -> ImportItem {
    ImportItem(source: url.path.cleaned, outcome: .refused(reason.cleaned), notes: [])
  }
}

/// The lock of a library during an import, so that two imports do not take the same subject.
final class FolderLock {
  private let descriptor: Int32

  /// Waits for the lock.
  ///
  /// - Throws: `LibraryError.cannotWrite`.
  init(_ root: URL) throws {
    let path = root.appendingPathComponent(".cordscope.lock").path
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o660)
    guard descriptor >= 0 else {
      throw LibraryError.cannotWrite(path, String(cString: strerror(errno)))
    }
    _ = fchmod(descriptor, 0o660)
    while flock(descriptor, LOCK_EX) != 0 && errno == EINTR {}
  }

  /// Gives the lock up; to be called once.
  func release() { _ = close(descriptor) }
}
