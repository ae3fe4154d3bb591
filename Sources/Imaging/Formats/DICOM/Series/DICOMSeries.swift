internal import Foundation

/// A stack of slices that belong together: a series, or one direction or echo of it.
public struct DICOMSeries: Sendable {
  /// What it is, without the patient's identity.
  public let description: DICOMSeriesDescription
  /// Who the patient is.
  public let patient: DICOMPatient
  /// The slices by growing distance along the normal; as found where there is no geometry.
  public let slices: [DICOMSlice]
  /// Which stack of its series it is, from 0, and how many there are.
  public let part: (index: Int, count: Int)
  /// Column, row and slice indices to RAS mm; `nil` when an error stands among the findings.
  public let affine: Affine?
  /// From the middle of one slice to the next in mm; `nil` for one slice or none placed.
  public let spacingMM: Double?
  /// What was noticed, in the order of the checks.
  public let findings: [DICOMFinding]
  /// How many files were found of it, copies among them.
  public let fileCount: Int
  /// How many of these give it no slice: copies of others, and slices at a place that another one has.
  public let passedOverCount: Int
  private let isInverted: Bool

  /// - Parameter copies: how many files were dropped as copies of its files.
  init(
    _ instances: [DICOMInstance], slices given: [DICOMSlice], part: (index: Int, count: Int),
    notes: [DICOMFinding], copies: Int = 0
  ) {
    // The lowest instance number speaks for all; files are in no particular order.
    let files = Set(given.map(\.file))
    let own = instances.filter { files.contains($0.url) }
    let first = own.min { ($0.number, $0.url.path) < ($1.number, $1.url.path) }
    precondition(first != nil, "a series without files")
    var description = first.map(\.description) ?? instances[0].description
    description.echoTimeMS = given.first?.acquisition.echoTimeMS ?? description.echoTimeMS
    self.description = description
    patient = first.map(\.patient) ?? instances[0].patient
    self.part = part
    let stack = DICOMStack(
      given, statedMM: description.statedSpacingMM, thicknessMM: description.thicknessMM)
    slices = stack.slices
    spacingMM = stack.stepMM
    fileCount = files.count + copies
    passedOverCount = files.count + copies - Set(stack.slices.map(\.file)).count
    isInverted = own.contains(where: \.isInverted)
    var all = notes + Self.pixelFindings(own) + stack.findings
    if isInverted {
      all.append(
        DICOMFinding(.inverted, .note, "the lowest value is white (MONOCHROME1); turned round"))
    }
    findings = all
    affine = all.contains { $0.severity == .error } ? nil : stack.affine
  }

  /// Pixels along a row.
  public var columns: Int { slices.first?.columns ?? 0 }
  /// Pixels along a column.
  public var rows: Int { slices.first?.rows ?? 0 }
  /// Which of the patient's planes the slices are closest to; `nil` without geometry.
  public var orientation: DICOMOrientation? {
    slices.first?.plane.map { DICOMOrientation(normal: $0.normal) }
  }
  /// The angle in degrees between the normal and the patient's axis it is closest to.
  public var obliquityDegrees: Double? {
    guard let normal = slices.first?.plane?.normal else { return nil }
    let cosine = max(abs(normal.x), abs(normal.y), abs(normal.z))
    return cosine > 0 ? acos(min(cosine, 1)) * 180 / .pi : nil
  }
  /// Distance in mm between rows, then between columns; `nil` where it is not known.
  public var pixelSpacingMM: SIMD2<Double>? {
    guard let plane = slices.first?.plane, let row = plane.rowSpacingMM,
      let column = plane.columnSpacingMM
    else { return nil }
    return [row, column]
  }
  /// The default window of the middle slice, or of the first that has one, on the values of `volume()`.
  public var window: DICOMWindow? {
    guard !slices.isEmpty else { return nil }
    return slices[slices.count / 2].window ?? slices.lazy.compactMap(\.window).first
  }
  /// Whether `volume()` can be tried: no finding is an error.
  public var hasVolume: Bool { affine != nil }

  /// One line for each way in which pixels cannot be used.
  private static func pixelFindings(_ instances: [DICOMInstance]) -> [DICOMFinding] {
    var result: [DICOMFinding] = []
    if instances.contains(where: { $0.description.imageType.contains("MOSAIC") }) {
      result.append(
        DICOMFinding(
          .mosaic, .error,
          "a Siemens mosaic holds many slices in one picture; it is not taken apart here "
            + "(convert it with dcm2niix)"))
    }
    let refused = instances.compactMap(\.refusal)
    if !refused.isEmpty {
      result.append(DICOMFinding(.notDecodable, .error, words(refused, of: instances.count)))
    }
    let unknown = Set(instances.flatMap(\.unknownCharacterSets)).sorted()
    if !unknown.isEmpty {
      result.append(
        DICOMFinding(
          .characterSet, .note,
          "character set \(unknown.joined(separator: ", ")) is not known; texts may be wrong"))
    }
    return result
  }

