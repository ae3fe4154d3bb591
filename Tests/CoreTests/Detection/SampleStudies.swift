import Foundation
import Imaging
import TestSupport

@testable import Core

/// Real studies beside the checkout and hand-made ones.
enum SampleStudies {
  /// The affine of one ready-made canonical slice: voxels are the raster's pixels in order.
  static let canonicalAffine = Affine(
    i: [3, 0, 0], j: [0, -SagittalGrid.spacing, 0], k: [0, 0, -SagittalGrid.spacing],
    origin: [0, 99.6, 99.6])

  /// A raster as a volume of one sagittal slice.
  static func volume<Pixel>(_ raster: Raster<Pixel>) -> Volume<Pixel> {
    Volume(
      shape: [1, raster.columns, raster.rows], voxels: raster.pixels, affine: canonicalAffine)
  }

  /// One of the arrays released with U2AD: image and labels.
  static func u2ad(_ name: String) throws -> (image: ImageVolume, labels: LabelVolume) {
    let array = try NumPy.read(SharedData.url("data/u2ad/\(name).npy"))
    let image = array.plane(0) ?? ImageRaster(rows: 0, columns: 0, filledWith: 0)
    let labels = array.plane(2) ?? image
    return (volume(image), volume(labels.map { UInt16($0) }))
  }

  /// A healthy cervico-thoracic volume with its manual cord mask and two landmarks.
  static func errsm(_ number: String) throws -> (image: ImageVolume, labels: StudyLabels) {
    let folder = "data/sct_errsm/errsm_\(number)/t2/"
    let image = try NIfTI.read(SharedData.url(folder + "t2.nii.gz")).volume
    let cord = try NIfTI.readLabels(SharedData.url(folder + "t2_manual_segmentation.nii.gz"))
    let points = try NIfTI.readLabels(SharedData.url(folder + "t2_landmarks_C2_T2_center.nii.gz"))
    let labels = StudyLabels(cord: cord)
    return (image, labels.completed(by: LabelConvention.sctLevels.studyLabels(from: points)))
  }

  /// A volume of the SCT test data.
  static func sct(_ path: String) throws -> ImageVolume {
    try NIfTI.read(SharedData.url("data/sct_testing_data/" + path)).volume
  }

  /// A mask of the SCT test data.
  static func sctLabels(_ path: String) throws -> LabelVolume {
    try NIfTI.readLabels(SharedData.url("data/sct_testing_data/" + path))
  }

  /// Maps of a reconstruction that is one value everywhere.
  static func constantMaps(_ slice: PreparedSlice, value: Float = 0.35) -> UncertaintyMaps {
    let region = slice.anatomy.regionOfInterest
    var mean = slice.normalised
    var error = slice.normalised.map { _ in Float.nan }
    for n in region.pixels.indices where region.pixels[n] {
      mean.pixels[n] = value
      error.pixels[n] = abs(slice.normalised.pixels[n] - value)
    }
    return UncertaintyMaps(
      mean: mean, epistemic: error.map { $0.isNaN ? .nan : 0 }, aleatoric: error,
      reconstructed: region, passes: 14, fewestReconstructions: 10)
  }

  /// Settings for tests.
  static let settings = StudyDetector.Settings(
    context: "nearest(128)", passes: 14, seed: 7, kernelPath: .scalar)
}
