internal import Foundation
internal import Imaging

extension StudyLibrary {
  /// What can be shown beside a study: its axial series, or planes across the cord where it has none,
  /// then planes along the cord, its other series, and the participant's other sessions, the latest
  /// before it first.
  ///
  /// - Throws: `LibraryError`.
  public func besideChoices(_ subject: String) throws -> [BesideChoice] {
    let study = try usableStudy(subject)
    let series = otherSeries(of: study)
    let axial = series.filter(\.isAxial).map(\.choice)
    let made = BesideChoice(.reformat, title: "REFORMATTED axial")
    let along = BesideChoice(.coronal, title: "REFORMATTED coronal")
    return (axial.isEmpty ? [made] : axial) + [along]
      + series.filter { !$0.isAxial }.map(\.choice) + sessions(beside: study)
  }

  /// Loads what is shown beside a study.
  ///
  /// - Throws: `LibraryError`, `ReadError`, `PreparationError`, `JournalError`.
  public func beside(
    _ choice: BesideChoice, of subject: String, reader: String
  ) throws -> BesideContent {
    let study = try usableStudy(subject)
    switch choice.kind {
    case .series(let file):
      guard otherNames(in: study).contains(where: { "\($0.stem)\($0.fileExtension)" == file })
      else {
        throw LibraryError.unusable(
          subject: study.subject, "it has no series \(file.cleaned(limit: 100)) any more")
      }
      return .volume(try volume("\(study.folder)/\(file)", of: study))
    case .reformat, .coronal: return .volume(try volume(study.image ?? "", of: study))
    case .session(let other):
      let session = try usableStudy(other)
      // The journal of a study beside is looked at, not waited for.
      let records = try openJournal(session, reader: reader).glance()
      return .session(
        try loadStudy(session.subject, reader: reader), JournalContents(records: records))
    }
  }

  private func volume(_ path: String, of study: LibraryStudy) throws -> BesideVolume {
    let image = try NIfTI.read(root.appendingPathComponent(path))
    guard
      let result = BesideVolume(image.volume, isPlaced: image.affineSource != .pixdim)
    else {
      throw LibraryError.unusable(
        subject: study.subject, "\(path.cleaned): its voxel grid has no place in the patient")
    }
    return result
  }

  // MARK: Series

  /// Suffixes of files in which labels are, not pictures.
  private static let labelSuffixes: Set<String> = [
    "dseg", "seg", "mask", "msk", "label", "labels", "probseg",
  ]

  /// The names of the study's images beside the chosen one.
  private func otherNames(in study: LibraryStudy) -> [BIDSName] {
    let path = root.appendingPathComponent(study.folder).path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    let parts = study.folder.split(separator: "/").dropLast()
    let prefix = parts.joined(separator: "_") + "_"
    return names.filter { $0.hasPrefix(prefix) }.compactMap(BIDSName.init).filter { name in
      name.isNIfTI && name != study.imageName && name["label"] == nil && name["seg"] == nil
        && !Self.labelSuffixes.contains(name.suffix.lowercased())
    }.sorted { NaturalOrder.precedes($0.stem, $1.stem) }
  }

  /// The study's series beside the chosen one, axial T2 first; one whose header cannot be read is
  /// listed all the same, and says why when it is loaded.
  private func otherSeries(
    of study: LibraryStudy
  ) -> [(choice: BesideChoice, isAxial: Bool)] {
    let found = otherNames(in: study).map { name -> (choice: BesideChoice, isAxial: Bool) in
      let file = "\(name.stem)\(name.fileExtension)"
      let entities = name.entities.filter { $0.key != "sub" && $0.key != "ses" }
        .map { "\($0.key)-\($0.value)" }
      var title = name.suffix + (entities.isEmpty ? "" : " (\(entities.joined(separator: " ")))")
      let url = root.appendingPathComponent("\(study.folder)/\(file)")
      let header = try? NIfTI.readHeader(url)
      let stack = header.flatMap {
        AcquiredStack(shape: $0.layout.shape, affine: $0.header.affine.map)
      }
      if let stack { title = "\(stack.isThreeDimensional ? "3D" : stack.plane.rawValue) \(title)" }
      if let count = header?.layout.volumeCount, count > 1 {
        title += ", first of \(count) volumes"
      }
      let isAxial = stack?.plane == .axial && stack?.isThreeDimensional == false
      return (BesideChoice(.series(file: file), title: title), isAxial)
    }
    func isT2(_ item: (choice: BesideChoice, isAxial: Bool)) -> Bool {
      item.choice.title.contains("T2w")
    }
    return found.filter(isT2) + found.filter { !isT2($0) }
  }

  // MARK: Sessions

  /// The participant's other sessions: those before from the latest on, then those after.
  private func sessions(beside study: LibraryStudy) -> [BesideChoice] {
    let others = studies.filter {
      $0.participant == study.participant && $0.subject != study.subject && $0.problem == nil
    }
    let own = participant(of: study).age
    let found = others.map { other -> (isBefore: Bool, choice: BesideChoice) in
      let interval = SessionInterval(
        from: participant(of: other).age, to: own,
        isNamedBefore: NaturalOrder.precedes(other.subject, study.subject))
      let start = study.participant.count + 1
      let name = other.subject.count > start ? String(other.subject.dropFirst(start)) : "no session"
      return (
        interval.isBefore,
        BesideChoice(
          .session(other.subject),
          title: "\(interval.isBefore ? "prior" : "later") \(name), \(interval.words)")
      )
    }
    return found.filter(\.isBefore).map(\.choice).reversed()
      + found.filter { !$0.isBefore }.map(\.choice)
  }
}

/// How far two sessions lie apart, as far as de-identified data tell: by the participant's ages.
struct SessionInterval: Equatable {
  /// Whether the other session came first: by age, else by its name.
  let isBefore: Bool
  /// "2 years before", "age unknown".
  let words: String

  /// - Parameters:
  ///   - other: Age in years at the other session, as written.
  ///   - own: Age at the session shown.
  ///   - isNamedBefore: Whether the other session's name comes first in natural order.
  init(from other: String?, to own: String?, isNamedBefore: Bool) {
    guard let from = other.flatMap(Double.init), let to = own.flatMap(Double.init),
      from.isFinite, to.isFinite
    else {
      (isBefore, words) = (isNamedBefore, "interval unknown")
      return
    }
    let years = to - from
    guard abs(years) >= 0.05 else {
      (isBefore, words) = (isNamedBefore, "at the same age")
      return
    }
    let count = String(format: abs(years) == abs(years).rounded() ? "%.0f" : "%.1f", abs(years))
    let side = years > 0 ? "before" : "after"
    (isBefore, words) = (years > 0, "\(count) year\(count == "1" ? "" : "s") \(side)")
  }
}
