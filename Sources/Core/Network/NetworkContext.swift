/// Which patches of the image are tokens of the network (method, section 2).
public enum NetworkContext: Hashable, Sendable, CustomStringConvertible {
  /// All 1024 patches, as in the reference's code.
  case image
  /// The K patches nearest to the region of interest; K is raised to the region's own patches
  /// plus ``extraPatches`` where the region is larger (evidence, section 6).
  case nearest(Int)
  /// Only patches of the region of interest, the paper's wording.
  case roi

  /// Patches outside the region that `nearest` always keeps.
  public static let extraPatches = 64

  /// "image", "nearest(128)" or "roi", as stored with weights and detections.
  public var description: String {
    switch self {
    case .image: "image"
    case .nearest(let count): "nearest(\(count))"
    case .roi: "roi"
    }
  }

  /// The context of a stored name, or `nil`.
  public init?(_ text: some StringProtocol) {
    switch text {
    case "image": self = .image
    case "roi": self = .roi
    default:
      guard text.hasPrefix("nearest("), text.hasSuffix(")"),
        let count = Int(text.dropFirst("nearest(".count).dropLast()), count > 0
      else { return nil }
      self = .nearest(min(count, PatchGrid.count))
    }
  }

  /// The tokens of a region: grid indices of patches, ascending.
  ///
  /// - Parameter region: one flag per patch of the grid, whether it overlaps the region.
  public func tokens(region: [Bool]) -> [Int] {
    let inside = region.indices.filter { region[$0] }
    switch self {
    case .image: return Array(region.indices)
    case .roi: return inside
    case .nearest(let wanted):
      let count = min(region.count, max(wanted, inside.count + Self.extraPatches))
      let distance = PatchGrid.squaredDistances(to: inside)
      // Equal distances keep the order of the grid.
      let keys = distance.indices.map { distance[$0] * PatchGrid.count + $0 }.sorted()
      return keys.prefix(count).map { $0 % PatchGrid.count }.sorted()
    }
  }
}
