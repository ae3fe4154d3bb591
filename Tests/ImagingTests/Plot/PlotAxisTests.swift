import Imaging
import Testing

@Suite struct PlotAxisTests {
  static func labels(_ low: Double, _ high: Double, about count: Int = 6) -> [String] {
    PlotAxis(from: low, to: high, start: 0, end: 100).ticks(about: count).map(\.label)
  }

  @Test func mapsBothWays() {
    let axis = PlotAxis(from: -1, to: 3, start: 400, end: 0)
    #expect(axis.position(of: -1) == 400 && axis.position(of: 3) == 0)
    #expect(axis.position(of: 0) == 300 && axis.value(at: 300) == 0)
    #expect(axis.position(of: 4) == -100)
    #expect(axis.position(of: .nan).isNaN)
  }

  @Test func reversedBeginsAtTheEnd() {
    let axis = PlotAxis(from: 0, to: 10, start: 50, end: 150, isReversed: true)
    #expect(axis.position(of: 0) == 150 && axis.position(of: 10) == 50)
    #expect(axis.ticks().first?.value == 0)
  }

  @Test func ticksAreRoundNumbers() {
    #expect(Self.labels(0, 1) == ["0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(Self.labels(-4, 8) == ["-4", "-2", "0", "2", "4", "6", "8"])
    #expect(Self.labels(0.413, 0.998, about: 5) == ["0.5", "0.6", "0.7", "0.8", "0.9"])
    #expect(
      Self.labels(0, 12_000, about: 4) == ["0", "2000", "4000", "6000", "8000", "10000", "12000"])
    #expect(Self.labels(0, 3e6, about: 3) == ["0", "1e6", "2e6", "3e6"])
    #expect(Self.labels(1e-7, 3e-7, about: 4) == ["1e-7", "1.5e-7", "2e-7", "2.5e-7", "3e-7"])
    // 3 * 0.1 is not 0.3: the tick is.
    #expect(PlotAxis(from: 0, to: 0.5, start: 0, end: 1).ticks().map(\.value).contains(0.3))
  }

  @Test(arguments: [1, 2, 3, 5, 8, 10])
  func ticksAreAboutAsManyAsAskedFor(count: Int) {
    for (low, high) in [(0.0, 1.0), (-3.7, 12.9), (1e-6, 7e-5), (-2e8, 9e8), (0.97, 1.003)] {
      let axis = PlotAxis(from: low, to: high, start: 0, end: 1)
      let ticks = axis.ticks(about: count)
      #expect(Double(ticks.count) <= 1.6 * Double(count) + 1)
      #expect(Double(ticks.count) >= 0.6 * Double(count) - 1)
      #expect(ticks.allSatisfy { (axis.lower...axis.upper).contains($0.value) })
      #expect(Set(ticks.map(\.label)).count == ticks.count)
    }
  }

  @Test func oddEndsStillMakeAnAxis() {
    let cases: [(Double, Double)] = [
      (.nan, .nan), (.nan, 3), (0, .infinity), (-.infinity, .infinity), (5, 5), (0, 0), (2, -2),
      (-1.7e308, 1.7e308), (1e300, 1e300), (.leastNonzeroMagnitude, .leastNonzeroMagnitude),
      (.greatestFiniteMagnitude, .greatestFiniteMagnitude),
    ]
    for (low, high) in cases {
      let axis = PlotAxis(from: low, to: high, start: 0, end: 100)
      #expect(axis.lower < axis.upper, "\(low) to \(high)")
      #expect(axis.position(of: axis.lower) == 0 && axis.position(of: axis.upper) == 100)
      #expect(axis.ticks().count < 20)
    }
    let single = PlotAxis(from: 5, to: 5, start: 0, end: 100)
    #expect(single.position(of: 5) == 50)
    let turned = PlotAxis(from: 2, to: -2, start: 0, end: 100)
    #expect(turned.lower == -2 && turned.upper == 2)
  }
}
