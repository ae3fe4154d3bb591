import Core
import Foundation

/// The program: finds the subcommand, runs it, and turns any error into words and an exit code.
@main
enum Cordscope {
  static let subcommands: [any Subcommand.Type] = [
    DemoCommand.self, ImportCommand.self, WatchCommand.self, SegmentCommand.self,
    DetectCommand.self, ReviewCommand.self, ReportCommand.self, ShowCommand.self,
    EvaluateCommand.self, CalibrateCommand.self, PhantomCommand.self, PlantCommand.self,
    PretrainCommand.self, AdaptCommand.self, VerifyCommand.self, DoctorCommand.self,
    KeysCommand.self, VersionCommand.self, ExportCommand.self,
    ReadersCommand.self, AgreementCommand.self, TeachCommand.self,
  ]

  static func main() {
    signal(SIGPIPE, SIG_IGN)
    exit(run(Array(CommandLine.arguments.dropFirst())).rawValue)
  }

  static func run(_ words: [String]) -> ExitCode {
    let name = words.first ?? ReviewCommand.name
    if ["help", "--help", "-h"].contains(name) { return help(on: words.dropFirst().first) }
    if name == "--version" { return run(VersionCommand.self, []) }
    guard let subcommand = subcommand(name) else { return noSuchCommand(name) }
    return run(subcommand, Array(words.dropFirst()))
  }

  private static func subcommand(_ name: String) -> (any Subcommand.Type)? {
    (subcommands + [JournalStressCommand.self]).first { $0.name == name }
  }

  private static func noSuchCommand(_ name: String) -> ExitCode {
    let refusal = UnknownWord.refusal(
      "no such command:", name, known: subcommands.map { $0.name } + ["help"])
    Output.message("cordscope: \(refusal)\n\n\(overview)")
    return .usage
  }

  /// `help`, or `help COMMAND`.
  private static func help(on name: String?) -> ExitCode {
    guard let name, !name.hasPrefix("-") else {
      Output.print(overview)
      return .done
    }
    guard let subcommand = subcommand(name) else { return noSuchCommand(name) }
    Output.print(subcommand.help)
    return .done
  }

  private static func run(_ subcommand: any Subcommand.Type, _ words: [String]) -> ExitCode {
    do {
      if words.contains("--help") || words.contains("-h") {
        Output.print(subcommand.help)
        return .done
      }
      let arguments = try Arguments(words, options: subcommand.options)
      if !subcommand.takesOperands, let surplus = arguments.operands.first {
        throw Arguments.UsageError(message: "what is \(surplus)? It takes options only")
      }
      _ = try KernelTable.choose()
      return try subcommand.run(arguments)
    } catch let error as Arguments.UsageError {
      Output.message("cordscope \(subcommand.name): \(error.message)\n\n\(subcommand.help)")
      return .usage
    } catch let error as KernelSelectionError {
      Output.message("cordscope: \(error)")
      return .usage
    } catch let stop as Interrupted {
      Output.message("stopped. \(stop.advice)")
      return .interrupted
    } catch {
      Output.message("cordscope \(subcommand.name): \(error)")
      return .unusableInput
    }
  }

  static var overview: String {
    var lines = [
      "cordscope: review of cervical cord T2 hyperintensity in the terminal",
      Notice.researchUse, "",
      "usage: cordscope COMMAND [options]     (cordscope COMMAND --help tells more)", "",
    ]
    for subcommand in subcommands {
      lines.append("  " + subcommand.name.padding(to: 10) + subcommand.summary)
    }
    lines += ["", "Without a command: reviews the last library, or the demo."]
    return lines.joined(separator: "\n")
  }
}
