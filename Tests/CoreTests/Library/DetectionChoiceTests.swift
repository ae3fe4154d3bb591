import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("How a library is detected")
struct DetectionChoiceTests {
  @Test("without a file the defaults hold; what was told reads back")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    #expect(try DetectionChoice.read(library: folder.url) == DetectionChoice())
    var choice = DetectionChoice()
    (choice.scoring, choice.curve, choice.passes) = (.headJoint, .perpendicular, 14)
    (choice.seed, choice.context) = (UInt64.max, "nearest(96)")
    try choice.write(library: folder.url)
    #expect(try DetectionChoice.read(library: folder.url) == choice)
    let settings = choice.monteCarlo
    #expect(settings.scheme == .balanced(passes: 14) && settings.seed == UInt64.max)
    #expect(settings.context == .nearest(96))
    #expect(DetectionChoice().monteCarlo == MonteCarloSettings())
  }

  @Test(
    "a damaged file is refused by name, never replaced by the defaults",
    arguments: [
      "{}", "x", #"{"scoring":"best","curve":"rows","passes":7,"seed":7,"notice":""}"#,
      #"{"scoring":"core","curve":"rows","passes":0,"seed":7,"notice":""}"#,
      #"{"scoring":"core","curve":"rows","passes":7,"seed":7,"context":"all","notice":""}"#,
    ])
  func damaged(text: String) throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    try folder.write(text, to: "derivatives/cordscope/detection.json")
    let error = #expect(throws: ReadError.self) { try DetectionChoice.read(library: folder.url) }
    #expect(error?.path.hasSuffix("detection.json") == true)
    let findings = LibraryVerification.findings(in: library)
    #expect(findings.contains { $0.path.hasSuffix("detection.json") && $0.severity == .failure })
  }
}
