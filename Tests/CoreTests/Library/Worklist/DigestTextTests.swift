import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Worklist: what is kept of files, as a text")
struct DigestTextTests {
  private static let stamp = FileStamp(
    inode: .max, size: 5, modified: FileTime(seconds: -1, nanoseconds: 999_999_999),
    changed: FileTime(seconds: .max, nanoseconds: 7))

  private static func detections() -> [DetectionDigest] {
    var detection = LibraryFixture.detection(score: 0.1 + 0.2)
    detection.quality = [
      QualityFlag("out-of-plane", "On one slice.", slices: [3]),
      QualityFlag("motion", "On another.", slices: [2]),
      QualityFlag("out-of-plane", "On two.", slices: [1, 4]),
      QualityFlag("odd;name,:", "Of the study."),
    ]
    detection.mapSha256 = ["anomaly": "00", "epistemic": "11"]
    detection.labelSha256 = [:]
    for n in detection.segments.indices.dropLast() {
      detection.segments[n].zFromMm = 60.25 - 18 * Double(n)
      detection.segments[n].zToMm = 42.25 - 18 * Double(n)
    }
    let unassessable = LibraryFixture.unassessable(subject: "02", reason: "= no cord\\ mask")
    let hash = String(repeating: "0a", count: 32)
    return [DetectionDigest(detection, sha256: hash), DetectionDigest(unassessable)]
  }

  private static func reviews() -> [ReviewSummary] {
    var full = ReviewSummary()
    (full.isSigned, full.isReopened, full.isFlagged) = (true, false, true)
    (full.isRevealed, full.hasVerdicts, full.hasCorrections) = (true, true, true)
    (full.hasCompared, full.meaning) = (true, .secondReader)
    full.standing = [.c2c3: .present, .c5c6: .cannotTell, .c7t1: .absent]
    full.onStudy = .absent
    full.stated = ["0123456789abcdef": [.c2c3, .c7t1], nil: [.c5c6]]
    full.firstStated = "2026-11-20T10:00:00.000Z"
    return [full, ReviewSummary()]
  }

  private static func formerPlaces() -> [SegmentPlaces] {
    var places = SegmentPlaces()
    places.ends[.c4c5] = .init(from: 0.1 + 0.2, to: -17.75)
    return [places, SegmentPlaces()]
  }

  private static let corrections = ["2026-11-20T10:00:00.000Z", nil].map {
    LibraryDigest.LevelCorrectionFact(time: $0)
  }

  private static func lasting<Value: Sendable>(_ values: [Value]) -> DigestText.Lasting<Value> {
    values.enumerated().map {
      (path: "\($0)", fact: FileFacts<Value>.Fact(stamp: stamp, value: $1, isUsed: true))
    }
  }

  private static func text() -> [UInt8] {
    DigestText(
      images: lasting([nil, "", "=axial"].map { LibraryDigest.ImageFact(problem: $0) }),
      choices: lasting([
        LibraryDigest.ChoiceFact(isChosen: true, detectOn: "T2w"),
        LibraryDigest.ChoiceFact(isChosen: false, detectOn: nil),
      ]), detections: lasting(detections()), journals: lasting(reviews()),
      levelCorrections: lasting(corrections), formerPlaces: lasting(formerPlaces())
    ).bytes
  }

  @Test("everything is read back as it was written")
  func roundTrip() throws {
    let facts = try #require(DigestText.facts(Self.text()))
    #expect(facts.images["0"]?.value.problem == nil && facts.images["1"]?.value.problem == "")
    #expect(facts.images["2"]?.value.problem == "=axial" && facts.images.count == 3)
    #expect(facts.choices["0"]?.value == .init(isChosen: true, detectOn: "T2w"))
    #expect(facts.choices["1"]?.value == .init(isChosen: false, detectOn: nil))
    for (index, digest) in Self.detections().enumerated() {
      #expect(facts.detections["\(index)"]?.value == digest)
      #expect(facts.detections["\(index)"]?.stamp == Self.stamp)
    }
    for (index, review) in Self.reviews().enumerated() {
      #expect(facts.journals["\(index)"]?.value == review)
    }
    for (index, correction) in Self.corrections.enumerated() {
      #expect(facts.levelCorrections["\(index)"]?.value == correction)
    }
    for (index, places) in Self.formerPlaces().enumerated() {
      #expect(facts.formerPlaces["\(index)"]?.value == places)
      #expect(facts.formerPlaces["\(index)"]?.stamp == Self.stamp)
    }
  }

  @Test("a flag is listed once, with the slices of all that bear its name, the decisive first")
  func flags() {
    let quality = Self.detections()[0].quality
    #expect(quality.map(\.flag) == ["motion", "odd;name,:", "out-of-plane"])
    #expect(quality.map(\.slices) == [[2], nil, [1, 3, 4]] && quality.allSatisfy(\.text.isEmpty))
  }

