internal import Foundation
internal import Imaging

/// Studies that others have labelled, for a network to learn from.
public struct LabelledAnatomy: Sendable {
  /// The network that goes on learning; what labels do not tell is taken from it.
  let start: AnatomyEngine
  let studies: [LabelledAnatomyStudy]
  /// "studies 11, 22 of errsm by their labels".
  let words: String

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
      "studies \(names.joined(separator: ", ")) of \(library.root.lastPathComponent.cleaned) by the "
      + "labels of others"
  }
}

extension AnatomySettings {
  /// The shape of a network that goes on learning, and fewer and smaller steps.
  public mutating func goOn(from lesson: LabelledAnatomy) {
    configuration = lesson.start.weights.configuration
    steps = 600
    learningRate = LearningRate(peak: 4e-4, warmUp: 50, floor: 0.01)
  }
}
