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
  /// The numbers of the cases of which no segment's truth is known: nothing is scored there.
  public let unknown: [Int]
  /// How many were not detected: the AI has nothing to show beside their truth.
  public let undetected: Int
  /// The studies that were looked at and not taken, and why.
  public let leftOut: LeftOutStudies

  private init(
    _ chosen: [(study: LibraryStudy, truth: CaseTruth?)], of library: StudyLibrary,
    leftOut: LeftOutStudies = LeftOutStudies()
  ) {
    studies = chosen.map(\.study)
    needsReadings = chosen.contains { $0.truth.map { $0.source != .library } ?? false }
    unknown = chosen.indices.filter { chosen[$0].truth?.verdicts.isEmpty ?? true }.map { $0 + 1 }
    undetected = chosen.count { (try? library.digest(of: $0.study)) == nil }
    self.leftOut = leftOut
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
    guard !chosen.isEmpty else {
      throw TeachingError.noCases("\(url.path.cleaned) lists no study")
    }
    self.init(chosen, of: library)
  }

  /// So many studies of which some segment's truth is known, drawn at random in random order; fewer where
  /// the library has no more, with what was left out and why.
  ///
  /// - Parameter seed: the same seed draws the same studies of the same library.
  /// - Throws: `TeachingError.noCases`.
  public init(
    drawing count: Int, seed: UInt64, from library: StudyLibrary, usesReadings: Bool
  ) throws {
    var leftOut = LeftOutStudies()
    for study in library.studies {
      if let problem = study.problem { leftOut.unusable[study.subject] = problem.cleaned }
    }
    var candidates = library.studies.filter { $0.problem == nil }
    var random = RandomSource(seed: seed)
    random.shuffle(&candidates)
    var chosen: [(LibraryStudy, CaseTruth?)] = []
    for study in candidates where chosen.count < count {
      do {
        let truth = try CaseTruth.of(study, in: library, usesReadings: usesReadings)
        switch truth?.verdicts.isEmpty {
        case nil: leftOut.withoutTruth.append(study.subject)
        case true?: leftOut.withoutSegments.append(study.subject)
        case false?: chosen.append((study, truth))
        }
      } catch {
        leftOut.unusable[study.subject] = "\(error)".cleaned
      }
    }
    guard !chosen.isEmpty else {
      // That the others have none is said already.
      leftOut.withoutTruth = []
      throw TeachingError.noCases(
        "no study has truth (derivatives/truth or a lesion label that no reader drew"
          + (usesReadings ? ", or a signed reading)" : ")")
          + ([""] + leftOut.lines).joined(separator: "; ")
          + "; --list FILE takes studies without truth, too")
    }
    self.init(chosen, of: library, leftOut: leftOut)
  }

  /// Throws unless there are as many cases as were asked for.
  ///
  /// - Throws: `TeachingError.tooFew`, with what was left out and why.
  public func require(_ count: Int) throws(TeachingError) {
    guard studies.count < count else { return }
    throw .tooFew(found: studies.count, of: count, leftOut: leftOut.lines)
  }
}