  @Test("a file whose name holds a line end or a tab is not kept, all others are")
  func names() throws {
    let fact = FileFacts<LibraryDigest.ImageFact>.Fact(
      stamp: Self.stamp, value: .init(problem: nil), isUsed: true)
    let text = DigestText(
      images: ["a\tb", "c\nd", "\u{1b}ü"].map { (path: $0, fact: fact) }, choices: [],
      detections: [], journals: [], levelCorrections: [], formerPlaces: [])
    #expect(try #require(DigestText.facts(text.bytes)).images.keys.sorted() == ["\u{1b}ü"])
  }

  @Test("a text that is cut, altered anywhere, or of another version holds nothing")
  func damaged() {
    let text = Self.text()
    for length in stride(from: 0, to: text.count, by: 7) {
      #expect(DigestText.facts(Array(text[..<length])) == nil, "cut at \(length)")
    }
    for at in stride(from: 0, to: text.count, by: 11) {
      var altered = text
      altered[at] ^= 1
      #expect(DigestText.facts(altered) == nil, "altered at \(at)")
    }
    let body = String(decoding: text, as: UTF8.self).components(separatedBy: "sha256\t")[0]
    func sealed(_ body: String) -> [UInt8] {
      Array((body + "sha256\t\(SHA256.hexDigest(of: body))\n").utf8)
    }
    #expect(DigestText.facts(sealed(body)) != nil)
    #expect(DigestText.facts(sealed(body.replacing("worklist\t5", with: "worklist\t4"))) == nil)
    #expect(DigestText.facts(sealed(body + "x\tnonsense\n")) == nil)
    #expect(DigestText.facts(sealed(body + "d\ta\t1\t1\t1.0\t1.0\t9\t\t\t\t\t\t\t\t\t\n")) == nil)
    let former = "f\ta\t1\t1\t1.0\t1.0\t1,2;-;-;-;-;-"
    #expect(DigestText.facts(sealed(body + former + "\n")) != nil)
    #expect(DigestText.facts(sealed(body + former + ";-\n")) == nil)
    #expect(DigestText.facts(sealed(body + former + "\t\n")) == nil)
    #expect(DigestText.facts(sealed(body + "l\ta\t1\t1\t1.0\t1.0\n")) == nil)
  }

  @Test("without the numbers of its curves a detection says the same of all a list needs")
  func curves() throws {
    let folder = try TemporaryFolder()
    var detection = LibraryFixture.detection()
    detection.quality = [QualityFlag("value", #"says "row": [1, 2] \ and ]"#, slices: [1])]
    let text = try DetectionFile.encode(detection)
    let file = try folder.write(String(decoding: text, as: UTF8.self), to: "a_detection.json")
    let whole = try #require(try DetectionFile.read(file)).detection
    let hash = SHA256.hexDigest(of: text)
    #expect(try DetectionFile.digest(file) == DetectionDigest(whole, sha256: hash))
    let reduced = CurveSkipping.reduced(text)
    let read = try Detection.read(json: Data(reduced), path: "")
    #expect(read.quality == detection.quality && read.segments == detection.segments)
    #expect(read.curve.row.isEmpty && read.slices.allSatisfy { $0.curve.value.isEmpty })
    #expect(try DetectionFile.digest(folder("absent")) == nil)
  }

  @Test(
    "a damaged detection is refused",
    arguments: [
      ("\"row\" : [", "\"row\" : [null, "), ("\"value\" : [", "\"value\" : [\"x\", "),
      ("\"row\" : [", "\"row\" : [7, "), ("\"z_mm\" : [", "\"z_mm\" : [1.5e3, "),
      ("\"value\" : [", "\"value\" : [1 2, "), ("\"value\" : [", "\"value\" : [, "),
      ("\"value\" : [", "\"value\" : [-, "), ("\"value\" : [", "\"value\" : [1.2.3, "),
      ("\"value\" : [", "\"value\" : [01, "), ("\"segments\"", "\"segment\""),
      ("\"patient\"", "\"patients\""),
    ])
  func damagedDetection(_ old: String, _ new: String) throws {
    let folder = try TemporaryFolder()
    let text = String(
      decoding: try DetectionFile.encode(LibraryFixture.detection()), as: UTF8.self)
    #expect(text.contains(old))
    let file = try folder.write(text.replacing(old, with: new), to: "a_detection.json")
    #expect(throws: ReadError.self) { try DetectionFile.digest(file) }
    let cut = try folder.write(String(text.dropLast(40)), to: "b_detection.json")
    #expect(throws: ReadError.self) { try DetectionFile.digest(cut) }
  }
}
