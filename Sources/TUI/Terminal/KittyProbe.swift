internal import Imaging

/// Asks whether the terminal draws kitty pictures in placeholder cells; put once it is known whether tmux
/// or screen stands between, which would take the question for a window's title.
///
/// Terminals that draw kitty pictures but know no placeholders answer well too: they are found by the
/// cursor, which a picture for placeholders leaves where it is.
enum KittyProbe {
  /// The number of the picture asked with: in tmux no workstation has it, and elsewhere, where it is
  /// one of the workstation's own, it is deleted before the first of those is drawn.
  private static let number: UInt32 = 31
  /// How often a placeholder is to be repeated.
  private static let repetitions = 3

  /// How long to wait for answers through tmux, which answers other questions itself, in milliseconds.
  ///
  /// Where its `allow-passthrough` is off none comes: everybody would wait. But where tmux itself took its
  /// time, on a busy machine or a slow link, the terminal around it will, too.
  /// - Parameter took: how long its own answers took.
  static func patience(withTmux took: Duration) -> Int {
    min(max(300, Int(took / .milliseconds(1)) * 4), TerminalProbe.deadline)
  }

  /// The question; none for screen, through which no picture comes.
  static func questions(_ multiplexer: Multiplexer?) -> [UInt8] {
    let place = "\u{1b}[6n"
    let picture = "\u{1b}_Gi=\(number),a=T,U=1,f=24,t=d,s=1,v=1,c=2,r=1;AAAA\u{1b}\\"
    let deletion = KittyGraphics.delete(number: number)
    let question = Array((place + picture + place).utf8) + deletion
    // The screen is cleared after the questions.
    let cells = KittyPlaceholder.next + Array("\u{1b}[\(repetitions)b\(place)".utf8)
    switch multiplexer {
    case .screen?: return []
    case .tmux?:
      return KittyGraphics.throughTmux(Array("\u{1b}7".utf8) + question + Array("\u{1b}8".utf8))
    case nil: return Array("\r".utf8) + question + cells + Array("\u{1b}[c".utf8)
    }
  }

  /// What a stream of bytes says.
  struct Answer: Equatable {
    /// Whether the terminal draws pictures in placeholder cells.
    var draws = false
    /// Whether it repeats a cell: three more columns are taken.
    var repeats = false
    /// The answers as received.
    var replies: [[UInt8]] = []
    /// The bytes that are no answers: keys typed ahead, a sequence cut short.
    var rest: [UInt8] = []
    /// Whether the last answer has come.
    var done = false
  }

  /// Reads answers from a stream of bytes.
  static func parse(_ bytes: [UInt8], _ multiplexer: Multiplexer?) -> Answer {
    var answer = Answer()
    var isTaken = false
    var places: [[Int?]] = []
    var index = 0
    while index < bytes.count {
      guard bytes[index] == 0x1b, !answer.done else {
        answer.rest.append(bytes[index])
        index += 1
        continue
      }
      guard case .complete(let sequence, let length) = ControlSequence.scan(bytes, from: index)
      else {
        answer.rest.append(contentsOf: bytes[index...])
        break
      }
      let whole = Array(bytes[index..<(index + length)])
      index += length
      switch sequence {
      case .string(UInt8(ascii: "_"), let body):
        isTaken = isTaken || body == Array("Gi=\(number);OK".utf8)
        answer.replies.append(whole)
      case .csi(let parameters, UInt8(ascii: "R")):
        places.append(ControlSequence.numbers(parameters))
        answer.replies.append(whole)
      case .csi(let parameters, UInt8(ascii: "c")) where parameters.first == UInt8(ascii: "?"):
        answer.done = true
        answer.replies.append(whole)
      default: answer.rest.append(contentsOf: whole)
      }
      if multiplexer == .tmux, isTaken, places.count == 2 { answer.done = true }
    }
    answer.draws = isTaken && places.count >= 2 && places[0] == places[1]
    if answer.draws, places.count == 3, places[1].count == 2, places[2].count == 2,
      let before = places[1][1], let after = places[2][1]
    {
      answer.repeats = places[1][0] == places[2][0] && after - before == repetitions + 1
    }
    return answer
  }
}
