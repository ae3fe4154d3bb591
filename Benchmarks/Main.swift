import Core
import Foundation

/// `make bench`: speed of the engine, with PyTorch beside it when `PEER_PYTHON` names an
/// interpreter that has it and `PEER_SCRIPT`/`PEER_DATA` the same network's script and slice; all three
/// are needed, and a warning says which are missing.
///
/// Words after the program's name choose among the kinds of work (`small`, `12/8`, `image`, ...); with
/// `--kernels` the single kernels of every instruction set are timed instead, with `--worklist [N]` the
/// workstation's list of N studies (10,000), in memory and in a library on disk that is made for it, with `--frames PROGRAM LIBRARY
/// [COLUMNSxROWS [KEYS]]` its frames, from a key on (120x40, `jk` through the slices; `o` through the maps); with
/// `--inference` or `--training` only the one: beside PyTorch large networks take many minutes.
@main
enum Bench {
  /// One kind of work, named by the network's shape and context.
  struct Work {
    let name: String
    let configuration: NetworkConfiguration
    let context: NetworkContext

    var label: String { "\(name) \(context.description)" }
    /// Whether the product works so unless told otherwise.
    var isDefault: Bool { configuration == .small && context == .nearest(128) }
    /// Large networks take seconds for a training step on the whole image.
    var trainingRepeats: Int { context == .image && name != "small" ? 3 : 15 }
  }

  static let works: [Work] = [
    ("small", NetworkConfiguration.small), ("12/8", .reference12), ("24/8", .paper24),
  ].flatMap { name, configuration in
    [NetworkContext.nearest(128), .nearest(256), .image].map {
      Work(name: name, configuration: configuration, context: $0)
    }
  }

  static func main() {
    do { try run() } catch {
      FileHandle.standardError.write(Data("cordscope-bench: \(error)\n".utf8))
      exit(1)
    }
  }

  private static func run() throws {
    let words = CommandLine.arguments.dropFirst().filter { !$0.hasPrefix("--") }
    if CommandLine.arguments.contains("--kernels") { return reportKernels() }
    if CommandLine.arguments.contains("--frames") { return try reportFrames(Array(words)) }
    if CommandLine.arguments.contains("--worklist-session") {
      return try reportSession(Array(words))
    }
    if CommandLine.arguments.contains("--worklist") {
      let count = words.first.flatMap { Int($0) } ?? 10_000
      reportWorklist(studies: count)
      return try LibraryBenchmark.run(studies: count)
    }
    let threads = min(2, ProcessInfo.processInfo.activeProcessorCount)
    print("kernels \(KernelTable.best.path.rawValue), \(threads) threads, \(processor)")
    if let warning = Peer.warning(ProcessInfo.processInfo.environment) {
      FileHandle.standardError.write(Data("warning: \(warning)\n".utf8))
    }
    for work in works where words.allSatisfy({ work.label.contains($0) }) {
      let report = try EngineReport(work, threads: threads)
      defer { report.close() }
      if !CommandLine.arguments.contains("--training") { try report.inference(say: { print($0) }) }
      if !CommandLine.arguments.contains("--inference") { try report.training(say: { print($0) }) }
      if work.isDefault { try report.product(say: { print($0) }) }
    }
    guard words.allSatisfy({ "small nearest(128)".contains($0) }) else { return }
    reportWorklist()
  }

  /// The workstation's list of a large library, from key to drawn screen.
  private static func reportWorklist(studies count: Int = 10_000) {
    ProcessMemory.resetPeak()
    let figures = WorklistBenchmark(studies: count).run()
    print(
      "worklist of \(count) studies in memory: start \(words(figures.start)), a key of a filter "
        + "\(words(figures.filterKey)), sort \(words(figures.sort)), one line down "
        + "\(words(figures.step)); peak \(words(ProcessMemory.peakMiB))")
  }

  /// One start on a synthetic library: its folder, its studies, and which start it is.
  private static func reportSession(_ words: [String]) throws {
    guard words.count == 3, let count = Int(words[1]) else {
      throw LibraryBenchmark.Failure(description: "--worklist-session takes a folder and a count")
    }
    let library = SyntheticLibrary(root: URL(fileURLWithPath: words[0]), count: count)
    let figures = try LibraryBenchmark.session(library)
    print(
      "library of \(count) studies on disk, \(words[2]) start: list after "
        + "\(Self.words(figures.list)), all states after \(Self.words(figures.states)); peak "
        + "\(Self.words(ProcessMemory.peakMiB))")
  }

  /// The workstation's frames, 200 keys of each kind.
  private static func reportFrames(_ words: [String]) throws {
    guard (2...4).contains(words.count),
      let course = FrameBenchmark.Course(words.dropFirst(2))
    else {
      throw PseudoTerminal.Failure(
        description: "--frames takes the program, a library, and a size and keys: 120x40 jk")
    }
    print(
      "\(course.columns) x \(course.rows) cells of 8 x 17 px, keys \(course.keys.0) and "
        + "\(course.keys.1)")
    for kind in FrameBenchmark.Kind.allCases {
      let costs = try FrameBenchmark.run(
        kind, program: words[0], library: words[1], keys: 200, course: course)
      guard !costs.isEmpty else {
        throw PseudoTerminal.Failure(description: "\(kind.rawValue): no picture came")
      }
      let times = costs.map(\.milliseconds).sorted()
      let bytes = costs.map(\.bytes).sorted()
      let middle = costs.count / 2
      // While a key repeats these are the pictures in full where the movement ends and turns.
      let long = bytes.filter { $0 > 30_000 }.count
      let full = kind.isMoving ? "; \(long) over 30 kB" : ""
      print(
        "\(kind.rawValue), \(costs.count) keys: CPU median \(Self.words(times[middle])), worst "
          + "\(Self.words(times[costs.count - 1])); bytes median \(bytes[middle]), worst "
          + "\(bytes[costs.count - 1])\(full)")
    }
  }

  private static func reportKernels() {
    for path in KernelTable.available where path != .scalar {
      guard let table = KernelTable.table(for: path) else { continue }
      for figure in KernelBenchmark.run(table) {
        let speed = figure.operations > 0 ? String(format: "%6.1f GF/s", figure.gigaflops) : ""
        print(path.rawValue, figure.name, String(format: "%9.4f ms", figure.milliseconds), speed)
      }
    }
  }

  /// Prints at once: runs take minutes, and into a file or pipe the standard `print` waits until its buffer
  /// is full.
  private static func print(_ words: String...) {
    FileHandle.standardOutput.write(Data((words.joined(separator: " ") + "\n").utf8))
  }

  static func words(_ milliseconds: Double) -> String {
    String(format: milliseconds < 10 ? "%.2f ms" : "%.1f ms", milliseconds)
  }

  static func words(_ mebibytes: Double?) -> String {
    mebibytes.map { String(format: "%.0f MiB", $0) } ?? "unknown"
  }

  static func ratio(_ value: Double) -> String { String(format: "%.2f x", value) }

  private static var processor: String {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line.map {
      String($0.split(separator: ":").last ?? "").trimmingCharacters(in: .whitespaces)
    }
      ?? "unknown processor"
  }
}
