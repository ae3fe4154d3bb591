internal import Core

/// The report of a study that the reader asked for: being made, or made and kept because keys came meanwhile.
struct ReportOrder: Sendable {
  let subject: String
  /// The reader's acts when it was asked for, and the detection: a kept one holds as long as both do.
  let acts: Int
  let detection: String?
  /// Whether nothing was pressed since: only then is it shown as soon as it is there, for keys are never
  /// taken by surprise.
  var isWaitedFor = true
  /// Where it stands among all that were asked for: the last one of the study counts.
  var turn = 0
  /// How many of the study are still being made; the last one counts.
  var pending = 1
  /// The lines of one that is kept.
  var lines: [String]?

  /// The report of what stands now.
  init(_ study: StudyScreenState) {
    subject = study.study.subject
    acts = study.review.history.count
    detection = study.study.detectionSHA256
  }

  /// Whether it is that of what stands now.
  func isCurrent(_ study: StudyScreenState) -> Bool {
    let now = ReportOrder(study)
    return subject == now.subject && acts == now.acts && detection == now.detection
  }
}
