import Testing

@testable import Core
@testable import TUI

@Suite("Worklist: filter, order, columns, views")
struct WorklistTests {
  private static func rows(_ session: Session) -> [String] {
    session.lines.compactMap { line in
      line.firstRange(of: "sub-").map { String(line[$0.upperBound...].prefix(3)) }
    }
  }

  private static func state(
    _ entries: [WorklistEntry], columns: Int = 80, rows: Int = 24
  ) -> AppState {
    var state = AppState(
      title: "t", reader: "liu", size: TerminalSize(columns: columns, rows: rows),
      capabilities: TerminalCapabilities())
    _ = Workstation.update(&state, .message(.worklist(entries)))
    return state
  }

  private static func press(_ keys: String, _ state: inout AppState) -> [Effect] {
    keys.flatMap { Workstation.update(&state, .key(.character($0))) }
  }

  private static func press(_ key: KeyPress.Key, _ state: inout AppState) -> [Effect] {
    Workstation.update(&state, .key(KeyPress(key)))
  }

  /// Lines with columns of the library's own, one of them hostile.
  private static func wide() -> [WorklistEntry] {
    var entries = FixtureStudies.worklist(12)
    for index in entries.indices {
      entries[index].others = [
        "site": index % 2 == 0 ? "Bern" : "\u{1b}[2JBasel", "months": "\(index * 7)",
      ]
    }
    return entries
  }

  @Test("the filter asks for columns, and says what it does not understand")
  func filter() {
    #expect(Self.rows(Session([.type("/state:unread age>60 mjoa<16"), .enter])) == ["003"])
    let wrong = Session([.type("/colour:red")])
    #expect(wrong.text.contains("not filtered: there is no column \"colour\""))
    #expect(!wrong.lines[1].contains("filter:"))
    let entered = Session([.type("/colour:red"), .enter])
    #expect(!entered.text.contains("filter: colour"))
    #expect(entered.lines.filter { $0.contains("there is no column") }.count == 1)
    #expect(Self.rows(wrong).count == 12)
    let kept = Session([.type("/age> 001"), .enter])
    #expect(kept.text.contains("not filtered by all of it: age> needs a value"))
    #expect(kept.text.contains("filter: 001") && Self.rows(kept) == ["001"])
  }

  @Test("s sorts by the column chosen, S and the same again backwards")
  func sort() {
    let down = MemoryDriver.Step.key(KeyPress(.down))
    let menu = Session([.type("s")], columns: 80, rows: 24)
    #expect(menu.text.contains("Sort by") && menu.text.contains("mJOA"))
    let flagged = Session([.type("s1")])
    #expect(flagged.message.contains("flagged first"))
    #expect(Self.rows(flagged).prefix(4) == ["004", "012", "001", "009"])
    // The list begins with it; chosen again it is the other way round.
    let unread = Session([])
    #expect(Self.rows(Session([.type("s1s2")])) == Self.rows(unread))
    #expect(Session([.type("s2")]).message.contains("unread last"))
    // What is begun, read, being detected, waiting and a problem comes after what is unread.
    #expect(Self.rows(unread).suffix(5) == ["002", "009", "007", "008", "005"])
    let names = Session([.type("s"), down, .enter])
    #expect(Self.rows(names).prefix(3) == ["001", "002", "003"])
    #expect(Self.rows(Session([.type("s"), down, .enter, .type("S")])).first == "012")
    #expect(Self.rows(Session([.type("s"), down, .enter, .type("s"), .enter])).first == "012")
  }

  @Test("a number chooses the line that has it, where there is one")
  func numbers() {
    let menu = Session([.type("s")], columns: 80, rows: 24)
    #expect(menu.text.contains("  1   flagged first") && menu.text.contains("Enter 1-9 sort"))
    #expect(Self.rows(Session([.type("s3")])).prefix(3) == ["001", "002", "003"])
    #expect(Self.rows(Session([.type("s3s3")])).first == "012")
    var state = Self.state(FixtureStudies.worklist(12))
    let usual = state.worklist.columns
    let first = ListMenu(kind: .columns).items(state.worklist)[0]
    guard case .column(let column) = first else {
      Issue.record("no column stands first")
      return
    }
    _ = Self.press("c1", &state)
    #expect(state.worklist.columns.contains(column) != usual.contains(column))
    guard case .list(let list) = state.popup, list.kind == .columns else {
      Issue.record("the list does not stay open")
      return
    }
    _ = Self.press("1", &state)
    #expect(Set(state.worklist.columns) == Set(usual))
    _ = Self.press(.escape, &state)
    state.worklist.views.keep(WorklistView(name: "men", filter: "sex:m"))
    let effects = Self.press("v2", &state)
    #expect(state.popup == nil && state.worklist.filter == "sex:m" && effects.count == 1)
    // 0 is no line, and neither is one that is not there.
    for key in "09" {
      _ = Self.press("v\(key)", &state)
      #expect(state.popup != nil && state.worklist.filter == "sex:m")
      _ = Self.press(.escape, &state)
    }
  }

