internal import Foundation
internal import Imaging

/// Where a reader's draft of a study's labels lies: beside the PINs, the reader's own.
struct CorrectionDraftPlace {
  /// The name without its ending: "liu.sub-07_T2w_cord".
  private let base: String
  private let library: URL
  /// The draft's file.
  let url: URL

  /// How many that do not go on are kept of one name.
  private static let mostAside = 999

  init(library: URL, stem: String, target: CorrectionTarget, reader: String) {
    base = "\(ReaderIdentity.sanitised(reader)).\(stem)_\(target.rawValue)"
    self.library = library
    url = ReaderPIN.folder(library: library).appendingPathComponent("\(base).draft.json")
  }

  /// Whether something has the name, whatever it is.
  var isTaken: Bool { Self.isThere(url) }

  /// The draft; `nil` where there is none.
  ///
  /// - Throws: `ReadError`, also where the file is not the user's own.
  func read() throws -> CorrectionDraftFile? {
    guard let bytes = try OwnFile.bytes(url, limit: CorrectionDraftFile.largest) else { return nil }
    return try CorrectionDraftFile(bytes, path: url.path)
  }

  /// Writes a draft whole, in the place of the one before; nobody else may read it.
  ///
  /// - Throws: `LibraryError.cannotWrite`, `WriteError`.
  func write(_ file: CorrectionDraftFile) throws {
    let bytes = try file.data()
    guard bytes.count <= CorrectionDraftFile.largest else {
      throw LibraryError.cannotWrite(
        url.path, "it would be larger than \(CorrectionDraftFile.largest) bytes")
    }
    try ReaderPIN.makeFolder(library: library)
    try AtomicFile.write(bytes, to: url, permissions: 0o600)
  }

  /// Removes the draft: its edits are saved, taken back, or given up.
  ///
  /// - Throws: `LibraryError.cannotWrite`, and where the folder cannot be synced.
  func remove() throws {
    guard unlink(url.path) == 0 || errno == ENOENT else {
      throw LibraryError.cannotWrite(url.path, String(cString: strerror(errno)))
    }
    try SharedFolder.sync(url.deletingLastPathComponent())
  }

  /// Gives the file a name that says that it does not go on, which no other has.
  ///
  /// - Returns: the name.
  /// - Throws: `LibraryError.cannotWrite`, and where the folder cannot be synced.
  func setAside() throws -> String {
    let folder = url.deletingLastPathComponent()
    for number in 1...Self.mostAside {
      let name = "\(base).draft-aside-\(number).json"
      let place = folder.appendingPathComponent(name)
      // A second name first: nothing is written over, and a kill leaves both.
      if link(url.path, place.path) == 0 {
        unlink(url.path)
      } else if errno == EEXIST || Self.isThere(place) {
        continue
      } else if rename(url.path, place.path) != 0 {
        // Some file systems have no second names, but this one refuses both.
        throw LibraryError.cannotWrite(place.path, String(cString: strerror(errno)))
      }
      try SharedFolder.sync(folder)
      return name
    }
    throw LibraryError.cannotWrite(
      url.path, "\(Self.mostAside) drafts were set aside beside it: look at them and remove some")
  }

  private static func isThere(_ url: URL) -> Bool {
    var info = stat()
    return lstat(url.path, &info) == 0
  }
}
