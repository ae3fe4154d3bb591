public import Foundation
internal import Imaging

/// Finds the anatomy of a library's studies where no tool has labelled it yet, and stores it below
/// `derivatives/cordscope`.
///
/// Labels that others made are never replaced: only what a study lacks is written, it fits what is
/// there, and vertebrae bear the names that others gave.
public struct LibrarySegmentation: Sendable {
  /// What became of one study.
  public enum Outcome: Equatable, Sendable {
    /// Labels were written; the doubts of the numbering, if there are any, and what speaks against
    /// the names that others gave.
    case written(roles: [LabelRole], doubts: [String], disagreement: String?)
    /// Everything is labelled already, and nothing speaks against it.
    case labelled
    /// So it is, and something speaks against the names that others gave: the sentence for the reader.
    case contradicted(String)
    /// Everything is labelled already, in part by a program that made other labels with the same weights.
    case labelledBefore
    /// What is open could not be labelled, or nothing is open and something speaks against the names that
    /// others gave; doubts and disagreement as above.
    case nothingAdded(doubts: [String], disagreement: String?)
    /// No cord was found.
    case nothingFound
  }

  let library: StudyLibrary
  let segmenter: AnatomySegmenter

  /// Prepares segmentation with weights of the anatomy network.
  ///
  /// - Throws: `ReadError` or `NetworkError` when the weights cannot be used.
  public init(library: StudyLibrary, weights: URL, threads: Int) throws {
    self.library = library
    segmenter = AnatomySegmenter(
      engine: try AnatomyEngine(contentsOf: weights, threads: threads))
  }

  /// SHA-256 of the weights.
  public var weights: String { segmenter.engine.sha256 }

  /// Whether a study was looked at with these weights beside the labels that others give now, and lacks for
  /// a detection what it lacks because of that.
  func isDone(_ study: LibraryStudy) -> Bool {
    guard let url = Self.record(of: study, in: library.root),
      let record = try? Provenance.read(url), isOfTheseWeights(record)
    else { return false }
    return (try? Self.isLookedAt(record, at: url, study, in: library)) == true
  }

  /// Segments one study.
  ///
  /// Where everything is given, and another tool named the levels, its names are compared with the picture
  /// once: no label is written then.
  /// - Parameters:
  ///   - uppermost: the name that a reader gives to the uppermost body that is seen; where others have
  ///     labelled the levels, it can confirm theirs.
  ///   - forgetsName: whether the name that a reader gave before is withdrawn: vertebrae are named by what is
  ///     seen again.
  ///   - again: also where this program has labelled the study already, or nothing is open: the names that
  ///     others gave are looked at then, whoever gave them and however often they were.
  /// - Throws: `LibraryError`, `ReadError`, `WriteError`, `NetworkError`, and `CancellationError` when
  ///   cancelled.
  public func run(
    on study: LibraryStudy, uppermost: VertebralLevel? = nil, forgetsName: Bool = false,
    again: Bool = false, isCancelled: () -> Bool = { false }
  ) throws -> Outcome {
    let isAsked = again || uppermost != nil || forgetsName
    let roles = try Self.missing(study, in: library, again: isAsked)
    guard !roles.isEmpty || isAsked else { return try whole(study, isCancelled) }
    if uppermost != nil, !roles.contains(.spine), try library.disagreement(study) == nil {
      throw LibraryError.unusable(
        subject: study.subject,
        "a reader or another tool has labelled its levels, and nothing speaks against them yet (segment "
          + "without --uppermost looks): correct those, and import them again")
    }
    let (volume, given) = try library.read(study, own: false)
    // A reader's word stays until another one, or until it is withdrawn.
    let known = try uppermost ?? (forgetsName ? nil : named(study))
    let found = try segmenter.segment(
      volume, uppermost: known, given: given, isCancelled: isCancelled)
    if isCancelled() { throw CancellationError() }
    if uppermost != nil, let disagreement = found?.numbering.disagreement {
      throw LibraryError.unusable(
        subject: study.subject,
        "\(disagreement): correct the labels that others made, and import them again")
    }
    try store(found, of: study, roles: roles, uppermost: known)
    guard let found else { return roles.isEmpty ? .labelled : .nothingFound }
    let written = roles.filter { labels(of: $0, found.labels) != nil }
    let (doubts, disagreement) = (found.numbering.doubts, found.numbering.disagreement)
    if !written.isEmpty {
      return .written(roles: written, doubts: doubts, disagreement: disagreement)
    }
    if roles.isEmpty, disagreement == nil { return .labelled }
    return .nothingAdded(doubts: doubts, disagreement: disagreement)
  }

