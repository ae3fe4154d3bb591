internal import Foundation
internal import Imaging

/// Masks of lesions as one reader may see them; see decision 022.
extension StudyLibrary {
  /// Whose lesion mask a reader is shown of a study: until they have signed it, or noted that they compare,
  /// their own. Who states no verdicts draws on what stands.
  ///
  /// - Parameter hidesGiven: whether the AI is hidden, and with it what no reader drew.
  /// - Throws: `JournalError`; `ReadError` when `readers.tsv` is damaged.
  func lesionSight(
    of study: LibraryStudy, for reader: String, hidesGiven: Bool = false
  ) throws -> LesionSight {
    let id = ReaderIdentity.sanitised(reader)
    let review = try reviewInFull(of: study, reader: id)
    if review.seesOthers { return .standing }
    return try ownSight(of: study, for: id, review, hidesGiven: hidesGiven)
  }

  /// The same before any signature, whatever the journal says now.
  func ownSight(
    of study: LibraryStudy, for reader: String, _ review: ReviewState, hidesGiven: Bool = false
  ) throws -> LesionSight {
    guard try ReaderTable(library: root).role(of: reader) != .annotator else { return .standing }
    let drawn = review.history.map(\.record).filter { $0.action == .correct }
    var own = LesionSight.Own(reader: reader)
    own.latest = review.corrections.last { $0.correction?.target == .lesion }?.correction?.after
    own.noted = Set(drawn.compactMap(\.correction).filter { $0.target == .lesion }.map(\.after))
    own.isAlone = !journals(of: study).contains { $0.reader != reader }
    return LesionSight(own: own, hidesGiven: hidesGiven)
  }

  /// Whose lesion mask a report tells of, with what it tells of the readings; of a journal that cannot be read
  /// no reader's is told.
  func lesionSight(of study: LibraryStudy, telling others: OthersTold) -> LesionSight {
    guard case .own(let reader, _) = others else { return .standing }
    let unknown = LesionSight(own: .init(reader: reader, isAlone: false))
    return (try? lesionSight(of: study, for: reader)) ?? unknown
  }

  /// Whose lesion mask a command reads as truth for who runs it; nothing is noted.
  ///
  /// - Parameter viewer: `nil` for who reads nothing in the library, and is shown the mask that stands.
  func lesionSight(of study: LibraryStudy, shownTo viewer: ReadingViewer?) -> LesionSight {
    guard let viewer else { return .standing }
    return lesionSight(of: study, telling: .own(of: viewer.reader, refusal: nil))
  }

  /// With whose lesion mask a correction began, which must be there still; of another target everybody's.
  ///
  /// - Throws: `EditRefusal` where what it began from is another by now; `JournalError`, `ReadError`.
  func sight(
    from correction: LabelCorrection, of study: LibraryStudy, _ reader: String
  ) throws -> LesionSight {
    var sights = [LesionSight.standing]
    if correction.target == .lesion {
      // The AI may have been shown, or hidden, since the editor was opened.
      sights = try [false, true].map {
        try lesionSight(of: study, for: reader, hidesGiven: $0)
      }
    }
    guard
      let found = try sights.first(where: {
        try correctedFiles(correction.target, of: study, for: $0) == correction.files
      })
    else {
      let files = try correctedFiles(correction.target, of: study, for: sights[0])
      throw EditRefusal(
        "the \(Self.changedWords(files, correction.files)) changed meanwhile: take your edits back, leave, "
          + "and begin again")
    }
    return found
  }

  /// The label files of a study with the lesion mask that a reader may see.
  func labelFiles(of study: LibraryStudy, for sight: LesionSight) -> LabelFiles {
    var files = labelFiles(of: study)
    guard sight.isBlinded, let label = lesionLabel(of: study) else { return files }
    let found = [files[.lesion]].compactMap(\.self) + (files.others[.lesion] ?? [])
    let own = sight.own.flatMap { drawn(by: $0, label, found.first) }
    files[.lesion] = own ?? (sight.hidesGiven ? nil : given(label, found))
    return files
  }

  /// The name under which readers' lesion masks of a study are kept; `nil` where the study has no image.
  func lesionLabel(of study: LibraryStudy) -> VersionedLabel? {
    study.stem.map { stem in
      let folder = root.appendingPathComponent("derivatives/labels/\(study.folder)")
      return VersionedLabel(
        url: folder.appendingPathComponent(stem + LabelRole.lesion.ending + ".nii.gz"))
    }
  }

  /// The mask that a reader drew: as the journal tells, else the one that stands where its sidecar names the
  /// reader and a kill kept it from the journal, or where nobody else can have drawn it.
  private func drawn(
    by own: LesionSight.Own, _ label: VersionedLabel, _ standing: LabelFiles.File?
  ) -> LabelFiles.File? {
    if let latest = own.latest, let url = label.place(of: latest) {
      return LabelFiles.File(url: url, role: .lesion)
    }
    guard let standing, Self.isReading(standing),
      let hash = try? SHA256.hexDigest(ofFile: standing.url), !own.noted.contains(hash)
    else { return nil }
    guard let hand = VersionedLabel(url: standing.url).lastHand() else {
      return own.isAlone ? standing : nil
    }
    return hand.author == own.reader ? standing : nil
  }

  /// The mask that no reader drew: the one that stands, else the latest version of it, else one of another
  /// place.
  private func given(
    _ label: VersionedLabel, _ found: [LabelFiles.File]
  ) -> LabelFiles.File? {
    guard let standing = found.first else { return nil }
    if !Self.isReading(standing) { return standing }
    let versions = label.versions().map { LabelFiles.File(url: $0, role: .lesion) }
    return (versions + found.dropFirst()).first { !Self.isReading($0) }
  }

  /// Whether a reader of this program drew a mask; one whose sidecar cannot be read may be a reader's.
  private static func isReading(_ file: LabelFiles.File) -> Bool {
    (try? file.isReadersWord) ?? true
  }
}
