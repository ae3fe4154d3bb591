/// All that is needed to make one phantom study, independently of all others.
public struct PhantomRecipe: Codable, Hashable, Sendable {
  /// Place in the cohort, from 0.
  public var index: Int
  /// Seed of this study alone.
  public var seed: UInt64
  /// The primary class.
  public var kind: PhantomClass
  /// The scanner imitated.
  public var domain: PhantomDomain

  /// Makes a recipe.
  public init(index: Int, seed: UInt64, kind: PhantomClass, domain: PhantomDomain) {
    self.index = index
    self.seed = seed
    self.kind = kind
    self.domain = domain
  }

  /// The subject's identifier without "sub-".
  public var subject: String {
    let digits = String(index + 1)
    return String(repeating: "0", count: max(0, 3 - digits.count)) + digits
  }
}

/// Cohorts of phantom patients.
public enum PhantomCohort {
  /// How classes are shared out.
  public enum Mix: Equatable, Sendable {
    /// All classes equally often, in random order.
    case benchmark
    /// Lesion classes with this probability, otherwise the lesion-free ones.
    case lesionRate(Double)
    /// Only one class.
    case only(PhantomClass)
  }

  /// Plans a cohort; nothing is painted yet.
  public static func plan(
    patients: Int, seed: UInt64, domain: PhantomDomain, mix: Mix = .benchmark
  ) -> [PhantomRecipe] {
    guard patients > 0 else { return [] }
    var random = PhantomRandom(seed: seed).stream("cohort")
    var bag: [PhantomClass] = []
    return (0..<patients).map { index in
      let kind: PhantomClass
      switch mix {
      case .only(let one): kind = one
      case .lesionRate(let rate):
        kind =
          random.chance(rate)
          ? random.pick(PhantomClass.lesions) : random.pick(PhantomClass.lesionFree)
      case .benchmark:
        // A fresh shuffled bag of all classes whenever one is used up: counts differ by one at most.
        if bag.isEmpty { bag = random.shuffled(PhantomClass.allCases) }
        kind = bag.removeLast()
      }
      return PhantomRecipe(index: index, seed: random.next(), kind: kind, domain: domain)
    }
  }
}
