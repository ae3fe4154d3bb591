internal import Foundation

/// What stands beside a case's picture: the study's other series and sessions, under names that tell neither
/// study nor patient.
extension TeachingSource {
  /// What can be shown beside a case.
  ///
  /// - Throws: `TeachingError`.
  public func besideChoices(_ subject: String) throws -> [BesideChoice] {
    let (study, name) = try place(of: subject)
    return try name.guarded { try choices(of: study, name).map(\.shown) }
  }

  /// Loads what is shown beside a case: of another session the pictures, and nothing that was stated of it.
  ///
  /// - Throws: `TeachingError`.
  public func beside(
    _ choice: BesideChoice, of subject: String, reader: String
  ) throws -> BesideContent {
    let (study, name) = try place(of: subject)
    return try name.guarded {
      guard let found = try choices(of: study, name).first(where: { $0.shown == choice }) else {
        throw TeachingError.notAllowed("it has no \(choice.title) any more")
      }
      if case .session(let other) = found.own.kind {
        return .session(name.clean(try library.loadStudy(other)), JournalContents(records: []))
      }
      return try library.beside(found.own, of: study.subject, reader: reader)
    }
  }

  /// What the library lists, and what a case shows of it: a number stands for a file or a subject.
  private func choices(
    of study: LibraryStudy, _ name: CasePseudonym
  ) throws -> [(own: BesideChoice, shown: BesideChoice)] {
    try library.besideChoices(study.subject).enumerated().map { number, own in
      let kind: BesideChoice.Kind =
        switch own.kind {
        case .series: .series(file: "\(number + 1)")
        case .session: .session("\(number + 1)")
        case .reformat, .coronal: own.kind
        }
      let title = Self.title(of: own, participant: study.participant)
      return (own: own, shown: BesideChoice(kind, title: name.clean(title)))
    }
  }

  /// What a choice is called without the label of its session, which may be the day of a visit.
  static func title(of choice: BesideChoice, participant: String) -> String {
    guard case .session(let subject) = choice.kind else { return choice.title }
    let label = String(subject.dropFirst(participant.count + 1))
    guard !label.isEmpty else { return choice.title }
    return choice.title.replacingOccurrences(of: label, with: "session")
  }
}
