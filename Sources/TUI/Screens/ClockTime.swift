internal import Core
internal import Foundation

/// Times of the journal as a clock shows them.
enum ClockTime {
  /// "10:42:07" of a UTC time stamp, in a zone; the stamp itself when it cannot be read.
  static func text(of stamp: String, in zone: TimeZone) -> String {
    guard let date = UTCTime.date(stamp) else { return DisplayText.clean(stamp) }
    return text(of: date, in: zone)
  }

  /// "2026-11-20 10:42" of a UTC time stamp, in a zone; the stamp itself when it cannot be read.
  static func dated(_ stamp: String, in zone: TimeZone) -> String {
    guard let date = UTCTime.date(stamp) else { return DisplayText.clean(stamp) }
    let there = date.addingTimeInterval(Double(zone.secondsFromGMT(for: date)))
    return "\(UTCTime.text(there).prefix(10)) \(text(of: date, in: zone).prefix(5))"
  }

  private static func text(of date: Date, in zone: TimeZone) -> String {
    let seconds = Int(date.timeIntervalSince1970.rounded(.down)) + zone.secondsFromGMT(for: date)
    let day = ((seconds % 86400) + 86400) % 86400
    return String(format: "%02d:%02d:%02d", day / 3600, day / 60 % 60, day % 60)
  }
}
