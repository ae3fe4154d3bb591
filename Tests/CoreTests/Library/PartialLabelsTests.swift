import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

/// A library with one study, of which others labelled a part.
struct PartialLibrary {
  let folder: TemporaryFolder
  static let others = "derivatives/labels/sub-01/anat/sub-01_T2w"
  static let own = "derivatives/cordscope/sub-01/anat/sub-01_T2w"

  init(_ image: ImageVolume, _ labels: [LabelRole: LabelVolume]) throws {
    folder = try TemporaryFolder()
    try folder.write(#"{"Name": "test", "BIDSVersion": "1.9.0"}"#, to: "dataset_description.json")
    try LibraryFixture.write(image, to: folder("sub-01/anat/sub-01_T2w.nii.gz"))
    for (role, volume) in labels { try give(role, volume) }
  }

  func give(_ role: LabelRole, _ volume: LabelVolume) throws {
    try LibraryFixture.write(volume, to: folder(Self.others + role.ending + ".nii.gz"))
  }

  /// Writes labels, a spine unless said, as the anatomy network's, with what else their sidecar says.
  func find(
    _ labels: LabelVolume, as role: LabelRole = .spine, _ more: [String: Provenance.Value] = [:]
  ) throws {
    let url = folder(Self.own + role.ending + ".nii.gz")
    try LibraryFixture.write(labels, to: url)
    var values = more
    values[LibrarySegmentation.hashKey] = .text(try SHA256.hexDigest(ofFile: url))
    values[Sidecar.levelSource] = .text("segmented")
    values[LibrarySegmentation.weightsKey] = .text("00")
    try Provenance.update(Sidecar.url(of: url), set: values, appending: .cordscope("test"))
  }

  func open() throws -> (library: StudyLibrary, study: LibraryStudy) {
    let library = try StudyLibrary(opening: folder.url)
    return (library, try #require(library.studies.first))
  }

  func read() throws -> StudyLabels {
    let (library, study) = try open()
    return try library.load(study).labels
  }

  func missing(again: Bool = false) throws -> [LabelRole] {
    let (library, study) = try open()
    return try LibrarySegmentation.missing(study, in: library, again: again)
  }

  /// One voxel at each point, with SCT's number of its level moved by `shift`.
  static func points(
    _ points: [VertebralLevel: SIMD3<Double>], like image: LabelVolume, shift: Int = 0
  ) throws -> LabelVolume {
    var volume = image.map { _ in UInt16(0) }
    let inverse = try #require(image.affine.inverse)
    for (level, point) in points {
      let p = inverse(point)
      let at = SIMD3<Int>(Int(p.x.rounded()), Int(p.y.rounded()), Int(p.z.rounded()))
      volume[at.x, at.y, at.z] = UInt16(level.rawValue + shift)
    }
    return volume
  }
}

private func bodies(of spine: LabelVolume) -> LabelVolume {
  let labels = Set(VertebralLevel.allCases.map(\.totalSpineSegLabel))
  return spine.map { labels.contains($0) ? $0 : 0 }
}

@Suite("What the labels of others leave open")
struct MissingLabelsTests {
  private let source = SyntheticStudy()
  private let labels: StudyLabels
  private let cord: LabelVolume
  private let canal: LabelVolume
  private let spine: LabelVolume

  init() throws {
    labels = source.studyLabels
    cord = try #require(labels.cord)
    canal = try #require(labels.canal)
    spine = try #require(labels.spine)
  }

  private func levels(shift: Int = 0) throws -> LabelVolume {
    try PartialLibrary.points(labels.landmarks, like: cord, shift: shift)
  }

  @Test("exactly what is absent is missing, also what a spine of TotalSpineSeg holds besides")
  func roles() throws {
    let cases: [([LabelRole: LabelVolume], [LabelRole])] = [
      ([:], [.cord, .canal, .spine]),
      ([.cord: cord], [.canal, .spine]),
      ([.cord: cord, .levels: try levels()], [.canal, .spine]),
      ([.levels: try levels()], [.cord, .canal, .spine]),
      ([.cord: cord, .canal: canal, .discs: try levels(shift: 1)], [.spine]),
      ([.cord: cord, .canal: canal, .spine: bodies(of: spine)], [.spine]),
      ([.cord: cord, .spine: spine], [.canal]),
      ([.cord: cord, .canal: canal, .spine: spine], []),
    ]
    for (given, expected) in cases {
      let library = try PartialLibrary(source.image, given)
      #expect(try library.missing() == expected, "\(given.keys)")
      #expect(try library.missing(again: true) == expected)
    }
    var whole = spine
    for n in whole.voxels.indices where whole.voxels[n] == 0 {
      whole.voxels[n] = cord.voxels[n] != 0 ? 1 : canal.voxels[n] != 0 ? 2 : 0
    }
    #expect(try PartialLibrary(source.image, [.spine: whole]).missing().isEmpty)
  }

  @Test("what this program found is there until others label something else")
  func found() throws {
    let library = try PartialLibrary(source.image, [.cord: cord, .canal: canal])
    try library.find(spine)
    // Nothing says beside which labels it was found.
    #expect(try library.missing() == [.spine])
    let (open, study) = try library.open()
    let record = try #require(LibrarySegmentation.record(of: study, in: open.root))
    try Provenance.update(
      record, set: [LibrarySegmentation.besideKey: .list(try open.labelsOfOthers(study))],
      appending: .cordscope("test"))
    #expect(try library.missing().isEmpty && library.missing(again: true) == [.spine])
    try library.give(.levels, try levels())
    #expect(try library.missing() == [.spine])
  }

  @Test("a label file that cannot be read is an error that names it")
  func damaged() throws {
    let library = try PartialLibrary(source.image, [.cord: cord])
    try library.folder.write("no volume", to: PartialLibrary.others + "_label-spine_dseg.nii.gz")
    let error = #expect(throws: ReadError.self) { try library.missing() }
    #expect(error?.path.hasSuffix("_label-spine_dseg.nii.gz") == true)
  }

  @Test("found discs complete given vertebrae while these are the same, and both have their maker")
  func addition() throws {
    let given = bodies(of: spine)
    let library = try PartialLibrary(
      source.image, [.cord: cord, .canal: canal, .spine: given])
    let url = library.folder(PartialLibrary.others + LabelRole.spine.ending + ".nii.gz")
    try library.find(
      spine, [LibrarySegmentation.completesKey: .text(try SHA256.hexDigest(ofFile: url))])
    let read = try library.read()
    #expect(read.spine?.voxels == spine.voxels && read.levelSource == .labelled)
    let (open, study) = try library.open()
    let origins = open.labelOrigins(of: study).filter { $0.role == .spine }
    #expect(origins.count == 2 && origins.last?.maker.contains("anatomy network") == true)
    let report = try open.report(of: study).measurements
    #expect(report.labels["spine"]?.contains("what that lacks from") == true)
    let whole = try PartialLibrary(source.image, [.cord: cord, .canal: canal, .spine: spine])
    try withExtendedLifetime(whole) {
      let (all, same) = try whole.open()
      let expected = try all.report(of: same).measurements
      #expect(report.levels == expected.levels && report.alignment == expected.alignment)
    }
    #expect(try open.load(study).labelSHA256["addition"] != nil)
    // Others correct theirs: what was found beside the former one is not mixed with it.
    var corrected = given
    corrected.voxels[0] = 12
    try library.give(.spine, corrected)
    #expect(try library.read().spine?.voxels == corrected.voxels)
  }

  @Test("given points win over found vertebrae, which fill the levels between them")
  func between() throws {
    let ends = labels.landmarks.filter { [.c2, .t1].contains($0.key) }
    let points = try PartialLibrary.points(ends, like: cord)
    let library = try PartialLibrary(source.image, [.cord: cord, .levels: points])
    let line = try #require(CordCentreline(cord: cord))
    #expect(LevelRules.resolve(try library.read(), along: line).source == .interpolated)
    try library.find(spine)
    let levels = LevelRules.resolve(try library.read(), along: line)
    #expect(levels.source == .segmented && levels.quality.names == ["levels-completed"])
    for (level, point) in labels.landmarks {
      let gap = try #require(levels.points[level]) - point
      #expect((gap * gap).sum() < 4, "\(level)")
    }
  }

  @Test("a hole between given and found vertebrae is said to be interpolated, and not to be found")
  func hole() throws {
    let line = try #require(CordCentreline(cord: cord))
    let ends = labels.landmarks.filter { [.c2, .t1].contains($0.key) }
    let kept = VertebralLevel.c3.totalSpineSegLabel
    let cases: [(numbers: [UInt16], names: [String])] = [
      ([kept], ["levels-completed", "levels-interpolated"]), ([], ["levels-interpolated"]),
    ]
    for (numbers, names) in cases {
      let ended = numbers + ends.keys.map(\.totalSpineSegLabel)
      let found = StudyLabels(
        cord: cord, spine: spine.map { ended.contains($0) ? $0 : 0 }, landmarks: ends,
        levelSource: .segmented)
      let levels = LevelRules.resolve(found, along: line)
      #expect(levels.source == .interpolated && levels.quality.names == names, "\(levels.quality)")
      let last = try #require(levels.quality.last).text
      #expect(last.hasPrefix(numbers.isEmpty ? "C3 to C7 are" : "C4 to C7 are"), "\(last)")
      #expect(levels.points.keys.contains(.c5))
    }
    #expect(VertebralLevel.words([.c2, .t1, .t2]) == "C2, T1 to T2")
    #expect(VertebralLevel.words([]).isEmpty)
  }

  @Test("what speaks against a reader's count stays until a reader corrects the names")
  func doubted() throws {
    let library = try PartialLibrary(source.image, [.cord: cord, .canal: canal])
    try library.find(spine)
    let (open, study) = try library.open()
    let record = try #require(LibrarySegmentation.record(of: study, in: open.root))
    try Provenance.update(
      record, set: [Sidecar.levelWarning: .text("one above may be missing")],
      appending: .cordscope("test"))
    let flags = try library.read().quality.filter { $0.flag == "levels-doubted" }
    #expect(flags.map(\.text) == ["one above may be missing"] && flags.first?.plain != nil)
    #expect(try open.report(of: study).measurements.quality.names.contains("levels-doubted"))
    let ends = labels.landmarks.filter { [.c2, .t1].contains($0.key) }
    try library.give(.levels, try PartialLibrary.points(ends, like: cord))
    #expect(try library.read().quality.names.contains("levels-doubted"))
    let url = library.folder(PartialLibrary.others + LabelRole.levels.ending + ".nii.gz")
    try Provenance.update(
      Sidecar.url(of: url), set: [Sidecar.corrects: .list(["levels 00"])],
      appending: .cordscope("test"))
    #expect(try !library.read().quality.names.contains("levels-doubted"))
  }

  @Test(
    "names given after vertebrae were found that say otherwise are flagged, and void the numbers")
  func later() throws {
    let library = try PartialLibrary(
      source.image, [.cord: cord, .canal: canal, .levels: try levels()])
    try library.find(spine)
    #expect(!(try library.read().quality.names.contains("levels-contradicted")))
    try library.give(.levels, try levels(shift: 1))
    let flags = try library.read().quality.filter { $0.flag == "levels-contradicted" }
    #expect(flags.count == 1 && flags.first?.text.contains("C3, C4") == true)
    let (open, study) = try library.open()
    let report = try open.report(of: study).measurements
    #expect(report.levels.allSatisfy { $0.narrowing.cordApMm.value == nil })
    #expect(
      report.levels.contains {
        $0.narrowing.cordApMm.reason?.hasPrefix("levels-contradicted: ") == true
      })
    withExtendedLifetime(library) {}
  }

  /// A point at each disc, in SCT's numbers moved by `shift`.
  private func discs(shift: Int = 0) throws -> LabelVolume {
    var points: [VertebralLevel: SIMD3<Double>] = [:]
    for (level, point) in labels.landmarks {
      guard let below = labels.landmarks[try #require(VertebralLevel(rawValue: level.rawValue + 1))]
      else { continue }
      points[level] = (point + below) / 2
    }
    return try PartialLibrary.points(points, like: cord, shift: 1 + shift)
  }

  @Test(
    "two label files that others gave and that differ by a level are flagged, whichever is used")
  func twoFiles() throws {
    for shift in [0, 1, -1] {
      let given: [[LabelRole: LabelVolume]] = [
        [.cord: cord, .spine: spine, .levels: try levels(shift: shift)],
        [.cord: cord, .spine: spine, .discs: try discs(shift: shift)],
        [.cord: cord, .levels: try levels(), .discs: try discs(shift: shift)],
        // Discs alone name levels, too; and without a cord the vertebrae are the line.
        [
          .cord: cord, .spine: part { $0.totalSpineSegDiscLabel },
          .levels: try levels(shift: shift),
        ],
        [.spine: spine, .levels: try levels(shift: shift)],
      ]
      for labels in given {
        let library = try PartialLibrary(source.image, labels)
        let flags = try library.read().quality.filter { $0.flag == "levels-contradicted" }
        #expect(flags.count == (shift == 0 ? 0 : 1), "\(labels.keys) by \(shift): \(flags)")
        let role = labels[.discs] == nil ? LabelRole.levels : .discs
        #expect(
          flags.allSatisfy { $0.text.contains("sub-01_T2w\(role.ending).nii.gz contradicts") })
      }
    }
  }

  /// What is labelled of one kind.
  private func part(_ label: (VertebralLevel) -> UInt16?) -> LabelVolume {
    let labels = Set(VertebralLevel.allCases.compactMap(label))
    return spine.map { labels.contains($0) ? $0 : 0 }
  }

  @Test("an unused file of points that cannot be read, or that holds structures, voids nothing")
  func unusedPoints() throws {
    let library = try PartialLibrary(source.image, [.cord: cord, .spine: spine])
    // A map of tissues under the name of points.
    try library.give(.levels, cord.map { $0 == 0 ? 0 : 4 })
    #expect(!(try library.read().quality.names.contains("levels-contradicted")))
    try library.folder.write(
      "no volume", to: PartialLibrary.others + LabelRole.levels.ending + ".nii.gz")
    let flags = try library.read().quality
    #expect(flags.names.contains("labels-unreadable"))
    #expect(flags.contains { $0.text.contains(LabelRole.levels.ending) })
  }

  @Test("given discs that name nothing are said to be unused where the network named the levels")
  func unusedDiscs() throws {
    var points: [VertebralLevel: SIMD3<Double>] = [:]
    for level in [VertebralLevel.c3, .c5] { points[level] = labels.landmarks[level] }
    let library = try PartialLibrary(
      source.image,
      [.cord: cord, .discs: try PartialLibrary.points(points, like: cord, shift: 1)])
    #expect(try library.read().levelSource == .missing)
    try library.find(spine)
    let read = try library.read()
    #expect(read.levelSource == .segmented && read.quality.names.contains("labels-unused"))
  }

  @Test("what the network had against given names counts until they change")
  func recorded() throws {
    let library = try PartialLibrary(
      source.image, [.cord: cord, .canal: canal, .levels: try levels()])
    try library.find(spine)
    let (open, study) = try library.open()
    let record = try #require(LibrarySegmentation.record(of: study, in: open.root))
    try Provenance.update(
      record,
      set: [
        LibrarySegmentation.besideKey: .list(try open.labelsOfOthers(study)),
        LibrarySegmentation.disagreementKey: .text("C3 looks like C4."),
      ], appending: .cordscope("test"))
    #expect(try library.read().quality.names.contains("levels-contradicted"))
    var fewer = labels.landmarks
    fewer[.t1] = nil
    try library.give(.levels, try PartialLibrary.points(fewer, like: cord))
    #expect(!(try library.read().quality.names.contains("levels-contradicted")))
  }
}
