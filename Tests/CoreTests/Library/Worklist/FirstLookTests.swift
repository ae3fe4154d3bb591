import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Core

@Suite("Worklist: the first look at a library that is told by and by")
struct FirstLookTests {
  private let folder: TemporaryFolder
  private let source: GrowingLibrary

  /// Four studies, of which two would be read at once; all are detected.
  init() throws {
    folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01", "02", "03", "04"], in: folder)
    for study in library.studies {
      try DerivativeWriter(library: folder.url).write(
        LibraryFixture.detection(subject: study.subject), maps: LibraryFixture.maps(), of: study)
    }
    source = try GrowingLibrary(opening: folder.url, cache: LibraryCache(readAtOnce: 2))
  }

  private static func draft(_ segment: SpinalSegment) -> ReviewDraft {
    ReviewDraft(action: .verdict, segment: segment, verdict: .absent)
  }

  /// Reads the list, doing something when the names are known and when the first lines are.
  private func read(
    listed: @escaping @Sendable (GrowingLibrary) throws -> Void,
    lines: @escaping @Sendable (GrowingLibrary) throws -> Void = { _ in }
  ) throws -> [WorklistEntry] {
    let (source, failures) = (source, Failures())
    let entries = try source.worklist(reader: "anna") { reading in
      failures.note {
        switch reading {
        case .looked: break
        case .listed: try listed(source)
        case .read: try lines(source)
        }
      }
    }
    #expect(failures.words == [])
    return entries
  }

  /// What went wrong where nothing can be thrown.
  private final class Failures: Sendable {
    private let list = Mutex<[String]>([])
    var words: [String] { list.withLock { $0 } }
    func note(_ work: () throws -> Void) {
      do { try work() } catch { list.withLock { $0.append("\(error)") } }
    }
  }

  @Test("a verdict between the names and the end is on the list, or on its line when read anew")
  func verdictMeanwhile() throws {
    // What is wished for is read, and told, before all others.
    source.readFirst(["03"])
    let entries = try read { source in
      _ = try source.append(Self.draft(.c4c5), subject: "04", reader: "anna")
    } lines: { source in
      guard try source.journal("03", reader: "anna").records.isEmpty else { return }
      _ = try source.append(Self.draft(.c5c6), subject: "03", reader: "anna")
    }
    #expect(entries.map(\.subject) == ["01", "02", "03", "04"])
    #expect(entries.map(\.state) == [.unread, .unread, .unread, .reading])
    #expect(try source.entry("03", reader: "anna").state == .reading)
    let again = try source.worklist(reader: "anna") { _ in }
    #expect(again.map(\.state) == [.unread, .unread, .reading, .reading])
  }

  @Test("a study is opened and signed during the first look, and the list says signed")
  func signingMeanwhile() throws {
    let pin = PIN("1234")
    try ReaderPIN(pin, rounds: 200_000).write(library: folder.url, reader: "anna")
    let entries = try read { source in
      guard try source.loadStudy("04").subject == "04" else { return }
      guard try source.access(to: "04", reader: "anna").hold == .mine(recovered: nil) else {
        return
      }
      for segment in SpinalSegment.allCases where segment != .c7t1 {
        _ = try source.append(Self.draft(segment), subject: "04", reader: "anna")
      }
      _ = try source.sign(
        .signOff(.reviewed, name: "Anna"), pin: pin, subject: "04", reader: "anna")
    }
    source.leave()
    #expect(entries.map(\.state) == [.unread, .unread, .unread, .signed])
    #expect(entries.last?.conclusion?.verdict == .absent)
  }
}
