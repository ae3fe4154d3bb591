import Core
import Imaging
import Testing

@testable import TUI

@Suite("The curve belongs to the slice shown")
struct ShownCurveTests {
  private func loaded(_ change: (inout Detection) -> Void) throws -> StudyScreenState {
    var study = try FixtureStudies.study("002")
    var detection = try #require(study.detection)
    change(&detection)
    study.detection = detection
    return StudyScreenState(
      LoadedStudy(study: study, journal: JournalContents(records: [])))
  }

  @Test("The curve is that of the slice shown; that of another slice says whose it is")
  func curveOfSlice() throws {
    func curve(_ value: Double) -> Detection.Curve {
      Detection.Curve(
        row: Array(16...204), zMm: (16...204).map { -Double($0) },
        value: (16...204).map { _ in value })
    }
    var study = try loaded { detection in
      detection.slices = [(5, 0.1), (4, 0.2), (6, 0.3)].map { index, value in
        Detection.Slice(
          index: index, score: value, reason: nil, curve: curve(value), gridOriginMm: [0, 0, 0],
          gridColumnDirection: [0, -1, 0], gridRowDirection: [0, 0, -1])
      }
      detection.curve = curve(0.1)
      detection.segments[2].sliceIndex = 6
    }
    study.select(.segment(.c2c3))
    for (slice, value) in [(5, 0.1), (4, 0.2), (6, 0.3)] {
      study.slice = slice
      #expect(study.curveValue(atRow: 50) == value && study.shownCurve?.slice == slice)
      #expect(try screen(study).contains("ANOCURVE"))
    }
    // Not scored: the curve that the selected segment's score comes from, named.
    study.slice = 9
    #expect(study.curveValue(atRow: 50) == 0.1 && study.shownCurve?.slice == 5)
    #expect(try screen(study).contains("CURVE OF SLICE 6"))
    #expect(try screen(study, aligned: true).contains("of slice 6"))
    study.select(.segment(.c4c5))
    #expect(study.curveValue(atRow: 100) == 0.3)
    #expect(try screen(study).contains("CURVE OF SLICE 7"))
    #expect(try screen(study).contains("slice 10 of 11"))
    #expect(WhyLine.text(study).contains("on slice 7"))
  }

  @Test("the curve bears the unit of the scoring that made it")
  func unitOfCurve() throws {
    var study = try FixtureStudies.study("002")
    for scoring in StudyDetector.Scoring.allCases {
      study.detection?.model.scoring = scoring.rawValue
      let text = try screen(
        StudyScreenState(LoadedStudy(study: study, journal: JournalContents(records: []))))
      for other in StudyDetector.Scoring.allCases {
        #expect(text.contains(other.curveUnit.long) == (other == scoring), "\(scoring), \(other)")
      }
    }
  }

  /// The study screen as text, with its picture drawn.
  private func screen(_ study: StudyScreenState, aligned: Bool = false) throws -> String {
    var state = AppState(
      title: "t", reader: "r", size: TerminalSize(columns: 120, rows: 40),
      capabilities: TerminalCapabilities())
    state.view = .study
    state.isAligned = aligned
    var study = study
    let layout = StudyLayout(state)
    let view = try #require(layout.view(study, state.capabilities))
    study.shown = (view, view.draw(PictureSource(try #require(study.picture))))
    state.study = study
    return Renderer.render(state).dump()
  }
}
