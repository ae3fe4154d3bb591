import Foundation
import TestSupport
import Testing

@testable import Core

@Suite("Acts of the journal beside verdicts")
struct ReviewStatementTests {
  /// A journal as version 0.1 wrote it before there were other acts than these.
  static let formerLines = [
    #"{"seq":1,"time":"2026-11-21T12:00:00.062Z","reader":"anna","action":"verdict","segment":"#
      + #""C4-5","verdict":"present","reason":null,"comment":null,"blind":true,"detection":"ababab"#
      + #"ababababababababababababababababababababababababababababab","reverts":null,"previous":"0"#
      + #"000000000000000000000000000000000000000000000000000000000000000","digest":"9be8923250b37"#
      + #"08e744195b6b8b96a3fdb8e4cb4fdf8387673ee81c90c07400c"}"#,
    #"{"seq":2,"time":"2026-11-21T12:00:00.062Z","reader":"anna","action":"verdict","segment":"#
      + #""C5-6","verdict":"absent","reason":"flow void","comment":"second look \"soon\"","blind":"#
      + #"false,"detection":"abababababababababababababababababababababababababababababababab","re"#
      + #"verts":null,"previous":"0542379d8d7fc45366fd1ef0bd4f77dd459179c2b176166fe54197c738ccfe65"#
      + #"","digest":"b9a99ed92db083c0397cbb3f4891f259c95fee04e40c12272e9cb5243bdb6d2f"}"#,
    #"{"seq":3,"time":"2026-11-21T12:00:00.062Z","reader":"anna","action":"undo","segment":"C5"#
      + #"-6","verdict":null,"reason":null,"comment":null,"blind":false,"detection":null,"reverts""#
      + #":2,"previous":"e52768f718d7be6af6a895f83ab2f43a754f5b1998905c3456870e69ed252fd6","digest"#
      + #"":"974b92ee1d00ae389531e615cc9f63e37e2afa6cfdafe26a73d379cc991c06b7"}"#,
    #"{"seq":4,"time":"2026-11-21T12:00:00.062Z","reader":"anna","action":"redo","segment":"C5"#
      + #"-6","verdict":null,"reason":null,"comment":null,"blind":false,"detection":null,"reverts""#
      + #":3,"previous":"4101a80203a3997764452c0f45267547b174ff291344a687802c0ae061228f02","digest"#
      + #"":"de0ce7fd5f3278a27e0c48c8b1cc742b47115edb8d5add50f76b94262d18d572"}"#,
    #"{"seq":5,"time":"2026-11-21T12:00:00.062Z","reader":"anna","action":"comment","segment":"#
      + #"null,"verdict":null,"reason":null,"comment":"頸椎","blind":false,"detection":null,"reverts"#
      + #"":null,"previous":"84a75f349943a51f71674fba95f9e495e4acea99119f8db321f3748673db1161","di"#
      + #"gest":"70edbecca33b2c793b545683bcd3b86d706715b94b6c456f7fe291f5667fbb28"}"#,
    #"{"seq":6,"time":"2026-11-21T12:00:00.062Z","reader":"anna","action":"flag","segment":nul"#
      + #"l,"verdict":null,"reason":null,"comment":null,"blind":false,"detection":null,"reverts":n"#
      + #"ull,"previous":"9a086115aaf172be8d7d0d8aabfaae30a457312e815b65974c1bcbef8d159f71","diges"#
      + #"t":"548ea6227ab30372525ccbb2b096c20a8f85bc32bc713b7923104862225f6b1a"}"#,
  ]

  static func journal(_ disk: MemoryJournal = MemoryJournal()) throws -> ReviewJournal {
    try ReviewJournal(storage: disk, reader: "anna")
  }

  static let place = FindingPlace(
    slice: 4, row: 119.04, column: 131, ras: SIMD3(-3.3, 12.345, -83.5))