  /// Encodings of one series that are named with what converts them; others are counted.
  private static let namedEncodings = 6

  /// Each encoding that is not decoded, with how many of a number of files have it and what converts it:
  /// a tool may not know what another one does. The commonest comes first.
  private static func words(_ refused: [ReadError], of count: Int) -> String {
    let texts = refused.map { error in
      var error = error
      (error.path, error.field, error.offset) = ("", nil, nil)
      return "\(error)"
    }
    let counts = Dictionary(texts.map { ($0, 1) }, uniquingKeysWith: +)
    let sorted = counts.sorted { (-$0.value, $0.key) < (-$1.value, $1.key) }
    var words = sorted.prefix(namedEncodings).map { "\($0.value) of \(count) files: \($0.key)" }
    let more = sorted.dropFirst(namedEncodings).map(\.value).reduce(0, +)
    if more > 0 { words.append("\(more) of \(count) files in other encodings") }
    return words.joined(separator: "; ")
  }

  // MARK: - Volume

  /// Decodes all slices to a volume of rescaled values: i runs along rows, j along columns, k from
  /// slice to slice, the affine goes to RAS mm.
  ///
  /// MONOCHROME1 is turned round before rescaling, so that brighter is higher. Padding becomes the
  /// lowest other value of its slice.
  /// - Throws: `ReadError` when a finding forbids it, a file changed since, or its pixels are damaged
  ///   or too many.
  public func volume() throws -> ImageVolume {
    if let problem = findings.first(where: { $0.severity == .error }) {
      throw ReadError(path: slices.first?.file.path ?? "", problem: problem.text)
    }
    guard let affine, let first = slices.first else {
      throw ReadError(path: slices.first?.file.path ?? "", problem: "has no geometry")
    }
    let area = rows * columns
    guard area <= DICOMLimits.volumeVoxels / slices.count else {
      throw ReadError(
        path: first.file.path,
        problem: "\(slices.count) slices of \(columns) x \(rows) pixels are over the limit of "
          + "\(DICOMLimits.volumeVoxels) voxels")
    }
    let size = area * slices.count * MemoryLayout<Float>.stride
    try MemoryRequest.check(size, path: first.file.path)
    // Nothing is allocated for pixels that turn out not to be there.
    var parts: [[Float]] = Array(repeating: [], count: slices.count)
    let byFile = Dictionary(grouping: slices.indices) { slices[$0].file }
    for (url, indices) in byFile.sorted(by: { $0.key.path < $1.key.path }) {
      let places = Dictionary(indices.map { (slices[$0].frame, $0) }) { a, _ in a }
      let file = try DICOMFile.read(url)
      let layout = try DICOMPixelLayout(file)
      guard layout.rows == rows, layout.columns == columns else {
        throw ReadError(path: url.path, problem: "changed while the series was read")
      }
      try file.forEachFrame(places.keys.sorted()) { frame, pixels in
        if let k = places[frame] { parts[k] = Self.rescaled(pixels, slices[k], layout) }
      }
    }
    // The slices are let go one by one: until then they lie there twice.
    try MemoryRequest.check(size, path: first.file.path)
    var voxels: [Float] = []
    voxels.reserveCapacity(area * slices.count)
    for k in parts.indices {
      voxels.append(contentsOf: parts[k])
      parts[k] = []
    }
    return ImageVolume(
      shape: [columns, rows, slices.count], voxels: voxels, affine: affine)
  }

  /// Stored values to rescaled ones.
  private static func rescaled(
    _ frame: DICOMFrame, _ slice: DICOMSlice, _ layout: DICOMPixelLayout
  ) -> [Float] {
    let padding = slice.padding.map {
      Int32(clamping: $0.lowerBound)...Int32(clamping: $0.upperBound)
    }
    let lowest = padding.flatMap { padding in
      layout.isInverted
        ? frame.values.lazy.filter { !padding.contains($0) }.max()
        : frame.values.lazy.filter { !padding.contains($0) }.min()
    }
    let ends = Int32(layout.range.lowerBound) + Int32(layout.range.upperBound)
    let (slope, intercept) = (slice.slope, slice.intercept)
    return frame.values.map { stored in
      var value = stored
      if let padding, let lowest, padding.contains(stored) { value = lowest }
      if layout.isInverted { value = ends - value }
      return Float(Double(value) * slope + intercept)
    }
  }
}
