/// Why a library's detections cannot stand on a model card.
public enum CalibrationError: Error, Equatable, CustomStringConvertible {
  /// A study's detection was made by other weights than the card's.
  case otherWeights(subject: String, detection: String, card: String)

  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .otherWeights(let subject, let detection, let card):
      "the detection of \(subject) was made by the weights \(detection), the card belongs to "
        + "\(card): run cordscope detect with the card's weights on the whole library, or name "
        + "the card of the weights that were used"
    }
  }
}
