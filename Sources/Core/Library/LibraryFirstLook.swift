internal import Foundation

/// The first look at a library: the names of its studies at once, then each study and its line, those on
/// the screen before all others.
struct LibraryFirstLook: Sendable {
  let root: URL
  let cache: LibraryCache
  let reader: String
  let tell: @Sendable (WorklistReading) -> Void

  /// A study that was looked at, with its line.
  private struct Looked: Sendable {
    var study: LibraryStudy
    var entry: WorklistEntry
  }

  /// The library with its worklist.
  ///
  /// - Parameter listed: called as soon as the names are known.
  /// - Throws: `LibraryError.notALibrary`, or `ReadError` when participants.tsv cannot be read.
  func read(
    listed: ([StudyFolder], Participants) -> Void
  ) throws -> (library: StudyLibrary, entries: [WorklistEntry]) {
    let scan = StudyScan(root: root, digest: cache.digest)
    let folders = try scan.folders { tell(.looked($0, of: $1)) }
    let participants = try Participants(library: root)
    listed(folders, participants)
    func library(_ studies: [LibraryStudy]) -> StudyLibrary {
      StudyLibrary(root: root, studies: studies, participants: participants, cache: cache)
    }
    guard folders.count > cache.readAtOnce else {
      let small = library(folders.map { scan.study(in: $0) })
      return (library: small, entries: try small.worklist(reader: reader))
    }
    let names = library([])
    tell(.listed(folders.map { names.listed($0.subject, $0.participant) }))
    let listReader = ListReader(reader, library: root)
    let run = WorklistRun(subjects: folders.map(\.subject), wishes: cache.wishes)
    let looked = names.keepingDigest(of: reader) {
      run.read { index -> Looked in
        let study = scan.study(in: folders[index])
        return Looked(study: study, entry: names.entry(of: study, for: listReader))
      } tell: { lines, done in
        tell(.read(lines.map(\.entry), done, of: folders.count))
      }
    }
    return (library: library(looked.map(\.study)), entries: looked.map(\.entry))
  }
}
