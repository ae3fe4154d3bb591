extension Detection.Model {
  /// The weights as tables and screens name them: their name and the start of their hash.
  public var weights: String { "\(name) \(sha256.prefix(8))" }
}

/// Which weights made the detections of a list, in words.
public enum WeightsInUse {
  /// Each weights once, in the order in which they come first, with how many detections they made
  /// where there are several.
  public static func words(_ weights: [String]) -> [String] {
    var counts: [(name: String, count: Int)] = []
    for name in weights {
      if let known = counts.firstIndex(where: { $0.name == name }) {
        counts[known].count += 1
      } else {
        counts.append((name, 1))
      }
    }
    return counts.count == 1
      ? [counts[0].name] : counts.map { "\($0.name) (\($0.count) of \(weights.count))" }
  }
}

extension Detection.Model {
  /// Whether scores of two detections mean the same: equal weights, head, scorings and settings.
  /// Which scoring decides does not matter: all are stored.
  func isMadeAlike(_ other: Detection.Model) -> Bool {
    sha256 == other.sha256 && headSha256 == other.headSha256
      && scoringRevision == other.scoringRevision && context == other.context && mc == other.mc
      && seed == other.seed && sampling == other.sampling
  }
}
