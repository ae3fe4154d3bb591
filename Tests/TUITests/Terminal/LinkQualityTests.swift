import Testing

@testable import TUI

@Suite("Terminal: what the link is like")
struct LinkQualityTests {
  private static var asking: TerminalCapabilities {
    var capabilities = TerminalCapabilities()
    capabilities.answered = true
    return capabilities
  }

  private static let start = ContinuousClock.now

  private static func at(_ milliseconds: Int) -> ContinuousClock.Instant {
    start + .milliseconds(milliseconds)
  }

  @Test("a frame and the answer alone give rate and round trip")
  func measurement() throws {
    var meter = LinkMeter(LinkQuality(), Self.asking)
    #expect(meter.link.words == nil && !meter.isWaiting)
    let asks = meter.asks(behind: 200_000, from: Self.at(0))
    #expect(asks && meter.isWaiting)
    // While one answer is on its way nothing is asked.
    let again = meter.asks(behind: 200_000, from: Self.at(3500))
    #expect(!again)
    let asksAlone = meter.answered(at: Self.at(4040))
    #expect(asksAlone && meter.isWaiting && meter.link.bytesPerSecond == nil)
    let isMore = meter.answered(at: Self.at(4080))
    #expect(!isMore && !meter.isWaiting)
    // 4040 ms, of which 40 ms are the answer's: 200 kB in 4 s.
    let rate = try #require(meter.link.bytesPerSecond)
    let trip = try #require(meter.link.roundTripMS)
    #expect(abs(rate - 50_000) < 1 && abs(trip - 40) < 1e-6)
    #expect(meter.link.fullFrameBytes == 200_000)
    #expect(meter.link.words == "round trip 40 ms, 50 kB/s")
  }

  @Test("small frames, frames that follow soon and answers nobody asked for measure nothing")
  func seldom() {
    var meter = LinkMeter(LinkQuality(), Self.asking)
    let unasked = meter.answered(at: Self.at(0))
    let isSmall = meter.asks(behind: LinkMeter.leastBytes - 1, from: Self.at(0))
    #expect(!unasked && !isSmall && meter.link == LinkQuality())
    let first = meter.asks(behind: LinkMeter.leastBytes, from: Self.at(0))
    _ = meter.answered(at: Self.at(20))
    _ = meter.answered(at: Self.at(25))
    let soon = meter.asks(behind: 100_000, from: Self.at(2999))
    let later = meter.asks(behind: 100_000, from: Self.at(3000))
    #expect(first && !soon && later)
    meter.drop()
    let dropped = meter.answered(at: Self.at(3100))
    #expect(!dropped && meter.link.fullFrameBytes == LinkMeter.leastBytes)
  }

  @Test("a terminal that answered nothing, or stands behind tmux or screen, is never asked")
  func neverAsked() {
    var silent = LinkMeter(LinkQuality(), TerminalCapabilities())
    let asksSilent = silent.asks(behind: 200_000, from: Self.at(0))
    #expect(!asksSilent)
    for multiplexer in [Multiplexer.tmux, .screen] {
      var capabilities = Self.asking
      capabilities.multiplexer = multiplexer
      var meter = LinkMeter(LinkQuality(), capabilities)
      let asks = meter.asks(behind: 200_000, from: Self.at(0))
      #expect(!asks)
    }
  }

  @Test("a terminal that stops answering is asked no more, and a late answer says nothing")
  func silence() {
    var meter = LinkMeter(LinkQuality(), Self.asking)
    let first = meter.asks(behind: 200_000, from: Self.at(0))
    let waiting = meter.asks(behind: 200_000, from: Self.at(30_000))
    #expect(first && !waiting && meter.isWaiting && meter.mayAsk)
    let after = meter.asks(behind: 200_000, from: Self.at(30_001))
    #expect(!after && !meter.isWaiting && !meter.mayAsk)
    let late = meter.answered(at: Self.at(31_000))
    let never = meter.asks(behind: 200_000, from: Self.at(100_000))
    #expect(!late && !never && meter.link == LinkQuality())
  }

  @Test("figures follow a link that changes, and one odd measurement does not turn them over")
  func smoothing() throws {
    var link = LinkQuality()
    link.note(roundTrip: .milliseconds(10))
    link.note(roundTrip: .milliseconds(110))
    let third = try #require(link.roundTripMS)
    #expect(abs(third - 40) < 1e-6)
    for _ in 0..<20 { link.note(roundTrip: .milliseconds(110)) }
    let last = try #require(link.roundTripMS)
    #expect(abs(last - 110) < 1)
    // Faster than the answer alone cannot be; it is not below nothing.
    link.note(bytes: 1000, took: .milliseconds(10), roundTrip: .milliseconds(50))
    let rate = try #require(link.bytesPerSecond)
    #expect(rate > 0 && rate.isFinite)
    link = LinkQuality()
    link.note(bytes: 0, took: .seconds(1), roundTrip: .zero)
    #expect(link == LinkQuality())
    link.note(roundTrip: .microseconds(300))
    #expect(link.words == "round trip under 1 ms")
  }

  private static func link(bytes: Int, takes: Duration, roundTrip: Duration) -> LinkQuality {
    var link = LinkQuality()
    link.note(roundTrip: roundTrip)
    link.note(bytes: bytes, took: takes + roundTrip, roundTrip: roundTrip)
    link.fullFrameBytes = bytes
    return link
  }

  @Test("drafts come first where a full frame takes more than 150 ms, however long the way is")
  func policy() {
    #expect(!DraftPolicy.draftsFirst(LinkQuality()))
    let fast = Self.link(bytes: 200_000, takes: .milliseconds(140), roundTrip: .milliseconds(5))
    let slow = Self.link(bytes: 200_000, takes: .milliseconds(160), roundTrip: .milliseconds(5))
    #expect(!DraftPolicy.draftsFirst(fast) && DraftPolicy.draftsFirst(slow))
    // A draft would be on its way as long.
    let far = Self.link(bytes: 200_000, takes: .milliseconds(40), roundTrip: .milliseconds(600))
    #expect(!DraftPolicy.draftsFirst(far))
    // A rate alone, as doctor measures it, tells nothing of frames.
    var rate = slow
    rate.fullFrameBytes = nil
    #expect(!DraftPolicy.draftsFirst(rate))
  }
}
