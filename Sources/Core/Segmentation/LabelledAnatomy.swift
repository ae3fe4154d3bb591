internal import Foundation
internal import Imaging

/// What a network goes on from: itself, and studies that others have labelled, if there are any.
public struct LabelledAnatomy: Sendable {
  /// The network that goes on learning; what labels do not tell is taken from it.
  let start: AnatomyEngine
  let studies: [LabelledAnatomyStudy]
  /// "from weights 1a2b3c4d; beside them studies 11, 22 of errsm by the labels of others".
  let words: String

  /// Goes on from a network with phantoms alone.
  public init(start: AnatomyEngine) {
    self.start = start
    studies = []
    words = Self.words(start)
  }

  private static func words(_ start: AnatomyEngine) -> String {
    "from weights \(start.sha256.prefix(16))"
  }

  /// Whether there are labelled studies.
  public var isLabelled: Bool { !studies.isEmpty }

  /// Reads the studies of a library that a reader or another tool has given a cord.
  ///
  /// - Parameters:
  ///   - without: subjects that are kept apart, to be measured on.
  ///   - progress: called with the fraction done.
  /// - Throws: `LibraryError` when nothing can be learned from or a subject is unknown; `ReadError`,
  ///   `NetworkError`.
  public init(
    from library: StudyLibrary, without: Set<String>, start: AnatomyEngine,
    progress: (Double) -> Void = { _ in }
  ) throws {
    for subject in without.sorted() { _ = try library.usableStudy(subject) }
    let kept = Set(try without.map { try library.usableStudy($0).participant })
    let segmenter = AnatomySegmenter(engine: start)
    var (names, studies): ([String], [LabelledAnatomyStudy]) = ([], [])
    for (n, study) in library.studies.enumerated() where study.problem == nil {
      progress(Double(n) / Double(library.studies.count))
      guard !kept.contains(study.participant),
        library.labelFiles(of: study, own: false)[.cord] != nil
      else { continue }
      let (volume, reference) = try library.read(study, own: false)
      guard let found = try segmenter.segment(volume),
        let own = LabelledAnatomyStudy(volume, reference: reference, found: found)
      else { continue }
      studies.append(own)
      names.append(study.subject.cleaned)
    }
    guard !studies.isEmpty else { throw LibraryError.nothingLabelled(library.root.path) }
    self.start = start
    self.studies = studies
    words =
      Self.words(start)
      + "; beside them studies \(names.joined(separator: ", ")) of \(library.root.lastPathComponent.cleaned) by the "
      + "labels of others"
  }
}

extension AnatomySettings {
  /// The shape of a network that goes on learning, fewer and smaller steps, and more weight on
  /// compressions, which it learns last.
  public mutating func goOn(from lesson: LabelledAnatomy) {
    configuration = lesson.start.weights.configuration
    steps = 600
    learningRate = LearningRate(peak: 4e-4, warmUp: 50, floor: 0.01)
    loss.contact = 6
  }
}
