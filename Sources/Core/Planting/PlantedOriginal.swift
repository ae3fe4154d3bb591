internal import Foundation
public import Imaging

extension StudyLibrary {
  /// The image that a planted study was made from, on the study's own voxel grid: the study as it
  /// would be without lesion.
  ///
  /// - Throws: `ReadError` when the copy in `sourcedata` is missing or is not the one that was
  ///   planted in.
  public func unplanted(_ original: PlantedTruth.Original) throws -> ImageVolume {
    let parts = original.path.split(separator: "/", omittingEmptySubsequences: false)
    let url = root.appendingPathComponent(original.path)
    // A truth file must not make the program read outside of the library.
    guard parts.first == "sourcedata", !parts.contains(".."), !parts.contains("") else {
      throw ReadError(
        path: original.path.cleaned, field: "original.path",
        problem: "does not lie in the library's sourcedata", advice: "plant the cohort again")
    }
    let hash = try SHA256.hexDigest(ofFile: url)
    guard hash == original.sha256 else {
      throw ReadError(
        path: url.path, field: "sha256", problem: "is not the image that was planted in",
        advice: "plant the cohort again; it was changed or replaced since")
    }
    let image = try NIfTI.read(url).volume
    guard let slices = original.slices, slices.fits(image.shape) else {
      throw ReadError(
        path: url.path, field: "original.slice_count",
        problem: "has fewer slices than the truth says",
        advice: "plant the cohort again")
    }
    return slices.image(image)
  }
}