  /// One of each act that can be taken back.
  static let statements: [ReviewDraft] = [
    ReviewDraft(action: .verdict, segment: .c4c5, verdict: .present), .quality(.artifact),
    .grade(2, on: .c4c5), .confidence(3, on: .c4c5), .difficulty(.hard, on: nil),
    .finding("syrinx at T3", at: place), ReviewDraft(action: .flag),
  ]

  @Test("A journal of before reads as it did, and its lines are written byte for byte the same")
  func formerJournal() throws {
    let bytes: [UInt8] = Self.formerLines.flatMap { Array($0.utf8) + [0x0A] }
    let scan = try JournalScan(bytes, file: "former")
    #expect(scan.records.count == 6 && scan.torn == nil)
    for (record, line) in zip(scan.records, Self.formerLines) {
      var again = record
      #expect(again.sealedLine() == Array(line.utf8))
      #expect(again.digest == record.digest)
    }
    let state = ReviewState(scan.records)
    #expect(state.standing == [.c4c5: .present, .c5c6: .absent] && state.isFlagged)
    let disk = MemoryJournal(bytes)
    #expect(try Self.journal(disk).append(.quality(.pass)).seq == 7)
    #expect(Array(disk.bytes.prefix(bytes.count)) == bytes)
  }

  @Test("Every new act comes back from the disk as it was stated, with the one key it needs")
  func roundTrip() throws {
    let disk = MemoryJournal()
    let journal = try Self.journal(disk)
    for draft in Self.statements { _ = try journal.append(draft) }
    _ = try journal.append(ReviewDraft(action: .reveal, blind: true))
    _ = try journal.append(.signOff(.secondReader, name: "Anna\u{1B}[1m Liu \u{2028}"))
    _ = try journal.append(ReviewDraft(action: .reopen, comment: "new images"))
    let records = try Self.journal(disk).contents.records
    #expect(records == journal.contents.records)
    #expect(records[1].quality == .artifact && records[2].grade == 2)
    #expect(records[3].confidence == 3 && records[4].difficulty == .hard)
    #expect(records[5].place == Self.place && records[5].place?.row == 119)
    #expect(records[5].place?.y == 12.3 && records[5].comment == "syrinx at T3")
    #expect(records[8].signature?.meaning == .secondReader)
    #expect(records[8].signature?.name.contains("\u{1B}") == false)
    let lines = String(decoding: disk.bytes, as: UTF8.self).split(separator: "\n")
    let keys = ["quality", "grade", "confidence", "difficulty", "place", "signature"]
    for (index, line) in lines.enumerated() {
      let there = keys.filter { line.contains("\"\($0)\":") }
      let wanted: [Int: String] = [
        1: "quality", 2: "grade", 3: "confidence", 4: "difficulty", 5: "place", 8: "signature",
      ]
      #expect(there == [wanted[index]].compactMap { $0 }, "line \(index + 1)")
    }
    #expect(lines[5].contains(#""place":{"slice":4,"row":119.0,"column":131.0,"x":-3.3,"y":12.3,"#))
  }

