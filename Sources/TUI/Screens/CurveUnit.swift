internal import Core

extension StudyDetector.Scoring {
  /// What the AnoCurve's values are, in as many words as fit a wide and a narrow screen.
  var curveUnit: (long: String, short: String) {
    switch self {
    case .core: ("signed error, part of the cord-to-CSF step", "part of cord-to-CSF step")
    case .paper: ("error kept, mean across the cord", "mean error kept")
    case .zScore: ("signed error, standard deviations", "standard deviations")
    case .head: ("log-odds of a lesion", "log-odds")
    case .joint: ("geometric mean of z and LC61, no unit", "z with LC61, no unit")
    case .headJoint: ("geometric mean of head and LC61, no unit", "head with LC61")
    }
  }
}
