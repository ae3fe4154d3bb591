import Foundation
import Imaging
import Synchronization
import TestSupport
import Testing

@testable import Core

@Suite("Worklist: saved views and reading of a library")
struct WorklistViewsTests {
  private static func views() -> WorklistViews {
    var views = WorklistViews()
    views.keep(
      WorklistView(
        name: "elderly, unread", filter: "unread age>60 !flag:motion",
        order: WorklistOrder(.column(.score), isReversed: true),
        columns: [.age, .other("site = a,b"), .reader]))
    views.keep(WorklistView(name: "all", columns: []))
    return views
  }

  @Test("views are written and read back, the last chosen too")
  func roundTrip() throws {
    var views = Self.views()
    #expect(try WorklistViews(text: views.text, file: "v") == views)
    #expect(views.lastView?.name == "all")
    views.choose("elderly, unread")
    views.delete("all")
    let again = try WorklistViews(text: views.text, file: "v")
    #expect(
      again.views.map(\.name) == ["elderly, unread"] && again.lastView?.filter.isEmpty == false)
    views.delete("elderly, unread")
    #expect(views.lastView == nil && views.last == nil)
  }

  @Test("a list begins with what is unread; files without an order mean what they meant")
  func order() throws {
    #expect(WorklistView(name: "all").order == WorklistOrder(.unread))
    let old = try WorklistViews(text: "[a]\nfilter = x\n[b]\nsort = unread", file: "v")
    #expect(old.views.map(\.order) == [WorklistOrder(.flagged), WorklistOrder(.unread)])
  }

  @Test(
    "a damaged file is refused with its line",
    arguments: [
      ("[a]\nnonsense", "line 2"), ("filter = x", "line 1"), ("[a]\nsort = colour", "line 2"),
      ("[a]\ncolumn = state", "line 2"), ("[a]\n\n[a]", "line 3"), ("[]", "line 1"),
      ("[a]\ncolumn = age\ncolumn = age", "line 3"), ("[a]\nlast = a", "line 2"),
      ("[" + String(repeating: "x", count: 41) + "]", "line 1"), ("[a\u{1b}b]", "line 1"),
      ((0...100).map { "[v\($0)]" }.joined(separator: "\n"), "line 101"),
    ])
  func damaged(_ text: String, _ line: String) {
    #expect {
      try WorklistViews(text: text, file: "views")
    } throws: { error in
      let words = "\(error)"
      return words.contains("views: \(line):") && !words.unicodeScalars.contains("\u{1b}")
    }
  }

  @Test("views lie beside the PINs, one file a reader; a damaged one is never replaced")
  func files() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    #expect(try library.worklistViews(reader: "anna") == WorklistViews())
    let view = WorklistView(name: "mine", filter: "age>60")
    let kept = try library.changeWorklistViews(reader: "anna") { $0.keep(view) }
    #expect(try library.worklistViews(reader: "anna") == kept && kept.views == [view])
    #expect(try library.worklistViews(reader: "bert") == WorklistViews())
    let path = "derivatives/cordscope/readers/anna.views.txt"
    let attributes = try FileManager.default.attributesOfItem(atPath: folder(path).path)
    #expect((attributes[.posixPermissions] as? Int) == 0o600)
    try Data([0x5b, 0xff, 0xfe]).write(to: folder(path))
    #expect(throws: ReadError.self) { try library.worklistViews(reader: "anna") }
    try Data("[a]\nnonsense\n".utf8).write(to: folder(path))
    #expect(throws: ReadError.self) {
      try library.changeWorklistViews(reader: "anna") { $0.keep(view) }
    }
    #expect(try String(contentsOf: folder(path), encoding: .utf8) == "[a]\nnonsense\n")
  }

  @Test("free columns of participants.tsv come with the line, cleaned, without those of their own")
  func freeColumns() throws {
    let folder = try TemporaryFolder()
    _ = try LibraryFixture.library(["01"], in: folder)
    try folder.write(
      "participant_id\tage\tsite\tnote\nsub-01\t61\tBern\ta\u{1b}[2Jb\n", to: "participants.tsv")
    let line = try StudyLibrary(opening: folder.url).worklist(reader: "anna")[0]
    #expect(line.age == "61" && line.others["site"] == "Bern" && line.others["age"] == nil)
    #expect(line.others["note"]?.unicodeScalars.contains("\u{1b}") == false)
    #expect(line.readers.isEmpty)
  }

  /// Makes a library of so many studies, "0" and on, that share one image.
  private static func fill(_ folder: TemporaryFolder, with count: Int) throws {
    let first = try LibraryFixture.library(["0"], in: folder).studies[0]
    let image = folder(try #require(first.image))
    for number in 1..<count {
      let anat = folder("sub-\(number)/anat")
      try FileManager.default.createDirectory(at: anat, withIntermediateDirectories: true)
      let copy = anat.appendingPathComponent(
        image.lastPathComponent.replacing("sub-0", with: "sub-\(number)"))
      try FileManager.default.linkItem(at: image, to: copy)
    }
  }

  @Test("a large library is listed by name first, then its states by and by")
  func reading() throws {
    let folder = try TemporaryFolder()
    try Self.fill(folder, with: 451)
    let told = Told()
    let source = try GrowingLibrary(opening: folder.url)
    let entries = try source.worklist(reader: "anna") { told.add($0) }
    #expect(entries.count == 451 && entries.allSatisfy { !$0.isBeingRead })
    let steps = told.steps
    #expect(steps.first == "looked 0 of 451" && steps.contains("looked 400 of 451"))
    let listed = try #require(steps.firstIndex(of: "listed 451 being read"))
    #expect(steps[..<listed].allSatisfy { $0.hasPrefix("looked") })
    #expect(steps[(listed + 1)...].allSatisfy { $0.hasPrefix("read") })
    #expect(steps.last?.hasSuffix("to 451") == true && told.read == 451)
    #expect(source.wasRead)
  }

  @Test("while the list is being read, a study on it can be opened")
  func opensMeanwhile() throws {
    let folder = try TemporaryFolder()
    try Self.fill(folder, with: 230)
    let source = try GrowingLibrary(opening: folder.url)
    let found = Mutex<[StudyState]>([])
    let entries = try source.worklist(reader: "anna") { reading in
      guard case .listed = reading, let entry = try? source.entry("229", reader: "anna") else {
        return
      }
      found.withLock { $0.append(entry.state) }
    }
    #expect(found.withLock { $0 } == [.waiting] && entries.count == 230)
    #expect(try source.journal("229", reader: "anna").records.isEmpty)
  }

  /// What was told on the way, in words.
  private final class Told: @unchecked Sendable {
    private let lock = NSLock()
    private var words: [String] = []
    private var lines = 0
    var read: Int { lock.withLock { lines } }
    var steps: [String] { lock.withLock { words } }

    func add(_ reading: WorklistReading) {
      lock.withLock {
        switch reading {
        case .looked(let done, let all): words.append("looked \(done) of \(all)")
        case .listed(let entries):
          words.append("listed \(entries.count { $0.isBeingRead }) being read")
        case .read(let entries, let done, _):
          lines += entries.count
          words.append("read \(entries.count) to \(done)")
        }
      }
    }
  }
}
