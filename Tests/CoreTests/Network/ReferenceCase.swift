import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

/// The tensors of the reference network and the input that made them.
struct ReferenceCase {
  static let isPresent =
    SharedData.has("oracle/ugmae_d2.weights.safetensors")
    && SharedData.has("oracle/ugmae_d2.activations.safetensors")

  let activations: Safetensors
  let weights: NetworkWeights
  let slice: TokenisedSlice
  let image: ImageRaster
  let region: MaskRaster

  init() throws {
    activations = try Safetensors.read(
      SharedData.url("oracle/ugmae_d2.activations.safetensors"))
    weights = try NetworkWeights(
      contentsOf: SharedData.url("oracle/ugmae_d2.weights.safetensors"))
    image = Raster(rows: 256, columns: 256, pixels: try Self.floats(activations, "input.image"))
    let roi = try Self.floats(activations, "input.roi_mask")
    region = Raster(rows: 256, columns: 256, pixels: roi.map { $0 > 0 })
    slice = try TokenisedSlice(
      image: image, cord: region, csf: region.map { _ in false }, context: .image,
      isConditioned: false, edges: true)
  }

  static func floats(_ file: Safetensors, _ name: String) throws -> [Float] {
    try #require(file.tensors[name], "oracle tensor \(name)").floats
  }

  func floats(_ name: String) throws -> [Float] { try Self.floats(activations, name) }

  func network(_ kernels: KernelTable = .best, training: Bool = false) -> MaskedAutoencoder {
    MaskedAutoencoder(
      layout: weights.layout, parameters: weights.parameters, kernels: kernels,
      isTraining: training)
  }

  /// The mask of `random.noise`.
  func mask() throws -> PassMask {
    RandomMasks.make(
      noise: try floats("random.noise"), regionCounts: slice.regionCounts, ratio: 0.75)
  }
}

/// The largest absolute difference over the largest absolute value of `expected`.
func relativeDifference(_ found: some Sequence<Float>, _ expected: [Float]) -> Float {
  var largest: Float = 0
  var difference: Float = 0
  var count = 0
  for (a, b) in zip(found, expected) {
    largest = max(largest, abs(b))
    difference = max(difference, a.isNaN ? .infinity : abs(a - b))
    count += 1
  }
  return count == expected.count ? difference / max(largest, 1e-12) : .infinity
}

/// |found - expected| over |expected|, Euclidean.
func normDifference(_ found: some Sequence<Float>, _ expected: some Sequence<Float>) -> Double {
  var difference = 0.0
  var norm = 0.0
  for (a, b) in zip(found, expected) {
    difference += (Double(a) - Double(b)) * (Double(a) - Double(b))
    norm += Double(b) * Double(b)
  }
  return (difference / max(norm, 1e-30)).squareRoot()
}

/// Whether all bits are equal; unlike a comparison inside `#expect`, prints no arrays.
func sameBits(_ a: [Float], _ b: [Float]) -> Bool {
  a.map(\.bitPattern) == b.map(\.bitPattern)
}

func values(_ pointer: UnsafePointer<Float>, _ count: Int) -> UnsafeBufferPointer<Float> {
  UnsafeBufferPointer(start: pointer, count: count)
}