  /// What is said of a study of which everything is labelled: the names that another tool gave are
  /// looked at once.
  private func whole(_ study: LibraryStudy, _ isCancelled: () -> Bool) throws -> Outcome {
    if try isNumberingOpen(study) { try checkNumbering(of: study, isCancelled: isCancelled) }
    if let disagreement = try library.disagreement(study) {
      return .contradicted(disagreement.cleaned(limit: 400))
    }
    return isOfEarlierRevision(study) ? .labelledBefore : .labelled
  }

  /// Whether labels of this program that are used were made by one that made others with the same weights.
  private func isOfEarlierRevision(_ study: LibraryStudy) -> Bool {
    let files = library.labelFiles(of: study)
    return LabelRole.allCases.contains { role in
      guard let file = files[role], library.isOwn(file, of: study), let part = file.networkPart
      else { return false }
      return !part.isCorrected && part.revision != SegmentedStudy.revision
    }
  }

  /// The revision that a record or sidecar states; those of the first state none.
  static func revision(_ object: [String: Any]) -> Int {
    (object[revisionKey] as? NSNumber)?.intValue ?? 1
  }

  /// Writes what a study lacks, and what is known of it.
  private func store(
    _ found: SegmentedStudy?, of study: LibraryStudy, roles: [LabelRole],
    uppermost: VertebralLevel?
  ) throws {
    let folder = study.derivativeFolder(library: library.root)
    try SharedFolder.make(folder)
    try DerivativeWriter(library: library.root).describeDataset()
    if let found { try write(found, roles, of: study, folder: folder, uppermost: uppermost) }
    try record(found, study, roles: roles, uppermost: uppermost)
  }

  /// The name that a reader has given to the uppermost vertebra of a study before.
  func named(_ study: LibraryStudy) throws -> VertebralLevel? {
    guard let record = Self.record(of: study, in: library.root),
      let name = try Provenance.text(Self.uppermostKey, in: record)
    else { return nil }
    return VertebralLevel.allCases.first { $0.name == name }
  }

  private func labels(of role: LabelRole, _ labels: StudyLabels) -> LabelVolume? {
    switch role {
    case .cord: labels.cord
    case .canal: labels.canal
    case .spine: labels.spine
    case .discs: labels.spine.flatMap(DiscPoints.tips)
    case .levels, .lesion: nil
    }
  }

  /// Writes the labels that a study lacks; one that could not be made this time is taken away, so that
  /// a former one is not mistaken for it. What a reader changed of a former one is kept beside it.
  private func write(
    _ found: SegmentedStudy, _ roles: [LabelRole], of study: LibraryStudy, folder: URL,
    uppermost: VertebralLevel?
  ) throws {
    guard let image = study.image, let stem = study.stem else { return }
    let others = library.labelFiles(of: study, own: false)
    let completes = try others[.spine].map { try SHA256.hexDigest(ofFile: $0.url) }
    let named = found.numbering.isGiven ? Self.byOthers : uppermost?.name ?? Self.byNetwork
    // Disc points say what the spine says, for tools that number discs; where others gave them, theirs do.
    let points: [LabelRole] = roles.contains(.spine) && others[.discs] == nil ? [.discs] : []
    for role in roles + points {
      let url = folder.appendingPathComponent(stem + role.ending + ".nii.gz")
      guard let volume = labels(of: role, found.labels) else {
        try Self.clear(LabelFiles.File(url: url, role: role))
        unlink(Sidecar.url(of: url).path)
        continue
      }
      let bytes = try GZip.compress(
        try NIfTI.encode(volume, description: Notice.researchUse, path: url.path))
      let hash = SHA256.hexDigest(of: bytes)
      let isThere = (try? FileBytes.read(url)) == bytes
      // Gone before its sidecar names the new hash: cut off between the two, the former must not look
      // as if a reader had corrected it.
      if !isThere { try Self.clear(LabelFiles.File(url: url, role: role)) }
      try Provenance.update(
        Sidecar.url(of: url),
        set: [
          "Description": .text(Self.description(role)), "Sources": .list(["bids:raw:\(image)"]),
          "SpatialReference": .text("orig"),
          Sidecar.levelSource: .text(LevelSource.segmented.rawValue),
          Self.weightsKey: .text(segmenter.engine.sha256),
          Self.revisionKey: .number(Double(SegmentedStudy.revision)),
          Self.hashKey: .text(hash),
          Self.uppermostKey: .text(role == .spine ? named : Self.byNetwork),
          Self.completesKey: .text(role == .spine ? completes ?? "" : ""),
          "Notice": .text(Notice.researchUse),
        ],
        appending: .cordscope("segment, anatomy network \(segmenter.engine.sha256.prefix(16))"))
      try LabelShares.write(
        role == .cord ? found.labels.cordShare : found.labels.canalShare,
        behind: LabelFiles.File(url: url, role: role), maskHash: hash, source: image)
      if !isThere { try AtomicFile.write(bytes, to: url) }
    }
  }

