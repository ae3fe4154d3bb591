internal import Core

/// How far the opening of what the readers signed is.
enum AdjudicationStage: Equatable, Sendable {
  /// The reader was told what opening it means, and is to say so again.
  case asking
  /// That it is seen goes to the journal.
  case waiting
  /// It is on the screen.
  case open
}

/// How far readers agree on the library's studies, as far as that is known.
struct AgreementLook: Sendable {
  enum Figures: Sendable {
    case awaited
    case known(ReaderAgreement)
    /// So few studies were signed by two of them.
    case tooFew(Int)
    case failed(String)
  }

  /// The readers, by name.
  var readers: [String]
  var figures: Figures = .awaited
}

extension StudyScreenState {
  /// Whether what the readers signed stands side by side in the place of the ladder.
  var isAdjudicating: Bool {
    adjudication == .open && review.seesOthers && correction == nil
  }

  /// Who was asked whether to see what others signed did something else.
  mutating func stopAsking() {
    if adjudication == .asking { adjudication = nil }
  }

  /// What the reader signed first, before having seen what others did.
  private var ownReading: OtherReading? {
    let records = review.history.map(\.record)
    return OtherReading(
      first: records, reader: records.first?.reader ?? "", levels: study.levels)
  }

  /// The readings that are compared: those of the others and the reader's own.
  var comparison: ReadingComparison { ReadingComparison(others + [ownReading].compactMap { $0 }) }

  /// The readers whose readings are compared, by name.
  var comparedReaders: [String] { comparison.readings.map(\.reader).sorted() }

  /// What stands in columns of its own: readings, then what was said from above them. The reader's own
  /// is among them where the reader's column no longer says it.
  var signedColumns: [OtherReading] {
    let own = ownReading.flatMap { $0.time == review.signOff?.time ? nil : $0 }
    let all = others + [own].compactMap { $0 }
    return all.filter(\.isReading) + all.filter { !$0.isReading }
  }

  /// How many signed readings there are to decide between, as far as that is told.
  var signedCount: Int {
    if review.seesOthers { return comparison.readings.count }
    return access.signedByOthers + (ownReading == nil ? 0 : 1)
  }

  /// The rows that are to be decided.
  var openRows: [ReviewTarget] {
    let comparison = comparison
    return rows.filter { comparison.accord($0.segment).isOpen }
  }

  /// The verdicts on which all readers agree, of the rows on which the reader has stated nothing.
  var adoptable: [StatedVerdict] {
    let comparison = comparison
    return rows.compactMap { target in
      guard standing(target) == nil, case .agreed(let verdict) = comparison.accord(target.segment)
      else { return nil }
      return StatedVerdict(target.segment, verdict)
    }
  }

  /// "2 differ, 1 cannot tell, 3 agreed; yours on 4 of 6".
  var accordWords: String {
    let comparison = comparison
    let accords = rows.map { comparison.accord($0.segment) }
    func count(_ word: String, _ fits: (ReadingComparison.Accord) -> Bool) -> String? {
      let count = accords.count(where: fits)
      return count == 0 ? nil : "\(count) \(word)"
    }
    let agreed = count("agreed") { accord in
      if case .agreed = accord { return true }
      return false
    }
    let words = [
      count("differ") { $0 == .differs }, count("cannot tell") { $0 == .unsure },
      count("not by all") { $0 == .partial }, agreed,
    ].compactMap { $0 }
    let own = rows.count { standing($0) != nil }
    return (words.isEmpty ? "nothing stated" : words.joined(separator: ", "))
      + "; yours on \(own) of \(rows.count)"
  }

  /// What each reader signed on the selected row, in full; `nil` while nothing is compared, and where
  /// the reader's own verdict was not saved, which is said first.
  var adjudicationWords: String? {
    guard isAdjudicating, failed[target] == nil else { return nil }
    let readings = signedColumns.map { reading -> String in
      if let problem = reading.problem { return "\(reading.label): unreadable: \(problem)" }
      let verdict = reading.verdict(target.segment)?.words ?? "nothing"
      return "\(reading.label): \(verdict)" + Self.detailWords(reading.details[target.segment])
        + (reading.isDeciding ? " (adjudicated)" : "")
        + (reading.isRelabelled(target.segment) ? " (under other labels)" : "")
    }
    let accord = comparison.accord(target.segment).words
    let own = standing(target).map { record in
      "you: \(record.verdict?.words ?? "nothing")"
        + ((record.comment ?? record.reason).map { " (\($0))" } ?? "")
        + (isRelabelled(target) ? " (under other labels: state it again)" : "")
    }
    var all = ["\(target.name) \(accord)"] + readings
    if let finalWords { all.insert(finalWords, at: 0) }
    if let own { all.append(own) }
    return DisplayText.clean(all.joined(separator: "; "))
  }

  /// ", grade 1, Ax-CCM 2, sure 3 (blurred)".
  private static func detailWords(_ detail: OtherReading.Detail?) -> String {
    guard let detail else { return "" }
    let grade = detail.grade.map { ", grade \($0)" } ?? ""
    let axial = detail.axccm.map { ", Ax-CCM \($0)" } ?? ""
    let confidence = detail.confidence.map { ", sure \($0)" } ?? ""
    return grade + axial + confidence + (detail.reason.map { " (\($0))" } ?? "")
  }
}
