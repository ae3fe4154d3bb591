import Foundation
import TestSupport
import Testing

@testable import Core

@Suite("What the log and the list of a drop folder say")
struct DeliveryListingTests {
  let folder: TemporaryFolder
  let drop: URL

  init() throws {
    folder = try TemporaryFolder()
    drop = folder("drop")
  }

  @Test("Names of images and masks are taken out of the log of large deliveries, too")
  func largeDelivery() throws {
    let names = [
      "Roe_Q_T2w.nii.gz", "Roe_Q_T2w_label-SC_seg.nii.gz", "Roe_Q_T2w_seg.nii", "Roe.npy",
    ]
    let files = (names + (0...1000).map { "IM\(1000 + $0)" }).map { folder("drop/x/\($0)") }
    let delivery = DropFolder.Delivery(
      sources: [folder("drop/x")], place: folder("drop/x"), stamp: "s", files: files)
    let called = DeliveryNames(delivery, key: "0123abcd") {
      $0.hasSuffix("/Roe.npy") ? "aaaaaaaa99" : "bbbbbbbb99"
    }
    let text = DeliveryText(delivery, in: drop, called: called)
    for (said, logged) in [
      (
        "the cord is taken from Roe_Q_T2w_label-SC_seg.nii.gz, not from Roe_Q_T2w_seg.nii",
        "the cord is taken from (a file), not from (a file)"
      ),
      ("Roe_Q_T2w holds no cord", "(a file) holds no cord"),
      ("\(folder("drop/x/Roe.npy").path): torn", "file aaaaaaaa: torn"),
      ("\(folder("drop/x/IM1007").path)\nis torn", "file bbbbbbbb;is torn"),
      ("import '\(folder("drop/x").path)'", "import 'delivery 0123abcd'"),
      ("\(folder("drop/y/other").path) is torn", "(a path)"),
      ("nothing is said of files", "nothing is said of files"), ("", ""),
    ] {
      #expect(text.cleaned(said) == logged)
    }
    // Who may know gets the paths back; a name that is nobody's stays, and a copy's is its own.
    let resolved = called.resolved(
      ["file aaaaaaaa: torn", "delivery ffffffff, file 00000000", "neither"], files: files)
    #expect(
      resolved == [
        "\(folder("drop/x/Roe.npy").path): torn", "\(folder("drop/x").path), file 00000000",
        "neither",
      ])
  }

  @Test("Lines of the list are broken at blanks, a command has its own; scripts get whole ones")
  func brokenLines() {
    let command = "cordscope import '/a path/that is long' --into /lib --series 4"
    let reasons = [
      "one two three four five six seven eight nine", "to take it: \(command)", "short",
    ]
    let entry = LibraryWatch.Entry(
      name: "delivery 0123abcd", state: "refused", reasons: reasons, path: "/drop/x")
    let head = "delivery 0123abcd  refused  /drop/x"
    #expect(entry.lines(columns: nil) == [head] + reasons.map { "  not taken: \($0)" })
    #expect(
      entry.lines(columns: 30) == [
        head, "  not taken: one two three", "    four five six seven eight", "    nine",
        "  not taken: to take it:", "    \(command)", "  not taken: short",
      ])
    let long = LibraryWatch.Entry(
      name: "d", state: "s", reasons: [String(repeating: "x", count: 90) + " y"], path: "p")
    #expect(long.lines(columns: 40).map(\.count) == [7, 12, 94, 5])
  }

  @Test("Of a failing disk the ledger keeps what there is room for, and says how much more it is")
  func manyReasons() throws {
    let damaged = (0..<700).map { "file \($0) is damaged" }
    let share = SeriesShare(
      sum: [
        SeriesShare(taken: 2, files: 700, damaged: damaged + [damaged[0]], reasons: ["other"]),
        SeriesShare(refused: 1, reasons: ["other", "one more"]),
      ])
    #expect(share.leftOut == damaged + ["other", "one more"] && share.isPart)
    let listing = share.listing(500)
    #expect(listing.leftOut == Array(damaged.prefix(500)) + ["and 202 more"])
    #expect(share.listing(702) == share)
    let most = share.listing(701)
    #expect(most.leftOut == damaged + ["other", "and 1 more"])
    var ledger = try DeliveryLedger(library: folder.url)
    try ledger.enter(stamp: "s", contents: "c", .imported, listing)
    try ledger.enter(stamp: "t", contents: "c", .imported, ledger.share(contents: "c"))
    let again = try DeliveryLedger(library: folder.url)
    for stamp in ["s", "t"] {
      let state = try #require(again.state(stamp: stamp))
      #expect(state.words == "taken in part: 2 of 3 series, 700 files left out")
      #expect(state.reasons == listing.leftOut, "\(stamp)")
    }
  }

  @Test("Reasons of old deliveries give way before the ledger is too large to be read; counts stay")
  func roomInTheLedger() throws {
    var ledger = try DeliveryLedger(library: folder.url, mostBytes: 4000)
    let damaged = (0..<10).map { "file \($0) is damaged" }
    for number in 0..<9 {
      let share = SeriesShare(refused: 1, files: 10, damaged: damaged)
      try ledger.enter(stamp: "s\(number)", contents: "c\(number)", .refused, share)
    }
    let again = try DeliveryLedger(library: folder.url)
    var whole = 0
    for number in 0..<9 {
      let state = try #require(again.state(stamp: "s\(number)"))
      #expect(state.words == "refused, 10 files left out")
      let isWhole = state.reasons == damaged
      #expect(isWhole || state.reasons == [DeliveryLedger.forgotten], "\(number)")
      // The latest are whole, and none after one that is not.
      #expect(isWhole || whole == 0, "\(number)")
      if isWhole { whole += 1 }
    }
    #expect((1..<9).contains(whole))
    let file = PrivateRegister.folder(library: folder.url).appendingPathComponent("watch.tsv")
    #expect(try Data(contentsOf: file).count < 4000 + 9 * 200)
    // What fits is kept whatever its age.
    var roomy = try DeliveryLedger(library: folder.url)
    try roomy.enter(stamp: "t", contents: "d", .refused, SeriesShare(damaged: damaged))
    #expect(roomy.state(stamp: "t")?.reasons == damaged)
    #expect(roomy.state(stamp: "s8")?.reasons == damaged)
  }
}
