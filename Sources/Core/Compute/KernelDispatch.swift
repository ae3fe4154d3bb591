internal import Foundation

/// Why a forced kernel path cannot be used.
public enum KernelSelectionError: Error, CustomStringConvertible, Equatable {
  /// `CORDSCOPE_KERNELS` names no path.
  case unknown(String)
  /// The machine or this build lacks the path.
  case unavailable(KernelPath)

  /// What was wrong and what to do.
  public var description: String {
    let names = KernelPath.allCases.map(\.rawValue).joined(separator: ", ")
    return switch self {
    case .unknown(let name):
      "CORDSCOPE_KERNELS=\(name) names no kernel path; use one of \(names), or unset it"
    case .unavailable(let path):
      "CORDSCOPE_KERNELS=\(path.rawValue): this machine or this build lacks it; unset it to use "
        + "\(KernelTable.fastest.path.rawValue)"
    }
  }
}

extension KernelTable {
  /// The table of one path, or `nil` when this machine or this build lacks it.
  public static func table(for path: KernelPath) -> KernelTable? {
    switch path {
    case .scalar: scalar
    case .baseline, .avx2, .avx512: nil
    }
  }

  /// The paths that run here, slowest first.
  public static var available: [KernelPath] {
    KernelPath.allCases.filter { table(for: $0) != nil }
  }

  /// The fastest table that runs here.
  static let fastest: KernelTable = available.last.flatMap(table(for:)) ?? scalar

  /// The table that `CORDSCOPE_KERNELS` forces, or the fastest one.
  ///
  /// `nil` reads the environment of the process.
  public static func choose(
    environment: [String: String]? = nil
  ) throws(KernelSelectionError) -> KernelTable {
    let environment = environment ?? ProcessInfo.processInfo.environment
    guard let name = environment["CORDSCOPE_KERNELS"], !name.isEmpty else { return fastest }
    guard let path = KernelPath(rawValue: name.lowercased()) else { throw .unknown(name) }
    guard let table = table(for: path) else { throw .unavailable(path) }
    return table
  }

  /// The table of this process: chosen once, as `choose` says.
  ///
  /// A forced path that cannot be had is reported on standard error and the fastest one is used;
  /// programs call `choose` at their start and stop with its error instead.
  public static let best: KernelTable = {
    do {
      return try choose()
    } catch {
      FileHandle.standardError.write(Data("cordscope: \(error)\n".utf8))
      return fastest
    }
  }()
}
