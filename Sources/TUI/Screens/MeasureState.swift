internal import Core

/// What decides the measures of the study on the screen, as far as the screen knows it.
struct MeasureOrder: Equatable, Sendable {
  let subject: String
  /// The detection whose flags are measured.
  let detection: String?
  /// How often the reader's corrections of labels and masks were written, taken back or restored.
  let corrections: Int
  /// Segments in which the reader sees a lesion.
  let confirmed: Set<SpinalSegment>
  /// Whether the reader is shown a lesion mask that others drew.
  let seesOthers: Bool

  init(_ study: StudyScreenState) {
    subject = study.study.subject
    detection = study.study.detectionSHA256
    corrections = study.review.history.count { $0.record.correction != nil }
    seesOthers = study.review.seesOthers
    confirmed = Set(study.review.standing.filter { $0.value == .present }.keys)
  }

  /// Whether diameters and compression are the same: verdicts decide lesions and grades alone.
  func hasSameAnatomy(as other: MeasureOrder) -> Bool {
    subject == other.subject && detection == other.detection && corrections == other.corrections
  }
}

/// How far the measuring of the study on the screen is.
struct MeasureState: Sendable {
  enum Stage: Sendable {
    case measuring
    case failed(String)
    case known(StudyMeasures)
  }

  private struct Answer: Sendable {
    var order: MeasureOrder
    var result: Result<StudyMeasures, WorkerFailure>
  }

  /// What was asked for last.
  private(set) var asked: MeasureOrder?
  /// What was answered last, perhaps to a former order.
  private var answer: Answer?

  /// Notes what is wanted now; whether it has to be asked for.
  mutating func want(_ order: MeasureOrder) -> Bool {
    guard order != asked else { return false }
    asked = order
    return answer?.order != order
  }

  /// Takes an answer in, unless something else is wanted by now.
  mutating func take(_ result: Result<StudyMeasures, WorkerFailure>, for order: MeasureOrder) {
    guard order == asked else { return }
    answer = Answer(order: order, result: result)
  }

  /// What can be shown: what was measured of the same anatomy stays until it is measured again.
  var stage: Stage {
    guard let asked, let answer, answer.order.hasSameAnatomy(as: asked) else { return .measuring }
    switch answer.result {
    case .success(let measures): return .known(measures)
    case .failure(let failure): return isCurrent ? .failed(failure.words) : .measuring
    }
  }

  /// Whether lesions and grades, too, are those of the verdicts that stand now.
  var isCurrent: Bool { answer.map { $0.order == asked } ?? false }
}

extension StudyScreenState {
  /// Whether the screen has room and words for measurements.
  var isMeasured: Bool { loaded.isMeasured }

  /// Whether what is measured of lesions may be shown.
  ///
  /// SCR and the suggested grades rest on what the detection flags, on a lesion mask, on a teaching case's
  /// truth: hidden as those are. Diameters and compression are shown to who reads blind, too. They rest on the
  /// outlines of cord and canal and on the levels, which are there before any detection, drawn by people or
  /// by a network that was taught tissues and levels and is given no lesion; the slice is chosen by the cord's
  /// width; detection, lesion masks and verdicts enter the grades and lesions of `CervicalMeasurements`
  /// alone. So they tell what a ruler on the picture would, and no more than the boundaries of the segments,
  /// which are not hidden either.
  var showsLesionMeasures: Bool { !isBlind }
}