  /// Takes a former label away: unlinked where it is as the network left it; one that a reader corrected,
  /// or of which that is not known, is set aside with its sidecar, named by its hash.
  /// - Throws: `LibraryError.cannotWrite`, `ReadError`.
  static func clear(_ file: LabelFiles.File) throws {
    LabelShares.remove(behind: file)
    guard FileManager.default.fileExists(atPath: file.url.path) else { return }
    if let part = file.networkPart, part.hash != nil, !part.isCorrected {
      unlink(file.url.path)
    } else {
      var former = FormerLabels()
      try former.setAside(file.url)
    }
  }

  private static func description(_ role: LabelRole) -> String {
    switch role {
    case .cord: "spinal cord, by the anatomy network; not corrected"
    case .canal: "spinal canal (cord and CSF), by the anatomy network; not corrected"
    case .discs: "posterior tips of discs in SCT's numbers, by the anatomy network; not corrected"
    default:
      "vertebral bodies and discs in TotalSpineSeg numbers, by the anatomy network; not corrected"
    }
  }

  /// Remembers what was found, so that a study without cord is not looked at again and again, and a
  /// reader sees why levels are missing.
  private func record(
    _ found: SegmentedStudy?, _ study: LibraryStudy, roles: [LabelRole], uppermost: VertebralLevel?
  ) throws {
    guard let url = Self.record(of: study, in: library.root) else { return }
    var values = try numberingValues(found, study)
    values[Self.weightsKey] = .text(segmenter.engine.sha256)
    values[Self.revisionKey] = .number(Double(SegmentedStudy.revision))
    values[Self.besideKey] = values[Self.lookedKey]
    values[Self.found] = .text(found == nil ? Self.noCord : "cord")
    values["Roles"] = .list(roles.map(\.rawValue))
    values[Self.uppermostKey] = .text(uppermost?.name ?? Self.byNetwork)
    values[Self.labelsKey] = .list(Self.ownLabels(of: study, in: library.root))
    values[Sidecar.levelDoubt] = .text(
      found?.labels.quality.first { ["levels-missing", "levels-partial"].contains($0.flag) }?.text
        ?? "")
    values[Sidecar.levelWarning] = .text(
      found?.labels.quality.first { $0.flag == QualityFlag.levelsDoubted }?.text ?? "")
    try Provenance.update(url, set: values, appending: .cordscope("segment"))
  }

  /// The names of the label files that this program has made of a study.
  private static func ownLabels(of study: LibraryStudy, in root: URL) -> [String] {
    LabelRole.allCases.compactMap { role in
      guard let url = study.derivative(role.ending + ".nii.gz", library: root) else { return nil }
      return FileManager.default.fileExists(atPath: url.path) ? url.lastPathComponent : nil
    }
  }

  /// The key of the label files of this program that lay there afterwards, by name.
  static let labelsKey = "Labels"
  /// The key of what was found.
  static let found = "Found"
  /// What it says where there was no cord.
  static let noCord = "no cord"

  /// The record of a study.
  static func record(of study: LibraryStudy, in root: URL) -> URL? {
    study.stem.map {
      study.derivativeFolder(library: root).appendingPathComponent($0 + "_anatomy.json")
    }
  }

  /// The key under which a sidecar says what a reader called the uppermost vertebra.
  static let uppermostKey = "Uppermost"
  /// Its value where no reader was asked.
  static let byNetwork = "by the network"
  /// Its value where others had named vertebrae.
  static let byOthers = "by the labels of others"
  /// The key under which a record says what speaks against the names that others gave.
  static let disagreementKey = "LevelDisagreement"
  /// The key under which a spine names the one of others, by its SHA-256, that it completes; empty where
  /// there is none.
  static let completesKey = "Completes"
  /// The key under which a sidecar names the SHA-256 of its file as the network left it.
  static let hashKey = "LabelSHA256"
  /// The key under which a sidecar names the weights.
  static let weightsKey = "AnatomyWeightsSHA256"
  /// The key under which sidecars and records state ``SegmentedStudy/revision``.
  static let revisionKey = "AnatomyRevision"
}
