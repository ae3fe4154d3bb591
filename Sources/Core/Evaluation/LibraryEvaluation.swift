public import Foundation
internal import Imaging

/// Joins a library's detections with its truth (`derivatives/truth`).
public enum LibraryEvaluation {
  /// The truth file of one subject, `sub-07_truth.json`.
  struct Truth: Decodable {
    var `class`: String
    var lesion: Bool
    var segments: [String]
  }

  /// The studies of a library that have both a detection and truth.
  public struct Cohort: Sendable {
    /// The cases, in the order of the library.
    public var cases: [EvaluationCase] = []
    /// What could not be used, in words.
    public var remarks: [String] = []
    /// The model and settings that made each case's detection, in the order of the cases.
    public var models: [Detection.Model] = []
    /// The weights by name and the start of their hash, in the order of the cases.
    public var weightNames: [String] { models.map(\.weights) }

    /// Throws unless every case's detection was made by the weights that a card belongs to, on
    /// curves along rows: other figures and thresholds would be told as theirs.
    ///
    /// - Throws: `CalibrationError` for the first case that differs.
    public func requireMatch(with card: ModelCard) throws(CalibrationError) {
      for (item, model) in zip(cases, models) {
        guard model.sha256 == card.sha256 else {
          throw .otherWeights(subject: item.subject, detection: model.sha256, card: card.sha256)
        }
        guard model.sampling == CurveSampling.rows.rawValue else {
          throw .otherSampling(subject: item.subject, sampling: model.sampling)
        }
      }
    }
  }

  /// Joins the detections of a library with its truth.
  ///
  /// - Parameter truth: folder of the truth; by default the library's own `derivatives/truth`.
  /// - Throws: `ReadError` when a truth file is damaged; `LibraryError` as opening does.
  public static func cohort(of library: StudyLibrary, truth: URL? = nil) throws -> Cohort {
    let folder = truth ?? library.root.appendingPathComponent("derivatives/truth")
    var cohort = Cohort()
    for study in library.studies {
      guard let truth = try read(subject: study.subject, in: folder) else {
        cohort.remarks.append("\(study.subject): no truth")
        continue
      }
      guard let detection = try library.detection(of: study)?.detection else {
        cohort.remarks.append("\(study.subject): no detection (run detect first)")
        continue
      }
      cohort.models.append(detection.model)
      cohort.cases.append(
        EvaluationCase(
          detection: detection, className: truth.class, hasLesion: truth.lesion,
          affected: Set(truth.segments.compactMap(SpinalSegment.init(name:)))))
    }
    return cohort
  }

  /// The detectors that any of the cases has, U2AD first, then LC61, then the others.
  public static func detectors(in cases: [EvaluationCase]) -> [String] {
    let first =
      StudyDetector.Scoring.allCases.map(\.detectorName) + [DetectorEvaluation.reference]
    let names = Set(cases.flatMap { $0.scores.keys })
    return first.filter(names.contains) + names.subtracting(first).sorted()
  }

  private static func read(subject: String, in folder: URL) throws -> Truth? {
    let name = "sub-\(subject)_truth.json"
    let candidates = [
      folder.appendingPathComponent("sub-\(subject)/anat/\(name)"),
      folder.appendingPathComponent("sub-\(subject)/\(name)"), folder.appendingPathComponent(name),
    ]
    guard let url = candidates.first(where: { FileManager.default.fileExists(atPath: $0.path) })
    else { return nil }
    do {
      return try JSONDecoder().decode(Truth.self, from: try Data(contentsOf: url))
    } catch {
      throw ReadError(
        path: url.path, problem: "is no truth file: \(error)",
        advice: "it holds class, lesion and segments, as the phantom command writes them")
    }
  }
}
