import Imaging
import TestSupport
import Testing

/// Pixels written by the test's own encoders come back; damaged ones are refused.
@Suite struct DICOMCodecTests {
  static let lossless: [TinyDICOM.Encoding] =
    [.implicitLittle, .explicitLittle, .explicitBig, .deflated, .rle, .jpegLS(near: 0)]
    + (1...7).map { .jpegLossless(predictor: $0, restartRows: 0) }
    + [.jpegLossless(predictor: 4, restartRows: 3)]

  static func decode(_ series: TinyDICOMSeries, _ volume: ImageVolume) throws -> [Float] {
    try (0..<volume.shape.z).flatMap { k in
      try DICOMFile.decode(series.file(volume, slice: k)).frame(0).values.map { Float($0) }
    }
  }

  @Test(
    arguments: lossless, [(8, false), (8, true), (12, false), (12, true), (16, false), (16, true)])
  func losslessEncodingsGiveBackEveryBit(
    encoding: TinyDICOM.Encoding, depth: (bits: Int, isSigned: Bool)
  ) throws {
    var series = TinyDICOMSeries()
    (series.encoding, series.bitsStored, series.isSigned) = (encoding, depth.bits, depth.isSigned)
    let low = depth.isSigned ? -(1 << (depth.bits - 1)) : 0
    for seed in 1...4 as ClosedRange<UInt64> {
      let shape = SIMD3(7 + Int(seed) * 8, 5 + Int(seed) * 3, 2)
      let volume = DICOMSamples.volume(
        shape, range: low...low + (1 << depth.bits) - 1, seed: seed)
      #expect(try Self.decode(series, volume) == volume.voxels, "seed \(seed)")
    }
  }

  @Test(arguments: 2...16)
  func jpegOfEveryPrecision(bits: Int) throws {
    var series = TinyDICOMSeries()
    series.bitsStored = bits
    let volume = DICOMSamples.volume([19, 11, 2], range: 0...(1 << bits) - 1, seed: UInt64(bits))
    for encoding in [
      TinyDICOM.Encoding.jpegLS(near: 0), .jpegLossless(predictor: 7, restartRows: 2),
    ] {
      series.encoding = encoding
      #expect(try Self.decode(series, volume) == volume.voxels)
    }
  }

  @Test(arguments: [1, 2, 5, 20])
  func nearLosslessStaysWithinItsBound(near: Int) throws {
    var series = TinyDICOMSeries()
    (series.bitsStored, series.encoding) = (12, .jpegLS(near: near))
    let volume = DICOMSamples.volume(seed: UInt64(near))
    let decoded = try Self.decode(series, volume)
    let worst = zip(decoded, volume.voxels).map { abs($0 - $1) }.max()
    #expect(worst == Float(near))
  }

