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
    /// "liu: present", by segment; what decides between readers before them: "FINAL: absent".
    var words: [SpinalSegment: [String]] = [:]
    /// Segments in which a lesion is seen: by what decides between readers, where any of them has adjudicated,
    /// else by at least one reader.
    var present: Set<SpinalSegment> = []
    /// A journal that cannot be read is said, not passed over; so is present of a reader where the adjudication
    /// decides nothing.
    var quality: [QualityFlag] = []
  }

  /// The verdicts that stand on a study's segments, of all its readers or of one, as far as they are told.
  ///
  /// Who adjudicated decides among the readers that are told; those whom he overruled confirm nothing.
  func verdicts(
    of study: LibraryStudy, reader: String? = nil, telling others: OthersTold = .everything
  ) -> Verdicts {
    var result = Verdicts()
    result.quality = others.flags
    var signed: [OtherReading] = []
    for journal in journals(of: study) where reader.map({ $0 == journal.reader }) ?? true {
      do {
        guard let acts = try others.acts(of: journal) else { continue }
        let review = ReviewState(acts)
        let levels = (try? levelHistory(of: study, for: acts)) ?? LevelHistory()
        let relabelled = levels.relabelled(in: review)
        for (segment, verdict) in review.standing {
          // What was seen elsewhere confirms nothing here.
          let isOld = relabelled.contains(segment)
          let mark = isOld ? " (under other labels)" : ""
          result.words[segment, default: []].append(
            "\(journal.reader.cleaned): \(verdict.words)\(mark)")
          if verdict == .present, !isOld { result.present.insert(segment) }
        }
        if let reading = OtherReading(review, reader: journal.reader, levels: levels) {
          signed.append(reading)
        }
      } catch {
        result.quality.append(
          QualityFlag(
            "verdicts-unread", "Verdicts of \(journal.reader) are not known: \(error)".cleaned))
      }
    }
    if let decided = FinalVerdicts(signed) { result.follow(decided) }
    for reading in signed where reading.isDeciding { result.present.subtract(reading.relabelled) }
    return result
  }
}

extension StudyLibrary.Verdicts {
  /// Takes what decides between the readers in the place of what each of them sees.
  fileprivate mutating func follow(_ decided: FinalVerdicts) {
    let undecided = present.filter { decided.verdict($0) == nil }.sorted().map(\.name)
    present = Set(SpinalSegment.allCases.filter { decided.verdict($0) == .present })
    for segment in words.keys {
      words[segment]?.insert("FINAL: \(decided.decision(segment).words)", at: 0)
    }
    guard !undecided.isEmpty else { return }
    quality.append(
      QualityFlag(
        "adjudication-open",
        "Readers see a lesion on \(undecided.joined(separator: ", ")), which the adjudication leaves open: "
          + "it is not counted."))
  }
}
