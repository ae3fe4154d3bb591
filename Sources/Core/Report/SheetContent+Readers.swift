/// What stands of each reader's journal: how it came about is told by the acts.
extension SheetContent {
  /// A section for each reader.
  var readers: [Section] {
    guard !sheet.readers.isEmpty else {
      return [Section(title: "Readers", blocks: [.lines(["nobody has stated anything"])])]
    }
    return sheet.readers.map { Section(title: "Reader \($0.reader)", blocks: blocks(of: $0)) }
  }

  private func blocks(of reader: StudySheet.Reader) -> [Block] {
    if let problem = reader.problem { return [.lines([Self.unread(problem)])] }
    let review = reader.review
    let stated = SpinalSegment.allCases.compactMap(review.standing)
    let isBlind = !stated.isEmpty && stated.allSatisfy(\.blind)
    let counts =
      "\(stated.count) of \(SpinalSegment.allCases.count) segments stated"
      + (isBlind ? ", without seeing the AI's result" : "")
    let summary = ([counts] + review.remarksOnStudy).joined(separator: "; ")
    var lines = [sheet.conclusion(of: reader)?.words, summary, review.signatureWords]
      .compactMap(\.self)
    let changed = review.changedAfterAI
    if !changed.isEmpty {
      let words = changed.map(\.words).joined(separator: ", ")
      lines.append("changed after seeing the AI's result: \(words)")
    }
    lines += Self.corrections(review)
    return [.lines(lines)] + [table(of: review, isBlind: isBlind)].compactMap(\.self)
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

  /// What stands beside plain verdicts, by segment and of the study: grade, type, confidence, reason, comments.
  private func table(of review: ReviewState, isBlind: Bool) -> Block? {
    let all: [SpinalSegment?] = SpinalSegment.allCases.map(Optional.some) + [nil]
    let told: [[String]] = all.map { remarks(on: $0, review, isBlind: isBlind) }
    let columns: [(head: String, cells: [String?])] = [
      ("grade", all.map { place in review.grade(place).map { "\($0)" } }),
      ("Ax-CCM", all.map { place in review.axccm(place).map { "\($0)" } }),
      ("confidence", all.map { place in review.confidence(place).map { "\($0)" } }),
    ]
    let verdicts = all.map { Self.standing(on: $0, review) }
    let shown: [Int] = all.indices.filter { place in
      if all[place] == nil, verdicts[place] != nil { return true }
      return !told[place].isEmpty || columns.contains { $0.cells[place] != nil }
    }
    guard !shown.isEmpty else { return nil }
    let used = columns.filter { column in shown.contains { column.cells[$0] != nil } }
    let rows: [[String]] = shown.map { place in
      var row = [all[place]?.name ?? "study", verdicts[place]?.verdict?.words ?? "-"]
      row += used.map { $0.cells[place] ?? "-" }
      row.append(told[place].joined(separator: "; "))
      return row
    }
    var heads = ["segment", "verdict"]
    heads += used.map { $0.head }
    heads.append("reason and comment")
    return .table(head: heads, rows: rows)
  }

  private static func standing(on place: SpinalSegment?, _ review: ReviewState) -> ReviewRecord? {
    guard let place else { return review.standingOnStudy }
    return review.standing(place)
  }

  /// Why, then the comments there, then what is to be known of the verdict.
  private func remarks(on place: SpinalSegment?, _ review: ReviewState, isBlind: Bool) -> [String] {
    let record = Self.standing(on: place, review)
    var words = [record?.reason, record?.comment].compactMap(\.self) + review.comments(place)
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
    guard !sheet.readers.isEmpty else {
      return [Section(title: "Readers", blocks: [.lines(["nobody has stated anything"])])]
    }
    return sheet.readers.map { reader in
      let told = reader.review.history.map {
        "\(Self.clock($0.record.time)) \(reader.review.told($0))"
      }
      let lines = reader.problem.map { [Self.unread($0)] } ?? told
      return Section(
        title: "Reader \(reader.reader)",
        blocks: [.lines(lines.isEmpty ? ["nothing is stated"] : lines)])
    }
  }
}
