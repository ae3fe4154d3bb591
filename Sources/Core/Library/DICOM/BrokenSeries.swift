internal import Imaging

/// Series whose pixels turned out to be of no use.
struct BrokenSeries {
  /// By the place among the study's series, what is wrong and what to do.
  private(set) var reasons: [Int: String] = [:]
  /// The paths of the files concerned, as far as they are known.
  private(set) var files: [Int: String] = [:]

  /// Remembers why a series could not be decoded.
  mutating func add(_ index: Int, _ error: any Error) {
    guard var plain = error as? ReadError else {
      reasons[index] = "\(error)"
      return
    }
    if !plain.path.isEmpty { files[index] = plain.path.cleaned }
    // What is told of a series names no file: it may be called by the patient.
    (plain.path, plain.field, plain.offset) = ("", nil, nil)
    reasons[index] = "\(plain)"
  }
}
