internal import Foundation
internal import Imaging

extension Importer {
  /// Imports a slice in the layout of the U2AD release: float64 (3, 256, 256) with image, region of
  /// interest and labels on the canonical grid.
  ///
  /// The array says nothing of slice thickness or place: a stated thickness is assumed, the window's
  /// centre becomes the origin. The region of interest is not kept: it follows from cord and CSF.
  /// - Throws: `ReadError`, `LibraryError`, `WriteError`.
  func importNumPy(_ url: URL, _ options: ImportOptions) throws -> ImportItem {
    let side = SagittalGrid.side
    let array = try NumPy.read(url)
    guard array.shape == [3, side, side], let image = array.plane(0) else {
      return refused(
        url,
        "its shape is \(array.shape), image, region and labels of 256 x 256 are needed: "
          + "(3, 256, 256)")
    }
    guard image.pixels.allSatisfy(\.isFinite), let lowest = image.pixels.min(),
      let highest = image.pixels.max(), lowest < highest
    else { return refused(url, "its first plane is no picture") }
    let codes = Array(array.values.suffix(side * side))
    guard codes.allSatisfy({ $0 >= 0 && $0 <= 7 && $0 == $0.rounded() }) else {
      return refused(url, "its third plane holds values that are no labels from 0 to 7")
    }
    let affine = SagittalGrid(centre: .zero).affine(stepMM: options.assumedThicknessMM)
    let volume = ImageVolume(shape: [side, side, 1], voxels: image.pixels, affine: affine)
    let labels = LabelVolume(shape: volume.shape, voxels: codes.map { UInt16($0) }, affine: affine)
    var study = ImportedStudy(
      source: url, hash: try SHA256.hexDigest(ofFile: url),
      wantedSubject: options.subject.map(SubjectNaming.name(from:)) ?? SubjectNaming.name(for: url),
      isSubjectGiven: options.subject != nil, image: try GZip.compress(try NIfTI.encode(volume)))
    study.hide(options, isSubjectKnown: options.subject != nil)
    study.sidecar = [
      "SliceThickness": .number(options.assumedThicknessMM),
      "SliceThicknessSource": .text("assumed: the source states none"),
    ]
    study.notes.append("the slice is assumed to be \(options.assumedThicknessMM) mm thick")
    try addLabels(labels, to: &study)
    return try place(study)
  }

  private func addLabels(_ codes: LabelVolume, to study: inout ImportedStudy) throws {
    let convention = LabelConvention.u2ad
    let labels = convention.studyLabels(from: codes)
    let origin = Provenance.Entry(
      name: study.hidesFileNames
        ? ImportedStudy.unnamedOrigin : study.source.lastPathComponent.cleaned, version: nil,
      details: LabelMaker.importNote)
    if labels.cord == nil { study.labelNotes[.cord] = ["no pixel is labelled as cord"] }
    study.labelNotes[.spine] = labels.quality.map { "\($0.flag): \($0.text)" }
    try study.add(labels, convention: convention) { ImportedStudy.Label(bytes: $0, origin: origin) }
    // The annotators marked hyperintensity wherever they saw it: an empty mask says there is none.
    let lesions = codes.map { UInt16($0 == 6 ? 1 : 0) }
    study.labels[.lesion] = ImportedStudy.Label(
      bytes: try GZip.compress(try NIfTI.encode(lesions)), origin: origin,
      values: [Sidecar.sourceConvention: .text(convention.name)])
  }
}
