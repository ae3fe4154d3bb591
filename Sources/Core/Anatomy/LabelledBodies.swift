internal import Imaging

/// The centres of vertebral bodies and discs that a tool labelled by level.
enum LabelledBodies {
  /// Half the width in mm beside the cord's midline in which the body is measured.
  private static let halfWidthMM = 10.0
  /// A body lies at least this far in front of the cord's centre, in mm.
  private static let bodyAheadMM = 4.0

  /// The centre of each labelled body in RAS mm.
  ///
  /// Tools label whole vertebrae with their arches and spinous processes, whose centre lies far
  /// behind and below the body's. Where the cord is known only voxels in front of it near the
  /// midline count. A body cut by the volume's edge has no true centre and is left out, except C2,
  /// which is placed above the C2-3 disc.
  static func centres(
    _ spine: LabelVolume, line: CordCentreline?
  ) -> (centres: [VertebralLevel: SIMD3<Double>], quality: [QualityFlag]) {
    let labels = Dictionary(
      uniqueKeysWithValues: VertebralLevel.allCases.map { ($0.totalSpineSegLabel, $0) })
    let whole = LabelMoments(spine) { labels[$0] != nil }
    var body = whole
    if let line {
      body = LabelMoments(spine) {
        labels[$0] != nil
      } at: { index in
        isBody(spine.affine(SIMD3<Double>(index)), line)
      }
    }
    var result: [VertebralLevel: SIMD3<Double>] = [:]
    var used: [UInt16: LabelMoments.Moment] = [:]
    for (label, all) in whole.moments {
      guard let level = labels[label] else { continue }
      let part = body.moments[label]
      // A tenth of the voxels at least, or the cord line does not fit these labels.
      let moment = (part?.count ?? 0) * 10 >= all.count ? part ?? all : all
      used[label] = moment
      result[level] = spine.affine(SIMD3<Double>(moment.sum) / Double(moment.count))
    }
    var quality: [QualityFlag] = []
    for level in cutLevels(used, labels: labels, spine: spine) {
      result[level] = nil
      if level == .c2, let disc = discs(spine)[.c2] {
        result[.c2] = disc + [0, 0, DiscLevels.c2AboveDiscMM]
        quality.append(DiscLevels.c2Flag)
      }
    }
    return (result, quality)
  }

  /// The centre of each labelled disc in RAS mm, by the vertebra above it.
  static func discs(_ spine: LabelVolume) -> [VertebralLevel: SIMD3<Double>] {
    var labels: [UInt16: VertebralLevel] = [:]
    for level in VertebralLevel.allCases {
      if let label = level.totalSpineSegDiscLabel { labels[label] = level }
    }
    var result: [VertebralLevel: SIMD3<Double>] = [:]
    for (label, centre) in LabelMoments(spine, where: { labels[$0] != nil }).centres {
      if let level = labels[label] { result[level] = centre }
    }
    return result
  }

  private static func isBody(_ p: SIMD3<Double>, _ line: CordCentreline) -> Bool {
    let beside = line.point(atZ: p.z)
    return abs(p.x - beside.x) <= halfWidthMM && p.y >= beside.y + bodyAheadMM
  }

  /// The levels whose body ends at the volume's upper or lower edge and is shorter than 80 % of
  /// its neighbour.
  private static func cutLevels(
    _ moments: [UInt16: LabelMoments.Moment], labels: [UInt16: VertebralLevel],
    spine: LabelVolume
  ) -> [VertebralLevel] {
    let axis = spine.affine.axis(mostAlong: 2)
    let last = spine.shape[axis] - 1
    var heights: [VertebralLevel: Int] = [:]
    for (label, m) in moments {
      if let level = labels[label] { heights[level] = m.upper[axis] - m.lower[axis] + 1 }
    }
    return moments.compactMap { label, m in
      guard let level = labels[label], let height = heights[level],
        m.lower[axis] == 0 || m.upper[axis] == last
      else { return nil }
      // C2 with its dens is about 1.6 times as tall as C3.
      let factor = level == .c2 ? 1.3 : 0.8
      let neighbours = [level.rawValue - 1, level.rawValue + 1]
        .compactMap(VertebralLevel.init(rawValue:)).filter { $0 > .c2 }
      let typical = neighbours.compactMap { heights[$0] }.max()
      guard let typical else { return level }
      return Double(height) < factor * Double(typical) ? level : nil
    }.sorted()
  }
}
