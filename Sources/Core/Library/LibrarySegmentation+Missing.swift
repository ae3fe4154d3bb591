internal import Foundation
internal import Imaging

extension LibrarySegmentation {
  /// The roles that a study lacks: cord, canal, and vertebrae or discs.
  ///
  /// What others labelled, or a reader corrected, is never missing. Labels of this program are where
  /// they are to be made again, and where others have labelled something since: what is found has to fit
  /// theirs.
  /// - Throws: `ReadError` naming the label file, or the record, that cannot be read.
  static func missing(
    _ study: LibraryStudy, in library: StudyLibrary, again: Bool
  ) throws -> [LabelRole] {
    let given = library.labelFiles(of: study, own: false)
    let corrected = Set(
      given.used.values.filter { library.isOwn($0, of: study) }.map(\.role))
    let open = try LabelContents(given).missing.filter { !corrected.contains($0) }
    guard !again, !open.isEmpty, let stem = study.stem, try isBesideOthers(study, in: library)
    else { return open }
    let own = LabelFiles(stem: stem, in: [study.derivativeFolder(library: library.root)])
    return open.filter { own[$0] == nil }
  }

  /// Whether a study lacks what nothing can be looked for without: a cord, or names of vertebrae.
  /// - Throws: as `missing`.
  static func lacksCordOrLevels(_ study: LibraryStudy, in library: StudyLibrary) throws -> Bool {
    let others = library.labelFiles(of: study, own: false)
    let isNamed = [LabelRole.spine, .levels, .discs].contains { others[$0] != nil }
    // Asked of every study of a library: a mask and names need not be looked into.
    if isNamed, let cord = others[.cord], cord.convention == nil { return false }
    let open = try missing(study, in: library, again: false)
    return open.contains(.cord) || (open.contains(.spine) && !isNamed)
  }

  /// Whether this program's labels were made beside the labels of others that are there now.
  static func isBesideOthers(_ study: LibraryStudy, in library: StudyLibrary) throws -> Bool {
    guard let url = record(of: study, in: library.root) else { return false }
    let known = try Provenance.read(url)?[besideKey] as? [String] ?? []
    return known == (try library.labelsOfOthers(study))
  }

  /// Whether the labels of others are those that were there at the latest look that a record tells of.
  ///
  /// What was not written since is not read: this is asked of every study of a library.
  /// - Parameter url: the record, which each look writes.
  static func isLookedAt(
    _ record: [String: Any], at url: URL, _ study: LibraryStudy, in library: StudyLibrary
  ) throws -> Bool {
    let known = (record[lookedKey] ?? record[besideKey]) as? [String] ?? []
    let files = library.labelFilesOfOthers(study)
    if known.elementsEqual(files, by: { $0.hasPrefix($1.key + " ") }),
      library.areOlder(files.map(\.url), than: url, study)
    {
      return true
    }
    return known == (try library.labelsOfOthers(study))
  }

  /// The key of the labels of others that were there when own labels were made, as "role SHA-256".
  static let besideKey = "LabelsOfOthers"
}

extension StudyLibrary {
  /// The labels that others made of a study, as "role SHA-256"; a lesion mask says nothing of anatomy.
  ///
  /// - Parameter namesOnly: only those that name levels.
  /// - Throws: `ReadError` naming a file that cannot be read.
  func labelsOfOthers(_ study: LibraryStudy, namesOnly: Bool = false) throws -> [String] {
    // Cord, canal and vertebrae are often of one file.
    var known: [URL: String] = [:]
    return try labelFilesOfOthers(study, namesOnly: namesOnly).map { key, url in
      let hash = try known[url] ?? SHA256.hexDigest(ofFile: url)
      known[url] = hash
      return "\(key) \(hash)"
    }
  }

  /// The files that `labelsOfOthers` tells of, with their roles, in its order.
  func labelFilesOfOthers(
    _ study: LibraryStudy, namesOnly: Bool = false
  ) -> [(key: String, url: URL)] {
    let used = labelFiles(of: study, own: false).used
    let roles: [LabelRole] =
      namesOnly ? [.spine, .levels, .discs] : LabelRole.allCases.filter { $0 != .lesion }
    return (roles.map(\.rawValue) + ["addition"]).compactMap { key in
      used[key].map { (key: key, url: $0.url) }
    }
  }

  /// Whether label files were written before a record of a study, and none was put in its place or taken
  /// from it since, as far as times tell.
  func areOlder(_ files: [URL], than record: URL, _ study: LibraryStudy) -> Bool {
    guard let written = FileTime(written: record) else { return false }
    // An older file that is moved to its name keeps its time: of that the folder tells, and of a correction
    // that was taken back only that of the corrections. The record's own is written to all the time.
    let own = study.derivativeFolder(library: root).path
    let folders = Set(files.map { $0.deletingLastPathComponent().path }).subtracting([own])
      .map { URL(fileURLWithPath: $0) }
    let corrections = root.appendingPathComponent("derivatives/labels/\(study.folder)")
    func isOlder(_ url: URL) -> Bool {
      // Of a link what it leads to counts as well.
      [url, url.resolvingSymlinksInPath()].allSatisfy {
        FileTime(written: $0).map { $0 < written } ?? false
      }
    }
    return (files + folders).allSatisfy(isOlder)
      && FileTime(written: corrections).map { $0 < written } ?? true
  }
}

/// What the label files of a study hold, told without its image.
struct LabelContents: Equatable {
  private(set) var hasCord = false
  private(set) var hasCanal = false
  private(set) var hasBodies = false
  private(set) var hasDiscs = false

  /// Looks into the files that hold many structures; those of vertebrae may hold cord and canal as well.
  /// - Throws: `ReadError` naming the file that cannot be read, or whose values fit no convention.
  init(_ files: LabelFiles) throws {
    // Cord, canal and vertebrae are often of one file.
    var known: [URL: LabelVolume] = [:]
    func volume(_ file: LabelFiles.File) throws -> LabelVolume {
      if let volume = known[file.url] { return volume }
      let volume = try NIfTI.readLabels(file.url)
      known[file.url] = volume
      return volume
    }
    if let cord = files[.cord] {
      hasCord = try cord.convention.map { $0.cord(in: try volume(cord)) != nil } ?? true
    }
    if let canal = files[.canal] {
      hasCanal = try canal.convention.map { $0.canal(in: try volume(canal)) != nil } ?? true
    }
    for file in [files[.spine], files.spineAddition].compactMap(\.self) {
      let volume = try volume(file)
      note(LabelValues(volume), try file.convention(telling: volume))
    }
  }

  private mutating func note(_ values: LabelValues, _ convention: LabelConvention) {
    for label in values.values {
      switch convention.structures[label] {
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
