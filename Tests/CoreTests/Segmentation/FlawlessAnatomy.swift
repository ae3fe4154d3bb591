import Imaging
import Testing

@testable import Core

/// A network that makes no error, for what is made of its findings.
enum FlawlessAnatomy {
  /// What a network would have found that makes no error, with names that may be shifted.
  static func found(
    _ truth: PhantomTruth, shift: Int = 0, doubts: [String] = []
  ) throws -> SegmentedStudy {
    let stack = try #require(SagittalStack(truth.cord))
    let middle = try #require(truth.landmarks[.c5])
    let grid = stack.grid(slice: stack.slice(nearestTo: middle), centredOn: middle)
    let empty = MaskRaster(rows: 256, columns: 256, filledWith: false)
    let levels = truth.landmarks.keys.sorted()
    let bodies = try levels.map { level in
      let pixel = grid.pixel(ras: try #require(truth.landmarks[level]))
      return SliceSegmentation.Part(
        mask: empty, centre: (pixel.row, pixel.column), rows: 0...1, isCut: false, evidence: [])
    }
    let tissue = ImageRaster(rows: 256, columns: 256, filledWith: 0)
    var central = SliceSegmentation(
      AnatomyMaps(
        tissues: Array(repeating: tissue, count: AnatomyTissue.allCases.count),
        levels: Array(repeating: tissue, count: AnatomyLevel.allCases.count)))
    central.bodies = bodies
    var numbering = BodyNumbering([], uppermost: .c2)
    numbering.levels = levels.map { VertebralLevel(rawValue: $0.rawValue + shift) }
    numbering.doubts = doubts
    numbering.used = doubts.isEmpty ? numbering.levels.indices : 0..<0
    let bodyNumbers = Set(VertebralLevel.allCases.map(\.totalSpineSegLabel))
    let discNumbers = Set(VertebralLevel.allCases.compactMap(\.totalSpineSegDiscLabel))
    return SegmentedStudy(
      labels: StudyLabels(truth: truth),
      bones: truth.spine.map { bodyNumbers.contains($0) ? 1 : discNumbers.contains($0) ? 2 : 0 },
      central: central, grid: grid, numbering: numbering)
  }
}
