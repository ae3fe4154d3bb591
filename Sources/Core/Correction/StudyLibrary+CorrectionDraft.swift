internal import Foundation
internal import Imaging

/// Keeping what a reader corrects and has not saved.
extension StudyLibrary {
  /// Keeps a draft in a file of the reader's own, and returns only after it is on the disk.
  ///
  /// - Parameter sessions: the runs of the program whose draft it takes the place of; another's, or a damaged
  ///   one, is set aside first. Where the run ends that had kept it before, another's from the same beginning is
  ///   newer, and stays: this one is kept aside.
  /// - Returns: the name of what was set aside.
  /// - Throws: `LibraryError`, `ReadError` where what is there cannot be read now, `WriteError`; the former draft
  ///   stays then.
  public func keepDraft(
    _ draft: CorrectionDraft, over sessions: [String], subject: String, reader: String
  ) throws -> String? {
    let (study, place) = try draftPlace(draft.correction.target, subject, reader)
    guard let stem = study.stem else { return nil }
    var aside: String?
    // The image is that of the first edit: what takes its place later is none that they were made on.
    var image: String?
    let id = ReaderIdentity.sanitised(reader)
    let time = draft.time ?? UTCTime.text(Date())
    switch try place.look() {
    case .nothing: break
    case .draft(let former) where sessions.contains(former.session):
      // Kept so already: its time is that of the edits.
      let same = CorrectionDraftFile(
        draft, study: stem, reader: id, time: former.time, image: former.image)
      if former == same { return nil }
      if former.files == draft.correction.files { image = former.image }
    case .draft(let former) where draft.isLast && former.files == draft.correction.files:
      let own = CorrectionDraftFile(
        draft, study: stem, reader: id, time: time, image: former.image)
      return try own.editsSHA256 == former.editsSHA256 ? nil : place.writeAside(own)
    case .draft, .damaged: aside = try place.setAside()
    }
    try place.write(
      CorrectionDraftFile(
        draft, study: stem, reader: id, time: time, image: try image ?? imageHash(of: study)))
    return aside
  }

  /// Removes a draft whose edits are saved, taken back or given up; one of another run of the program stays.
  ///
  /// - Throws: `LibraryError`, `ReadError`.
  public func removeDraft(
    of target: CorrectionTarget, from sessions: [String], subject: String, reader: String
  ) throws {
    let (_, place) = try draftPlace(target, subject, reader)
    guard case .draft(let former) = try place.look(), sessions.contains(former.session) else {
      return
    }
    try place.remove()
  }

  /// What other runs of the program left unsaved of a study. What does not go on is set aside; what was saved
  /// to the pixel after it had been kept is removed. What cannot be read now lies as it lay.
  ///
  /// - Parameters:
  ///   - grids: the slices of the study, for masks.
  ///   - isBlind: whether the AI is hidden: a lesion mask that was begun with it in sight waits.
  ///   - sessions: runs of the program whose drafts are known.
  /// - Throws: `LibraryError`.
  public func drafts(
    of subject: String, grids: [CorrectionGrid], isBlind: Bool, except sessions: [String],
    reader: String
  ) throws -> DraftSearch {
    var search = DraftSearch()
    for target in CorrectionTarget.allCases {
      let (study, place) = try draftPlace(target, subject, reader)
      let file: CorrectionDraftFile
      do {
        switch try place.look() {
        case .nothing: continue
        case .draft(let read):
          if sessions.contains(read.session) { continue }
          file = read
        case .damaged(let why):
          search.refused.append(Self.setAside(place, target, nil, "\(why)"))
          continue
        }
      } catch {
        // Of what cannot be read now nothing is known: it waits.
        search.refused.append(
          DraftSearch.Refused(target: target, time: nil, reason: "\(error)", name: nil))
        continue
      }
      if try isSaved(file, study, reader) {
        try? place.remove()
        continue
      }
      do {
        search.found.append(try goOn(file, target, study, grids, reader, isBlind: isBlind))
      } catch let waiting as Waiting {
        search.refused.append(
          DraftSearch.Refused(
            target: target, time: file.time, reason: waiting.reason, name: nil))
      } catch let refusal as EditRefusal {
        search.refused.append(Self.setAside(place, target, file.time, refusal.description))
      } catch {
        // Of what cannot be read now nothing is known: the draft waits.
        search.refused.append(
          DraftSearch.Refused(target: target, time: file.time, reason: "\(error)", name: nil))
      }
    }
    return search
  }

  private func draftPlace(
    _ target: CorrectionTarget, _ subject: String, _ reader: String
  ) throws -> (LibraryStudy, CorrectionDraftPlace) {
    let study = try usableStudy(subject)
    guard let stem = study.stem else {
      throw LibraryError.unusable(subject: subject, "it has no image")
    }
    return (
      study, CorrectionDraftPlace(library: root, stem: stem, target: target, reader: reader)
    )
  }

