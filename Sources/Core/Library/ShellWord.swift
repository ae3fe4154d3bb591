internal import Imaging

/// Words as a POSIX shell takes them.
enum ShellWord {
  /// The word, in single quotes where something in it means more than itself to the shell.
  ///
  /// Control characters are shown as "·", as everywhere: a word with them is not the same any more.
  static func quoted(_ word: String) -> String {
    let word = word.cleaned
    let isPlain =
      !word.isEmpty
      && word.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "._-/+:,@%".utf8.contains(byte)
        }
      }
    return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
