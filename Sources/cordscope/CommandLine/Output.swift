import Core
import Foundation

/// Results and messages of the program.
enum Output {
  /// Writes a result line to stdout.
  static func print(_ text: String, terminator: String = "\n") {
    write(Array((text + terminator).utf8))
  }

  /// Writes bytes to stdout; where they cannot go the program ends, as no result would arrive.
  static func write(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let taken = rest.withUnsafeBytes { Foundation.write(1, $0.baseAddress, $0.count) }
      if taken >= 0 { rest = rest.dropFirst(taken) } else if errno != EINTR { giveUp(errno) }
    }
  }

  /// Writes a message to stderr; nobody can be told when that fails.
  static func message(_ text: String, terminator: String = "\n") {
    try? FileHandle.standardError.write(contentsOf: Data((text + terminator).utf8))
  }

  /// Columns and rows of the terminal that stdout is; `nil` where it is none, or does not say.
  static var terminalSize: (columns: Int, rows: Int)? {
    var size = winsize()
    guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// The columns at which sentences are broken; `nil` where stdout is no terminal, or one too narrow for it.
  static var columns: Int? {
    guard let columns = terminalSize?.columns, columns >= 40 else { return nil }
    return columns
  }

  /// A number with what is counted: "1 study", "12 studies".
  static func count(_ number: Int, _ one: String, _ many: String) -> String {
    CountText.of(number, one, many)
  }

  private static func giveUp(_ code: Int32) -> Never {
    if code == EPIPE {
      // `| head` has read all it wanted: end as any program of a pipeline does.
      signal(SIGPIPE, SIG_DFL)
      raise(SIGPIPE)
    }
    message("cordscope: cannot write the result: \(String(cString: strerror(code)))")
    exit(ExitCode.unusableInput.rawValue)
  }
}
