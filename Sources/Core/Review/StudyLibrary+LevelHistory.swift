internal import Foundation

extension StudyLibrary {
  /// What tells which of some acts were stated under other labels than those of the stored detection.
  ///
  /// - Throws: `ReadError` when the stored detection is damaged.
  func levelHistory(
    of study: LibraryStudy, for records: [ReviewRecord]
  ) throws -> LevelHistory {
    guard let stored = try digest(of: study) else { return LevelHistory() }
    let stated = records.filter { !$0.stated.isEmpty }.map(\.detection)
    // Without verdicts nothing can be of other labels, and the label files are not looked at.
    return levelHistory(
      of: study, stored, stated: Set(stated.map { $0.map(LevelHistory.key) }),
      isOutdated: !stated.isEmpty && isOutdated(study))
  }

  /// The same where it is known on which detections verdicts stand.
  ///
  /// - Parameters:
  ///   - stored: the detection that is shown.
  ///   - stated: the first 16 digits of their SHA-256; `nil` for a verdict before any detection.
  ///   - isOutdated: whether the detection that is shown is known to be of other labels than those that stand.
  func levelHistory(
    of study: LibraryStudy, _ stored: DetectionDigest, stated: Set<String?>,
    isOutdated: Bool = false
  ) -> LevelHistory {
    guard let sha256 = stored.sha256 else { return LevelHistory() }
    var former: [String: SegmentPlaces] = [:]
    var isAnyUnknown = false
    for hash in stated where hash != LevelHistory.key(sha256) {
      if let hash, let places = formerPlaces(hash, of: study) {
        former[hash] = places
      } else {
        isAnyUnknown = true
      }
    }
    return LevelHistory(
      current: sha256, places: stored.places, former: former,
      corrected: isAnyUnknown || isOutdated ? lastLevelCorrection(of: study) : nil,
      isOutdated: isOutdated)
  }

  /// Where segments lay in a former detection; `nil` where its file is not there or cannot be used.
  private func formerPlaces(_ hash: String, of study: LibraryStudy) -> SegmentPlaces? {
    guard LevelHistory.isKey(hash), let stem = study.stem else { return nil }
    let name = stem + DerivativeWriter.versionEnding(hash)
    let path = "derivatives/cordscope/\(study.folder)/\(name)"
    return try? cache.digest.formerPlaces.value(of: path, below: root.path) {
      let found = try DetectionFile.digest(root.appendingPathComponent(path))
      // A file under the name that is another says nothing of the verdicts.
      return found.flatMap { $0.sha256.map(LevelHistory.key) == hash ? $0.places : nil }
    }
  }

  /// When any reader corrected labels of levels last, took that back or restored it: labels are everybody's, and
  /// tell nothing of a reading. A journal that cannot be read is told elsewhere.
  private func lastLevelCorrection(of study: LibraryStudy) -> String? {
    journals(of: study).compactMap { journal -> String? in
      let path = "derivatives/cordscope/\(study.folder)/\(journal.url.lastPathComponent)"
      let last = try? cache.digest.levelCorrections.value(of: path, below: root.path) {
        let acts = try journal.records().filter { $0.correction?.target.isOfLevels ?? false }
        return LibraryDigest.LevelCorrectionFact(time: acts.map(\.time).max())
      }
      return last?.time
    }.max()
  }
}
