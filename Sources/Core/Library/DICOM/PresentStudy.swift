/// What a library has of a DICOM study already.
struct PresentStudy: Equatable {
  /// What the library calls the study.
  let study: String
  /// The names of its images by their place among the series that came.
  let names: [Int: String]
  /// The name of the image that lesions are looked for on.
  let detectedOn: String
  /// Whether the library has an image chosen for detection: series that come later are added beside it.
  let hasChosen: Bool
}
