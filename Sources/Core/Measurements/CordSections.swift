internal import Foundation
internal import Imaging

/// Sections across the cord, perpendicular to its smoothed centreline, every half millimetre.
///
/// Anterior-posterior diameters of cord and canal come from edges within the pixel; each is the
/// median over 1 mm to both sides, then a mean under a bell of 1 mm, because one pixel of 0.78 mm is
/// 11 % of a 7 mm cord.
struct CordSections: Sendable {
  /// One section.
  struct Section: Sendable {
    /// Arc length in mm from the upper end of the centreline.
    var arc: Double
    /// Middle of the cord.
    var centre: SIMD2<Double>
    /// Unit direction of the centreline downwards.
    var tangent: SIMD2<Double>
    /// Distances in mm from the centre to the cord's front and back edge.
    var cordFront: Double
    var cordBack: Double
    /// Distances in mm to the canal's front and back edge, where the canal is known.
    var canalFront: Double?
    var canalBack: Double?

    /// Why the cord is not seen as a whole here: it has left the slice to the side, or the picture.
    var lost: QualityIssue?

    /// Unit vector backwards, perpendicular to the cord.
    var back: SIMD2<Double> { [tangent.y, -tangent.x] }
    /// The cord's anterior-posterior diameter in mm.
    var cordAP: Double { cordFront + cordBack }
    /// The canal's.
    var canalAP: Double? { canalFront.flatMap { f in canalBack.map { f + $0 } } }
    /// CSF before and behind the cord in mm, not below 0.
    var csfFront: Double? { canalFront.map { max(0, $0 - cordFront) } }
    var csfBack: Double? { canalBack.map { max(0, $0 - cordBack) } }
    /// The middle of the canal.
    var canalCentre: SIMD2<Double>? {
      canalFront.flatMap { f in canalBack.map { centre + back * (($0 - f) / 2) } }
    }
  }

  /// From superior to inferior, every ``stepMM`` of arc length.
  let sections: [Section]

  /// Distance of the sections in mm.
  static let stepMM = 0.5
  /// Half the window in mm of the running median.
  static let medianMM = 1.0
  /// Deviation in mm of the bell that the medians are averaged under.
  static let bellMM = 1.0
  /// Deviation in mm of the centreline's smoothing.
  static let smoothingMM = 3.0
  /// The ends of a mask are cut across, not along: this much of them in mm is left out.
  static let endMM = 2.0
  /// No cord or canal is wider than twice this, in mm.
  static let reachMM = 20.0

  /// Measures a cord; `nil` when it is shorter than 10 mm.
  /// - Parameters:
  ///   - rowWeight: How much of the cord lies in the slice on each row; under a half its
  ///   diameters are those of its side.
  ///   - unseenRows: Rows on which the cord is cut by the edge of what was acquired.
  init?(
    cord share: ImageRaster, canal: ImageRaster?, rowWeight: [Float]? = nil,
    unseenRows: Set<Int> = []
  ) {
    guard let cord = SoftField(share) else { return nil }
    let canal = canal.flatMap { SoftField($0) }
    var line = Self.rowCentres(share)
    guard line.count >= 8 else { return nil }
    var found: [Section] = []
    for turn in 0..<3 {
      line = Self.resampled(Self.smoothed(line))
      guard Double(line.count - 1) * Self.stepMM >= 10 else { return nil }
      found = Self.measure(line, cord: cord, canal: turn == 2 ? canal : nil)
      guard found.count >= 8 else { return nil }
      line = found.map { $0.centre + $0.back * (($0.cordBack - $0.cordFront) / 2) }
    }
    guard let last = found.last?.arc else { return nil }
    let inner = found.filter { $0.arc >= Self.endMM && $0.arc <= last - Self.endMM }
    guard inner.count >= 8 else { return nil }
    var result = Self.belled(Self.medians(inner.map(Self.centred)))
    for n in result.indices {
      let row = Int((result[n].centre.y / SagittalGrid.spacing).rounded())
      if unseenRows.contains(row) {
        result[n].lost = .cordLeavesView
      } else if let rowWeight, rowWeight.indices.contains(row), rowWeight[row] < 0.5 {
        result[n].lost = .cordLeavesSlice
      }
    }
    sections = result
  }

