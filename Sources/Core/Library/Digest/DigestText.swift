internal import Foundation
internal import Imaging

/// The text in which facts of a library are kept: a line each, its cells apart by tabs, a checksum at the
/// end; Documentation/file-formats.md lists the cells.
struct DigestText {
  typealias Kept<Value> = [String: (stamp: FileStamp, value: Value)]
  typealias Lasting<Value: Sendable> = [(path: String, fact: FileFacts<Value>.Fact)]

  /// What a text holds.
  struct Facts {
    var images: Kept<LibraryDigest.ImageFact> = [:]
    var choices: Kept<LibraryDigest.ChoiceFact> = [:]
    var detections: Kept<DetectionDigest> = [:]
    var journals: Kept<ReviewSummary> = [:]
    var levelCorrections: Kept<LibraryDigest.LevelCorrectionFact> = [:]
    var formerPlaces: Kept<SegmentPlaces> = [:]
  }

  /// Goes up when a line, or what is made of a file, means something else.
  private static let format = 5
  private static var head: String { "cordscope worklist\t\(format)\t\(Notice.version)\n" }
  static let newline = UInt8(ascii: "\n")
  static let tab = UInt8(ascii: "\t")

  /// The text as UTF-8.
  private(set) var bytes: [UInt8]

  /// Writes facts down.
  init(
    images: Lasting<LibraryDigest.ImageFact>, choices: Lasting<LibraryDigest.ChoiceFact>,
    detections: Lasting<DetectionDigest>, journals: Lasting<ReviewSummary>,
    levelCorrections: Lasting<LibraryDigest.LevelCorrectionFact>,
    formerPlaces: Lasting<SegmentPlaces>
  ) {
    bytes = Array(Self.head.utf8)
    for (path, fact) in images { add("i", path, fact.stamp, [Self.cell(fact.value.problem)]) }
    for (path, fact) in choices {
      add("s", path, fact.stamp, [fact.value.isChosen ? "1" : "0", Self.cell(fact.value.detectOn)])
    }
    var setups: [ObjectIdentifier: Int] = [:]
    for (path, fact) in detections {
      let id = ObjectIdentifier(fact.value.setup)
      if setups[id] == nil {
        let values = fact.value.setup.values
        guard let json = try? SnakeCaseJSON.data(values, pretty: false) else { continue }
        setups[id] = setups.count
        bytes += Array("c\t".utf8) + Array(json) + [Self.newline]
      }
      add("d", path, fact.stamp, ["\(setups[id] ?? 0)"] + fact.value.cells)
    }
    for (path, fact) in journals { add("j", path, fact.stamp, fact.value.cells) }
    for (path, fact) in levelCorrections {
      add("l", path, fact.stamp, [Self.cell(fact.value.time)])
    }
    for (path, fact) in formerPlaces { add("f", path, fact.stamp, [fact.value.cell]) }
    bytes += Array("sha256\t\(SHA256.hexDigest(of: bytes))\n".utf8)
  }

  private mutating func add(
    _ kind: String, _ path: String, _ stamp: FileStamp, _ cells: [String]
  ) {
    let place = [
      kind, path, "\(stamp.inode)", "\(stamp.size)", Self.cell(stamp.modified),
      Self.cell(stamp.changed),
    ]
    let line = Array((place + cells).joined(separator: "\t").utf8)
    // Names of files may hold tabs and line ends: such a file is read each time.
    let tabs = line.count { $0 == Self.tab }
    guard tabs == place.count + cells.count - 1, !line.contains(Self.newline) else { return }
    bytes += line + [Self.newline]
  }

  /// A time as seconds and nanoseconds.
  private static func cell(_ time: FileTime) -> String { "\(time.seconds).\(time.nanoseconds)" }

  /// A text that may be missing.
  static func cell(_ text: String?) -> String { text.map { "=" + $0 } ?? "" }

