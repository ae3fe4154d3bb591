internal import Core

/// The teaching session as the screens know it.
struct TeachingState: Sendable {
  /// What the person at this terminal does.
  let role: TeachingRole
  /// How many cases there are.
  let count: Int

  /// The presenter's view handed to the worker last.
  var sent: TeachingView?
  /// Whether a view is on its way to the session's file.
  var isSending = false

  /// What the presenter shows, as far as it is known.
  var presented: PresentedView?
  /// Whether that is not yet on the screen.
  var isUnapplied = false
  /// Whether the presenter's view is this reader's own, shown in another terminal: a second screen of the
  /// lesson, on which the room looks, too.
  var isSecondScreen = false
  /// What the list of cases does not say of them on a second screen, by the case.
  var answersSetAside: [String: AnswersSetAside] = [:]
  /// Whether the session is being read.
  var isReading = false
  /// The cases whose truth this terminal has shown to the room since it was started.
  var shownCases: Set<String> = []
  /// Whether this reader has stopped following, until he follows again.
  var isAlone = false
  /// Whether the presenter went on while something that this reader places or types belongs to what he
  /// sees: it waits until that is done.
  var isHeld = false
  /// How the presenter's screen is divided, as it was followed last.
  var layout: TeachingView.Layout?
  /// Whether the presenter is there.
  var sign = PresenterSign.unknown
  /// Whether it has been looked what is presented, be it nothing.
  var hasLooked = false
  /// Whether this follower knows who presents, or that nobody does.
  var isPresenceTold = false
  /// What was said of that while there is nothing to follow.
  var waitingWords: String?
  /// Who presents in this presenter's place.
  var successor: String?
  /// What was said of the picture that is presented beside, while it may be true.
  var besideNote: BesideNote?
  /// The view at which a presenter goes on who has taken the session over, until it is shown.
  var takenOver: PresentedView?
  /// Looks at the session for which a verdict is not taken, because the segment has just changed under
  /// the learner's hands.
  var settling = 0

  /// The case whose truth is asked for although not every segment is answered.
  var confirming: String?
  /// Whether the scores are being counted.
  var isScoring = false

  /// Acts of a replay, and how many of them are shown.
  var acts: [ReviewRecord] = []
  var step = 0

  /// Looks that a presenter's move of the segment needs to be seen: one second.
  static let settlingLooks = 4

  init(_ role: TeachingRole, cases count: Int, takenOver: PresentedView? = nil) {
    self.role = role
    self.count = count
    self.takenOver = takenOver
  }

  /// Whether a case is hidden although its truth was seen before: a presenter who has tried the session
  /// shows it to others as it was.
  func hidesAgain(_ subject: String) -> Bool { isPresenting && !shownCases.contains(subject) }

  /// Whether others look on what this reader has answered.
  var isPresenting: Bool { role == .presenter || role == .follower && isSecondScreen }

  /// Whether the presenter's view is of before this terminal joined: of a rehearsal, or an earlier lesson.
  var isViewOld: Bool { presented?.isOld ?? true }

  /// Whether somebody else presents in this presenter's place.
  var isReplaced: Bool { successor != nil }

  /// Whether the presenter has left, and shows nothing more.
  var isPresenterGone: Bool { presented?.view.hasLeft == true }

  /// Whether there is nothing to follow: nothing was shown, or of an earlier showing, or its presenter has left.
  var isWaiting: Bool { presented?.isStale ?? true || isPresenterGone }

  /// Whether the presenter brings this case to the screen, and it is not yet as he shows it.
  func brings(_ subject: String) -> Bool {
    guard isUnapplied, !isAlone, let presented else { return false }
    return "\(presented.view.caseNumber)" == subject
  }

  /// Whether the truth of the case on the screen is the presenter's to show: one that he has shown may be
  /// looked at, and so may one that its reader has seen before.
  func keepsTruth(of study: StudyScreenState) -> Bool {
    guard isKeptFromTruth, !study.review.isRevealed, let presented else { return false }
    return presented.isStale || !presented.view.isRevealed
      || "\(presented.view.caseNumber)" != study.study.subject
  }

  /// Whether a presenter is there who decides when a truth is shown to this reader; of sessions that earlier
  /// versions present no sign of life is known.
  var isKeptFromTruth: Bool {
    guard role == .follower, !isAlone, !isSecondScreen, presented != nil, !isPresenterGone else {
      return false
    }
    return switch sign {
    case .there: true
    case .silent: false
    case .unknown: !isViewOld
    }
  }

  /// What the head says of who is not alone.
  var roleWord: String? {
    switch role {
    case .learner: nil
    case .presenter: presentingWord
    case .follower: followingWord
    case .replay: "replay \(step) of \(acts.count)"
    }
  }
}

/// What a reader answered to a case and how right that is, while the list of cases leaves it out.
struct AnswersSetAside: Equatable, Sendable {
  var conclusion: CaseConclusion?
  var caseResult: CaseResult?
}

extension TeachingState {
  private var presentingWord: String {
    guard isReplaced else { return "presenting" }
    return sign.isSilent ? "presenter silent" : "presented by another"
  }

  private var followingWord: String {
    if isAlone { return "not following" }
    if isPresenterGone { return "presenter left" }
    if isPresenceTold, isWaiting, sign == .unknown { return "nobody presents" }
    if sign.isSilent { return "presenter silent" }
    return isHeld ? "following: held" : "following"
  }
}

extension StudyScreenState {
  /// What is known of the case, once it is revealed.
  var shownTruth: CaseTruth? { isBlind ? nil : loaded.truth }

  /// Whether a reveal is noted in the reader's own journal of the study: what others signed is the truth, and a
  /// guest signs nothing.
  var isNotedOnReveal: Bool {
    loaded.notesReveal && !review.isRevealed && access.role != .guest
  }

  /// What a reveal shows: the AI's result, and of a case of a teaching session the truth where one is known.
  var revealWords: String {
    switch (loaded.reveal, study.detection != nil) {
    case (.truth?, true): "truth and AI"
    case (.truth?, false): "the truth"
    case (.unread?, true): "the AI and a truth that cannot be read now"
    case (.unread?, false): "a truth that cannot be read now"
    case (_, true): "the AI"
    case (_, false): "that nothing is known"
    }
  }

  /// "truth present (known), you said absent"; `nil` where it is not shown.
  var truthWords: String? {
    guard let truth = shownTruth else { return nil }
    let outline = loaded.isLesionUnread ? "; the lesion's mask cannot be read, no outline" : ""
    guard let verdict = truth.verdict(target.segment) else {
      return "no truth is known here\(outline)"
    }
    let own = standing(target)?.verdict
    let answer =
      own == verdict
      ? ", as \(answerer) said"
      : own.map { ", \(answerer) said \($0.words)" } ?? ", \(answerer) said nothing"
    return "truth \(verdict.words) (\(sourceWords(of: truth)))\(answer)\(outline)"
  }

  /// Where the truth comes from, and whether the answers are held against it without the own reading of who gave
  /// them.
  private func sourceWords(of truth: CaseTruth) -> String {
    let words = truth.sourceWords(of: target.segment)
    guard let learner = review.history.first?.record.reader, truth.rests(on: learner) else {
      return words
    }
    let own = loaded.replay == nil ? "yours" : "\(answerer)'s"
    return truth.truth(for: learner) == nil
      ? "\(words); not scored without \(own)" : "\(words); scored without \(own)"
  }
}
