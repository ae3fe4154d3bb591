public import Foundation
internal import Imaging

/// How well the reconstructions of a planted cohort give back the image as it was without lesions
/// (the paper's appendix A.2): SSIM, PSNR and MSE inside lesions and inside cord and CSF.
///
/// All pictures are compared in units of the network's input. The image without lesions is brought
/// there by the levels of the planted one, so that both are equal wherever no lesion was planted.
public struct PlantedReconstruction: Sendable {
  /// Where pictures are compared.
  public enum Region: String, CaseIterable, Sendable {
    /// Pixels that are lesion by half at least.
    case lesion
    /// Cord and CSF.
    case roi
  }

  /// What is compared with the image without lesions.
  public enum Picture: String, CaseIterable, Sendable {
    /// The mean reconstruction.
    case reconstruction
    /// The image with its lesions: what a reconstruction that changes nothing would score.
    case image
    /// The flat levels of cord and CSF: what a reconstruction that knows nothing else would score.
    case constant
  }

  /// The figures of one picture in one region, means over studies with intervals by patient.
  public struct Row: Sendable {
    /// What was compared.
    public var picture: Picture
    /// Where.
    public var region: Region
    /// Whether the studies are those with lesions.
    public var isPlanted: Bool
    /// Studies measured.
    public var studies: Int
    /// Structural similarity.
    public var ssim: Bootstrap.Interval?
    /// Peak signal-to-noise ratio in dB.
    public var psnrDb: Bootstrap.Interval?
    /// Mean squared error.
    public var mse: Bootstrap.Interval?
    /// Variance over the reconstructions, summed over the region of a slice.
    public var varianceSum: Bootstrap.Interval?
  }

  /// The figures.
  public var rows: [Row]
  /// Studies that could not be measured, with the reason.
  public var remarks: [String]

  /// Measures a library; `nil` when no study's truth names an image without lesions.
  ///
  /// - Parameters:
  ///   - truth: folder of the truth; by default the library's own `derivatives/truth`.
  ///   - progress: called with the fraction done, from the working threads.
  /// - Throws: `ReadError` when a truth file is damaged.
  public init?(
    library: StudyLibrary, truth folder: URL? = nil, bootstrap: Bootstrap = Bootstrap(),
    threads: Int = 2, progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) throws {
    let folder = folder ?? library.root.appendingPathComponent("derivatives/truth")
    var jobs: [PlantedComparison] = []
    for study in library.studies {
      guard let url = LibraryEvaluation.truthFile(subject: study.subject, in: folder),
        let truth = try LibraryEvaluation.plantedTruth(url)
      else { continue }
      jobs.append(
        PlantedComparison(
          library: library, study: study, truth: truth, folder: url.deletingLastPathComponent()))
    }
    guard !jobs.isEmpty else { return nil }
    let count = Double(jobs.count)
    let results = ThreadTeam(threads: threads).map(jobs) { job, done in
      progress(Double(done) / count)
      return Result { try job.figures() }.mapError { Failure("\(job.study.subject): \($0)") }
    }
    remarks = results.compactMap {
      if case .failure(let failure) = $0 { failure.text } else { nil }
    }
    let studies = results.compactMap { try? $0.get() }
    rows = [true, false].flatMap { isPlanted in
      Region.allCases.flatMap { region in
        Picture.allCases.compactMap { picture in
          Row(
            picture, region, studies.filter { $0.isPlanted == isPlanted }, isPlanted: isPlanted,
            bootstrap)
        }
      }
    }
  }

  private struct Failure: Error {
    var text: String
    init(_ text: String) { self.text = text }
  }
}

extension PlantedReconstruction.Row {
  /// `nil` where there is nothing to say: no study, or a picture that is the original itself.
  fileprivate init?(
    _ picture: PlantedReconstruction.Picture, _ region: PlantedReconstruction.Region,
    _ studies: [PlantedComparison.Figures], isPlanted: Bool, _ bootstrap: Bootstrap
  ) {
    let key = PlantedComparison.Key(picture: picture, region: region)
    let found = studies.compactMap { study in study.values[key].map { ($0, study.group) } }
    guard !found.isEmpty else { return nil }
    func mean(_ value: (ReconstructionMetrics) -> Double?) -> Bootstrap.Interval? {
      bootstrap.mean(
        found.compactMap { metrics, group in value(metrics).map { (value: $0, group: group) } })
    }
    self.picture = picture
    self.region = region
    self.isPlanted = isPlanted
    self.studies = found.count
    ssim = mean(\.ssim)
    psnrDb = mean(\.psnrDb)
    mse = mean(\.mse)
    varianceSum = picture == .reconstruction ? mean(\.varianceSum) : nil
  }
}
