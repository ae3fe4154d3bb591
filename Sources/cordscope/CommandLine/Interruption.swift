import Foundation
import Synchronization

/// Remembers ^C and SIGTERM, so that long work ends at a whole step and can be resumed.
enum Interruption {
  private static let requested = Atomic(false)

  /// Whether the user asked to stop.
  static var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// Starts to listen; a second signal ends the program at once.
  static func listen() {
    // The handler must find the flag made: making it there would not be safe.
    // What was requested before stands: a command may begin to listen twice.
    _ = isRequested
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        if Interruption.requested.exchange(true, ordering: .relaxed) {
          signal(number, SIG_DFL)
          raise(number)
        }
      }
    }
  }
}

/// Thrown where work stopped because the user asked for it.
struct Interrupted: Error {
  /// How to go on.
  let advice: String
}
