import Imaging
import TestSupport
import Testing

/// Good small files with seeded damage: every reader gives a value or a `ReadError`, never a trap.
@Suite struct DamagedFilesTests {
  enum Format: String, CaseIterable, Sendable {
    case nifti1, nifti2, nifti1Big5D, niftiPacked, gzip, numpy, safetensors, png
  }

  static func good(_ format: Format) throws -> [UInt8] {
    var nifti = TinyNIfTI()
    switch format {
    case .nifti1: return nifti.file
    case .nifti2:
      nifti.version = 2
      return nifti.file
    case .nifti1Big5D:
      nifti.order = .big
      nifti.dim = [5, 3, 3, 1, 2, 3, 1, 1]
      nifti.set((0..<54).map { Int16($0) }, code: 4)
      (nifti.slope, nifti.qformCode, nifti.quaternion) = (2, 2, [0.5, 0.5, 0.5])
      return nifti.file
    case .niftiPacked: return try GZip.compress(nifti.file)
    case .gzip: return try GZip.compress((0..<2000).map { UInt8(truncatingIfNeeded: $0 * $0) })
    case .numpy:
      return NumPy.encode(NumPyArray(shape: [3, 2, 2], values: (0..<12).map { Double($0) }))
    case .safetensors: return try SafetensorsTests.sample.encoded()
    case .png: return try PNG.encode(PNGTests.picture)
    }
  }

  static func read(_ bytes: [UInt8], _ format: Format) throws {
    switch format {
    case .nifti1, .nifti2, .nifti1Big5D, .niftiPacked:
      let image = try NIfTI.decode(bytes, volume: 0)
      // What was read can be used: it has a place, a code and a description of every doubt.
      _ = image.volume.orientation.code + image.findings.map(\.description).joined()
      _ = try NIfTI.decodeLabels(bytes, volume: image.layout.volumeCount - 1)
    case .gzip: _ = try GZip.decompress(bytes, limit: 1 << 20)
    case .numpy: _ = try NumPy.decode(bytes).plane()
    case .safetensors: _ = try Safetensors.decode(bytes).tensors.values.map(\.floats)
    case .png: _ = try PNG.decodeRGB(bytes, pixelLimit: 1 << 20)
    }
  }

  @Test(arguments: Format.allCases)
  func damageGivesAValueOrAnError(format: Format) throws {
    let bytes = try Self.good(format)
    try Self.read(bytes, format)
    for seed in 0..<400 as Range<UInt64> {
      do {
        try Self.read(ByteDamage.damaged(bytes, seed: seed), format)
      } catch let error as ReadError {
        #expect(!error.description.isEmpty)
      } catch {
        Issue.record("\(format), seed \(seed): \(error)")
      }
    }
  }

  @Test(arguments: Format.allCases)
  func everyByteOfAHeaderCanBeExtreme(format: Format) throws {
    let bytes = try Self.good(format)
    for at in 0..<min(bytes.count, 352) {
      for value: UInt8 in [0x00, 0x7F, 0x80, 0xFF] {
        var changed = bytes
        changed[at] = value
        do {
          try Self.read(changed, format)
        } catch is ReadError {
        } catch {
          Issue.record("\(format), byte \(at) = \(value): \(error)")
        }
      }
    }
  }
}
