import Foundation
import Imaging
import Testing
import TestSupport

@testable import Core

@Suite("Hostile and damaged files")
struct HostileFilesTests {
  /// Bytes with a few seeded changes: flipped, removed, repeated, and replaced by odd ones.
  private func mutated(_ bytes: [UInt8], _ random: inout TestRandom) -> [UInt8] {
    var result = bytes
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      guard !result.isEmpty else { break }
      let at = Int.random(in: 0..<result.count, using: &random)
      let odd: [UInt8] = [0, 9, 10, 13, 0x22, 0x2D, 0x39, 0x5B, 0x5C, 0x7B, 0x7D, 0x80, 0xC3, 0xFF]
      switch Int.random(in: 0..<4, using: &random) {
      case 0: result[at] = odd[Int.random(in: 0..<odd.count, using: &random)]
      case 1: result.remove(at: at)
      case 2: result.insert(contentsOf: result[at...].prefix(40), at: at)
      default: result.removeSubrange(at..<min(result.count, at + 60))
      }
    }
    return result
  }

  @Test("Mutated journals are read, refused or set aside, never trusted", arguments: 0..<300)
  func journals(seed: Int) throws {
    var random = TestRandom(seed: UInt64(seed))
    let whole = try ReviewJournalTests.sample().bytes
    let bytes = mutated(whole, &random)
    guard let scan = try? JournalScan(bytes, file: "j") else { return }
    // Whatever is accepted is a prefix of what was written.
    let original = try JournalScan(whole, file: "j").records
    #expect(Array(original.prefix(scan.records.count)) == scan.records, "seed \(seed)")
    #expect(whole.starts(with: bytes.prefix(scan.position.size)), "seed \(seed)")
  }

  @Test("Deep and endless lines are no records")
  func deep() throws {
    for text in [
      String(repeating: "[", count: 100_000), String(repeating: "{\"a\":", count: 50_000),
      "\"" + String(repeating: "x", count: 1_000_000), "{\"seq\":1e400}",
      "{\"seq\":99999999999999999999}",
    ] {
      let scan = try JournalScan(Array((text + "\n").utf8), file: "j")
      #expect(scan.records.isEmpty && scan.torn != nil)
    }
  }

  @Test("Mutated detections are read or refused with the file's name", arguments: 0..<150)
  func detections(seed: Int) throws {
    var random = TestRandom(seed: UInt64(seed))
    let folder = try TemporaryFolder()
    let url = folder("x_detection.json")
    let bytes = try DetectionFile.encode(LibraryFixture.detection())
    try Data(mutated(bytes, &random)).write(to: url)
    do {
      let detection = try DetectionFile.read(url)?.detection
      #expect(detection?.segments.count == 6, "seed \(seed)")
    } catch { #expect("\(error)".contains("x_detection.json"), "seed \(seed): \(error)") }
  }

  @Test("A detection whose parts do not fit together is refused, naming the part")
  func misfits() throws {
    let folder = try TemporaryFolder()
    let changes: [(String, (inout Detection) -> Void)] = [
      ("segments", { $0.segments.swapAt(0, 1) }), ("segments", { $0.segments.removeLast() }),
      ("segments C2-3", { $0.segments[0].peakRow = 256 }),
      ("segments C3-4", { $0.segments[1].threshold = -1e300 }),
      ("patient", { $0.patient.score = 1e308 }), ("curve", { $0.curve.value[1] = -1e200 }),
      ("outside_peak", { $0.outsidePeak = Peak(row: 300, zMm: 0, score: 0) }),
      ("slices.0.grid", { $0.slices[0].gridOriginMm = [0, 1e100, 0] }),
      ("segments C2-3", { $0.segments[0].rowFrom = 70 }),
      ("curve", { $0.curve.value.removeLast() }), ("curve", { $0.curve.row = [41, 40] }),
      ("curve", { $0.curve.row = [-1, 40] }), ("curve", { $0.curve.secondOpinion = [0.1] }),
      ("slices.1.curve", { $0.slices[1].curve.secondOpinion = [nil, 1e200] }),
      ("slices.1.grid", { $0.slices[1].gridOriginMm = [1, 2] }),
      ("slices.0.grid", { $0.slices[0].gridRowDirection = [0, 0, 0] }),
      ("slices.0.index", { $0.slices[0].index = .max }),
      ("slice_index", { $0.sliceIndex = .max }),
      ("segments C4-5", { $0.segments[2].sliceIndex = -1 }),
      ("quality motion", { $0.quality = [QualityFlag("motion", "x", slices: [1, .max])] }),
      (
        "opinions",
        {
          $0.opinions = [
            .init(
              detector: "lc61", patientScore: nil, threshold: nil, flagged: nil, segmentScores: [])
          ]
        }
      ),
    ]
    for (field, change) in changes {
      var detection = LibraryFixture.detection()
      change(&detection)
      let url = folder("x.json")
      try Data(try DetectionFile.encode(detection)).write(to: url)
      #expect {
        try DetectionFile.read(url)
      } throws: {
        ($0 as? ReadError)?.field?.hasPrefix(field) == true
      }
    }
  }

  @Test("Texts of a detection are cleaned before they reach a screen")
  func cleaned() throws {
    let folder = try TemporaryFolder()
    var detection = LibraryFixture.unassessable(subject: "01", reason: "\u{1B}[2Jgone")
    detection.quality = [QualityFlag("x\u{9B}31m", "\u{1B}]52;c;eA==\u{07}")]
    let url = folder("x.json")
    try Data(try DetectionFile.encode(detection)).write(to: url)
    let read = try #require(try DetectionFile.read(url)).detection
    #expect(read.patient.reason == "·[2Jgone" && read.quality[0].text == "·]52;c;eA==·")
    #expect(read.quality[0].flag == "x·31m")
  }

  @Test("Tables of random bytes are read without harm", arguments: 0..<50)
  func tables(seed: Int) {
    var random = TestRandom(seed: UInt64(seed))
    let bytes = (0..<400).map { _ in UInt8.random(in: 0...255, using: &random) }
    let table = TextTable(String(decoding: bytes, as: UTF8.self))
    for cell in table.columns + table.rows.flatMap(\.values) {
      #expect(!cell.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x1B })
    }
    _ = BIDSName(String(decoding: bytes, as: UTF8.self))
  }
}
