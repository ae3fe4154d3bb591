public import Imaging

/// What a person does in a teaching session.
public enum TeachingRole: String, Sendable {
  /// Reads case after case and sees the truth of each when asked for.
  case learner
  /// Shows the cases to followers.
  case presenter
  /// Sees what the presenter shows, and answers for himself.
  case follower
  /// Looks at a reader's journal, act by act.
  case replay
}

/// What a presenter shows: a place in a case, and how it is drawn.
///
/// Every number comes from a file that others may write: the screen keeps them within its own bounds.
public struct TeachingView: Codable, Equatable, Sendable {
  /// The case, from 1.
  public var caseNumber: Int
  /// Place in the list of pictures.
  public var slice: Int
  /// "C2-3" ...; `nil` for the study as a whole.
  public var segment: String?
  /// Width of the grey window, in grey values; `nil` for the automatic window.
  public var window: Double?
  /// Its middle.
  public var level: Double?
  /// Whether black and white are exchanged.
  public var isInverted = false
  /// Steps of zoom.
  public var zoom = 0
  /// Movement of the picture in grid px: columns, rows.
  public var pan: [Double] = [0, 0]
  /// The overlay chosen, by its name on disk.
  public var overlay: String?
  /// Whether it is drawn.
  public var showsOverlay = true
  /// 0 invisible ... 1 opaque.
  public var opacity = 0.6
  /// Column and row pointed at, in grid px.
  public var point: [Double]?
  /// Whether truth and AI are shown.
  public var isRevealed = false
  /// What is measured there.
  public var distance: Distance?
  /// Row of the curve's cursor, on the grid of the scored slice.
  public var cursor: Int?
  /// The lowest values drawn: of the anomaly map in thresholds, of other maps in parts of their scale.
  public var lowest: [Double]?
  /// The picture beside; `nil` where there is none.
  public var beside: Beside?
  /// How the screen is divided; `nil` in sessions of earlier versions.
  public var layout: Layout?
  /// Whether the presenter has left with it, and shows nothing more; `nil` in all others.
  public var hasLeft: Bool?

  /// Makes the view of a case as it is opened.
  public init(caseNumber: Int, slice: Int) {
    self.caseNumber = caseNumber
    self.slice = slice
  }

  enum CodingKeys: String, CodingKey {
    case caseNumber = "case"
    case slice, segment, window, level, zoom, pan, overlay, opacity, point
    case isInverted = "inverted"
    case showsOverlay = "overlay_shown"
    case isRevealed = "revealed"
    case hasLeft = "left"
    case distance, cursor, lowest, beside, layout
  }
}

/// A presenter's view with its place in the session's file.
public struct PresentedView: Equatable, Sendable {
  /// `seq` of its line.
  public var seq: Int
  /// What is shown.
  public var view: TeachingView
  /// Who shows it.
  public var reader: String?
  /// What the presenter's sign of life is told by; `nil` in sessions of earlier versions.
  public var showing: String?
  /// Whether it was there when this program came: its reader has not seen what was shown till then.
  public var isOld = false
  /// Whether it is old, and nobody is seen to present it now: a rehearsal's, or of an earlier lesson. It is
  /// not shown, for its place may tell what is hidden.
  public var isStale = false

  /// Makes a view that stands in a file.
  public init(
    seq: Int, view: TeachingView, reader: String? = nil, showing: String? = nil,
    isOld: Bool = false, isStale: Bool = false
  ) {
    self.seq = seq
    self.view = view
    self.reader = reader
    self.showing = showing
    self.isOld = isOld
    self.isStale = isStale
  }
}

/// Whose journal a replay shows.
public struct ReplayedReader: Equatable, Sendable {
  /// The reader's id.
  public var name: String
  /// Whether who looks may show the truth after the last act, though the reader did not see it.
  public var endsWithTruth: Bool

  /// Makes a reader whose acts are replayed.
  public init(name: String, endsWithTruth: Bool = false) {
    (self.name, self.endsWithTruth) = (name, endsWithTruth)
  }
}

/// What a teaching session adds to the studies of a library; every call may block and is made off the
/// UI thread. Subjects are the numbers of the cases, "1", "2", ...
public protocol TeachingRoom: Sendable {
  /// What the person at this terminal does.
  var role: TeachingRole { get }
  /// How many cases there are.
  var caseCount: Int { get }
  /// Whose journal is replayed; `nil` where none is.
  var replay: ReplayedReader? { get }
  /// Notes that a learner has a case on the screen, once.
  func opened(_ subject: String, reader: String) throws
  /// What is known of a case; `nil` where nothing is.
  func truth(of subject: String) throws -> CaseTruth?
  /// What a reveal of a case shows; `nil` where the study is none of a session: the AI's result.
  func reveal(of subject: String) throws -> CaseReveal?
  /// Whether the truth of a case is what others signed of a study that the reader has not signed: its reveal is
  /// then noted in the reader's own journal of the study.
  func notesReveal(of subject: String, reader: String) throws -> Bool
  /// The lesion of a case's truth on planes of its pictures; empty where the truth has no mask.
  func lesion(of subject: String, on grids: [SagittalGrid]) throws -> [MaskRaster]
  /// Shows followers a view; returns the number of its line.
  func present(_ view: TeachingView, reader: String) throws -> Int
  /// The presenter's latest view if it came after a line of the file: old where it was there before the first
  /// such look, and stale if of an earlier showing.
  func presented(after seq: Int) throws -> PresentedView?
  /// The view at which a presenter goes on who has taken the session over; `nil` for all others.
  var takenOver: PresentedView? { get }
  /// Renews the presenter's sign of life; who presents the session in this one's place by now, else `nil`.
  func renewPresence(reader: String) throws -> String?
  /// Whether the presenter is there, for who does not present, or is presented no longer.
  func presenterSign() throws -> PresenterSign
  /// The scores: a learner's own on the cases revealed, or everybody's for who teaches.
  func scores(reader: String) throws -> TeachingSummary
}

extension TeachingRoom {
  /// Nobody's journal.
  public var replay: ReplayedReader? { nil }

  /// The truth, where one is known.
  public func reveal(of subject: String) throws -> CaseReveal? {
    try truth(of: subject) == nil ? .nothing : .truth
  }

  /// Nothing is noted outside of the case.
  public func notesReveal(of subject: String, reader: String) throws -> Bool { false }

  /// Nothing is taken over where nobody presents.
  public var takenOver: PresentedView? { nil }
  /// No sign of life.
  public func renewPresence(reader: String) throws -> String? { nil }
  /// Nothing is known.
  public func presenterSign() throws -> PresenterSign { .unknown }
}
