public import Foundation

/// A DICOMDIR: the files that a medium's directory names (PS3.3 annex F, PS3.10 section 8).
public struct DICOMDirectory: Sendable {
  /// The files named that are there, in the directory's order.
  public let files: [URL]
  /// What is wrong with the others: named files that are missing, or lie outside the folder.
  public let problems: [ReadError]

  /// Reads a DICOMDIR.
  /// - Throws: `ReadError` when it cannot be read or is none.
  public init(at url: URL) throws {
    try self.init(DICOMFile.read(url), at: url)
  }

  /// Takes the files from a directory that was read.
  ///
  /// Records are taken in the order in which they are stored; which patient or study they belong to is
  /// told by the files themselves.
  init(_ file: DICOMFile, at url: URL) throws {
    guard file.isDirectory else {
      throw file.dataSet.error(.directoryRecordSequence, "is absent; this is no DICOMDIR")
    }
    let folder = url.deletingLastPathComponent()
    var files: [URL] = []
    var problems: [ReadError] = []
    var listings: [String: [String: String]] = [:]
    for record in file.dataSet.items(.directoryRecordSequence) {
      let names = record.strings(.referencedFileID)
      guard !names.isEmpty else { continue }
      guard names.count <= 64, names.allSatisfy(Self.isPlain) else {
        problems.append(
          record.error(.referencedFileID, "names a file outside its folder; left out"))
        continue
      }
      guard let found = Self.resolve(names, in: folder, &listings) else {
        let name = names.joined(separator: "/")
        problems.append(record.error(.referencedFileID, "names \(name), which is not there"))
        continue
      }
      files.append(found)
    }
    self.files = files
    self.problems = problems
  }

  /// Whether a component of a path is a name and nothing else.
  private static func isPlain(_ name: String) -> Bool {
    !name.isEmpty && name != "." && name != ".."
      && !name.unicodeScalars.contains { $0 == "/" || $0 == "\\" || $0 == "\0" }
  }

  /// The file of these names below a folder; media differ in case and in version suffixes.
  /// - Parameter listings: what each folder holds by name in capitals, listed once.
  private static func resolve(
    _ names: [String], in folder: URL, _ listings: inout [String: [String: String]]
  ) -> URL? {
    var place = folder
    for name in names {
      let exact = place.appendingPathComponent(name)
      if FileManager.default.fileExists(atPath: exact.path) {
        place = exact
        continue
      }
      let listing = listings[place.path] ?? listing(of: place)
      listings[place.path] = listing
      let wanted = name.uppercased()
      guard let match = listing[wanted] ?? listing[wanted + ";1"] else { return nil }
      place = place.appendingPathComponent(match)
    }
    // A link must not lead out of the folder.
    let root = folder.resolvingSymlinksInPath().path
    let target = place.resolvingSymlinksInPath().path
    let base = root.hasSuffix("/") ? root : root + "/"
    return target.hasPrefix(base) ? place : nil
  }

  private static func listing(of folder: URL) -> [String: String] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return Dictionary(entries.sorted().map { ($0.uppercased(), $0) }) { first, _ in first }
  }
}
