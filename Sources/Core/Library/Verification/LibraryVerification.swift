internal import Foundation
internal import Imaging

/// Checks that a library holds what it says: journals, hashes, files. Nothing is changed by it.
public struct LibraryVerification {
  /// Something found.
  public struct Finding: Equatable, Sendable {
    /// How much it matters.
    public enum Severity: String, Sendable {
      /// Worth knowing.
      case note
      /// Something was altered, is damaged or is missing.
      case failure
    }

    /// How much it matters.
    public var severity: Severity
    /// The path below the library's root, cleaned.
    public var path: String
    /// What is wrong.
    public var text: String

    /// One line for the user.
    public var line: String { "\(severity == .failure ? "FAILED" : "note") \(path): \(text)" }
  }

  let library: StudyLibrary
  private var findings: [Finding] = []

  /// Checks a library; findings come in the order of its studies.
  public static func findings(in library: StudyLibrary) -> [Finding] {
    var check = LibraryVerification(library)
    for study in library.studies { check.check(study) }
    check.checkOriginals()
    check.checkDataset()
    check.checkLeftovers()
    check.checkChoices()
    check.checkPrivatePart()
    return check.findings + LibraryModels(library: library.root).findings()
  }

  private init(_ library: StudyLibrary) { self.library = library }

  mutating func add(_ severity: Finding.Severity, _ path: String, _ text: String) {
    findings.append(Finding(severity: severity, path: path.cleaned, text: text.cleaned))
  }

  /// Whether something was found of a path already.
  func hasFinding(at path: String) -> Bool { findings.contains { $0.path == path } }

  private mutating func check(_ study: LibraryStudy) {
    if let problem = study.problem { addProblem(problem, of: study) }
    checkChoice(of: study)
    for refusal in study.refused where study.problem == nil {
      add(.note, refusal.path, refusal.reason)
    }
    let folder = "derivatives/cordscope/\(study.folder)"
    let names = entries(folder)
    let labels = library.labelFiles(of: study)
    let hashes = checkDetections(study, folder, names, labels)
    for name in names {
      let path = "\(folder)/\(name)"
      if name.hasSuffix("_review.jsonl") || name.hasSuffix("_adjudication.jsonl") {
        checkJournal(path, name: name, detections: hashes)
      } else if name.hasSuffix(".torn") {
        add(.note, path, "holds torn lines that were set aside")
      } else if name.contains("_review.jsonl.lost-") {
        add(
          .failure, path,
          "holds the acts of a journal that was deleted or replaced while it was in use: compare it "
            + "with the journal, and rename it to the journal's name if that is missing")
      } else if name.hasSuffix(".nii.gz") {
        checkMap(path, isOnGrid: name.contains("_desc-"))
      }
    }
    check(labels)
    checkOwnLabels(study, names)
  }

  /// Checks current and former detections; the hashes of all that are there.
  private mutating func checkDetections(
    _ study: LibraryStudy, _ folder: String, _ names: [String], _ labels: LabelFiles
  ) -> Set<String> {
    var hashes: Set<String> = []
    for name in names where name.contains("_detection.") && name.hasSuffix(".json") {
      let path = "\(folder)/\(name)"
      do {
        guard let contents = try DetectionFile.read(url(path)) else { continue }
        hashes.insert(contents.sha256)
        if name.hasSuffix("_detection.json") {
          checkCurrent(contents.detection, of: study, path, names, labels)
        } else if !name.hasSuffix(DerivativeWriter.versionEnding(contents.sha256)) {
          add(.failure, path, "its contents do not match the hash in its name: it was altered")
        } else {
          checkFormerMaps(contents, of: study, folder, names)
        }
      } catch { add(.failure, path, "\(error)") }
    }
    return hashes
  }

  private mutating func checkCurrent(
    _ detection: Detection, of study: LibraryStudy, _ path: String, _ names: [String],
    _ labels: LabelFiles
  ) {
    // A detection of another image than the study's: whether that one is there is asked apart.
    guard let image = study.image, let stem = study.stem,
      path.hasSuffix("/\(stem)_detection.json")
    else { return }
    if let hash = detection.imageSha256 {
      let now = try? SHA256.hexDigest(ofFile: url(image))
      if now != hash { add(.failure, path, "the image changed since: run detect again") }
    }
    checkMaps(detection, of: study, path, names)
    checkLabels(labels, of: detection, at: path, study)
  }

  /// Whether the maps that lie there are those that were made with the detection.
  private mutating func checkMaps(
    _ detection: Detection, of study: LibraryStudy, _ path: String, _ names: [String]
  ) {
    guard let stem = study.stem else { return }
    for kind in DerivativeMaps.Kind.allCases {
      let name = kind.fileName(stem)
      let hash = detection.mapSha256?[kind.rawValue]
      // Versions that did not state hashes made an anomaly map for whatever they scored.
      let isUnstated = detection.mapSha256 == nil && kind == .anomaly
      let isNeeded =
        hash != nil || (isUnstated && detection.patient.score != nil && !detection.slices.isEmpty)
      if isNeeded, !names.contains(name) {
        add(.failure, path, "its \(kind.rawValue) map is missing: run detect again")
      } else if let hash {
        let file = "derivatives/cordscope/\(study.folder)/\(name)"
        if (try? SHA256.hexDigest(ofFile: url(file))) != hash {
          add(
            .failure, file, "is not the \(kind.rawValue) map of the detection: run detect --again")
        }
      }
    }
  }

