internal import Foundation
internal import Imaging

/// One reader's journal of a study, not yet read.
struct ReaderJournal {
  /// The reader, as the file's name has it.
  var reader: String
  var url: URL

  /// Its records.
  /// - Throws: `ReadError`, `JournalError` naming the file.
  func records() throws -> [ReviewRecord] {
    let bytes = try FileBytes.read(url, limit: PosixJournalFile.largest)
    return try JournalScan(bytes, file: url.lastPathComponent).records
  }
}

extension StudyLibrary {
  /// The journals of a study's readers, by name.
  func journals(of study: LibraryStudy) -> [ReaderJournal] {
    guard let stem = study.stem else { return [] }
    let folder = study.derivativeFolder(library: root)
    let names = FolderEntries.names(folder.path)
    let (start, end) = ("\(stem)_reader-", "_review.jsonl")
    return names.sorted().filter { $0.hasPrefix(start) && $0.hasSuffix(end) }.map { name in
      ReaderJournal(
        reader: String(name.dropFirst(start.count).dropLast(end.count)),
        url: folder.appendingPathComponent(name))
    }
  }

  /// Who has a journal of any study, or is named in the table of readers, by name.
  ///
  /// - Throws: `ReadError` where the table of readers cannot be read.
  public func knownReaders() throws -> [String] {
    let named = try ReaderTable(library: root).rows.map(\.reader)
    return Set(named + studies.flatMap { journals(of: $0).map(\.reader) }).sorted()
  }

  /// What the readers of a study stated of its segments.
  struct Verdicts {
    /// "liu: present", by segment.
    var words: [SpinalSegment: [String]] = [:]
    /// Segments in which at least one reader sees a lesion.
    var present: Set<SpinalSegment> = []
    /// A journal that cannot be read is said, not passed over.
    var quality: [QualityFlag] = []
  }

  /// The verdicts that stand on a study's segments, of all its readers or of one.
  func verdicts(of study: LibraryStudy, reader: String? = nil) -> Verdicts {
    var result = Verdicts()
    for journal in journals(of: study) where reader.map({ $0 == journal.reader }) ?? true {
      do {
        for (segment, verdict) in ReviewState(try journal.records()).standing {
          result.words[segment, default: []].append("\(journal.reader.cleaned): \(verdict.words)")
          if verdict == .present { result.present.insert(segment) }
        }
      } catch {
        result.quality.append(
          QualityFlag(
            "verdicts-unread", "Verdicts of \(journal.reader) are not known: \(error)".cleaned))
      }
    }
    return result
  }
}
