import Foundation

/// A program of this machine.
enum Tool {
  /// Where it is, if it is there: in a folder of `PATH`, or where servers are.
  static func url(_ name: String) -> URL? {
    ((ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin") + ":/usr/sbin")
      .split(separator: ":").map { URL(fileURLWithPath: String($0)).appendingPathComponent(name) }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }
}

/// Programs that run on this machine, found by their command lines.
enum RunningProgram {
  /// The processes of a program that was given a path, or one below it.
  ///
  /// - Parameter word: also a word of the command line, such as a subcommand.
  static func named(_ program: String, _ word: String? = nil, on place: URL) -> [pid_t] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { name in
      guard let process = pid_t(name), process != getpid(),
        let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline")
      else { return nil }
      let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      guard let first = words.first?.split(separator: "/").last, first == program,
        word.map({ words.contains($0) }) ?? true, words.contains(where: { $0.contains(place.path) })
      else { return nil }
      return process
    }
  }
}
