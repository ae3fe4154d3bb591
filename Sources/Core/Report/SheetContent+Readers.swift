/// What stands of each reader's journal: how it came about is told by the acts.
extension SheetContent {
  /// The section of readers: what each comes to, then what stands beside the verdicts.
  var readers: Section {
    let told = sheet.readers.map { words(of: $0) } + sheet.readers.flatMap { remarks(of: $0) }
    return Section(title: "Readers", blocks: [.lines(silence + told + leftOut)])
  }

  /// That nobody has stated anything, where all is told.
  private var silence: [String] {
    sheet.readers.isEmpty && sheet.others == .everything ? ["nobody has stated anything"] : []
  }

  /// What is not told of others.
  private var leftOut: [String] { [sheet.others.remark].compactMap(\.self) }

  /// "liu: case present: C4-5; 2 of 6 segments stated; not signed", and what was corrected or changed.
  private func words(of reader: StudySheet.Reader) -> String {
    if let problem = reader.problem { return "\(reader.reader): \(Self.unread(problem))" }
    let review = reader.review
    let isBlind = Self.isBlind(review)
    let stated = SpinalSegment.allCases.compactMap(review.standing).count
    let counts =
      "\(stated) of \(SpinalSegment.allCases.count) segments stated"
      + (isBlind ? ", without seeing the AI's result" : "")
    var clauses = [sheet.conclusion(of: reader)?.words].compactMap(\.self)
    clauses += [counts] + review.remarksOnStudy
    clauses.append(review.signatureWords(after: reader.reader))
    clauses += [StudySheet.labelsChanged(reader.relabelled)].compactMap(\.self)
    let changed = review.changedAfterAI.map(\.words).joined(separator: ", ")
    if !changed.isEmpty { clauses.append("changed after seeing the AI's result: \(changed)") }
    return "\(reader.reader): \((clauses + Self.corrections(review)).joined(separator: "; "))"
  }

  /// Whether all that stands of the segments was stated without seeing the AI's result.
  private static func isBlind(_ review: ReviewState) -> Bool {
    let stated = SpinalSegment.allCases.compactMap(review.standing)
    return !stated.isEmpty && stated.allSatisfy(\.blind)
  }

  /// Why nothing is known of a journal.
  private static func unread(_ problem: String) -> String {
    "the journal cannot be read, no verdict is known: \(problem)"
  }

  /// The latest correction of each label that stands.
  private static func corrections(_ review: ReviewState) -> [String] {
    let notes = review.corrections.compactMap(\.correction)
    return CorrectionTarget.allCases.compactMap { target in
      let own = notes.filter { $0.target == target }
      let former = own.count > 1 ? " (the latest of \(own.count))" : ""
      return own.last.map { $0.words + former }
    }
  }

  /// What stands beside a reader's plain verdicts, by segment and of the study: "liu on C4-5, present: grade
  /// 2, confidence 1; hazy", with type, reason and comments; before it where readers agree and nothing else is
  /// said: "sup on C2-3, C3-4: readers agree".
  private func remarks(of reader: StudySheet.Reader) -> [String] {
    guard reader.problem == nil else { return [] }
    let review = reader.review
    let isBlind = Self.isBlind(review)
    let all: [SpinalSegment?] = SpinalSegment.allCases.map(Optional.some) + [nil]
    var agreed: [String] = []
    let lines = all.compactMap { place -> String? in
      let verdict = Self.standing(on: place, review)?.verdict?.words
      let numbers = [
        review.grade(place).map { "grade \($0)" }, review.axccm(place).map { "Ax-CCM \($0)" },
        review.confidence(place).map { "confidence \($0)" },
      ].compactMap(\.self).joined(separator: ", ")
      var told =
        (numbers.isEmpty ? [] : [numbers]) + remarks(on: place, review, isBlind: isBlind)
      if let place, reader.relabelled.contains(place) { told.append("under other labels") }
      // A verdict on the study as a whole stands nowhere else.
      guard !told.isEmpty || (place == nil && verdict != nil) else { return nil }
      // What was taken over as one act is told as one.
      if let place, told == [ReviewRecord.adoptedReason] {
        agreed.append(place.name)
        return nil
      }
      let lead =
        "\(reader.reader) on \(place?.name ?? "the study")"
        + (verdict.map { ", \($0)" } ?? "")
      return told.isEmpty ? lead : "\(lead): \(told.joined(separator: "; "))"
    }
    guard !agreed.isEmpty else { return lines }
    let places = agreed.joined(separator: ", ")
    return ["\(reader.reader) on \(places): \(ReviewRecord.adoptedReason)"] + lines
  }

  private static func standing(on place: SpinalSegment?, _ review: ReviewState) -> ReviewRecord? {
    guard let place else { return review.standingOnStudy }
    return review.standing(place)
  }

  /// Why, then the comments there, then what is to be known of the verdict.
  private func remarks(on place: SpinalSegment?, _ review: ReviewState, isBlind: Bool) -> [String] {
    let record = Self.standing(on: place, review)
    var words = [record?.reason, record?.comment].compactMap(\.self) + review.remarks(place)
    // That of the study stands among the remarks on it.
    if place != nil, let difficulty = review.difficulty(place) {
      words.append("difficulty \(difficulty.rawValue)")
    }
    guard let record else { return words }
    if record.blind, !isBlind { words.append("without seeing the AI's result") }
    if !record.blind, sheet.isOnOtherDetection(record) { words.append("on another detection") }
    return words
  }

  // MARK: The acts

  /// Every act of every reader in words, oldest first: what was taken back, too.
  var acts: [Section] {
    let acts: [Section] = sheet.readers.map { reader in
      let told = reader.review.history.map {
        "\(Self.clock($0.record.time)) \(reader.review.told($0))"
      }
      let lines = reader.problem.map { [Self.unread($0)] } ?? told
      return Section(
        title: "Reader \(reader.reader)",
        blocks: [.lines(lines.isEmpty ? ["nothing is stated"] : lines)])
    }
    let words = silence + leftOut
    return acts + (words.isEmpty ? [] : [Section(title: "Readers", blocks: [.lines(words)])])
  }
}
