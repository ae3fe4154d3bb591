import Foundation

/// The resident memory of this process, as Linux counts it.
enum ProcessMemory {
  /// Forgets the peak so far, where the system allows it.
  static func resetPeak() {
    try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
  }

  /// The peak since ``resetPeak()`` in MiB; `nil` elsewhere than on Linux.
  static var peakMiB: Double? {
    guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first
        .flatMap({ Double($0) })
    else { return nil }
    return kilobytes / 1024
  }
}
