/// The command line as model cards and records state it.
enum CommandWords {
  /// All words, of paths the last part only: the machine's folders are nobody's business.
  static var recorded: String {
    let words = CommandLine.arguments.dropFirst().map { word in
      word.contains("/") ? String(word.split(separator: "/").last ?? "") : word
    }
    return (["cordscope"] + words).joined(separator: " ")
  }
}
