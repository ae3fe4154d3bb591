import Testing

@testable import TUI

@Suite("Sections that go on in the next column or page")
struct LinePagesTests {
  /// Two sections of three and five lines, the second line of the latter wrapped.
  private let kinds: [LinePages.Kind] = [
    .heading("A"), .text, .text, .text, .blank, .heading("B"), .text, .rest, .text, .text, .text,
  ]

  @Test("a column that begins within a section has its heading; one that begins with one has not")
  func columns() {
    let pages = LinePages(kinds, columns: 2)
    #expect(pages.columns == [0..<5, 5..<11])
    #expect(pages.heading(0, scroll: 0) == nil && pages.heading(1, scroll: 0) == nil)
    #expect(pages.heading(1, scroll: 2) == "B, continued")
    let long: [LinePages.Kind] = [
      .heading("A"), .text, .text, .text, .text, .text, .text, .text,
    ]
    let parted = LinePages(long, columns: 2)
    #expect(parted.columns == [0..<4, 4..<8] && parted.heading(1, scroll: 0) == "A, continued")
    #expect(parted.shown(1, scroll: 0, rows: 4) == 4..<7 && parted.lastScroll(rows: 4) == 1)
  }

  @Test("neither an entry nor a heading and its first line are parted, and no blank line leads")
  func whole() {
    let heading: [LinePages.Kind] = [
      .heading("A"), .text, .blank, .heading("B"), .text, .text, .text,
    ]
    #expect(LinePages(heading, columns: 2).columns == [0..<3, 3..<7])
    let entry: [LinePages.Kind] = [.heading("A"), .text, .text, .rest, .text]
    #expect(LinePages(entry, columns: 2).columns == [0..<2, 2..<5])
    let blank: [LinePages.Kind] = [.heading("A"), .text, .text, .blank, .heading("B"), .text]
    #expect(LinePages(blank, columns: 2).columns == [0..<3, 4..<6])
    #expect(LinePages([], columns: 2).columns.isEmpty)
    #expect(LinePages([], columns: 2).lastScroll(rows: 3) == 0)
  }

  @Test("every line is shown on the way down by pages, and on the way up", arguments: [1, 2])
  func pages(_ columns: Int) {
    for rows in 2...12 {
      let pages = LinePages(kinds, columns: columns)
      let (last, step) = (pages.lastScroll(rows: rows), LinePages.step(rows: rows))
      var ways: [[Int]] = [[0], [last]]
      while let at = ways[0].last, at < last { ways[0].append(min(at + step, last)) }
      while let at = ways[1].last, at > 0 { ways[1].append(max(at - step, 0)) }
      for way in ways {
        var seen: Set<Int> = []
        for scroll in way {
          for column in pages.columns.indices {
            let shown = pages.shown(column, scroll: scroll, rows: rows)
            let heading = pages.heading(column, scroll: scroll) == nil ? 0 : 1
            #expect(shown.count + heading <= rows)
            seen.formUnion(shown)
          }
        }
        #expect(seen.isSuperset(of: pages.columns.joined()), "\(rows) rows: \(way)")
      }
    }
  }

  @Test("the line after a blank one is a heading, unless it is a sentence")
  func text() {
    let pages = LinePages(text: ["Report", "of liu", "", "Study", "age 4", "", "It is so.", "Yes."])
    #expect(pages.heading(0, scroll: 1) == "Report, continued")
    #expect(pages.heading(0, scroll: 4) == "Study, continued")
    for scroll in [0, 2, 3, 5, 6, 7, 8, 100] { #expect(pages.heading(0, scroll: scroll) == nil) }
    #expect(pages.end(scroll: 100, rows: 3) == 8)
  }
}
