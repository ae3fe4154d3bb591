internal import Foundation
internal import Imaging

/// How long a reader was at a study, as far as a journal tells.
///
/// A journal has acts and no opening: what was looked at before a sitting's first act, and after its last, is not
/// in it.
enum ReadingTime {
  /// Acts further apart than this many seconds are of two sittings.
  static let longestPause = 600.0

  /// Seconds from the first to the last act of each sitting, all sittings together, to a whole one.
  ///
  /// A clock that was set back begins a sitting anew, as nobody knows how long it took.
  /// - Parameter times: UTC of the acts in the journal's order, ISO 8601; what names no time is passed over.
  /// - Returns: `nil` without a time; 0 of a single act.
  static func seconds(_ times: [String]) -> Int? {
    let known = times.compactMap(UTCTime.date).map(\.timeIntervalSince1970)
    guard !known.isEmpty else { return nil }
    let pauses = zip(known.dropFirst(), known).map { $0 - $1 }
    let within = pauses.filter { $0 > 0 && $0 <= longestPause }
    return Int(within.reduce(0, +).rounded())
  }
}

extension StudySheet.Reader {
  /// Seconds from the first to the last act, by sittings; `nil` without acts, and where the journal cannot be
  /// read.
  var readingSeconds: Int? {
    problem == nil ? ReadingTime.seconds(review.history.map(\.record.time)) : nil
  }
}
