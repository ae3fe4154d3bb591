internal import Foundation
internal import Imaging

/// Where a reader's draft of a study's labels lies: beside the PINs, the reader's own.
struct CorrectionDraftPlace {
  /// The name without its ending: "liu.sub-07_T2w_cord".
  private let base: String
  private let library: URL
  /// The draft's file.
  let url: URL

  /// What draft files are read from.
  struct Disk: Sendable {
    /// Reads the user's own file at a place, up to a number of bytes.
    var bytes: @Sendable (URL, Int) throws -> [UInt8]? = { try OwnFile.bytes($0, limit: $1) }
  }

  /// Tests let it fail as a disk may.
  @TaskLocal static var disk = Disk()

  /// How many that do not go on are kept of one name.
  private static let mostAside = 999

  init(library: URL, stem: String, target: CorrectionTarget, reader: String) {
    base = "\(ReaderIdentity.sanitised(reader)).\(stem)_\(target.rawValue)"
    self.library = library
    url = ReaderPIN.folder(library: library).appendingPathComponent("\(base).draft.json")
  }

  /// Whether something has the name, whatever it is.
  var isTaken: Bool { Self.isThere(url) }

  /// What has the name.
  enum Contents {
    case nothing
    case draft(CorrectionDraftFile)
    /// What was read, or looked at, and is no draft that goes on.
    case damaged(ReadError)
  }

  /// What has the name now.
  ///
  /// - Throws: `ReadError` where that cannot be read now: nothing is known of it then.
  func look() throws -> Contents {
    if let fault = OwnFile.fault(url, limit: CorrectionDraftFile.largest) { return .damaged(fault) }
    guard let bytes = try Self.disk.bytes(url, CorrectionDraftFile.largest) else { return .nothing }
    do {
      return .draft(try CorrectionDraftFile(bytes, path: url.path))
    } catch let error as ReadError {
      return .damaged(error)
    }
  }

  /// Writes a draft whole, in the place of the one before; nobody else may read it.
  ///
  /// - Throws: `LibraryError.cannotWrite`, `WriteError`.
  func write(_ file: CorrectionDraftFile) throws {
    let bytes = try encoded(file)
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
      let (name, place) = aside(number)
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
    throw tooMany
  }

  /// Writes a draft under a name that says that it does not go on, once; what has the draft's name stays.
  ///
  /// - Returns: the name.
  /// - Throws: `LibraryError.cannotWrite`, `WriteError`.
  func writeAside(_ file: CorrectionDraftFile) throws -> String {
    let bytes = try encoded(file)
    try ReaderPIN.makeFolder(library: library)
    for number in 1...Self.mostAside {
      let (name, place) = aside(number)
      // The name is taken first: nothing is written over.
      let descriptor = open(place.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      if descriptor < 0 {
        let why = errno
        guard why == EEXIST else {
          throw LibraryError.cannotWrite(place.path, String(cString: strerror(why)))
        }
        if isSame(file, at: place) { return name }
        continue
      }
      close(descriptor)
      do {
        try AtomicFile.write(bytes, to: place, permissions: 0o600)
      } catch {
        unlink(place.path)
        throw error
      }
      return name
    }
    throw tooMany
  }

  /// Whether a draft lies at a place as it is, whenever it was kept.
  private func isSame(_ file: CorrectionDraftFile, at place: URL) -> Bool {
    guard let bytes = try? OwnFile.bytes(place, limit: CorrectionDraftFile.largest),
      var other = try? CorrectionDraftFile(bytes, path: place.path)
    else { return false }
    other.time = file.time
    return other == file
  }

  private func aside(_ number: Int) -> (name: String, place: URL) {
    let name = "\(base).draft-aside-\(number).json"
    return (name, url.deletingLastPathComponent().appendingPathComponent(name))
  }

  private var tooMany: LibraryError {
    .cannotWrite(
      url.path, "\(Self.mostAside) drafts were set aside beside it: look at them and remove some")
  }

  private func encoded(_ file: CorrectionDraftFile) throws -> Data {
    let bytes = try file.data()
    guard bytes.count <= CorrectionDraftFile.largest else {
      throw LibraryError.cannotWrite(
        url.path, "it would be larger than \(CorrectionDraftFile.largest) bytes")
    }
    return bytes
  }

  private static func isThere(_ url: URL) -> Bool {
    var info = stat()
    return lstat(url.path, &info) == 0
  }
}
