import Foundation
import Imaging
import TestSupport
import Testing

@Suite struct FilterTests {
  @Test func gaussianAgreesWithScipy() {
    let g = Gaussian.blur(Pattern.first, sigma: 2)
    #expect(close(g[0, 0], 0.3997996681446464))
    #expect(close(g[20, 16], 0.479987152449614))
    #expect(close(g[39, 32], 0.4672598350439884))
    #expect(close(g[7, 30], 0.503556022765893))
    #expect(Gaussian.blur(Pattern.first, sigma: 0) == Pattern.first)
  }

  @Test func gaussianLeavesConstantsAndGapsAlone() {
    let row = Gaussian.blur([2, 2, .nan, 2, 2], sigma: 1.5)
    #expect(row[2].isNaN)
    for n in [0, 1, 3, 4] { #expect(close(row[n], 2)) }
    let flat = ImageRaster(rows: 9, columns: 5, filledWith: 3)
    for v in Gaussian.blur(flat, sigmaRows: 3, sigmaColumns: 1).pixels { #expect(close(v, 3)) }
    var mask = MaskRaster(rows: 9, columns: 5, filledWith: true)
    mask[4, 2] = false
    var spiked = flat
    spiked[4, 2] = 1000
    let kept = Gaussian.blur(spiked, sigma: 1, within: mask)
    #expect(kept[4, 2] == 1000)
    #expect(close(kept[4, 3], 3, 1e-4))
  }

  @Test func gaussianOfAVolumeIsSeparable() {
    let raster = Pattern.raster(6, 7, seed: 8)
    let volume = ImageVolume(shape: [7, 6, 1], voxels: raster.pixels, affine: .identity)
    let found = Gaussian.blur(volume, sigma: [1, 1, 2]).voxels
    #expect(zip(found, Gaussian.blur(raster, sigma: 1).pixels).allSatisfy { close($0, $1) })
    let spike = ImageVolume(shape: [1, 1, 3], voxels: [0, 1, 0], affine: .identity)
    #expect(Gaussian.blur(spike, sigma: [1, 1, 1]).voxels[0] > 0.2)
  }

  @Test func sobelOfARampAndItsLimit() {
    var ramp = ImageRaster(rows: 5, columns: 6, filledWith: 0)
    for row in 0..<5 { for column in 0..<6 { ramp[row, column] = 0.05 * Float(column) } }
    let edge = Sobel.magnitude(ramp)
    #expect(close(edge[2, 3], 0.4))
    #expect(close(edge[2, 0], 0.2))
    #expect(Sobel.magnitude(ramp.map { $0 * 100 })[2, 3] == 1)
  }

  @Test(.enabled(if: SharedData.has("oracle/ugmae_d2.activations.safetensors")))
  func sobelAgreesWithTheReferenceNetworksTarget() throws {
    let file = SharedData.url("oracle/ugmae_d2.activations.safetensors")
    let tensors = try TinySafetensors(file)
    let image = ImageRaster(
      rows: 256, columns: 256, pixels: try tensors.floats("input.image"))
    let expected = try tensors.floats("random.edge_target")
    let found = Sobel.magnitude(image).pixels
    let worst = zip(found, expected).map { abs($0 - $1) }.max() ?? 1
    #expect(worst < 2e-6)
  }

  @Test func blocksAverageWhatTheyHave() {
    let raster = ImageRaster(rows: 3, columns: 3, pixels: [1, 3, 10, 5, 7, 20, 2, 4, 9])
    #expect(
      raster.blockDownsampled(by: 2)
        == ImageRaster(rows: 2, columns: 2, pixels: [4, 15, 3, 9]))
    #expect(raster.blockDownsampled(by: 1) == raster)
  }
}

/// Just enough of a reader for the reference tensors.
struct TinySafetensors {
  private let data: Data
  private let header: [String: Any]
  private let start: Int

  init(_ url: URL) throws {
    data = try Data(contentsOf: url)
    let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    start = 8 + length
    let object = try JSONSerialization.jsonObject(with: data[8..<start])
    header = try #require(object as? [String: Any])
  }

  func floats(_ name: String) throws -> [Float] {
    let entry = try #require(header[name] as? [String: Any])
    let range = try #require(entry["data_offsets"] as? [Int])
    return data[(start + range[0])..<(start + range[1])].withUnsafeBytes { raw in
      (0..<(raw.count / 4)).map {
        Float(bitPattern: raw.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self))
      }
    }
  }
}
