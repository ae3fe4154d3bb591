internal import Foundation

/// Who makes label files, as far as their names and sidecars tell.
enum LabelMaker: String, CaseIterable {
  /// Spinal Cord Toolbox.
  case sct = "SCT"
  /// TotalSpineSeg, by itself or as SCT's `sct_deepseg spine`.
  case totalSpineSeg = "TotalSpineSeg"
  /// SPINEPS and TPTBox, which it stands on.
  case spineps = "SPINEPS"
  /// A reader, by hand.
  case person = "a person"

  /// The words by which tools call themselves in sidecars and in the names of their folders.
  private var words: Set<String> {
    switch self {
    case .sct: ["sct", "spinalcordtoolbox"]
    case .totalSpineSeg: ["totalspineseg"]
    case .spineps: ["spineps", "tptbox"]
    case .person: ["manual", "manually"]
    }
  }

  /// Who a sidecar says made its file: the last of `GeneratedBy` that is known, or an `Author`.
  ///
  /// What this program wrote there of an import names a file, not a maker.
  init?(sidecar: [String: Any]) {
    let entries =
      sidecar["GeneratedBy"] as? [Any] ?? [sidecar["GeneratedBy"]].compactMap(\.self)
    let names = entries.compactMap { $0 as? [String: Any] }
      .filter { $0["Description"] as? String != LabelMaker.importNote }
    for entry in names.reversed() {
      guard let name = entry["Name"] as? String, let maker = Self(words: name) else { continue }
      self = maker
      return
    }
    let isSigned = !names.compactMap { $0["Author"] }.isEmpty || sidecar["Author"] != nil
    guard isSigned else { return nil }
    self = .person
  }

  /// The maker that a text names.
  private init?(words text: String) {
    let found = Set(
      text.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }.map(String.init))
    guard let maker = Self.allCases.first(where: { !$0.words.isDisjoint(with: found) }) else {
      return nil
    }
    self = maker
  }

  /// How an import describes the entry of `GeneratedBy` that names the file it took.
  static let importNote = "source of the labels"

  /// Whether a label file's sidecar says that this program imported it, from whatever file.
  static func isImported(_ sidecar: [String: Any]) -> Bool {
    let own = Provenance.Entry.cordscope("import")
    return (sidecar["GeneratedBy"] as? [Any] ?? []).contains { entry in
      let entry = entry as? [String: Any]
      return entry?["Name"] as? String == own.name
        && entry?["Description"] as? String == own.details
    }
  }

  /// Whether a folder is one in which a tool leaves its results: "derivatives_seg" of SPINEPS, or one
  /// that begins with a tool's name.
  static func isOutputFolder(_ name: String) -> Bool {
    let name = name.lowercased()
    if derivativeFolders.contains(name) { return true }
    return [sct, totalSpineSeg, spineps].contains { maker in
      maker.words.contains { word in
        name == word || ["_", "-", "."].contains { name.hasPrefix(word + $0) }
      }
    }
  }

  /// The folders beside the images or their dataset into which SPINEPS writes.
  static let derivativeFolders = ["derivatives_seg", "derivatives_spineps"]

  /// Whether a folder is one of those that TotalSpineSeg fills with a step's results, each under its
  /// image's name: they are labels, whatever their names say.
  static func isStepFolder(_ name: String) -> Bool { stepFolders.contains(name.lowercased()) }

  private static let stepFolders: Set<String> = [
    "step1_raw", "step1_output", "step1_cord", "step1_canal", "step1_levels", "step2_input",
    "step2_raw", "step2_output",
  ]

  /// Who made a label file, in words for a reader; `nil` where neither its sidecar nor its name tells.
  static func words(of file: LabelFiles.File) -> String? {
    // A sidecar that cannot be read is no reason to show nothing of the study.
    let sidecar = (try? Provenance.read(VersionedLabel(url: file.url).telling)) ?? [:]
    if let maker = LabelMaker(sidecar: sidecar) { return maker.rawValue }
    return file.maker.map { "\($0.rawValue), by the file's name" }
  }
}
