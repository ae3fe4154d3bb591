import Foundation
import TestSupport
import Testing

@testable import Core
@testable import Imaging

@Suite("The anatomy network's card")
struct AnatomyCardTests {
  private static func card(sha256: String) -> AnatomyCard {
    AnatomyCard(
      name: "tiny", sha256: sha256, trainingCommand: "cordscope pretrain", data: "nothing",
      seeds: [1], generatorHash: "g", steps: 1, batch: 1, durationSeconds: nil, dice: [:],
      levelAccuracy: nil, figuresFrom: "nothing", limits: AnatomyCard.limits)
  }

  private static func comparison(_ of: String, weights: String) -> AnatomyCard.Comparison {
    AnatomyCard.Comparison(
      of: of, figures: SegmentationFigures([(subject: "a", agreement: nil)], weights: weights))
  }

  @Test("comparisons are noted once for the same studies, and shown on the page")
  func notes() throws {
    let folder = try TemporaryFolder()
    let json = folder("tiny.json")
    try Self.card(sha256: "w").write(to: json)
    for name in ["one", "two", "one"] {
      try AnatomyCard.note(Self.comparison(name, weights: "w"), in: json)
    }
    let card = try AnatomyCard.read(json)
    #expect(card.comparisons?.map(\.of) == ["two", "one"])
    let page = try String(contentsOf: folder("tiny.md"), encoding: .utf8)
    #expect(page.contains("no cord was found in 1 of them"))
  }

  @Test("figures of other weights are refused, and the card stays")
  func refusesOtherWeights() throws {
    let folder = try TemporaryFolder()
    let json = folder("tiny.json")
    try Self.card(sha256: "w").write(to: json)
    let before = try Data(contentsOf: json)
    #expect(throws: ReadError.self) {
      try AnatomyCard.note(Self.comparison("one", weights: "v"), in: json)
    }
    #expect(try Data(contentsOf: json) == before)
    #expect(throws: ReadError.self) { try AnatomyCard.read(json, of: "v") }
    #expect(try AnatomyCard.read(json, of: "w").name == "tiny")
  }

  @Test("studies of two libraries, and others of one, bear other words")
  func words() {
    typealias Comparison = AnatomyCard.Comparison
    let (a, b) = (URL(fileURLWithPath: "/x/a"), URL(fileURLWithPath: "/x/b"))
    #expect(Comparison.words(["s1", "s2"], of: a) == "s1, s2 of a")
    let many = (0..<40).map { "s\($0)" }
    let words = Comparison.words(many, of: a)
    #expect(words.hasPrefix("40 studies of a ("))
    #expect(words == Comparison.words(many.reversed(), of: a))
    #expect(words != Comparison.words(many, of: b))
    #expect(words != Comparison.words(many.dropLast() + ["t"], of: a))
  }

  @Test("the shipped card is of the shipped weights, and its page is the card's")
  func shipped() throws {
    let assets = (0..<4).reduce(URL(fileURLWithPath: #filePath)) { url, _ in
      url.deletingLastPathComponent()
    }.appending(path: "assets")
    let card = try AnatomyCard.read(assets.appending(path: "cordscope-anatomy.json"))
    let weights = assets.appending(path: "cordscope-anatomy.safetensors")
    #expect(try card.sha256 == SHA256.hexDigest(ofFile: weights))
    let page = try String(
      contentsOf: assets.appending(path: "cordscope-anatomy.md"), encoding: .utf8)
    #expect(page == card.markdown)
  }
}