  /// What a text holds; `nil` where it is not whole, or not of this version.
  static func facts(_ bytes: [UInt8]) -> Facts? {
    guard let end = bytes.dropLast().lastIndex(of: newline) else { return nil }
    let body = Array(bytes[...end])
    let sum = "sha256\t\(SHA256.hexDigest(of: body))\n"
    guard bytes[(end + 1)...].elementsEqual(sum.utf8) else { return nil }
    var lines = body.split(separator: newline)[...]
    guard let first = lines.popFirst(), (Array(first) + [newline]).elementsEqual(head.utf8) else {
      return nil
    }
    var facts = Facts()
    var reading = Reading()
    for line in lines {
      guard reading.take(DigestCells(line), into: &facts) else { return nil }
    }
    return facts
  }

  /// What lines refer to that come after it.
  private struct Reading {
    var setups: [DetectionSetup] = []

    /// Takes a line in; whether it is understood.
    mutating func take(_ cells: DigestCells, into facts: inout Facts) -> Bool {
      if cells.text(0) == "c" {
        let values = try? SnakeCaseJSON.decoder().decode(
          DetectionSetup.Values.self, from: Data(cells.bytes(1)))
        guard let values else { return false }
        setups.append(DetectionSetup(values))
        return true
      }
      guard let stamp = cells.stamp else { return false }
      let path = cells.text(1)
      switch cells.text(0) {
      case "i":
        facts.images[path] = (stamp: stamp, value: .init(problem: cells.optional(6)))
      case "s":
        facts.choices[path] = (
          stamp: stamp,
          value: .init(isChosen: cells.text(6) == "1", detectOn: cells.optional(7))
        )
      case "d":
        guard let number = cells.integer(6), setups.indices.contains(Int(number)),
          let digest = DetectionDigest(cells, setup: setups[Int(number)])
        else { return false }
        facts.detections[path] = (stamp: stamp, value: digest)
      case "j":
        guard let digest = ReviewSummary(cells) else { return false }
        facts.journals[path] = (stamp: stamp, value: digest)
      case "l":
        guard cells.count == 7 else { return false }
        facts.levelCorrections[path] = (stamp: stamp, value: .init(time: cells.optional(6)))
      case "f":
        guard cells.count == 7, let places = SegmentPlaces(cell: cells.text(6)) else {
          return false
        }
        facts.formerPlaces[path] = (stamp: stamp, value: places)
      default: return false
      }
      return true
    }
  }
}

/// The cells of one line.
struct DigestCells {
  private let cells: [ArraySlice<UInt8>]

  init(_ line: ArraySlice<UInt8>) {
    cells = line.split(separator: DigestText.tab, omittingEmptySubsequences: false)
  }

  /// How many there are.
  var count: Int { cells.count }

  /// The bytes of a cell; none where it is missing.
  func bytes(_ index: Int) -> ArraySlice<UInt8> { index < cells.count ? cells[index] : [] }

  /// The text of a cell.
  func text(_ index: Int) -> String { String(decoding: bytes(index), as: UTF8.self) }

  /// The text of a cell that may hold none.
  func optional(_ index: Int) -> String? {
    let text = text(index)
    return text.hasPrefix("=") ? String(text.dropFirst()).cleaned : nil
  }

  /// The whole number in a cell.
  func integer(_ index: Int) -> Int64? { Int64(text(index)) }

  /// The segments that are listed by their digits.
  func segments(_ index: Int) -> [SpinalSegment]? {
    let found = bytes(index).map { SpinalSegment(rawValue: Int($0) - Int(UInt8(ascii: "0"))) }
    return found.contains(nil) ? nil : found.compactMap(\.self)
  }

  private func time(_ index: Int) -> FileTime? {
    let parts = text(index).split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let seconds = Int64(parts[0]), let nanoseconds = Int64(parts[1]) else {
      return nil
    }
    return FileTime(seconds: seconds, nanoseconds: nanoseconds)
  }

  /// The stamp of the file.
  var stamp: FileStamp? {
    guard let inode = UInt64(text(2)), let size = integer(3), let modified = time(4),
      let changed = time(5)
    else { return nil }
    return FileStamp(inode: inode, size: size, modified: modified, changed: changed)
  }
}
