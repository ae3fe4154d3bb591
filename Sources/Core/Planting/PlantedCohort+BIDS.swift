public import Foundation
internal import Imaging
internal import Synchronization

extension PlantedCohort {
  /// What became of one source.
  public struct Item: Equatable, Sendable {
    /// The source, cleaned for display.
    public var source: String
    /// Studies of it in the library, with and without lesion; or why it cannot be used.
    public var outcome: Outcome
    /// What the user must know of it.
    public var notes: [String]

    /// What became of a source.
    public enum Outcome: Equatable, Sendable {
      /// Studies made of it.
      case planted(sourceSubject: String, planted: Int, unplanted: Int)
      /// Not used, with the reason.
      case refused(String)
    }

    /// One line for the user, and one for each note.
    public var text: String {
      let head =
        switch outcome {
        case .planted(let subject, let planted, let unplanted):
          "\(source): \(subject): \(planted) with and \(unplanted) without planted lesions"
        case .refused(let reason): "\(source): not used: \(reason)"
        }
      return ([head] + notes.map { "  \($0)" }).joined(separator: "\n")
    }
  }

  /// Makes a library of planted studies from images with a cord mask, or from the studies of a
  /// library.
  ///
  /// Sources are copied to `sourcedata/originals` as an import takes them, and only read; an image
  /// whose dataset says that it has a lesion is not. Studies that are there already are kept, so that
  /// an interrupted call can be repeated. Of a call that made no study nothing is left in a new folder.
  /// - Parameters:
  ///   - sources: files, folders and BIDS datasets.
  ///   - root: the library's folder; new, empty, or one planted with the same options.
  ///   - team: threads that work on studies; the files do not depend on it.
  ///   - progress: called after every study with the studies done and all there are of the source,
  ///     never twice at once; throw to stop.
  /// - Returns: what became of each source; unusable ones do not stop the others.
  /// - Throws: `LibraryError` when the folder holds anything else; `ReadError` when its own
  ///   descriptions or sidecars are damaged; `WriteError`; what `progress` throws.
  public static func write(
    _ sources: [URL], to root: URL, options: Options = Options(),
    team: ThreadTeam = ThreadTeam(threads: 1),
    progress: @escaping @Sendable (_ subject: String, _ done: Int, _ of: Int) throws -> Void = {
      _, _, _ in
    }
  ) throws -> [Item] {
    let root = root.standardizedFileURL
    if let own = sources.first(where: { $0.standardizedFileURL.path == root.path }) {
      throw LibraryError.cannotWrite(own.path, "it is both source and target")
    }
    let writer = PlantedDatasetWriter(root: root, options: options)
    let former = try? FileManager.default.contentsOfDirectory(atPath: root.path)
    defer { if former?.isEmpty ?? true { writer.abandon(keepsFolder: former != nil) } }
    try SharedFolder.make(root)
    try writer.prepare()
    var originals = try PlantedOriginals(
      root.appendingPathComponent(PlantedDatasetWriter.originals))
    var items: [Item] = []
    var used: [String: Int] = [:]
    for source in sources {
      for found in try originals.keep(source) {
        guard let subject = found.subject else {
          items.append(found.item)
          continue
        }
        // A source that cannot be planted in takes no number: the others' turns stay as they are.
        guard used[subject] == nil else { continue }
        do {
          let read = try PlantedSource(
            subject: subject, sourceSubject: found.sourceSubject,
            originals: StudyLibrary(opening: originals.root))
          used[subject] = used.count
          let units = plan(read.plan, number: used.count - 1, options: options)
          try write(units, of: read, writer, team, progress)
          items.append(found.item.with(units, read, options))
        } catch let error as PlantingError {
          items.append(found.item.with(refusal: error.description))
        } catch let error as ReadError {
          items.append(found.item.with(refusal: error.description))
        }
      }
    }
    return items
  }

  private static func write(
    _ units: [Unit], of source: PlantedSource, _ writer: PlantedDatasetWriter, _ team: ThreadTeam,
    _ progress: @escaping @Sendable (String, Int, Int) throws -> Void
  ) throws {
    let state = Mutex<(done: Int, failure: (any Error)?)>((0, nil))
    team.forEach(units.count) { index, _ in
      guard state.withLock({ $0.failure == nil }) else { return }
      let unit = units[index]
      let result = Result {
        guard !writer.holds(unit) else { return }
        let study = try PlantedStudy(
          unit, from: source.image, labels: source.labels, planting: source.planting)
        try writer.write(study, unit, of: source)
      }
      state.withLock { state in
        guard state.failure == nil else { return }
        do {
          try result.get()
          state.done += 1
          try progress(unit.subject, state.done, units.count)
        } catch {
          state.failure = error
        }
      }
    }
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }
}

extension PlantedCohort.Item {
  fileprivate func with(refusal reason: String) -> Self {
    var result = self
    result.outcome = .refused(reason.cleaned)
    return result
  }

  /// The item of a source whose studies were made.
  fileprivate func with(
    _ units: [PlantedCohort.Unit], _ source: PlantedSource, _ options: PlantedCohort.Options
  ) -> Self {
    var result = self
    let planted = units.count { $0.difficulty != nil }
    result.outcome = .planted(
      sourceSubject: source.plan.sourceSubject, planted: planted,
      unplanted: units.count - planted)
    let missing = options.partitions.filter { p in !units.contains { $0.partition == p } }
    if !missing.isEmpty {
      result.notes.append(
        "its slices are too thick or too few for partitions of "
          + missing.map { "\($0.rawValue) mm" }.joined(separator: " and "))
    }
    let truth = source.planting.assessable
    if truth.isEmpty {
      result.notes.append("its levels are not known: there is truth of the patient only")
    } else if truth.count < SpinalSegment.allCases.count {
      result.notes.append("truth of \(truth.map(\.name).joined(separator: ", ")) only")
    }
    return result
  }
}
