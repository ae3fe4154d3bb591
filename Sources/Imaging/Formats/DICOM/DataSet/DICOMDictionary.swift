/// The data elements the product reads: keyword and value representation (PS3.6 table 6-1).
///
/// Implicit files do not state the representation; elements that are not here are of unknown one.
enum DICOMDictionary {
  /// The keyword of a tag, or `nil` when it is not among those read.
  static func keyword(of tag: DICOMTag) -> String? { entries[tag]?.keyword }

  /// The representation of a tag in an implicit file.
  static func representation(of tag: DICOMTag) -> DICOMVR {
    if tag.isGroupLength { return .UL }
    if tag.isPrivate, (0x10...0xFF).contains(tag.element) { return .LO }
    return entries[tag]?.vr ?? .UN
  }

  /// Whether a tag is among those read.
  static func knows(_ tag: DICOMTag) -> Bool { entries[tag] != nil }

  private static let entries: [DICOMTag: (vr: DICOMVR, keyword: String)] = {
    var result: [DICOMTag: (vr: DICOMVR, keyword: String)] = [:]
    for (group, rows) in table {
      for (element, vr, keyword) in rows { result[DICOMTag(group, element)] = (vr, keyword) }
    }
    return result
  }()

  private static let table: [UInt16: [(UInt16, DICOMVR, String)]] = [
    0x0002: [
      (0x0000, .UL, "FileMetaInformationGroupLength"), (0x0001, .OB, "FileMetaInformationVersion"),
      (0x0002, .UI, "MediaStorageSOPClassUID"), (0x0003, .UI, "MediaStorageSOPInstanceUID"),
      (0x0010, .UI, "TransferSyntaxUID"), (0x0012, .UI, "ImplementationClassUID"),
      (0x0013, .SH, "ImplementationVersionName"),
      (0x0016, .AE, "SourceApplicationEntityTitle"),
    ],
    0x0004: [
      (0x1130, .CS, "FileSetID"), (0x1200, .UL, "OffsetOfTheFirstDirectoryRecord"),
      (0x1202, .UL, "OffsetOfTheLastDirectoryRecord"), (0x1212, .US, "FileSetConsistencyFlag"),
      (0x1220, .SQ, "DirectoryRecordSequence"), (0x1400, .UL, "OffsetOfTheNextDirectoryRecord"),
      (0x1410, .US, "RecordInUseFlag"), (0x1420, .UL, "OffsetOfReferencedLowerLevelEntity"),
      (0x1430, .CS, "DirectoryRecordType"), (0x1500, .CS, "ReferencedFileID"),
      (0x1510, .UI, "ReferencedSOPClassUIDInFile"),
      (0x1511, .UI, "ReferencedSOPInstanceUIDInFile"),
      (0x1512, .UI, "ReferencedTransferSyntaxUIDInFile"),
    ],
    0x0008: [
      (0x0005, .CS, "SpecificCharacterSet"), (0x0008, .CS, "ImageType"),
      (0x0012, .DA, "InstanceCreationDate"), (0x0013, .TM, "InstanceCreationTime"),
      (0x0014, .UI, "InstanceCreatorUID"), (0x0016, .UI, "SOPClassUID"),
      (0x0018, .UI, "SOPInstanceUID"), (0x0020, .DA, "StudyDate"), (0x0021, .DA, "SeriesDate"),
      (0x0022, .DA, "AcquisitionDate"), (0x0023, .DA, "ContentDate"),
      (0x002A, .DT, "AcquisitionDateTime"), (0x0030, .TM, "StudyTime"),
      (0x0031, .TM, "SeriesTime"), (0x0032, .TM, "AcquisitionTime"), (0x0033, .TM, "ContentTime"),
      (0x0050, .SH, "AccessionNumber"), (0x0060, .CS, "Modality"), (0x0070, .LO, "Manufacturer"),
      (0x0080, .LO, "InstitutionName"), (0x0081, .ST, "InstitutionAddress"),
      (0x0090, .PN, "ReferringPhysicianName"), (0x1010, .SH, "StationName"),
      (0x1030, .LO, "StudyDescription"), (0x103E, .LO, "SeriesDescription"),
      (0x1050, .PN, "PerformingPhysicianName"), (0x1070, .PN, "OperatorsName"),
      (0x1090, .LO, "ManufacturerModelName"), (0x1140, .SQ, "ReferencedImageSequence"),
      (0x1150, .UI, "ReferencedSOPClassUID"), (0x1155, .UI, "ReferencedSOPInstanceUID"),
      (0x2218, .SQ, "AnatomicRegionSequence"), (0x0100, .SH, "CodeValue"),
      (0x0102, .SH, "CodingSchemeDesignator"), (0x0104, .LO, "CodeMeaning"),
    ],
    0x0010: [
      (0x0010, .PN, "PatientName"), (0x0020, .LO, "PatientID"),
      (0x0030, .DA, "PatientBirthDate"), (0x0032, .TM, "PatientBirthTime"),
      (0x0040, .CS, "PatientSex"), (0x1000, .LO, "OtherPatientIDs"),
      (0x1001, .PN, "OtherPatientNames"), (0x1010, .AS, "PatientAge"),
      (0x1020, .DS, "PatientSize"), (0x1030, .DS, "PatientWeight"),
      (0x4000, .LT, "PatientComments"),
    ],
    0x0012: [
      (0x0062, .CS, "PatientIdentityRemoved"), (0x0063, .LO, "DeidentificationMethod"),
      (0x0064, .SQ, "DeidentificationMethodCodeSequence"),
    ],
    0x0018: [
      (0x0015, .CS, "BodyPartExamined"), (0x0020, .CS, "ScanningSequence"),
      (0x0021, .CS, "SequenceVariant"), (0x0022, .CS, "ScanOptions"),
      (0x0023, .CS, "MRAcquisitionType"), (0x0024, .SH, "SequenceName"),
      (0x0050, .DS, "SliceThickness"), (0x0080, .DS, "RepetitionTime"),
      (0x0081, .DS, "EchoTime"), (0x0082, .DS, "InversionTime"), (0x0086, .IS, "EchoNumbers"),
      (0x0087, .DS, "MagneticFieldStrength"), (0x0088, .DS, "SpacingBetweenSlices"),
      (0x0091, .IS, "EchoTrainLength"), (0x1000, .LO, "DeviceSerialNumber"),
      (0x1020, .LO, "SoftwareVersions"), (0x1030, .LO, "ProtocolName"),
      (0x1060, .DS, "TriggerTime"), (0x1164, .DS, "ImagerPixelSpacing"),
      (0x1250, .SH, "ReceiveCoilName"), (0x1310, .US, "AcquisitionMatrix"),
      (0x1314, .DS, "FlipAngle"), (0x5100, .CS, "PatientPosition"),
      (0x9005, .SH, "PulseSequenceName"), (0x9079, .FD, "InversionTimes"),
      (0x9082, .FD, "EffectiveEchoTime"),
      (0x9112, .SQ, "MRTimingAndRelatedParametersSequence"), (0x9114, .SQ, "MREchoSequence"),
      (0x9115, .SQ, "MRModifierSequence"),
    ],
    0x0020: [
      (0x000D, .UI, "StudyInstanceUID"), (0x000E, .UI, "SeriesInstanceUID"),
      (0x0010, .SH, "StudyID"), (0x0011, .IS, "SeriesNumber"), (0x0012, .IS, "AcquisitionNumber"),
      (0x0013, .IS, "InstanceNumber"), (0x0032, .DS, "ImagePositionPatient"),
      (0x0037, .DS, "ImageOrientationPatient"), (0x0052, .UI, "FrameOfReferenceUID"),
      (0x0060, .CS, "Laterality"), (0x0062, .CS, "ImageLaterality"),
      (0x0100, .IS, "TemporalPositionIdentifier"), (0x1041, .DS, "SliceLocation"),
      (0x4000, .LT, "ImageComments"), (0x9056, .SH, "StackID"),
      (0x9057, .UL, "InStackPositionNumber"), (0x9071, .SQ, "FrameAnatomySequence"),
      (0x9072, .CS, "FrameLaterality"), (0x9111, .SQ, "FrameContentSequence"),
      (0x9113, .SQ, "PlanePositionSequence"), (0x9116, .SQ, "PlaneOrientationSequence"),
      (0x9128, .UL, "TemporalPositionIndex"),
    ],
    0x0028: [
      (0x0002, .US, "SamplesPerPixel"), (0x0004, .CS, "PhotometricInterpretation"),
      (0x0006, .US, "PlanarConfiguration"), (0x0008, .IS, "NumberOfFrames"), (0x0010, .US, "Rows"),
      (0x0011, .US, "Columns"), (0x0030, .DS, "PixelSpacing"), (0x0100, .US, "BitsAllocated"),
      (0x0101, .US, "BitsStored"), (0x0102, .US, "HighBit"),
      (0x0103, .US, "PixelRepresentation"), (0x0106, .US, "SmallestImagePixelValue"),
      (0x0107, .US, "LargestImagePixelValue"), (0x0120, .US, "PixelPaddingValue"),
      (0x0121, .US, "PixelPaddingRangeLimit"), (0x0301, .CS, "BurnedInAnnotation"),
      (0x1050, .DS, "WindowCenter"), (0x1051, .DS, "WindowWidth"),
      (0x1052, .DS, "RescaleIntercept"), (0x1053, .DS, "RescaleSlope"),
      (0x1054, .LO, "RescaleType"), (0x1056, .CS, "VOILUTFunction"),
      (0x2110, .CS, "LossyImageCompression"),
      (0x3000, .SQ, "ModalityLUTSequence"), (0x9110, .SQ, "PixelMeasuresSequence"),
      (0x9132, .SQ, "FrameVOILUTSequence"), (0x9145, .SQ, "PixelValueTransformationSequence"),
    ],
    0x0032: [
      (0x1032, .PN, "RequestingPhysician"), (0x1064, .SQ, "RequestedProcedureCodeSequence"),
    ],
    0x0040: [
      (0x0254, .LO, "PerformedProcedureStepDescription"),
      (0x0275, .SQ, "RequestAttributesSequence"),
    ],
    0x5200: [
      (0x9229, .SQ, "SharedFunctionalGroupsSequence"),
      (0x9230, .SQ, "PerFrameFunctionalGroupsSequence"),
    ],
    0x7FE0: [
      (0x0001, .OV, "ExtendedOffsetTable"), (0x0002, .OV, "ExtendedOffsetTableLengths"),
      (0x0008, .OF, "FloatPixelData"), (0x0009, .OD, "DoubleFloatPixelData"),
      (0x0010, .OW, "PixelData"),
    ],
    0xFFFC: [(0xFFFC, .OB, "DataSetTrailingPadding")],
    0xFFFE: [
      (0xE000, .UN, "Item"), (0xE00D, .UN, "ItemDelimitationItem"),
      (0xE0DD, .UN, "SequenceDelimitationItem"),
    ],
  ]
}
