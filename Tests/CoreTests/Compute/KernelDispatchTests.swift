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

  /// A path whose instructions are not all there would be a crash in the middle of a detection.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/cpuinfo")))
  func widePathsNeedAllTheirInstructions() throws {
    let text = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
    let line = text.split(separator: "\n").first { $0.hasPrefix("flags") } ?? ""
    let flags = Set(line.split(whereSeparator: { " \t:".contains($0) }).map(String.init))
    let narrow: Set = ["avx2", "fma"]
    let wide = narrow.union(["avx512f", "avx512vl", "avx512dq", "avx512bw"])
    if KernelTable.available.contains(.avx2) { #expect(flags.isSuperset(of: narrow)) }
    if KernelTable.available.contains(.avx512) { #expect(flags.isSuperset(of: wide)) }
    #if WIDE_KERNELS
      #expect(KernelTable.available.contains(.avx2) == flags.isSuperset(of: narrow))
      #expect(KernelTable.available.contains(.avx512) == flags.isSuperset(of: wide))
    #endif
  }

  /// A run of the tests that names a path must test that path.
  @Test func bestIsTheForcedPath() {
    let forced = ProcessInfo.processInfo.environment["CORDSCOPE_KERNELS"] ?? ""
    if !forced.isEmpty { #expect(KernelTable.best.path.rawValue == forced.lowercased()) }
  }
}
