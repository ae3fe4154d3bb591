internal import Foundation
internal import Imaging

extension LibrarySegmentation {
  /// The roles that a study lacks: cord, canal, and vertebrae or discs.
  ///
  /// What others labelled is never missing. Labels of this program are where they are to be made
  /// again, and where others have labelled something since: what is found has to fit theirs.
  /// - Throws: `ReadError` naming the label file, or the record, that cannot be read.
  static func missing(
    _ study: LibraryStudy, in library: StudyLibrary, again: Bool
  ) throws -> [LabelRole] {
    let open = try LabelContents(library.labelFiles(of: study, own: false)).missing
    guard !again, !open.isEmpty, let stem = study.stem, try isBesideOthers(study, in: library)
    else { return open }
    let own = LabelFiles(stem: stem, in: [study.derivativeFolder(library: library.root)])
    return open.filter { own[$0] == nil }
  }

  /// Whether a study lacks what nothing can be looked for without: a cord, or names of vertebrae.
  /// - Throws: as `missing`.
  static func lacksCordOrLevels(_ study: LibraryStudy, in library: StudyLibrary) throws -> Bool {
    let open = try missing(study, in: library, again: false)
    guard !open.contains(.cord), open.contains(.spine) else { return open.contains(.cord) }
    let others = library.labelFiles(of: study, own: false)
    return [LabelRole.spine, .levels, .discs].allSatisfy { others[$0] == nil }
  }

  /// Whether this program's labels were made beside the labels of others that are there now.
  static func isBesideOthers(_ study: LibraryStudy, in library: StudyLibrary) throws -> Bool {
    guard let url = record(of: study, in: library.root) else { return false }
    let known = try Provenance.read(url)?[besideKey] as? [String] ?? []
    return known == (try library.labelsOfOthers(study))
  }

  /// The key of the labels of others that were there, as "role SHA-256".
  static let besideKey = "LabelsOfOthers"
}

extension StudyLibrary {
  /// The labels that others made of a study, as "role SHA-256"; a lesion mask says nothing of anatomy.
  ///
  /// - Throws: `ReadError` naming a file that cannot be read.
  func labelsOfOthers(_ study: LibraryStudy) throws -> [String] {
    let files = labelFiles(of: study, own: false)
    return try LabelRole.allCases.filter { $0 != .lesion }.compactMap { role in
      try files[role].map { "\(role.rawValue) \(try SHA256.hexDigest(ofFile: $0.url))" }
    }
  }
}

/// What the label files of a study hold, told without its image.
struct LabelContents: Equatable {
  private(set) var hasCord = false
  private(set) var hasCanal = false
  private(set) var hasBodies = false
  private(set) var hasDiscs = false

  /// Looks into files; a spine of TotalSpineSeg may hold cord and canal as well.
  /// - Throws: `ReadError` naming the file that cannot be read.
  init(_ files: LabelFiles) throws {
    hasCord = files[.cord] != nil
    hasCanal = files[.canal] != nil
    guard let spine = files[.spine] else { return }
    let structures = (spine.convention ?? .totalSpineSeg).structures
    for label in Set(try NIfTI.readLabels(spine.url).voxels) {
      switch structures[label] {
      case .cord, .hyperintensity: hasCord = true
      case .canal, .csf: hasCanal = true
      case .vertebra, .unnamedVertebra: hasBodies = true
      case .disc, .unnamedDisc: hasDiscs = true
      case .discProtrusion, .otherCompressor, nil: break
      }
    }
  }

  /// The roles that are not, or not wholly, there.
  var missing: [LabelRole] {
    var roles: [LabelRole] = []
    if !hasCord { roles.append(.cord) }
    if !hasCanal { roles.append(.canal) }
    if !hasBodies || !hasDiscs { roles.append(.spine) }
    return roles
  }
}
