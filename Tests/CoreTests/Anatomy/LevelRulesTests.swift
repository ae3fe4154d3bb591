import Imaging
import Testing

@testable import Core

@Suite("Levels")
struct LevelRulesTests {
  /// A straight vertical line from z = 0 down to z = -250.
  private let line = CordCentreline(
    points: (0...250).map { SIMD3<Double>(0, -40, -Double($0)) })

  @Test("a tilted cord has its arc length, not its height")
  func centreline() throws {
    // A cord that moves 3 mm backwards for every 4 mm down: 5 mm of cord.
    var cord = LabelVolume(
      shape: [3, 100, 60], voxels: Array(repeating: 0, count: 18000),
      affine: Affine(i: [1, 0, 0], j: [0, -3, 0], k: [0, 0, -4], origin: [0, 0, 0]))
    for k in 5..<55 { for i in 0..<3 { cord[i, k, k] = 1 } }
    let line = try #require(CordCentreline(cord: cord))
    #expect(abs(line.lengthMM - 49 * 5) < 1e-9)
    #expect(abs(line.arcLength(nearest: [1, -60, -80]) - 75) < 1e-9)
    let point = line.point(atArcLength: 75)
    #expect(abs(point.y + 60) < 1e-9 && abs(point.z + 80) < 1e-9)
    #expect(abs(line.point(atZ: -82).y + 61.5) < 1e-9)
    #expect(line.point(atZ: 500) == line.points.first)
  }

  @Test("no voxels, no line")
  func noLine() {
    let empty = LabelVolume(
      shape: [2, 2, 2], voxels: Array(repeating: 0, count: 8), affine: .identity)
    #expect(CordCentreline(cord: empty) == nil)
  }

  @Test("between two landmarks levels keep the typical proportions", arguments: [0.8, 1.0, 1.2])
  func interpolates(stretch: Double) throws {
    let line = try #require(line)
    let place = { (level: VertebralLevel) in
      SIMD3<Double>(0, -40, -stretch * LevelInterpolation.typicalPositionMM(level))
    }
    let labels = StudyLabels(landmarks: [.c2: place(.c2), .t2: place(.t2)])
    let levels = LevelRules.resolve(labels, along: line)
    #expect(levels.source == .interpolated)
    #expect(levels.quality.map(\.flag) == ["levels-interpolated"])
    #expect(levels.points.keys.sorted() == [.c2, .c3, .c4, .c5, .c6, .c7, .t1, .t2])
    for (level, point) in levels.points {
      #expect(abs(point.z - place(level).z) < 1e-6, "\(level.name)")
    }
  }

