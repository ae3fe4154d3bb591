internal import Foundation
internal import Imaging

/// The studies of a library with truth that an experiment is measured on.
struct ExperimentCohort: Sendable {
  /// A study with what is known of it.
  struct Member: Sendable {
    let study: LibraryStudy
    let truth: LibraryEvaluation.StudyTruth
    /// Whether lesions were planted in it; `nil` when it belongs to no planted cohort.
    let isPlanted: Bool?
  }

  let library: StudyLibrary
  /// In the library's order.
  let members: [Member]
  /// Studies that are not used, each with the reason.
  let leftOut: [String: String]
  /// Names the data: every image and label file by its hash, and what is known of the studies.
  let identity: String

  /// With as few patients of a planted cohort, one at a time is left out.
  static let fewPatients = 10
  /// Parts that the patients of a larger planted cohort are left out in.
  static let foldCount = 5

  /// Finds the studies with truth.
  ///
  /// - Parameters:
  ///   - perClass: The most studies of each class, the first ones; `nil` for all. Of planted cohorts, where
  ///     the first ones would be those of the first patients, all are taken.
  ///   - viewer: Who asks: lesion masks that others drew are no truth of studies that he has not signed.
  /// - Throws: `ReadError` when a truth, image or label file cannot be read; `LibraryError` without
  ///   any truth.
  init(
    _ library: StudyLibrary, truth: URL?, perClass: Int?, for viewer: ReadingViewer? = nil,
    team: ThreadTeam
  ) throws {
    self.library = library
    var members: [Member] = []
    var leftOut: [String: String] = [:]
    var counts: [String: Int] = [:]
    for study in library.studies {
      let sight = library.lesionSight(of: study, shownTo: viewer)
      guard
        let known = try LibraryEvaluation.truth(of: study, in: library, folder: truth, for: sight)
      else {
        leftOut[study.subject] = "no truth"
        continue
      }
      if let problem = study.problem {
        leftOut[study.subject] = problem.cleaned
        continue
      }
      let isPlanted = library.participants[study.participant].isPlanted
      counts[known.className, default: 0] += 1
      guard isPlanted != nil || counts[known.className, default: 0] <= perClass ?? .max else {
        continue
      }
      members.append(Member(study: study, truth: known, isPlanted: isPlanted))
    }
    guard !members.isEmpty else { throw LibraryError.noTruth(library.root.path) }
    self.members = members
    self.leftOut = leftOut
    let lines = team.map(members) { member, _ in Result { try Self.line(member, library) } }
    identity = SHA256.hexDigest(of: try lines.map { try $0.get() }.joined(separator: "\n"))
  }

  /// Everything of one member that decides a result.
  private static func line(_ member: Member, _ library: StudyLibrary) throws -> String {
    let image = library.root.appendingPathComponent(member.study.image ?? "")
    let files =
      [image]
      + library.labelFiles(of: member.study).used.values.map(\.url)
      .sorted { $0.path < $1.path }
    // A label's sidecar tells how its levels were made.
    let sidecars = files.map(Sidecar.url).filter { FileManager.default.fileExists(atPath: $0.path) }
    let hashes = try (files + sidecars).map {
      "\($0.lastPathComponent)=\(try SHA256.hexDigest(ofFile: $0))"
    }
    let truth = member.truth
    func names(_ segments: Set<SpinalSegment>) -> String {
      segments.map(\.name).sorted().joined(separator: "+")
    }
    return
      ([member.study.subject, truth.className, "\(truth.hasLesion)", names(truth.affected)]
      + [names(truth.known), truth.group, String(describing: member.isPlanted)] + hashes)
      .joined(separator: " ")
  }

  /// The patients, sorted.
  var patients: [String] { Set(members.map(\.truth.group)).sorted() }

  /// The patients that are left out together when a network is adapted; `nil` where it is adapted to
  /// the whole cohort, those tested included, as the paper does.
  ///
  /// Planted cohorts hold the same cords with and without lesions: there, nothing of a patient who
  /// is tested may be learned from.
  var heldOut: [Set<String>]? {
    guard members.contains(where: { $0.isPlanted != nil }) else { return nil }
    let patients = patients
    guard patients.count > Self.fewPatients else { return patients.map { [$0] } }
    let folds = Folds.assign(
      strata: patients.map { _ in "" }, groups: patients, count: Self.foldCount, seed: 1)
    return (0..<Self.foldCount).map { fold in
      Set(patients.indices.filter { folds[$0] == fold }.map { patients[$0] })
    }
  }

  /// The members that a network may learn from while some patients are tested.
  ///
  /// Of planted cohorts only studies with lesions, as a clinic's cohort has them: never an original
  /// beside its planted twin (`PlantedCohort.trainingSelection`).
  func learning(without patients: Set<String>) -> [Member] {
    let planted = members.filter { $0.isPlanted != nil }.map {
      PlantedCohort.Member(
        subject: $0.study.subject, sourceSubject: $0.truth.group, isPlanted: $0.isPlanted == true)
    }
    let chosen = Set(
      PlantedCohort.trainingSelection(of: planted, heldOut: patients, keeping: .planted)
        .map(\.subject))
    return members.filter {
      $0.isPlanted == nil
        ? !patients.contains($0.truth.group) : chosen.contains($0.study.subject)
    }
  }

  /// One study, prepared as detection does.
  ///
  /// - Parameter segmenter: Finds the anatomy; without it the library's labels are used.
  /// - Throws: `ReadError` when a file cannot be read; `PreparationError` when the study cannot be
  ///   used.
  func prepare(
    _ member: Member, _ normalisation: Normalisation, _ degradation: ImageDegradation?,
    segmenter: AnatomySegmenter? = nil
  ) throws -> PreparedStudy {
    var options = PreparationOptions()
    options.normalisation = normalisation
    let (original, known) = try library.read(member.study)
    let seed = UInt64(SHA256.hexDigest(of: member.study.subject).prefix(15), radix: 16) ?? 0
    let volume = degradation?.apply(original, seed: seed) ?? original
    let labels = try segmenter.map { try $0.segment(volume)?.labels ?? StudyLabels() } ?? known
    return try StudyPreparation.prepare(image: volume, labels: labels, options: options)
  }
}
