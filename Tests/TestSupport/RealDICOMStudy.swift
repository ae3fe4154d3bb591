public import Foundation
public import Imaging

/// A real image volume as the DICOM study that a scanner would have sent: the volume cut into sagittal
/// slices of a clinical thickness, and an axial series beside it.
public enum RealDICOMStudy {
  /// Thickness of the sagittal and of the axial slices in mm, as clinical protocols have them.
  static let thicknessMM = (sagittal: 3.3, axial: 4.0)

  /// Writes the study, one folder a series, 12 bits of 16 stored as scanners do.
  ///
  /// - Parameter volume: a volume of any orientation, at most 8000 slices along any axis.
  /// - Returns: how many files were written.
  @discardableResult
  public static func write(_ volume: ImageVolume, to folder: URL) throws -> Int {
    let scaled = scaled(volume)
    let axial = thick(scaled.reoriented(to: try orientation("LPS")), thicknessMM.axial)
    let sagittal = try sagittal(volume)
    let all: [(Int, ImageVolume, String, Double)] = [
      (2, sagittal, "t2_tse_sag HWS", 100), (5, axial, "t2_tse_tra HWS", 98),
    ]
    var count = 0
    for (number, part, description, echo) in all {
      var writer = TinyDICOMSeries()
      writer.bitsStored = 12
      writer.texts[.seriesNumber] = ("IS", "\(number)")
      writer.texts[.seriesInstanceUID] = ("UI", "1.2.826.4711.\(number)")
      writer.texts[.studyInstanceUID] = ("UI", "1.2.826.4711")
      writer.texts[.seriesDescription] = ("LO", description)
      writer.texts[.protocolName] = ("LO", description)
      writer.texts[.echoTime] = ("DS", "\(echo)")
      writer.texts[.patientName] = ("PN", "Zyxwell^Quorra")
      writer.texts[.patientID] = ("LO", "PID48151623")
      count += try writer.write(part, to: folder.appendingPathComponent("S\(number)")).count
    }
    return count
  }

  /// The sagittal series: rows towards posterior, columns towards inferior.
  public static func sagittal(_ volume: ImageVolume) throws -> ImageVolume {
    thick(scaled(volume).reoriented(to: try orientation("PIL")), thicknessMM.sagittal)
  }

  /// Whole numbers from 0 to 4095.
  private static func scaled(_ volume: ImageVolume) -> ImageVolume {
    let finite = volume.voxels.filter(\.isFinite)
    let (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
    let scale = high > low ? 4095 / (high - low) : 1
    return volume.map { $0.isFinite ? (($0 - low) * scale).rounded() : 0 }
  }

  private static func orientation(_ code: String) throws -> Orientation {
    guard let found = Orientation(code: code) else {
      throw ReadError(path: "", problem: "\(code) is no orientation")
    }
    return found
  }

  /// Means of neighbouring slices along k, as many as come nearest to a thickness; what is left over at
  /// the end is dropped.
  static func thick(_ volume: ImageVolume, _ thicknessMM: Double) -> ImageVolume {
    let step = max(1, Int((thicknessMM / volume.affine.spacing.z).rounded()))
    let count = max(1, volume.shape.z / step)
    guard step > 1, volume.shape.z >= step else { return volume }
    let area = volume.shape.x * volume.shape.y
    var voxels = [Float](repeating: 0, count: area * count)
    for k in 0..<count {
      for m in 0..<step {
        let from = (k * step + m) * area
        for n in 0..<area { voxels[k * area + n] += volume.voxels[from + n] }
      }
      for n in 0..<area { voxels[k * area + n] = (voxels[k * area + n] / Float(step)).rounded() }
    }
    var affine = volume.affine
    affine.origin = volume.affine([0, 0, Double(step - 1) / 2])
    affine.k = volume.affine.k * Double(step)
    return ImageVolume(
      shape: [volume.shape.x, volume.shape.y, count], voxels: voxels, affine: affine)
  }
}