  private static func setAside(
    _ place: CorrectionDraftPlace, _ target: CorrectionTarget, _ time: String?, _ reason: String
  ) -> DraftSearch.Refused {
    do {
      let name = try place.setAside()
      return DraftSearch.Refused(target: target, time: time, reason: reason, name: name)
    } catch {
      return DraftSearch.Refused(
        target: target, time: time, reason: "\(reason); \(error)", name: nil)
    }
  }

  /// Why a draft cannot go on yet.
  private struct Waiting: Error {
    var reason: String
  }

  /// With whose eyes a lesion mask was begun: while the AI was hidden, from less than is there.
  ///
  /// - Throws: `EditRefusal` where what it began from is another by now; `Waiting` where it must not be seen yet.
  private func beganBlind(
    _ file: CorrectionDraftFile, _ study: LibraryStudy, _ reader: String, isBlind: Bool
  ) throws -> Bool {
    let began = try [true, false].first { isHidden in
      let sight =
        try file.target == .lesion
        ? lesionSight(of: study, for: reader, hidesGiven: isHidden) : LesionSight.standing
      return try correctedFiles(file.target, of: study, for: sight) == file.files
    }
    guard let began else {
      let words = file.target.words
      throw EditRefusal("the \(words) \(file.target.isMask ? "was" : "were") changed since")
    }
    guard began || !isBlind || file.target != .lesion else {
      throw Waiting(reason: "it was drawn with the AI in sight, and is back when that is shown")
    }
    return began
  }

  /// The edits of a draft on what they began from.
  ///
  /// - Throws: `Waiting`, `EditRefusal` where that is something else now, `LibraryError`, `ReadError`.
  private func goOn(
    _ file: CorrectionDraftFile, _ target: CorrectionTarget, _ study: LibraryStudy,
    _ grids: [CorrectionGrid], _ reader: String, isBlind: Bool
  ) throws -> DraftSearch.Found {
    guard file.target == target, file.study == study.stem,
      file.reader == ReaderIdentity.sanitised(reader)
    else { throw EditRefusal("they are of another study or reader") }
    guard try imageHash(of: study) == file.image else {
      throw EditRefusal("the image is another now")
    }
    if let discs = file.savedDiscs,
      try Set(correctedFiles(target, of: study))
        == LabelCorrection.files(file.files, afterDiscs: discs)
    {
      let basis = try correctionBasis(
        target, of: study.subject, grids: [], reader: reader, isBlind: isBlind)
      return DraftSearch.Found(
        basis: basis, correction: try file.following(basis), time: file.time,
        session: file.session)
    }
    let began = try beganBlind(file, study, reader, isBlind: isBlind)
    // What was drawn before the slices were cut anew goes on from what lay there.
    let former = try file.formerGrids(beside: grids)
    var basis = try correctionBasis(
      target, of: study.subject, grids: target.isMask ? grids + former : [], reader: reader,
      isBlind: began)
    let correction = try file.correction(on: basis, grids: grids + former)
    if target.isMask { basis.masks.removeLast(former.count) }
    return DraftSearch.Found(
      basis: basis, correction: correction, time: file.time, session: file.session)
  }

  /// Whether the reader saved these very edits from the same beginning after a draft was kept: a kill between
  /// saving and removing leaves the draft. Others from that beginning are another session's, and no proof.
  private func isSaved(
    _ file: CorrectionDraftFile, _ study: LibraryStudy, _ reader: String
  ) throws -> Bool {
    guard let kept = UTCTime.date(file.time), let stem = study.stem else { return false }
    let edits = try file.editsSHA256
    let folder = root.appendingPathComponent("derivatives/labels/\(study.folder)")
    let label = VersionedLabel(
      url: folder.appendingPathComponent(stem + file.target.role.ending + ".nii.gz"))
    return try journal(study.subject, reader: reader).records.contains { record in
      guard record.action == .correct, let note = record.correction, note.target == file.target,
        let origin = note.origin, origin.files == file.files,
        let saved = UTCTime.date(record.time), saved >= kept,
        let sidecar = label.sidecar(origin.newSidecar, describing: note.after)
      else { return false }
      let object = (try? JSONSerialization.jsonObject(with: Data(sidecar))) as? [String: Any]
      return object?[Sidecar.edits] as? String == edits
    }
  }

  /// Whether a reader has unsaved edits of a study's lesion mask kept.
  func hasLesionDraft(of study: LibraryStudy, reader: String) -> Bool {
    study.stem.map {
      CorrectionDraftPlace(library: root, stem: $0, target: .lesion, reader: reader).isTaken
    } ?? false
  }

  private func imageHash(of study: LibraryStudy) throws -> String {
    guard let image = study.image else {
      throw LibraryError.unusable(subject: study.subject, "it has no image")
    }
    return try SHA256.hexDigest(ofFile: root.appendingPathComponent(image))
  }
}
