/// An open journal file: the few calls that a journal makes, in the order it makes them.
///
/// A seam: tests put a recorder between journal and disk to show that nothing is acknowledged
/// before `sync` returned.
public protocol JournalFile: AnyObject {
  /// Whether the file may be written.
  var isWritable: Bool { get }
  /// Waits for the exclusive lock of the file; throws `JournalError.busy` after a while.
  func lock() throws
  /// Size in bytes, and what tells this file from another of the same name.
  func status() throws -> JournalFileStatus
  /// The bytes from an offset to the end.
  func read(from offset: Int) throws -> [UInt8]
  /// Appends bytes in one write; returns how many were taken.
  func write(_ bytes: ArraySlice<UInt8>) throws -> Int
  /// Cuts the file to a size.
  func truncate(to size: Int) throws
  /// Returns when the file's bytes are on the disk.
  func sync() throws
  /// Gives up lock and file.
  func close()
}

extension JournalFile {
  /// Appends bytes, in as many writes as it takes, and returns when they are on the disk.
  ///
  /// - Parameter name: the file's name for messages.
  /// - Throws: `JournalError`; what was taken until then may stay in the file.
  func bringToDisk(_ bytes: [UInt8], name: String) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let taken = try write(rest)
      guard taken > 0 else {
        throw JournalError.system(file: name, operation: "write", why: "nothing taken")
      }
      rest = rest.dropFirst(taken)
    }
    try sync()
  }
}

/// Size and identity of an open file.
public struct JournalFileStatus: Equatable, Sendable {
  /// Size in bytes.
  public var size: Int
  /// Device and inode.
  public var identity: [UInt64]

  /// Makes a status.
  public init(size: Int, identity: [UInt64]) {
    self.size = size
    self.identity = identity
  }
}

/// Where one journal lives.
public protocol JournalStorage: Sendable {
  /// The file's name for messages.
  var name: String { get }
  /// Opens the file; `nil` when it is absent and shall not be created.
  func open(creating: Bool) throws -> (any JournalFile)?
  /// What tells the file of this name from another of the same name; `nil` when there is none.
  func identity() throws -> [UInt64]?
  /// Keeps the lines of a journal that was deleted or replaced beside it, and says where; `mark`
  /// tells different ones apart.
  func keepLost(_ bytes: [UInt8], mark: String) throws -> String
  /// Keeps the bytes of a torn line beside the journal, on the disk, and says where.
  func keepTorn(_ bytes: [UInt8]) throws -> String
  /// Returns when the folder's entries are on the disk.
  func syncFolder() throws
}
