import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Planted cohorts: reconstruction against the image without lesions")
struct PlantedReconstructionTests {
  private let folder: TemporaryFolder
  private var root: URL { folder("planted") }

  init() throws {
    folder = try TemporaryFolder()
    var options = PlantedCohort.Options()
    options.copies = 2
    options.partitions = [.thin, .mm4]
    options.lesions = .easy
    var sources: [URL] = []
    for (n, name) in ["anna", "bert"].enumerated() {
      var cord = SyntheticCord()
      cord.seed = UInt64(n)
      sources.append(try cord.write(to: folder.url, name: name))
    }
    _ = try PlantedCohort.write(sources, to: folder("planted"), options: options)
  }

  /// Stores detections whose reconstruction of a slice is given.
  private func detect(
    _ normalisation: Normalisation = .flat, _ reconstruct: (PreparedSlice) -> ImageRaster
  ) throws -> StudyLibrary {
    let library = try StudyLibrary(opening: root)
    let detector = StudyDetector(
      card: ModelCard(name: "test", sha256: "00"),
      settings: StudyDetector.Settings(context: "test", passes: 1, seed: 1, kernelPath: .scalar))
    for study in library.studies {
      let source = try library.load(study)
      var options = PreparationOptions()
      options.normalisation = normalisation
      let prepared = try StudyPreparation.prepare(
        image: source.volume, labels: source.labels, options: options)
      let result = try detector.detect(prepared, subject: study.subject, image: study.image ?? "") {
        let mean = reconstruct($0)
        return UncertaintyMaps(
          mean: mean, epistemic: mean.map { _ in 0.25 }, aleatoric: mean.map { _ in 0 },
          reconstructed: mean.map { _ in true }, passes: 1, fewestReconstructions: 1)
      }
      try DerivativeWriter(library: root).write(
        result.detection, maps: DerivativeMaps(result), of: study)
    }
    return try library.reopened()
  }

  private func figures(_ library: StudyLibrary) throws -> PlantedReconstruction {
    try #require(
      try PlantedReconstruction(library: library, bootstrap: Bootstrap(resamples: 50), threads: 1))
  }

  private func row(
    _ result: PlantedReconstruction, _ picture: PlantedReconstruction.Picture,
    _ region: PlantedReconstruction.Region, planted: Bool
  ) -> PlantedReconstruction.Row? {
    result.rows.first {
      $0.picture == picture && $0.region == region && $0.isPlanted == planted
    }
  }

  @Test(
    "a reconstruction that changes nothing scores as the image itself; without lesions it is exact",
    arguments: Normalisation.allCases)
  func identity(normalisation: Normalisation) throws {
    let result = try figures(try detect(normalisation) { $0.normalised })
    #expect(result.remarks.isEmpty)
    for region in PlantedReconstruction.Region.allCases {
      let own = try #require(row(result, .reconstruction, region, planted: true))
      let image = try #require(row(result, .image, region, planted: true))
      #expect(own.studies == 4 && own.mse == image.mse && own.ssim == image.ssim)
      // What is planted differs: by far more inside the lesion than over cord and CSF.
      #expect((image.mse?.estimate ?? 0) > 0 && (image.ssim?.estimate ?? 1) < 1)
      #expect(own.varianceSum.map { $0.estimate > 1 } == true && image.varianceSum == nil)
    }
    let inLesion = row(result, .image, .lesion, planted: true)?.mse?.estimate ?? 0
    let inROI = row(result, .image, .roi, planted: true)?.mse?.estimate ?? 1
    #expect(inLesion > 3 * inROI)
    let clean = try #require(row(result, .reconstruction, .roi, planted: false))
    #expect(clean.studies == 4 && clean.mse?.estimate == 0 && clean.psnrDb == nil)
    // The window sums of SSIM are rounded, the squared differences of equal pictures are not.
    #expect(abs((clean.ssim?.estimate ?? 0) - 1) < 1e-5)
    #expect(row(result, .image, .roi, planted: false) == nil)
    #expect(row(result, .reconstruction, .lesion, planted: false) == nil)
  }

  @Test("a reconstruction that paints the lesion over beats the image itself")
  func paintedOver() throws {
    let library = try detect { slice in
      var mean = slice.normalised
      for n in mean.pixels.indices where slice.anatomy.cord.pixels[n] { mean.pixels[n] = 0.35 }
      return mean
    }
    let result = try figures(library)
    let own = try #require(row(result, .reconstruction, .lesion, planted: true))
    let image = try #require(row(result, .image, .lesion, planted: true))
    let constant = try #require(row(result, .constant, .lesion, planted: true))
    #expect((own.mse?.estimate ?? 1) < 0.3 * (image.mse?.estimate ?? 0))
    #expect((own.psnrDb?.estimate ?? 0) > (image.psnrDb?.estimate ?? 99) + 3)
    // Inside the lesion both hold the cord's level.
    #expect(abs((own.mse?.estimate ?? 0) - (constant.mse?.estimate ?? 1)) < 1e-6)
    var table = EvaluationTable(
      cases: try LibraryEvaluation.cohort(of: library).cases, detectors: ["u2ad-core"],
      heading: ["test"], bootstrap: Bootstrap(resamples: 20),
      validation: CrossValidation(repeats: 1))
    table.reconstruction = result
    #expect(table.text.contains("| reconstruction, planted "))
    let json = String(decoding: try table.json(), as: UTF8.self)
    #expect(json.contains("\"psnr_db\"") && json.contains("\"region\" : \"lesion\""))
  }

  @Test("what cannot be measured says why and stops nothing")
  func failures() throws {
    let library = try detect { $0.normalised }
    func maps(_ n: Int) throws -> URL {
      try #require(library.studies[n].derivative("_desc-reconstruction_T2w.nii.gz", library: root))
    }
    try FileManager.default.removeItem(at: try maps(0))
    // The reconstruction of another study.
    let other = try NIfTI.read(try maps(1)).volume.map { 1 - $0 }
    try NIfTI.write(other, to: try maps(1))
    let originals = root.appendingPathComponent("sourcedata/originals/sub-bert/anat")
    try Data("x".utf8).write(to: originals.appendingPathComponent("sub-bert_T2w.nii.gz"))
    let result = try figures(library)
    #expect(result.remarks.count == 6)
    #expect(result.remarks[0].contains("no reconstruction"))
    #expect(result.remarks[1].contains("of another image"))
    #expect(result.remarks[5].contains("not the image that was planted in"))
    #expect(result.rows.allSatisfy { $0.studies <= 2 })
    let truth = "derivatives/truth/\(library.studies[2].folder)"
    let name = "sub-\(library.studies[2].subject)_truth.json"
    try Data(#"{"class": "x", "original": 7}"#.utf8).write(
      to: root.appendingPathComponent("\(truth)/\(name)"))
    #expect(throws: ReadError.self) { try figures(library) }
  }

  @Test("a library without originals has no such table")
  func noOriginals() throws {
    let library = try LibraryFixture.library(in: folder)
    #expect(try PlantedReconstruction(library: library, threads: 1) == nil)
  }
}
