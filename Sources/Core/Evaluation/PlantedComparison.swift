internal import Foundation
internal import Imaging

/// Compares the stored reconstruction of one planted study with the study without its lesions.
struct PlantedComparison: Sendable {
  let library: StudyLibrary
  let study: LibraryStudy
  let truth: PlantedTruth
  /// Where the truth's volumes lie.
  let folder: URL

  /// What was compared where.
  struct Key: Hashable {
    var picture: PlantedReconstruction.Picture
    var region: PlantedReconstruction.Region
  }

  /// The figures of one study: means over its scored slices.
  struct Figures: Sendable {
    var group: String
    var isPlanted: Bool
    var values: [Key: ReconstructionMetrics]
  }

  /// Why a study cannot be measured.
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// Largest difference of a stored reconstruction from the network's input outside cord and CSF:
  /// there they are the same, if both are of one image and one normalisation.
  private static let tolerance: Float = 1e-3

  /// Measures the study.
  ///
  /// - Throws: `Failure`, `ReadError`, `LibraryError`, `PreparationError`.
  func figures() throws -> Figures {
    let (image, labels) = try library.read(study)
    let original = try library.unplanted(truth.original)
    guard original.shape == image.shape else {
      throw Failure(description: "its image and the original differ in size: plant it again")
    }
    // The stored affine is rounded to singles: the grid is that of the study in both.
    let pictures = Pictures(
      image: image,
      original: ImageVolume(
        shape: image.shape, voxels: original.voxels, affine: image.affine),
      share: try share(like: image))
    guard let map = try map(.reconstruction) else {
      throw Failure(description: "it has no reconstruction: run detect first")
    }
    let variance = try self.map(.epistemic)
    var found: [Key: [ReconstructionMetrics]] = [:]
    let prepared = try prepare(image, labels, as: map)
    for slice in prepared.scoredSlices where slice.unassessableReason == nil {
      guard let mean = map.slice(on: slice.grid),
        let input = pictures.input(of: pictures.original, like: slice)
      else { continue }
      let roi = slice.anatomy.regionOfInterest
      var lesion = pictures.lesion(on: slice.grid)
      for n in lesion.pixels.indices where !roi.pixels[n] { lesion.pixels[n] = false }
      for (region, mask) in [(PlantedReconstruction.Region.lesion, lesion), (.roi, roi)] {
        for picture in PlantedReconstruction.Picture.allCases {
          // Without lesions the image is the original: there is nothing to compare.
          if picture == .image && !truth.lesion { continue }
          let other: ImageRaster =
            switch picture {
            case .reconstruction: mean
            case .image: slice.normalised
            case .constant: constant(slice)
            }
          guard
            let metrics = ReconstructionMetrics(
              image: input, reconstruction: other,
              variance: variance?.slice(on: slice.grid), region: mask)
          else { continue }
          found[Key(picture: picture, region: region), default: []].append(metrics)
        }
      }
    }
    guard !found.isEmpty else { throw Failure(description: "none of its slices could be assessed") }
    return Figures(
      group: truth.sourceSubject, isPlanted: truth.lesion,
      values: found.compactMapValues(ReconstructionMetrics.mean))
  }

  /// The study as it was prepared for its reconstruction, which tells the normalisation.
  private func prepare(
    _ image: ImageVolume, _ labels: StudyLabels, as map: ImageVolume
  ) throws -> PreparedStudy {
    for normalisation in Normalisation.allCases {
      var options = PreparationOptions()
      options.normalisation = normalisation
      let prepared = try StudyPreparation.prepare(image: image, labels: labels, options: options)
      if fits(prepared, map) { return prepared }
    }
    throw Failure(description: "its reconstruction is of another image: run detect again")
  }

  private func map(_ kind: DerivativeMaps.Kind) throws -> ImageVolume? {
    guard let url = study.derivative("\(kind.ending).nii.gz", library: library.root),
      FileManager.default.fileExists(atPath: url.path)
    else { return nil }
    return try NIfTI.read(url).volume
  }

  /// The share of lesion in each voxel.
  private func share(like image: ImageVolume) throws -> ImageVolume {
    guard truth.lesion else { return image.map { _ in 0 } }
    let url = folder.appendingPathComponent("\(study.stem ?? "")_label-lesion_probseg.nii.gz")
    let share = try NIfTI.read(url).volume
    guard share.shape == image.shape else {
      throw Failure(description: "its image and its lesion's share differ in size: plant it again")
    }
    return ImageVolume(shape: image.shape, voxels: share.voxels, affine: image.affine)
  }

  /// Whether a stored reconstruction is the network's input outside of cord and CSF.
  private func fits(_ prepared: PreparedStudy, _ map: ImageVolume) -> Bool {
    let slices = prepared.scoredSlices.filter { $0.unassessableReason == nil }
    let maps = slices.compactMap { slice in map.slice(on: slice.grid).map { (slice, $0) } }
    return !maps.isEmpty
      && maps.allSatisfy { slice, mean in
        let roi = slice.anatomy.regionOfInterest
        return mean.pixels.indices.allSatisfy {
          roi.pixels[$0] || !mean.pixels[$0].isFinite
            || abs(mean.pixels[$0] - slice.normalised.pixels[$0]) < Self.tolerance
        }
      }
  }

  /// Cord and CSF at their levels, as the flat normalisation sets them.
  private func constant(_ slice: PreparedSlice) -> ImageRaster {
    var result = slice.normalised
    let cord = slice.anatomy.cord
    let roi = slice.anatomy.regionOfInterest
    let level = { (mask: MaskRaster) in
      Percentiles.median(of: slice.normalised.pixels, where: mask.pixels)
    }
    let inCord = slice.normalisation == .flat ? FlatLevels.cordValue : level(cord) ?? 0
    let inCSF =
      slice.normalisation == .flat
      ? FlatLevels.cordValue + FlatLevels.step : level(slice.anatomy.csf) ?? 0
    for n in result.pixels.indices where roi.pixels[n] {
      result.pixels[n] = cord.pixels[n] ? inCord : inCSF
    }
    return result
  }

  /// The volumes of a study, averaged as detection does.
  private struct Pictures {
    let image: ImageVolume
    let original: ImageVolume
    let share: ImageVolume

    init(image: ImageVolume, original: ImageVolume, share: ImageVolume) {
      let plan = ThickPartitions(shape: image.shape, affine: image.affine)
      func averaged(_ volume: ImageVolume) -> ImageVolume { plan?.image(volume) ?? volume }
      self.image = averaged(image)
      self.original = averaged(original)
      self.share = averaged(share)
    }

    /// Another image of the same grid as the network would see it with the levels of a slice.
    func input(of other: ImageVolume, like slice: PreparedSlice) -> ImageRaster? {
      let covered = image.resampled(on: slice.grid).covered
      let sampled = other.resampled(on: slice.grid).raster
      guard let range = GreyRange(slice.image, covered: covered) else { return nil }
      var input = range.scaled(sampled)
      if slice.normalisation == .flat {
        let core = CordGeometry(slice).core
        guard
          let levels = FlatLevels(
            range.scaled(slice.image), core: core, csf: slice.anatomy.csf,
            rowWeight: slice.rowWeight)
        else { return nil }
        input = levels.apply(input)
      }
      for n in covered.pixels.indices where !covered.pixels[n] { input.pixels[n] = 0 }
      return input
    }

    func lesion(on grid: SagittalGrid) -> MaskRaster {
      share.resampled(on: grid, interpolation: .linear).raster
        .map { $0 >= PlantedStudy.threshold }
    }
  }
}
