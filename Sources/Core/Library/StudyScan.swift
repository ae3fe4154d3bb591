internal import Foundation
internal import Imaging

/// Finds the studies of a BIDS dataset as it is on disk.
struct StudyScan {
  let root: URL

  /// All studies, in natural order of their identifiers.
  ///
  /// - Throws: `LibraryError.notALibrary`.
  func studies(looked: (Int, Int) -> Void = { _, _ in }) throws -> [LibraryStudy] {
    let folders = try subjectFolders()
    var studies: [LibraryStudy] = []
    for (index, folder) in folders.enumerated() {
      // Every hundredth is told: more would keep the screen busy.
      if index % 100 == 0 { looked(index, folders.count) }
      studies += self.studies(ofSubject: folder)
    }
    return studies
  }

  /// The folders of subjects, in natural order of their names.
  ///
  /// - Throws: `LibraryError.notALibrary`.
  func subjectFolders() throws -> [String] {
    if FileManager.default.fileExists(atPath: root.path), !isFolder("") {
      throw LibraryError.notALibrary(root.path, "it is a file, not a folder")
    }
    guard let entries = try? FileManager.default.contentsOfDirectory(atPath: root.path) else {
      throw LibraryError.notALibrary(root.path, "there is no such folder, or it may not be read")
    }
    let subjects = entries.filter { $0.hasPrefix("sub-") && $0.count > 4 && isFolder($0) }
    guard !subjects.isEmpty || entries.contains("dataset_description.json") else {
      throw LibraryError.notALibrary(
        root.path, "it has no sub-* folders and no dataset_description.json; import studies first")
    }
    let places = NaturalOrder.places(of: subjects)
    return subjects.indices.sorted { places[$0] < places[$1] }.map { subjects[$0] }
  }

  private func studies(ofSubject folder: String) -> [LibraryStudy] {
    let participant = String(folder.dropFirst(4))
    let sessions = names(in: folder)
      .filter { $0.hasPrefix("ses-") && $0.count > 4 && isFolder("\(folder)/\($0)") }
      .sorted(by: NaturalOrder.precedes)
    var result = sessions.map { session in
      study(
        subject: "\(participant)_\(session)", participant, folder: "\(folder)/\(session)/anat",
        prefix: "\(folder)_\(session)_")
    }
    if sessions.isEmpty || isFolder("\(folder)/anat") {
      result.append(
        study(
          subject: participant, participant, folder: "\(folder)/anat", prefix: "\(folder)_"))
    }
    return result
  }

  /// Chooses the image of one study: sagittal, T2-weighted, the plainest name.
  private func study(
    subject: String, _ participant: String, folder: String, prefix: String
  ) -> LibraryStudy {
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
      if let reason = (isPicked ? nil : contrastProblem(image)) ?? planeProblem(path) {
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
      subject: subject.cleaned(limit: 100), participant: participant.cleaned(limit: 100),
      folder: folder, imageName: chosen, problem: chosen == nil ? problem(refused) : nil,
      refused: refused)
  }

  /// The image that an import picked among a study's series, or that a reader chose later, which goes
  /// before all others: the sidecar of the image with the plain name says so, and only that is looked at.
  private func picked(_ images: [BIDSName], plain: String, in folder: String) -> Int? {
    guard images.count > 1, let index = images.firstIndex(where: { $0.stem == plain }) else {
      return nil
    }
    let sidecar = root.appendingPathComponent("\(folder)/\(plain).json")
    guard let object = try? Provenance.read(sidecar), object[SeriesSidecar.chosen] != nil else {
      return nil
    }
    guard let wished = object[SeriesSidecar.detectOn] as? String else { return index }
    let stem = plain.dropLast(SeriesNaming.chosen.count) + wished
    return images.firstIndex { $0.stem == stem } ?? index
  }

  private func problem(_ refused: [LibraryStudy.Refusal]) -> String {
    guard let first = refused.first else { return "no image in its anat folder" }
    let name = first.path.split(separator: "/").last.map(String.init) ?? first.path
    let others = refused.count > 1 ? " (and \(refused.count - 1) more refused)" : ""
    return "no sagittal T2w image: \(name): \(first.reason)\(others)"
  }

  private func contrastProblem(_ name: BIDSName) -> String? {
    name.suffix == "T2w" ? nil : "wrong contrast: \(name.suffix), T2w is needed"
  }

  private func planeProblem(_ path: String) -> String? {
    do {
      let (header, layout) = try NIfTI.readHeader(root.appendingPathComponent(path))
      if layout.volumeCount > 1 { return "it holds \(layout.volumeCount) volumes, not one" }
      return SagittalCheck.problem(shape: layout.shape, affine: header.affine.map)
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
    let path = root.appendingPathComponent(folder).path
    return (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
  }

  private func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    let full = root.appendingPathComponent(path).path
    return FileManager.default.fileExists(atPath: full, isDirectory: &isFolder)
      && isFolder.boolValue
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
