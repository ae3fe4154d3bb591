import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Planting lesions")
struct LesionPlantingTests {
  static let source = SyntheticCord().study

  static func planting() throws -> LesionPlanting {
    try LesionPlanting(image: source.image, labels: source.labels)
  }

  @Test("only voxels with a share of lesion change, all in the cord", arguments: 0..<6)
  func onlyLesionChanges(seed: UInt64) throws {
    let planted = try Self.planting().plant(seed % 2 == 0 ? .easy : .hard, seed: seed)
    let cord = try #require(Self.source.labels.cord)
    var full = 0
    for n in planted.image.voxels.indices {
      let (old, new) = (Self.source.image.voxels[n], planted.image.voxels[n])
      let share = planted.share.voxels[n]
      #expect(share >= 0 && share <= 1)
      if share == 0 {
        #expect(new == old)
      } else {
        #expect(cord.voxels[n] == 1)
      }
      if share >= 0.5 {
        full += 1
        #expect(new != old)
      }
    }
    #expect(full > 100, "seed \(seed)")
  }

  @Test("the signal lies between cord and CSF, with the mean and spread drawn", arguments: 0..<8)
  func signalStatistics(seed: UInt64) throws {
    let planted = try Self.planting().plant(.easy, seed: seed)
    let inverse = try #require(planted.image.affine.inverse)
    for lesion in planted.lesions {
      #expect(abs(lesion.cordMean - 200) < 3 && abs(lesion.csfMean - 513) < 8)
      #expect(abs(lesion.cordDeviation - 6) < 1.5 && abs(lesion.csfDeviation - 20) < 5)
      #expect(lesion.mean > lesion.cordMean && lesion.mean <= lesion.csfMean)
      #expect((lesion.cordDeviation...lesion.csfDeviation).contains(lesion.deviation))
      let centre = inverse(SIMD3(lesion.centreMm))
      var values: [Double] = []
      for n in planted.share.voxels.indices where planted.share.voxels[n] >= 0.99 {
        // Only this lesion's voxels: the others lie elsewhere along the cord.
        let j = Double(n / planted.share.shape.x % planted.share.shape.y)
        guard abs(j - centre.y) <= lesion.lengthMm / 2 else { continue }
        values.append(Double(planted.image.voxels[n]))
      }
      guard values.count >= 40 else { continue }
      let mean = values.reduce(0, +) / Double(values.count)
      let variance =
        values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
      #expect(abs(mean - lesion.mean) < 0.5 * lesion.deviation + 2, "seed \(seed): \(mean)")
      #expect(variance.squareRoot() < 1.5 * lesion.deviation, "seed \(seed)")
      #expect(variance.squareRoot() > 0.6 * lesion.deviation, "seed \(seed)")
    }
  }

  @Test("the ellipse has the proportions of appendix A.1 and lies along the cord", arguments: 0..<8)
  func geometry(seed: UInt64) throws {
    let planting = try Self.planting()
    let planted = try planting.plant(.hard, seed: seed)
    #expect((1...3).contains(planted.lesions.count))
    for lesion in planted.lesions {
      #expect(abs(lesion.cordWidthMm - 8) < 1.2, "the cord is 8 mm deep: \(lesion.cordWidthMm)")
      #expect((0.7...1).contains(lesion.widthMm / lesion.cordWidthMm))
      #expect((1...4).contains(lesion.lengthMm / lesion.widthMm))
      #expect((0.08...0.45).contains(lesion.contrast))
      let centre = SIMD3(lesion.centreMm)
      #expect(abs(centre.y - SyntheticCord.middle(centre.z)) < 2.5)
      // The ellipse itself is where half of the lesion's strength is left, also along the bend.
      func share(_ along: Double, _ depth: Double) -> Double {
        lesion.share(
          at: .init(
            along: lesion.alongMm + along * lesion.lengthMm / 2,
            depth: lesion.depthMm + depth * lesion.widthMm / 2, side: lesion.sideMm))
      }
      #expect(abs(share(1, 0) - 0.5) < 1e-9 && abs(share(0, -1) - 0.5) < 1e-9)
      #expect(share(0, 0) == 1 && share(1 + lesion.fade, 0) < 1e-9)
    }
    for (a, b) in zip(planted.lesions, planted.lesions.dropFirst()) {
      #expect(b.alongMm - b.reachMM >= a.alongMm + a.reachMM + 1 - 1e-9)
    }
  }