  @Test("An Ax-CCM type is stated, taken back and restored; lines without one are as they were")
  func axccm() throws {
    let disk = MemoryJournal()
    let journal = try Self.journal(disk)
    var state: ReviewState { ReviewState(journal.contents.records) }
    _ = try journal.append(Self.statements[0])
    for type in 0...3 { _ = try journal.append(.axccm(type, on: .c4c5)) }
    _ = try journal.append(.axccm(1, on: nil))
    #expect(state.axccm(.c4c5) == 3 && state.axccm(nil) == 1 && state.axccm(.c5c6) == nil)
    #expect(state.grade(.c4c5) == nil && state.history.last?.text == "Ax-CCM type 1 on the study")
    for _ in 0..<2 {
      _ = try journal.append(try #require(state.undoDraft(blind: false, detectionSHA256: nil)))
    }
    #expect(state.axccm(.c4c5) == 2 && state.axccm(nil) == nil)
    #expect(state.history.last?.text == "took back Ax-CCM type 3 on C4-5")
    _ = try journal.append(try #require(state.redoDraft(blind: false, detectionSHA256: nil)))
    #expect(state.axccm(.c4c5) == 3)
    #expect(try Self.journal(disk).contents.records == journal.contents.records)
    let lines = String(decoding: disk.bytes, as: UTF8.self).split(separator: "\n")
    #expect(lines.map { $0.contains("\"axccm\":") }.prefix(3) == [false, true, true])
    #expect(lines[4].contains(#""reverts":null,"axccm":3,"previous""#))
    let count = lines.count
    for type in [-1, 4] {
      #expect(throws: JournalError.refused("an Ax-CCM type is 0, 1, 2 or 3")) {
        try journal.append(.axccm(type, on: .c4c5))
      }
    }
    #expect(throws: JournalError.self) { try journal.append(ReviewDraft(action: .axccm)) }
    #expect(journal.contents.records.count == count)
    _ = try journal.append(.signOff(.reviewed, name: "Anna"))
    #expect(throws: JournalError.self) { try journal.append(.axccm(0, on: .c4c5)) }
    #expect(ReaderRole.annotator.refusal(of: .axccm) != nil)
  }

  @Test("Statements without meaning are refused and leave no line")
  func refused() throws {
    let disk = MemoryJournal()
    let journal = try Self.journal(disk)
    let nowhere = FindingPlace(slice: 0, row: .nan, column: 0, ras: .zero)
    for draft in [
      ReviewDraft(action: .quality), .grade(3, on: .c2c3), .grade(-1, on: nil),
      .confidence(0, on: nil), .confidence(4, on: nil), ReviewDraft(action: .difficulty),
      ReviewDraft(action: .finding, comment: "x"), .finding("", at: Self.place),
      .finding("x", at: nowhere), .signOff(.reviewed, name: "Anna"),
      ReviewDraft(action: .signOff), ReviewDraft(action: .reopen, comment: "x"),
    ] { #expect(throws: JournalError.self) { try journal.append(draft) } }
    #expect(disk.bytes.isEmpty)
  }

  @Test("Undo takes every statement back and redo restores it, each by its name")
  func names() throws {
    let journal = try Self.journal()
    var state: ReviewState { ReviewState(journal.contents.records) }
    for draft in Self.statements { _ = try journal.append(draft) }
    let names = [
      "present on C4-5", "image quality Artifact", "grade 2 on C4-5", "confidence 3 on C4-5",
      "difficulty hard on the study", "the finding \"syrinx at T3\"", "the flag for discussion",
    ]
    for name in names.reversed() {
      _ = try journal.append(try #require(state.undoDraft(blind: false, detectionSHA256: nil)))
      #expect(state.history.last?.text == "took back \(name)")
    }
    #expect(state.quality == nil && state.grade(.c4c5) == nil && state.findings.isEmpty)
    #expect(state.undoDraft(blind: false, detectionSHA256: nil) == nil)
    for name in names {
      _ = try journal.append(try #require(state.redoDraft(blind: false, detectionSHA256: nil)))
      #expect(state.history.last?.text == "restored \(name)")
    }
    #expect(state.quality == .artifact && state.grade(.c4c5) == 2 && state.confidence(.c4c5) == 3)
    #expect(state.difficulty(nil) == .hard && state.findings.count == 1 && state.isFlagged)
  }

  @Test("A grade stands while the verdict is present, goes with it and comes back with it")
  func gradeOfPresent() throws {
    let journal = try Self.journal()
    var state: ReviewState { ReviewState(journal.contents.records) }
    func say(_ verdict: Verdict, _ segment: SpinalSegment?) throws {
      _ = try journal.append(ReviewDraft(action: .verdict, segment: segment, verdict: verdict))
    }
    for segment in [SpinalSegment.c4c5, nil] {
      _ = try journal.append(.grade(2, on: segment))
      #expect(state.grade(segment) == nil, "no verdict")
      try say(.present, segment)
      #expect(state.grade(segment) == 2)
      for verdict in [Verdict.absent, .cannotTell] {
        try say(verdict, segment)
        #expect(state.grade(segment) == nil, "\(verdict)")
        _ = try journal.append(try #require(state.undoDraft(blind: false, detectionSHA256: nil)))
        #expect(state.grade(segment) == 2)
        _ = try journal.append(try #require(state.redoDraft(blind: false, detectionSHA256: nil)))
        #expect(state.grade(segment) == nil)
        try say(.present, segment)
        #expect(state.grade(segment) == 2)
      }
    }
    try say(.absent, .c4c5)
    // Each place has its own verdict, and an axial type and a confidence are said of no lesion.
    #expect(state.grade(nil) == 2 && state.grade(.c4c5) == nil)
    _ = try journal.append(.axccm(0, on: .c4c5))
    _ = try journal.append(.confidence(3, on: .c4c5))
    #expect(state.axccm(.c4c5) == 0 && state.confidence(.c4c5) == 3)
    // The others' columns of an adjudication say the same.
    _ = try journal.append(.signOff(.reviewed, name: "Anna"))
    let reading = try #require(OtherReading(state, reader: "anna"))
    #expect(reading.details[.c4c5]?.grade == nil && reading.details[nil]?.grade == 2)
  }

  /// What stands, for comparing a state with the model.
  struct Standing: Equatable {
    var verdicts: [SpinalSegment: Verdict] = [:]
    var quality: QualityVerdict?
    var grades: [SpinalSegment: Int] = [:]
    var confidences: [SpinalSegment: Int] = [:]
    /// The verdict that each belongs to.
    private var sureOf: [SpinalSegment: Verdict] = [:]
    var difficulty: Difficulty?
    var findings: [String] = []
    var comments: [String] = []

    init(_ drafts: [ReviewDraft]) {
      for draft in drafts {
        switch draft.action {
        case .verdict:
          let place = draft.segment ?? .c2c3
          verdicts[place] = draft.verdict
          if confidences[place] != nil, sureOf[place] == nil { sureOf[place] = draft.verdict }
        case .quality: quality = draft.quality
        case .grade: grades[draft.segment ?? .c2c3] = draft.grade
        case .confidence:
          let place = draft.segment ?? .c2c3
          (confidences[place], sureOf[place]) = (draft.confidence, verdicts[place])
        case .difficulty: difficulty = draft.difficulty
        case .finding: findings.append(draft.comment ?? "")
        case .comment: comments.append(draft.comment ?? "")
        default: break
        }
      }
      // A grade is that of a lesion: it stands while present does.
      grades = grades.filter { verdicts[$0.key] == .present }
      // A confidence is that of a verdict: it stands while that does.
      confidences = confidences.filter { sureOf[$0.key] == verdicts[$0.key] }
      sureOf = [:]
    }

    init(_ state: ReviewState) {
      verdicts = state.standing
      quality = state.quality
      for segment in SpinalSegment.allCases {
        grades[segment] = state.grade(segment)
        confidences[segment] = state.confidence(segment)
      }
      difficulty = state.difficulty(nil)
      findings = state.findings.compactMap(\.comment)
      comments = state.comments(nil)
    }
  }

  private func random(_ number: Int, _ random: inout TestRandom) -> ReviewDraft {
    let segment = SpinalSegment.allCases[Int.random(in: 0..<6, using: &random)]
    switch Int.random(in: 0..<6, using: &random) {
    case 0:
      return ReviewDraft(
        action: .verdict, segment: segment, verdict: Verdict.allCases.randomElement(using: &random))
    case 1: return .quality(QualityVerdict.allCases[number % 3])
    case 2: return .grade(number % 3, on: segment)
    case 3: return .confidence(number % 3 + 1, on: segment)
    case 4: return .difficulty(Difficulty.allCases[number % 3], on: nil)
    default: return .finding("finding \(number)", at: Self.place)
    }
  }

  @Test("Random acts, undos and redos agree with two plain stacks", arguments: 0..<20)
  func model(seed: Int) throws {
    var generator = TestRandom(seed: UInt64(seed) &+ 1000)
    let journal = try Self.journal()
    var state: ReviewState { ReviewState(journal.contents.records) }
    var (done, redo): ([ReviewDraft], [ReviewDraft]) = ([], [])
    for number in 0..<60 {
      switch Int.random(in: 0..<10, using: &generator) {
      case 0..<3 where !done.isEmpty:
        redo.append(done.removeLast())
        _ = try journal.append(try #require(state.undoDraft(blind: false, detectionSHA256: nil)))
      case 3..<5 where !redo.isEmpty:
        done.append(redo.removeLast())
        _ = try journal.append(try #require(state.redoDraft(blind: false, detectionSHA256: nil)))
      case 5 where number.isMultiple(of: 2):
        // What can never be taken back stands beside the stacks.
        _ = try journal.append(ReviewDraft(action: .reveal))
      case 5:
        let draft = ReviewDraft(action: .comment, comment: "remark \(number)")
        done.append(draft)
        redo.removeAll { $0.action == .comment }
        _ = try journal.append(draft)
      case 6 where !state.verdicts.isEmpty:
        _ = try journal.append(.signOff(.reviewed, name: "Anna"))
        #expect(state.isSigned && !state.isReopened, "seed \(seed), act \(number)")
        _ = try journal.append(ReviewDraft(action: .reopen, comment: "again"))
        #expect(!state.isSigned && state.isReopened, "seed \(seed), act \(number)")
      default:
        let draft = random(number, &generator)
        done.append(draft)
        redo = []
        _ = try journal.append(draft)
      }
      let now = state
      #expect(Standing(now) == Standing(done), "seed \(seed), act \(number)")
      #expect(now.nextUndo?.action == done.last?.action, "seed \(seed), act \(number)")
      #expect(now.nextRedo?.action == redo.last?.action, "seed \(seed), act \(number)")
    }
  }

  @Test("A signed study refuses what would change it, takes comments, and is opened again visibly")
  func signing() throws {
    let journal = try Self.journal()
    var state: ReviewState { ReviewState(journal.contents.records) }
    _ = try journal.append(Self.statements[0])
    let signed = try journal.append(.signOff(.reviewed, name: "Anna Liu"))
    #expect(state.signOff == signed && state.caseState(assessable: [.c4c5]) == .signed)
    #expect(
      signed.signature?.state
        == ReviewState([journal.contents.records[0]]).digest(
          head: signed.previous))
    #expect(state.undoDraft(blind: false, detectionSHA256: nil) == nil)
    let undo = ReviewDraft(action: .undo, segment: .c4c5, reverts: 1)
    for draft in Self.statements + [undo, .signOff(.reviewed, name: "Anna Liu")] {
      #expect(throws: JournalError.refused("the study is signed: reopen it first")) {
        try journal.append(draft)
      }
    }
    _ = try journal.append(ReviewDraft(action: .comment, comment: "told the ward"))
    #expect(state.isSigned)
    #expect(throws: JournalError.refused("reopening needs a reason")) {
      try journal.append(ReviewDraft(action: .reopen))
    }
    _ = try journal.append(ReviewDraft(action: .reopen, comment: "axial images came"))
    #expect(state.caseState(assessable: [.c4c5]) == .reopened)
    #expect(state.history.last?.text == "reopened the study: axial images came")
    _ = try journal.append(ReviewDraft(action: .verdict, segment: .c4c5, verdict: .absent))
    #expect(state.caseState(assessable: [.c4c5]) == .reopened)
    _ = try journal.append(.signOff(.reviewed, name: "Anna Liu"))
    #expect(state.caseState(assessable: [.c4c5]) == .signed)
  }

  @Test("A signature that was written under other acts does not hold")
  func forgedSignature() throws {
    let journal = try Self.journal()
    _ = try journal.append(Self.statements[0])
    _ = try journal.append(.signOff(.reviewed, name: "Anna"))
    var records = journal.contents.records
    records[0].digest = String(repeating: "0", count: 64)
    #expect(!ReviewState(records).isSigned)
    #expect(ReviewState(records).history[1].text.contains("does not fit"))
  }

  @Test("What another session stated of the same is seen first; a signature sees all but comments")
  func overtaken() throws {
    let disk = MemoryJournal()
    let (a, b) = (try Self.journal(disk), try Self.journal(disk))
    _ = try a.append(Self.statements[0])
    _ = try a.append(.quality(.pass))
    _ = try a.append(ReviewDraft(action: .comment, comment: "faint"))
    func seen(_ draft: ReviewDraft, _ seq: Int) -> ReviewDraft {
      var draft = draft
      draft.seen = seq
      return draft
    }
    #expect(throws: JournalError.overtaken("image quality Pass")) {
      try b.append(seen(.quality(.fail), 1))
    }
    #expect(throws: JournalError.overtaken("image quality Pass")) {
      try b.append(seen(.signOff(.reviewed, name: "Anna"), 1))
    }
    _ = try b.append(seen(.confidence(2, on: .c4c5), 1))
    #expect(try b.append(seen(.signOff(.reviewed, name: "Anna"), 4)).seq == 5)
  }

  @Test("The case verdict follows from the segments; cannot tell is named")
  func conclusion() throws {
    func words(
      _ verdicts: [(SpinalSegment?, Verdict)], _ assessable: [SpinalSegment] = [.c4c5, .c5c6]
    ) throws -> String? {
      let journal = try Self.journal()
      for (segment, verdict) in verdicts {
        _ = try journal.append(ReviewDraft(action: .verdict, segment: segment, verdict: verdict))
      }
      return ReviewState(journal.contents.records).conclusion(assessable: assessable)?.words
    }
    #expect(try words([]) == nil)
    #expect(try words([(.c4c5, .absent)]) == "case undecided")
    let unseen = "C2-3, C3-4, C6-7, C7-T1 not assessed"
    #expect(try words([(.c4c5, .absent), (.c5c6, .absent)]) == "case absent; \(unseen)")
    #expect(try words(SpinalSegment.allCases.map { ($0, .absent) }) == "case absent")
    #expect(
      try words([(.c4c5, .absent), (.c5c6, .cannotTell)]) == "case undecided; cannot tell C5-6")
    #expect(
      try words([(.c7t1, .present), (.c5c6, .cannotTell)])
        == "case present: C7-T1; cannot tell C5-6")
    #expect(try words([(nil, .absent)], []) == "case absent")
    #expect(try words([(nil, .absent)]) == "case undecided")
    #expect(try words([(nil, .cannotTell)], []) == "case undecided; cannot tell study")
    #expect(try words(SpinalSegment.allCases.map { ($0, .absent) }, []) == "case absent")
    #expect(try words([(.c2c3, .absent)], []) == "case undecided")
  }

  @Test("Acts with the AI on the screen, and asking for it, are remembered; blind ones are not")
  func revealed() throws {
    let journal = try Self.journal()
    var state: ReviewState { ReviewState(journal.contents.records) }
    _ = try journal.append(
      ReviewDraft(action: .verdict, segment: .c4c5, verdict: .absent, blind: true))
    #expect(!state.isRevealed)
    _ = try journal.append(ReviewDraft(action: .reveal, blind: true))
    #expect(state.isRevealed && state.nextUndo?.action == .verdict)
    #expect(ReviewState([journal.contents.records[0]]).isRevealed == false)
  }
}
