internal import Foundation

/// The two files of a NIfTI pair: header (`.hdr`) and voxels (`.img`), both gzipped or neither.
struct NIfTIPair {
  let header: URL
  let voxels: URL
  private let isCompressed: Bool

  /// The pair that a name of either of its files stands for; `nil` for other names.
  init?(_ url: URL) {
    var base = url
    isCompressed = base.pathExtension.lowercased() == "gz"
    if isCompressed { base = base.deletingPathExtension() }
    guard ["hdr", "img"].contains(base.pathExtension.lowercased()) else { return nil }
    let stem = base.deletingPathExtension()
    let ending = isCompressed ? ".gz" : ""
    header = stem.appendingPathExtension("hdr" + ending)
    voxels = stem.appendingPathExtension("img" + ending)
  }

  /// Writes the bytes of a single `.nii` file as a pair; the header comes last, so that a pair with
  /// a header is whole.
  /// - Throws: `WriteError` naming the file.
  func write(_ single: [UInt8]) throws {
    // The header's size stands first: 348 = 0x15C in either byte order for NIfTI-1, 540 = 0x21C for
    // NIfTI-2.
    let isFirst = single[0] == 0x5C || single[3] == 0x5C
    let size = isFirst ? 348 : 540
    var head = Array(single[..<size])
    // The magic of a pair says "i" where that of a single file says "+"; voxels begin at 0.
    head[isFirst ? 345 : 5] = UInt8(ascii: "i")
    let offset = isFirst ? 108..<112 : 168..<176
    for n in offset { head[n] = 0 }
    try AtomicFile.write(try packed(Array(single[(size + 4)...])), to: voxels)
    try AtomicFile.write(try packed(head), to: header)
  }

  private func packed(_ bytes: [UInt8]) throws -> [UInt8] {
    isCompressed ? try GZip.compress(bytes) : bytes
  }
}
