import Testing

@testable import TUI

@Suite("Names under the curve")
struct CurveNamesTests {
  private static let names = ["C2-3", "C3-4", "C4-5", "C5-6", "C6-7", "C7-T1"]

  /// Names between edges, as columns and texts.
  private func places(
    _ edges: [Int], selected: Int? = nil, width: Int
  ) -> (texts: [String], columns: [Int]) {
    let columns = zip(edges, edges.dropFirst()).map { (from: $0, to: $1) }
    let places = CurveNames.places(
      Self.names, columns: columns, selected: selected, width: width)
    return (places.map(\.text), places.map(\.column))
  }

  @Test("where there is room all are named whole, and give way to each other")
  func all() {
    let wide = places([4, 11, 18, 25, 32, 39, 46], width: 47)
    #expect(wide.texts == Self.names && wide.columns == [5, 12, 19, 26, 33, 40])
    // C6-7 is a cell short, C7-T1 as wide as its segment: it goes on beyond it.
    let narrow = places([5, 10, 15, 20, 25, 29, 34], width: 35)
    #expect(narrow.texts == Self.names && narrow.columns == [5, 10, 15, 20, 25, 30])
  }

  @Test("with less room all are named shortly")
  func short() {
    let found = places([0, 4, 8, 12, 16, 20, 24], width: 24)
    #expect(found.texts == ["2-3", "3-4", "4-5", "5-6", "6-7", "7-T1"])
    #expect(found.columns == [0, 4, 8, 12, 16, 20])
  }

  @Test("with little room every second is named, the selected one among them")
  func everySecond() {
    let edges = [0, 3, 6, 9, 12, 15, 18]
    let odd = places(edges, selected: 3, width: 18)
    #expect(odd.texts == ["C3-4", "C5-6", "C7-T1"] && odd.columns == [3, 8, 13])
    for selected in [nil, 0, 2, 4] as [Int?] {
      let even = places(edges, selected: selected, width: 18)
      #expect(even.texts == ["C2-3", "C4-5", "C6-7"] && even.columns == [0, 6, 12])
    }
  }

  @Test("what lies outside of the curve has no name and takes none from the others")
  func outside() {
    let cut = places([4, 11, 18, 25, 32, 39, 46], width: 39)
    #expect(cut.texts == Array(Self.names.dropLast()))
    let all = places([-9, -8, -7, -6, -5, -4, -3], width: 20)
    #expect(all.texts.isEmpty)
    let selected = places([-9, -8, -7, -6, -5, -4, -3], selected: 1, width: 20)
    #expect(selected.texts == ["C3-4"] && selected.columns == [0])
    #expect(places([0, 1, 2, 3, 4, 5, 6], width: 0).texts.isEmpty)
  }

  @Test("at any width names lie apart and inside, all or every second, or the selected one alone")
  func everyWidth() {
    for length in 1...9 {
      for start in [0, 3, 8] {
        for selected in Self.names.indices {
          let edges = (0...6).map { start + $0 * length }
          let width = max(edges[6] + 1, 12)
          let columns = zip(edges, edges.dropFirst()).map { (from: $0, to: $1) }
          let found = CurveNames.places(
            Self.names, columns: columns, selected: selected, width: width)
          let what = "\(length), \(start), \(selected): \(found)"
          #expect(found.contains { $0.segment == selected }, "\(what)")
          let isInside = found.allSatisfy { $0.column >= 0 && $0.column + $0.text.count <= width }
          #expect(isInside, "\(what)")
          for (a, b) in zip(found, found.dropFirst()) {
            #expect(a.column + a.text.count < b.column, "\(what)")
          }
          let steps = Set(zip(found, found.dropFirst()).map { $1.segment - $0.segment })
          #expect(steps.isEmpty || steps == [1] || steps == [2], "\(what)")
        }
      }
    }
  }
}
