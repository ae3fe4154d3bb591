internal import Foundation

/// What is kept of a file's header while files are sorted into series.
struct DICOMInstance {
  let url: URL
  let description: DICOMSeriesDescription
  let patient: DICOMPatient
  let slices: [DICOMSlice]
  let isInverted: Bool
  /// Why its pixels will not be decoded.
  let refusal: ReadError?
  let unknownCharacterSets: [String]

  /// The instance number, for a stable order.
  var number: Int { slices.first?.instanceNumber ?? .max }

  /// Reads an image's header.
  /// - Throws: `ReadError` when the object is no image.
  init(_ file: DICOMFile, at url: URL) throws {
    self.url = url
    let layout = try DICOMPixelLayout(file)
    description = DICOMSeriesDescription(file.dataSet, DICOMFunctionalGroups(file.dataSet))
    patient = DICOMPatient(file.dataSet)
    slices = DICOMSlice.slices(of: file, at: url, layout: layout)
    isInverted = layout.isInverted
    refusal = file.syntax.refusal(path: file.path)
    unknownCharacterSets = file.dataSet.characterSets.unknownTerms
  }
}
