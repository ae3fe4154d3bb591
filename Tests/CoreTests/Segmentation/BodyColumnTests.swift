import Foundation
import Imaging
import Testing

@testable import Core

@Suite("Bodies along the spine")
struct BodyColumnTests {
  /// Boxes on a straight line, inclined by some degrees, each a part of one picture.
  private struct InclinedSpine {
    var degrees: Double
    var depthMM = 20.0
    static let classes: [AnatomyLevel] = [.c2, .c3, .c4, .c5, .c6, .c7, .t1, .belowT1]

    private var down: SIMD2<Double> {
      [-sin(degrees * .pi / 180), cos(degrees * .pi / 180)]
    }

    /// Bodies 15 mm tall every 19 mm; C2 with its dens is twice as tall.
    func parts() -> [SliceSegmentation.Part] {
      Self.classes.enumerated().map { index, level in
        part(at: Double(index) * 19, heightMM: level == .c2 ? 30 : 15, level)
      }
    }

    func part(
      at place: Double, heightMM: Double, _ level: AnatomyLevel
    ) -> SliceSegmentation.Part {
      let centre = SIMD2(140.0, 30) + down * place
      var mask = MaskRaster(rows: 256, columns: 256, filledWith: false)
      for row in 0..<256 {
        for column in 0..<256 {
          let d = SIMD2(Double(column), Double(row)) * SagittalGrid.spacing - centre
          let along = abs((d * down).sum())
          let across = abs(d.x * down.y - d.y * down.x)
          mask[row, column] = along <= heightMM / 2 && across <= depthMM / 2
        }
      }
      let rows = (0..<256).filter { row in (0..<256).contains { mask[row, $0] } }
      return SliceSegmentation.Part(
        mask: mask,
        centre: (centre.y / SagittalGrid.spacing, centre.x / SagittalGrid.spacing),
        rows: (rows.first ?? 0)...(rows.last ?? 0), isCut: false,
        evidence: AnatomyLevel.allCases.map { log($0 == level ? 0.9 : 0.1 / 8) })
    }
  }

  @Test("heights and distances are those along the spine", arguments: [-15.0, 0, 25, 45])
  func measures(degrees: Double) {
    let bodies = BodyNumbering.Body.column(InclinedSpine(degrees: degrees).parts())
    for body in bodies.dropFirst() {
      #expect(abs(body.heightMM - 15) < 1.6, "\(body.heightMM) mm at \(degrees) degrees")
    }
    for (upper, lower) in zip(bodies, bodies.dropFirst()) {
      #expect(abs(lower.centreMM - upper.centreMM - 19) < 0.01)
    }
    let numbering = BodyNumbering(bodies)
    #expect(numbering.isTrusted && numbering.levels.first == .c2, "\(numbering.doubts)")
  }

  @Test("a fused pair of an inclined spine is noticed, whose rows do not tell it")
  func fused() {
    let spine = InclinedSpine(degrees: 45, depthMM: 24)
    var parts = spine.parts()
    parts.replaceSubrange(4...5, with: [spine.part(at: 4.5 * 19, heightMM: 34, .c6)])
    let ratio = Double(parts[4].rows.count) / Double(parts[3].rows.count)
    #expect(ratio < BodyNumbering.tallest)
    let numbering = BodyNumbering(BodyNumbering.Body.column(parts))
    #expect(numbering.doubts.contains { $0.hasPrefix("C6 may be two") }, "\(numbering.doubts)")
    #expect(numbering.usedLevel(5) == nil)
  }

  @Test("of a kyphotic neck names given anywhere in a body stick, and those in a disc do not")
  func kyphotic() throws {
    // Bodies 15 mm tall every 19 mm on an arc of 70 mm, the cord on one of 95 mm behind it.
    let (spineRadius, cordRadius) = (70.0, 95.0)
    let scale = cordRadius / spineRadius
    let column = BodyColumnTests.InclinedSpine.classes.enumerated().map { index, level in
      BodyNumbering.Body(
        centreMM: Double(index) * 19, heightMM: level == .c2 ? 30 : 15,
        evidence: AnatomyLevel.allCases.map { log($0 == level ? 0.9 : 0.1 / 8) }, isCut: false)
    }
    let arcs = column.map { $0.centreMM * scale }
    let bodies = BodyNumbering.Body.alongCord(column, at: arcs)
    for (body, arc) in zip(bodies, arcs) {
      #expect(body.centreMM == arc && abs((body.reachMM ?? 0) - body.heightMM * scale) < 1e-9)
    }
    func given(_ mm: Double) -> GivenNames {
      // A place of C5, so far below its middle along the spine.
      GivenNames([.c5: arcs[3] + mm * scale], on: bodies)
    }
    for mm in [-7.4, -4, 0, 4, 7.4] {
      #expect(given(mm).anchors == [.init(body: 3, level: .c5)], "\(mm) mm")
    }
    for mm in [-9.5, 9.5] {
      #expect(given(mm).anchors.isEmpty && given(mm).strays == [.c5], "\(mm) mm")
    }
    // The height along the spine alone loses the edges of the body.
    let short = bodies.map { body in
      var body = body
      body.reachMM = nil
      return body
    }
    #expect(GivenNames([.c5: arcs[3] + 7.4 * scale], on: short).anchors.isEmpty)
  }

  @Test("one body is measured along the rows; none gives none")
  func few() {
    let spine = InclinedSpine(degrees: 0)
    let one = BodyNumbering.Body.column([spine.part(at: 0, heightMM: 15, .c4)])
    #expect(one.count == 1 && abs((one.first?.heightMM ?? 0) - 15) < 1.6)
    #expect(BodyNumbering.Body.column([]).isEmpty)
  }
}
