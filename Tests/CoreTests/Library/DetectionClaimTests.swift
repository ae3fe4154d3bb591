import Foundation
import Imaging
import Synchronization
import TestSupport
import Testing

@testable import Core

@Suite("Two programs that detect on one library")
struct DetectionClaimTests {
  /// One coarse phantom and tiny weights.
  private struct Case {
    let folder: TemporaryFolder
    var root: URL { folder("library") }
    var weights: URL { folder("tiny.safetensors") }

    init() throws {
      folder = try TemporaryFolder()
      let recipe = PhantomRecipe(index: 0, seed: 4, kind: .focalBright, domain: .clinical)
      try PhantomCohort.write(
        [recipe], to: folder("library"),
        configuration: PhantomConfiguration(slices: 3, coarseness: 2))
      try AdaptationCase.start().weights.safetensors().write(to: weights)
      try ModelCard(name: "tiny", sha256: try SHA256.hexDigest(ofFile: weights))
        .write(to: folder("tiny.json"))
    }

    func detection() throws -> LibraryDetection {
      try LibraryDetection(
        library: StudyLibrary(opening: root), weights: weights, threads: 1)
    }
  }

  /// What a run told, in words.
  private final class Told: Sendable {
    private let words = Mutex<[String]>([])
    var all: [String] { words.withLock { $0 } }
    func note(_ event: LibraryDetection.Event) {
      let word =
        switch event {
        case .began: "began"
        case .stopped: "stopped"
        case .finished(let item, _, _, _):
          if case .success = item.outcome { "detected" } else { "failed" }
        }
      words.withLock { $0.append(word) }
    }
  }

  @Test("a folder is claimed by one at a time; what is not there keeps nobody waiting")
  func lock() throws {
    let folder = try TemporaryFolder()
    let first = try #require(FolderLock(claiming: folder.url))
    #expect(FolderLock(claiming: folder.url) == nil)
    first.release()
    let second = try #require(FolderLock(claiming: folder.url))
    second.release()
    let missing = try #require(FolderLock(claiming: folder("nothing")))
    #expect(FolderLock(claiming: folder("nothing")) != nil)
    missing.release()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
  }

  @Test("a study that another keeps is waited for; a cancelled wait leaves everything as it was")
  func cancelled() throws {
    let test = try Case()
    let detection = try test.detection()
    let studies = detection.pending()
    let study = try #require(studies.first)
    let before = try LibraryFixture.snapshot(test.root)
    let other = try #require(
      FolderLock(claiming: test.root.appendingPathComponent(study.folder)))
    defer { other.release() }
    let told = Told()
    let asked = Mutex(0)
    let items = detection.run(on: studies, skipsDone: true) {
      asked.withLock {
        $0 += 1
        return $0 > 3
      }
    } report: {
      told.note($0)
    }
    #expect(items.isEmpty && told.all == ["began", "stopped"])
    #expect(try LibraryFixture.snapshot(test.root) == before)
  }

  @Test("what another has detected meanwhile is not computed again, except where that is asked for")
  func doneMeanwhile() throws {
    let test = try Case()
    let (mine, other) = (try test.detection(), try test.detection())
    let studies = mine.pending()
    #expect(studies.count == 1 && other.run(on: other.pending()).count == 1)
    #expect(try test.detection().pending().isEmpty)
    let before = try LibraryFixture.snapshot(test.root)
    // Asked for before every slice: a study that is not computed asks once, before it.
    func questions(skipsDone: Bool) -> Int {
      let asked = Mutex(0)
      let told = Told()
      let items = mine.run(on: studies, skipsDone: skipsDone) {
        asked.withLock { $0 += 1 }
        return false
      } report: {
        told.note($0)
      }
      #expect(items.count == 1 && told.all == ["began", "detected"])
      return asked.withLock { $0 }
    }
    #expect(questions(skipsDone: true) == 1)
    #expect(try LibraryFixture.snapshot(test.root) == before)
    #expect(questions(skipsDone: false) > 3)
  }

  @Test(
    "a detection that was written before the wish to stop came is the study's, not a stopped one",
    .enabled(if: (try? Assets.url("\(Assets.defaultModel).safetensors")) != nil))
  func writtenBeforeStop() throws {
    let test = try Case()
    let library = try StudyLibrary(opening: test.root)
    let study = library.studies[0]
    #expect(throws: CancellationError.self) {
      try library.detectAgain(study.subject, reader: "liu") { true }
    }
    let file = try #require(study.derivative("_detection.json", library: test.root))
    let entry = try library.detectAgain(study.subject, reader: "liu") {
      FileManager.default.fileExists(atPath: file.path)
    }
    #expect(entry.subject == study.subject && entry.weights != nil)
  }

  @Test("a run that is cancelled in a study leaves no file of it, and another detects it")
  func resumed() throws {
    let test = try Case()
    let detection = try test.detection()
    let studies = detection.pending()
    let before = try LibraryFixture.snapshot(test.root)
    let told = Told()
    let asked = Mutex(0)
    let items = detection.run(on: studies) {
      asked.withLock {
        $0 += 1
        return $0 > 3
      }
    } report: {
      told.note($0)
    }
    #expect(items.isEmpty && told.all == ["began", "stopped"])
    #expect(try LibraryFixture.snapshot(test.root) == before)
    let later = try test.detection()
    #expect(later.pending().map(\.subject) == studies.map(\.subject))
    for item in later.run(on: later.pending()) { _ = try item.outcome.get() }
    #expect(try test.detection().pending().isEmpty)
  }
}
