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
  /// Names the data: subjects, truth and the sizes of the images.
  let identity: String

  /// Few patients are left out one at a time when a network is adapted: with more of them, the
  /// cohort is adapted to as a whole, as the paper does.
  static let fewPatients = 10

  /// Finds the studies with truth.
  ///
  /// - Parameter perClass: The most studies of each class, the first ones; `nil` for all.
  /// - Throws: `ReadError` when a truth file is damaged; `LibraryError` without any truth.
  init(_ library: StudyLibrary, truth: URL?, perClass: Int?) throws {
    self.library = library
    var members: [Member] = []
    var counts: [String: Int] = [:]
    for study in library.studies where study.problem == nil {
      guard
        let known = try LibraryEvaluation.truth(of: study, in: library, folder: truth),
        counts[known.className, default: 0] < perClass ?? .max
      else { continue }
      counts[known.className, default: 0] += 1
      members.append(
        Member(
          study: study, truth: known,
          isPlanted: library.participants[study.participant].isPlanted))
    }
    guard !members.isEmpty else { throw LibraryError.noTruth(library.root.path) }
    self.members = members
    let sizes = members.map { member in
      let url = library.root.appendingPathComponent(member.study.image ?? "")
      let size = (try? url.resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? 0
      return "\(member.study.subject) \(size) \(member.truth.className) "
        + member.truth.affected.map(\.name).sorted().joined(separator: "+")
    }
    identity = SHA256.hexDigest(of: sizes.joined(separator: "\n"))
  }

  /// The patients, sorted.
  var patients: [String] { Set(members.map(\.truth.group)).sorted() }

  /// The patients left out one at a time in adaptation; `nil` where the whole cohort is adapted to.
  var heldOut: [String]? {
    let patients = patients
    return patients.count <= Self.fewPatients && patients.count < members.count ? patients : nil
  }

  /// The members that a network may learn from while a patient is tested (`nil`: all are).
  ///
  /// Of planted cohorts only studies with lesions, as a clinic's cohort has them: never an original
  /// beside its planted twin.
  func learning(without patient: String?) -> [Member] {
    members.filter { $0.truth.group != patient && $0.isPlanted != false }
  }

  /// The studies, prepared as detection does; those that cannot be used are left out, with reasons.
  ///
  /// - Returns: `nil` when cancelled.
  func prepared(
    _ normalisation: Normalisation, _ degradation: ImageDegradation?, team: ThreadTeam,
    finished: @escaping @Sendable (Double) -> Void, isCancelled: @escaping @Sendable () -> Bool
  ) -> [String: PreparedStudy]? {
    var options = PreparationOptions()
    options.normalisation = normalisation
    let (settings, count) = (options, Double(members.count))
    let studies: [PreparedStudy?] = team.map(members) { member, done in
      guard !isCancelled() else { return nil }
      finished(Double(done) / count)
      guard let (volume, labels) = try? library.read(member.study) else { return nil }
      let seed = UInt64(SHA256.hexDigest(of: member.study.subject).prefix(15), radix: 16) ?? 0
      let image = degradation?.apply(volume, seed: seed) ?? volume
      return try? StudyPreparation.prepare(image: image, labels: labels, options: settings)
    }
    guard !isCancelled() else { return nil }
    let found = zip(members, studies).compactMap { member, study in
      study.map { (member.study.subject, $0) }
    }
    return Dictionary(found, uniquingKeysWith: { $1 })
  }
}
