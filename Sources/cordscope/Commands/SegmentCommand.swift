import Core
import Foundation

/// `segment LIB`: cord, canal, vertebrae, discs and levels, as far as nobody has labelled them.
enum SegmentCommand: Subcommand {
  static let name = "segment"
  static let summary = "finds cord, canal, vertebrae, discs and levels that nobody has labelled"
  static let operands = "LIB"
  static let options: [Option] = [
    .value("subject", "S", "only this subject"),
    .value(
      "uppermost", "LEVEL",
      "your name of the uppermost vertebra that is found, C2 ... T1, where the program doubts it or "
        + "the names that others gave; none withdraws it (with --subject)"),
    .value("weights", "FILE", "weights of the anatomy network instead of the program's own"),
    .value("threads", "N", "studies at once (default: all cores)"),
    .flag(
      "again", "also where this program has labelled the study already, or looked at its names"),
    .flag(
      "compare",
      "writes nothing: how well it agrees with the labels that others made of the studies"),
    .value(
      "phantoms", "N", "instead of LIB: how well it does on N phantoms that it did not learn from"),
    .value("seed", "N", "with --phantoms: seed of the cohort (default 1)"),
    .value("domain", "public|clinical", "with --phantoms: the scanner imitated (default clinical)"),
    .flag("json", "with --compare or --phantoms: prints JSON"),
    .value(
      "figures", "FILE",
      "with --compare or --phantoms: notes the figures in the card of the weights"),
  ]

