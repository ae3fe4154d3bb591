import Foundation
import Imaging
import TestSupport
import Testing

@Suite("NIfTI pairs")
struct NIfTIPairTests {
  private let affine = Affine(
    i: [0, -0.7, 0], j: [0, 0, -0.8], k: [3.3, 0, 0], origin: [-16, 40, 90])

  @Test(
    "a pair reads back bit for bit from either of its names",
    arguments: ["a.hdr", "a.img", "a.hdr.gz", "a.img.gz"])
  func roundTrip(name: String) throws {
    let folder = try TemporaryFolder()
    let volume = ImageVolume(
      shape: [3, 4, 2], voxels: (0..<24).map { Float($0) * 1.25 - 3 }, affine: affine)
    try NIfTI.write(volume, to: folder(name))
    let gz = name.hasSuffix(".gz") ? ".gz" : ""
    for half in ["a.hdr" + gz, "a.img" + gz] {
      let back = try NIfTI.read(folder(half)).volume
      #expect(back.voxels == volume.voxels && back.shape == volume.shape)
      let off = back.affine([2, 3, 1]) - affine([2, 3, 1])
      #expect((off * off).sum() < 1e-8)
    }
  }

  @Test("labels and NIfTI-2 make pairs too")
  func labelsAndLongAxes() throws {
    let folder = try TemporaryFolder()
    let labels = LabelVolume(
      shape: [40_000, 1, 1], voxels: (0..<40_000).map { UInt16($0 % 300) }, affine: affine)
    try NIfTI.write(labels, to: folder("long.hdr"))
    #expect(try NIfTI.readLabels(folder("long.img")).voxels == labels.voxels)
  }
}
