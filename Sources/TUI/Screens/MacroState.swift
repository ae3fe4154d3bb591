/// The reader's macros as the screens know them.
struct MacroState: Sendable {
  var book = MacroBook()
  /// Why they cannot be read, in words that name file and line.
  var problem: String?
  /// What is being recorded.
  var recording: MacroRecording?
  /// What is being played.
  var playing: MacroPlay?
  /// The name of the one played or saved last.
  var last: String?
  /// Macros of the book that could not be written: they are there till the program ends.
  var unsaved: [Macro] = []

  /// Takes in what is on disk after a change; what could not be written stays, but what was changed.
  mutating func take(_ kept: MacroBook, after change: MacroChange?) {
    book = kept
    unsaved.removeAll { $0.name == change?.name }
    for macro in unsaved { book.keep(macro) }
  }

  /// Keeps in memory what could not be written.
  mutating func keepUnsaved(_ macro: Macro) {
    book.keep(macro)
    unsaved.removeAll { $0.name == macro.name }
    unsaved.append(macro)
  }

  /// The same as one word in the head, where no message covers it.
  var mode: String? {
    playing != nil ? "PLAYING" : recording != nil ? "RECORDING" : nil
  }

  /// What the last lines of the screen say meanwhile.
  var words: String? {
    if let playing {
      return "playing \(playing.macro.name): \(playing.next) of \(playing.macro.steps.count)"
    }
    return recording.map {
      "RECORDING: \($0.entries.count) step\($0.entries.count == 1 ? "" : "s")"
    }
  }
}

/// A macro being recorded on a study.
struct MacroRecording: Equatable, Sendable {
  /// One step, and where it stated something the act in the journal.
  struct Entry: Equatable, Sendable {
    var step: MacroStep
    /// The act while it is on its way.
    var token: Int?
    /// The act's number in the journal.
    var seq: Int?
  }

  let subject: String
  var entries: [Entry] = []
  /// The act that the command running now has sent.
  var token: Int?

  init(subject: String) { self.subject = subject }
}

/// A macro being played on a study.
struct MacroPlay: Equatable, Sendable {
  let macro: Macro
  let subject: String
  /// Steps done.
  var next = 0
  /// The act on its way that the latest step stated.
  var token: Int?
  /// Acts that are in the journal.
  var saved = 0
  /// The steps that went to the segment above or below where there was none.
  var halts: [Halt] = []
  /// Whether the row selected may be another than was meant since: no step has gone to one by name yet.
  var isAstray = false

  /// A step that went no further, by its number from 1, and why: "lowest segment".
  struct Halt: Equatable, Sendable {
    var step: Int
    var words: String
  }

  init(_ macro: Macro, subject: String) {
    self.macro = macro
    self.subject = subject
  }
}
