extension SagittalAlignment {
  /// The least change of an angle in degrees that tells from readers' own scatter: published of the C2-C7
  /// Cobb angle on radiographs (Asian Spine J 2020;14:169); for slopes it is ours.
  static let detectableDegrees = 5.0

  /// The values and the vertebrae whose outlines they are taken from.
  private static var values: [(WritableKeyPath<Self, MeasuredValue>, Set<VertebralLevel>)] {
    [
      (\.cobbDeg, [.c2, .c7]), (\.c2SlopeDeg, [.c2]), (\.t1SlopeDeg, [.t1]),
      (\.t1SlopeMinusCobbDeg, [.c2, .c7, .t1]), (\.c2C7SvaCornerMm, [.c2, .c7]),
      (\.c2C7SvaCentroidMm, [.c2, .c7]),
    ]
  }

  private static var angles: [WritableKeyPath<Self, MeasuredValue>] {
    [\.cobbDeg, \.c2SlopeDeg, \.t1SlopeDeg, \.t1SlopeMinusCobbDeg]
  }

  /// Measures the alignment on the mean outlines of a slice and of those beside it, which on real necks
  /// repeats better than one slice (results 018), and doubts an angle that single slices contradict.
  /// - Parameters:
  ///   - own: The slice's own outlines.
  ///   - beside: Those of its neighbours.
  init(_ slice: SegmentedSlice, own: SpineOutline, beside: [SpineOutline]) {
    let single = SagittalAlignment(own)
    let alone = [single] + beside.map { SagittalAlignment($0) }
    let mean = slice.meanBodies
    guard !mean.averaged.isEmpty else {
      self = single
      doubt(by: alone)
      return
    }
    var averaged = slice
    averaged.bodies = mean.bodies
    self = SagittalAlignment(SpineOutline(averaged))
    let isLost = Self.angles.contains {
      self[keyPath: $0].value == nil && single[keyPath: $0].value != nil
    }
    if isLost {
      // What one slice shows is not lost for the mean, and the angles of a report add up.
      self = single
      doubt(by: alone)
      return
    }
    for (value, levels) in Self.values {
      if self[keyPath: value].value == nil, single[keyPath: value].value != nil {
        self[keyPath: value] = single[keyPath: value]
      } else if self[keyPath: value].value != nil {
        let names = levels.intersection(mean.averaged).sorted().map(\.name)
        if !names.isEmpty {
          self[keyPath: value].inputs.append(
            "mean outline of 3 slices: \(names.joined(separator: ", "))")
        }
      }
    }
    doubt(by: alone)
  }

  /// Doubts the angles from which those of a single slice differ by more than readers can tell.
  private mutating func doubt(by slices: [SagittalAlignment]) {
    for angle in Self.angles {
      guard let value = self[keyPath: angle].value else { continue }
      let single = slices.compactMap { $0[keyPath: angle].value }
      guard single.contains(where: { abs($0 - value) > Self.detectableDegrees }) else { continue }
      self[keyPath: angle].warn(
        QualityFlag(
          "angle-varies",
          "This slice and those beside it, each alone, give "
            + "\(single.map(\.tenths).joined(separator: ", ")) deg: more than "
            + "\(Self.detectableDegrees.tenths) deg off, which readers' own scatter does not explain."
        ))
    }
  }
}
