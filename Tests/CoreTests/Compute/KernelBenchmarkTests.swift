import Foundation
import Testing

@testable import Core

@Suite struct KernelBenchmarkTests {
  /// Prints the figures of every path; only on request, because a loaded machine tells little.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["CORDSCOPE_BENCH"] != nil))
  func figures() {
    for path in KernelTable.available where path != .scalar {
      guard let table = KernelTable.table(for: path) else { continue }
      for figure in KernelBenchmark.run(table) {
        let speed = figure.operations > 0 ? String(format: "%6.1f GF/s", figure.gigaflops) : ""
        print(path.rawValue, figure.name, String(format: "%9.4f ms", figure.milliseconds), speed)
      }
    }
  }

  @Test(.enabled(if: KernelTable.best.path != .scalar))
  func everyFigureIsMeasured() {
    for figure in KernelBenchmark.run(.best, seconds: 0) {
      #expect(figure.milliseconds > 0 && figure.milliseconds.isFinite, "\(figure.name)")
    }
  }
}
