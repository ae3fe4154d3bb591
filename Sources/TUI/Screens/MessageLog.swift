internal import Core

/// The latest messages in full, for those that had no room on their line; one that was said several times
/// in a row is there once, with their number.
struct MessageLog: Equatable, Sendable {
  /// A message as it is kept.
  struct Entry: Equatable, Sendable {
    var message: StatusMessage
    /// How often it was said in a row.
    var times = 1
    /// Keys typed ahead that were dropped because of it.
    var dropped = 0

    /// What is read of it: "3 keys typed ahead dropped; not signed: no verdict yet on C2-3 (2 times)".
    var text: String {
      let keys = dropped > 0 ? Workstation.droppedWords(dropped) + "; " : ""
      return keys + message.text + (times > 1 ? " (\(times) times)" : "")
    }
  }

  /// Oldest first.
  private(set) var messages: [Entry] = []

  /// Messages that are kept.
  static let most = 50
  /// Cells of a line: what is read, and copied.
  private static let widest = 78

  /// Keeps a message; the same again is counted, and one that goes on from the last takes its place.
  mutating func keep(_ message: StatusMessage) {
    if let last = messages.last {
      if message == last.message {
        messages[messages.count - 1].times += 1
        return
      }
      if last.times == 1, message.text.hasPrefix(last.text) { messages.removeLast() }
    }
    append(Entry(message: message))
  }

  /// Keeps that keys typed ahead were dropped after a refusal: with the refusal, however many follow.
  mutating func keepDropped(_ count: Int, after refusal: StatusMessage) {
    if messages.last?.message != refusal { append(Entry(message: refusal)) }
    messages[messages.count - 1].dropped += count
  }

  private mutating func append(_ entry: Entry) {
    messages.append(entry)
    messages.removeFirst(max(messages.count - Self.most, 0))
  }

  /// The messages in lines for so many columns, the latest first.
  func lines(columns: Int) -> [String] {
    let cells = max(min(columns - 1, Self.widest), 20)
    let told = messages.reversed().flatMap { entry in
      [""] + Self.wrapped(StatusLine.look(entry.message.kind).mark + entry.text, cells)
    }
    return ["Messages, the latest first", Notice.researchUse] + told + ["", Notice.researchUse]
  }

  /// Lines in which nothing is cut: what is longer than a line, such as a path, goes on in the next.
  private static func wrapped(_ text: String, _ cells: Int) -> [String] {
    let words = text.split(separator: " ").flatMap { word -> [String] in
      var (pieces, piece) = ([String](), "")
      for character in word {
        if DisplayText.width(piece) + DisplayText.width(String(character)) > cells {
          pieces.append(piece)
          piece = ""
        }
        piece.append(character)
      }
      return pieces + [piece]
    }
    return DisplayText.wrap(words.joined(separator: " "), cells)
  }
}

extension Workstation {
  /// Shows the latest messages in full.
  static func showMessages(_ state: inout AppState) {
    guard !state.messageLog.messages.isEmpty else {
      state.say(.note, "nothing was said yet")
      return
    }
    state.popup = .report(ReportText(lines: state.messageLog.lines(columns: state.size.columns)))
  }
}
