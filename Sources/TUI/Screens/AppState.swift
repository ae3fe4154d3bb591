internal import Core
internal import Foundation

/// A line at the bottom of the screen.
struct StatusMessage: Equatable, Sendable {
  enum Kind: Equatable, Sendable { case note, done, refused, error }
  var kind: Kind
  var text: String
}

/// An act on its way to the journal.
struct InFlightAct: Sendable {
  var subject: String
  var draft: ReviewDraft
  /// Whether something pressed meanwhile was refused, which what is said once it is saved would cover.
  var hasRefused = false

  /// What it is about.
  var target: ReviewTarget { draft.segment.map { .segment($0) } ?? .study }

  /// Whether it takes a saved correction back, or restores it.
  var isTurn: Bool { draft.correction != nil && draft.action != .correct }
}

/// An act that could not be written, for as long as it was not repeated with success.
struct UnsavedAct: Equatable, Sendable {
  var subject: String
  var target: ReviewTarget
  var action: ReviewAction
  /// What was not saved, and why.
  var words: String

  /// Whether an act says the same on the same, or anew.
  func isRepeated(by act: InFlightAct) -> Bool {
    subject == act.subject && target == act.target && action == act.draft.action
  }
}

/// What is said when a study that is being read again is there: of no other that comes before it.
struct NoteAfterLoading: Equatable, Sendable {
  var subject: String
  var words: String
  var kind = StatusMessage.Kind.done
}

/// What lies over a screen.
enum Popup: Sendable {
  case help(HelpLook)
  case acts(scroll: Int)
  case reasons(ReasonMenu)
  case prompt(TextPrompt)
  /// The choice of what a signature means, among the meanings that the reader may sign with.
  case meanings([SignatureMeaning])
  case report(ReportText)
  /// A choice of order, columns or views of the worklist.
  case list(ListMenu)
  /// A choice of macros, or of the acts of which one is made.
  case macros(MacroMenu)
  /// The reader's findings on the study.
  case findings(FindingsMenu)
}

/// A signature on its way: what the reader wants to sign with.
struct SignRequest: Equatable, Sendable {
  var subject: String
  var meaning: SignatureMeaning
  var name: String
}

/// A report over the whole screen.
struct ReportText: Equatable, Sendable {
  var lines: [String]
  var scroll = 0
}

/// A choice of reasons for a verdict.
struct ReasonMenu: Equatable, Sendable {
  var target: ReviewTarget
  var verdict: Verdict
  var reasons: [String]
}

/// A line of text being typed.
struct TextPrompt: Equatable, Sendable {
  enum Purpose: Equatable, Sendable {
    case filter(before: String)
    case comment(ReviewTarget)
    case reason(ReviewTarget, Verdict)
    case finding(FindingPlace)
    /// Other words for a finding.
    case findingWords(Int, FindingPlace)
    case reopening
    case signerName(SignatureMeaning)
    /// The PIN that is set.
    case pin(SignRequest)
    /// A first PIN, and the same again.
    case newPIN(SignRequest)
    case newPINAgain(SignRequest, PIN)
    /// Another number for a point.
    case renumber(UInt16)
    /// A command out of the list of those valid now.
    case command(PaletteChoice)
    /// The name under which the worklist's view is saved.
    case viewName
    /// The name under which a macro is saved.
    case macroName([MacroStep])
  }
  var purpose: Purpose
  var title: String
  /// What is typed, with the caret in it.
  var typed: PromptText
  /// Why the text typed last was not taken whole; shown in the title's place.
  var refusal: String?
  /// Whether to replace what is there under the name typed, where that is asked.
  var replacing: ReplacingQuestion?

  init(purpose: Purpose, title: String, text: String) {
    (self.purpose, self.title, typed) = (purpose, title, PromptText(text))
  }

  /// What is typed; with another text the caret is at its end.
  var text: String {
    get { typed.whole }
    set { typed = PromptText(newValue) }
  }

  /// Whether it is a step of signing off.
  var isOfSigning: Bool {
    if case .signerName = purpose { return true }
    return isHidden
  }

  /// Whether dots stand for what is typed.
  var isHidden: Bool {
    switch purpose {
    case .pin, .newPIN, .newPINAgain: true
    default: false
    }
  }
}

/// Where the reader stands in the list of commands.
struct PaletteChoice: Equatable, Sendable {
  /// The contexts whose commands are listed.
  var contexts: [KeyContext]
  /// Place among the commands that fit what is typed.
  var selected = 0
}

/// The whole state of the workstation.
struct AppState: Sendable {
  enum View: Sendable { case worklist, study }

