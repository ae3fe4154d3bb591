/// Where the segments of a study lie now, and where they lay in the detections on which verdicts were stated:
/// which verdicts stand under the name of a segment that was another place of the patient.
///
/// A verdict is on the detection that was on the screen. Stated under other labels is one whose segment lay more
/// than ``SegmentPlaces/toleranceMM`` elsewhere in that detection; where that is not there any more, one after
/// which labels of levels were corrected. Another detection with the same levels changes nothing. Where the detection
/// that is shown is itself of other labels than those that stand, it does not tell places any more: a verdict before
/// the last correction of levels is of other labels, one after it was stated on the labels that stand.
public struct LevelHistory: Equatable, Sendable {
  /// The first 16 digits of the SHA-256 of the detection that is shown; `nil` without one.
  private(set) var current: String?
  /// Where segments lie in it.
  private(set) var places = SegmentPlaces()
  /// Where they lay in former detections, by the first 16 digits of their SHA-256.
  private(set) var former: [String: SegmentPlaces] = [:]
  /// When labels of levels were corrected last, UTC; `nil` where they never were, or nobody needs to know.
  private(set) var corrected: String?
  /// Whether the detection that is shown is of another image, or of other labels, than those that stand.
  private(set) var isOutdated = false

  /// Knows of no detection: no verdict was stated under other labels.
  public init() {}

  /// Makes it from its parts.
  ///
  /// - Parameters:
  ///   - current: SHA-256 of the detection that is shown.
  ///   - places: where segments lie in it.
  ///   - former: the same of former detections, by SHA-256.
  ///   - corrected: when labels of levels were corrected last.
  ///   - isOutdated: whether the detection that is shown is of other labels than those that stand.
  init(
    current: String?, places: SegmentPlaces, former: [String: SegmentPlaces] = [:],
    corrected: String? = nil, isOutdated: Bool = false
  ) {
    self.current = current.map(Self.key)
    self.places = places
    self.former = Dictionary(
      former.map { (Self.key($0.key), $0.value) }, uniquingKeysWith: { first, _ in first })
    self.corrected = corrected
    self.isOutdated = isOutdated
  }

  /// The digits by which a former detection's file is named.
  static func key(_ sha256: String) -> String { String(sha256.prefix(16)) }

  /// Whether a text of a journal is such digits, and no path.
  static func isKey(_ text: String) -> Bool {
    text.count == 16 && text.allSatisfy { $0.isASCII && $0.isHexDigit }
  }

  /// Whether a verdict was stated on a segment that was another place.
  public func isRelabelled(_ verdict: ReviewRecord) -> Bool {
    guard let segment = verdict.segment.flatMap(SpinalSegment.init(name:)) else { return false }
    let stated = verdict.detection.map(Self.key)
    // Without a detection there are no segments on the screen that could have become others.
    guard let current else { return false }
    let isCorrectedSince = corrected.map { $0 > verdict.time } ?? false
    if isOutdated, isCorrectedSince { return true }
    guard stated != current else { return false }
    guard let then = stated.flatMap({ former[$0] }) else { return isCorrectedSince }
    return places.hasMoved(segment, since: then)
  }

  /// Whether any segment lies elsewhere than in any of the former detections, or labels of levels were corrected.
  ///
  /// - Parameter first: when the earliest of the verdicts was stated: a correction before it says nothing of them;
  ///   `nil` where that is not known.
  func mayHaveRelabelled(since first: String?) -> Bool {
    corrected.map { time in first.map { $0 < time } ?? true } ?? false
      || former.values.contains { then in
        SpinalSegment.allCases.contains { places.hasMoved($0, since: then) }
      }
  }

  /// The segments whose standing verdict was stated when they were other places, in order.
  public func relabelled(in review: ReviewState) -> [SpinalSegment] {
    // Asked at every drawing: mostly there is nothing to compare with.
    if former.isEmpty, corrected == nil { return [] }
    let standing = review.standingRecords
    return SpinalSegment.allCases.filter { segment in
      standing[segment].map { isRelabelled($0) } ?? false
    }
  }

  /// Whether any verdict of an act stands, and was stated on a segment that was another place.
  public func isRelabelled(_ act: ReviewRecord, in review: ReviewState) -> Bool {
    act.stated.contains { verdict in
      guard isRelabelled(verdict), let segment = verdict.segment.flatMap(SpinalSegment.init(name:))
      else { return false }
      return review.standing(segment)?.seq == act.seq
    }
  }

  /// Why a reading cannot be signed, and what to do; `nil` where no verdict stands under other labels.
  ///
  /// - Parameter review: what the reader states.
  public func signingRefusal(of review: ReviewState) -> String? {
    let names = relabelled(in: review).map(\.name)
    guard !names.isEmpty else { return nil }
    return Self.refusalStart + names.joined(separator: ", ")
  }

  private static let refusalStart = "not signed: labels changed; state again "

  /// Whether words say that a signature was refused over verdicts under other labels.
  public static func isSigningRefusal(_ words: String) -> Bool { words.hasPrefix(refusalStart) }
}

extension CorrectionTarget {
  /// Whether the labels say where levels are.
  var isOfLevels: Bool { self == .discs || self == .boundaries }
}
