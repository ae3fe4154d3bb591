internal import Foundation
internal import Imaging

/// A source as the library keeps it, read and measured.
struct PlantedSource: Sendable {
  let plan: PlantedCohort.Source
  let image: ImageVolume
  let labels: StudyLabels
  let labelFiles: LabelFiles
  let planting: LesionPlanting
  /// The copy's path below the planted library's root.
  let path: String
  /// The source's cells of participants.tsv.
  let participant: [String: String]

  /// Reads one of the originals.
  ///
  /// - Throws: `PlantingError` when nothing can be planted in it; `ReadError`, `LibraryError`.
  init(subject: String, sourceSubject: String, originals: StudyLibrary) throws {
    let study = try originals.usableStudy(subject)
    let loaded = try originals.load(study)
    if loaded.labels.quality.contains(where: { $0.flag == "orientation-unknown" }) {
      throw PlantingError("it does not say where it lies in the patient")
    }
    let files = originals.labelFiles(of: study)
    if let lesion = files[.lesion],
      try NIfTI.read(lesion.url).volume.voxels.contains(where: { $0 > 0 })
    {
      throw PlantingError("it holds a labelled lesion already: a cord without one is needed")
    }
    image = loaded.volume
    labels = loaded.labels
    labelFiles = files
    planting = try LesionPlanting(image: loaded.volume, labels: loaded.labels)
    plan = PlantedCohort.Source(
      subject: subject, sourceSubject: sourceSubject, sha256: loaded.sha256,
      sourceSHA256: Importer.sourceHash(of: subject, in: originals.root),
      shape: image.shape, affine: image.affine)
    path = "\(PlantedDatasetWriter.originals)/\(study.image ?? "")"
    participant = originals.participants[study.participant].cells
  }

  /// The copy as BIDS names it.
  var reference: String { "bids::\(path)" }

  /// The distance between the slices of a study made from it.
  func thicknessMM(of study: PlantedStudy) -> Double {
    let spacing = SagittalStack(study.image)?.spacingMM ?? 0
    return (spacing * 1000).rounded() / 1000
  }

  /// The truth of a study.
  func truth(of study: PlantedStudy, _ unit: PlantedCohort.Unit) -> PlantedTruth {
    PlantedTruth(
      kind: unit.difficulty?.className ?? unit.partition.className, lesion: !study.lesions.isEmpty,
      segments: study.segments.map(\.name),
      assessableSegments: planting.assessable.map(\.name),
      lesionStrength: study.lesions.map(\.contrast).max(), lesions: study.lesions,
      sourceSubject: unit.sourceSubject, partition: unit.partition.rawValue,
      seed: String(unit.seed),
      original: PlantedTruth.Original(
        path: path, sha256: plan.sha256, axis: unit.slices.axis, firstSlice: unit.slices.start,
        slicesAveraged: unit.slices.group, sliceCount: unit.slices.count),
      version: Notice.version)
  }
}
