import Imaging
import Testing

@testable import Core

@Suite("What the 200 mm window cuts off")
struct WindowFlagTests {
  private let grid = SagittalGrid(centre: .zero)

  private func levels(from top: Double, to bottom: Double) -> StudyLevels {
    let all = VertebralLevel.allCases.filter { $0 >= .c2 && $0 <= .t1 }
    let step = (top - bottom) / Double(all.count - 1)
    let points = all.enumerated().map { ($1, SIMD3<Double>(0, 0, top - step * Double($0))) }
    return StudyLevels(points: Dictionary(uniqueKeysWithValues: points), source: .labelled)
  }

  private func line(from top: Double, to bottom: Double) -> CordCentreline? {
    CordCentreline(points: [[0, 0, top], [0, 0, bottom]])
  }

  @Test("A long cord is the rule: no flag while C2 to T1 lies in the window")
  func inside() {
    let flag = StudyPreparation.windowFlag(
      grid, levels: levels(from: 70, to: -70), line: line(from: 160, to: -300))
    #expect(flag == nil)
  }

  @Test("Segments that the window cuts are named")
  func cut() throws {
    let flag = StudyPreparation.windowFlag(
      grid, levels: levels(from: 90, to: -120), line: line(from: 90, to: -120))
    #expect(try #require(flag).flag == "window-partial")
    #expect(try #require(flag).text.contains("C7-T1 cut off by the 200 mm window;"))
  }

  @Test("Without levels the cord that goes on is told of")
  func withoutLevels() {
    let none = StudyLevels(points: [:], source: .missing)
    let flag = { StudyPreparation.windowFlag(grid, levels: none, line: $0)?.flag }
    #expect(flag(line(from: 98, to: -120)) == "window-partial")
    #expect(flag(line(from: 98, to: -98)) == nil)
    #expect(flag(nil) == nil)
  }
}
