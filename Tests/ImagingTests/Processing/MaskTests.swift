import Imaging
import TestSupport
import Testing

/// Counts come from scipy.ndimage on the same reproducible noise.
@Suite struct MaskTests {
  @Test func componentsAgreeWithScipy() throws {
    let mask = Pattern.first.map { $0 > 0.62 }
    let four = ConnectedComponents.label(mask, connectivity: .four)
    #expect(four.components.count == 149)
    let largest = try #require(four.largest)
    #expect(largest.area == 60)
    #expect(close(largest.centroid.row, 15.25) && close(largest.centroid.column, 23.8))
    #expect(largest.rows == 10...20 && largest.columns == 15...32)
    #expect(four.mask(of: largest.label).pixels.filter { $0 }.count == 60)
    let eight = ConnectedComponents.label(mask, connectivity: .eight)
    #expect(eight.components.count == 36)
    #expect(eight.largest?.area == 367)
    #expect(close(eight.largest?.centroid.row, 18.52043596730245))
  }

  @Test func numbersFollowStorageOrder() {
    let mask = Pattern.first.map { $0 > 0.62 }
    let found = ConnectedComponents.label(mask, connectivity: .four)
    var next: Int32 = 1
    for label in found.labels.pixels where label == next { next += 1 }
    #expect(Int(next) - 1 == found.components.count)
    #expect(found.components.map(\.area).reduce(0, +) == mask.pixels.filter { $0 }.count)
  }

  @Test func componentsOfAVolumeAgreeWithScipy() {
    let voxels = Pattern.values(9 * 8 * 7, seed: 6).map { $0 > 0.7 }
    let volume = Volume(shape: [9, 8, 7], voxels: voxels, affine: .identity)
    #expect(ConnectedComponents.label(volume, connectivity: .six).components.count == 46)
    let all = ConnectedComponents.label(volume, connectivity: .twentySix)
    #expect(all.components.count == 1 && all.largest?.count == 156)
  }

  @Test func emptyMasksHaveNoComponents() {
    let none = MaskRaster(rows: 0, columns: 0, pixels: [])
    #expect(ConnectedComponents.label(none).largest == nil)
    #expect(Morphology.fillHoles(none) == none)
    #expect(Morphology.erode(none) == none)
    #expect(DistanceTransform.distances(none).pixels.isEmpty)
  }

  @Test func morphologyAgreesWithScipy() {
    func count(_ mask: MaskRaster) -> Int { mask.pixels.filter { $0 }.count }
    #expect(count(Morphology.fillHoles(Pattern.first.map { $0 > 0.35 })) == 1196)
    #expect(count(Morphology.erode(Pattern.first.map { $0 > 0.1 })) == 576)
    #expect(count(Morphology.erode(Pattern.first.map { $0 > 0.1 }, element: .cross)) == 815)
    #expect(count(Morphology.dilate(Pattern.first.map { $0 > 0.9 })) == 874)
  }

  @Test func discsHaveTheirRadius() {
    var mask = MaskRaster(rows: 41, columns: 41, filledWith: false)
    mask[20, 20] = true
    let disc = Morphology.dilate(mask, radiusMM: 3, spacingMM: 0.78125)
    #expect(disc[20, 23] && !disc[20, 24] && disc[22, 22] && !disc[23, 23])
    let back = Morphology.erode(disc, radiusMM: 3, spacingMM: 0.78125)
    #expect(back == mask)
    #expect(Morphology.close(Morphology.open(disc)).pixels.filter { $0 }.count > 20)
  }

  @Test(arguments: [0.02, 0.3, 0.9] as [Float])
  func distancesAgreeWithTryingAllPixels(share: Float) {
    let mask = Pattern.first.map { $0 > share }
    let found = DistanceTransform.distances(mask)
    for row in 0..<40 {
      for column in 0..<33 {
        var best = Double.infinity
        for r in 0..<40 {
          for c in 0..<33 where !mask[r, c] {
            let dr = Double(r - row)
            let dc = Double(c - column)
            best = min(best, dr * dr + dc * dc)
          }
        }
        if abs(Double(found[row, column]) - best.squareRoot()) > 1e-5 {
          Issue.record("(\(row), \(column)): \(found[row, column]) for \(best.squareRoot())")
        }
      }
    }
  }

  @Test func withoutAFalsePixelTheDistanceIsInfinite() {
    let all = MaskRaster(rows: 3, columns: 4, filledWith: true)
    #expect(DistanceTransform.distances(all).pixels.allSatisfy { $0 == .infinity })
    #expect(Morphology.erode(all, radiusMM: 2) == all)
  }

  @Test func theBodyIsTheLargestPartAboveAirWithoutHoles() throws {
    var image = Pattern.raster(80, 80, seed: 3).map { $0 * 5 }
    for row in 20..<60 { for column in 20..<60 { image[row, column] += 60 } }
    // A bright strip as CSF, a dark hole as a vessel, a speck in the air, a broken pixel.
    for row in 20..<60 { for column in 36..<40 { image[row, column] = 900 } }
    for row in 40..<46 { for column in 48..<54 { image[row, column] = 3 } }
    image[3, 3] = 500
    image[50, 30] = .nan
    let body = try #require(BodyMask.of(image))
    let wanted = MaskRaster(
      rows: 80, columns: 80,
      pixels: (0..<6400).map { (20..<60).contains($0 / 80) && (20..<60).contains($0 % 80) })
    let wrong = zip(body.pixels, wanted.pixels).filter { $0 != $1 }.count
    #expect(wrong < 2 * 4 * 40, "two pixels along the rim at most")
    #expect(!body[3, 3] && body[43, 51] && body[50, 30])
    #expect(BodyMask.of(ImageRaster(rows: 4, columns: 4, filledWith: 7)) == nil)
    #expect(BodyMask.of(ImageRaster(rows: 4, columns: 4, filledWith: .nan)) == nil)
  }

  @Test func theBodyInAVolumeIsFilledSliceBySlice() throws {
    var volume = ImageVolume(
      shape: [3, 40, 40], voxels: Pattern.values(4800, seed: 5), affine: .identity)
    for i in 0..<3 { for j in 10..<30 { for k in 10..<30 { volume[i, j, k] += 50 } } }
    for i in 0..<3 { for j in 18..<22 { for k in 18..<22 { volume[i, j, k] = 0 } } }
    let body = try #require(BodyMask.of(volume))
    #expect(body[0, 20, 20] && body[2, 12, 12] && !body[1, 3, 3])
    #expect((1200...2100).contains(body.voxels.filter { $0 }.count))
  }

  @Test(.enabled(if: SharedData.has("data/u2ad/private1.npy")))
  func theBodyFillsARealSlice() throws {
    let array = try NumPy.read(SharedData.url("data/u2ad/private1.npy"))
    let image = try #require(array.plane(0))
    let body = try #require(BodyMask.of(image))
    let share = Double(body.pixels.filter { $0 }.count) / 65536
    #expect((0.7...0.9).contains(share), "\(share) of the slice")
    let labels = try #require(array.plane(2))
    let tissue = labels.pixels.indices.filter { labels.pixels[$0] > 0 }
    let found = tissue.filter { body.pixels[$0] }.count
    #expect(Double(found) > 0.99 * Double(tissue.count))
  }
}
