/// Why a library's detections cannot stand on a model card.
public enum CalibrationError: Error, Equatable, CustomStringConvertible {
  /// A study's detection was made by other weights than the card's.
  case otherWeights(subject: String, detection: String, card: String)
  /// A study's curves were not taken along rows, as those that a card's thresholds belong to are.
  case otherSampling(subject: String, sampling: String)
  /// A study's scores follow an earlier definition.
  case otherRevision(subject: String)
  /// Too few patients were read completely.
  case tooFew(lesions: Int, others: Int, needed: Int)
  /// The same, told a reader who has not signed all studies: how many there are would tell what others stated.
  case tooFewUntold(needed: Int)
  /// The detections that were read come from several weights or heads.
  case severalWeights(subjects: [String])
  /// The detections were made with several contexts, numbers of passes or seeds.
  case severalSettings(subjects: [String])
  /// No detector has a score on enough patients.
  case nothingAssessed(needed: Int)

  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .otherWeights(let subject, let detection, let card):
      "the detection of \(subject) was made by the weights \(detection), the card belongs to "
        + "\(card): run cordscope detect with the card's weights on the whole library, or name "
        + "the card of the weights that were used"
    case .otherSampling(let subject, let sampling):
      "the curves of \(subject) were taken as \(sampling), a card's thresholds and figures belong "
        + "to curves along rows: run cordscope detect --curve rows on the whole library"
    case .otherRevision(let subject):
      "the scores of \(subject) follow an earlier definition of the scorings: run cordscope detect "
        + "on the whole library"
    case .tooFew(let lesions, let others, let needed):
      "\(CountText.patients(lesions)) with lesion and \(others) without have present or absent stated on all "
        + "six segments; at least \(needed) of each are needed: read more studies"
    case .tooFewUntold(let needed):
      "too few patients with or without lesion have present or absent stated on all six segments, at least "
        + "\(needed) of each are needed; how many have is not told before you have signed all studies"
    case .severalWeights(let subjects):
      "the detections of \(subjects.joined(separator: " and ")) were made by different weights: "
        + "run cordscope detect on the whole library first"
    case .severalSettings(let subjects):
      "the detections of \(subjects.joined(separator: " and ")) were made with different context, "
        + "passes or seed: run cordscope detect on the whole library with one of them"
    case .nothingAssessed(let needed):
      "no detector could assess \(needed) patients with lesion and \(needed) without and their "
        + "segments: nothing can be calibrated"
    }
  }
}
