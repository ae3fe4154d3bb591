import Core
import Foundation

/// `phantom`: a synthetic cohort with truth, as a BIDS dataset.
enum PhantomCommand: Subcommand {
  static let name = "phantom"
  static let summary = "writes a cohort of synthetic studies with truth"
  static let operands = "--out DIR"
  static let options: [Option] = [
    .value("out", "DIR", "the dataset's folder; made when missing"),
    .value("patients", "N", "number of patients (default 12)"),
    .value("seed", "N", "seed of the cohort (default 1)"),
    .value("domain", "public|clinical", "the scanner imitated (default clinical)"),
    .value("lesion-rate", "R", "share of patients with a lesion (default 0.5)"),
    .value("class", "C", "only this class, such as snake-eye"),
    .flag("benchmark", "all lesion and confounder classes equally often"),
    .flag("replace", "replaces studies of an earlier cohort with other settings"),
  ]

  static func run(_ arguments: Arguments) throws -> ExitCode {
    guard let out = try arguments.url("out") else {
      throw Arguments.UsageError(message: "--out DIR is missing")
    }
    let recipes = PhantomCohort.plan(
      patients: try arguments.integer("patients", default: 12, in: 1...100_000),
      seed: try arguments.integer("seed", default: 1, in: 0...UInt64.max),
      domain: try arguments.choice("domain", default: PhantomDomain.clinical),
      mix: try mix(arguments))
    try PhantomCohort.checkEarlier(recipes, in: out, replacing: arguments.has("replace"))
    Interruption.listen()
    let line = ProgressLine()
    defer { line.finish() }
    let began = ContinuousClock.now
    try PhantomCohort.write(recipes, to: out, team: ThreadTeam(threads: Machine.cores)) {
      done, subject in
      if Interruption.isRequested {
        throw Interrupted(
          advice: "The studies written so far are whole; run it again for the rest.")
      }
      let perStudy = (ContinuousClock.now - began) / .seconds(1) / Double(done)
      line.show(
        "phantom \(subject)", fraction: Double(done) / Double(recipes.count),
        secondsLeft: perStudy * Double(recipes.count - done))
    }
    line.finish()
    let studies = Output.count(recipes.count, "study", "studies")
    Output.print("\(studies) in \(out.path), generator \(PhantomGenerator.hash)")
    Output.message(Notice.researchUse)
    return .done
  }

  private static func mix(_ arguments: Arguments) throws -> PhantomCohort.Mix {
    if arguments.text("class") != nil {
      return .only(try arguments.choice("class", default: PhantomClass.normal))
    }
    if arguments.has("benchmark") { return .benchmark }
    return .lesionRate(try arguments.number("lesion-rate", in: 0...1) ?? 0.5)
  }
}
