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
    /// One that is not decoded here; `advice` says what converts it, or that nothing does.
    case unsupported(advice: String)
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

  init(
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

  /// Papyrus 3 (retired), whose files are put together by rules of its own.
  static let papyrus = DICOMTransferSyntax(
    "1.2.840.10008.1.20", "Papyrus 3 Implicit VR Little Endian (retired)",
    .unsupported(advice: DICOMConversion.export.advice), explicit: false)

  /// The syntax of an identifier; unknown ones are taken for explicit, little endian, encapsulated,
  /// as all syntaxes since 1994 are.
  public init(uid: String) {
    if let known = Self.known[uid] {
      self = known
    } else {
      let shown = uid.cleaned(limit: 64)
      self.init(
        uid, "transfer syntax \(shown)", .unsupported(advice: DICOMConversion.export.advice))
    }
  }

  private static let known: [String: DICOMTransferSyntax] = {
    let decoded = [
      implicitLittle, explicitLittle, explicitBig, deflated, rleLossless, jpegLossless,
      jpegLosslessSV1, jpegLSLossless, jpegLSNearLossless,
    ]
    return Dictionary(
      uniqueKeysWithValues: (decoded + DICOMConversion.refused + [papyrus]).map { ($0.uid, $0) })
  }()

  /// The refusal of pixels that are not decoded here, or `nil` when they are.
  func refusal(path: String) -> ReadError? {
    guard case .unsupported(let advice) = compression else { return nil }
    return ReadError(
      path: path, field: DICOMTag.transferSyntaxUID.description,
      problem: "pixels \(self == .papyrus ? "stored" : "compressed") as \(name) are not decoded",
      advice: advice)
  }
}
