import Foundation
import Testing

@testable import Core

@Suite struct KernelDispatchTests {
  @Test func scalarAndBaselineAlwaysRun() {
    #expect(KernelTable.available.prefix(2) == [.scalar, .baseline])
    for path in KernelTable.available { #expect(KernelTable.table(for: path)?.path == path) }
  }

  @Test func variableForcesAPath() throws {
    for path in KernelTable.available {
      #expect(
        try KernelTable.choose(environment: ["CORDSCOPE_KERNELS": path.rawValue]).path == path)
    }
    let free = try KernelTable.choose(environment: [:])
    #expect(free.path == KernelTable.available.last)
    let empty = try KernelTable.choose(environment: ["CORDSCOPE_KERNELS": ""])
    #expect(empty.path == free.path)
  }

  @Test func unknownPathSaysWhatToUse() {
    #expect(throws: KernelSelectionError.unknown("sse9")) {
      _ = try KernelTable.choose(environment: ["CORDSCOPE_KERNELS": "sse9"])
    }
    let text = KernelSelectionError.unknown("sse9").description
    #expect(text.contains("sse9") && text.contains("baseline"))
  }

  @Test func missingPathIsAnError() {
    for path in KernelPath.allCases where KernelTable.table(for: path) == nil {
      #expect(throws: KernelSelectionError.unavailable(path)) {
        _ = try KernelTable.choose(environment: ["CORDSCOPE_KERNELS": path.rawValue])
      }
    }
  }

  /// A run of the tests that names a path must test that path.
  @Test func bestIsTheForcedPath() {
    let forced = ProcessInfo.processInfo.environment["CORDSCOPE_KERNELS"] ?? ""
    if !forced.isEmpty { #expect(KernelTable.best.path.rawValue == forced.lowercased()) }
  }
}
