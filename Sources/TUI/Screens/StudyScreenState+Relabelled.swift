internal import Core

/// Verdicts that were stated when their segment was another place of the patient: Core decides which.
extension StudyScreenState {
  /// The sign before such a verdict.
  static let relabelledSign = "≠"

  /// Whether the verdict that stands on a row is one; that of answers which are hidden is not told.
  func isRelabelled(_ target: ReviewTarget) -> Bool {
    !hidesAnswers && standing(target).map { study.levels.isRelabelled($0) } ?? false
  }

  /// The rows with one, by name.
  var relabelled: [String] {
    hidesAnswers ? [] : study.levels.relabelled(in: review).map(\.name)
  }

  /// "labels changed since: C5-6, C6-7"; `nil` where nothing is to be stated again.
  var relabelledNote: String? {
    relabelled.isEmpty ? nil : "labels changed since: \(relabelled.joined(separator: ", "))"
  }

  /// What is to be done about the verdict on the selected row; `nil` where it was stated under these labels.
  func relabelledWords(_ keys: KeyMap) -> String? {
    guard isRelabelled(target), let verdict = standing(target)?.verdict else { return nil }
    let words = "\(verdict.words) was stated when the labels were others"
    guard loaded.replay == nil else { return "\(Self.relabelledSign) \(words)" }
    let way = review.isSigned ? "\(keys.reopening), then state it again" : "state it again"
    return "\(Self.relabelledSign) \(words): \(way)"
  }

  /// Marks an act whose verdicts stand, all or some of them, under other labels: "≠ labels changed since".
  func relabelledMark(_ record: ReviewRecord) -> String {
    let isOld = !hidesAnswers && study.levels.isRelabelled(record, in: review)
    return isOld ? " (\(Self.relabelledSign) labels changed since)" : ""
  }
}