  /// The mean place of the cord's share on each row.
  private static func rowCentres(_ share: ImageRaster) -> [SIMD2<Double>] {
    (0..<share.rows).compactMap { row in
      var (sum, total) = (0.0, 0.0)
      for column in 0..<share.columns where share[row, column] >= 0.25 {
        sum += Double(column) * Double(share[row, column])
        total += Double(share[row, column])
      }
      guard total >= 1 else { return nil }
      return SIMD2(sum / total, Double(row)) * SagittalGrid.spacing
    }
  }

  /// The mean over a bell about each point; the ends are continued straight, not pulled in.
  private static func smoothed(_ line: [SIMD2<Double>]) -> [SIMD2<Double>] {
    guard line.count > 2 else { return line }
    let d = line[1] - line[0]
    let spacing = max((d * d).sum().squareRoot(), 0.1)
    let radius = Int(3 * smoothingMM / spacing)
    let weights = (-radius...radius).map { n in
      let t = Double(n) * spacing / smoothingMM
      return exp(-0.5 * t * t)
    }
    let total = weights.reduce(0, +)
    return line.indices.map { n in
      var sum = SIMD2<Double>.zero
      for (w, m) in zip(weights, (n - radius)...(n + radius)) {
        sum += w * mirrored(line, m)
      }
      return sum / total
    }
  }

  /// A point of the line; beyond an end the point reflected through that end.
  private static func mirrored(_ line: [SIMD2<Double>], _ n: Int) -> SIMD2<Double> {
    let last = line.count - 1
    if n < 0 { return 2 * line[0] - line[min(-n, last)] }
    if n > last { return 2 * line[last] - line[max(2 * last - n, 0)] }
    return line[n]
  }

  /// Points every ``stepMM`` of arc length.
  private static func resampled(_ line: [SIMD2<Double>]) -> [SIMD2<Double>] {
    guard var before = line.first else { return [] }
    var result = [before]
    var rest = stepMM
    for point in line.dropFirst() {
      var d = point - before
      var length = (d * d).sum().squareRoot()
      while length >= rest, length > 0 {
        before += d * (rest / length)
        result.append(before)
        d = point - before
        length = (d * d).sum().squareRoot()
        rest = stepMM
      }
      rest -= length
      before = point
    }
    return result
  }

  private static func measure(
    _ line: [SIMD2<Double>], cord: SoftField, canal: SoftField?
  ) -> [Section] {
    line.indices.compactMap { n in
      let ahead = line[min(n + 2, line.count - 1)] - line[max(n - 2, 0)]
      let tangent = ahead / max((ahead * ahead).sum().squareRoot(), 1e-9)
      var section = Section(
        arc: Double(n) * stepMM, centre: line[n], tangent: tangent, cordFront: 0, cordBack: 0)
      guard cord.value(line[n]) >= 0.5,
        let front = cord.exit(from: line[n], along: -section.back, within: reachMM),
        let back = cord.exit(from: line[n], along: section.back, within: reachMM)
      else { return nil }
      (section.cordFront, section.cordBack) = (front, back)
      if let canal {
        section.canalFront = canal.exit(from: line[n], along: -section.back, within: reachMM)
          .map { max($0, front) }
        section.canalBack = canal.exit(from: line[n], along: section.back, within: reachMM)
          .map { max($0, back) }
      }
      return section
    }
  }

  /// The same section with its centre in the middle of the cord.
  private static func centred(_ section: Section) -> Section {
    var result = section
    let shift = (section.cordBack - section.cordFront) / 2
    result.centre += section.back * shift
    result.cordFront += shift
    result.cordBack -= shift
    result.canalFront = section.canalFront.map { $0 + shift }
    result.canalBack = section.canalBack.map { $0 - shift }
    return result
  }

  /// The running median of every distance over ``medianMM`` to both sides.
  private static func medians(_ sections: [Section]) -> [Section] {
    averaged(sections, within: medianMM) { values, _ in PlaneLine.median(values) }
  }

