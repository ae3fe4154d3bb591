internal import Core
internal import Imaging

/// What the workstation asks of its workers; answers come as messages.
enum Effect: Sendable {
  /// Reads the worklist.
  case loadWorklist
  /// Reads a study and the reader's journal of it.
  case loadStudy(String)
  /// Ends the reading of the study that was asked for last.
  case cancelLoading
  /// Writes one act; `token` names it in the answer.
  case write(token: Int, ReviewDraft, subject: String)
  /// Reads the reader's journal of a study if it holds another number of acts than is known.
  case readJournal(String, known: Int)
  /// Looks whether the reader has a PIN.
  case lookForPIN(SignRequest)
  /// Sets the reader's first PIN where it `isNew`, checks it, and signs; `token` names it in the answer.
  case sign(token: Int, ReviewDraft, subject: String, pin: PIN, isNew: Bool)
  /// Draws a picture.
  case draw(SliceView, PictureSource)
  /// Draws the whole screen again.
  case redraw
  /// Makes the report of a study with the reader's own acts.
  case loadReport(String)
  /// Measures the signal at a place of a study.
  case measureSignal(FindingPlace, subject: String)
  /// Measures a study for the screen, beside everything else.
  case measure(MeasureOrder)
  /// Renews the hold on a study, and looks what its reader may do and see there, if that is something
  /// else than is known.
  case readAccess(String, known: StudyAccess)
  /// Gives back the study that this session has open.
  case leaveStudy
  /// Counts how far readers agree on the library's studies.
  case loadAgreement([String])
  /// Lists what can be shown beside a study.
  case listBeside(String)
  /// Loads what is shown beside a study.
  case loadBeside(BesideChoice, subject: String)
  /// Draws the picture beside the sagittal one.
  case drawBeside(BesideView, BesideSource)
  /// Shows followers what the presenter sees.
  case present(TeachingView)
  /// Looks whether the presenter shows something else than is known.
  case readPresented(known: PresentedView?)
  /// Renews the presenter's sign of life.
  case renewPresence
  /// Looks whether the presenter is there, if that is something else than is known; `nil` where nothing is yet.
  case readPresenterSign(known: PresenterSign?)
  /// Counts the answers of the teaching session.
  case loadScores
  /// Reads what a correction begins from.
  case loadCorrection(
    CorrectionTarget, subject: String, grids: [CorrectionGrid], isBlind: Bool)
  /// Writes a correction and its act; `token` names it in the answer.
  case correct(token: Int, LabelCorrection, ReviewDraft, subject: String)
  /// Takes a saved correction back, or restores it; `token` names it in the answer.
  case turnCorrection(token: Int, ReviewDraft, subject: String)
  /// Keeps edits that are not saved in the place of those of the runs of the program given.
  case keepDraft(CorrectionDraft, over: [String], subject: String)
  /// Removes kept edits.
  case removeDraft(CorrectionTarget, from: [String], subject: String)
  /// Looks for what other runs of the program than those given left unsaved of a study.
  case loadDrafts(String, grids: [CorrectionGrid], isBlind: Bool, except: [String])
  /// Detects a study again, beside everything else.
  case detectAgain(String)
  /// Stops the detections that were asked for so.
  case cancelDetections
  /// Stops the work in the background until it is resumed.
  case pauseBackground
  /// Goes on with the work in the background.
  case resumeBackground
  /// Reads the reader's saved views of the worklist.
  case loadViews
  /// Changes the reader's saved views.
  case changeViews(ViewChange)
  /// Reads the reader's macros.
  case loadMacros
  /// Changes the reader's macros.
  case changeMacros(MacroChange)
  /// Reads the printed name under the reader's latest signature.
  case loadSignerName
  /// Reads how the reader wants studies to be shown.
  case loadHanging
  /// Keeps how the reader wants studies to be shown.
  case keepHanging(Hanging)
}

/// A study as a screen needs it, prepared by the loader.
struct LoadedStudy: Sendable {
  var study: ReviewStudy
  var journal: JournalContents
  var presets: WindowPresets
  /// The part of the grid that shows the spine.
  var spine: PixelRect
  /// The scales of the maps.
  var scales: MapScales
  /// What its reader may do and see there.
  var access = StudyAccess()
  /// What is known of a case of a teaching session; shown only once it is revealed.
  var truth: CaseTruth?
  /// What a reveal of the case shows; `nil` for a study of a library, whose reveal shows the AI's result.
  var reveal: CaseReveal?
  /// Whether that reveal is noted in the reader's own journal of the case's study: it shows what others signed.
  var notesReveal = false
  /// Whose acts a replay shows; `nil` for the reader's own study.
  var replay: ReplayedReader?
  /// The lesion of that truth on each picture, where it has one there; shown as the truth is.
  var lesion: [DrawnMask?] = []
  /// Whether that lesion is there and cannot be read: the case is read without its outline.
  var isLesionUnread = false
  /// Whether the study's source can measure it.
  var isMeasured = false
}

/// A change of the reader's saved views.
enum ViewChange: Equatable, Sendable {
  case keep(WorklistView)
  case choose(String?)
  case delete(String)

  /// Makes the change.
  func apply(to views: inout WorklistViews) {
    switch self {
    case .keep(let view): views.keep(view)
    case .choose(let name): views.choose(name)
    case .delete(let name): views.delete(name)
    }
  }
}
