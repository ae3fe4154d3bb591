import Imaging

/// What is said of a command or an option that there is not, with the one it was probably meant to be.
enum UnknownWord {
  /// The refusal of a word, made safe for a terminal, and the known word nearest to it.
  ///
  /// - Parameters:
  ///   - what: what the word should have been, "unknown option".
  ///   - word: the word as it was typed.
  ///   - known: what there is, without dashes.
  ///   - dashes: what stands before each of them on a command line.
  static func refusal(
    _ what: String, _ word: String, known: [String], dashes: String = ""
  ) -> String {
    let hint = nearest(to: word, among: known).map { "; did you mean \(dashes)\($0)?" } ?? ""
    return "\(what) \(word.cleaned(limit: 80))\(hint)"
  }

  /// No command or option is as long as this; comparing what is longer would only take time.
  private static let longest = 40

  /// The known word with the fewest changes from a typed one, the first of several; `nil` where all
  /// differ in more than every third letter or in more than three.
  private static func nearest(to word: String, among known: [String]) -> String? {
    guard word.utf8.count <= longest else { return nil }
    let typed = Array(word.lowercased().drop(while: { $0 == "-" }))
    guard typed.count > 1 else { return nil }
    let most = min(max(1, typed.count / 3), 3)
    let near = known.map { (word: $0, changes: changes(from: typed, to: Array($0))) }
      .min { $0.changes < $1.changes }
    guard let near, near.changes <= most else { return nil }
    return near.word
  }

  /// How many letters have to be put in, left out, replaced, or exchanged with their neighbour
  /// (Damerau's distance; no letter is changed twice).
  private static func changes(from a: [Character], to b: [Character]) -> Int {
    var earlier: [Int] = []
    var row = Array(0...b.count)
    for i in a.indices {
      var next = [i + 1]
      for j in b.indices {
        var least = min(row[j + 1], next[j]) + 1
        least = min(least, row[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          least = min(least, earlier[j - 1] + 1)
        }
        next.append(least)
      }
      (earlier, row) = (row, next)
    }
    return row[b.count]
  }
}
