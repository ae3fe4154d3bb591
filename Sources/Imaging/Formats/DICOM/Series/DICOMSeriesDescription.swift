/// What a series is, as its first file says: everything by which one is picked among several.
///
/// No name, identifier or birth date of the patient is here; texts that operators type
/// (descriptions, comments) may hold one all the same.
public struct DICOMSeriesDescription: Equatable, Sendable {
  /// MR, CT, ...
  public var modality: String?
  /// SOP Class UID: the kind of object.
  public var sopClassUID: String?
  /// Study Instance UID.
  public var studyUID: String?
  /// Series Instance UID.
  public var seriesUID: String?
  /// Frame of Reference UID: series with the same one share their coordinates.
  public var frameOfReferenceUID: String?
  /// Series Number.
  public var seriesNumber: Int?
  /// Study Description.
  public var studyDescription: String?
  /// Series Description.
  public var seriesDescription: String?
  /// Protocol Name.
  public var protocolName: String?
  /// Body Part Examined, or the meaning of the anatomic region's code.
  public var bodyPart: String?
  /// Laterality or Image Laterality: R, L, B, U.
  public var laterality: String?
  /// Sequence Name or Pulse Sequence Name.
  public var sequenceName: String?
  /// Scanning Sequence: SE, IR, GR, EP, RM.
  public var scanningSequence: [String] = []
  /// Sequence Variant: SK, MTC, SS, ...
  public var sequenceVariant: [String] = []
  /// Scan Options: FS (fat saturation), ...
  public var scanOptions: [String] = []
  /// MR Acquisition Type: 2D or 3D.
  public var acquisitionType: String?
  /// Image Type: ORIGINAL or DERIVED, PRIMARY or SECONDARY, then the manufacturer's words.
  public var imageType: [String] = []
  /// Echo Time in ms.
  public var echoTimeMS: Double?
  /// Repetition Time in ms.
  public var repetitionTimeMS: Double?
  /// Inversion Time in ms.
  public var inversionTimeMS: Double?
  /// Magnetic Field Strength in tesla.
  public var fieldStrengthT: Double?
  /// Slice Thickness in mm.
  public var thicknessMM: Double?
  /// Spacing Between Slices in mm, as stated; the positions tell the true one.
  public var statedSpacingMM: Double?
  /// Study Date as `YYYY-MM-DD`.
  public var studyDate: String?
  /// Study Time as `HH:MM:SS`.
  public var studyTime: String?
  /// Series Date as `YYYY-MM-DD`.
  public var seriesDate: String?
  /// Acquisition Date as `YYYY-MM-DD`.
  public var acquisitionDate: String?
  /// Whether Burned In Annotation (0028,0301) says that the pixels may tell who the patient is.
  public var hasBurnedInText = false
  /// Manufacturer.
  public var manufacturer: String?
  /// Manufacturer's Model Name.
  public var model: String?

  init(_ set: DICOMDataSet, _ groups: DICOMFunctionalGroups) {
    modality = set.string(.modality)
    sopClassUID = set.uid(.sopClassUID)
    studyUID = set.uid(.studyInstanceUID)
    seriesUID = set.uid(.seriesInstanceUID)
    frameOfReferenceUID = set.uid(.frameOfReferenceUID)
    seriesNumber = set.integer(.seriesNumber)
    studyDescription = set.string(.studyDescription)
    seriesDescription = set.string(.seriesDescription)
    protocolName = set.string(.protocolName)
    let anatomy = groups.item(0, .frameAnatomySequence)
    bodyPart =
      set.string(.bodyPartExamined)
      ?? (set.items(.anatomicRegionSequence) + (anatomy?.items(.anatomicRegionSequence) ?? []))
      .first?.string(.codeMeaning)
    laterality =
      set.string(.laterality) ?? set.string(.imageLaterality)
      ?? anatomy?.string(.frameLaterality)
    sequenceName = set.string(.sequenceName) ?? set.string(.pulseSequenceName)
    scanningSequence = set.strings(.scanningSequence).filter { !$0.isEmpty }
    sequenceVariant = set.strings(.sequenceVariant).filter { !$0.isEmpty }
    scanOptions = set.strings(.scanOptions).filter { !$0.isEmpty }
    acquisitionType = set.string(.mrAcquisitionType)
    imageType = set.strings(.imageType)
    let timing = groups.item(0, .mrTimingSequence)
    echoTimeMS = groups.echoTimeMS(0) ?? set.number(.echoTime)
    repetitionTimeMS = set.number(.repetitionTime) ?? timing?.number(.repetitionTime)
    inversionTimeMS =
      set.number(.inversionTime) ?? groups.item(0, .mrModifierSequence)?.number(.inversionTimes)
    fieldStrengthT = set.number(.magneticFieldStrength)
    let measures = groups.item(0, .pixelMeasuresSequence)
    thicknessMM = set.number(.sliceThickness) ?? measures?.number(.sliceThickness)
    statedSpacingMM =
      set.number(.spacingBetweenSlices) ?? measures?.number(.spacingBetweenSlices)
    studyDate = set.date(.studyDate)
    studyTime = set.time(.studyTime)
    seriesDate = set.date(.seriesDate)
    acquisitionDate = set.date(.acquisitionDate)
    hasBurnedInText = set.string(DICOMTag(0x0028, 0x0301))?.uppercased() == "YES"
    manufacturer = set.string(.manufacturer)
    model = set.string(.manufacturerModelName)
  }
}
