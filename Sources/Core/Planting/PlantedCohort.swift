public import Imaging

/// Real studies with lesions planted in some of them: which are made, and which of them may be
/// trained on.
public enum PlantedCohort {
  /// How the slices of a source become those of a planted study.
  public enum Partition: String, CaseIterable, Codable, Sendable {
    /// As acquired.
    case thin
    /// Averaged to partitions of about 3 mm.
    case mm3 = "3"
    /// Averaged to partitions of about 4 mm.
    case mm4 = "4"

    /// The thickness aimed at in mm; `nil` for slices as they are.
    public var thicknessMM: Double? {
      switch self {
      case .thin: nil
      case .mm3: 3
      case .mm4: 4
      }
    }

    /// The word in subjects' names.
    var tag: String { self == .thin ? "thin" : "mm\(rawValue)" }

    /// The class of studies without lesion in the tables.
    public var className: String { "unplanted-" + (self == .thin ? "thin" : "\(rawValue)mm") }
  }

  /// Which lesions are planted.
  public enum Lesions: String, CaseIterable, Codable, Sendable {
    /// Easy and hard studies in turns.
    case auto
    /// Only easy ones.
    case easy
    /// Only hard ones.
    case hard
  }

  /// The two complementary cohorts: what one plants the other leaves as it is.
  public enum Half: String, CaseIterable, Codable, Sendable {
    /// The first.
    case a
    /// Its complement.
    case b
  }

  /// What a cohort is made of.
  public struct Options: Equatable, Sendable {
    /// Which lesions are planted.
    public var lesions = Lesions.auto
    /// The partitions made of every source.
    public var partitions = Partition.allCases
    /// Studies of each source and partition.
    public var copies = 3
    /// Seed of everything drawn.
    public var seed: UInt64 = 1
    /// Share of the studies that are left without a lesion.
    public var cleanShare = 0.5
    /// Which half of the complementary cohorts.
    public var half = Half.a

    /// The defaults.
    public init() {}

    /// The options in words, as the dataset's description has them.
    var text: String {
      "lesions \(lesions.rawValue), partitions \(partitions.map(\.rawValue).joined(separator: " ")), "
        + "copies \(copies), clean share \(cleanShare), half \(half.rawValue), seed \(seed)"
    }
  }

  /// A study that a cohort is made from.
  public struct Source: Equatable, Sendable {
    /// Its subject among the originals.
    public var subject: String
    /// The patient: studies of one patient share it.
    public var sourceSubject: String
    /// SHA-256 of the original's image file.
    public var sha256: String
    /// SHA-256 of the file that the original was taken from, whose header texts it may lack: what is planted
    /// follows it.
    public var sourceSHA256: String
    /// Its voxel grid.
    public var shape: SIMD3<Int>
    /// Where the grid lies.
    public var affine: Affine

    /// Makes a source.
    ///
    /// - Parameter sourceSHA256: `nil` where the original is that file itself.
    public init(
      subject: String, sourceSubject: String, sha256: String, sourceSHA256: String? = nil,
      shape: SIMD3<Int>, affine: Affine
    ) {
      self.subject = subject
      self.sourceSubject = sourceSubject
      self.sha256 = sha256
      self.sourceSHA256 = sourceSHA256 ?? sha256
      self.shape = shape
      self.affine = affine
    }
  }

  /// One study to be made.
  public struct Unit: Equatable, Sendable {
    /// Its subject, without "sub-".
    public var subject: String
    /// The patient it comes from.
    public var sourceSubject: String
    /// How its slices are made.
    public var partition: Partition
    /// Which of the source's slices go into which of its own.
    public var slices: ThickPartitions
    /// How strong its lesions are; `nil` where none is planted.
    public var difficulty: LesionDifficulty?
    /// The seed of its lesions.
    public var seed: UInt64
  }

  /// Plans the studies of one source; nothing is made yet.
  ///
  /// Copies of a partition differ in where the slices begin, so that no two studies without lesion
  /// are the same picture: where a source has no other place left, a lesion is planted instead.
  /// - Parameter number: the source's place among the sources, from 0.
  public static func plan(_ source: Source, number: Int, options: Options) -> [Unit] {
    let seed = options.seed ^ (UInt64(source.sourceSHA256.prefix(16), radix: 16) ?? 0)
    var units: [Unit] = []
    var unplanted: Set<SlicePlacement> = []
    var planted = number
    for (kind, partition) in options.partitions.enumerated() {
      for copy in 0..<options.copies {
        guard let placement = SlicePlacement(source, partition, copy: copy, seed: seed) else {
          continue
        }
        let isClean = isClean(kind + copy + number, options) && unplanted.insert(placement).inserted
        if !isClean { planted += 1 }
        units.append(
          Unit(
            subject: "\(source.subject)\(partition.tag)n\(copy + 1)",
            sourceSubject: source.sourceSubject, partition: partition, slices: placement.slices,
            difficulty: isClean ? nil : difficulty(options.lesions, planted),
            seed: seed &+ UInt64(kind * 1000 + copy)))
      }
    }
    return units
  }

  /// Spreads the share evenly over the numbers; half `b` takes what `a` leaves.
  private static func isClean(_ number: Int, _ options: Options) -> Bool {
    func count(_ n: Int) -> Int { Int((Double(n) * options.cleanShare).rounded(.down)) }
    return (count(number + 1) > count(number)) == (options.half == .a)
  }

  private static func difficulty(_ lesions: Lesions, _ number: Int) -> LesionDifficulty {
    switch lesions {
    case .auto: number.isMultiple(of: 2) ? .easy : .hard
    case .easy: .easy
    case .hard: .hard
    }
  }
}

/// Where the slices of one study lie, as detection sees them: equal ones show the same picture.
private struct SlicePlacement: Hashable {
  let slices: ThickPartitions
  /// Slices averaged by detection, and where they begin.
  private let group: Int
  private let begin: Int

  /// `nil` where the source's slices are too thick, or too few, for the partition.
  init?(
    _ source: PlantedCohort.Source, _ partition: PlantedCohort.Partition, copy: Int, seed: UInt64
  ) {
    guard let stack = SagittalStack(shape: source.shape, affine: source.affine) else { return nil }
    let usual = ThickPartitions(shape: source.shape, affine: source.affine)
    var group = usual?.group ?? 1
    if let thickness = partition.thicknessMM {
      guard usual != nil else { return nil }
      group = max(2, Int((thickness / stack.spacingMM).rounded()))
    }
    // The same order of places for partitions of one thickness: with half of the studies planted,
    // thin and 3 mm ones take turns at each place.
    var random = PhantomRandom(seed: seed).stream("places", group)
    let places = random.shuffled(Array(0..<group))
    let start = places[copy % group]
    let count = (stack.count - start) / group
    guard count > 0 else { return nil }
    slices =
      partition == .thin
      ? ThickPartitions(axis: stack.axis, group: 1, start: start, count: count * group)
      : ThickPartitions(axis: stack.axis, group: group, start: start, count: count)
    self.group = group
    begin = start
  }

  static func == (a: SlicePlacement, b: SlicePlacement) -> Bool {
    a.group == b.group && a.begin == b.begin
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(group)
    hasher.combine(begin)
  }
}
