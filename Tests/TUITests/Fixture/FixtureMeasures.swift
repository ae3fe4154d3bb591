@testable import Core

/// Measures of a drawn study: C4-5 compressed and doubted, C5-6 with a substituted reference, C7-T1 not seen.
enum FixtureMeasures {
  static let lost = "out-of-plane: the cord leaves the slice at C7-T1"
  static let noLesion = "no lesion is flagged or outlined here"

  private static let cord = [7.9, 7.4, 5.6, 6.2, 7.1]
  private static let canal = [13.2, 12.4, 9.1, 10.3, 12.8]
  private static let mscc = [2.1, 8.4, 33.2, 20.6, -4.3]
  private static let scr: [Int: Double] = [2: 1.62, 3: 1.31]

  static var study: StudyMeasures {
    var study = StudyMeasures(unmeasured: "")
    study.reason = nil
    for n in study.levels.indices {
      if n < cord.count { fill(&study.levels[n], n) } else { lose(&study.levels[n]) }
    }
    return study
  }

  static func value(_ value: Double, _ flags: String...) -> MeasuredValue {
    MeasuredValue(
      value: value, reason: nil, method: "drawn", quality: flags.map { QualityFlag($0, "\($0).") })
  }

  static func missing(_ reason: String) -> MeasuredValue {
    MeasuredValue(value: nil, reason: reason, method: "drawn")
  }

  private static func fill(_ level: inout LevelMeasures, _ n: Int) {
    let isDoubted = n == 2
    func read(_ number: Double) -> MeasuredValue {
      isDoubted ? value(number, "compression-understated") : value(number)
    }
    level.cordApMm = read(cord[n])
    level.canalApMm = value(canal[n])
    level.msccPercent = read(mscc[n])
    level.mccPercent = read((1 - canal[n] / 13) * 100)
    level.occupationPercent = read(100 * cord[n] / canal[n])
    level.kangGrade = read(scr[n] == nil ? 0 : 3)
    if let ratio = scr[n] {
      level.scrRatio = n == 3 ? value(ratio, "reference-substituted") : value(ratio)
      level.yukawaGrade = value(n == 2 ? 2 : 1)
    } else {
      level.scrRatio = missing(noLesion)
      level.yukawaGrade = missing(noLesion)
    }
  }

  private static func lose(_ level: inout LevelMeasures) {
    level.cordApMm = missing(lost)
    level.canalApMm = missing(lost)
    level.msccPercent = missing(lost)
    level.mccPercent = missing(lost)
    level.occupationPercent = missing(lost)
    level.kangGrade = missing(lost)
    level.scrRatio = missing(noLesion)
    level.yukawaGrade = missing(noLesion)
  }
}
