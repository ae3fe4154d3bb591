internal import Foundation

/// Where a header and its voxels come from: one file, a pair, or memory.
struct NIfTISource {
  /// The header's path, named in errors.
  let path: String
  /// The parsed header.
  let header: NIfTIHeader
  /// What holds the voxels.
  private let store: Store

  private enum Store {
    case memory([UInt8])
    case file(URL)
  }

  /// A whole `.nii` file in memory, compressed or not.
  init(_ bytes: [UInt8], path: String) throws {
    self.path = path
    let start = GZip.isGZip(bytes) ? try GZip.prefix(bytes, count: 540, path: path) : bytes
    header = try NIfTIHeader.parse(start, path: path)
    guard !header.isPair else {
      throw ReadError(
        path: path, field: "magic", problem: "says that the voxels are in a separate .img file",
        advice: "give the .hdr and .img files on disk")
    }
    store = .memory(bytes)
  }

  /// A file on disk; either half of a pair will do.
  init(_ url: URL) throws {
    let headerURL = try Self.headerFile(of: url)
    path = headerURL.path
    header = try NIfTIHeader.parse(try Self.start(of: headerURL), path: headerURL.path)
    store = .file(header.isPair ? try Self.imageFile(of: headerURL) : headerURL)
  }

  /// The raw bytes of one volume.
  /// - Throws: `ReadError` when there is no such volume or its bytes are not all there.
  func voxels(_ layout: NIfTILayout, volume index: Int) throws -> [UInt8] {
    guard index >= 0, index < layout.volumeCount else {
      throw ReadError(
        path: path, field: "dim",
        problem: "has \(layout.volumeCount) volume(s); there is no volume \(index)",
        advice: "volumes are counted from 0")
    }
    let range = layout.range(ofVolume: index)
    let (bytes, dataPath, available) = try rawBytes(range, layout)
    guard bytes.count == range.count else {
      throw ReadError(
        path: dataPath, field: "voxels", offset: available,
        problem: "data ends here, but the volume reaches to byte \(range.upperBound)",
        advice: "the file is truncated; copy it again")
    }
    return bytes
  }

  /// The bytes of a range, as many as there are, and where they end.
  private func rawBytes(
    _ range: Range<Int>, _ layout: NIfTILayout
  ) throws -> (bytes: [UInt8], path: String, available: Int) {
    let limit = layout.endOffset + NIfTI.trailingAllowance
    switch store {
    case .memory(let bytes) where GZip.isGZip(bytes):
      return try Self.expand(bytes, range, limit, path)
    case .memory(let bytes):
      let from = min(range.lowerBound, bytes.count)
      let part = Array(bytes[from..<min(range.upperBound, bytes.count)])
      return (part, path, from + part.count)
    case .file(let url):
      let start = try FileBytes.read(url, range: 0..<2)
      if GZip.isGZip(start) {
        return try Self.expand(try FileBytes.read(url), range, limit, url.path)
      }
      let size = try FileBytes.size(of: url)
      let part = try FileBytes.read(url, range: range)
      return (part, url.path, min(range.lowerBound, size) + part.count)
    }
  }

  private static func expand(
    _ bytes: [UInt8], _ range: Range<Int>, _ limit: Int, _ path: String
  ) throws -> (bytes: [UInt8], path: String, available: Int) {
    let part = try GZip.decompress(bytes, keeping: range, limit: limit, path: path)
    return (part, path, range.lowerBound + part.count)
  }

  /// The first bytes of a file, enough for either header.
  private static func start(of url: URL) throws -> [UInt8] {
    let first = try FileBytes.read(url, range: 0..<540)
    guard GZip.isGZip(first) else { return first }
    // 64 KiB of compressed bytes always hold more than 540 expanded ones, unless the file is shorter.
    let piece = try FileBytes.read(url, range: 0..<1 << 16)
    return try GZip.prefix(piece, count: 540, path: url.path)
  }

  /// The header's file for either half of a pair.
  private static func headerFile(of url: URL) throws -> URL {
    try sibling(of: url, when: ".img", is: ".hdr", called: "header") ?? url
  }

  private static func imageFile(of url: URL) throws -> URL {
    guard let image = try sibling(of: url, when: ".hdr", is: ".img", called: "voxels") else {
      throw ReadError(
        path: url.path, field: "magic",
        problem: "says that the voxels are in an .img file, but the name does not end in .hdr",
        advice: "rename the file to .hdr and lay its .img file beside it")
    }
    return image
  }

  /// The file beside `url` with the other suffix, compressed or not; `nil` when `url` has not
  /// `suffix`.
  private static func sibling(
    of url: URL, when suffix: String, is other: String, called part: String
  ) throws -> URL? {
    var name = url.lastPathComponent
    if name.lowercased().hasSuffix(".gz") { name.removeLast(3) }
    guard name.lowercased().hasSuffix(suffix) else { return nil }
    let isUpper = name.hasSuffix(suffix.uppercased())
    let stem = name.dropLast(suffix.count) + (isUpper ? other.uppercased() : other)
    let folder = url.deletingLastPathComponent()
    for candidate in [stem, stem + ".gz"] {
      let file = folder.appendingPathComponent(String(candidate))
      if FileManager.default.fileExists(atPath: file.path) { return file }
    }
    throw ReadError(
      path: url.path, problem: "has its \(part) in \(stem), which is not beside it",
      advice: "copy both files of the pair into one folder")
  }
}