  /// The mean under a bell of ``bellMM``.
  private static func belled(_ sections: [Section]) -> [Section] {
    averaged(sections, within: 3 * bellMM) { values, offsets in
      let weights = offsets.map { exp(-0.5 * $0 * $0 / (bellMM * bellMM)) }
      return zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
    }
  }

  /// Each section with its cord and CSF averaged over those around it; `average` gets values and
  /// their offsets in mm.
  private static func averaged(
    _ sections: [Section], within mm: Double, _ average: ([Double], [Double]) -> Double
  ) -> [Section] {
    let reach = Int(mm / stepMM)
    return sections.indices.map { n in
      let own = sections[n]
      let low = max(n - reach, 0)
      let near = sections[low...min(n + reach, sections.count - 1)]
        .filter { abs($0.arc - own.arc) <= mm + 1e-9 }
      func mean(_ value: (Section) -> Double?) -> Double? {
        let known = near.filter { value($0) != nil }
        guard !known.isEmpty else { return nil }
        return average(known.compactMap(value), known.map { $0.arc - own.arc })
      }
      var result = own
      // Of the diameters, not of each edge: a bend moves both.
      let cord = mean(\.cordAP) ?? own.cordAP
      (result.cordFront, result.cordBack) = (cord / 2, cord / 2)
      result.canalFront = own.canalFront == nil ? nil : mean(\.csfFront).map { $0 + cord / 2 }
      result.canalBack = own.canalBack == nil ? nil : mean(\.csfBack).map { $0 + cord / 2 }
      return result
    }
  }
}

extension CordSections {
  /// Arc length of the section nearest to a place; `nil` beyond the measured ends by more than 3 mm.
  func arc(nearest p: SIMD2<Double>) -> Double? {
    var best: (distance: Double, section: Section)?
    for section in sections {
      let d = p - section.centre
      let distance = (d * d).sum()
      if distance < best?.distance ?? .infinity { best = (distance, section) }
    }
    guard let section = best?.section else { return nil }
    let along = ((p - section.centre) * section.tangent).sum()
    let isEnd = section.arc == sections.first?.arc || section.arc == sections.last?.arc
    if isEnd && abs(along) > 3 { return nil }
    return section.arc + min(max(along, -Self.stepMM), Self.stepMM)
  }

  /// Arc length at which a line crosses the centreline; `nil` where it does not.
  func arc(crossing line: PlaneLine) -> Double? {
    var best: (distance: Double, arc: Double)?
    for (a, b) in zip(sections, sections.dropFirst()) where b.arc - a.arc < 2 * Self.stepMM {
      let (u, v) = (
        ((a.centre - line.point) * line.normal).sum(),
        ((b.centre - line.point) * line.normal).sum()
      )
      guard u * v <= 0, u != v else { continue }
      let t = u / (u - v)
      let p = a.centre + (b.centre - a.centre) * t
      let distance = ((p - line.point) * (p - line.point)).sum()
      if distance < best?.distance ?? .infinity { best = (distance, a.arc + t * (b.arc - a.arc)) }
    }
    return best?.arc
  }

  /// The section nearest to an arc length; `nil` more than 1 mm from any.
  func section(at arc: Double) -> Section? {
    guard let best = sections.min(by: { abs($0.arc - arc) < abs($1.arc - arc) }),
      abs(best.arc - arc) <= 1
    else { return nil }
    return best
  }

  /// The sections between two arc lengths.
  func sections(from a: Double, to b: Double) -> [Section] {
    sections.filter { $0.arc >= a && $0.arc <= b }
  }

  /// The middle of the cord (or canal) at an arc length, linear between sections.
  func middle(at arc: Double, ofCanal: Bool) -> SIMD2<Double>? {
    guard let upper = sections.lastIndex(where: { $0.arc <= arc }) else { return nil }
    let a = sections[upper]
    let b = sections[min(upper + 1, sections.count - 1)]
    guard arc - a.arc <= 1, let p = ofCanal ? a.canalCentre : a.centre else { return nil }
    guard let q = ofCanal ? b.canalCentre : b.centre, b.arc > a.arc else { return p }
    return p + (q - p) * min((arc - a.arc) / (b.arc - a.arc), 1)
  }
}
