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
  static let options: [Option] = [
    ReviewSettings.keysOption, ReviewSettings.themeOption, ReviewSettings.graphicsOption,
  ]

  static func run(_ arguments: Arguments) throws -> ExitCode {
    let path = arguments.operands.isEmpty ? nil : try arguments.onlyPath("the library")
    // Asked before anything is printed: a terminal that has no other screen to be asked on loses no line.
    let lines = try terminal(
      theme: arguments.choice("theme", default: Theme.auto),
      choice: arguments.choice("graphics", default: GraphicsChoice.auto))
    Output.print("cordscope \(Notice.version), \(Notice.researchUse)")
    for line in lines { Output.print(line) }
    let hasKeys = try keys(arguments)
    frames()
    Output.print("cores      \(Machine.cores)")
    Output.print("kernels    \(KernelTable.best.path.rawValue)")
    let isWhole = weights("weights") { try Assets.url("\(Assets.defaultModel).safetensors") }
    guard let path else { return isWhole && hasKeys ? .done : .findingsFailed }
    let library = try StudyLibrary(opening: path)
    // What is wrong with adapted weights is among the findings.
    _ = weights("in use") { try LibraryModels(library: library.root).weights() }
    let findings = LibraryVerification.findings(in: library)
    Output.print(
      "library    \(Output.count(library.studies.count, "study", "studies")), "
        + Output.count(findings.count, "finding", "findings"))
    for finding in findings { Output.print("  \(finding.line)") }
    let isFaulty = findings.contains { $0.severity == .failure }
    return isWhole && hasKeys && !isFaulty ? .done : .findingsFailed
  }

  /// What the terminal answered, in lines; nothing is printed.
  private static func terminal(theme: Theme, choice: GraphicsChoice) -> [String] {
    let environment = ProcessInfo.processInfo.environment
    let type = "TERM       \((environment["TERM"] ?? "not set").cleaned)"
    guard var report = TerminalReport.ask(choice: choice, measuresRate: true) else {
      var unknown = TerminalCapabilities()
      unknown.apply(theme, environment: environment)
      return [
        type, "terminal   none on standard input and output",
        "theme      \(words(theme, unknown))",
      ]
    }
    report.settle(environment: environment)
    var found = report.capabilities
    found.apply(theme, environment: environment)
    let cell = found.cell.map { "\($0.width) x \($0.height) px" } ?? "unknown"
    let lines: [String] = [
      type,
      "terminal   \((found.name ?? "gives no name").cleaned)",
      "pictures   \(report.pictures)",
      "kitty      \(kitty(found))",
      "cell       \(cell)",
      "mouse      \(found.mouse)",
      "registers  \(found.sixelColours.map(String.init) ?? "unknown")",
      "2026 mode  \(found.synchronizedOutput ? "yes" : "no")",
      "link       \(link(report))",
      "theme      \(words(theme, found))",
      "replies    \(report.replies.isEmpty ? "none" : "\(report.replies.count)")",
    ]
    return lines + report.replies.map { "  \($0)" }
  }

  /// What the terminal answered to the question for kitty pictures.
  private static func kitty(_ found: TerminalCapabilities) -> String {
    switch found.multiplexer {
    case _ where found.choice != .auto && found.choice != .kitty:
      "not asked: --graphics \(found.choice.rawValue)"
    case .screen?: "not asked: GNU screen lets no pictures through"
    case .tmux? where !found.kitty:
      "no answer through tmux: its allow-passthrough is off, or the terminal around it draws none"
    case .tmux?, nil: found.kitty ? "yes" : "no"
    }
  }

  /// The way to the terminal as measured.
  private static func link(_ report: TerminalReport) -> String {
    switch report.capabilities.multiplexer {
    case .tmux?:
      report.link.words.map { "\($0), through tmux; the rate is not measured there" }
        ?? "not measured: tmux answers for itself"
    case .screen?: "not measured: GNU screen answers for itself"
    case nil: report.link.words ?? "not measured: no answer"
    }
  }

  /// The theme and what it comes to on this terminal.
  private static func words(_ theme: Theme, _ found: TerminalCapabilities) -> String {
    if found.monochrome {
      return "\(theme.rawValue): no colours\(theme == .auto ? " (NO_COLOR is set)" : "")"
    }
    let background =
      switch found.isLight {
      case true?: "light background"
      case false?: "dark background"
      case nil: "background unknown, colours that can be read on both"
      }
    return "\(theme.rawValue): \(background)"
  }

  /// The file of keys in use; whether it can be read.
  private static func keys(_ arguments: Arguments) throws -> Bool {
    guard let file = try ReviewSettings.keysFile(arguments) else {
      Output.print("keys       as the program comes (\(UserFolder.keys.path) is not there)")
      return true
    }
    do {
      _ = try KeyMap(file: file)
      Output.print("keys       \(file.path.cleaned)")
      return true
    } catch {
      Output.print("keys       \(error)")
      return false
    }
  }

  /// Bytes of whole frames, for the middle slice of a phantom.
  private static func frames() {
    let phantom = PhantomGenerator().study(seed: 1, index: 0)
    guard let stack = SagittalStack(phantom.image) else { return }
    let middle = stack.count / 2
    let grid = stack.grid(slice: middle, centredOn: stack.centre(ofSlice: middle))
    let cord = phantom.labels.cord.map { $0.resampled(on: grid).raster.map { $0 != 0 } }
    let picture = ReviewStudy.Picture(
      index: middle, image: phantom.image.resampled(on: grid).raster, grid: grid, cord: cord,
      anomaly: nil)
    Output.print("frames     bytes of a whole picture, the middle slice of a phantom")
    for frame in FrameBytes.measure(picture) {
      Output.print("  \(frame.kind.padding(to: 70))\(frame.count)")
    }
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
