import Foundation
import Imaging
import Testing

@testable import Core

@Suite("Decisions of measurements against the truth")
struct MeasurementDecisionTests {
  private func decision(tp: Int, fp: Int, fn: Int, tn: Int) -> MeasurementErrors.Decision {
    var all: [(measured: Bool?, planned: Bool)] = []
    for _ in 0..<tp { all.append((true, true)) }
    for _ in 0..<fp { all.append((true, false)) }
    for _ in 0..<fn { all.append((false, true)) }
    for _ in 0..<tn { all.append((false, false)) }
    return MeasurementErrors.Decision("crossed", all)
  }

  @Test("shares and their intervals are those of the counts")
  func shares() throws {
    let made = decision(tp: 30, fp: 10, fn: 20, tn: 40)
    #expect(made.count == 100 && made.positives == 50 && made.undecided == 0)
    #expect(made.truePositives == 30 && made.falsePositives == 10)
    #expect(made.falseNegatives == 20 && made.trueNegatives == 40)
    #expect(made.accuracy?.value == 0.7 && made.precision?.value == 0.75)
    #expect(made.recall?.value == 0.6)
    let f1 = try #require(made.f1)
    #expect(abs(f1.value - 2 * 0.75 * 0.6 / (0.75 + 0.6)) < 1e-12)
    // Wilson's interval of 30 of 50 by his formula, worked out apart: 0.4618 to 0.7239.
    let recall = try #require(made.recall)
    #expect(abs(recall.lower - 0.4618) < 1e-4 && abs(recall.upper - 0.7239) < 1e-4, "\(recall)")
    // F1 = 2 J / (1 + J) of J = 30 of 60, whose interval is 0.3773 to 0.6227.
    #expect(abs(f1.lower - 0.5479) < 2e-4 && abs(f1.upper - 0.7675) < 2e-4, "\(f1)")
  }

  @Test("what has no cases is undefined, neither 0 nor 1")
  func undefined() {
    let none = decision(tp: 0, fp: 0, fn: 0, tn: 7)
    #expect(none.accuracy?.value == 1)
    #expect(none.precision == nil && none.recall == nil && none.f1 == nil)
    let falseAlarm = decision(tp: 0, fp: 1, fn: 0, tn: 7)
    #expect(falseAlarm.precision?.value == 0 && falseAlarm.recall == nil && falseAlarm.f1 == nil)
    let missed = decision(tp: 0, fp: 0, fn: 3, tn: 7)
    #expect(missed.precision == nil && missed.recall?.value == 0 && missed.f1 == nil)
    // Both are known here, and both are 0.
    #expect(decision(tp: 0, fp: 2, fn: 3, tn: 7).f1?.value == 0)
    let nothing = decision(tp: 0, fp: 0, fn: 0, tn: 0)
    #expect(nothing.accuracy == nil && nothing.count == 0)
  }

  @Test("what was not measured is in no share, and said")
  func unmeasured() throws {
    var lost = MeasurementErrors.Study()
    lost.kLine = (nil, -1.5)
    lost.kLineOfMasks = (nil, -1)
    var crossed = MeasurementErrors.Study()
    crossed.kLine = (-0.5, -1)
    crossed.kLineOfMasks = (-0.5, 0.5)
    crossed.displaced = [(true, true), (nil, true), (false, false)]
    crossed.isOssified = true
    let errors = MeasurementErrors([lost, crossed], masks: "found", necks: .kyphotic)
    let decisions = Dictionary(uniqueKeysWithValues: errors.decisions.map { ($0.name, $0) })
    let plan = try #require(decisions["K-line (-): INTmin <= 0, against the plan"])
    #expect(plan.count == 1 && plan.undecided == 1 && plan.undecidedPositives == 1)
    #expect(plan.recall?.value == 1)
    let masks = try #require(decisions["K-line (-): INTmin <= 0, against the true masks"])
    #expect(masks.precision?.value == 0 && masks.recall == nil && masks.undecidedPositives == 1)
    let level = try #require(decisions["herniation level: disc displaced >= 2.0 mm"])
    #expect(level.count == 2 && level.undecided == 1 && level.recall?.value == 1)
    for words in [
      "cohort kyphotic: 1 of 2 necks", "recall undefined (none is so)", "F1 undefined",
      "1 of 1 are so: TP 1, FP 0, FN 0, TN 0; not measured 1, of which 1 are so",
      "1 of 2 are so: TP 1, FP 0, FN 0, TN 1; not measured 1, of which 1 are so",
      "research use only",
    ] {
      #expect(errors.text.contains(words), "\(words): \(errors.text)")
    }
    let json = String(decoding: try errors.json(), as: UTF8.self)
    #expect(json.contains("\"undecided_positives\"") && json.contains("\"necks\""))
    #expect(!MeasurementErrors([crossed]).text.contains("cohort"))
  }

  @Test("every line of the acceptance is in the one table")
  func acceptance() {
    var study = MeasurementErrors.Study()
    study.cobb = (12, 10)
    study.mscc = [(8, 5)]
    study.displacement = [(1, 1.2)]
    study.displaced = [(false, false)]
    study.kLine = (5, 4.5)
    let text = MeasurementErrors([study]).text
    let rows = text.split(separator: "\n")
    for (measure, bar) in [
      ("cobb_deg", "2.50"), ("mscc_percent", "3.60"), ("displacement_mm", "0.50"),
    ] {
      let row = rows.first { $0.hasPrefix(measure) }
      #expect(row?.hasSuffix(bar) == true, "\(measure): \(text)")
    }
    for name in ["herniation level", "K-line (-): INTmin <= 0"] {
      let place = rows.firstIndex { $0.hasPrefix(name) }
      let shares = place.map { rows[$0 + 2] } ?? ""
      for share in ["accuracy 1.00", "precision undefined", "recall undefined", "F1 undefined"] {
        #expect(shares.contains(share), "\(name), \(share): \(text)")
      }
    }
    // The K-line against itself says nothing: without found masks it stands against the plan alone.
    #expect(!text.contains("against the true masks"))
  }
}
