import Core
import Foundation

/// `segment LIB`: cord, canal, vertebrae, discs and levels of studies that nobody has labelled.
enum SegmentCommand: Subcommand {
  static let name = "segment"
  static let summary = "finds cord, canal, vertebrae and levels where no tool has labelled them"
  static let operands = "LIB"
  static let options: [Option] = [
    .value("subject", "S", "only this subject"),
    .value(
      "uppermost", "LEVEL",
      "your name of the uppermost vertebra that is found, C2 ... T1, where the program doubts (with "
        + "--subject)"),
    .value("weights", "FILE", "weights of the anatomy network instead of the program's own"),
    .value("threads", "N", "studies at once (default: all cores)"),
    .flag("again", "also where this program has labelled the study already"),
  ]

  static func run(_ arguments: Arguments) throws -> ExitCode {
    let weights =
      try arguments.url("weights") ?? Assets.url("\(Assets.anatomyModel).safetensors")
    let library = try StudyLibrary(opening: arguments.onlyPath("the library"))
    let uppermost = try level(arguments)
    let segmentation = try LibrarySegmentation(library: library, weights: weights, threads: 1)
    var studies = library.studies.filter { $0.problem == nil }
    if let wanted = try arguments.text("subject").map(library.usableStudy) {
      studies = studies.filter { $0.subject == wanted.subject }
    }
    Interruption.listen()
    let line = ProgressLine()
    let (again, all) = (arguments.has("again"), studies.count)
    let team = ThreadTeam(
      threads: try arguments.integer("threads", default: Machine.cores, in: 1...256))
    let results = team.map(studies) { study, done -> (String, isUsable: Bool) in
      guard !Interruption.isRequested else { return ("", true) }
      line.show("segmenting \(study.subject)", fraction: Double(done) / Double(all))
      return text(study) {
        try segmentation.run(
          on: study, uppermost: uppermost, again: again,
          isCancelled: { Interruption.isRequested })
      }
    }
    line.finish()
    for (text, _) in results where !text.isEmpty { Output.print(text) }
    Output.message(Notice.researchUse)
    if Interruption.isRequested {
      throw Interrupted(advice: "The same command goes on with the studies that are left.")
    }
    return results.allSatisfy(\.isUsable) ? .done : .unusableInput
  }

  private static func level(_ arguments: Arguments) throws -> VertebralLevel? {
    guard let text = arguments.text("uppermost") else { return nil }
    guard arguments.text("subject") != nil else {
      throw Arguments.UsageError(
        message: "--uppermost names a vertebra of one study: give --subject")
    }
    let names = VertebralLevel.allCases.filter { (.c2 ... .t1).contains($0) }
    guard let level = names.first(where: { $0.name == text.uppercased() }) else {
      throw Arguments.UsageError(message: "--uppermost takes C2 ... C7 or T1")
    }
    return level
  }

  private static func text(
    _ study: LibraryStudy, _ run: () throws -> LibrarySegmentation.Outcome
  ) -> (String, isUsable: Bool) {
    do {
      switch try run() {
      case .labelled: return ("\(study.subject)  labelled already", true)
      case .nothingFound: return ("\(study.subject)  no cord was found", false)
      case .written(let roles, let doubts):
        let made = roles.map(\.rawValue).joined(separator: ", ")
        let doubt = doubts.isEmpty ? "" : "; not named: " + doubts.joined(separator: "; ")
        return ("\(study.subject)  \(made)\(doubt)", doubts.isEmpty)
      }
    } catch is CancellationError {
      return ("", true)
    } catch {
      return ("\(study.subject)  \(error)", false)
    }
  }
}
