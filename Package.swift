// swift-tools-version: 6.2
import PackageDescription

/// The same settings for every Swift target of the house.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

/// Kernels are optimised in debug builds too: without it a test of the network takes minutes. Such
/// flags, and those of wider instruction sets, are refused by SwiftPM in a package that is fetched
/// by version: there the plain baseline kernels are built.
let isFetched = Context.packageDirectory.contains("/checkouts/")
let kernelSettings: [SwiftSetting] =
  strict
  + (isFetched
    ? [] : [.unsafeFlags(["-O"], .when(configuration: .debug))])

/// One source of kernels, built once per instruction set (the folders hold links to `Shared`).
func kernels(_ name: String, _ settings: [SwiftSetting] = []) -> Target {
  .target(
    name: "Kernels" + name, dependencies: ["CSIMD"], path: "Sources/Cellar/Kernels/" + name,
    swiftSettings: kernelSettings + settings)
}

/// Flags that clang's importer turns into the instruction set of the module.
func instructions(_ flags: String...) -> SwiftSetting {
  .unsafeFlags(flags.flatMap { ["-Xcc", $0] })
}

#if arch(x86_64)
  let hasWideKernels = !isFetched
#else
  let hasWideKernels = false
#endif

let wideKernels: [Target] =
  hasWideKernels
  ? [
    kernels("AVX2", [instructions("-mavx2", "-mfma")]),
    kernels(
      "AVX512",
      [
        .define("WIDE_PANEL"),
        instructions("-mavx512f", "-mavx512vl", "-mavx512dq", "-mavx512bw"),
      ]),
  ] : []

let package = Package(
  name: "Cordscope",
  products: [
    .executable(name: "cordscope", targets: ["cordscope"]),
    .library(name: "Imaging", targets: ["Imaging"]),
    .library(name: "Core", targets: ["Core"]),
  ],
  targets: [
    // The cellar: system modules and C shims. One Swift file imports each.
    .systemLibrary(
      name: "CNcurses", path: "Sources/Cellar/CNcurses", providers: [.apt(["libncurses-dev"])]),
    .systemLibrary(name: "CPNG", path: "Sources/Cellar/CPNG", providers: [.apt(["libpng-dev"])]),
    .target(name: "CTerminal", path: "Sources/Cellar/CTerminal"),
    .target(name: "CSIMD", path: "Sources/Cellar/CSIMD"),
    kernels("Baseline"),

    // The floors.
    .target(name: "Imaging", dependencies: ["CPNG"], swiftSettings: strict),
    .target(
      name: "Core",
      dependencies: ["Imaging", "CSIMD", "KernelsBaseline"]
        + wideKernels.map { .byName(name: $0.name) },
      swiftSettings: strict + (hasWideKernels ? [.define("WIDE_KERNELS")] : [])),
    .target(
      name: "TUI", dependencies: ["Core", "Imaging", "CNcurses", "CTerminal"],
      swiftSettings: strict),
    .executableTarget(
      name: "cordscope", dependencies: ["TUI", "Core", "Imaging"], swiftSettings: strict),

    .executableTarget(
      name: "cordscope-bench", dependencies: ["TUI", "Core", "Imaging"], path: "Benchmarks",
      swiftSettings: strict),

    // Tests.
    .target(
      name: "TestSupport", dependencies: ["Imaging", "Core"], path: "Tests/TestSupport",
      swiftSettings: strict),
    .target(name: "CAllocationCount", path: "Tests/CAllocationCount"),
    .testTarget(
      name: "ImagingTests", dependencies: ["Imaging", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "CoreTests",
      dependencies: ["Core", "Imaging", "TestSupport", "CAllocationCount"],
      swiftSettings: strict),
    .testTarget(
      name: "TUITests", dependencies: ["TUI", "Core", "Imaging", "TestSupport"],
      exclude: ["Snapshots"], swiftSettings: strict),
    .testTarget(
      name: "BenchmarkTests", dependencies: ["cordscope-bench", "Core"], swiftSettings: strict),
    .testTarget(
      name: "CommandTests", dependencies: ["cordscope", "TestSupport"], swiftSettings: strict),
  ] + wideKernels,
  swiftLanguageModes: [.v6]
)
