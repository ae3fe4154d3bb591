import Foundation
import Testing

@testable import Core

@Suite("Joint scorings")
struct JointScoringTests {
  private func curve(_ rows: [Int], _ values: [Float]) -> AnoCurve {
    AnoCurve(rows: rows, zMM: rows.map { Double(-$0) }, values: values)
  }

  @Test("the geometric mean where both see something, else the lesser")
  func values() {
    let joint = JointScoring.curve(
      curve([1, 2, 3, 4, 5], [4, 9, -1, -3, 2]), curve([1, 2, 3, 4, 5], [1, 0.25, 5, -2, 0]))
    #expect(joint.values == [2, 1.5, -1, -3, 0])
    #expect(joint.zMM == [-1, -2, -3, -4, -5])
  }

  @Test("rows that one of them lacks are not assessed")
  func sharedRows() {
    let joint = JointScoring.curve(
      curve([1, 2, 4, 5], [1, 1, 1, 1]), curve([2, 3, 4], [4, 4, 9]))
    #expect(joint.rows == [2, 4] && joint.values == [2, 3])
  }

  @Test("a unit of either witness changes no order")
  func units() {
    var random = RandomSource(seed: 14)
    let a = (0..<60).map { _ in Float(random.normal()) }
    let b = (0..<60).map { _ in Float(random.normal()) }
    let rows = Array(0..<60)
    func order(_ scale: Float) -> [Int] {
      let values = JointScoring.curve(curve(rows, a.map { scale * $0 }), curve(rows, b)).values
      return rows.filter { values[$0] > 0 }.sorted { values[$0] < values[$1] }
    }
    #expect(order(1) == order(37))
  }

  @Test("log-odds become an evidence that is positive, rises, and overflows nowhere")
  func evidence() {
    let values = JointScoring.evidence(
      ofLogOdds: curve([0, 1, 2, 3, 4], [-200, -2, 0, 2, 200])
    ).values
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
    #expect(values[0] >= 0 && abs(values[2] - Float(log(2.0))) < 1e-6 && values[4] == 200)
  }

  private func detect(_ study: SyntheticStudy, head: RowHead?) throws -> Detection {
    try StudyDetector(
      card: ModelCard(name: "constant", sha256: "00"), settings: SampleStudies.settings, head: head
    ).detect(try study.prepared(), subject: "01", image: "x") { SampleStudies.constantMaps($0) }
      .detection
  }

  @Test("they are stored beside U2AD's own scores, which they leave alone")
  func stored() throws {
    let head = RowHead(
      network: RowHeadNetwork(seed: 2, kernels: .best, isTraining: false), networkSHA256: "00",
      metadata: [:])
    let study = SyntheticStudy(lesion: (100...111, 0.4))
    let with = try detect(study, head: head)
    let without = try detect(study, head: nil)
    func score(_ name: String, _ d: Detection) -> Double? {
      d.opinions.first { $0.detector == name }?.patientScore
    }
    let joint = try #require(score("u2ad-joint", with))
    let z = try #require(score("u2ad-z", with))
    let lc61 = try #require(score("lc61", with))
    #expect(abs(joint - (z * lc61).squareRoot()) < 0.05 * joint)
    #expect(score("u2ad-head-joint", with) != nil && score("u2ad-head-joint", without) == nil)
    #expect(score("u2ad-joint", without) == joint && with.patient == without.patient)
  }
}
