/// What turns pixels that are not decoded here into ones that are.
///
/// A tool is named for what it was seen to decode: dcmdjpeg of DCMTK 3.6.7 and gdcmconv of GDCM 3.0.21 on
/// one CT in these encodings, pydicom 3.0.2 with pylibjpeg-openjpeg 2.6.0 on HTJ2K made of it. All of them
/// refused arithmetic coding and encapsulated uncompressed pixels; hierarchical JPEG and JPEG XL are not
/// among what they list.
enum DICOMConversion: CaseIterable {
  /// DCMTK, for JPEG with Huffman coding.
  case dcmtk
  /// GDCM, for JPEG 2000.
  case gdcm
  /// GDCM, for JPEG 2000 part 2 as far as it is used as part 1.
  case gdcmPartOne
  /// pydicom with OpenJPEG, for HTJ2K.
  case pydicom
  /// No tool at hand.
  case export
  /// Pixels that are not in the file.
  case server
  /// No slices at all.
  case film

  /// What the user can do.
  var advice: String {
    let export = "export it again from the PACS uncompressed (Explicit VR Little Endian)"
    return switch self {
    case .dcmtk: "convert it with dcmdjpeg IN OUT (DCMTK)"
    case .gdcm: "convert it with gdcmconv --raw IN OUT (GDCM)"
    case .gdcmPartOne: "convert it with gdcmconv --raw IN OUT (GDCM); if that fails, \(export)"
    case .pydicom:
      "convert it with pydicom 3 and pylibjpeg-openjpeg: python3 -c \"import pydicom; d = "
        + "pydicom.dcmread('IN'); d.decompress(); d.save_as('OUT')\""
    case .export: export
    case .server: "its pixels lie on a server: \(export)"
    case .film: "it is a film, no series of slices: export the series itself from the PACS"
    }
  }

  /// The transfer syntaxes whose pixels are not decoded here.
  static let refused: [DICOMTransferSyntax] = allCases.flatMap { conversion in
    func listed(_ syntaxes: [(String, String)], deflated: Bool) -> [DICOMTransferSyntax] {
      syntaxes.map { uid, name in
        DICOMTransferSyntax(
          "1.2.840.10008.1.2." + uid, name, .unsupported(advice: conversion.advice),
          deflated: deflated)
      }
    }
    return listed(conversion.syntaxes, deflated: false)
      + listed(conversion.deflatedSyntaxes, deflated: true)
  }

  /// The last parts of the identifiers of the syntaxes that it converts, and their names.
  private var syntaxes: [(String, String)] {
    switch self {
    case .dcmtk:
      [
        ("4.50", "JPEG Baseline (Process 1)"), ("4.51", "JPEG Extended (Process 2 and 4)"),
        ("4.53", "JPEG Spectral Selection (Process 6 and 8, retired)"),
        ("4.55", "JPEG Full Progression (Process 10 and 12, retired)"),
      ]
    case .gdcm: [("4.90", "JPEG 2000 Lossless"), ("4.91", "JPEG 2000")]
    case .gdcmPartOne: [("4.92", "JPEG 2000 Part 2 Lossless"), ("4.93", "JPEG 2000 Part 2")]
    case .pydicom:
      [("4.201", "HTJ2K Lossless"), ("4.202", "HTJ2K Lossless RPCL"), ("4.203", "HTJ2K")]
    case .export: Self.withoutTool
    case .server:
      [("4.94", "JPIP Referenced"), ("4.204", "JPIP HTJ2K Referenced")]
    case .film: Self.films
    }
  }

  /// Those of them whose data sets are deflated as a whole, which for JPIP holds the reference.
  private var deflatedSyntaxes: [(String, String)] {
    guard self == .server else { return [] }
    return [("4.95", "JPIP Referenced Deflate"), ("4.205", "JPIP HTJ2K Referenced Deflate")]
  }

  private static let withoutTool: [(String, String)] = [
    ("1.98", "Encapsulated Uncompressed Explicit VR Little Endian"),
    ("4.52", "JPEG Extended, arithmetic (Process 3 and 5, retired)"),
    ("4.54", "JPEG Spectral Selection, arithmetic (Process 7 and 9, retired)"),
    ("4.56", "JPEG Full Progression, arithmetic (Process 11 and 13, retired)"),
    ("4.58", "JPEG Lossless, arithmetic (Process 15, retired)"),
    ("4.59", "JPEG Extended, Hierarchical (Process 16 and 18, retired)"),
    ("4.60", "JPEG Extended, Hierarchical (Process 17 and 19, retired)"),
    ("4.61", "JPEG Spectral Selection, Hierarchical (Process 20 and 22, retired)"),
    ("4.62", "JPEG Spectral Selection, Hierarchical (Process 21 and 23, retired)"),
    ("4.63", "JPEG Full Progression, Hierarchical (Process 24 and 26, retired)"),
    ("4.64", "JPEG Full Progression, Hierarchical (Process 25 and 27, retired)"),
    ("4.65", "JPEG Lossless, Hierarchical (Process 28, retired)"),
    ("4.66", "JPEG Lossless, Hierarchical (Process 29, retired)"),
    ("4.110", "JPEG XL Lossless"), ("4.111", "JPEG XL Recompression"), ("4.112", "JPEG XL"),
    ("6.1", "RFC 2557 MIME encapsulation (retired)"), ("6.2", "XML Encoding (retired)"),
    ("8.1", "Deflated Image Frame Compression"),
  ]

  /// MPEG may also lie in fragments, under an identifier with ".1" at its end.
  private static let films: [(String, String)] =
    mpeg + mpeg.map { uid, name in (uid + ".1", "Fragmentable " + name) } + otherFilms

  private static let mpeg: [(String, String)] = [
    ("4.100", "MPEG2 Main Profile, Main Level"), ("4.101", "MPEG2 Main Profile, High Level"),
    ("4.102", "MPEG-4 High Profile"), ("4.103", "MPEG-4 High Profile, BD-compatible"),
    ("4.104", "MPEG-4 High Profile 2D"), ("4.105", "MPEG-4 High Profile 3D"),
    ("4.106", "MPEG-4 Stereo High Profile"),
  ]

  private static let otherFilms: [(String, String)] = [
    ("4.107", "HEVC Main Profile"), ("4.108", "HEVC Main 10 Profile"),
    ("7.1", "SMPTE ST 2110-20 Uncompressed Progressive Active Video"),
    ("7.2", "SMPTE ST 2110-20 Uncompressed Interlaced Active Video"),
    ("7.3", "SMPTE ST 2110-30 PCM Digital Audio"),
  ]
}
