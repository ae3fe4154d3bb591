extension PlantedCohort {
  /// A study of a planted cohort, as participants.tsv has it.
  public struct Member: Equatable, Sendable {
    /// The study's identifier in the library.
    public var subject: String
    /// The patient it comes from.
    public var sourceSubject: String
    /// Whether a lesion was planted in it.
    public var isPlanted: Bool

    /// Makes a member.
    public init(subject: String, sourceSubject: String, isPlanted: Bool) {
      self.subject = subject
      self.sourceSubject = sourceSubject
      self.isPlanted = isPlanted
    }
  }

  /// Which of two twins, an image with and the same without its lesion, is kept for training.
  public enum Kept: String, CaseIterable, Sendable {
    /// Studies without lesion: training on normal cords.
    case unplanted
    /// Studies with lesions: adaptation to a cohort of patients as it comes.
    case planted
  }

  /// The usable studies of a library that were planted or left as they are.
  public static func members(of library: StudyLibrary) -> [Member] {
    library.studies.compactMap { study in
      let row = library.participants[study.participant]
      guard study.problem == nil, let source = row.sourceSubject, let isPlanted = row.isPlanted
      else { return nil }
      return Member(subject: study.subject, sourceSubject: source, isPlanted: isPlanted)
    }
  }

  /// The studies that may be trained on while those of some patients are tested.
  ///
  /// Nothing of a patient held out is selected, and of every other patient either the studies with
  /// or those without planted lesions, never both: beside its unplanted original a planted lesion
  /// is no longer unknown, whatever slices the two are made of.
  public static func trainingSelection(
    of members: [Member], heldOut: Set<String>, keeping kept: Kept = .unplanted
  ) -> [Member] {
    members.filter {
      !heldOut.contains($0.sourceSubject) && $0.isPlanted == (kept == .planted)
    }
  }

  /// The patients of whom both planted and unplanted studies are among some; empty for a selection.
  public static func twins(in members: [Member]) -> [String] {
    let planted = Set(members.filter(\.isPlanted).map(\.sourceSubject))
    let unplanted = Set(members.filter { !$0.isPlanted }.map(\.sourceSubject))
    return planted.intersection(unplanted).sorted()
  }
}
