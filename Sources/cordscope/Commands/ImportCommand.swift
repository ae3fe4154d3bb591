import Core
import Foundation

/// `import SRC... --into LIB`: DICOM, NIfTI, NumPy slices and BIDS datasets into a library.
enum ImportCommand: Subcommand {
  static let name = "import"
  static let summary =
    "brings DICOM studies, NIfTI images, NumPy slices or BIDS datasets into a library"
  static let operands = "SRC... --into LIB"
  static let options: [Option] = [
    .value("into", "LIB", "the library; made when missing"),
    .value("subject", "S", "the subject's id (for one image or study)"),
    .flag(
      "list",
      "prints the series of DICOM sources and which one is chosen, other images, copies, and with --into "
        + "what LIB has already; imports nothing"),
    .value(
      "series", "N|UID|TEXT",
      "the DICOM series to detect on, by number, UID or description; of a study that LIB has, detection "
        + "looks at it from now on (not needed to add series: what the study lacks is added without)"
    ),
    .flag("keep-identity", "keeps name, birth date and ids in the library's private part"),
    .flag("pseudonyms", "calls NIfTI and NumPy files by pseudonyms, whatever their names say"),
    .value("cord", "FILE", "cord mask of the image"),
    .value("canal", "FILE", "canal mask of the image"),
    .value(
      "spine", "FILE", "vertebra and disc labels (TotalSpineSeg, SPINEPS; told by name or values)"),
    .value("spine-convention", "NAME", "how the values of --spine FILE are to be read"),
    .value("landmarks", "FILE", "points whose values are vertebrae: 2 = C2 ... 9 = T2"),
    .value("discs", "FILE", "disc points in the SCT numbering"),
    .flag(
      "replace-labels",
      "puts the label files given here in the place of other ones of the same study"),
    .value("thickness", "MM", "slice thickness assumed for single slices (default 3)"),
    .flag(
      "any-contrast",
      "takes images whose name or picture speaks of another contrast all the same, in a folder where "
        + "the subject has no T2; of a DICOM study without a fitting series one that only its contrast "
        + "speaks against"),
  ]

  static func run(_ arguments: Arguments) throws -> ExitCode {
    if arguments.has("list") { return try list(arguments) }
    guard let into = try arguments.url("into") else {
      throw Arguments.UsageError(message: "--into LIB is missing")
    }
    guard !arguments.operands.isEmpty else {
      throw Arguments.UsageError(message: "there is nothing to import")
    }
    var options = ImportOptions()
    options.subject = arguments.text("subject")
    options.series = arguments.text("series")
    options.keepsIdentity = arguments.has("keep-identity")
    options.pseudonymises = arguments.has("pseudonyms")
    options.pictureLook = PictureLook.byAnatomyNetwork(threads: Machine.cores)
    options.acceptsContrast = arguments.has("any-contrast")
    options.assumedThicknessMM =
      try arguments.number("thickness", in: 0.1...20) ?? options.assumedThicknessMM
    for (name, role) in roles {
      options.labels[role] = try arguments.url(name)
    }
    options.spineConvention = try spineConvention(arguments)
    options.replacesLabels = arguments.has("replace-labels")
    guard !options.replacesLabels || !options.labels.isEmpty else {
      throw Arguments.UsageError(
        message: "--replace-labels needs a label file, such as --cord FILE")
    }
    let sources = try arguments.paths("a file to import")
    let items = try Importer(library: into).run(sources, options: options) {
      Output.print($0.text)
    }
    let refused = items.contains { if case .refused = $0.outcome { true } else { false } }
    return refused ? .unusableInput : .done
  }

  /// The convention stated for the file of vertebrae.
  private static func spineConvention(_ arguments: Arguments) throws -> LabelConvention? {
    guard let name = arguments.text("spine-convention") else { return nil }
    guard arguments.text("spine") != nil else {
      throw Arguments.UsageError(message: "--spine-convention needs --spine FILE")
    }
    let known = LabelConvention.all.filter { $0.kind == .regions }
    guard let convention = LabelConvention(named: name), known.contains(convention) else {
      throw Arguments.UsageError(
        message: "--spine-convention is one of " + known.map(\.name).joined(separator: ", "))
    }
    return convention
  }

  private static func list(_ arguments: Arguments) throws -> ExitCode {
    guard !arguments.operands.isEmpty else {
      throw Arguments.UsageError(message: "there is nothing to list")
    }
    let sources = try arguments.paths("a file to list")
    Output.print(
      try Importer.table(
        of: sources, wish: arguments.text("series"),
        acceptsContrast: arguments.has("any-contrast"), library: try arguments.url("into")))
    return .done
  }

  private static let roles: [(String, LabelRole)] = [
    ("cord", .cord), ("canal", .canal), ("spine", .spine), ("landmarks", .levels),
    ("discs", .discs),
  ]
}
