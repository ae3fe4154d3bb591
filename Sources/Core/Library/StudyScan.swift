internal import Foundation
internal import Imaging

/// Where one study lies, as the names of folders tell it: nothing of it is opened yet.
struct StudyFolder: Equatable, Sendable {
  /// The identifier shown and asked for, "07" or "07_ses-1", cleaned.
  let subject: String
  /// The subject's label without "sub-", cleaned.
  let participant: String
  /// The folder below the library's root, "sub-07/anat".
  let folder: String

  /// The folder of a subject's images, in a session where there are sessions.
  init(_ subject: String, session: String?) {
    let label = String(subject.dropFirst(4))
    participant = label.cleaned(limit: 100)
    self.subject = (session.map { "\(label)_\($0)" } ?? label).cleaned(limit: 100)
    folder = session.map { "\(subject)/\($0)/anat" } ?? "\(subject)/anat"
  }

  /// What the names of the study's images begin with, "sub-07_ses-1_".
  var prefix: String { folder.split(separator: "/").dropLast().joined(separator: "_") + "_" }
}

/// Finds the studies of a BIDS dataset as it is on disk.
struct StudyScan: Sendable {
  let root: URL
  /// What is known of images that were looked at before.
  let digest: LibraryDigest

  init(root: URL, digest: LibraryDigest = LibraryDigest()) {
    self.root = root
    self.digest = digest
  }

  /// All studies, in natural order of their identifiers.
  ///
  /// - Throws: `LibraryError.notALibrary`.
  func studies(looked: (Int, Int) -> Void = { _, _ in }) throws -> [LibraryStudy] {
    try folders(looked: looked).map { study(in: $0) }
  }

  /// The folders of all studies, in natural order of their identifiers; no file is opened.
  ///
  /// - Throws: `LibraryError.notALibrary`.
  func folders(looked: (Int, Int) -> Void = { _, _ in }) throws -> [StudyFolder] {
    let subjects = try subjectFolders()
    let places = NaturalOrder.places(of: subjects)
    let order = subjects.indices.sorted { places[$0] < places[$1] }
    var folders: [StudyFolder] = []
    folders.reserveCapacity(subjects.count)
    for (index, place) in order.enumerated() {
      // Every hundredth is told: more would keep the screen busy.
      if index % 100 == 0 { looked(index, subjects.count) }
      folders += self.folders(ofSubject: subjects[place])
    }
    return folders
  }

  /// The folders of subjects, in no order.
  ///
  /// - Throws: `LibraryError.notALibrary`.
  func subjectFolders() throws -> [String] {
    var info = stat()
    if stat(root.path, &info) == 0, info.st_mode & S_IFMT != S_IFDIR {
      throw LibraryError.notALibrary(root.path, "it is a file, not a folder")
    }
    guard
      let subjects = FolderEntries.folders(
        root.path, where: { $0.hasPrefix("sub-") && $0.count > 4 })
    else {
      throw LibraryError.notALibrary(root.path, "there is no such folder, or it may not be read")
    }
    let description = root.appendingPathComponent("dataset_description.json")
    guard !subjects.isEmpty || FileManager.default.fileExists(atPath: description.path) else {
      throw LibraryError.notALibrary(
        root.path, "it has no sub-* folders and no dataset_description.json; import studies first")
    }
    return subjects
  }

  private func folders(ofSubject subject: String) -> [StudyFolder] {
    let images = "anat"
    let inside = FolderEntries.folders("\(root.path)/\(subject)") {
      $0 == images || $0.hasPrefix("ses-") && $0.count > 4
    }
    let found = inside ?? []
    let sessions = found.filter { $0 != images }.sorted(by: NaturalOrder.precedes)
    var result = sessions.map { StudyFolder(subject, session: $0) }
    if sessions.isEmpty || found.contains(images) {
      result.append(StudyFolder(subject, session: nil))
    }
    return result
  }

  /// Chooses the image of one study: sagittal, T2-weighted, the plainest name.
  func study(in place: StudyFolder) -> LibraryStudy {
    let (folder, prefix) = (place.folder, place.prefix)
    var images = names(in: folder).filter { $0.hasPrefix(prefix) }.compactMap(BIDSName.init)
      .filter(\.isNIfTI).sorted(by: Self.isPlainer)
    let picked = picked(images, plain: prefix + "T2w", in: folder)
    if let picked {
      images.insert(images.remove(at: picked), at: 0)
    }
    var chosen: BIDSName?
    var refused: [LibraryStudy.Refusal] = []
    for image in images {
      let path = "\(folder)/\(image.stem)\(image.fileExtension)"
      // A reader may have chosen an image of another contrast, which a flag tells.
      let isPicked = picked != nil && chosen == nil && image == images.first
      if let reason = (isPicked ? nil : contrastProblem(image)) ?? unreadable(path)
        ?? planeProblem(path)
      {
        refused.append(.init(path: path.cleaned, reason: reason.cleaned))
      } else if chosen == nil {
        chosen = image
      } else {
        // What an import left out it gave the reason for; otherwise it is worth a word.
        refused.append(
          .init(
            path: path.cleaned,
            reason: picked == nil
              ? "another sagittal T2w image was chosen" : "the import chose another series",
            isUsable: picked == nil))
      }
    }
    return LibraryStudy(
      subject: place.subject, participant: place.participant, folder: folder, imageName: chosen,
      problem: chosen == nil ? unreadable(folder) ?? problem(refused, in: folder) : nil,
      refused: refused)
  }

