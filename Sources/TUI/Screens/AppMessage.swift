public import Core

/// What workers tell the workstation.
public enum AppMessage: Sendable {
  /// The whole worklist anew.
  case worklist([WorklistEntry])
  /// One line of the worklist, new or changed.
  case entry(WorklistEntry)
  /// How far the reading of the library is.
  case reading(WorklistReading)
  /// How far the work in the background is; `nil` when there is none.
  case background(BackgroundProgress?)
  /// Something went wrong in the background, in words.
  case problem(String)
  /// Time has passed: what other sessions write is looked for.
  case tick
  /// A moment has passed: what the presenter shows is looked for.
  case follow
  /// The answer to one of the workstation's own requests.
  case reply(WorkerReply)
}

extension AppMessage {
  /// Whether no screen can look different for it.
  var changesNothing: Bool {
    switch self {
    case .tick, .follow: return true
    case .reply(let reply):
      if case .journal(_, .success(nil)) = reply.value { return true }
      if case .presentedView(.success(nil)) = reply.value { return true }
      if case .draftKept(_, _, isRemoval: _, .success(nil)) = reply.value { return true }
      return false
    default: return false
    }
  }
}

/// The answer of one of the workstation's own workers.
public struct WorkerReply: Sendable {
  enum Value: Sendable {
    case worklist(Result<[WorklistEntry], WorkerFailure>)
    case study(String, Result<LoadedStudy, WorkerFailure>)
    /// An act's record, and the journal after it, with what other sessions wrote.
    case written(Int, Result<ReviewRecord, WorkerFailure>, JournalContents?)
    /// The journal of a subject; `nil` when it holds nothing new.
    case journal(String, Result<JournalContents?, WorkerFailure>)
    /// Whether the reader has a PIN to sign with.
    case pin(SignRequest, Result<Bool, WorkerFailure>)
    case picture(SliceView, ScreenPicture)
    /// The printed name under the reader's latest signature.
    case signerName(Result<String?, WorkerFailure>)
    /// The lines of a subject's report.
    case report(String, Result<[String], WorkerFailure>)
    /// The signal at a place of a subject over that of normal cord.
    case signal(FindingPlace, String, Result<MeasuredValue, WorkerFailure>)
    /// The measures of a study.
    case measured(MeasureOrder, Result<StudyMeasures, WorkerFailure>)
    /// What a reader may now do and see on a subject.
    case access(String, Result<StudyAccess, WorkerFailure>)
    /// How far readers agree on the library's studies.
    case agreement([String], AgreementLook.Figures)
    /// What can be shown beside a subject's study.
    case besideChoices(String, Result<[BesideChoice], WorkerFailure>)
    /// What is shown beside a subject's study.
    case beside(BesideChoice, String, Result<BesideState.Content, WorkerFailure>)
    case besidePicture(BesideView, ScreenPicture)
    /// The line of the session that a view was written to.
    case presented(Result<Int, WorkerFailure>)
    /// The presenter's view, if it is another.
    case presentedView(Result<PresentedView?, WorkerFailure>)
    /// Who presents the session in this presenter's place, or why there is no sign of life of him.
    case presence(Result<String, WorkerFailure>)
    /// Whether the presenter is there, if that has changed.
    case presenterSign(PresenterSign)
    /// The scores of the teaching session.
    case scores(Result<[String], WorkerFailure>)
    /// What a correction of a subject begins from.
    case correction(CorrectionTarget, String, Result<CorrectionBasis, WorkerFailure>)
    /// Edits were kept or removed; the name of what was set aside for them.
    case draftKept(
      CorrectionTarget, String, isRemoval: Bool, Result<String?, WorkerFailure>)
    /// What was left unsaved of a subject, on the grids asked for.
    case drafts(String, [CorrectionGrid], Result<DraftSearch, WorkerFailure>)
    /// The line of a subject that was detected again.
    case detected(String, Result<WorklistEntry, WorkerFailure>)
    /// The reader's saved views, read at the start or after a change.
    case views(Result<WorklistViews, WorkerFailure>, change: ViewChange?)
    /// The reader's macros, read at the start or after a change.
    case macros(Result<MacroBook, WorkerFailure>, change: MacroChange?)
    /// How the reader wants studies to be shown; `nil` before anything was kept.
    case hanging(Result<Hanging?, WorkerFailure>, isKept: Bool)
  }
  let value: Value
}

/// A failure in words.
struct WorkerFailure: Error, Equatable, Sendable {
  let words: String
  /// The bare reason, which is said first where room is short: "Permission denied".
  let cause: String
  /// What could not be done, with what; empty where the cause says it all.
  let detail: String
  /// What another session of the reader did first, where that is the reason.
  let overtaking: String?
  /// Why a PIN was not accepted, where that is the reason.
  let pin: PINError?
  /// Why a correction, or taking one back, was refused, where nothing has failed.
  let refusal: String?
  /// Whether a signature was refused as verdicts are of other labels of levels than those that stand.
  let isOfLabels: Bool

  init(_ error: any Error) {
    words = DisplayText.clean("\(error)")
    switch error {
    case JournalError.system(let file, let operation, let why):
      cause = DisplayText.clean(why)
      detail = DisplayText.clean("cannot \(operation) \(DisplayText.shorten(file, 40))")
    case LibraryError.cannotWrite(let path, let why):
      cause = DisplayText.clean(why)
      detail = DisplayText.clean("cannot write \(DisplayText.shorten(path, 40))")
    default: (cause, detail) = (words, "")
    }
    pin = error as? PINError
    refusal = (error as? EditRefusal).map { DisplayText.clean($0.description) }
    if case .refused(let why)? = error as? JournalError {
      isOfLabels = LevelHistory.isSigningRefusal(why)
    } else {
      isOfLabels = false
    }
    if case .overtaken(let act)? = error as? JournalError {
      overtaking = DisplayText.clean(act)
    } else {
      overtaking = nil
    }
  }

  init(words: String) {
    self.words = words
    (cause, detail) = (words, "")
    overtaking = nil
    pin = nil
    refusal = nil
    isOfLabels = false
  }
}
