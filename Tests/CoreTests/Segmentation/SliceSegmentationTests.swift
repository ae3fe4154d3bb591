import Foundation
import Imaging
import Testing

@testable import Core

@Suite("Slices of a damaged geometry")
struct DamagedSlabTests {
  @Test(
    "slices that lie next to nothing apart are counted by their number", arguments: [1e-30, 1e-12])
  func tiny(millimetres: Double) throws {
    let volume = ImageVolume(
      shape: [4, 3, 3], voxels: [Float](repeating: 1, count: 36),
      affine: Affine(i: [millimetres, 0, 0], j: [0, 1, 0], k: [0, 0, 1], origin: .zero))
    let slab = try #require(AnatomySlab(volume))
    #expect(slab.stack.count == 4)
    let beside = slab.neighbours(of: 1)
    #expect(beside.left == 1 && beside.right == 1)
  }
}

@Suite("Anatomy from maps")
struct SliceSegmentationTests {
  /// A drawn neck: canal with cord, eight bodies (C2 the tallest) with discs between them, a spinous process behind.
  private struct Neck {
    var tissues: [ImageRaster]
    var levels: [ImageRaster]
    static let rows = 256
    static let classes: [AnatomyLevel] = [.c2, .c3, .c4, .c5, .c6, .c7, .t1, .belowT1]

    init() {
      let empty = ImageRaster(rows: Self.rows, columns: 256, filledWith: 0)
      tissues = Array(repeating: empty, count: AnatomyTissue.allCases.count)
      levels = Array(
        repeating: empty.map { _ in -3 }, count: AnatomyLevel.allCases.count)
      fill(.background, 0..<256, 0..<256)
      fill(.csf, 10..<250, 120..<140)
      fill(.cord, 10..<250, 126..<134)
      for (index, level) in Self.classes.enumerated() {
        let top = 20 + index * 26
        // C2 with its dens.
        fill(.vertebra, (index == 0 ? 10 : top)..<top + 20, 92..<114, level)
        if index < 7 { fill(.disc, top + 20..<top + 26, 93..<115, level) }
      }
    }

    mutating func fill(
      _ tissue: AnatomyTissue, _ rows: Range<Int>, _ columns: Range<Int>,
      _ level: AnatomyLevel? = nil
    ) {
      for row in rows {
        for column in columns {
          for k in tissues.indices {
            tissues[k][row, column] = k == Int(tissue.rawValue) ? 1 : 0
          }
          if let level { levels[Int(level.rawValue)][row, column] = -0.1 }
        }
      }
    }

    var maps: AnatomyMaps { AnatomyMaps(tissues: tissues, levels: levels) }
  }

