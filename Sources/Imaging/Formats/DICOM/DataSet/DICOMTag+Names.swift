extension DICOMTag {
  static let item = DICOMTag(0xFFFE, 0xE000)
  static let itemEnd = DICOMTag(0xFFFE, 0xE00D)
  static let sequenceEnd = DICOMTag(0xFFFE, 0xE0DD)
  static let trailingPadding = DICOMTag(0xFFFC, 0xFFFC)

  /// (0002,0010): how the data set is encoded.
  public static let transferSyntaxUID = DICOMTag(0x0002, 0x0010)
  static let mediaStorageSOPClassUID = DICOMTag(0x0002, 0x0002)

  static let directoryRecordSequence = DICOMTag(0x0004, 0x1220)
  static let directoryRecordType = DICOMTag(0x0004, 0x1430)
  static let referencedFileID = DICOMTag(0x0004, 0x1500)

  /// (0008,0005): the character sets of names and texts.
  public static let specificCharacterSet = DICOMTag(0x0008, 0x0005)
  /// (0008,0008): ORIGINAL or DERIVED, PRIMARY or SECONDARY, then the manufacturer's words.
  public static let imageType = DICOMTag(0x0008, 0x0008)
  /// (0008,0016): the kind of object.
  public static let sopClassUID = DICOMTag(0x0008, 0x0016)
  /// (0008,0018): the object.
  public static let sopInstanceUID = DICOMTag(0x0008, 0x0018)
  /// (0008,0020).
  public static let studyDate = DICOMTag(0x0008, 0x0020)
  /// (0008,0021).
  public static let seriesDate = DICOMTag(0x0008, 0x0021)
  /// (0008,0022).
  public static let acquisitionDate = DICOMTag(0x0008, 0x0022)
  /// (0008,0030).
  public static let studyTime = DICOMTag(0x0008, 0x0030)
  /// (0008,0050).
  public static let accessionNumber = DICOMTag(0x0008, 0x0050)
  /// (0008,0060): MR, CT, ...
  public static let modality = DICOMTag(0x0008, 0x0060)
  /// (0008,0070).
  public static let manufacturer = DICOMTag(0x0008, 0x0070)
  /// (0008,1030).
  public static let studyDescription = DICOMTag(0x0008, 0x1030)
  /// (0008,103E).
  public static let seriesDescription = DICOMTag(0x0008, 0x103E)
  /// (0008,1090).
  public static let manufacturerModelName = DICOMTag(0x0008, 0x1090)
  static let anatomicRegionSequence = DICOMTag(0x0008, 0x2218)
  static let codeMeaning = DICOMTag(0x0008, 0x0104)

  /// (0010,0010).
  public static let patientName = DICOMTag(0x0010, 0x0010)
  /// (0010,0020).
  public static let patientID = DICOMTag(0x0010, 0x0020)
  /// (0010,0030).
  public static let patientBirthDate = DICOMTag(0x0010, 0x0030)
  /// (0010,0040).
  public static let patientSex = DICOMTag(0x0010, 0x0040)
  /// (0010,1001).
  public static let otherPatientNames = DICOMTag(0x0010, 0x1001)
  /// (0010,1010).
  public static let patientAge = DICOMTag(0x0010, 0x1010)

  /// (0018,0015).
  public static let bodyPartExamined = DICOMTag(0x0018, 0x0015)
  /// (0018,0020): SE, IR, GR, EP.
  public static let scanningSequence = DICOMTag(0x0018, 0x0020)
  /// (0018,0021).
  public static let sequenceVariant = DICOMTag(0x0018, 0x0021)
  /// (0018,0022).
  public static let scanOptions = DICOMTag(0x0018, 0x0022)
  /// (0018,0023): 2D or 3D.
  public static let mrAcquisitionType = DICOMTag(0x0018, 0x0023)
  /// (0018,0024).
  public static let sequenceName = DICOMTag(0x0018, 0x0024)
  /// (0018,0050) in mm.
  public static let sliceThickness = DICOMTag(0x0018, 0x0050)
  /// (0018,0080) in ms.
  public static let repetitionTime = DICOMTag(0x0018, 0x0080)
  /// (0018,0081) in ms.
  public static let echoTime = DICOMTag(0x0018, 0x0081)
  /// (0018,0082) in ms.
  public static let inversionTime = DICOMTag(0x0018, 0x0082)
  /// (0018,0087) in tesla.
  public static let magneticFieldStrength = DICOMTag(0x0018, 0x0087)
  /// (0018,0088) in mm, from centre to centre.
  public static let spacingBetweenSlices = DICOMTag(0x0018, 0x0088)
  /// (0018,1030).
  public static let protocolName = DICOMTag(0x0018, 0x1030)
  static let pulseSequenceName = DICOMTag(0x0018, 0x9005)
  static let effectiveEchoTime = DICOMTag(0x0018, 0x9082)
  static let inversionTimes = DICOMTag(0x0018, 0x9079)
  static let mrTimingSequence = DICOMTag(0x0018, 0x9112)
  static let mrEchoSequence = DICOMTag(0x0018, 0x9114)
  static let mrModifierSequence = DICOMTag(0x0018, 0x9115)

  /// (0020,000D).
  public static let studyInstanceUID = DICOMTag(0x0020, 0x000D)
  /// (0020,000E).
  public static let seriesInstanceUID = DICOMTag(0x0020, 0x000E)
  /// (0020,0011).
  public static let seriesNumber = DICOMTag(0x0020, 0x0011)
  /// (0020,0012).
  public static let acquisitionNumber = DICOMTag(0x0020, 0x0012)
  /// (0020,0013).
  public static let instanceNumber = DICOMTag(0x0020, 0x0013)
  /// (0020,0032): the first pixel's centre in LPS mm.
  public static let imagePositionPatient = DICOMTag(0x0020, 0x0032)
  /// (0020,0037): direction cosines of a row, then of a column.
  public static let imageOrientationPatient = DICOMTag(0x0020, 0x0037)
  /// (0020,0052).
  public static let frameOfReferenceUID = DICOMTag(0x0020, 0x0052)
  /// (0020,0060).
  public static let laterality = DICOMTag(0x0020, 0x0060)
  /// (0020,0062).
  public static let imageLaterality = DICOMTag(0x0020, 0x0062)
  static let temporalPositionIdentifier = DICOMTag(0x0020, 0x0100)
  static let stackID = DICOMTag(0x0020, 0x9056)
  static let frameAnatomySequence = DICOMTag(0x0020, 0x9071)
  static let frameLaterality = DICOMTag(0x0020, 0x9072)
  static let frameContentSequence = DICOMTag(0x0020, 0x9111)
  static let planePositionSequence = DICOMTag(0x0020, 0x9113)
  static let planeOrientationSequence = DICOMTag(0x0020, 0x9116)
  static let temporalPositionIndex = DICOMTag(0x0020, 0x9128)

  /// (0028,0002).
  public static let samplesPerPixel = DICOMTag(0x0028, 0x0002)
  /// (0028,0004).
  public static let photometricInterpretation = DICOMTag(0x0028, 0x0004)
  /// (0028,0008).
  public static let numberOfFrames = DICOMTag(0x0028, 0x0008)
  /// (0028,0010).
  public static let rows = DICOMTag(0x0028, 0x0010)
  /// (0028,0011).
  public static let columns = DICOMTag(0x0028, 0x0011)
  /// (0028,0030): mm between rows, then between columns.
  public static let pixelSpacing = DICOMTag(0x0028, 0x0030)
  /// (0028,0100).
  public static let bitsAllocated = DICOMTag(0x0028, 0x0100)
  /// (0028,0101).
  public static let bitsStored = DICOMTag(0x0028, 0x0101)
  /// (0028,0102).
  public static let highBit = DICOMTag(0x0028, 0x0102)
  /// (0028,0103): 0 unsigned, 1 two's complement.
  public static let pixelRepresentation = DICOMTag(0x0028, 0x0103)
  static let pixelPaddingValue = DICOMTag(0x0028, 0x0120)
  static let pixelPaddingRangeLimit = DICOMTag(0x0028, 0x0121)
  /// (0028,1050).
  public static let windowCentre = DICOMTag(0x0028, 0x1050)
  /// (0028,1051).
  public static let windowWidth = DICOMTag(0x0028, 0x1051)
  /// (0028,1052).
  public static let rescaleIntercept = DICOMTag(0x0028, 0x1052)
  /// (0028,1053).
  public static let rescaleSlope = DICOMTag(0x0028, 0x1053)
  /// (0028,1056).
  public static let voiLUTFunction = DICOMTag(0x0028, 0x1056)
  static let pixelMeasuresSequence = DICOMTag(0x0028, 0x9110)
  static let frameVOILUTSequence = DICOMTag(0x0028, 0x9132)
  static let pixelValueTransformationSequence = DICOMTag(0x0028, 0x9145)
  static let sharedFunctionalGroups = DICOMTag(0x5200, 0x9229)
  static let perFrameFunctionalGroups = DICOMTag(0x5200, 0x9230)

  static let extendedOffsetTable = DICOMTag(0x7FE0, 0x0001)
  static let extendedOffsetTableLengths = DICOMTag(0x7FE0, 0x0002)
  static let floatPixelData = DICOMTag(0x7FE0, 0x0008)
  static let doubleFloatPixelData = DICOMTag(0x7FE0, 0x0009)
  /// (7FE0,0010).
  public static let pixelData = DICOMTag(0x7FE0, 0x0010)
}
