/// How a data set and its pixels are encoded (PS3.5 section 10 and annex A).
public struct DICOMTransferSyntax: Equatable, Sendable, CustomStringConvertible {
  /// How the pixels are compressed.
  public enum Compression: Equatable, Sendable {
    /// Pixels as they are.
    case none
    /// RLE Lossless (PS3.5 annex G).
    case rle
    /// JPEG lossless, process 14, any predictor (ITU-T T.81 annex H).
    case jpegLossless
    /// JPEG-LS, lossless or near-lossless (ITU-T T.87).
    case jpegLS
    /// One that is not decoded here; `tool` converts it.
    case unsupported(tool: String)
  }

  /// The unique identifier; empty where the file states none.
  public let uid: String
  /// The standard's name.
  public let name: String
  /// How the pixels are compressed.
  public let compression: Compression
  /// Whether every element states its representation.
  public let isExplicit: Bool
  /// The byte order of the data set.
  public let order: ByteOrder
  /// Whether the data set is compressed as a whole.
  public let isDeflated: Bool

  /// The name.
  public var description: String { name }
  /// Whether the pixels lie in fragments.
  public var isEncapsulated: Bool { compression != .none }

  private init(
    _ uid: String, _ name: String, _ compression: Compression = .none, explicit: Bool = true,
    order: ByteOrder = .little, deflated: Bool = false
  ) {
    self.uid = uid
    self.name = name
    self.compression = compression
    isExplicit = explicit
    self.order = order
    isDeflated = deflated
  }

  /// Implicit VR Little Endian, the default of the standard.
  public static let implicitLittle = DICOMTransferSyntax(
    "1.2.840.10008.1.2", "Implicit VR Little Endian", explicit: false)
  /// Explicit VR Little Endian.
  public static let explicitLittle = DICOMTransferSyntax(
    "1.2.840.10008.1.2.1", "Explicit VR Little Endian")
  /// Explicit VR Big Endian (retired, still found).
  public static let explicitBig = DICOMTransferSyntax(
    "1.2.840.10008.1.2.2", "Explicit VR Big Endian", order: .big)
  /// Deflated Explicit VR Little Endian.
  public static let deflated = DICOMTransferSyntax(
    "1.2.840.10008.1.2.1.99", "Deflated Explicit VR Little Endian", deflated: true)
  /// RLE Lossless.
  public static let rleLossless = DICOMTransferSyntax(
    "1.2.840.10008.1.2.5", "RLE Lossless", .rle)
  /// JPEG Lossless, process 14, any predictor.
  public static let jpegLossless = DICOMTransferSyntax(
    "1.2.840.10008.1.2.4.57", "JPEG Lossless, Non-Hierarchical (Process 14)", .jpegLossless)
  /// JPEG Lossless, process 14, predictor 1.
  public static let jpegLosslessSV1 = DICOMTransferSyntax(
    "1.2.840.10008.1.2.4.70", "JPEG Lossless, First-Order Prediction (Process 14, SV1)",
    .jpegLossless)
  /// JPEG-LS lossless.
  public static let jpegLSLossless = DICOMTransferSyntax(
    "1.2.840.10008.1.2.4.80", "JPEG-LS Lossless", .jpegLS)
  /// JPEG-LS near-lossless.
  public static let jpegLSNearLossless = DICOMTransferSyntax(
    "1.2.840.10008.1.2.4.81", "JPEG-LS Near-Lossless", .jpegLS)

  /// The syntax of an identifier; unknown ones are taken for explicit, little endian, encapsulated,
  /// as all syntaxes since 1994 are.
  public init(uid: String) {
    if let known = Self.known[uid] {
      self = known
    } else {
      let shown = uid.cleaned(limit: 64)
      self.init(uid, "transfer syntax \(shown)", .unsupported(tool: "gdcmconv --raw IN OUT"))
    }
  }

  private static let known: [String: DICOMTransferSyntax] = {
    let decoded = [
      implicitLittle, explicitLittle, explicitBig, deflated, rleLossless, jpegLossless,
      jpegLosslessSV1, jpegLSLossless, jpegLSNearLossless,
    ]
    let jpeg = [
      "50": "JPEG Baseline (Process 1)", "51": "JPEG Extended (Process 2 and 4)",
      "52": "JPEG Extended (Process 3 and 5, retired)",
      "53": "JPEG Spectral Selection (Process 6 and 8, retired)",
      "54": "JPEG Spectral Selection (Process 7 and 9, retired)",
      "55": "JPEG Full Progression (Process 10 and 12, retired)",
      "56": "JPEG Full Progression (Process 11 and 13, retired)",
      "58": "JPEG Lossless (Process 15, retired)",
      "59": "JPEG Extended, Hierarchical (Process 16 and 18, retired)",
      "60": "JPEG Extended, Hierarchical (Process 17 and 19, retired)",
      "61": "JPEG Spectral Selection, Hierarchical (Process 20 and 22, retired)",
      "62": "JPEG Spectral Selection, Hierarchical (Process 21 and 23, retired)",
      "63": "JPEG Full Progression, Hierarchical (Process 24 and 26, retired)",
      "64": "JPEG Full Progression, Hierarchical (Process 25 and 27, retired)",
      "65": "JPEG Lossless, Hierarchical (Process 28, retired)",
      "66": "JPEG Lossless, Hierarchical (Process 29, retired)",
    ]
    let other = [
      "90": "JPEG 2000 Lossless", "91": "JPEG 2000", "92": "JPEG 2000 Part 2 Lossless",
      "93": "JPEG 2000 Part 2", "94": "JPIP Referenced", "95": "JPIP Referenced Deflate",
      "201": "HTJ2K Lossless", "202": "HTJ2K Lossless RPCL", "203": "HTJ2K",
      "110": "JPEG XL Lossless", "111": "JPEG XL Recompression", "112": "JPEG XL",
      "100": "MPEG2 Main Profile, Main Level", "101": "MPEG2 Main Profile, High Level",
      "102": "MPEG-4 High Profile", "103": "MPEG-4 High Profile, BD-compatible",
      "104": "MPEG-4 High Profile 2D", "105": "MPEG-4 High Profile 3D",
      "106": "MPEG-4 Stereo High Profile", "107": "HEVC Main Profile",
      "108": "HEVC Main 10 Profile",
    ]
    let stem = "1.2.840.10008.1.2.4."
    let refused =
      jpeg.map {
        DICOMTransferSyntax(stem + $0, $1, .unsupported(tool: "dcmdjpeg IN OUT (DCMTK)"))
      }
      + other.map {
        DICOMTransferSyntax(stem + $0, $1, .unsupported(tool: "gdcmconv --raw IN OUT (GDCM)"))
      }
    return Dictionary(uniqueKeysWithValues: (decoded + refused).map { ($0.uid, $0) })
  }()

  /// The refusal of pixels that are not decoded here, or `nil` when they are.
  func refusal(path: String) -> ReadError? {
    guard case .unsupported(let tool) = compression else { return nil }
    return ReadError(
      path: path, field: DICOMTag.transferSyntaxUID.description,
      problem: "pixels compressed as \(name) are not decoded", advice: "convert it with \(tool)")
  }
}
