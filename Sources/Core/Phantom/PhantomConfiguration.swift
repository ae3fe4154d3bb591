/// What a generator makes.
public struct PhantomConfiguration: Equatable, Sendable {
  /// The scanner imitated.
  public var domain: PhantomDomain
  /// The class of studies made with `study(seed:index:)`; `nil` draws one per study.
  public var kind: PhantomClass?
  /// Sagittal slices per study.
  public var slices: Int
  /// Pixel edge over the domain's own; above 1 for quick tests.
  public var coarseness: Double

  /// Makes a configuration; slices and coarseness are limited to 1...64 and 0.5...8.
  public init(
    domain: PhantomDomain = .clinical, kind: PhantomClass? = nil, slices: Int = 11,
    coarseness: Double = 1
  ) {
    self.domain = domain
    self.kind = kind
    self.slices = max(1, min(64, slices))
    self.coarseness = coarseness.isFinite ? max(0.5, min(8, coarseness)) : 1
  }
}
