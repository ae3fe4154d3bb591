import Foundation
import Imaging
import TestSupport

/// A generator whose numbers a printed seed brings back (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

enum DICOMSamples {
  /// Sagittal slices, a little oblique, of flat parts, ramps and noise.
  static func volume(
    _ shape: SIMD3<Int> = [23, 17, 5], range: ClosedRange<Int> = 0...4095, seed: UInt64 = 1
  ) -> ImageVolume {
    var random = SeededNumbers(seed: seed)
    var voxels: [Float] = []
    let middle = (range.lowerBound + range.upperBound) / 2
    for k in 0..<shape.z {
      for j in 0..<shape.y {
        for i in 0..<shape.x {
          let value: Int
          switch (i / 6 + j / 5 + k) % 4 {
          case 0: value = middle
          case 1: value = range.lowerBound + (i * 37 + j * 11) % range.count
          case 2: value = Int.random(in: range, using: &random)
          default: value = [range.lowerBound, range.upperBound][(i + j) % 2]
          }
          voxels.append(Float(value))
        }
      }
    }
    // Rows towards posterior, columns towards inferior, slices towards the right; turned by 5 degrees.
    let (c, s) = (cos(5 * Double.pi / 180), sin(5 * Double.pi / 180))
    return ImageVolume(
      shape: shape, voxels: voxels,
      affine: Affine(
        i: SIMD3(s, -c, 0) * 0.5, j: SIMD3(0, 0, -1) * 0.75, k: SIMD3(c, s, 0) * 3.5,
        origin: [-7, 60, 55]))
  }

  /// Header, then pixels or none, with what a test changes.
  static func image(
    _ syntax: DICOMTransferSyntax = .explicitLittle, _ change: (inout TinyDICOM) -> Void
  ) throws -> DICOMFile {
    var set = TinyDICOM(syntax)
    change(&set)
    return try DICOMFile.decode(set.file(syntax), path: "test.dcm")
  }
}
