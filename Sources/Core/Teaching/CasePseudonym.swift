internal import Foundation
internal import Imaging

/// What a case is called in place of its study, and what must not be seen of that.
struct CasePseudonym: Equatable, Sendable {
  /// The case, from 1.
  let number: Int
  /// What names the study, the longest first.
  private let identifiers: [String]

  /// Short labels such as "07" occur in any text and name nobody by themselves.
  private static let shortest = 3

  init(_ study: LibraryStudy, number: Int) {
    self.number = number
    var names: Set<String> = ["sub-\(study.subject)", "sub-\(study.participant)"]
    for name in [study.subject, study.participant] where name.count >= Self.shortest {
      names.insert(name)
    }
    identifiers = names.sorted { ($1.count, $0) < ($0.count, $1) }
  }

  /// Whether a text names the study.
  func isNamed(in text: String) -> Bool {
    identifiers.contains { text.range(of: $0, options: .caseInsensitive) != nil }
  }

  /// A text with the case's number in the place of what names the study.
  func clean(_ text: String) -> String {
    identifiers.reduce(text.cleaned) {
      $0.replacingOccurrences(of: $1, with: "case \(number)", options: .caseInsensitive)
    }
  }

  /// A study without anything of the patient or of files: pictures, anatomy and detection stay.
  func clean(_ study: ReviewStudy) -> ReviewStudy {
    var study = study
    study.subject = "\(number)"
    (study.age, study.sex, study.mjoa) = (nil, nil, nil)
    study.detectionSHA256 = nil
    study.labels = []
    study.mapProblems = study.mapProblems.mapValues { _ in "it cannot be read" }
    guard var detection = study.detection else { return study }
    (detection.subject, detection.image, detection.imageSha256) = ("\(number)", "", nil)
    detection.patient.reason = detection.patient.reason.map(clean)
    for index in detection.segments.indices {
      detection.segments[index].reason = detection.segments[index].reason.map(clean)
    }
    for index in detection.slices.indices {
      detection.slices[index].reason = detection.slices[index].reason.map(clean)
    }
    detection.quality = detection.quality.map {
      QualityFlag($0.flag, clean($0.text), slices: $0.slices)
    }
    study.detection = detection
    return study
  }

  /// Does some work on the study; what it throws is said in the case's name, but for what befalls the
  /// session's own journals.
  func guarded<Value>(_ work: () throws -> Value) throws -> Value {
    do { return try work() } catch let error as JournalError {
      throw error
    } catch {
      throw TeachingError.unusable(number, clean("\(error)"))
    }
  }

  /// Does some work on the study's own journals, whose names tell the study: whatever it throws is said in
  /// the case's name.
  func covered<Value>(_ work: () throws -> Value) throws -> Value {
    do { return try work() } catch {
      throw TeachingError.unusable(number, clean("\(error)"))
    }
  }
}
