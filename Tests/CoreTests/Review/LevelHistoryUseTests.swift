import TestSupport
import Testing

@testable import Core

/// What verdicts are used for: none that was stated under other labels counts.
extension LevelHistoryTests {
  @Test("thresholds are fitted to no read that was stated under other labels")
  func calibration() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    var six = Dictionary(uniqueKeysWithValues: SpinalSegment.allCases.map { ($0, Verdict.absent) })
    six[.c5c6] = .present
    let first = try store(Self.detection(), in: library)
    try state(six, by: "bob", on: first, in: library)
    let before = try ReaderTruth(library: library)
    #expect(before.cases.map(\.affected) == [[.c5c6]] && before.remarks.isEmpty)
    // The study has been detected again: its detection is not outdated.
    let second = try store(Self.detection(movedBy: 18), in: library)
    let remark = "01: bob's read: stated under other labels"
    let moved = try ReaderTruth(library: library)
    #expect(moved.cases.isEmpty && moved.readers.isEmpty && moved.remarks == [remark])
    // Nor does it differ with, or decide over, what is stated of these labels.
    try state(six.merging([.c5c6: .absent]) { $1 }, by: "liu", on: second, in: library)
    let beside = try ReaderTruth(library: library)
    #expect(beside.cases.map(\.affected) == [[]] && beside.readers == ["liu"])
    #expect(beside.remarks == [remark])
    // One segment that is left is one too many.
    six[.c5c6] = .absent
    try state(six.filter { $0.key != .c7t1 }, by: "bob", on: second, in: library)
    #expect(try ReaderTruth(library: library).remarks == [remark])
    try state([.c7t1: .absent], by: "bob", on: second, in: library)
    let again = try ReaderTruth(library: library)
    #expect(again.cases.count == 1 && again.readers == ["bob", "liu"] && again.remarks.isEmpty)
  }

  @Test("a case's truth has none of them, neither an adjudicator's nor of a first signature")
  func teaching() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let study = try library.study("01")
    func truth() throws -> CaseTruth? {
      try CaseTruth.of(study, in: library, usesReadings: true)
    }
    let first = try store(Self.detection(), in: library)
    try state(Self.both, by: "bob", on: first, in: library, signs: true)
    #expect(try truth()?.verdicts == Self.both)
    try state([.c6c7: .absent], by: "max", on: first, in: library)
    let max = try library.openJournal(study, reader: "max")
    _ = try max.append(.signOff(.adjudicated, name: "max"))
    #expect(try truth()?.source == .adjudicated)
    #expect(try truth()?.verdicts == [.c6c7: .absent])
    let second = try store(Self.detection(movedBy: 18), in: library)
    #expect(try truth() == nil)

    // What is stated of these labels is the truth, whoever decided of others.
    try state([.c5c6: .present], by: "anna", on: second, in: library, signs: true)
    let known = try #require(try truth())
    #expect(known.verdicts == [.c5c6: .present] && known.source == .readings(1))
    #expect(known.sourceWords() == "anna's reading alone")
    #expect(known.rests(on: "anna") && !known.rests(on: "bob") && !known.rests(on: "max"))
    let learner = try #require(known.truth(for: "bob"))
    #expect(learner.verdicts == known.verdicts && learner.leftOut == nil)

    // Stated again after a reopening it stands, and is still no first reading.
    let bob = try library.openJournal(study, reader: "bob")
    _ = try bob.append(ReviewDraft(action: .reopen, comment: "labels"))
    try state(Self.both, by: "bob", on: second, in: library, signs: true)
    #expect(try library.entry(of: "01", reader: "bob").relabelled.isEmpty)
    #expect(try truth()?.verdicts == [.c5c6: .present])
    // An adjudicator's row that is of these labels decides; his other one says nothing.
    _ = try max.append(ReviewDraft(action: .reopen, comment: "labels"))
    try state([.c5c6: .absent], by: "max", on: second, in: library)
    _ = try max.append(.signOff(.adjudicated, name: "max"))
    #expect(try truth()?.source == .adjudicated)
    #expect(try truth()?.verdicts == [.c5c6: .absent])
    // Labels that come back give the places back.
    _ = try store(Self.detection(score: 0.05), in: library)
    #expect(try truth()?.verdicts == [.c6c7: .absent])
  }
}
