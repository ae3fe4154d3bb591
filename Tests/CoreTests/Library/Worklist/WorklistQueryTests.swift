import Core
import Testing

@Suite("Worklist: queries and orders")
struct WorklistQueryTests {
  /// Three lines that differ in every column.
  static func entries() -> [WorklistEntry] {
    var a = WorklistEntry(
      subject: "Alpha2", state: .unread, score: 0.5, threshold: 0.2, topSegment: .c5c6,
      flagged: [.c5c6, .c4c5], age: "61", sex: "F", mjoa: "12",
      quality: [QualityFlag("motion", "Motion.")])
    a.others = ["Site Name": "Bern", "months": "7"]
    a.readers = ["anna"]
    var b = WorklistEntry(
      subject: "Alpha10", state: .signed, score: 0.1, threshold: 0.2, topSegment: .c3c4, age: "48",
      sex: "M", mjoa: "17")
    b.others = ["Site Name": "Basel", "months": "30"]
    b.readers = ["anna", "bert"]
    var c = WorklistEntry(subject: "x", state: .read, age: "n.k.", mjoa: nil)
    c.notAssessed = "no cord"
    c.isForDiscussion = true
    return [a, b, c]
  }

  static let others = ["Site Name", "months"]

  private func shown(_ text: String) -> [String] {
    let query = WorklistQuery(text, others: Self.others)
    #expect(query.problems.isEmpty, "\(query.problems)")
    return Self.entries().filter { query.matches($0) }.map(\.subject)
  }

  @Test(
    "columns are asked with values and comparisons",
    arguments: [
      ("", ["Alpha2", "Alpha10", "x"]), ("state:unread", ["Alpha2"]), ("!signed", ["Alpha2", "x"]),
      ("age>60", ["Alpha2"]), ("age>=48 age<=61", ["Alpha2", "Alpha10"]), ("age:48", ["Alpha10"]),
      ("!age>60", ["Alpha10", "x"]), ("mjoa<15", ["Alpha2"]), ("mjoa=17.0", ["Alpha10"]),
      ("segment:C5-6", ["Alpha2"]), ("top:c3-4", ["Alpha10"]), ("flag:motion", ["Alpha2"]),
      ("flag:mot", ["Alpha2"]), ("flag=mot", []), ("flag:discussion", ["x"]),
      ("reader:bert", ["Alpha10"]), ("reader:anna !reader:bert", ["Alpha2"]),
      ("site_name:b", ["Alpha2", "Alpha10"]), ("tsv.site_name=basel", ["Alpha10"]),
      ("months>10", ["Alpha10"]), ("score>0.2", ["Alpha2"]), ("sex:f", ["Alpha2"]),
      ("state:problem", ["x"]), ("problem", ["x"]), ("sub:alpha1", ["Alpha10"]),
      ("study=sub-x", ["x"]), ("alpha flagged", ["Alpha2"]), ("c4-5", ["Alpha2"]),
      ("verdict:present", []),
    ])
  func terms(_ text: String, _ wanted: [String]) { #expect(shown(text) == wanted) }

  @Test(
    "a term that is not understood is told and excludes nothing",
    arguments: [
      ("colour:red", "no column \"colour\""), ("age>", "age> needs a value"),
      ("age>old", "needs a number"), ("age>nan", "needs a number"), ("state:redd", "is one of"),
      ("segment:c9", "is one of"), ("state<3", "state has no numbers"), ("mjoa<=", "needs a value"),
      ("a\u{1b}[2J:x", "no column"), ("!foo=1", "no column"),
    ])
  func problems(_ text: String, _ words: String) {
    let query = WorklistQuery(text + " alpha", others: Self.others)
    #expect(query.problems.count == 1 && query.problems.allSatisfy { $0.contains(words) })
    #expect(!query.problems.joined().unicodeScalars.contains("\u{1b}"))
    #expect(Self.entries().filter { query.matches($0) }.map(\.subject) == ["Alpha2", "Alpha10"])
  }

  @Test("a mark alone, a leading sign and a huge query are plain and harmless")
  func odd() {
    #expect(shown("!") == ["Alpha2", "Alpha10", "x"])
    #expect(shown(":x").isEmpty && shown("!:x").count == 3)
    let huge = WorklistQuery(String(repeating: "a:b>c= ", count: 5000))
    #expect(huge.problems.count == 5000 && huge.isEmpty)
  }

  @Test("of what is still being read no state is known")
  func beingRead() {
    var entry = WorklistEntry(subject: "1", state: .waiting)
    entry.isBeingRead = true
    #expect(
      !WorklistQuery("waiting").matches(entry) && !WorklistQuery("state:waiting").matches(entry))
    #expect(WorklistQuery("!unread").matches(entry))
  }

  private func order(_ order: WorklistOrder) -> [String] {
    let entries = Self.entries()
    let names = NaturalOrder.places(of: entries.map(\.subject))
    return order.places(of: entries, names: names).map { entries[$0].subject }
  }

  @Test("every order both ways; what is missing comes last either way")
  func orders() {
    #expect(order(WorklistOrder(.flagged)) == ["Alpha2", "Alpha10", "x"])
    #expect(order(WorklistOrder(.flagged, isReversed: true)) == ["x", "Alpha10", "Alpha2"])
    #expect(order(WorklistOrder(.unread)) == ["Alpha2", "x", "Alpha10"])
    #expect(order(WorklistOrder(.column(.study))) == ["Alpha2", "Alpha10", "x"])
    #expect(order(WorklistOrder(.column(.study), isReversed: true)) == ["x", "Alpha10", "Alpha2"])
    #expect(order(WorklistOrder(.column(.mjoa))) == ["Alpha2", "Alpha10", "x"])
    #expect(order(WorklistOrder(.column(.mjoa), isReversed: true)) == ["Alpha10", "Alpha2", "x"])
    // Numbers stand before what is none.
    #expect(order(WorklistOrder(.column(.age))) == ["Alpha10", "Alpha2", "x"])
    #expect(order(WorklistOrder(.column(.other("Site Name")))) == ["Alpha10", "Alpha2", "x"])
    let months = WorklistOrder(.column(.other("months")), isReversed: true)
    #expect(order(months) == ["Alpha10", "Alpha2", "x"])
  }

  @Test("orders are kept as text and read back; other text is none")
  func orderText() {
    for column in WorklistColumn.named + [.other("Site Name"), .other("age")] {
      for isReversed in [false, true] {
        let order = WorklistOrder(.column(column), isReversed: isReversed)
        #expect(WorklistOrder(text: order.text) == order)
      }
    }
    #expect(WorklistOrder(text: "-unread") == WorklistOrder(.unread, isReversed: true))
    for text in ["", "-", "--age", "tsv.", "colour"] { #expect(WorklistOrder(text: text) == nil) }
  }

  @Test("the places of names are those of sorting them one by one")
  func places() {
    let names = ["10", "9", "a2", "a10", "a", "09", "9", "b01", ""]
    let places = NaturalOrder.places(of: names)
    let sorted = names.sorted(by: NaturalOrder.precedes)
    for (index, name) in names.enumerated() { #expect(sorted[places[index]] == name) }
    #expect(Set(places).count == names.count)
  }
}
