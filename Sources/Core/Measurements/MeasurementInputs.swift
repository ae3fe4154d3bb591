internal import Imaging

/// What values are measured from, in words: places are (posterior, inferior) of the centre of the
/// slice's first pixel, in mm.
extension SIMD2 where Scalar == Double {
  /// A place: "(81.0, 94.1) mm".
  var words: String { "(\(x.tenths), \(y.tenths)) mm" }
}

extension BodyOutline {
  /// An endplate: "C2 inferior endplate (83.9, 40.2) to (72.0, 41.3) mm", from back to front over the
  /// length that its line was fitted to.
  func words(_ side: Side) -> [String] {
    guard case .line(let line, _, let length) = self[side] else { return [] }
    let half = line.direction * (length / 2)
    return [
      "\(level.name) \(side.rawValue) endplate \((line.point - half).words) to "
        + (line.point + half).words
    ]
  }
}

extension CordSections.Section {
  /// An edge on the section.
  enum Edge: String {
    case cordFront = "cord front"
    case cordBack = "cord back"
    case canalFront = "canal front"
    case canalBack = "canal back"
  }

  /// Edges with their places: "cord front (81.0, 94.1) mm"; without those of a canal that is not known.
  func words(_ edges: [Edge]) -> [String] {
    edges.compactMap { edge in
      let behind: Double? =
        switch edge {
        case .cordFront: -cordFront
        case .cordBack: cordBack
        case .canalFront: canalFront.map { -$0 }
        case .canalBack: canalBack
        }
      return behind.map { "\(edge.rawValue) \((centre + back * $0).words)" }
    }
  }

  /// Its row on the slice's grid: "row 120.3".
  var rowWords: String { "row \((centre.y / SagittalGrid.spacing).tenths)" }
}
