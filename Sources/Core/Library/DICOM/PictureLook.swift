public import Imaging

/// Looks at the picture of a series, whatever its header says of it.
public struct PictureLook: Sendable {
  /// What a picture shows.
  public struct Finding: Equatable, Sendable {
    /// Whether there is a spinal cord.
    public var hasCord: Bool
    /// The vertebrae beside it from superior to inferior; empty where they could not be named.
    public var levels: [VertebralLevel]
    /// Why it is no T2-weighted picture, as detection will say it; `nil` where nothing speaks against it.
    public var notT2: String?

    /// Makes a finding.
    public init(hasCord: Bool, levels: [VertebralLevel] = [], notT2: String? = nil) {
      (self.hasCord, self.levels, self.notT2) = (hasCord, levels, notT2)
    }

    /// The levels from C2 to T1, which detection is made for.
    var cervical: [VertebralLevel] { levels.filter { (.c2 ... .t1).contains($0) } }
  }

  /// The look itself; it throws what the engine throws.
  let look: @Sendable (ImageVolume) throws -> Finding

  /// Looks as a function says.
  public init(_ look: @escaping @Sendable (ImageVolume) throws -> Finding) { self.look = look }

  /// Looks with the anatomy network that comes with the program; `nil` where its weights are missing.
  ///
  /// - Parameter threads: how many the engine uses.
  public static func byAnatomyNetwork(threads: Int) -> PictureLook? {
    guard let weights = try? Assets.url(Assets.anatomyWeights),
      let engine = try? AnatomyEngine(contentsOf: weights, threads: threads)
    else { return nil }
    let segmenter = AnatomySegmenter(engine: engine)
    return PictureLook { volume in
      guard let found = try segmenter.segment(volume) else { return Finding(hasCord: false) }
      let names = found.numbering.used.compactMap { found.numbering.usedLevel($0) }
      return Finding(hasCord: true, levels: names, notT2: wrongContrast(volume, found.labels))
    }
  }

  /// What the check of contrast that detection makes says of a picture under the masks found in it.
  private static func wrongContrast(_ volume: ImageVolume, _ labels: StudyLabels) -> String? {
    guard let study = try? StudyPreparation.prepare(image: volume, labels: labels) else {
      return nil
    }
    return study.quality.first { $0.issue == .wrongContrast }?.text
  }
}
