public import Foundation

/// What the terminal says of itself, asked without taking it over; for `show` and `doctor`.
public enum TerminalReport {
  /// Asks the terminal on standard input and output; `nil` when there is none.
  public static func ask(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> TerminalCapabilities? {
    guard (try? TerminalDevice.open()) != nil else { return nil }
    defer { TerminalDevice.close() }
    guard var found = try? TerminalProbe.run(environment: environment).capabilities else {
      return nil
    }
    found.cell = found.cell ?? TerminalDevice.measure().cell
    return found
  }
}