  @Test func jpegLSRestartsAndDefaults() throws {
    let volume = DICOMSamples.volume([40, 21, 1], range: 0...255)
    let words = volume.voxels.map { UInt16($0) }
    let stream = TinyJPEGLS.encode(
      words, rows: 21, columns: 40, precision: 8, near: 0, restartRows: 4)
    #expect(
      try Self.frame(stream, .jpegLSLossless, rows: 21, columns: 40, bits: 8)
        == words.map { Int32($0) })
  }

  /// Decodes one compressed frame of one fragment.
  static func frame(
    _ stream: [UInt8], _ syntax: DICOMTransferSyntax, rows: Int, columns: Int, bits: Int
  ) throws -> [Int32] {
    try image(syntax, rows, columns, bits) { $0.addFragments([stream]) }.frame(0).values
  }

  static func image(
    _ syntax: DICOMTransferSyntax, _ rows: Int, _ columns: Int, _ bits: Int, frames: Int = 1,
    _ pixels: (inout TinyDICOM) -> Void
  ) throws -> DICOMFile {
    try DICOMSamples.image(syntax) { set in
      set.add(.samplesPerPixel, "US", [1])
      set.add(.photometricInterpretation, "CS", "MONOCHROME2")
      if frames > 1 { set.add(.numberOfFrames, "IS", "\(frames)") }
      set.add(.rows, "US", [rows])
      set.add(.columns, "US", [columns])
      set.add(.bitsAllocated, "US", [bits <= 8 ? 8 : 16])
      set.add(.bitsStored, "US", [bits])
      set.add(.highBit, "US", [bits - 1])
      set.add(.pixelRepresentation, "US", [0])
      pixels(&set)
    }
  }

  // MARK: - Fragments

  static let frames: [[UInt16]] = (0..<3).map { n in (0..<12).map { UInt16(n * 50 + $0 * $0) } }
  static let streams = frames.map {
    TinyCodestreams.jpegLossless(
      $0, rows: 3, columns: 4, precision: 8, predictor: 1, restartRows: 0)
  }

  static func pieces(_ stream: [UInt8]) -> [[UInt8]] {
    // Even lengths, so that no padding comes between.
    [Array(stream[..<20]), Array(stream[20..<40]), Array(stream[40...])]
  }

  @Test(arguments: ["table", "extended", "start", "one each", "all of one"])
  func fragmentsFindTheirFrames(how: String) throws {
    let count = how == "all of one" ? 1 : 3
    let file = try Self.image(.jpegLosslessSV1, 3, 4, 8, frames: count) { set in
      let fragments = Self.streams.prefix(count).flatMap {
        how == "one each" || how == "extended" ? [$0] : Self.pieces($0)
      }
      var offsets: [Int] = []
      var at = 0
      for fragment in fragments {
        if fragment.starts(with: [0xFF, 0xD8]) { offsets.append(at) }
        at += 8 + fragment.count + fragment.count % 2
      }
      if how == "extended" {
        var table = ByteBuilder()
        for offset in offsets { table.append(UInt64(offset)) }
        set.add(DICOMTag(0x7FE0, 0x0001), "OV", raw: table.bytes)
      }
      set.addFragments(fragments, table: how == "table" ? offsets : [])
    }
    try file.forEachFrame { n, frame in
      #expect(frame.values == Self.frames[n].map { Int32($0) })
    }
    #expect(throws: ReadError.self) { try file.frame(count) }
  }

  @Test func fragmentsThatDoNotTellAreRefused() throws {
    let few = try Self.image(.rleLossless, 3, 4, 8, frames: 4) { $0.addFragments([[0, 0]]) }
    let unclear = try Self.image(.rleLossless, 3, 4, 8, frames: 2) {
      $0.addFragments([[0, 0], [0, 0], [0, 0]])
    }
    let none = try Self.image(.rleLossless, 3, 4, 8) { $0.addFragments([]) }
    let native = try Self.image(.rleLossless, 3, 4, 8) {
      $0.add(.pixelData, "OB", raw: [UInt8](repeating: 0, count: 12))
    }
    for file in [few, unclear, none, native] {
      let error = #expect(throws: ReadError.self) { try file.frame(0) }
      #expect(error?.field?.contains("(7FE0,0010)") == true)
    }
  }

  // MARK: - Native layouts

  @Test func highBitsAreMaskedAndSignsExtended() throws {
    let file = try DICOMSamples.image { set in
      set.add(.rows, "US", [1])
      set.add(.columns, "US", [3])
      set.add(.bitsAllocated, "US", [16])
      set.add(.bitsStored, "US", [10])
      set.add(.highBit, "US", [13])
      set.add(.pixelRepresentation, "US", [1])
      set.add(.pixelData, "OW", [0xC000 | 0x1FF << 4 | 0xF, 0x200 << 4, 0x3FF << 4])
    }
    #expect(try file.frame(0).values == [511, -512, -1])
  }

  @Test func bytesInBigEndianWordsAreTurned() throws {
    let file = try Self.image(.explicitBig, 1, 3, 8) { set in
      set.add(.pixelData, "OW", raw: [2, 1, 0, 3])
    }
    #expect(try file.frame(0).values == [1, 2, 3])
    let bytes = try Self.image(.explicitBig, 1, 3, 8) {
      $0.add(.pixelData, "OB", raw: [1, 2, 3, 0])
    }
    #expect(try bytes.frame(0).values == [1, 2, 3])
  }

  @Test func layoutsThatAreNotReadSayWhy() throws {
    func problem(_ tag: DICOMTag, _ vr: String, _ value: String) -> ReadError? {
      let file = try? DICOMSamples.image { set in
        func add(_ own: DICOMTag, _ number: Int) {
          if own != tag { set.add(own, "US", [number]) }
        }
        if vr == "CS" { set.add(tag, vr, value) } else { set.add(tag, vr, [Int(value) ?? 0]) }
        add(.samplesPerPixel, 1)
        add(.rows, 4)
        add(.columns, 4)
        add(.bitsAllocated, 16)
        add(.bitsStored, 12)
        add(.highBit, 11)
        set.add(.pixelData, "OW", [Int](repeating: 0, count: 16))
      }
      do {
        _ = try file?.frame(0)
        return nil
      } catch { return error as? ReadError }
    }
    #expect(problem(.samplesPerPixel, "US", "3")?.problem.contains("colours") == true)
    #expect(problem(.photometricInterpretation, "CS", "RGB")?.problem.contains("RGB") == true)
    #expect(problem(.bitsAllocated, "US", "32")?.field == "(0028,0100) BitsAllocated")
    #expect(problem(.bitsStored, "US", "17")?.field == "(0028,0101) BitsStored")
    #expect(problem(.highBit, "US", "5")?.field == "(0028,0102) HighBit")
    #expect(problem(.rows, "US", "0")?.field == "(0028,0010) Rows")
    #expect(problem(.rows, "US", "5")?.problem.contains("bytes") == true)
    #expect(problem(.modality, "CS", "RTDOSE")?.problem.contains("radiotherapy dose") == true)
    let large = try Self.image(.jpegLSLossless, 65535, 65535, 8) { $0.addFragments([[1, 2]]) }
    #expect(throws: ReadError.self) { try large.frame(0) }
  }

  // MARK: - Damage

  @Test func streamsOfAnotherProcessAreNamed() throws {
    var stream = Self.streams[0]
    let at = try #require(stream.indices.first { stream[$0] == 0xFF && stream[$0 + 1] == 0xC3 })
    for (marker, name) in [(0xC0, "JPEG Baseline"), (0xC2, "Progressive"), (0xF7, "JPEG-LS")] {
      stream[at + 1] = UInt8(marker)
      let error = #expect(throws: ReadError.self) {
        try Self.frame(stream, .jpegLosslessSV1, rows: 3, columns: 4, bits: 8)
      }
      #expect(error?.problem.contains(name) == true)
    }
    let size = #expect(throws: ReadError.self) {
      try Self.frame(Self.streams[0], .jpegLosslessSV1, rows: 4, columns: 4, bits: 8)
    }
    #expect(size?.problem.contains("4 x 3 pixels, the header says 4 x 4") == true)
  }

  @Test(arguments: [
    TinyDICOM.Encoding.rle, .jpegLossless(predictor: 1, restartRows: 0), .jpegLS(near: 0),
  ])
  func truncatedStreamsAreErrors(encoding: TinyDICOM.Encoding) throws {
    let volume = DICOMSamples.volume([32, 32, 1], range: 0...255)
    let words = volume.voxels.map { UInt16($0) }
    let stream: [UInt8] =
      switch encoding {
      case .rle: TinyCodestreams.rle(words, bytesPerPixel: 1)
      case .jpegLS:
        TinyJPEGLS.encode(words, rows: 32, columns: 32, precision: 8, near: 0)
      default:
        TinyCodestreams.jpegLossless(
          words, rows: 32, columns: 32, precision: 8, predictor: 1, restartRows: 0)
      }
    let whole = try Self.frame(stream, encoding.syntax, rows: 32, columns: 32, bits: 8)
    #expect(whole == words.map { Int32($0) })
    for count in stride(from: 0, to: stream.count - 8, by: 7) {
      #expect(throws: ReadError.self, "\(count) bytes") {
        try Self.frame(Array(stream[..<count]), encoding.syntax, rows: 32, columns: 32, bits: 8)
      }
    }
  }
}