  @Test("a cord mask that ends before a landmark moves no level; one that ends far away gives none")
  func beyondTheMask() throws {
    let place = { (level: VertebralLevel) in
      SIMD3<Double>(0, -40, -LevelInterpolation.typicalPositionMM(level))
    }
    let labels = StudyLabels(landmarks: [.c2: place(.c2), .t2: place(.t2)])
    for (top, bottom) in [(38, 150), (0, 160), (38, 175)] {
      let short = try #require(
        CordCentreline(points: (top...bottom).map { SIMD3<Double>(0, -40, -Double($0)) }))
      let levels = LevelRules.resolve(labels, along: short)
      #expect(levels.source == .interpolated, "\(top) to \(bottom)")
      for (level, point) in levels.points {
        #expect(abs(point.z - place(level).z) < 1e-6, "\(level.name), \(top) to \(bottom)")
      }
    }
    let far = try #require(
      CordCentreline(points: (60...160).map { SIMD3<Double>(0, -40, -Double($0)) }))
    let none = LevelRules.resolve(labels, along: far)
    #expect(none.source == .missing)
    #expect(none.quality.first?.text.contains("C2 lies 40 mm beyond") == true, "\(none.quality)")
  }

  @Test("landmarks at an impossible distance, in the wrong order or without a cord give none")
  func refusesLandmarks() throws {
    let far = StudyLabels(landmarks: [.c2: [0, 0, 0], .c5: [0, 0, -240]])
    #expect(LevelRules.resolve(far, along: line).source == .missing)
    let upsideDown = StudyLabels(landmarks: [.c2: [0, 0, -50], .c3: [0, 0, 0]])
    let levels = LevelRules.resolve(upsideDown, along: line)
    #expect(levels.source == .missing)
    #expect(levels.quality.first?.text.contains("not below") == true)
    let alone = StudyLabels(landmarks: [.c2: [0, 0, 0], .t2: [0, 0, -130]])
    #expect(LevelRules.resolve(alone, along: nil).source == .missing)
    let single = StudyLabels(landmarks: [.c4: [0, 0, -60]])
    #expect(LevelRules.resolve(single, along: line).source == .missing)
    #expect(
      LevelRules.resolve(StudyLabels(), along: line).quality.map(\.flag) == ["levels-missing"])
  }

  @Test("names in the wrong order void what rests on names, not only the segments")
  func wrongOrder() {
    let labels = StudyLabels(
      landmarks: [.c3: [0, -40, -60], .c4: [0, -40, -40], .c5: [0, -40, -80]],
      levelSource: .labelled)
    let levels = LevelRules.resolve(labels, along: line)
    #expect(levels.source == .missing && levels.points.isEmpty)
    #expect(levels.quality.names == ["levels-missing", "levels-implausible"])
    #expect(QualityIssue.levelsImplausible.voids.contains(.alignment))
  }

  @Test("unbroken landmarks are taken as they are")
  func takesLandmarks() {
    let points: [VertebralLevel: SIMD3<Double>] = [
      .c2: [0, 0, 0], .c3: [0, 0, -20], .c4: [0, 0, -41],
    ]
    let levels = LevelRules.resolve(
      StudyLabels(landmarks: points, levelSource: .counted), along: nil)
    #expect(levels.points == points && levels.source == .counted && levels.quality.isEmpty)
  }

  @Test("disc points become mid-vertebra by halves, C2 by its typical height")
  func discs() {
    let volume = Self.discVolume([3: 20, 4: 30, 5: 42, 8: 80])
    let labels = LabelConvention.sctDiscs.studyLabels(from: volume)
    let levels = LevelRules.resolve(labels, along: nil)
    #expect(levels.points.keys.sorted() == [.c2, .c3, .c4])
    #expect(levels.points[.c3]?.z == -25 && levels.points[.c4]?.z == -36)
    #expect(abs((levels.points[.c2]?.z ?? 0) - (-20 + 18.7)) < 1e-9)
    #expect(labels.quality.map(\.flag) == ["c2-estimated"])
    #expect(levels.source == .discs)
    // Two discs with others between them bound no vertebra, and that is said.
    let apart = LabelConvention.sctDiscs.studyLabels(from: Self.discVolume([4: 30, 6: 60]))
    #expect(apart.landmarks.isEmpty && apart.quality.names == ["levels-missing"])
    #expect(apart.quality.first?.text.contains("(below C3, below C5)") == true)
  }

  private static func discVolume(_ discs: [UInt16: Int]) -> LabelVolume {
    var volume = LabelVolume(
      shape: [1, 1, 100], voxels: Array(repeating: 0, count: 100),
      affine: Affine(i: [1, 0, 0], j: [0, 1, 0], k: [0, 0, -1], origin: .zero))
    for (label, k) in discs { volume[0, 0, k] = label }
    return volume
  }

  @Test("arches and spinous processes do not pull a labelled vertebra's centre")
  func bodiesOnly() throws {
    // Bodies at j 5...14, cord at j 25...29, a large arch behind and below at j 40...59.
    let affine = Affine(i: [2, 0, 0], j: [0, -1, 0], k: [0, 0, -1], origin: [-10, 0, 0])
    var spine = LabelVolume(
      shape: [11, 60, 130], voxels: Array(repeating: 0, count: 11 * 60 * 130), affine: affine)
    var cord = spine
    for k in 0..<130 { for j in 25...29 { for i in 4...6 { cord[i, j, k] = 1 } } }
    for (n, level) in [VertebralLevel.c3, .c4, .c5].enumerated() {
      for i in 2...8 {
        for k in 0..<15 {
          for j in 5...14 { spine[i, j, 20 + 25 * n + k] = level.totalSpineSegLabel }
          for j in 40...59 { spine[i, j, 32 + 25 * n + k] = level.totalSpineSegLabel }
        }
      }
    }
    let levels = LevelRules.resolve(
      StudyLabels(cord: cord, spine: spine), along: CordCentreline(cord: cord))
    #expect(levels.source == .labelled)
    #expect(levels.points[.c3]?.z == -27 && levels.points[.c5]?.z == -77)
    #expect(levels.points[.c4]?.y == -9.5)
  }

  @Test("a vertebra missing between labelled ones is placed along the cord, and named as such")
  func hole() throws {
    var spine = LabelVolume(
      shape: [5, 40, 120], voxels: Array(repeating: 0, count: 5 * 40 * 120),
      affine: Affine(i: [2, 0, 0], j: [0, -1, 0], k: [0, 0, -1], origin: .zero))
    var cord = spine
    for k in 0..<120 { for j in 25...29 { cord[2, j, k] = 1 } }
    for (level, top) in [(VertebralLevel.c3, 20), (VertebralLevel.c5, 60)] {
      for k in top..<(top + 15) {
        for j in 5...14 { for i in 0..<5 { spine[i, j, k] = level.totalSpineSegLabel } }
      }
    }
    let levels = LevelRules.resolve(
      StudyLabels(cord: cord, spine: spine), along: CordCentreline(cord: cord))
    #expect(levels.points.keys.sorted() == [.c3, .c4, .c5])
    #expect(levels.quality.names == ["levels-interpolated"])
    #expect(levels.quality.first?.text.contains("between these: C4;") == true)
  }

  @Test("a vertebra cut by the volume's edge has no centre")
  func cutBody() throws {
    var spine = LabelVolume(
      shape: [3, 10, 70], voxels: Array(repeating: 0, count: 2100),
      affine: Affine(i: [1, 0, 0], j: [0, -1, 0], k: [0, 0, -1], origin: .zero))
    let rows: [VertebralLevel: ClosedRange<Int>] = [
      .c3: 5...19, .c4: 25...39, .c5: 45...59, .c6: 65...69,
    ]
    for (level, range) in rows {
      for k in range {
        for j in 0..<10 { for i in 0..<3 { spine[i, j, k] = level.totalSpineSegLabel } }
      }
    }
    let levels = LevelRules.resolve(StudyLabels(spine: spine), along: nil)
    #expect(levels.points.keys.sorted() == [.c3, .c4, .c5])
    #expect(levels.points[.c4]?.z == -32)
  }
}
