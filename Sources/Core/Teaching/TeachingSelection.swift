public import Foundation
internal import Imaging

/// The studies chosen for a teaching session.
public struct TeachingSelection: Sendable {
  /// A list larger than this is none.
  static let largestList = 1 << 20

  /// The studies in the order of the cases.
  public let studies: [LibraryStudy]
  /// Whether some of them have no truth but signed readings.
  public let needsReadings: Bool
  /// How many have no truth at all.
  public let unknown: Int

  private init(_ chosen: [(study: LibraryStudy, truth: CaseTruth?)]) {
    studies = chosen.map(\.study)
    needsReadings = chosen.contains { $0.truth.map { $0.source != .library } ?? false }
    unknown = chosen.count { $0.truth == nil }
  }

  /// The studies that a file lists, one identifier a line, with or without "sub-", in its order; empty
  /// lines and those that begin with # say nothing.
  ///
  /// - Throws: `TeachingError.list` naming the line, `ReadError`, `JournalError`.
  public init(list url: URL, in library: StudyLibrary, usesReadings: Bool) throws {
    let bytes = try FileBytes.read(url, limit: Self.largestList)
    var chosen: [(LibraryStudy, CaseTruth?)] = []
    var seen: Set<String> = []
    let text = String(decoding: bytes, as: UTF8.self)
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let id = line.trimmingCharacters(in: .whitespaces)
      if id.isEmpty || id.hasPrefix("#") { continue }
      let study: LibraryStudy
      do { study = try library.usableStudy(id) } catch let error as LibraryError {
        throw TeachingError.list(path: url.path.cleaned, line: index + 1, "\(error)")
      }
      guard seen.insert(study.subject).inserted else {
        throw TeachingError.list(
          path: url.path.cleaned, line: index + 1, "\(study.subject) is listed twice")
      }
      chosen.append(
        (study, try CaseTruth.of(study, in: library, usesReadings: usesReadings)))
    }
    guard !chosen.isEmpty else { throw TeachingError.noCases("\(url.path) lists no study") }
    self.init(chosen)
  }

  /// So many studies that have truth, drawn at random in random order.
  ///
  /// - Parameter seed: the same seed draws the same studies of the same library.
  /// - Throws: `TeachingError.noCases`, `ReadError`, `JournalError`.
  public init(
    drawing count: Int, seed: UInt64, from library: StudyLibrary, usesReadings: Bool
  ) throws {
    var candidates = library.studies.filter { $0.problem == nil }
    var random = RandomSource(seed: seed)
    random.shuffle(&candidates)
    var chosen: [(LibraryStudy, CaseTruth?)] = []
    for study in candidates where chosen.count < count {
      guard let truth = try CaseTruth.of(study, in: library, usesReadings: usesReadings) else {
        continue
      }
      chosen.append((study, truth))
    }
    guard !chosen.isEmpty else {
      throw TeachingError.noCases(
        "no study has truth (derivatives/truth or a lesion label"
          + (usesReadings ? ", or a signed reading)" : ")")
          + "; --list FILE takes studies without truth, too")
    }
    self.init(chosen)
  }
}
