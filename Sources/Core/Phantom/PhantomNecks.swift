/// Which necks a cohort of phantoms has.
public enum PhantomNecks: String, CaseIterable, Codable, Sendable {
  /// As every benchmark, demo and training has them: worn discs and spurs at single levels, hardly any
  /// kyphosis, so that no K-line is crossed.
  case usual
  /// Three quarters straight or kyphotic with a thick ligament behind several bodies, the others as
  /// usual: necks whose K-line may be crossed.
  case kyphotic

  /// Share of necks with a thick ligament among the kyphotic cohort's.
  public static let ossifiedShare = 0.75
}
