internal import Synchronization

/// Which studies of a large library are read next: those on the screen, whenever it shows others.
final class ReadingWishes: Sendable {
  private let subjects = Mutex<[String]>([])

  /// Wishes for these in the place of what was wished for before.
  func wish(for subjects: [String]) { self.subjects.withLock { $0 = subjects } }

  /// What is wished for; it is given once.
  func take() -> [String] {
    subjects.withLock { subjects in
      defer { subjects = [] }
      return subjects
    }
  }
}

/// One reading of a large library: what is wished for first, the rest in order, on several threads.
struct WorklistRun: Sendable {
  /// Studies that are there as fast as their names.
  static let readAtOnce = 200
  /// Studies that are read before it is looked again what is wished for.
  private static let batch = 32
  /// Between two times that lines are told: each time the list is put in order.
  private static let pause = Duration.milliseconds(250)
  /// More threads than this gain nothing: they wait for one disk.
  private static let mostThreads = 4

  /// The studies in their order.
  let subjects: [String]
  let wishes: ReadingWishes
  var team = ThreadTeam(threads: min(ThreadTeam.machine.threads, WorklistRun.mostThreads))

  /// Reads all studies; `tell` is given what was read since it was called last, and how many are read,
  /// at once for what was wished for.
  func read<Line: Sendable>(
    _ line: @Sendable (Int) -> Line, tell: ([Line], Int) -> Void
  ) -> [Line] {
    let places = Dictionary(
      subjects.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var lines = [Line?](repeating: nil, count: subjects.count)
    var (next, done) = (0, 0)
    var untold: [Line] = []
    var told = ContinuousClock.now
    while done < lines.count {
      var wished: [Int] = []
      for place in wishes.take().compactMap({ places[$0] })
      where lines[place] == nil && !wished.contains(place) { wished.append(place) }
      var batch = wished
      while batch.isEmpty || batch.count < Self.batch && wished.isEmpty, next < lines.count {
        if lines[next] == nil { batch.append(next) }
        next += 1
      }
      let read = team.map(batch) { index, _ in line(index) }
      for (index, value) in zip(batch, read) { lines[index] = value }
      done += read.count
      untold += read
      guard !wished.isEmpty || done == lines.count || told.duration(to: .now) > Self.pause else {
        continue
      }
      tell(untold, done)
      untold = []
      told = .now
    }
    return lines.compactMap(\.self)
  }
}