  @Test("the same seed gives the same voxels, another seed others")
  func determinism() throws {
    let planting = try Self.planting()
    let a = try planting.plant(.easy, seed: 7)
    let b = try Self.planting().plant(.easy, seed: 7)
    #expect(a.image.voxels == b.image.voxels && a.share.voxels == b.share.voxels)
    #expect(a.lesions == b.lesions)
    #expect(try planting.plant(.easy, seed: 8).image.voxels != a.image.voxels)
  }

  @Test("partial volume: in thick partitions the edge slices hold less of the lesion")
  func thickPartitions() throws {
    let planting = try Self.planting()
    let unit = PlantedCohort.Unit(
      subject: "x", sourceSubject: "x", partition: .mm3,
      slices: ThickPartitions(axis: 2, group: 3, start: 0, count: 9), difficulty: .easy, seed: 3)
    let study = try PlantedStudy(
      unit, from: Self.source.image, labels: Self.source.labels, planting: planting)
    let plain = unit.slices.image(Self.source.image)
    #expect(study.image.shape == [48, 130, 9] && study.labels.cord?.shape == study.image.shape)
    for n in plain.voxels.indices {
      let change = study.image.voxels[n] - plain.voxels[n]
      if study.share.voxels[n] == 0 { #expect(change == 0) }
      #expect((study.lesion.voxels[n] == 1) == (study.share.voxels[n] >= 0.5))
    }
    #expect(study.lesion.voxels.contains(1))
    #expect(study.share.voxels.contains { $0 > 0.05 && $0 < 0.5 })
  }

  @Test("segments: only those with levels and cord have truth, and lesions lie in them")
  func assessableSegments() throws {
    var labels = Self.source.labels
    labels.landmarks = labels.landmarks.filter { [.c4, .c5, .c6].contains($0.key) }
    let planting = try LesionPlanting(image: Self.source.image, labels: labels)
    #expect(planting.assessable == [.c4c5, .c5c6])
    for seed in 0..<10 as Range<UInt64> {
      for lesion in try planting.plant(.easy, seed: seed).lesions {
        #expect(lesion.centreMm[2] <= 18.5 && lesion.centreMm[2] >= -16.5)
      }
    }
    #expect(try Self.planting().assessable == SpinalSegment.allCases)
    labels.landmarks = [:]
    labels.levelSource = .missing
    #expect(try LesionPlanting(image: Self.source.image, labels: labels).assessable.isEmpty)
  }

  @Test("a study that cannot be planted in says why")
  func refusals() throws {
    let (image, labels) = Self.source
    func problem(_ image: ImageVolume, _ labels: StudyLabels) -> String? {
      do {
        _ = try LesionPlanting(image: image, labels: labels).plant(.easy, seed: 1)
        return nil
      } catch let error as PlantingError {
        return error.description
      } catch { return nil }
    }
    #expect(problem(image, StudyLabels())?.contains("no cord mask") == true)
    let empty = LabelVolume(
      shape: image.shape, voxels: Array(repeating: 0, count: image.voxels.count),
      affine: image.affine)
    #expect(problem(image, StudyLabels(cord: empty))?.contains("no cord mask") == true)
    var short = try #require(labels.cord)
    for n in short.voxels.indices where !(60..<68).contains(n / 48 % 130) { short.voxels[n] = 0 }
    #expect(problem(image, StudyLabels(cord: short))?.contains("too short") == true)
    var dark = SyntheticCord()
    dark.csf = 90
    let t1 = dark.study
    #expect(problem(t1.image, t1.labels)?.contains("CSF is brighter") == true)
    var above = labels
    above.landmarks = above.landmarks.mapValues { $0 + [0, 0, 300] }
    #expect(problem(image, above)?.contains("no segment") == true)
    var broken = image
    for n in broken.voxels.indices where labels.cord?.voxels[n] == 1 { broken.voxels[n] = .nan }
    #expect(problem(broken, labels)?.contains("no place") == true)
  }

  @Test("a phantom's cord takes lesions too: thick slices, labelled canal")
  func phantom() throws {
    let recipe = PhantomRecipe(index: 0, seed: 5, kind: .normal, domain: .clinical)
    let phantom = PhantomGenerator(PhantomConfiguration(slices: 9, coarseness: 1.5)).study(recipe)
    let planting = try LesionPlanting(image: phantom.image, labels: phantom.labels)
    #expect(planting.assessable.count == 6)
    let planted = try planting.plant(.easy, seed: 2)
    for lesion in planted.lesions {
      #expect(lesion.cordMean < lesion.mean && lesion.mean < lesion.csfMean)
      #expect(lesion.cordWidthMm > 4 && lesion.cordWidthMm < 11)
    }
    #expect(planted.share.voxels.contains { $0 > 0.9 })
  }
}
