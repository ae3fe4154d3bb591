import Core
import Testing

@testable import TUI

@Suite("Screens: the report as plain text")
struct ReportScreenTests {
  private func session(_ keys: String, columns: Int = 80, rows: Int = 24) -> Session {
    Session(
      MemoryDriver.Step.open("001") + [.type("a"), .type(keys)], columns: columns, rows: rows)
  }

  @Test("Y shows the report from the left edge, with nothing beside the lines")
  func shown() {
    let session = session("Y", columns: 120, rows: 40)
    #expect(session.lines[0] == "Study report sub-001")
    #expect(session.lines[1] == "research use only, not for diagnosis")
    #expect(session.text.contains("AI call       flagged\n"))
    let words = session.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("liu: present (not signed)"))
    for line in session.lines.prefix(37) {
      #expect(!line.unicodeScalars.contains { (0x2500...0x259f).contains($0.value) }, "\(line)")
    }
    #expect(session.lines[39].contains("lines 1-37 of"))
  }

  @Test("it scrolls to the end and closes to the study", arguments: ["Y", "q"])
  func scrolls(_ key: String) {
    let end = session("YG")
    #expect(end.lines[20] == "research use only, not for diagnosis")
    #expect(end.lines[0] != "Study report sub-001")
    let closed = session("YG" + key)
    // But for the message line the study is as it was.
    #expect(closed.lines.prefix(22) == session("").lines.prefix(22))
  }

  @Test("a section that goes on at the top of the screen has its heading again")
  func continued() throws {
    let session = session("Y" + String(repeating: "j", count: 10))
    #expect(session.lines[0] == "AI result, continued" && session.lines[1].hasPrefix("score  "))
    #expect(session.lines[23].contains("lines 11-30 of"))
    // The section's own heading, and what lies between sections, have none above them.
    for count in [7, 8] {
      let other = self.session("Y" + String(repeating: "j", count: count))
      #expect(!other.text.contains("continued"), "\(other.text)")
    }
  }

  @Test("keys that state something mean nothing while it is open")
  func inert() {
    #expect(session("YPAx").library.records("001").count == 1)
  }

  @Test("a report that comes after another key does not take the screen")
  func late() {
    var state = AppState(
      title: "t", reader: "liu", size: TerminalSize(columns: 80, rows: 24),
      capabilities: TerminalCapabilities())
    state.view = .study
    Workstation.show(.success(["line"]), of: "001", &state)
    #expect(state.popup == nil)
  }

  @Test("a failure is said")
  func failure() throws {
    let library = FixtureLibrary { Session.time }
    let worker = Worker.answer(.loadReport("none"), library, "liu")
    guard case .report("none", .failure(let failure))? = worker else {
      Issue.record("no failure: \(String(describing: worker))")
      return
    }
    #expect(failure.words.contains("no sub-none"))
  }

  @Test("the whole screen", arguments: Snapshot.sizes)
  func screen(_ size: (Int, Int)) throws {
    try Snapshot.check(
      session("Y", columns: size.0, rows: size.1).text, "report-\(size.0)x\(size.1)")
  }

  @Test("the reasons that the export's lists know are those of the menus")
  func reasons() {
    let menus = ReasonMenu.whenAbsent + ReasonMenu.whenPresent
    for reason in VerdictReasons.againstLabels { #expect(menus.contains(reason), "\(reason)") }
  }
}
