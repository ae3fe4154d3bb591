import Foundation

/// Results and messages of the program.
enum Output {
  /// Writes a result line to stdout.
  static func print(_ text: String, terminator: String = "\n") {
    FileHandle.standardOutput.write(Data((text + terminator).utf8))
  }

  /// Writes a message to stderr.
  static func message(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }
}