  /// Whether the kept maps of a former detection are those that were made with it; maps of the first few are
  /// kept.
  private mutating func checkFormerMaps(
    _ contents: DetectionFile.Contents, of study: LibraryStudy, _ folder: String, _ names: [String]
  ) {
    guard let stem = study.stem else { return }
    for kind in DerivativeMaps.Kind.allCases {
      let name = kind.versionName(stem, of: contents.sha256)
      guard names.contains(name) else { continue }
      let path = "\(folder)/\(name)"
      let hash = contents.detection.mapSha256?[kind.rawValue]
      if hash == nil || (try? SHA256.hexDigest(ofFile: url(path))) != hash {
        add(.failure, path, "is not the \(kind.rawValue) map of its detection: it was altered")
      }
    }
  }

  private mutating func checkJournal(_ path: String, name: String, detections: Set<String>) {
    do {
      let bytes = try FileBytes.read(url(path), limit: PosixJournalFile.largest)
      let scan = try JournalScan(bytes, file: name)
      if let torn = scan.torn {
        add(.failure, path, "line \(scan.position.seq + 1), the last, is torn: \(torn.why)")
      }
      var state = ReviewState()
      for record in scan.records {
        if record.action == .signOff,
          record.signature?.state != state.digest(head: record.previous)
        {
          add(
            .failure, path, "line \(record.seq) is a signature that does not fit the acts before it"
          )
        }
        state.apply(record)
        if name.contains("_reader-"), !name.contains("_reader-\(record.reader)_") {
          add(.failure, path, "line \(record.seq) was written for reader \(record.reader)")
        }
        if let seen = record.detection, !detections.contains(seen) {
          add(
            .failure, path,
            "line \(record.seq) refers to a detection that is not kept (\(seen.prefix(16)))")
        }
      }
    } catch { add(.failure, path, "\(error)") }
  }

  private mutating func checkMap(_ path: String, isOnGrid: Bool) {
    do {
      let (_, layout) = try NIfTI.readHeader(url(path))
      let side = SagittalGrid.side
      // Joined windows have more rows; how many stands in the detection, which the map is read by.
      if isOnGrid, layout.shape.x != side || layout.shape.y < side {
        add(.failure, path, "it is not on the canonical grid of 256 columns and 256 or more rows")
      }
    } catch { add(.failure, path, "\(error)") }
  }

  private mutating func check(_ labels: LabelFiles) {
    for role in LabelRole.allCases {
      guard let file = labels[role] else { continue }
      do { _ = try NIfTI.readHeader(file.url) } catch {
        add(.failure, file.url.path, "\(error)")
      }
    }
  }

  private mutating func checkDataset() {
    let known = Set(library.studies.map(\.participant))
    let listed = Set(library.participants.ids)
    if !listed.isEmpty {
      for id in listed.subtracting(known).sorted() {
        add(.note, "participants.tsv", "lists sub-\(id), which has no folder")
      }
      for id in known.subtracting(listed).sorted() {
        add(.note, "participants.tsv", "does not list sub-\(id)")
      }
    }
    for name in entries("derivatives/cordscope") where name.hasPrefix("sub-") {
      if !known.contains(String(name.dropFirst(4))) {
        add(.note, "derivatives/cordscope/\(name)", "belongs to no subject of the library")
      }
    }
  }

  private mutating func checkLeftovers() {
    for file in Leftovers.find(in: library.root) {
      let path = file.path.dropFirst(library.root.path.count + 1)
      let isInUse = Leftovers.owner(of: file) == .alive
      add(
        .note, String(path),
        isInUse
          ? "is being written by a program that runs"
          : "was left by an interrupted write; import and detect remove it once it is an hour old")
    }
  }

  func url(_ path: String) -> URL { library.root.appendingPathComponent(path) }

  func entries(_ folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: url(folder).path)) ?? []).sorted()
  }
}

extension LibraryVerification {
  /// The library's own thresholds and choices, which detection refuses when they are damaged.
  private mutating func checkChoices() {
    do { _ = try LibraryCalibration.read(library: library.root) } catch {
      add(.failure, "derivatives/cordscope/calibration.json", "\(error)")
    }
    do { _ = try DetectionChoice.read(library: library.root) } catch {
      add(.failure, "derivatives/cordscope/detection.json", "\(error)")
    }
    do { _ = try ReaderTable(library: library.root) } catch {
      add(.failure, "readers.tsv", "\(error)")
    }
  }
}
