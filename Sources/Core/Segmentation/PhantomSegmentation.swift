/// Automatic segmentation of phantoms that were not learned from, against their truth.
public struct PhantomSegmentation: Sendable {
  private let segmenter: AnatomySegmenter
  private let generator = PhantomGenerator()

  /// Prepares a network; each study is computed on the threads of its engine.
  public init(segmenter: AnatomySegmenter) { self.segmenter = segmenter }

  /// Paints a phantom, segments its image, and compares; `nil` when no cord was found.
  /// - Throws: what the engine throws.
  public func agreement(_ recipe: PhantomRecipe) throws -> SegmentationAgreement? {
    let phantom = generator.study(recipe)
    guard let found = try segmenter.segment(phantom.image) else { return nil }
    return SegmentationAgreement(found, reference: StudyLabels(truth: phantom.truth))
  }
}

extension StudyLabels {
  /// The true labels of a phantom.
  init(truth: PhantomTruth) {
    self.init(
      cord: truth.cord, canal: truth.canal, spine: truth.spine, landmarks: truth.landmarks,
      levelSource: .labelled)
  }
}
