import Foundation
import Imaging
import TestSupport
import Testing

/// Good small files with seeded damage: a value or a `ReadError`, never a trap, a hang or gigabytes.
@Suite struct DICOMDamagedTests {
  static let encodings: [TinyDICOM.Encoding] = [
    .implicitLittle, .explicitLittle, .explicitBig, .deflated, .rle,
    .jpegLossless(predictor: 5, restartRows: 4), .jpegLS(near: 0), .jpegLS(near: 3),
  ]

  static func read(_ bytes: [UInt8]) throws {
    let file = try DICOMFile.decode(bytes, path: "damaged")
    for tag in file.dataSet.elements.keys {
      _ = file.dataSet.strings(tag).count + file.dataSet.numbers(tag).count
      _ = (file.dataSet.personName(tag), file.dataSet.date(tag), file.dataSet.time(tag))
      _ = (file.dataSet.tags(tag).count, file.dataSet.items(tag).count, tag.description)
    }
    _ = file.findings.map(\.description)
    // A claim of millions of frames ends with the first that is not there.
    try file.forEachFrame { _, frame in precondition(frame.values.count > 0) }
  }

  /// A copy with bytes changed, mostly in the header, and now and then cut.
  static func damaged(_ bytes: [UInt8], _ random: inout SeededNumbers) -> [UInt8] {
    var result = bytes
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let header = min(900, result.count)
      let reach = Bool.random(using: &random) ? header : result.count
      let at = Int.random(in: 0..<reach, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: result[at] = UInt8.random(in: 0...255, using: &random)
      case 1: result[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 2: result[at] = [0x00, 0xFF, 0x7F, 0x80].randomElement(using: &random) ?? 0
      default: result[at] &+= 1
      }
    }
    if Int.random(in: 0..<8, using: &random) == 0 {
      result.removeLast(Int.random(in: 0..<result.count, using: &random))
    }
    return result
  }

  static func check(_ bytes: [UInt8], _ name: String, seeds: Range<UInt64>) {
    for seed in seeds {
      var random = SeededNumbers(seed: seed)
      do {
        try read(damaged(bytes, &random))
      } catch let error as ReadError {
        if error.description.isEmpty || error.path != "damaged" {
          Issue.record("\(name), seed \(seed): \(error)")
        }
      } catch {
        Issue.record("\(name), seed \(seed): \(error)")
      }
    }
  }

  @Test(arguments: encodings)
  func damageGivesAValueOrAnError(encoding: TinyDICOM.Encoding) throws {
    var series = TinyDICOMSeries()
    (series.encoding, series.bitsStored) = (encoding, 12)
    let bytes = try series.file(DICOMSamples.volume([16, 16, 1]), slice: 0)
    try Self.read(bytes)
    Self.check(bytes, "\(encoding)", seeds: 0..<1500)
  }

  @Test(arguments: encodings)
  func everyTruncationGivesAValueOrAnError(encoding: TinyDICOM.Encoding) throws {
    var series = TinyDICOMSeries()
    (series.encoding, series.bitsStored) = (encoding, 8)
    let bytes = try series.file(DICOMSamples.volume([12, 12, 1], range: 0...255), slice: 0)
    for count in 0..<bytes.count - 1 {
      do {
        try Self.read(Array(bytes[..<count]))
        // Only the delimiter behind the pixels, or padding, can be missed.
        #expect(count > bytes.count - 16, "\(count) of \(bytes.count) bytes")
      } catch let error as ReadError {
        #expect(!error.description.isEmpty)
      }
    }
  }

  @Test func damagedMultiFrameObjects() throws {
    let bytes = try DICOMMultiFrameTests.file(places: [0, 3, 6], echoes: [1, 1, 2])
    Self.check(bytes, "multi-frame", seeds: 0..<3000)
    let folder = try TemporaryFolder()
    for seed in 0..<150 as Range<UInt64> {
      var random = SeededNumbers(seed: seed)
      try Data(Self.damaged(bytes, &random)).write(to: folder("a.dcm"))
      let scan = DICOMScan(files: [folder("a.dcm")])
      #expect(scan.series.count + scan.skipped.count > 0, "seed \(seed)")
      for series in scan.series { _ = (try? series.volume(), series.findings.map(\.text)) }
    }
  }

  @Test(
    .enabled(if: SharedData.has("data/pydicom")),
    arguments: [
      "MR_small_RLE.dcm", "MR_small_jpeg_ls_lossless.dcm", "nested_priv_SQ.dcm", "test-SR.dcm",
      "UN_sequence.dcm", "JPEGLSNearLossless_16.dcm", "image_dfl.dcm", "rtdose_rle.dcm",
      "dicomdirtests/DICOMDIR",
    ])
  func damagedFilesOfOtherPrograms(name: String) throws {
    let url = SharedData.url("data/pydicom/test_files/\(name)")
    let bytes = [UInt8](try Data(contentsOf: url))
    Self.check(bytes, name, seeds: 0..<300)
  }

  @Test(
    "Megabytes of zeros with one other byte behind them take no time by the square of their length")
  func zeros() throws {
    var set = TinyDICOM()
    set.add(.modality, "CS", "MR")
    set.append(raw: [UInt8](repeating: 0, count: 6 << 20) + [1])
    let bytes = try set.file(.explicitLittle)
    // By the square it would not end within an hour.
    #expect(throws: ReadError.self) { try DICOMFile.decode(bytes) }
  }

  @Test("A series of more stacks than any scanner makes is an error, soon")
  func stacks() throws {
    let folder = try TemporaryFolder()
    let volume = DICOMSamples.volume([4, 4, 1])
    var files: [URL] = []
    for n in 0..<700 {
      var series = TinyDICOMSeries()
      series.texts[.echoTime] = ("DS", "\(n + 1)")
      series.texts[.sopInstanceUID] = ("UI", "1.2.\(n)")
      files.append(folder("\(n).dcm"))
      try Data(series.file(volume, slice: 0)).write(to: files[n])
    }
    let scan = DICOMScan(files: files)
    #expect(scan.series.count == 1 && scan.series.first?.hasVolume == false)
    #expect(
      scan.series.first?.findings.contains { $0.kind == .taken && $0.severity == .error } == true)
  }
}
