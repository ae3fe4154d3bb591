internal import Foundation
internal import Imaging

extension Importer {
  /// Imports every study of a BIDS dataset, with its labels and its participants' age, sex and mJOA.
  ///
  /// - Throws: as ``attempt(_:_:)``.
  func importDataset(_ url: URL, _ options: ImportOptions) throws -> [ImportItem] {
    let source: StudyLibrary
    do { source = try StudyLibrary(opening: url) } catch { return [refused(url, "\(error)")] }
    guard source.root != root else { return [refused(url, "it is the library itself")] }
    if source.studies.isEmpty { return [refused(url, "the dataset has no subjects")] }
    var options = options
    // Thousands of pictures of a dataset are looked at by `detect`, which goes on where it was stopped.
    options.pictureLook = nil
    return try source.studies.map { study in
      let place = url.appendingPathComponent(study.image ?? study.folder)
      guard study.image != nil else { return refused(place, study.problem ?? "no image") }
      return try attempt(place) {
        try importStudy(study, of: source, at: place, options)
      }
    }
  }

  private func importStudy(
    _ study: LibraryStudy, of source: StudyLibrary, at place: URL, _ options: ImportOptions
  ) throws -> ImportItem {
    let row = source.participant(of: study)
    var participant: [String: String] = [:]
    participant["age"] = row.age
    participant["sex"] = row.sex
    participant["mjoa"] = row.mjoa
    var name = SubjectNaming.name(from: options.subject ?? study.subject)
    name.text = study.subject
    return try importNIfTI(
      place, labels: source.labelFiles(of: study), subject: name,
      notes: [study.leftOutNote].compactMap(\.self), participant: participant, options)
  }
}
