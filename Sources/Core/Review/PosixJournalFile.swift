internal import Foundation

/// An open journal file of a POSIX file system.
final class PosixJournalFile: JournalFile {
  /// A journal larger than this is not one of ours.
  static let largest = 256 << 20
  /// How long a lock is waited for, in tenths of a second.
  static let patience = 100

  let isWritable: Bool
  private let name: String
  private var descriptor: Int32

  init(_ descriptor: Int32, name: String, isWritable: Bool) {
    self.descriptor = descriptor
    self.name = name
    self.isWritable = isWritable
  }

  deinit { close() }

  func lock() throws {
    for _ in 0..<Self.patience {
      if flock(descriptor, (isWritable ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0 { return }
      guard errno == EWOULDBLOCK || errno == EINTR else { throw failure("lock") }
      usleep(100_000)
    }
    throw JournalError.busy(file: name)
  }

  func status() throws -> JournalFileStatus {
    var info = stat()
    guard fstat(descriptor, &info) == 0 else { throw failure("examine") }
    guard info.st_size <= Self.largest else {
      throw JournalError.system(
        file: name, operation: "read", why: "it is \(info.st_size) bytes long, not a journal")
    }
    return JournalFileStatus(
      size: Int(info.st_size), identity: [UInt64(info.st_dev), UInt64(info.st_ino)])
  }

  func read(from offset: Int) throws -> [UInt8] {
    let wanted = max(0, try status().size - offset)
    var bytes = [UInt8](repeating: 0, count: wanted)
    var done = 0
    while done < wanted {
      let got = bytes.withUnsafeMutableBytes { buffer in
        pread(
          descriptor, buffer.baseAddress.map { $0 + done }, wanted - done, off_t(offset + done))
      }
      if got < 0 {
        guard errno == EINTR else { throw failure("read") }
      } else if got == 0 {
        break
      } else {
        done += got
      }
    }
    return Array(bytes.prefix(done))
  }

  func write(_ bytes: ArraySlice<UInt8>) throws -> Int {
    while true {
      let taken = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if taken >= 0 { return taken }
      guard errno == EINTR else { throw failure("write") }
    }
  }

  func truncate(to size: Int) throws {
    guard ftruncate(descriptor, off_t(size)) == 0 else { throw failure("cut") }
  }

  func sync() throws {
    while fsync(descriptor) != 0 {
      guard errno == EINTR else { throw failure("bring the line to the disk") }
    }
  }

  func close() {
    guard descriptor >= 0 else { return }
    // Closing gives the lock up as well.
    _ = Foundation.close(descriptor)
    descriptor = -1
  }

  private func failure(_ operation: String) -> JournalError {
    .system(file: name, operation: operation, why: String(cString: strerror(errno)))
  }
}
