import Core
import Imaging
import Testing

@testable import TUI

@Suite("Teaching: whose readings a truth is")
struct TruthSourceTests {
  @Test(
    "the line of reasons names a truth of one reader, and says where the own reading is left out",
    arguments: [
      (["carla"], "truth present (carla's reading alone), as you said"),
      (["carla", "max"], "truth present (majority of 2 signed readings), as you said"),
      (
        ["carla", "liu"],
        "truth present (majority of 2 signed readings; scored without yours), as you said"
      ),
      (
        ["liu"],
        "truth present (liu's reading alone; not scored without yours), as you said"
      ),
    ])
  func words(_ signers: [String], _ words: String) {
    let desk = Desk(FixtureRoom(.learner, signedBy: signers))
    desk.press("\n" + TeachingTests.answers)
    #expect(desk.state.study?.truthWords == nil)
    desk.press("E[[[")
    #expect(desk.state.study?.target == .segment(.c4c5))
    #expect(desk.state.study?.truthWords == words)
  }
}
