import Testing

@testable import TUI

@Suite("Progress of long commands")
struct ProgressPaceTests {
  /// The lines of some steps, each of a fraction at a second.
  private func lines(
    _ steps: [(fraction: Double, seconds: Double)], isTerminal: Bool = false
  ) -> [String] {
    var pace = ProgressPace(isTerminal: isTerminal)
    return steps.compactMap { pace.line("segmenting 001", fraction: $0.fraction, at: $0.seconds) }
  }

  @Test("a log has a line at the start, at each tenth, and at the end, with the time left")
  func tenths() {
    let found = lines((0...100).map { (Double($0) / 100, Double($0) * 2) })
    #expect(found.count == 11)
    #expect(found.first == "segmenting 001  0 %" && found.last == "segmenting 001  100 %")
    #expect(found[1] == "segmenting 001  10 %  3 min left")
    #expect(found[5] == "segmenting 001  50 %  2 min left")
    #expect(found[9] == "segmenting 001  90 %  20 s left")
  }

  @Test("nothing is silent for more than 30 s, and nothing fast fills a log")
  func pauses() {
    let slow = lines([(0, 0), (0.01, 29), (0.01, 30), (0.02, 59), (0.03, 60.5)])
    #expect(slow.count == 3 && slow[0] == "segmenting 001  0 %")
    #expect(slow[1].hasPrefix("segmenting 001  1 %  "))
    #expect(slow[2].hasPrefix("segmenting 001  3 %  "))
    let fast = lines((0...1000).map { (Double($0) / 1000, Double($0) / 1000) })
    #expect(fast == ["segmenting 001  0 %", "segmenting 001  100 %"])
  }

  @Test("the end is said once, and a stage that begins anew is said as it goes")
  func stages() {
    #expect(lines([(0, 0), (1, 5), (1, 50), (1, 90)]).count == 2)
    var pace = ProgressPace(isTerminal: false)
    #expect(pace.line("making phantoms", fraction: 0.99, at: 0) == "making phantoms  99 %")
    #expect(pace.line("training step 1", fraction: 0, at: 0.1) == "training step 1  0 %")
    #expect(pace.line("training step 2", fraction: 0.01, at: 0.2) == nil)
    #expect(
      pace.line("training step 50", fraction: 0.5, secondsLeft: 7, at: 10)
        == "training step 50  50 %  7 s left")
    // Begun again at 20 s: half of it has taken ten.
    #expect(pace.line("training step 1", fraction: 0, at: 20) == "training step 1  0 %")
    #expect(
      pace.line("training step 50", fraction: 0.5, at: 30)
        == "training step 50  50 %  10 s left")
  }

  @Test("a terminal's line follows ten times a second; numbers that are none are 0 %")
  func terminal() {
    let found = lines((0...100).map { (Double($0) / 200, Double($0) / 50) }, isTerminal: true)
    #expect(17...21 ~= found.count, "\(found.count)")
    #expect(lines([(.nan, 0)]) == ["segmenting 001  0 %"] && lines([(-3, 0)]).count == 1)
    #expect(lines([(0, 0), (9, 1)]).last == "segmenting 001  100 %")
  }
}
