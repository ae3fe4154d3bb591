import Core
import Foundation
import Imaging

/// What the program runs on.
enum Machine {
  /// Cores that can work at once.
  static var cores: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

  /// Names this build of the program: what another one computed is not mixed with its results.
  static var build: String {
    Bundle.main.executableURL.flatMap { try? SHA256.hexDigest(ofFile: $0) } ?? Notice.version
  }
}
