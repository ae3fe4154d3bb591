extension VertebralLevel {
  /// Levels in words, those that follow each other as one run: "C2, T1 to T3".
  ///
  /// - Parameter levels: superior first.
  static func words(_ levels: [VertebralLevel]) -> String {
    var runs: [(first: VertebralLevel, last: VertebralLevel)] = []
    for level in levels {
      if let run = runs.last, level.rawValue == run.last.rawValue + 1 {
        runs[runs.count - 1].last = level
      } else {
        runs.append((level, level))
      }
    }
    return runs.map { run in
      run.first == run.last ? run.first.name : "\(run.first.name) to \(run.last.name)"
    }.joined(separator: ", ")
  }
}