  /// The image that an import picked among a study's series, or that a reader chose later, which goes
  /// before all others: the sidecar of the image with the plain name says so, and only that is looked at.
  private func picked(_ images: [BIDSName], plain: String, in folder: String) -> Int? {
    guard images.count > 1, let index = images.firstIndex(where: { $0.stem == plain }) else {
      return nil
    }
    let sidecar = "\(folder)/\(plain).json"
    let choice = try? digest.choices.value(of: sidecar, below: root.path) {
      try Provenance.read(root.appendingPathComponent(sidecar)).map { object in
        LibraryDigest.ChoiceFact(
          isChosen: object[SeriesSidecar.chosen] != nil,
          detectOn: object[SeriesSidecar.detectOn] as? String)
      }
    }
    guard let choice, choice.isChosen else { return nil }
    guard let wished = choice.detectOn else { return index }
    let stem = plain.dropLast(SeriesNaming.chosen.count) + wished
    return images.firstIndex { $0.stem == stem } ?? index
  }

  private func problem(_ refused: [LibraryStudy.Refusal], in folder: String) -> String {
    guard let first = refused.first else {
      return names(in: folder).lazy.compactMap { unreadable("\(folder)/\($0)") }.first
        ?? "no image in its anat folder"
    }
    let name = first.path.split(separator: "/").last.map(String.init) ?? first.path
    let others = refused.count > 1 ? " (and \(refused.count - 1) more refused)" : ""
    return "no sagittal T2w image: \(name): \(first.reason)\(others)"
  }

  private func contrastProblem(_ name: BIDSName) -> String? {
    name.suffix == "T2w" ? nil : "wrong contrast: \(name.suffix), T2w is needed"
  }

  private func planeProblem(_ path: String) -> String? {
    do {
      let known = try digest.images.value(of: path, below: root.path) {
        let (header, layout) = try NIfTI.readHeader(root.appendingPathComponent(path))
        let volumes =
          layout.volumeCount > 1 ? "it holds \(layout.volumeCount) volumes, not one" : nil
        return LibraryDigest.ImageFact(
          problem: volumes
            ?? SagittalCheck.problem(shape: layout.shape, affine: header.affine.map))
      }
      return known?.problem
    } catch {
      return "\((error as? ReadError)?.problem ?? "\(error)")"
    }
  }

  /// Sagittal by name first, then fewer entities, then by name.
  private static func isPlainer(_ a: BIDSName, _ b: BIDSName) -> Bool {
    func rank(_ name: BIDSName) -> (Int, Int) {
      let isNamedSagittal = name["acq"]?.lowercased().contains("sag") == true
      return (isNamedSagittal ? 0 : 1, name.entities.count)
    }
    let (ra, rb) = (rank(a), rank(b))
    return ra != rb ? ra < rb : NaturalOrder.precedes(a.stem, b.stem)
  }

  private func names(in folder: String) -> [String] {
    FolderEntries.names("\(root.path)/\(folder)")
  }
}

/// The order in which people expect names with numbers: "9" before "10".
public enum NaturalOrder {
  /// Whether one name comes before another.
  public static func precedes(_ a: String, _ b: String) -> Bool {
    precedes((a, parts(a)), (b, parts(b)))
  }

  /// For each of many names its place in this order; names that are alike keep theirs.
  public static func places(of names: [String]) -> [Int] {
    // Taken apart once, not at every comparison.
    let keys = names.map { ($0, parts($0)) }
    let order = names.indices.sorted { a, b in
      if precedes(keys[a], keys[b]) { return true }
      return a < b && !precedes(keys[b], keys[a])
    }
    var places = Array(repeating: 0, count: names.count)
    for (place, index) in order.enumerated() { places[index] = place }
    return places
  }

  private static func precedes(_ a: (String, [Part]), _ b: (String, [Part])) -> Bool {
    let (x, y) = (a.1, b.1)
    for (p, q) in zip(x, y) where p != q {
      // Digit runs of one length compare as text; a longer run is the larger number.
      if p.isNumber, q.isNumber, p.text.count != q.text.count { return p.text.count < q.text.count }
      return p.text < q.text
    }
    return x.count != y.count ? x.count < y.count : a.0 < b.0
  }

  private struct Part: Equatable {
    var isNumber: Bool
    var text: String
  }

  /// Runs of digits (without leading zeros) and of other characters.
  private static func parts(_ name: String) -> [Part] {
    var result: [Part] = []
    for character in name {
      let isDigit = character.isASCII && character.isNumber
      if let last = result.last, last.isNumber == isDigit {
        if isDigit && last.text == "0" {
          result[result.count - 1].text = String(character)
        } else {
          result[result.count - 1].text.append(character)
        }
      } else {
        result.append(Part(isNumber: isDigit, text: String(character)))
      }
    }
    return result
  }
}
