import Foundation
import Imaging

@testable import Core

/// A thin-sliced volume of 1 mm with a bent cord in CSF, stored PSR as research scans often are.
struct SyntheticCord {
  var cord: Double = 200
  var csf: Double = 500
  var cordNoise = 6.0
  var csfNoise = 20.0
  var seed: UInt64 = 1
  /// Whether canal and levels are labelled.
  var isLabelled = true
  /// Sagittal slices, and their thickness in mm.
  var slices = 27
  var sliceMM = 1.0

  static let halfDepth = 4.0
  static let halfSide = 6.0
  static let canal = 4.0
  private static let rows = 130
  private static let columns = 48

  var affine: Affine {
    Affine(
      i: [0, -1, 0], j: [0, 0, 1], k: [sliceMM, 0, 0],
      origin: [-sliceMM * Double(slices - 1) / 2, 24, -65])
  }

  /// The cord's middle in the anterior direction (RAS y) at a height.
  static func middle(_ z: Double) -> Double { 5 * cos(z / 45) - 2.5 }

  private func sections() -> [(inCord: Bool, inCanal: Bool, isBody: Bool)] {
    var result: [(Bool, Bool, Bool)] = []
    for k in 0..<slices {
      for j in 0..<Self.rows {
        for i in 0..<Self.columns {
          let p = affine([Double(i), Double(j), Double(k)])
          let d = p.y - Self.middle(p.z)
          let cord = pow(d / Self.halfDepth, 2) + pow(p.x / Self.halfSide, 2)
          let canal =
            pow(d / (Self.halfDepth + Self.canal), 2) + pow(p.x / (Self.halfSide + Self.canal), 2)
          result.append((cord <= 1, canal <= 1, abs(p.y) < 22))
        }
      }
    }
    return result
  }

  private var shape: SIMD3<Int> { [Self.columns, Self.rows, slices] }

  var study: (image: ImageVolume, labels: StudyLabels) {
    var random = RandomSource(seed: seed)
    let sections = sections()
    let voxels = sections.map { section -> Float in
      let noise = Double(random.normal())
      if section.inCord { return Float((cord + cordNoise * noise).rounded()) }
      if section.inCanal { return Float((csf + csfNoise * noise).rounded()) }
      return Float(((section.isBody ? 120 : 5) + 3 * noise).rounded())
    }
    func mask(_ isIn: ((inCord: Bool, inCanal: Bool, isBody: Bool)) -> Bool) -> LabelVolume {
      LabelVolume(shape: shape, voxels: sections.map { isIn($0) ? 1 : 0 }, affine: affine)
    }
    var labels = StudyLabels(cord: mask { $0.inCord })
    if isLabelled {
      labels.canal = mask { $0.inCanal }
      labels.landmarks = Self.landmarks
      labels.levelSource = .labelled
    }
    return (ImageVolume(shape: shape, voxels: voxels, affine: affine), labels)
  }

  /// C2 to T1, 17 mm apart.
  static let landmarks: [VertebralLevel: SIMD3<Double>] = {
    var points: [VertebralLevel: SIMD3<Double>] = [:]
    for (n, level) in [VertebralLevel.c2, .c3, .c4, .c5, .c6, .c7, .t1].enumerated() {
      let z = 52 - 17 * Double(n)
      points[level] = [0, middle(z), z]
    }
    return points
  }()

  /// The study as files: image, cord, canal and level points, named as an import finds them.
  func write(to folder: URL, name: String) throws -> URL {
    let (image, labels) = study
    let url = folder.appendingPathComponent("\(name)_T2w.nii.gz")
    try NIfTI.write(image, to: url, as: .int16)
    func write(_ volume: LabelVolume?, _ role: LabelRole) throws {
      guard let volume else { return }
      try NIfTI.write(
        volume, to: folder.appendingPathComponent("\(name)_T2w\(role.ending).nii.gz"))
    }
    try write(labels.cord, .cord)
    try write(labels.canal, .canal)
    guard isLabelled, let inverse = affine.inverse else { return url }
    var points = LabelVolume(
      shape: shape, voxels: Array(repeating: 0, count: image.voxels.count), affine: affine)
    for (level, point) in labels.landmarks {
      let p = inverse(point).rounded(.toNearestOrAwayFromZero)
      // SCT numbers the vertebrae from C1 = 1.
      points[Int(p.x), Int(p.y), Int(p.z)] = UInt16(level.rawValue)
    }
    try write(points, .levels)
    return url
  }
}
