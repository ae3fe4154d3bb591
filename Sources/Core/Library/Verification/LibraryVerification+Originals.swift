internal import Foundation
internal import Imaging

extension LibraryVerification {
  /// A study without a usable image: worth knowing, but a failure where it had one, as detections
  /// and verdicts then stand on something that cannot be looked at any more.
  mutating func addProblem(_ problem: String, of study: LibraryStudy) {
    let hadImage = !Self.stems(entries("derivatives/cordscope/\(study.folder)")).isEmpty
    guard hadImage else { return add(.note, study.folder, problem) }
    add(
      .failure, study.folder,
      "\(problem); it was detected or reviewed before: put its image back from a backup")
  }

  /// Finds detections and journals whose original is gone, by their names: its study may be gone
  /// with it, or another image may have taken its part.
  mutating func checkOriginals() {
    let reported = Set(library.studies.filter { $0.problem != nil }.map(\.folder))
    for folder in derivedFolders() where !reported.contains(folder) {
      for stem in Self.stems(entries("derivatives/cordscope/\(folder)")).sorted() {
        let images = [".nii.gz", ".nii"].map { "\(folder)/\(stem)\($0)" }
        if images.contains(where: { FileManager.default.fileExists(atPath: url($0).path) }) {
          continue
        }
        add(
          .failure, images[0],
          "is missing, but it was detected or reviewed: put it back from a backup")
      }
    }
  }

  /// The folders of subjects and sessions that this program has derivatives of, "sub-07/anat".
  private func derivedFolders() -> [String] {
    let base = "derivatives/cordscope"
    return entries(base).filter { $0.hasPrefix("sub-") }.flatMap { subject in
      let sessions = entries("\(base)/\(subject)").filter { $0.hasPrefix("ses-") }
      return ["\(subject)/anat"] + sessions.map { "\(subject)/\($0)/anat" }
    }
  }

  /// The stems of the images that a folder's detections and journals belong to.
  private static func stems(_ names: [String]) -> Set<String> {
    var stems: Set<String> = []
    for name in names {
      if name.hasSuffix("_detection.json") {
        stems.insert(String(name.dropLast("_detection.json".count)))
      } else if name.hasSuffix("_review.jsonl"), let end = name.range(of: "_reader-") {
        stems.insert(String(name[..<end.lowerBound]))
      }
    }
    return stems
  }

  /// The private part holds what tells the patients: nobody but its owner may read it.
  mutating func checkPrivatePart() {
    let folder = PrivateRegister.folder(library: library.root)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    // The lock is empty and shared.
    for name in [""] + names.sorted() where name != FolderLock.name {
      var info = stat()
      let url = name.isEmpty ? folder : folder.appendingPathComponent(name)
      guard lstat(url.path, &info) == 0, info.st_mode & 0o077 != 0 else { continue }
      let path = "derivatives/cordscope/private" + (name.isEmpty ? "" : "/\(name)")
      add(.failure, path, "others may read it, and it tells who the patients are: chmod go= it")
    }
    let pins = ReaderPIN.folder(library: library.root)
    for name in ((try? FileManager.default.contentsOfDirectory(atPath: pins.path)) ?? []).sorted() {
      var info = stat()
      guard lstat(pins.appendingPathComponent(name).path, &info) == 0, info.st_mode & 0o077 != 0
      else { continue }
      add(.failure, "derivatives/cordscope/readers/\(name)", "others may read it: chmod go= it")
    }
    for problem in PrivateRegister.problems(library: library.root) {
      add(.failure, "derivatives/cordscope/private/\(problem.name)", problem.text)
    }
  }

  /// A reader's choice among the series of a study must name one that is there.
  mutating func checkChoice(of study: LibraryStudy) {
    let prefix = study.folder.split(separator: "/").dropLast().joined(separator: "_") + "_"
    let plain = "\(study.folder)/\(prefix)\(SeriesNaming.chosen).json"
    guard let name = try? Provenance.text(SeriesSidecar.detectOn, in: url(plain)),
      !entries(study.folder).contains(where: { $0 == "\(prefix)\(name).nii.gz" })
    else { return }
    add(
      .failure, plain,
      "\(SeriesSidecar.detectOn) names no image of the study (\(name.cleaned(limit: 60))): detection "
        + "goes on with the image chosen first")
  }
}
