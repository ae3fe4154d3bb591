internal import Foundation
internal import Imaging

/// A library that is being imported into: made when it is absent, and locked.
struct ImportSite {
  let root: URL
  /// Whether the library's folder was made for this import.
  private let isNew: Bool
  private let lock: FolderLock

  /// The library cannot be made: no other study of the import can be placed either.
  struct NoLibrary: Error {
    let why: any Error
  }

  /// Makes the library when it is absent, and waits for its lock.
  ///
  /// - Throws: `NoLibrary`, `LibraryError.cannotWrite`.
  init(_ root: URL) throws {
    self.root = root
    isNew = !FileManager.default.fileExists(atPath: root.path)
    do {
      try SharedFolder.make(root)
      try DatasetDescription.write(
        to: root, name: root.lastPathComponent.cleaned, isDerivative: false)
    } catch {
      if isNew { rmdir(root.path) }
      throw NoLibrary(why: error)
    }
    lock = try FolderLock(root)
    StagedSubject.removeLeftovers(in: root)
  }

  /// Gives the lock up; to be called once.
  func close() { lock.release() }

  /// Takes a library away that was made for a study which could not be placed, and gives the lock up.
  func abandon() {
    defer { lock.release() }
    let manager = FileManager.default
    guard isNew, let names = try? manager.contentsOfDirectory(atPath: root.path),
      !names.contains(where: { $0.hasPrefix("sub-") })
    else { return }
    for path in [
      "derivatives/cordscope/private/key", "derivatives/cordscope/private/pseudonyms.tsv",
      "derivatives/labels/dataset_description.json", "dataset_description.json",
      "participants.tsv", FolderLock.name,
    ] { unlink(root.appendingPathComponent(path).path) }
    // Only what is empty goes.
    for path in [
      "derivatives/cordscope/private", "derivatives/cordscope", "derivatives/labels", "derivatives",
      "",
    ] {
      rmdir(root.appendingPathComponent(path).path)
    }
  }
}
