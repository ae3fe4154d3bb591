internal import Imaging
internal import Synchronization

/// The slices of a library's studies that a network can be adapted to.
struct AdaptationCohort {
  /// The slices, study by study in the library's order, each study's scored slices in theirs.
  var data: TrainingData
  /// The subjects they are of.
  var subjects: [String]
  /// The other subjects, each with the reason.
  var leftOut: [String: String]

  /// Reads and prepares every study as detection does; nothing is written. Of patients with planted
  /// lesions the unplanted originals are left out: beside them a lesion is no longer unknown.
  ///
  /// - Parameters:
  ///   - finished: called with the studies read so far, from the working threads.
  ///   - isCancelled: asked before every study.
  /// - Returns: `nil` when cancelled.
  static func read(
    _ library: StudyLibrary, normalisation: Normalisation, team: ThreadTeam,
    finished: @escaping @Sendable (Int) -> Void, isCancelled: @escaping @Sendable () -> Bool
  ) -> AdaptationCohort? {
    var options = PreparationOptions()
    options.normalisation = normalisation
    let prepared = options
    let done = Mutex(0)
    let members = PlantedCohort.members(of: library)
    let twins = Set(PlantedCohort.twins(in: members))
    let originals = Set(
      members.filter { !$0.isPlanted && twins.contains($0.sourceSubject) }.map(\.subject))
    let found: [Result<[TrainingSlice], Reason>] = team.map(library.studies) { study, _ in
      guard !isCancelled() else { return .failure(Reason(text: "")) }
      defer {
        finished(
          done.withLock { count in
            count += 1
            return count
          })
      }
      guard !originals.contains(study.subject) else {
        return .failure(
          Reason(text: "an unplanted original: it is never learned beside its planted twin"))
      }
      return usable(study, library, prepared)
    }
    guard !isCancelled() else { return nil }
    var slices: [TrainingSlice] = []
    var (subjects, leftOut): ([String], [String: String]) = ([], [:])
    for (study, result) in zip(library.studies, found) {
      switch result {
      case .success(let own):
        slices += own
        subjects.append(study.subject)
      case .failure(let reason): leftOut[study.subject] = reason.text.cleaned
      }
    }
    return AdaptationCohort(data: TrainingData(slices), subjects: subjects, leftOut: leftOut)
  }

  private struct Reason: Error {
    let text: String
  }

  private static func usable(
    _ study: LibraryStudy, _ library: StudyLibrary, _ options: PreparationOptions
  ) -> Result<[TrainingSlice], Reason> {
    if let problem = study.problem { return .failure(Reason(text: problem)) }
    do {
      let (volume, labels) = try library.read(study)
      let prepared = try StudyPreparation.prepare(image: volume, labels: labels, options: options)
      let slices = prepared.learnableSlices
      guard !slices.isEmpty else {
        let reasons = [prepared.reason] + prepared.scoredSlices.map(\.unassessableReason)
        return .failure(Reason(text: reasons.compactMap(\.self).first ?? "no slice can be used"))
      }
      return .success(slices)
    } catch {
      return .failure(Reason(text: "\(error)"))
    }
  }
}

extension PreparedStudy {
  /// Its scored slices that a network can learn from.
  var learnableSlices: [TrainingSlice] {
    guard reason == nil else { return [] }
    return scoredSlices.filter { $0.unassessableReason == nil }.map(TrainingSlice.init)
  }
}
