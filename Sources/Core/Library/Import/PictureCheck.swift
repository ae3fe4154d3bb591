internal import Foundation
internal import Imaging

/// Tells label maps and CT images from MR pictures before they are taken for a study.
enum PictureCheck {
  /// Label maps hold at most so many values beside 0: 42 tissues of a phantom, 25 vertebrae and discs;
  /// pictures in 8 bits hold 238 and more.
  static let mostLabels = 100
  /// The share of neighbouring voxels with one value from which on a volume is made of areas: 0.94 to
  /// 1.0 on masks, label maps and points, 0.003 to 0.32 on pictures with their air.
  static let equalShare: Float = 0.8
  /// Air in Hounsfield units.
  static let airHU: ClosedRange<Float> = -1100 ... -900
  /// What a scanner did not see is filled with -3024 or more.
  static let lowestHU: Float = -3100
  /// The least share of a CT's voxels that is air; MR has no such grey values.
  static let airShare: Float = 0.01

  /// Why a volume is no MR picture, or `nil` when it may be one.
  static func problem(_ volume: ImageVolume) -> String? { mask(volume) ?? hounsfield(volume) }

  private static func mask(_ volume: ImageVolume) -> String? {
    var values: Set<Float> = []
    var (last, equal) = (Float.nan, 0)
    for value in volume.voxels {
      if value == last {
        equal += 1
        continue
      }
      last = value
      guard value.isFinite, value == value.rounded() else { return nil }
      if value != 0 { values.insert(value) }
      if values.count > mostLabels { return nil }
    }
    guard Float(equal) >= equalShare * Float(volume.voxels.count) else { return nil }
    let list = values.sorted().prefix(5).map { String(format: "%g", Double($0)) }
    return "it looks like a mask or label map, not like a picture: it holds \(values.count) "
      + "\(values.count == 1 ? "value" : "values") beside 0 (\(list.joined(separator: ", "))"
      + "\(values.count > list.count ? ", ..." : "")) in areas of one value; import the T2 image, and "
      + "give this file with it: --cord, --canal, --spine, --landmarks or --discs"
  }

  private static func hounsfield(_ volume: ImageVolume) -> String? {
    let air = volume.voxels.count(where: airHU.contains)
    guard Float(air) >= airShare * Float(volume.voxels.count),
      let lowest = volume.voxels.min(), lowest >= lowestHU
    else { return nil }
    return
      "wrong modality: it is a CT image (\(air * 100 / volume.voxels.count) % of its voxels are air "
      + "in Hounsfield units, about -1000), a T2-weighted MR image is needed"
  }
}