  static func run(_ arguments: Arguments) throws -> ExitCode {
    let weights =
      try arguments.url("weights") ?? Assets.url(Assets.anatomyWeights)
    if arguments.text("phantoms") != nil { return try runPhantoms(arguments, weights) }
    for option in ["seed", "domain"] where arguments.text(option) != nil {
      throw Arguments.UsageError(message: "--\(option) belongs to --phantoms")
    }
    let library = try StudyLibrary(opening: arguments.onlyPath("the library"))
    let (uppermost, forgetsName) = (try level(arguments), withdraws(arguments))
    let segmentation = try LibrarySegmentation(library: library, weights: weights, threads: 1)
    try checkCard(arguments, of: segmentation.weights)
    var studies = library.studies.filter { $0.problem == nil }
    if let wanted = try arguments.text("subject").map(library.usableStudy) {
      studies = studies.filter { $0.subject == wanted.subject }
    }
    Interruption.listen()
    if arguments.has("compare") {
      return try compare(studies, of: library, segmentation, arguments)
    }
    guard !arguments.has("json"), arguments.text("figures") == nil else {
      throw Arguments.UsageError(
        message: "--json and --figures belong to --compare or --phantoms")
    }
    let line = ProgressLine()
    let (again, all) = (arguments.has("again"), studies.count)
    let results = try team(arguments).map(studies) { study, done -> (String, isUsable: Bool) in
      guard !Interruption.isRequested else { return ("", true) }
      line.show("segmenting \(study.subject)", fraction: Double(done) / Double(all))
      defer { line.count("segmenting \(study.subject)", of: all) }
      return text(study, uppermost: uppermost) {
        try segmentation.run(
          on: study, uppermost: uppermost, forgetsName: forgetsName, again: again,
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

  /// Compares with what others labelled.
  private static func compare(
    _ studies: [LibraryStudy], of library: StudyLibrary, _ segmentation: LibrarySegmentation,
    _ arguments: Arguments
  ) throws -> ExitCode {
    let line = ProgressLine()
    let items = try team(arguments).map(studies) { study, done -> Comparison in
      guard !Interruption.isRequested else { return .failure(Failure("interrupted")) }
      line.show("comparing \(study.subject)", fraction: Double(done) / Double(studies.count))
      defer { line.count("comparing \(study.subject)", of: studies.count) }
      return Result {
        (
          study.subject,
          try segmentation.agreement(on: study, isCancelled: { Interruption.isRequested })
        )
      }.mapError { Failure("\($0)") }
    }
    line.finish()
    if Interruption.isRequested { throw Interrupted(advice: "Nothing was written.") }
    return try show(
      items, of: AnatomyCard.Comparison.words(studies.map(\.subject), of: library.root),
      weights: segmentation.weights, arguments)
  }

  /// Refuses the card of other weights before anything is computed.
  private static func checkCard(_ arguments: Arguments, of weights: String) throws {
    guard let card = try arguments.url("figures") else { return }
    try AnatomyCard.read(card, of: weights)
  }

  private typealias Comparison = Result<(String, SegmentationAgreement?), Failure>

  private struct Failure: Error {
    let words: String
    init(_ words: String) { self.words = words }
  }

  private static func show(
    _ items: [Comparison], of studies: String, weights: String, _ arguments: Arguments
  ) throws -> ExitCode {
    for case .failure(let failure) in items { Output.message(failure.words) }
    let figures = SegmentationFigures(
      items.compactMap { try? $0.get() }.map { (subject: $0.0, agreement: $0.1) },
      weights: weights)
    guard figures.studies > 0 else { return .unusableInput }
    // Printed first: what took long to measure is not lost with a card that cannot be written.
    Output.print(
      arguments.has("json") ? String(decoding: try figures.json(), as: UTF8.self) : figures.text,
      terminator: arguments.has("json") ? "\n" : "")
    if let card = try arguments.url("figures") {
      try AnatomyCard.note(AnatomyCard.Comparison(of: studies, figures: figures), in: card)
    }
    return .done
  }

  /// How well segmentation does on phantoms.
  private static func runPhantoms(_ arguments: Arguments, _ weights: URL) throws -> ExitCode {
    guard arguments.operands.isEmpty, arguments.text("subject") == nil,
      arguments.text("uppermost") == nil, !arguments.has("compare"), !arguments.has("again")
    else { throw Arguments.UsageError(message: "--phantoms takes no library and no option of one") }
    let domain = try arguments.choice("domain", default: PhantomDomain.clinical)
    let seed = try arguments.integer("seed", default: UInt64(1), in: 0...UInt64.max)
    let plan = PhantomCohort.plan(
      patients: try arguments.integer("phantoms", default: 100, in: 1...100_000), seed: seed,
      domain: domain)
    let engine = try AnatomyEngine(contentsOf: weights, threads: 1)
    try checkCard(arguments, of: engine.sha256)
    let phantoms = PhantomSegmentation(segmenter: AnatomySegmenter(engine: engine))
    Interruption.listen()
    let line = ProgressLine()
    let items = try team(arguments).map(plan) { recipe, done -> Comparison in
      guard !Interruption.isRequested else { return .failure(Failure("interrupted")) }
      line.show("segmenting phantoms", fraction: Double(done) / Double(plan.count))
      defer { line.count("segmenting phantoms", of: plan.count) }
      return Result { (recipe.subject, try phantoms.agreement(recipe)) }
        .mapError { Failure("\($0)") }
    }
    line.finish()
    if Interruption.isRequested { throw Interrupted(advice: "Nothing is kept.") }
    return try show(
      items, of: "\(plan.count) phantoms, domain \(domain.rawValue), seed \(seed)",
      weights: engine.sha256, arguments)
  }

  private static func team(_ arguments: Arguments) throws -> ThreadTeam {
    ThreadTeam(threads: try arguments.integer("threads", default: Machine.cores, in: 1...256))
  }

  /// Whether a reader takes the name of the uppermost vertebra back.
  private static func withdraws(_ arguments: Arguments) -> Bool {
    arguments.text("uppermost")?.lowercased() == "none"
  }

  private static func level(_ arguments: Arguments) throws -> VertebralLevel? {
    guard let text = arguments.text("uppermost") else { return nil }
    guard arguments.text("subject") != nil else {
      throw Arguments.UsageError(
        message: "--uppermost names a vertebra of one study: give --subject")
    }
    guard !withdraws(arguments) else { return nil }
    let names = VertebralLevel.allCases.filter { (.c2 ... .t1).contains($0) }
    guard let level = names.first(where: { $0.name == text.uppercased() }) else {
      throw Arguments.UsageError(message: "--uppermost takes C2 ... C7, T1 or none")
    }
    return level
  }

  private static func text(
    _ study: LibraryStudy, uppermost: VertebralLevel?,
    _ run: () throws -> LibrarySegmentation.Outcome
  ) -> (String, isUsable: Bool) {
    do {
      switch try run() {
      case .labelled: return ("\(study.subject)  labelled already", true)
      case .labelledBefore:
        return (
          "\(study.subject)  labelled already, by an earlier revision: --again finds it anew", true
        )
      case .contradicted(let sentence):
        return ("\(study.subject)  labelled already. \(sentence)", true)
      case .nothingFound: return ("\(study.subject)  no cord was found", false)
      case .nothingAdded(let doubts, let disagreement):
        let doubt = doubts.isEmpty ? "" : "; not all named: " + doubts.joined(separator: "; ")
        let against = disagreement.map { "; check the given names: \($0)" } ?? ""
        // Named all the same: as with labels that were written, the names are to be looked at.
        return (
          "\(study.subject)  nothing was added\(doubt)\(against)",
          doubts.isEmpty && disagreement != nil
        )
      case .written(let roles, let doubts, let disagreement):
        let made = roles.map(\.rawValue).joined(separator: ", ")
        let isNamed = roles.contains(.spine)
        let given =
          uppermost == nil || !isNamed
          ? "" : ", the uppermost vertebra named \(uppermost?.name ?? "")"
        let answer =
          isNamed || doubts.isEmpty
          ? ""
          : " (--subject \(study.subject) --uppermost C2 ... T1 names the uppermost that is seen)"
        let doubt =
          doubts.isEmpty ? "" : "; not all named: " + doubts.joined(separator: "; ") + answer
        let against = disagreement.map { "; check the given names: \($0)" } ?? ""
        return (
          "\(study.subject)  \(made)\(given)\(doubt)\(against)", doubts.isEmpty || isNamed
        )
      }
    } catch is CancellationError {
      return ("", true)
    } catch {
      return ("\(study.subject)  \(error)", false)
    }
  }
}
