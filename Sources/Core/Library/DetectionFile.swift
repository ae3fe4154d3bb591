public import Foundation
internal import Imaging

/// Detection files: read with their hash, texts cleaned; written with the same bytes each time.
public enum DetectionFile {
  /// A detection file larger than this is not one of ours.
  static let largest = 64 << 20

  /// A detection and the hash of the file it was read from.
  public struct Contents: Equatable, Sendable {
    /// The detection.
    public var detection: Detection
    /// SHA-256 of the file's bytes, to which reviews refer.
    public var sha256: String
  }

  /// The bytes of a detection file; the same detection always gives the same bytes.
  ///
  /// - Throws: `LibraryError.cannotWrite` when a number is not finite.
  public static func encode(_ detection: Detection) throws -> [UInt8] {
    Array(try json(detection, pretty: true)) + [0x0A]
  }

  /// The detection on one line without a newline, for `--json`.
  ///
  /// - Throws: `LibraryError.cannotWrite` when a number is not finite.
  public static func line(_ detection: Detection) throws -> String {
    String(decoding: try json(detection, pretty: false), as: UTF8.self)
  }

  private static func json(_ detection: Detection, pretty: Bool) throws -> Data {
    do { return try detection.json(pretty: pretty) } catch let error as EncodingError {
      throw LibraryError.cannotWrite("the detection of \(detection.subject)", "\(error)")
    }
  }

  /// Reads a detection file; `nil` when it is absent.
  ///
  /// - Throws: `ReadError` naming the file and the key that is malformed or does not fit the rest.
  public static func read(_ url: URL) throws -> Contents? {
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    let bytes: [UInt8]
    do { bytes = try FileBytes.read(url, limit: largest) } catch {
      // A detection that is being replaced may go between the two.
      guard FileManager.default.fileExists(atPath: url.path) else { return nil }
      throw error
    }
    let detection = try Detection.read(json: Data(bytes), path: url.path)
    try DetectionCheck.check(detection, path: url.path)
    return Contents(
      detection: detection.cleaned.callingNamedSegmentsOnly, sha256: SHA256.hexDigest(of: bytes))
  }
}

extension Detection {
  /// The detection with all texts that reach a screen cleaned of control characters.
  var cleaned: Detection {
    var result = self
    result.subject = subject.cleaned(limit: 100)
    result.image = image.cleaned(limit: 1000)
    result.patient.reason = patient.reason?.cleaned
    for index in segments.indices {
      result.segments[index].name = segments[index].name.cleaned(limit: 20)
      result.segments[index].reason = segments[index].reason?.cleaned
    }
    for index in slices.indices { result.slices[index].reason = slices[index].reason?.cleaned }
    for index in opinions.indices {
      result.opinions[index].detector = opinions[index].detector.cleaned(limit: 100)
      result.opinions[index].thresholdSource = opinions[index].thresholdSource?.cleaned
    }
    result.quality = quality.map {
      QualityFlag($0.flag.cleaned(limit: 100), $0.text.cleaned, slices: $0.slices)
    }
    result.levelSource = levelSource.cleaned(limit: 100)
    result.model.name = model.name.cleaned(limit: 200)
    result.model.context = model.context.cleaned(limit: 100)
    result.model.scoring = model.scoring.cleaned(limit: 100)
    result.model.sampling = model.sampling.cleaned(limit: 100)
    result.model.thresholdSource = model.thresholdSource.cleaned
    result.version = version.cleaned(limit: 100)
    result.notice = notice.cleaned
    return result
  }

  /// Indices of the slices that were scored, rising.
  public var scoredSlices: [Int] {
    let scored = slices.filter { $0.score != nil || !$0.curve.row.isEmpty }.map(\.index)
    return Set(scored + [sliceIndex].compactMap { $0 }).sorted()
  }

  /// What a reader must know of a result that comes from one slice.
  public func quality(onSlice index: Int) -> [QualityFlag] {
    quality.filter { $0.slices?.contains(index) ?? true }
  }

  /// What bears on the result: the flags of the study, of the slice that gave the patient's score and
  /// of those that gave a flagged segment's. A slice beside them that the cord leaves, as most do,
  /// is no reason to doubt a score that does not come from it.
  public var decisiveQuality: [QualityFlag] {
    let decisive = Set(
      [sliceIndex].compactMap(\.self) + segments.filter(\.flagged).compactMap(\.sliceIndex))
    // Without a score every flag may be the reason.
    guard !decisive.isEmpty else { return quality }
    return quality.filter { flag in flag.slices.map { !decisive.isDisjoint(with: $0) } ?? true }
  }

  /// The segment of the six with the highest score.
  public var topSegment: SpinalSegment? {
    let scored = segments.filter { $0.assessable && $0.score != nil }
    let best = scored.max { ($0.score ?? 0) < ($1.score ?? 0) }
    return best.flatMap { SpinalSegment(name: $0.name) }
  }

  /// The segments that could be assessed.
  public var assessableSegments: [SpinalSegment] {
    segments.filter(\.assessable).compactMap { SpinalSegment(name: $0.name) }
  }

  /// The segments over threshold.
  public var flaggedSegments: [SpinalSegment] {
    segments.filter(\.flagged).compactMap { SpinalSegment(name: $0.name) }
  }

  /// What the second opinion (LC61) says of the patient.
  public var secondOpinion: Opinion? {
    opinions.first { $0.detector == SignalDetector.lc61.rawValue }
  }

  /// Whether the second opinion is part of the deciding score.
  public var includesSecondOpinion: Bool {
    StudyDetector.Scoring(rawValue: model.scoring)?.includesSecondOpinion ?? false
  }

  /// Whether the second opinion says the same of the patient; `nil` where either says nothing.
  public var secondOpinionAgrees: Bool? {
    patient.assessable ? secondOpinion?.flagged.map { $0 == patient.flagged } : nil
  }

  /// The threshold that the anomaly map is drawn from, with the detector it belongs to and its
  /// source: that of the core scoring, in whose units the map is, whichever scoring decides.
  public var mapThreshold: (value: Double, detector: String, source: String)? {
    let core = StudyDetector.Scoring.core
    if let own = opinions.first(where: { $0.detector == core.detectorName }),
      let value = own.threshold, let source = own.thresholdSource
    {
      return (value, core.detectorName, source)
    }
    guard model.scoring == core.rawValue else { return nil }
    return (patient.threshold, core.detectorName, model.thresholdSource)
  }

  /// The segments that the second opinion flags.
  public var secondOpinionSegments: [SpinalSegment] {
    segments.filter { $0.secondOpinionFlagged == true }
      .compactMap { SpinalSegment(name: $0.name) }
  }
}

extension Detection.Segment {
  /// Whether the second opinion says the same of the segment; `nil` where either says nothing.
  public var secondOpinionAgrees: Bool? {
    assessable ? secondOpinionFlagged.map { $0 == flagged } : nil
  }
}
