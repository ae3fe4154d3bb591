import Foundation
import Imaging
import TestSupport
import Testing

/// Every file of pydicom's tests is read right or refused with a reason; sums are pydicom's.
@Suite struct DICOMPydicomTests {
  static let root = "data/pydicom"

  enum Outcome: Sendable {
    /// The stored values of all frames add up to this.
    case sum(Int)
    /// All frames decode; no other program here gives a sum.
    case pixels(Int)
    /// The error has these words.
    case refused(String)
  }

  static let charsets: [(String, Outcome)] =
    [
      "chrArab", "chrFren", "chrFrenMulti", "chrGerm", "chrGreek", "chrH31", "chrH32", "chrHbrw",
      "chrI2", "chrRuss", "chrX1", "chrX2",
    ].map { ("charset_files/\($0).dcm", .sum(141_765)) }
    + ["chrJapMulti", "chrJapMultiExplicitIR6", "chrKoreanMulti"].map {
      ("charset_files/\($0).dcm", .refused("PixelData"))
    }
    + ["chrSQEncoding", "chrSQEncoding1"].map { ("charset_files/\($0).dcm", .refused("Rows")) }
    + [
      ("charset_files/FileInfo.txt", .refused("no DICOM file")), ("LICENSE", .refused("no DICOM")),
    ]

  static let grey: [(String, Outcome)] =
    [
      "", "_RLE", "_bigendian", "_expb", "_implicit", "_jpeg_ls_lossless", "_padded",
    ].map { ("test_files/MR_small\($0).dcm", .sum(2_125_338)) }
    + [
      ("test_files/zipMR.gz", .sum(2_125_338)), ("test_files/CT_small.dcm", .sum(14_826_310)),
      ("test_files/examples_overlay.dcm", .sum(27_833_052)),
      ("test_files/image_dfl.dcm", .sum(33_322_688)),
      ("test_files/JPEGLSNearLossless_08.dcm", .pixels(450)),
      ("test_files/JPEGLSNearLossless_16.dcm", .pixels(500)),
      ("test_files/MR_truncated.dcm", .refused("bytes")),
      ("test_files/MR_small_jp2klossless.dcm", .refused("JPEG 2000 Lossless")),
      ("test_files/693_J2KI.dcm", .refused("JPEG 2000")),
      ("test_files/J2K_pixelrep_mismatch.dcm", .refused("JPEG 2000 Lossless")),
      ("test_files/JPEG2000.dcm", .refused("JPEG 2000")),
      ("test_files/JPEG2000-embedded-sequence-delimiter.dcm", .refused("JPEG 2000")),
      ("test_files/JPEG-lossy.dcm", .refused("JPEG Extended")),
      ("test_files/JPGExtended.dcm", .refused("JPEG Extended")),
    ]

  static let others: [(String, Outcome)] =
    [
      ("ExplVR_BigEnd", "RGB"), ("GDCMJ2K_TextGBR", "YBR_RCT"), ("examples_jpeg2k", "YBR_RCT"),
      ("examples_palette", "PALETTE COLOR"), ("examples_rgb_color", "RGB"),
      ("examples_ybr_color", "YBR_FULL_422"), ("ExplVR_BigEndNoMeta", "radiotherapy plan"),
      ("ExplVR_LitEndNoMeta", "radiotherapy plan"), ("UN_sequence", "Rows"),
      ("badVR", "radiotherapy dose"), ("empty_charset_LEI", "Rows"),
      ("liver_1frame", "segmentation"), ("liver_expb_1frame", "segmentation"),
      ("meta_missing_tsyntax", "Rows"), ("nested_priv_SQ", "Rows"), ("no_meta", "no DICOM file"),
      ("no_meta_group_length", "Rows"), ("priv_SQ", "Rows"), ("reportsi", "structured report"),
      ("reportsi_with_empty_number_tags", "structured report"), ("test-SR", "structured report"),
      ("rtdose", "radiotherapy dose"), ("rtdose_1frame", "radiotherapy dose"),
      ("rtdose_expb", "radiotherapy dose"), ("rtdose_expb_1frame", "radiotherapy dose"),
      ("rtdose_rle", "radiotherapy dose"), ("rtdose_rle_1frame", "radiotherapy dose"),
      ("rtplan", "radiotherapy plan"), ("rtplan_truncated", "states"),
      ("rtstruct", "structure set"), ("waveform_ecg", "waveform"),
    ].map { ("test_files/\($0).dcm", .refused($1)) }
    + ["README.txt", "crayons.icc", "rtplan.dump", "rtstruct.dump", "test1.json", "test_PN.json"]
    .map { ("test_files/\($0)", .refused("no DICOM file")) }

  static func outcome(_ path: String) -> Outcome? {
    if let found = (charsets + grey + others).first(where: { $0.0 == path })?.1 { return found }
    let name = String(path.split(separator: "/").last ?? "")
    if path.contains("/SC_") { return .refused("colours") }
    if name.hasPrefix("DICOMDIR") { return .refused("a DICOMDIR") }
    if name.hasPrefix("README") { return .refused("no DICOM file") }
    if path.contains("TINY_ALPHA/") { return .refused("Rows") }
    return path.contains("dicomdirtests/") ? .pixels(256) : nil
  }

  @Test(.enabled(if: SharedData.has(root)))
  func everyFileIsReadRightOrRefused() throws {
    let folder = SharedData.url(Self.root)
    let files = try DICOMScan.files(at: folder)
    #expect(files.count > 150)
    for url in files {
      let path = String(url.path.dropFirst(folder.path.count + 1))
      guard let outcome = Self.outcome(path) else {
        Issue.record("\(path) has no expected outcome")
        continue
      }
      do {
        var (sum, count) = (0, 0)
        try DICOMFile.read(url).forEachFrame { _, frame in
          sum += DICOMPixelTests.sum(frame)
          count += frame.values.count
        }
        switch outcome {
        case .sum(let expected): #expect(sum == expected, "\(path)")
        case .pixels(let expected): #expect(count == expected, "\(path)")
        case .refused(let words): Issue.record("\(path) was read, expected: \(words)")
        }
      } catch let error as ReadError {
        guard case .refused(let words) = outcome else {
          Issue.record("\(path) was refused: \(error)")
          continue
        }
        #expect(error.description.contains(words), "\(error)")
        #expect(error.path == url.path)
      }
    }
  }

  @Test(.enabled(if: SharedData.has(root)))
  func foldersAreScannedWithAReasonForEachFile() throws {
    let files = try DICOMScan.files(at: SharedData.url(Self.root))
    let scan = DICOMScan(files: files)
    let used = Set(scan.series.flatMap { $0.slices.map(\.file) })
    // Copies of one object are found once.
    #expect(used.count + scan.skipped.count <= files.count)
    #expect(scan.series.contains { $0.hasVolume })
    for skipped in scan.skipped {
      let name = skipped.url.lastPathComponent
      if name.hasSuffix(".txt") || name.hasSuffix(".json") { #expect(skipped.reason == .notDICOM) }
      if name.hasPrefix("DICOMDIR") { #expect(skipped.reason == .directory) }
      if name.hasPrefix("SC_") || name.hasPrefix("rtdose") { #expect(skipped.reason == .noImage) }
      if name == "rtplan_truncated.dcm" { #expect(skipped.reason == .damaged) }
    }
    for series in scan.series where series.hasVolume {
      let volume = try? series.volume()
      #expect(volume == nil || volume?.shape.z == series.slices.count)
    }
  }
}
