internal import Core

/// What is said that nobody asked for: it takes no word from an error, which stays until a key is pressed.
extension AppState {
  /// Characters of errors that stand beside each other: more than a line shows. What comes then is among the
  /// messages in full alone.
  static let longestErrors = 1000

  /// Says an error behind one that stands, and there only once; one that goes on from it takes its place.
  mutating func add(_ error: StatusMessage, to standing: StatusMessage) {
    if error.text.contains(standing.text) {
      message = error
      messageLog.keep(error)
    } else if standing.text.count + error.text.count > Self.longestErrors {
      messageLog.keep(error)
    } else if !standing.text.contains(error.text) {
      let both = StatusMessage(kind: .error, text: "\(standing.text); \(error.text)")
      message = both
      messageLog.keep(both)
    }
  }

  /// Says that an act was not saved: before other errors that stand, which might leave no room for it.
  mutating func sayNotSaved(_ why: String) {
    let (mark, words) = ("NOT SAVED: ", DisplayText.clean("NOT SAVED: \(why)"))
    guard let message, message.kind == .error, !message.text.hasPrefix(mark),
      !message.text.contains(words)
    else { return say(.error, words) }
    say(.error, "\(words); \(message.text)")
  }

  /// Says what comes unasked: behind an error that stands, and there only once.
  mutating func sayUnasked(_ kind: StatusMessage.Kind, _ text: String) {
    guard let message, message.kind == .error else { return say(kind, text) }
    guard !message.text.contains(DisplayText.clean(text)) else { return }
    say(.error, "\(message.text); \(text)")
  }

  /// Takes words back that are no longer true, and leaves what was said beside them.
  mutating func takeBack(_ text: String) {
    guard let message else { return }
    let words = DisplayText.clean(text)
    if message.text == words {
      self.message = nil
    } else if message.text.hasPrefix("\(words); ") {
      self.message?.text = String(message.text.dropFirst(words.count + 2))
    } else {
      self.message?.text = message.text.replacing("; \(words)", with: "")
    }
  }
}

/// What was said of a picture that is presented beside and is not seen here.
struct BesideNote: Equatable, Sendable {
  /// What was said.
  var words: String
  /// The case on the screen then.
  var subject: String
  /// What is presented.
  var wanted: TeachingView.Beside
  /// What has no room here; `nil` where it cannot be shown at all.
  var choice: BesideChoice?

  /// Whether it is still true.
  func holds(in state: AppState) -> Bool {
    guard state.view == .study, let study = state.study, study.study.subject == subject else {
      return false
    }
    if let choice {
      return study.beside.choice == choice && study.beside.fill == .both
        && StudyLayout(state).beside.isEmpty
    }
    // A presenter who has taken the session over follows nobody.
    guard let followed = study.followed else { return true }
    return followed.beside?.title == wanted.title && followed.beside?.place == wanted.place
  }
}

extension Workstation {
  /// Says what was kept until a study is there, and why nothing can be saved in it: an error comes first,
  /// for it is of something lost.
  static func sayAfterLoading(
    _ note: NoteAfterLoading, _ news: String, _ state: inout AppState
  ) {
    let obstacle = state.message
    guard note.kind == .error, let obstacle, obstacle.kind == .error else {
      return state.sayUnasked(note.kind, note.words + news)
    }
    if obstacle.text.contains(DisplayText.clean(note.words + news)) { return }
    state.message = nil
    state.say(.error, note.words + news)
    state.sayUnasked(.error, obstacle.text)
  }

  /// Says why what is presented beside is not seen here, for as long as that is so.
  static func say(_ note: BesideNote, _ state: inout AppState) {
    state.sayUnasked(.note, note.words)
    state.teaching?.besideNote = note
  }

  /// Takes back what was said of the picture beside once the presenter has moved on, or there is room.
  static func settleBesideNote(_ state: inout AppState) {
    guard let note = state.teaching?.besideNote, !note.holds(in: state) else { return }
    state.teaching?.besideNote = nil
    state.takeBack(note.words)
  }
}
