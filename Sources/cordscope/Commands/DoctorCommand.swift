import Core
import Foundation
import Imaging
import TUI

/// `doctor [LIB]`: the terminal as probed, the machine, the weights, a library's health.
enum DoctorCommand: Subcommand {
  static let name = "doctor"
  static let summary =
    "tells what the terminal can do, which kernels run and whether files are whole"
  static let operands = "[LIB]"

  static func run(_ arguments: Arguments) throws -> ExitCode {
    let path = arguments.operands.isEmpty ? nil : try arguments.onlyPath("the library")
    Output.print("cordscope \(Notice.version), \(Notice.researchUse)")
    terminal()
    Output.print("cores      \(Machine.cores)")
    Output.print("kernels    \(KernelTable.best.path.rawValue)")
    let isWhole = weights("weights") { try Assets.url("\(Assets.defaultModel).safetensors") }
    guard let path else { return isWhole ? .done : .findingsFailed }
    let library = try StudyLibrary(opening: path)
    // What is wrong with adapted weights is among the findings.
    _ = weights("in use") { try LibraryModels(library: library.root).weights() }
    let findings = LibraryVerification.findings(in: library)
    Output.print("library    \(library.studies.count) studies, \(findings.count) findings")
    for finding in findings { Output.print("  \(finding.line)") }
    let isFaulty = findings.contains { $0.severity == .failure }
    return isWhole && !isFaulty ? .done : .findingsFailed
  }

  private static func terminal() {
    let environment = ProcessInfo.processInfo.environment
    Output.print("TERM       \((environment["TERM"] ?? "not set").cleaned)")
    guard let found = TerminalReport.ask() else {
      Output.print("terminal   none on standard input and output")
      return
    }
    let graphics =
      switch found.graphics {
      case .sixel: "sixel"
      case .halfBlocks: "half blocks"
      case .none(let reason): "no pictures: \(reason)"
      }
    Output.print("terminal   \((found.name ?? "gives no name").cleaned)")
    Output.print("pictures   \(graphics)")
    let cell = found.cell.map { "\($0.width) x \($0.height) px" } ?? "unknown"
    Output.print("cell       \(cell)")
    Output.print("registers  \(found.sixelColours.map(String.init) ?? "unknown")")
    Output.print("2026 mode  \(found.synchronizedOutput ? "yes" : "no")")
  }

  private static func weights(_ what: String, _ find: () throws -> URL) -> Bool {
    do {
      let url = try find()
      let engine = try AnomalyEngine(weights: url, threads: 1)
      let contexts = engine.contexts.map(\.description).joined(separator: ", ")
      Output.print(
        "\(what.padding(to: 11))\(url.path) (\(engine.sha256.prefix(16)), \(contexts))")
      return true
    } catch {
      Output.print("\(what.padding(to: 11))\(error)")
      return false
    }
  }
}
