public import Foundation
internal import Imaging

extension StudyLibrary {
  /// The report of a study as it stands now; whatever cannot be read stands in it as the reason why
  /// something is not assessed, measured or known.
  ///
  /// Nothing of `private/` is read and no file that a label was imported from is named.
  /// - Parameters:
  ///   - reader: The only reader whose acts are told; `nil` for all.
  ///   - others: What is told of the readings at all.
  public func sheet(
    of study: LibraryStudy, reader: String? = nil, telling others: OthersTold = .everything,
    at time: Date = Date()
  ) -> StudySheet {
    let sight = lesionSight(of: study, telling: others)
    return sheet(of: study, reader: reader, telling: others, at: time, for: sight)
  }

  /// The same with the lesion mask that a reader may see.
  func sheet(
    of study: LibraryStudy, reader: String?, telling others: OthersTold = .everything,
    at time: Date, for sight: LesionSight
  ) -> StudySheet {
    let image = (study.image ?? "").cleaned(limit: 1000)
    var sheet = StudySheet(
      subject: study.subject, participant: participant(of: study), image: image,
      time: UTCTime.text(time))
    let reader = reader.map(ReaderIdentity.sanitised)
    sheet.others = others
    addReaders(to: &sheet, of: study, only: reader)
    func unmeasured(_ reason: String) -> CervicalMeasurements {
      CervicalMeasurements(subject: study.subject, image: image, reason: reason)
    }
    if let problem = study.problem {
      sheet.problem = problem
      sheet.measurements = unmeasured(problem)
      return sheet
    }
    do {
      let stored = try detection(of: study)
      (sheet.detection, sheet.detectionSHA256) = (stored?.detection, stored?.sha256)
      sheet.isOutdated = stored != nil && isOutdated(study)
    } catch {
      sheet.problem = "the detection cannot be read: \(words(error))"
    }
    sheet.labels = labelOrigins(of: study, for: sight, namesSources: false)
    // Not left to the measurements: without a cord, or where they fail, they look at no mask.
    if let mask = labelFiles(of: study, for: sight)[.lesion] {
      sheet.isLesionMaskEmpty = (try? LabelReading.isEmptyMask(mask)) ?? false
    }
    do {
      let verdicts = verdicts(of: study, reader: reader, telling: others)
      sheet.measurements = try report(of: study, with: verdicts, for: sight).measurements
      sheet.measurements.labels = Dictionary(
        sheet.labels.map { ($0.role.rawValue, "\($0.file), \($0.maker)") },
        uniquingKeysWith: { "\($0); what that lacks from \($1)" })
    } catch {
      sheet.measurements = unmeasured(words(error))
    }
    return sheet
  }

  /// Fills in the readers of a study that are told, by name; a reader who is asked for stands there without a
  /// journal, too. Of others remains which labels they corrected, as the labels are the library's.
  private func addReaders(
    to sheet: inout StudySheet, of study: LibraryStudy, only reader: String?
  ) {
    for journal in journals(of: study) where reader.map({ $0 == journal.reader }) ?? true {
      let name = journal.reader.cleaned(limit: 100)
      do {
        if let acts = try sheet.others.acts(of: journal) {
          var told = StudySheet.Reader(reader: name, review: ReviewState(acts))
          // A detection that cannot be read is said by itself.
          let levels = try? levelHistory(of: study, for: acts)
          told.relabelled = levels?.relabelled(in: told.review) ?? []
          sheet.readers.append(told)
        }
        if !sheet.others.tellsAll(of: journal.reader) {
          sheet.untoldCorrections += ReviewState(try journal.records()).corrections
        }
      } catch  where sheet.others.isOwnAlone && !sheet.others.tellsAll(of: journal.reader) {
        // That a journal cannot be read would tell that there is one.
        continue
      } catch {
        sheet.readers.append(.init(reader: name, review: ReviewState(), problem: words(error)))
      }
    }
    if let reader, sheet.readers.isEmpty, sheet.others.tellsAll(of: reader) {
      sheet.readers = [.init(reader: reader, review: ReviewState())]
    }
  }

  /// A report of who corrects labels and signs nothing, for the lists of what is to be corrected: with what
  /// readers signed, which is what he works by.
  func sheetOfComplaints(
    _ sheet: StudySheet, of study: LibraryStudy, only reader: String?
  ) -> StudySheet {
    guard case .own(let viewer, _) = sheet.others else { return sheet }
    var told = sheet
    told.others = .signed(to: viewer, isNoted: false)
    (told.readers, told.untoldCorrections) = ([], [])
    addReaders(to: &told, of: study, only: reader.map(ReaderIdentity.sanitised))
    return told
  }

  /// An error without the folders of this machine, which are nobody's business.
  private func words(_ error: any Error) -> String {
    "\(error)".replacing(root.path + "/", with: "").cleaned
  }
}

extension StudyLibrary {
  /// The report of a study with one reader's acts, and with the lesion mask that the reader may see.
  ///
  /// - Throws: `LibraryError.noSubject`; `ReadError` when `readers.tsv` is damaged.
  public func sheet(_ subject: String, reader: String) throws -> StudySheet {
    let study = try study(subject)
    let id = ReaderIdentity.sanitised(reader)
    // A journal that cannot be read is said in the report; until then nothing of others is shown.
    let review = (try? reviewInFull(of: study, reader: id)) ?? ReviewState([])
    let sight =
      try review.seesOthers ? LesionSight.standing : ownSight(of: study, for: id, review)
    return sheet(of: study, reader: reader, at: Date(), for: sight)
  }
}

extension ReviewSource {
  /// The report of what the screen shows of a study, without measurements.
  ///
  /// - Throws: as `loadStudy(_:)` and `journal(_:reader:)`.
  public func sheet(_ subject: String, reader: String) throws -> StudySheet {
    let records = try journal(subject, reader: reader).records
    return StudySheet(
      of: try loadStudy(subject), readers: [.init(reader: reader, review: ReviewState(records))],
      time: UTCTime.text(Date()))
  }
}

extension StudySheet {
  /// The report of a study that is loaded, without measurements.
  ///
  /// - Parameter time: UTC, ISO 8601.
  public init(of study: ReviewStudy, readers: [Reader], time: String) {
    let image = study.detection?.image ?? ""
    var row = Participants.Row()
    (row.age, row.sex, row.mjoa) = (study.age, study.sex, study.mjoa)
    self.init(subject: study.subject, participant: row, image: image, time: time)
    detection = study.detection
    detectionSHA256 = study.detectionSHA256
    labels = study.labels
    self.readers = readers.map { reader in
      var told = reader
      told.relabelled = study.levels.relabelled(in: reader.review)
      return told
    }
  }
}
