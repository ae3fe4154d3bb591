import Foundation

/// What the program runs on.
enum Machine {
  /// Cores that can work at once.
  static var cores: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }
}
