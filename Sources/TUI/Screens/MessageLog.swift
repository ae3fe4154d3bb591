internal import Core

/// The latest messages in full, for those that had no room on their line.
struct MessageLog: Equatable, Sendable {
  /// Oldest first.
  private(set) var messages: [StatusMessage] = []

  /// Messages that are kept.
  static let most = 50
  /// Cells of a line: what is read, and copied.
  private static let widest = 78

  /// Keeps a message; one that goes on from the last takes its place.
  mutating func keep(_ message: StatusMessage) {
    if let last = messages.last, message.text.hasPrefix(last.text) { messages.removeLast() }
    messages.append(message)
    messages.removeFirst(max(messages.count - Self.most, 0))
  }

  /// The messages in lines for so many columns, the latest first.
  func lines(columns: Int) -> [String] {
    let cells = max(min(columns - 1, Self.widest), 20)
    let told = messages.reversed().flatMap { message in
      [""] + Self.wrapped(StatusLine.look(message.kind).mark + message.text, cells)
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
