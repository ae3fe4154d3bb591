internal import Imaging

extension LibrarySegmentation {
  /// Segments a study without writing anything and compares with the labels that other tools or
  /// readers made.
  ///
  /// - Returns: `nil` when no cord was found.
  /// - Throws: `LibraryError` when there is nothing to compare with; `ReadError`, `NetworkError`, and
  ///   `CancellationError` when cancelled.
  public func agreement(
    on study: LibraryStudy, isCancelled: () -> Bool = { false }
  ) throws -> SegmentationAgreement? {
    let (volume, reference) = try library.read(study, own: false)
    guard reference.cord != nil || reference.levelSource != .missing else {
      throw LibraryError.unusable(
        subject: study.subject, "no cord and no levels of a reader or another tool to compare with")
    }
    let found = try segmenter.segment(volume, isCancelled: isCancelled)
    if isCancelled() { throw CancellationError() }
    return found.map { SegmentationAgreement($0, reference: reference) }
  }
}
