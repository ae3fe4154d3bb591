internal import Foundation

/// Whether memory for what a file holds can be had.
///
/// An array that cannot be had ends the program; asked before, only the file is refused.
enum MemoryRequest {
  /// Smaller requests are not asked for: 16 MiB.
  private static let leastBytes = 1 << 24

  /// Whether a piece of this size is free for the program now, as far as the system says.
  static func canBeHad(_ bytes: Int) -> Bool {
    guard bytes >= leastBytes else { return true }
    // Not malloc: a compiler may leave out a piece that is only asked for and given back.
    let piece = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let piece, Int(bitPattern: piece) != -1 else { return false }
    munmap(piece, bytes)
    return true
  }

  /// Throws where a piece of this size cannot be had.
  ///
  /// - Throws: `ReadError` naming the file, the size and what to do.
  static func check(_ bytes: Int, path: String) throws(ReadError) {
    guard !canBeHad(bytes) else { return }
    throw ReadError(
      path: path, problem: "needs \(bytes) bytes of memory in one piece, which cannot be had",
      advice: "read it where more memory is free; its header may also claim more than it holds")
  }
}
