import Foundation
import Imaging
import Testing

@testable import Core

@Suite("Curves perpendicular to the cord")
struct PerpendicularCurveTests {
  private static let grid = SagittalGrid(centre: .zero)

  /// A straight cord 9 px across that leans by some degrees, and how far along it each pixel lies
  /// from the middle of the picture.
  private struct Leaning {
    var mask = MaskRaster(rows: 256, columns: 256, filledWith: false)
    var along = ImageRaster(rows: 256, columns: 256, filledWith: 0)

    init(degrees: Double) {
      let (s, c) = (sin(degrees * .pi / 180), cos(degrees * .pi / 180))
      for row in 0..<256 {
        for column in 0..<256 {
          let (dr, dc) = (Double(row) - 128, Double(column) - 128)
          along[row, column] = Float(dr * c + dc * s)
          mask[row, column] = abs(dc * c - dr * s) <= 4.5 && (60...196).contains(row)
        }
      }
    }

    /// 1 where the cord's length lies within 3 px of its middle.
    var band: ImageRaster { along.map { abs($0) <= 3 ? 1 : 0 } }
  }

  @Test("a lesion straight across a leaning cord is seen whole, where rows thin it")
  func band() {
    let cord = Leaning(degrees: 40)
    let paper = PaperScoring(percentile: 0, erodes: false, meanWindow: 1)
    let rows = CordGeometry(cord: cord.mask, grid: Self.grid)
    let across = CordGeometry(cord: cord.mask, grid: Self.grid, sampling: .perpendicular)
    let thinned = paper.curve(cord.band, cord: rows)
    let whole = paper.curve(cord.band, cord: across)
    #expect(thinned.rows == whole.rows && thinned.zMM == whole.zMM)
    func at(_ row: Int, _ curve: AnoCurve) -> Float { curve.values[row - curve.rows[0]] }
    #expect(at(128, thinned) < 0.87 && at(128, whole) > 0.97)
    // 6 px along the cord are 4.6 rows; along rows the cord's width adds to it.
    #expect(whole.values.count { $0 > 0.1 } <= 7 && thinned.values.count { $0 > 0.1 } >= 8)
    // The same lesion in all: what rows spread is not lost.
    let sums = [thinned, whole].map { $0.values.reduce(0, +) }
    #expect(abs(sums[0] - sums[1]) < 0.1 * sums[0])
  }

  @Test(
    "lines lie across the cord and reach from edge to edge", arguments: [-50.0, -20, 0, 30, 45])
  func lines(degrees: Double) throws {
    let cord = Leaning(degrees: degrees)
    let geometry = CordGeometry(cord: cord.mask, grid: Self.grid, sampling: .perpendicular)
    let sections = try #require(geometry.sections)
    for row in 80...176 {
      let places = sections.cord[row].map { cord.along.pixels[$0.pixel] }
      let middle = CrossSections.mean(of: cord.along, on: sections.cord[row])
      #expect(places.allSatisfy { abs($0 - middle) < 1.2 }, "row \(row)")
      let length = sections.cord[row].reduce(0) { $0 + $1.weight } / 4
      #expect(abs(length - 9) <= 1.3, "row \(row): \(length) px")
      let core = sections.core[row].reduce(0) { $0 + $1.weight } / 4
      #expect(core >= 1 && core <= 4.5)
    }
    #expect(sections.cord[30].isEmpty)
  }

  @Test("on an upright cord both give the same curves")
  func upright() throws {
    let study = try SyntheticStudy(lesion: (128...137, 0.5)).prepared()
    let rows = try SyntheticStudy.detect(study)
    let across = try SyntheticStudy.detect(study, sampling: .perpendicular)
    #expect(rows.detection.curve.row == across.detection.curve.row)
    for (a, b) in zip(rows.detection.curve.value, across.detection.curve.value) {
      #expect(abs(a - b) < 1e-4)
    }
    for (a, b) in zip(rows.detection.opinions, across.detection.opinions) {
      let pair = (a.patientScore ?? 0, b.patientScore ?? 0)
      #expect(abs(pair.0 - pair.1) <= 1e-3 * max(1, abs(pair.0)), "\(a.detector)")
    }
  }

  @Test("what was used is recorded, and the card's thresholds say that they belong to rows")
  func recorded() throws {
    let study = try SyntheticStudy(lesion: (128...137, 0.5)).prepared()
    var card = ModelCard(name: "m", sha256: "00", thresholdSource: "cohort A")
    card.thresholds["z-score"] = .init(patient: 3, segment: 3)
    let rows = try SyntheticStudy.detect(study, card: card).detection
    #expect(rows.model.sampling == "rows" && rows.model.thresholdSource == "cohort A")
    let across = try SyntheticStudy.detect(study, card: card, sampling: .perpendicular).detection
    #expect(across.model.sampling == "perpendicular" && across.patient.flagged)
    let sources = [across.model.thresholdSource] + across.opinions.compactMap(\.thresholdSource)
    #expect(sources.count >= 4)
    for source in sources where source != ModelCard.startSource {
      #expect(source.hasPrefix("cohort A (for curves along rows"))
    }
    let read = try Detection.read(json: across.json(), path: "x.json")
    #expect(read == across)
    var old = String(decoding: try rows.json(pretty: false), as: UTF8.self)
    old = old.replacingOccurrences(of: "\"sampling\":\"rows\",", with: "")
    #expect(try Detection.read(json: Data(old.utf8), path: "x.json") == rows)
  }

  @Test("a cord of no length and one at the picture's edge do not trap")
  func edges() {
    for change in [
      { (m: inout MaskRaster) in m[0, 0] = true }, { for n in 0..<256 { $0[n, n] = true } },
      { for n in 0..<256 { $0[100, n] = true } }, { _ in },
    ] {
      var mask = MaskRaster(rows: 256, columns: 256, filledWith: false)
      change(&mask)
      let geometry = CordGeometry(cord: mask, grid: Self.grid, sampling: .perpendicular)
      let image = mask.map { $0 ? Float(1) : 0 }
      let curve = PaperScoring(percentile: 0, erodes: false).curve(image, cord: geometry)
      #expect(curve.rows == geometry.rows && curve.values.allSatisfy { abs($0 - 1) < 1e-5 })
    }
  }
}
