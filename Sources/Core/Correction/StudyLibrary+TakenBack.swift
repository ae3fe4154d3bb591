/// Lesion masks that lie one on the other although no reader was shown the one below.
extension StudyLibrary {
  /// The note of a lesion mask with what has its place once it is taken back: what it took the place of, unless
  /// the reader of that has taken it back meanwhile, when the file had another's mask; then what was there before.
  ///
  /// A journal that cannot be read takes nothing back.
  func passingTakenBack(
    _ note: CorrectionNote, of study: LibraryStudy, than reader: String
  ) -> CorrectionNote {
    guard note.target == .lesion else { return note }
    var taken: [CorrectionNote] = []
    var standing: Set<String> = []
    for journal in journals(of: study) where journal.reader != reader {
      guard let records = try? journal.records() else { continue }
      let review = ReviewState(records)
      let stands = Set(review.corrections.map(\.seq))
      for record in records where record.action == .correct {
        guard let drawn = record.correction, drawn.target == .lesion else { continue }
        if stands.contains(record.seq) {
          standing.insert(drawn.after)
        } else {
          taken.append(drawn)
        }
      }
    }
    var result = note
    while result.origin?.isVersionKept == true, let before = result.before,
      !standing.contains(before), let index = taken.lastIndex(where: { $0.after == before })
    {
      // Each once: hashes may follow each other in a circle.
      let below = taken.remove(at: index)
      result.before = below.before
      result.origin?.isVersionKept = below.origin?.isVersionKept ?? false
      result.origin?.sidecar = below.origin?.sidecar
    }
    return result
  }
}
