/// What objects other than images are called.
enum DICOMObjectKind {
  /// The name of an object that is no image although it may hold pixels, or `nil` for images.
  ///
  /// The SOP class tells (PS3.4 section B.5), where it is missing the modality.
  static func name(of file: DICOMFile) -> String? {
    let set = file.dataSet
    let uid = set.uid(.sopClassUID) ?? file.meta.uid(.mediaStorageSOPClassUID) ?? ""
    if let name = classes.first(where: { uid.hasPrefix($0.uid) })?.name { return name }
    if let name = set.string(.modality).flatMap({ modalities[$0] }) { return name }
    if set.elements[.directoryRecordSequence] != nil { return "a DICOMDIR" }
    return nil
  }

  private static let classes: [(uid: String, name: String)] = [
    ("1.2.840.10008.1.3.10", "a DICOMDIR"),
    ("1.2.840.10008.5.1.4.1.1.481.2", "a radiotherapy dose"),
    ("1.2.840.10008.5.1.4.1.1.481.3", "a radiotherapy structure set"),
    ("1.2.840.10008.5.1.4.1.1.481.5", "a radiotherapy plan"),
    ("1.2.840.10008.5.1.4.1.1.481.8", "a radiotherapy plan"),
    ("1.2.840.10008.5.1.4.1.1.66", "a segmentation, registration or raw data"),
    ("1.2.840.10008.5.1.4.1.1.88", "a structured report"),
    ("1.2.840.10008.5.1.4.1.1.9", "a waveform"),
    ("1.2.840.10008.5.1.4.1.1.11", "a presentation state"),
    ("1.2.840.10008.5.1.4.1.1.104", "an encapsulated document"),
    ("1.2.840.10008.5.1.4.1.1.4.2", "MR spectroscopy"),
  ]

  private static let modalities: [String: String] = [
    "RTDOSE": "a radiotherapy dose", "RTSTRUCT": "a radiotherapy structure set",
    "RTPLAN": "a radiotherapy plan", "SEG": "a segmentation", "SR": "a structured report",
    "PR": "a presentation state", "KO": "a key object selection", "REG": "a registration",
    "ECG": "a waveform", "DOC": "a document", "PLAN": "a plan",
  ]
}
