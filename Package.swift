// swift-tools-version: 6.2
import PackageDescription

/// The same settings for every Swift target of the house.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

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

    // The floors.
    .target(name: "Imaging", dependencies: ["CPNG"], swiftSettings: strict),
    .target(name: "Core", dependencies: ["Imaging"], swiftSettings: strict),
    .target(
      name: "TUI", dependencies: ["Core", "Imaging", "CNcurses", "CTerminal"],
      swiftSettings: strict),
    .executableTarget(
      name: "cordscope", dependencies: ["TUI", "Core", "Imaging"], swiftSettings: strict),

    // Tests.
    .target(
      name: "TestSupport", dependencies: ["Imaging", "Core"], path: "Tests/TestSupport",
      swiftSettings: strict),
    .testTarget(
      name: "ImagingTests", dependencies: ["Imaging", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "CoreTests", dependencies: ["Core", "Imaging", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "TUITests", dependencies: ["TUI", "Core", "Imaging", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "CommandTests", dependencies: ["cordscope", "TestSupport"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