  @Test("a clean picture is taken as it is, and named")
  func clean() {
    let found = SliceSegmentation(Neck().maps)
    #expect(found.cord.pixels.count { $0 } == 240 * 8)
    #expect(found.canal.pixels.count { $0 } == 240 * 20)
    #expect(found.bodies.count == 8 && found.discs.count == 7)
    #expect(found.bodies.allSatisfy { !$0.isCut })
    let names = BodyNumbering(BodyNumbering.Body.column(found.bodies))
    #expect(
      names.isTrusted && names.levels == [.c2, .c3, .c4, .c5, .c6, .c7, .t1, .t2], "\(names)")
  }

  @Test("bodies that ran together over a faint disc are parted again; one tall body is not")
  func fused() {
    var neck = Neck()
    // The disc below C5 is taken for bone, but less surely than bone itself.
    let gap = 20 + 3 * 26 + 20
    neck.fill(.vertebra, gap..<gap + 6, 92..<114, .c5)
    let bone = Int(AnatomyTissue.vertebra.rawValue)
    for row in gap..<gap + 6 {
      for column in 92..<114 { neck.tissues[bone][row, column] = 0.65 }
    }
    let found = SliceSegmentation(neck.maps)
    #expect(found.bodies.count == 8)
    let covered = found.bodies.reduce(0) { $0 + $1.mask.pixels.count { $0 } }
    // All but the corners, which smoothing takes.
    #expect(covered > 8 * 20 * 22 + 6 * 22 - 40)
    // As sure as bone it stays one, and the guard has to speak.
    for row in gap..<gap + 6 {
      for column in 92..<114 { neck.tissues[bone][row, column] = 1 }
    }
    let fused = SliceSegmentation(neck.maps)
    #expect(fused.bodies.count == 7)
    #expect(!BodyNumbering(BodyNumbering.Body.column(fused.bodies)).isTrusted)
  }

  @Test("a lesion left out of the cord is cord, a second cord is not")
  func oneCord() {
    var neck = Neck()
    neck.fill(.background, 100..<106, 128..<132)
    neck.fill(.cord, 60..<90, 200..<208)
    let found = SliceSegmentation(neck.maps)
    #expect(found.cord[102, 130] && !found.cord[70, 204])
    #expect(found.canal[102, 130] && !found.canal[70, 204])
  }

  @Test("a cord that is interrupted stays one; its pieces lie in line")
  func interrupted() {
    var neck = Neck()
    neck.fill(.csf, 150..<160, 126..<134)
    let found = SliceSegmentation(neck.maps)
    #expect(found.cord[100, 130] && found.cord[200, 130] && !found.cord[155, 130])
  }

  @Test("bone behind the canal, far from it, or too small is no body")
  func noBodies() {
    var neck = Neck()
    neck.fill(.vertebra, 100..<112, 160..<190)
    neck.fill(.vertebra, 100..<120, 20..<50)
    neck.fill(.vertebra, 4..<9, 100..<106)
    #expect(SliceSegmentation(neck.maps).bodies.count == 8)
  }

  @Test("a body at the edge of what was seen is cut")
  func cut() {
    var neck = Neck()
    for row in 0..<30 {
      for column in 0..<256 {
        for k in neck.tissues.indices { neck.tissues[k][row, column] = 0 }
      }
    }
    let found = SliceSegmentation(neck.maps)
    #expect(found.bodies.map(\.isCut) == [true] + Array(repeating: false, count: 7))
  }

  @Test("windows join to what one window says; where nothing was imaged nothing is said")
  func mosaic() {
    let side = SagittalGrid.side
    #expect(AnatomyMosaic.starts(256) == [0] && AnatomyMosaic.starts(100) == [0])
    #expect(AnatomyMosaic.starts(400) == [0, 72, 144])
    let p: [Float] = [0.1, 0.6, 0.1, 0.1, 0.05, 0.03, 0.02]
    let q: [Float] = [0.2, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]
    let window = AnatomyPrediction(
      side: side, tissues: (0..<side * side).flatMap { _ in p },
      levels: (0..<side * side / 4).flatMap { _ in q })
    var covered = MaskRaster(rows: 400, columns: side, filledWith: true)
    covered[10, 10] = false
    var mosaic = AnatomyMosaic(rows: 400, columns: side)
    for row in AnatomyMosaic.starts(400) {
      mosaic.add(window, row: row, column: 0, covered: covered)
    }
    let maps = mosaic.maps()
    for (row, column) in [(0, 0), (100, 50), (399, 255)] {
      for k in p.indices { #expect(abs(maps.tissues[k][row, column] - p[k]) < 1e-5) }
      for k in q.indices { #expect(abs(exp(maps.levels[k][row, column]) - q[k]) < 1e-5) }
    }
    #expect(maps.tissues.allSatisfy { $0[10, 10] == 0 })
  }

  @Test("values between pixels are bilinear, and the edge's beyond")
  func interpolation() {
    let raster = ImageRaster(rows: 2, columns: 2, pixels: [0, 1, 2, 3])
    #expect(raster.interpolated(row: 0.5, column: 0.5) == 1.5)
    #expect(raster.interpolated(row: -4, column: 0.25) == 0.25)
    #expect(raster.interpolated(row: 9, column: 9) == 3)
  }
}