  @Test("only lines that a digit chooses have a number")
  func numbersOfLines() {
    #expect((0..<20).map(Menu.number(ofLine:)).filter { !$0.isEmpty } == (1...9).map { "\($0)" })
    let menu = Session([.type("s")], columns: 80, rows: 24)
    #expect(menu.text.contains("  9   score") && menu.text.contains("│       segments flagged"))
    let end = Session([.type("sG")], columns: 80, rows: 24)
    #expect(end.lines.contains { $0.contains("▸      readers (others once you signed)") })
  }

  /// A worklist of which the AI is hidden.
  private static func blind(_ entries: [WorklistEntry]) -> AppState {
    var state = AppState(
      title: "t", reader: "liu", size: TerminalSize(columns: 120, rows: 40),
      capabilities: TerminalCapabilities(), startsBlind: true)
    _ = Workstation.update(&state, .message(.worklist(entries)))
    return state
  }

  @Test("where the AI is hidden no order by what it says is offered, named or followed")
  func blindOrders() {
    let entries = FixtureStudies.worklist(12)
    var state = Self.blind(entries)
    let offered = ListMenu(kind: .sort).items(state.worklist)
    let hidden: [WorklistOrder.Key] = [
      .flagged, .column(.top), .column(.score), .column(.segment), .column(.second),
    ]
    for key in hidden { #expect(!offered.contains(.order(key)), "\(key)") }
    let all = ListMenu(kind: .sort).items(Self.state(entries).worklist)
    #expect(offered == all.filter { item in !hidden.contains { item == .order($0) } })
    _ = Self.press("s", &state)
    let words = Renderer.render(state).dump()
    for word in ["flagged", "score", "second opinion"] { #expect(!words.contains(word), "\(word)") }
    _ = Self.press("2", &state)
    #expect(state.worklist.order == WorklistOrder(.column(.study)))
    _ = Self.press("v", &state)
    #expect(!Renderer.render(state).dump().contains("flagged first"))
    _ = Self.press(.escape, &state)
    // A view by score, kept while the AI was shown: its order is neither named nor tells anything.
    let view = WorklistView(
      name: "worst", order: WorklistOrder(.column(.score), isReversed: true))
    state.worklist.views.keep(view)
    state.worklist.show(view)
    let other = entries.map { entry in
      var entry = entry
      entry.score = entry.score.map { 1 - $0 }
      entry.flagged = []
      return entry
    }
    var changed = Self.blind(other)
    changed.worklist.show(view)
    #expect(state.worklist.visible.map(\.subject) == changed.worklist.visible.map(\.subject))
    _ = Self.press("v", &state)
    let views = Renderer.render(state).dump()
    #expect(views.contains("worst: all") && !views.contains("score"))
    _ = Self.press(.escape, &state)
    _ = Self.press("S", &state)
    #expect(state.message?.text == "the same order")
    _ = Self.press("S", &state)
    #expect(state.message?.text == "the same order backwards")
    #expect(!Renderer.render(state).dump().contains("by score"))
  }

  @Test("where the AI is hidden no filter, order, count or column tells of a flag of its result")
  func blindFlags() throws {
    let telling = ["peak-outside", "reconstruction-incomplete"]
    var entries = FixtureStudies.worklist(12)
    for index in [0, 3, 8, 10] {
      entries[index].quality += (telling + ["motion"]).map { QualityFlag($0, "The curve is high.") }
    }
    // The reader has seen the AI's result of one of them.
    entries[8].isRevealed = true
    for flag in telling {
      var shown = Self.state(entries)
      shown.worklist.filter = "flag:\(flag)"
      #expect(shown.worklist.count == 4)
      var hidden = Self.blind(entries)
      for filter in ["flag:\(flag)", flag, String(flag.prefix(5))] {
        hidden.worklist.filter = filter
        #expect(hidden.worklist.visible.map(\.subject) == ["009"], "\(filter)")
        #expect(hidden.worklist.counts.all == 1)
        hidden.worklist.filter = "!\(filter)"
        #expect(hidden.worklist.count == 11, "\(filter)")
      }
    }
    // What the picture tells is found by all.
    var hidden = Self.blind(entries)
    hidden.worklist.filter = "flag:motion"
    #expect(hidden.worklist.count == 4)
    hidden.worklist.filter = ""
    var without = entries
    for index in [0, 3, 10] { without[index].quality.removeAll { telling.contains($0.flag) } }
    for isReversed in [false, true] {
      let order = WorklistOrder(.column(.flag), isReversed: isReversed)
      var plain = Self.blind(without)
      (hidden.worklist.order, plain.worklist.order) = (order, order)
      #expect(hidden.worklist.visible.map(\.subject) == plain.worklist.visible.map(\.subject))
      #expect(Renderer.render(hidden).dump() == Renderer.render(plain).dump())
    }
    #expect(try #require(hidden.worklist.entries.first).withoutAI.quality.names.contains("motion"))
  }

  @Test("under a filter the counts are those of what passes it, and the order is told")
  func countsAndOrder() {
    let all = Session([], columns: 120, rows: 40)
    #expect(all.lines[1].hasPrefix(" 12 studies   6 flagged   7 unread"))
    #expect(all.lines[2].hasSuffix(" unread first"))
    let some = Session([.type("/flagged age>50"), .enter], columns: 120, rows: 40)
    let shown = Self.rows(some).count
    #expect(shown < 6 && some.lines[1].hasPrefix(" \(shown) of 12 studies   \(shown) flagged"))
    let none = Session([.type("/zzz"), .enter])
    #expect(none.lines[1].hasPrefix(" 0 of 12 studies  "))
    // What is not asked for filters nothing.
    #expect(Session([.type("/colour:red"), .enter]).lines[1].hasPrefix(" 12 studies"))
    let sorted = Session([.type("s3S")], columns: 80, rows: 24)
    #expect(sorted.lines[2].hasSuffix(" by name, backwards"))
    var list = WorklistScreenState()
    list.entries = FixtureStudies.worklist(12)
    for filter in ["", "flagged", "state:unread", "zzz"] {
      list.filter = filter
      let counts = list.counts
      #expect(counts.all == list.visible.count)
      #expect(counts.flagged == list.visible.count { $0.isFlagged })
      #expect(counts.states["unread", default: 0] == list.visible.count { $0.state == .unread })
    }
  }

  @Test("next and previous unread study round the list, and a word when there is none")
  func nextUnread() {
    let session = Session(MemoryDriver.Step.open("") + [.type("n")])
    #expect(session.text.contains("sub-012"))
    // From the end of the list it goes on at the top.
    let last = Session([.type("G"), .enter, .type("n")])
    #expect(last.text.contains("sub-004"))
    // And backwards from the top at the end: 010 is the last that is unread.
    let first = Session([.type("g"), .enter, .type("N")])
    #expect(first.lines[0].contains("sub-010"))
    #expect(Session([.type("gN"), .enter]).lines[0].contains("sub-010"))
    for key in ["n", "N"] {
      let alone = Session([.type("/001"), .enter, .enter, .type(key)])
      #expect(alone.message.contains("no other unread study"))
      #expect(Session([.type("/001"), .enter, .type(key)]).message.contains("no other unread"))
    }
  }

  @Test("where no study is unread the keys go to those begun and not signed, and say so")
  func nextBegun() throws {
    let words = "no unread study left: the next one you began"
    func states(_ states: [StudyState]) -> [WorklistEntry] {
      zip(FixtureStudies.worklist(states.count), states).map { entry, state in
        var entry = entry
        entry.state = state
        return entry
      }
    }
    func selected(_ entries: [WorklistEntry], from subject: String, _ key: String) -> AppState {
      var state = Self.state(entries)
      state.worklist.order = WorklistOrder(.column(.study))
      state.worklist.selected = subject
      _ = Self.press(key, &state)
      return state
    }
    let begun = states([.reading, .reading, .signed, .reopened, .read, .waiting])
    var places = ["001"]
    for _ in 0..<4 {
      let state = selected(begun, from: try #require(places.last), "n")
      places.append(try #require(state.worklist.selected))
      #expect(state.message?.text == words)
    }
    #expect(places == ["001", "002", "004", "005", "001"])
    #expect(selected(begun, from: "001", "N").worklist.selected == "005")
    // What is unread comes first, also past those begun.
    let mixed = states([.reading, .reading, .unread, .reading])
    let unread = selected(mixed, from: "001", "n")
    #expect(unread.worklist.selected == "003" && unread.message?.text != words)
    #expect(selected(mixed, from: "003", "n").worklist.selected == "004")
    // What is done, waits or cannot be read is no study to go on with.
    let done = states([.reading, .signed, .waiting, .problem("cut")])
    let none = selected(done, from: "001", "n")
    #expect(none.worklist.selected == "001")
    #expect(none.message?.text == "no other unread study in the list, nor one begun")
    // From the study on the screen, which says so once the next is there.
    var state = selected(begun, from: "005", "n")
    #expect(Self.opened(by: Workstation.update(&state, .key(KeyPress(.enter)))) == "001")
    try Self.load("001", &state)
    for next in ["002", "004"] {
      #expect(Self.opened(by: Self.press("n", &state)) == next)
      try Self.load(next, &state)
      #expect(state.study?.study.subject == next && state.message?.text == words)
    }
  }

  /// The study that is asked for.
  private static func opened(by effects: [Effect]) -> String? {
    for case .loadStudy(let subject) in effects { return subject }
    return nil
  }

  /// The study that was asked for comes.
  private static func load(_ subject: String, _ state: inout AppState) throws {
    let loaded = LoadedStudy(
      study: try FixtureStudies.study(subject), journal: JournalContents(records: []))
    let reply = WorkerReply(value: .study(subject, .success(loaded)))
    _ = Workstation.update(&state, .message(.reply(reply)))
  }

  @Test("columns of the library are chosen; others give way in the stated order; text is cleaned")
  func columns() {
    var state = Self.state(Self.wide())
    _ = Self.press("c", &state)
    let items = ListMenu(kind: .columns).items(state.worklist)
    #expect(items.suffix(2) == [.column(.other("months")), .column(.other("site"))])
    _ = Self.press(.end, &state)
    _ = Self.press(" k ", &state)
    _ = Self.press(.escape, &state)
    #expect(state.worklist.columns.suffix(2) == [.other("site"), .other("months")])
    let text = Renderer.render(state).dump()
    #expect(text.contains("SITE") && text.contains("MONTHS") && text.contains("Bern"))
    #expect(text.contains("\u{b7}[2JBasel") && !text.unicodeScalars.contains("\u{1b}"))
    // 80 cells: the bar and the second opinion made room, the score stayed.
    #expect(!text.contains("2ND") && text.contains("SCORE") && !text.contains("┿"))
    // Numbers end where their heading ends.
    let lines = text.split(separator: "\n").map(String.init)
    let head = lines.first { $0.contains("MONTHS") } ?? ""
    let end = head.firstRange(of: "MONTHS").map {
      head.distance(from: head.startIndex, to: $0.upperBound)
    }
    let seven = lines.first { $0.contains("sub-002") } ?? ""
    #expect(end.map { Array(seven)[$0 - 1] } == "7")
    _ = Self.press("cG ", &state)
    _ = Self.press(.escape, &state)
    #expect(!state.worklist.columns.contains(.other("site")))
  }

  @Test("views are saved, shown again at the next start, and deleted")
  func views() {
    let library = FixtureLibrary { Session.time }
    let saved = Session(
      [.type("/sex:m"), .enter, .type("Sv+men"), .enter], library: library)
    #expect(saved.message.contains("view men saved"))
    let again = Session([], library: library)
    #expect(again.text.contains("view men  filter: sex:m"))
    #expect(Self.rows(again).count == 4)
    let all = Session([.escape], library: library)
    #expect(Self.rows(all).count == 12 && Self.rows(Session([], library: library)).count == 12)
    let chosen = Session([.type("v"), .key(KeyPress(.down)), .enter], library: library)
    #expect(chosen.text.contains("view men  filter: sex:m"))
    let deleted = Session([.type("vdd"), .escape], library: library)
    #expect(deleted.message.contains("view men deleted"))
    #expect(!Session([.type("v")], library: library).text.contains("men:"))
    let nameless = Session([.type("v+[x]"), .enter], library: library)
    #expect(nameless.message.contains("no brackets"))
  }

  @Test("a view that cannot be kept is said")
  func viewsNotKept() {
    let library = FixtureLibrary { Session.time }
    library.failWrites("disk full")
    let session = Session([.type("v+men"), .enter], library: library)
    #expect(session.message.contains("NOT SAVED") && session.message.contains("disk full"))
  }

  @Test("a large library is listed first; states come by and by and never undo the reader's own")
  func reading() {
    var state = Self.state([])
    state.worklist.isLoaded = false
    func tell(_ reading: WorklistReading) {
      _ = Workstation.update(&state, .message(.reading(reading)))
    }
    tell(.looked(300, of: 900))
    #expect(Renderer.render(state).dump().contains("looked at 300 of 900 folders"))
    let known = FixtureStudies.worklist(3)
    tell(
      .listed(
        known.map {
          var entry = WorklistEntry(subject: $0.subject, state: .waiting, age: $0.age)
          entry.isBeingRead = true
          return entry
        }))
    let listed = Renderer.render(state).dump()
    #expect(listed.contains("sub-003") && listed.contains("being read"))
    #expect(listed.contains("read 0 of 3 studies") && !listed.contains("waiting"))
    tell(.read(Array(known.prefix(1)), 1, of: 3))
    #expect(state.worklist.entries[0].state == .unread)
    // The reader begins with it; the answer at the end was read before that.
    state.worklist.entries[0].state = .reading
    let end = WorkerReply(value: .worklist(.success(known)))
    _ = Workstation.update(&state, .message(.reply(end)))
    #expect(state.worklist.entries.map(\.state) == [.reading, .reading, .unread])
    #expect(state.worklist.reading == nil && !state.worklist.entries.contains { $0.isBeingRead })
  }

  @Test("what is known of the list is made once, and anew after every change")
  func cache() {
    var list = WorklistScreenState()
    list.entries = FixtureStudies.worklist(12)
    let copy = list
    #expect(list.visible.count == 12 && list.position == nil)
    list.filter = "001"
    #expect(list.visible.map(\.subject) == ["001"] && copy.visible.count == 12)
    list.entries[0].subject = "new"
    #expect(list.visible.isEmpty && copy.visible.contains { $0.subject == "001" })
    list.filter = ""
    list.order = WorklistOrder(.column(.study))
    #expect(list.visible.last?.subject == "new" && list.place(of: "002") == 0)
    list.hidesAI = true
    #expect(list.summary.counts.flagged == 0 && copy.summary.counts.flagged > 0)
    #expect(list.shown(-5..<2).count == 2 && list.shown(11..<40).count == 1)
  }

  @Test("after a sign-off the key of the next unread study is named")
  func afterSigning() {
    var state = Self.state(FixtureStudies.worklist(12))
    let draft = ReviewDraft.signOff(.reviewed, name: "Anna")
    state.inFlight[1] = InFlightAct(subject: "001", draft: draft)
    let record = ReviewRecord(
      draft, seq: 1, time: Session.time, reader: "liu",
      previous: String(repeating: "0", count: 64), after: ReviewState([]))
    let reply = WorkerReply(value: .written(1, .success(record), nil))
    _ = Workstation.update(&state, .message(.reply(reply)))
    #expect(state.message?.text.hasSuffix("n next unread") == true)
  }

  @Test("screens", arguments: Snapshot.sizes)
  func screens(_ size: (Int, Int)) throws {
    for (name, keys) in [("sort", "s"), ("columns", "c"), ("views", "v")] {
      let session = Session([.type(keys)], columns: size.0, rows: size.1)
      try Snapshot.check(session.text, "worklist-\(name)-\(size.0)x\(size.1)")
    }
    let blind = Session([.type("s")], columns: size.0, rows: size.1, startsBlind: true)
    try Snapshot.check(blind.text, "worklist-blind-sort-\(size.0)x\(size.1)")
    var state = Self.state(Self.wide(), columns: size.0, rows: size.1)
    state.worklist.columns += [.other("site"), .other("months"), .reader]
    state.worklist.filter = "state:unread colour:red"
    try Snapshot.check(
      Renderer.render(state).dump(), "worklist-free-columns-\(size.0)x\(size.1)")
  }
}
