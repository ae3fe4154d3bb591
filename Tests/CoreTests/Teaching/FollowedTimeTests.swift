import Foundation
import TestSupport
import Testing

@testable import Core

@Suite("Time per case of who follows a presenter")
struct FollowedTimeTests {
  @Test("The wait for a presenter's reveal is no time of the learner's; his own look at it is")
  func presented() {
    func time(_ seconds: Int) -> String {
      UTCTime.text(Date(timeIntervalSince1970: 1_800_000_000 + Double(seconds)))
    }
    func reading(_ answers: [Int], reveal: Int, _ reason: String?) -> LearnerReading {
      var acts: [(Int, ReviewAction, String?)] = answers.map { ($0, .verdict, nil) }
      acts.append((reveal, .reveal, reason))
      return LearnerReading(
        acts.enumerated().map { index, act in
          ReviewRecord(
            seq: index + 1, time: time(act.0), reader: "bob", action: act.1,
            segment: act.1 == .verdict ? "C4-5" : nil, verdict: act.1 == .verdict ? .present : nil,
            reason: act.2, blind: true, detection: nil, previous: "")
        })
    }
    let followed = reading([120, 257], reveal: 357, ReviewRecord.presentedReason)
    #expect(followed.seconds(since: [time(0)]) == 257 && followed.revealed == time(357))
    #expect(followed.answers == [.c4c5: .present])
    // Opened again while he waits: nothing of that sitting is his.
    #expect(followed.seconds(since: [time(0), time(300)]) == 257)
    #expect(reading([120, 257], reveal: 357, nil).seconds(since: [time(0)]) == 357)
    let unanswered = reading([], reveal: 357, ReviewRecord.presentedReason)
    #expect(unanswered.seconds(since: [time(0)]) == nil)
    // Journals of earlier versions do not say whose it was: the session does.
    func spans(_ shown: Int?) -> [HiddenSpan] {
      var spans: [HiddenSpan] = []
      spans.take(TeachingView(caseNumber: 1, slice: 2), at: time(0))
      var next = TeachingView(caseNumber: shown == nil ? 2 : 1, slice: 2)
      next.isRevealed = shown != nil
      spans.take(next, at: time(shown ?? 357))
      return spans
    }
    let earlier = reading([120, 257], reveal: 357, nil)
    #expect(earlier.seconds(since: [time(0)], hidden: spans(356)) == 257)
    #expect(earlier.seconds(since: [time(0)], hidden: spans(362)) == 257, "clocks differ")
    for other in [300, 380] {
      #expect(earlier.seconds(since: [time(0)], hidden: spans(other)) == 357, "\(other)")
    }
    #expect(earlier.seconds(since: [time(0)], hidden: spans(nil)) == 357, "another case was shown")
    // A lesson that was broken off an hour before ended with no reveal.
    var broken: [HiddenSpan] = []
    broken.take(TeachingView(caseNumber: 1, slice: 2), at: time(-3600))
    var shown = TeachingView(caseNumber: 1, slice: 2)
    shown.isRevealed = true
    broken.take(shown, at: time(357))
    #expect(earlier.seconds(since: [time(0)], hidden: broken) == 357)
  }

  @Test("Time per case of who follows ends with his answer, also in journals of earlier versions")
  func followed() throws {
    let folder = try TemporaryFolder()
    let subjects = ["zebra01", "yak02", "xerus03", "wolf04"]
    for subject in subjects {
      try folder.write(
        #"{"class": "focal", "lesion": true, "segments": ["C4-5"]}"#,
        to: "derivatives/truth/sub-\(subject)/anat/sub-\(subject)_truth.json")
    }
    let library = try LibraryFixture.library(subjects, in: folder)
    let session = try TeachingSession(
      making: "monday", of: library.studies, in: library, by: "anna", usesReadings: false)
    let teacher = try TeachingSource(session, in: library, role: .presenter, reader: "anna")
    let liu = try TeachingSource(session, in: library, role: .follower, reader: "liu")
    // Of the second an earlier version wrote the lines. The third is looked at before the presenter shows
    // anything of it, the fourth at once with him, on his own.
    let reasons: [String?] = [ReviewRecord.presentedReason, nil, nil, nil]
    var times: [[Date]] = []
    for (number, reason) in zip(1..., reasons) {
      let subject = "\(number)"
      var view = TeachingView(caseNumber: number, slice: 2)
      if number != 3 { _ = try teacher.present(view, reader: "anna") }
      if number == 2 {
        _ = try liu.log.append(.opened, reader: "liu") { record, _ in
          (record.caseNumber, record.notesReasons) = (number, nil)
          return true
        }
      } else {
        try liu.opened(subject, reader: "liu")
      }
      _ = try liu.append(
        ReviewDraft(action: .verdict, segment: .c4c5, verdict: .present), subject: subject,
        reader: "liu")
      Thread.sleep(forTimeInterval: 0.05)
      view.isRevealed = true
      if number != 3 { _ = try teacher.present(view, reader: "anna") }
      let reveal = try liu.append(
        ReviewDraft(action: .reveal, reason: reason), subject: subject, reader: "liu")
      #expect(reveal.reason == reason)
      let opening = try #require(try liu.log.read().openings.last)
      let acts = try liu.journal(subject, reader: "liu").records
      times.append(([opening.time] + acts.map(\.time)).compactMap(UTCTime.date))
    }
    try #require(times.allSatisfy { $0.count == 3 && $0[2] > $0[1] })
    let score = try #require(try teacher.scores(reader: "anna").scores.first)
    for (number, end) in [(1, 1), (2, 1), (3, 2), (4, 2)] {
      let expected = times[number - 1][end].timeIntervalSince(times[number - 1][0])
      #expect(score.cases[number]?.seconds == expected, "case \(number)")
    }
  }
}
