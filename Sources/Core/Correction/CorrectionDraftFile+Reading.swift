internal import Foundation
internal import Imaging

/// Reading a draft: what a file says is not trusted before it was looked at, field by field.
extension CorrectionDraftFile {
  /// Rows of a slice at most: many joined windows.
  private static let mostRows = 16 * SagittalGrid.side
  /// Slices at most.
  private static let mostSlices = 4096
  /// Points at most, and label files.
  private static let most = 256
  /// The largest coordinate in mm.
  private static let farthest = 1e5

  /// The bytes of the file.
  ///
  /// - Throws: what encoding throws.
  func data() throws -> Data { try SnakeCaseJSON.data(self, pretty: false) }

  /// Reads the bytes of a file.
  ///
  /// - Throws: `ReadError` naming the file and the field that is wrong.
  init(_ bytes: [UInt8], path: String) throws {
    self = try SnakeCaseJSON.decode(
      Self.self, from: Data(bytes), path: path, kind: "draft of corrections",
      advice: Self.advice)
    if let (field, problem) = fault {
      throw ReadError(path: path, field: field, problem: problem, advice: Self.advice)
    }
  }

  private static let advice = "move it away: the edits in it cannot go on"

  /// The first field that is wrong, and what is.
  private var fault: (field: String, problem: String)? {
    guard format == Self.format else { return ("format", "is not \(Self.format)") }
    for (field, text) in [("study", study), ("reader", reader), ("session", session)]
    where text.isEmpty || text.utf8.count > 255 {
      return (field, "is empty or too long")
    }
    guard UTCTime.date(time) != nil else { return ("time", "is no time") }
    guard CorrectionOrigin.isHash(image) else { return ("image", "is no SHA-256") }
    guard files.count <= Self.most, files.allSatisfy({ $0.utf8.count <= 255 }) else {
      return ("files", "is too long")
    }
    guard savedDiscs.map(CorrectionOrigin.isHash) ?? true else {
      return ("saved_discs", "is no SHA-256")
    }
    if target.isMask {
      guard points == nil, pointsBefore == nil else { return ("points", "belongs to no mask") }
      guard let slices else { return ("slices", "is missing") }
      return Self.fault(slices)
    }
    guard slices == nil else { return ("slices", "belongs to no points") }
    for (field, points) in [("points_before", pointsBefore), ("points", points)] {
      guard let points else { return (field, "is missing") }
      if let problem = Self.problem(points) { return (field, problem) }
    }
    return nil
  }

  private static func problem(_ points: [Point]) -> String? {
    guard points.count <= most else { return "has too many points" }
    guard Set(points.map(\.number)).count == points.count else { return "has a number twice" }
    return points.allSatisfy { isPlace($0.place) } ? nil : "has a place that is none"
  }

  private static func fault(_ slices: [Slice]) -> (field: String, problem: String)? {
    guard slices.count <= mostSlices else { return ("slices", "has too many slices") }
    for (n, slice) in slices.enumerated() {
      if let (field, problem) = fault(in: slice) { return ("slices.\(n).\(field)", problem) }
    }
    // A slice that was cut anew between two edits is there as it was before and after.
    let places = Set(
      slices.map {
        [Double($0.index), Double($0.rows)] + $0.origin + $0.columnDirection + $0.rowDirection
      })
    return places.count == slices.count ? nil : ("slices", "has a slice twice")
  }

  private static func fault(in slice: Slice) -> (field: String, problem: String)? {
    guard (0..<1_000_000).contains(slice.index) else { return ("index", "is no slice") }
    guard (1...mostRows).contains(slice.rows) else { return ("rows", "is no number of rows") }
    for (field, vector) in [
      ("origin", slice.origin), ("column_direction", slice.columnDirection),
      ("row_direction", slice.rowDirection),
    ] where !isPlace(vector) {
      return (field, "is not three numbers")
    }
    guard CorrectionOrigin.isHash(slice.before) else { return ("before", "is no SHA-256") }
    guard slice.turned.count.isMultiple(of: 2) else { return ("turned", "has half a run") }
    var free = 0
    let pixels = slice.rows * SagittalGrid.side
    for at in stride(from: 0, to: slice.turned.count, by: 2) {
      let (start, length) = (slice.turned[at], slice.turned[at + 1])
      // Each checked before it is added: whole numbers from a file may be of any size.
      guard start >= free, start < pixels, length > 0, length <= pixels - start else {
        return ("turned", "has a run that lies outside of the slice or over another")
      }
      free = start + length
    }
    return nil
  }

  private static func isPlace(_ numbers: [Double]) -> Bool {
    numbers.count == 3 && numbers.allSatisfy { abs($0) <= farthest }
  }
}
