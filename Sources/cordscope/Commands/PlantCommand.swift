import Core
import Foundation

/// `plant`: real cords with planted lesions and their truth, as a BIDS dataset.
enum PlantCommand: Subcommand {
  static let name = "plant"
  static let summary = "plants lesions with truth in real cords that have none"
  static let operands = "SRC..."
  static let options: [Option] = [
    .value("into", "LIB", "the library made; new, or planted before with the same options"),
    .value("lesions", "KIND", "auto, easy (15-100 % of the cord-to-CSF step) or hard (8-45 %)"),
    .value("partitions", "MM", "all, thin (as acquired), 3 or 4 mm; several with commas"),
    .value("copies", "N", "studies of each source and partition (default 3)"),
    .value("clean-share", "R", "share of studies left without lesion (default 0.5)"),
    .value("half", "a|b", "of two complementary cohorts: b plants what a leaves (default a)"),
    .value("seed", "N", "seed of the cohort (default 1)"),
  ]

  static func run(_ arguments: Arguments) throws -> ExitCode {
    guard let into = try arguments.url("into") else {
      throw Arguments.UsageError(message: "--into LIB is missing")
    }
    guard !arguments.operands.isEmpty else {
      throw Arguments.UsageError(message: "there is nothing to plant lesions in")
    }
    var options = PlantedCohort.Options()
    options.lesions = try arguments.choice("lesions", default: options.lesions)
    options.partitions = try partitions(arguments.text("partitions") ?? "all")
    options.copies = try arguments.integer("copies", default: options.copies, in: 1...999)
    options.cleanShare =
      try arguments.number("clean-share", in: 0...1) ?? options.cleanShare
    options.half = try arguments.choice("half", default: options.half)
    options.seed = try arguments.integer("seed", default: options.seed, in: 0...UInt64.max)
    Interruption.listen()
    let line = ProgressLine()
    defer { line.finish() }
    let sources = try arguments.paths("the source")
    let items = try PlantedCohort.write(
      sources, to: into, options: options, team: ThreadTeam(threads: Machine.cores)
    ) { subject, done, all in
      if Interruption.isRequested {
        throw Interrupted(
          advice: "The studies written so far are whole; run it again for the rest.")
      }
      line.show("planting \(subject)", fraction: Double(done) / Double(all))
    }
    line.finish()
    for item in items { Output.print(item.text) }
    Output.message(Notice.researchUse)
    let refused = items.contains { if case .refused = $0.outcome { true } else { false } }
    return refused || items.isEmpty ? .unusableInput : .done
  }

  private static func partitions(_ text: String) throws -> [PlantedCohort.Partition] {
    if text == "all" { return PlantedCohort.Partition.allCases }
    let words = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let found = words.compactMap(PlantedCohort.Partition.init)
    guard found.count == words.count, Set(found).count == found.count else {
      throw Arguments.UsageError(
        message: "--partitions takes all, or some of thin, 3 and 4 with commas between them")
    }
    return found
  }
}