  let title: String
  let reader: String
  /// The zone in which times are shown.
  let timeZone: TimeZone
  /// The keys in use.
  let keys: KeyMap
  var size: TerminalSize
  var capabilities: TerminalCapabilities
  var view: View = .worklist
  var popup: Popup?
  var worklist = WorklistScreenState()
  var study: StudyScreenState?
  /// The subject being read from disk.
  var loading: String?
  /// Seconds for which the study asked for has been read, as far as they are known.
  var loadingSeconds = 0
  /// Keys typed while another study was being opened, for when it is there.
  var typedAhead: [KeyPress] = []
  /// Whether a key was refused because the study that it was meant for was still being opened.
  var hasRefusedEarly = false
  /// A prompt that was refused, while what was typed ahead for it is dropped.
  var refusedPrompt: RefusedPrompt?
  /// A signature that waits for the disk.
  var signing: SigningWait?
  var curveGlyphs: StudyScreenState.CurveGlyphs = .braille
  /// Whether the curve stands beside the picture; `nil`: where there is room for both.
  var isAligned: Bool?
  /// Steps by which the picture is wider than usual, ladder and curve narrower; negative the other way.
  var pictureSteps = 0
  var message: StatusMessage?
  /// What was said last, in full.
  var messageLog = MessageLog()
  /// How far the work in the background is.
  var background: BackgroundProgress?
  /// Whether the journal of the study shown is being read for what other sessions wrote.
  var isReadingJournal = false
  /// Acts on their way to the journal, by token.
  var inFlight: [Int: InFlightAct] = [:]
  var nextToken = 1
  /// Acts that could not be written, oldest first.
  var unsaved: [UnsavedAct] = []
  /// Why nothing can be saved in this library, in words, where that is known from the start.
  var obstacle: String?
  /// Whether studies are opened with the AI hidden until the reader asks for it.
  var startsBlind = false
  /// The name under the reader's latest signature of this session.
  var signerName: String?
  /// The reports that are being made, or kept until they are asked for again, by subject.
  var reports: [String: ReportOrder] = [:]
  /// Subjects that are being detected again on corrected labels, once for each detection asked for.
  var redetecting: [String] = []
  /// Subjects whose detection on corrected labels was stopped or failed: it can be asked for again.
  var undetected: [String] = []
  /// Corrections of labels and masks that were left without saving.
  var leftCorrections = LeftCorrections()
  /// What of them, and of the one on the screen, is kept against a hang-up.
  var keeping = CorrectionKeeping()
  /// What is said when the study being read again is there.
  var noteAfterLoading: NoteAfterLoading?
  /// Readings of studies from disk that were shown.
  var readings = 0
  /// Whether the workstation is to end.
  var isDone = false
  /// How far the readers compared last agree in the library.
  var agreement: AgreementLook?
  /// The teaching session, where the studies are its cases.
  var teaching: TeachingState?

  /// The reader's macros.
  var macros = MacroState()
  /// How the reader wants studies to be shown when they are opened.
  var hanging = HangingState()

  init(
    title: String, reader: String, size: TerminalSize, capabilities: TerminalCapabilities,
    timeZone: TimeZone = .current, obstacle: String? = nil, startsBlind: Bool = false,
    keys: KeyMap = .standard
  ) {
    self.keys = keys
    self.obstacle = obstacle
    self.startsBlind = startsBlind
    self.title = DisplayText.clean(title)
    self.reader = DisplayText.clean(reader)
    self.size = size
    self.capabilities = capabilities
    self.timeZone = timeZone
    if !capabilities.drawsUnicode { curveGlyphs = .ascii }
    worklist.hidesAI = startsBlind
  }

  /// The contexts in which keys are looked up now.
  var contexts: [KeyContext] {
    switch view {
    case .worklist: [.worklist, .everywhere]
    case .study:
      teachingContext + studyContexts + [.everywhere]
    }
  }

  /// The study's own context; the keys of a picture beside come before those of the study, and after those
  /// of the crosshair, which both have a meaning for Esc.
  private var studyContexts: [KeyContext] {
    let own = studyContext
    let beside: [KeyContext] = study?.beside.isOn == true ? [.beside] : []
    switch own {
    case .study: return beside + adjudicationContext + [own]
    case .crosshair: return [own] + beside
    default: return [own]
    }
  }

  /// The contexts of commands: while a study is being opened, its own.
  var commandContexts: [KeyContext] { opening == nil ? contexts : [.study, .everywhere] }

  /// The keys of a teaching session come before those of the study.
  private var teachingContext: [KeyContext] {
    teaching != nil && studyContext == .study ? [.teaching] : []
  }

  /// While several readers' ladders are shown, their keys come before those of the study.
  private var adjudicationContext: [KeyContext] {
    studyContext == .study && study?.isAdjudicating == true ? [.adjudication] : []
  }

  /// What a study is called on the screen: "sub-07", or "Case 3 of 12".
  func name(of subject: String) -> String {
    teaching.map { "Case \(subject) of \($0.count)" } ?? "sub-\(subject)"
  }

  private var studyContext: KeyContext {
    if study?.isSignMode == true { return .signing }
    if let correction = study?.correction { return correction.target.isMask ? .mask : .labels }
    if study?.mark != nil { return .finding }
    if study?.crosshair != nil { return .crosshair }
    return study?.isWindowMode == true ? .window : .study
  }

  /// The study asked for that is not yet on the screen; reading the shown one again is not opening.
  var opening: String? {
    view == .study && loading == study?.study.subject ? nil : loading
  }

  /// The act of a row that is being written, the latest first.
  func saving(_ target: ReviewTarget) -> InFlightAct? {
    inFlight.filter { $0.value.subject == study?.study.subject && $0.value.target == target }
      .max { $0.key < $1.key }?.value
  }

  /// Says something in the line of messages; an error takes no word from one that stands.
  mutating func say(_ kind: StatusMessage.Kind, _ text: String) {
    let said = StatusMessage(kind: kind, text: DisplayText.clean(text))
    if kind == .error, let message, message.kind == .error { return add(said, to: message) }
    message = said
    messageLog.keep(said)
  }
}
