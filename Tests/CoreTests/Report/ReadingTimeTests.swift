import Foundation
import Imaging
import Testing

@testable import Core

@Suite("Reading time from the journal")
struct ReadingTimeTests {
  /// Two sittings: 30.5 s and 600 s, then, 600.5 s later, 30.2 s: 660.7 s.
  private static let times = [
    "2026-11-20T10:00:00.000Z", "2026-11-20T10:00:30.500Z", "2026-11-20T10:10:30.500Z",
    "2026-11-20T10:20:31.000Z", "2026-11-20T10:21:01.200Z",
  ]

  @Test("sittings are added from their first to their last act; a pause of over 10 minutes is none")
  func sittings() {
    #expect(ReadingTime.seconds(Self.times) == 661)
    #expect(ReadingTime.seconds(Array(Self.times.prefix(2))) == 31)
    #expect(ReadingTime.seconds(Array(Self.times.prefix(1))) == 0)
    // Over midnight.
    #expect(
      ReadingTime.seconds(["2026-11-20T23:59:50.000Z", "2026-11-21T00:00:10.000Z"]) == 20)
  }

  @Test("no act has no time; a clock set back and what is no time add nothing")
  func malformed() {
    #expect(ReadingTime.seconds([]) == nil)
    #expect(ReadingTime.seconds(["yesterday", ""]) == nil)
    #expect(ReadingTime.seconds([Self.times[0], "yesterday", Self.times[1]]) == 31)
    // An hour back, then 30.5 s on.
    #expect(
      ReadingTime.seconds(
        ["2026-11-20T11:00:00.000Z", Self.times[0], Self.times[1]]) == 31)
  }

  @Test("JSON and table have it of each reader; of a journal that cannot be read nobody knows it")
  func files() throws {
    let records = zip(1..., Self.times).map { number, time -> ReviewRecord in
      var record = SheetCase.record(number, .comment, comment: "look")
      record.time = time
      return record
    }
    var unread = SheetCase.reader(records, "wu")
    unread.problem = "line 3 is torn"
    let sheet = SheetCase.sheet(readers: [SheetCase.reader(records), unread])
    let page = try #require(
      try JSONSerialization.jsonObject(with: SheetJSON.data(sheet)) as? [String: Any])
    let readers = try #require(page["readers"] as? [[String: Any]])
    #expect(readers.first?["reading_seconds"] as? Int == 661)
    #expect(readers.last?["reading_seconds"] is NSNull)
    let heads = SheetCSV.header.split(separator: ",").map(String.init)
    let at = try #require(heads.firstIndex(of: "reading_seconds"))
    let rows = SheetCSV.rows(sheet).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    for segment in SpinalSegment.allCases {
      let cells = rows.filter { $0[2] == segment.name }.map { $0[at] }
      #expect(cells == ["661", ""], "\(segment.name)")
    }
    let bare = SheetCSV.rows(SheetCase.sheet(readers: []))
    #expect(
      bare.split(separator: "\n").allSatisfy {
        $0.split(separator: ",", omittingEmptySubsequences: false)[at].isEmpty
      })
  }
}
