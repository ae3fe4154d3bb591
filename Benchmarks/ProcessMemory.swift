import Foundation

/// The resident memory of this process and of others, as Linux counts it.
enum ProcessMemory {
  /// Forgets the peak so far, where the system allows it.
  static func resetPeak() {
    try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
  }

  /// The peak since ``resetPeak()`` in MiB; `nil` elsewhere than on Linux.
  static var peakMiB: Double? { peak(status: "/proc/self/status") }

  /// The peak of another process so far in MiB; `nil` once it has ended.
  static func peakMiB(of process: Int32) -> Double? { peak(status: "/proc/\(process)/status") }

  private static func peak(status: String) -> Double? {
    guard let text = try? String(contentsOfFile: status, encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first
        .flatMap({ Double($0) })
    else { return nil }
    return kilobytes / 1024
  }
}
