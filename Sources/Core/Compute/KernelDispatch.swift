internal import CSIMD
internal import Foundation
internal import KernelsBaseline

#if WIDE_KERNELS
  internal import KernelsAVX2
  internal import KernelsAVX512
#endif

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
    case .baseline: kernelsBaseline
    #if WIDE_KERNELS
      case .avx2: cs_isa() >= 1 ? kernelsAVX2 : nil
      case .avx512: cs_isa() >= 2 ? kernelsAVX512 : nil
    #else
      case .avx2, .avx512: nil
    #endif
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

extension KernelTable {
  /// The kernels built for baseline.
  fileprivate static let kernelsBaseline = KernelTable(
    path: .baseline,
    packedCount: KernelsBaseline.packedCount,
    pack: KernelsBaseline.pack,
    gemm: KernelsBaseline.gemm,
    layerNormForward: KernelsBaseline.layerNormForward,
    layerNormBackward: KernelsBaseline.layerNormBackward,
    geluForward: KernelsBaseline.geluForward,
    geluBackward: KernelsBaseline.geluBackward,
    sigmoid: KernelsBaseline.sigmoid,
    attentionScratch: KernelsBaseline.attentionScratch,
    attentionForward: KernelsBaseline.attentionForward,
    attentionBackward: KernelsBaseline.attentionBackward,
    add: KernelsBaseline.add,
    addColumnSums: KernelsBaseline.addColumnSums,
    adam: KernelsBaseline.adam)

  #if WIDE_KERNELS
    /// The kernels built for avx2.
    fileprivate static let kernelsAVX2 = KernelTable(
      path: .avx2,
      packedCount: KernelsAVX2.packedCount,
      pack: KernelsAVX2.pack,
      gemm: KernelsAVX2.gemm,
      layerNormForward: KernelsAVX2.layerNormForward,
      layerNormBackward: KernelsAVX2.layerNormBackward,
      geluForward: KernelsAVX2.geluForward,
      geluBackward: KernelsAVX2.geluBackward,
      sigmoid: KernelsAVX2.sigmoid,
      attentionScratch: KernelsAVX2.attentionScratch,
      attentionForward: KernelsAVX2.attentionForward,
      attentionBackward: KernelsAVX2.attentionBackward,
      add: KernelsAVX2.add,
      addColumnSums: KernelsAVX2.addColumnSums,
      adam: KernelsAVX2.adam)

    /// The kernels built for avx512.
    fileprivate static let kernelsAVX512 = KernelTable(
      path: .avx512,
      packedCount: KernelsAVX512.packedCount,
      pack: KernelsAVX512.pack,
      gemm: KernelsAVX512.gemm,
      layerNormForward: KernelsAVX512.layerNormForward,
      layerNormBackward: KernelsAVX512.layerNormBackward,
      geluForward: KernelsAVX512.geluForward,
      geluBackward: KernelsAVX512.geluBackward,
      sigmoid: KernelsAVX512.sigmoid,
      attentionScratch: KernelsAVX512.attentionScratch,
      attentionForward: KernelsAVX512.attentionForward,
      attentionBackward: KernelsAVX512.attentionBackward,
      add: KernelsAVX512.add,
      addColumnSums: KernelsAVX512.addColumnSums,
      adam: KernelsAVX512.adam)
  #endif
}
