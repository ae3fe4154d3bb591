public import Foundation

/// Appends verdicts until it is done or killed: the child process of the durability test.
public enum JournalStress {
  /// Appends verdicts to a journal until it holds `count` records.
  ///
  /// - Parameters:
  ///   - journal: the journal's file.
  ///   - count: the number of records after which to stop.
  ///   - acknowledge: called with each `seq` after `append` returned.
  /// - Throws: `JournalError`.
  public static func run(
    journal url: URL, count: Int, acknowledge: (Int) -> Void
  ) throws {
    let journal = try ReviewJournal(opening: url, reader: "stress")
    var seq = journal.contents.records.last?.seq ?? 0
    let segments = SpinalSegment.allCases
    let verdicts = Verdict.allCases
    while seq < count {
      let record = try journal.append(
        ReviewDraft(
          action: .verdict, segment: segments[seq % segments.count],
          verdict: verdicts[seq % verdicts.count], comment: "verdict \(seq + 1)"))
      seq = record.seq
      acknowledge(seq)
    }
  }
}
