import Core
import Imaging
import Testing

@testable import TUI

@Suite("What was not seen is never called normal")
struct NeverSilentTests {
  private func loaded(_ change: (inout Detection) -> Void) throws -> StudyScreenState {
    var study = try FixtureStudies.study("002")
    var detection = try #require(study.detection)
    change(&detection)
    study.detection = detection
    return StudyScreenState(
      LoadedStudy(study: study, journal: JournalContents(records: [])))
  }

  @Test("The head of a study says what could not be assessed")
  func head() throws {
    #expect(StudyScreen.flagWords(try loaded { _ in }, flagged: 0) == "none flagged")
    let partly = try loaded { $0.segments[5].assessable = false }
    #expect(StudyScreen.flagWords(partly, flagged: 0) == "none flagged, 1 not assessable")
    let not = try loaded { $0.patient.assessable = false }
    #expect(StudyScreen.flagWords(not, flagged: 0) == "not assessable")
  }

  @Test("The worklist tells a partial result from a whole one")
  func worklist() {
    var entry = WorklistEntry(
      subject: "1", state: .unread, score: 0.1, threshold: 0.2, topSegment: .c4c5)
    #expect(WorklistScreen.flagWords(entry, isFlagged: false) == "-")
    entry.notAssessable = [.c6c7, .c7t1]
    #expect(WorklistScreen.flagWords(entry, isFlagged: false) == "4/6 seen")
    entry.notAssessable = SpinalSegment.allCases
    #expect(WorklistScreen.flagWords(entry, isFlagged: false) == "no levels")
  }

  @Test("Without levels the second opinion on the patient is compared, not silence")
  func secondOpinion() {
    var entry = WorklistEntry(subject: "1", state: .unread, score: 0.1, threshold: 0.2)
    #expect(WorklistScreen.agreement(entry, isFlagged: false) == "-")
    entry.secondOpinionFlagsPatient = true
    #expect(WorklistScreen.agreement(entry, isFlagged: false) == "flags patient")
    #expect(WorklistScreen.agreement(entry, isFlagged: true) == "agrees")
    entry.secondOpinionFlagsPatient = false
    #expect(WorklistScreen.agreement(entry, isFlagged: true) == "does not flag")
  }

  @Test("A finding on a neighbouring slice opens on that slice, with its curve and its number")
  func ownSlice() throws {
    let study = try loaded { detection in
      let own = Detection.Curve(row: [95, 96], zMm: [25, 24], value: [0.1, 0.6])
      detection.slices = [
        Detection.Slice(
          index: 6, score: 0.6, reason: nil, curve: own, gridOriginMm: [0, 0, 0],
          gridColumnDirection: [0, -1, 0], gridRowDirection: [0, 0, -1])
      ]
      detection.segments[2].flagged = true
      detection.segments[2].score = 0.6
      detection.segments[2].sliceIndex = 6
      detection.segments[2].peakRow = 96
    }
    #expect(study.target == .segment(.c4c5) && study.slice == 6 && study.scoredSlice == 5)
    #expect(study.curveValue(atRow: study.cursorRow) == 0.6)
    #expect(WhyLine.text(study).contains("on slice 7"))
  }

  @Test("Every scored slice is marked, and flags say which slice they were found on")
  func scoredSlices() throws {
    var study = try loaded { detection in
      detection.slices = [5, 4, 6].map { index in
        Detection.Slice(
          index: index, score: 0.1, reason: nil, curve: detection.curve, gridOriginMm: [0, 0, 0],
          gridColumnDirection: [0, -1, 0], gridRowDirection: [0, 0, -1])
      }
      detection.quality = [
        QualityFlag("out-of-plane", "The cord leaves the slice.", slices: [6]),
        QualityFlag("canal-estimated", "From a ring.", slices: [4, 5, 6]),
        QualityFlag("levels-interpolated", "Interpolated."),
      ]
    }
    func words(_ slice: Int) -> String {
      study.slice = slice
      return StudyScreen.pictureWords(study, wide: true)
    }
    #expect(words(5).contains("slice 6/11 scored, highest"))
    #expect(words(4).hasPrefix("slice 5/11 scored  ") && words(6).hasPrefix("slice 7/11 scored  "))
    #expect(words(3).hasPrefix("slice 4/11  "))
    let flags = try #require(study.detection?.quality)
    #expect(flags.map { study.places(of: $0) } == ["slice 7", "", ""])
    #expect(WhyLine.text(study).hasSuffix("canal-estimated, levels-interpolated"))
  }

  @Test("Bars and curves take any number")
  func extremes() {
    var screen = Screen(size: TerminalSize(columns: 8, rows: 1))
    for mark in [-1e300, 1e300, .nan, .infinity] {
      ScoreBar(fraction: 0.5, mark: mark, isFlagged: true)
        .draw(in: &screen, row: 0, column: 0, width: 8)
    }
    #expect(screen.dump().contains("━"))
  }
}
