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

/// With the program's own weights, on phantoms whose vertebrae they name right.
@Suite("Finding what the labels of others leave open")
struct PartialSegmentationTests {
  private let phantom: PhantomStudy

  private static let weights = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("assets/\(Assets.anatomyWeights)")

  init() throws {
    let plan = PhantomCohort.plan(patients: 3, seed: 1, domain: .clinical)
    phantom = PhantomGenerator().study(try #require(plan.first))
  }

  private func library(shift: Int = 0) throws -> PartialLibrary {
    let truth = phantom.truth
    return try PartialLibrary(
      phantom.image,
      [
        .cord: truth.cord,
        .levels: try PartialLibrary.points(
          truth.landmarks.filter { $0.key > .c1 }, like: truth.cord, shift: shift),
      ])
  }

  private func run(
    _ partial: PartialLibrary, uppermost: VertebralLevel? = nil, forgetsName: Bool = false,
    again: Bool = false
  ) throws -> LibrarySegmentation.Outcome {
    let (library, study) = try partial.open()
    return try LibrarySegmentation(library: library, weights: Self.weights, threads: 2)
      .run(on: study, uppermost: uppermost, forgetsName: forgetsName, again: again)
  }

  private func report(_ partial: PartialLibrary) throws -> CervicalMeasurements {
    let (library, study) = try partial.open()
    return try library.report(of: study).measurements
  }

  @Test("without any label masks are found with their probabilities, whose edges are the masks'")
  func shares() throws {
    let partial = try PartialLibrary(phantom.image, [:])
    guard case .written(let roles, _, nil) = try run(partial) else {
      Issue.record("nothing was found")
      return
    }
    #expect(roles == [.cord, .canal, .spine])
    // The mask is cut at 0.55 (cord; at its edge at 0.7) and 0.5 (canal); probabilities are kept to half
    // a part in 255.
    let cuts: [(role: LabelRole, inside: Float, outside: Float)] = [
      (.cord, SliceSegmentation.cordProbability, InnerEdge.probability), (.canal, 0.5, 0.5),
    ]
    for (role, inside, outside) in cuts {
      let file = LabelFiles.File(
        url: partial.folder(PartialLibrary.own + role.ending + ".nii.gz"), role: role)
      let mask = try NIfTI.readLabels(file.url)
      let share = try #require(try LabelShares.read(behind: file, shape: mask.shape))
      for n in mask.voxels.indices {
        if mask.voxels[n] != 0, role == .cord || share.voxels[n] > 0.5 {
          #expect(share.voxels[n] >= inside - 0.002)
        } else if mask.voxels[n] == 0 {
          #expect(share.voxels[n] <= outside + 0.002)
        }
      }
      // Between the two lies what the mask does not know.
      #expect(share.voxels.contains { $0 > 0.1 && $0 < 0.45 })
    }
    let sources = try report(partial).labels
    for role in ["cord", "canal"] {
      #expect(sources[role]?.hasSuffix("edges by its probabilities") == true)
    }
  }

  @Test(
    "labels of an earlier revision are said to be that, and are found anew when that is asked for")
  func revision() throws {
    let partial = try PartialLibrary(phantom.image, [:])
    guard case .written = try run(partial) else {
      Issue.record("nothing was found")
      return
    }
    #expect(try run(partial) == .labelled)
    let mask = partial.folder(PartialLibrary.own + LabelRole.cord.ending + ".nii.gz")
    let sidecar = Sidecar.url(of: mask)
    let stated = try #require(try Provenance.read(sidecar))[LibrarySegmentation.revisionKey]
    #expect((stated as? NSNumber)?.intValue == SegmentedStudy.revision)
    try Provenance.update(
      sidecar, removing: [LibrarySegmentation.revisionKey], appending: .cordscope("test"))
    #expect(try run(partial) == .labelledBefore)
    guard case .written = try run(partial, again: true) else {
      Issue.record("nothing was found anew")
      return
    }
    #expect(try run(partial) == .labelled)
  }

  @Test("a cord and landmarks alone give a whole report, by the given cord and names")
  func whole() throws {
    let partial = try library()
    let given = try LibraryFixture.snapshot(partial.folder("derivatives/labels"))
    #expect(try report(partial).alignment?.cobbDeg.value == nil)
    guard case .written(let roles, _, nil) = try run(partial) else {
      Issue.record("something speaks against true names")
      return
    }
    #expect(roles == [.canal, .spine])
    #expect(
      !FileManager.default.fileExists(
        atPath: partial.folder(PartialLibrary.own + LabelRole.cord.ending + ".nii.gz").path))
    #expect(try LibraryFixture.snapshot(partial.folder("derivatives/labels")) == given)

    let labels = try partial.read()
    #expect(labels.cord?.voxels == phantom.truth.cord.voxels)
    let canal = try NIfTI.readLabels(
      partial.folder(PartialLibrary.own + LabelRole.canal.ending + ".nii.gz"))
    let cord = phantom.truth.cord
    #expect(
      canal.voxels.indices.allSatisfy { cord.voxels[$0] == 0 || canal.voxels[$0] != 0 })
    let spine = try #require(labels.spine)
    let inverse = try #require(spine.affine.inverse)
    for (level, point) in phantom.truth.landmarks where (.c3 ... .c7).contains(level) {
      let p = inverse(point)
      #expect(
        spine[Int(p.x.rounded()), Int(p.y.rounded()), Int(p.z.rounded())]
          == level.totalSpineSegLabel, "\(level)")
    }

    let measured = try report(partial)
    #expect(measured.alignment?.cobbDeg.value != nil)
    #expect(measured.levels.filter { $0.narrowing.msccAdjacentPercent.value != nil }.count >= 4)
    #expect(measured.levels.filter { $0.disc.displacementMm.value != nil }.count >= 5)
    #expect(measured.vertebrae.filter { $0.heightMiddleMm.value != nil }.count >= 5)
    #expect(!measured.quality.names.contains("levels-contradicted"))
    #expect(measured.labels["cord"]?.contains("made by another tool or a reader") == true)
    #expect(measured.labels["levels"]?.contains("made by another tool or a reader") == true)
    #expect(measured.labels["spine"]?.contains("named by the labels of others") == true)
    #expect(measured.labels["canal"]?.contains("found by the anatomy network") == true)

    // Once is enough; made again it is the same, and the labels of others stay.
    let before = try LibraryFixture.snapshot(partial.folder.url)
    #expect(try run(partial) == .labelled)
    #expect(try LibraryFixture.snapshot(partial.folder.url) == before)
    _ = try run(partial, again: true)
    #expect(try LibraryFixture.snapshot(partial.folder.url) == before)
  }

  @Test("landmarks that are one level off name what is found, are flagged, and void the numbers")
  func shifted() throws {
    let partial = try library(shift: 1)
    guard case .written(_, _, let disagreement?) = try run(partial) else {
      Issue.record("nothing speaks against names that are one level off")
      return
    }
    #expect(disagreement.contains("C4") && disagreement.contains("to the anatomy network"))
    let own = "derivatives/cordscope/sub-01/anat/sub-01_T2w_label-discs_dlabel.nii.gz"
    let points = try NIfTI.readLabels(partial.folder(own))
    #expect(Set(points.voxels).isSuperset(of: [4, 5, 6, 7]))
    let library = try StudyLibrary(opening: partial.folder.url)
    #expect(library.labelFiles(of: try #require(library.studies.first))[.discs] == nil)
    let spine = try #require(try partial.read().spine)
    let point = try #require(phantom.truth.landmarks[.c5])
    let toVoxel = try #require(spine.affine.inverse)
    let p = toVoxel(point)
    #expect(
      spine[Int(p.x.rounded()), Int(p.y.rounded()), Int(p.z.rounded())]
        == VertebralLevel.c6.totalSpineSegLabel)
    let measured = try report(partial)
    #expect(measured.quality.names.filter { $0 == "levels-contradicted" }.count == 1)
    #expect(measured.alignment?.cobbDeg.value == nil)
    #expect(measured.levels.allSatisfy { $0.disc.displacementMm.value == nil })
    #expect(
      measured.levels.contains {
        $0.narrowing.cordApMm.reason?.hasPrefix("levels-contradicted: ") == true
      })
    // A reader's word that says the opposite is refused with nothing changed; one that agrees
    // settles it.
    let before = try LibraryFixture.snapshot(partial.folder.url)
    #expect(throws: LibraryError.self) { try run(partial, uppermost: .c2) }
    #expect(try LibraryFixture.snapshot(partial.folder.url) == before)
    guard case .written(_, _, nil) = try run(partial, uppermost: .c3) else {
      Issue.record("the reader agrees with the given names")
      return
    }
    #expect(!(try report(partial).quality.names.contains("levels-contradicted")))
    // What stays is that the dens, called C3 now, stands too far from the next.
    let settled = try report(partial)
    #expect(
      settled.levels.allSatisfy {
        $0.narrowing.cordApMm.reason?.hasPrefix("levels-contradicted") != true
      }, "\(settled.quality)")
    // Withdrawn, the reader's name settles nothing any more, now and later.
    _ = try run(partial, forgetsName: true)
    #expect(try report(partial).quality.names.contains("levels-contradicted"))
    _ = try run(partial, again: true)
    #expect(try report(partial).quality.names.contains("levels-contradicted"))
  }

  @Test("a mask that a reader corrected where it lies is kept, also when all is made again")
  func corrected() throws {
    let partial = try library()
    _ = try run(partial)
    let url = partial.folder(PartialLibrary.own + LabelRole.canal.ending + ".nii.gz")
    var canal = try NIfTI.readLabels(url)
    let cord = phantom.truth.cord
    let n = try #require(
      canal.voxels.indices.first { canal.voxels[$0] != 0 && cord.voxels[$0] == 0 })
    canal.voxels[n] = 0
    try NIfTI.write(canal, to: url)
    let bytes = try Data(contentsOf: url)
    for again in [false, true] {
      guard case .written(let roles, _, _) = try run(partial, again: again) else {
        Issue.record("nothing was fitted to the corrected canal")
        return
      }
      #expect(roles == [.spine])
      #expect(try Data(contentsOf: url) == bytes)
    }
    #expect(try run(partial) == .labelled)
    #expect(try partial.read().canal?.voxels == canal.voxels)
    #expect(
      try report(partial).labels["canal"]?.contains("corrected after the anatomy network") == true)
  }

  /// The true vertebrae and discs, each called by the name of the next one below where `shift` is 1.
  private func spine(shift: Int) -> LabelVolume {
    var names: [UInt16: UInt16] = [:]
    // C1 has no body: called C2, its arch beside the dens would share one with it.
    for level in VertebralLevel.allCases where level > .c1 {
      let named = VertebralLevel(rawValue: level.rawValue + shift)
      names[level.totalSpineSegLabel] = named?.totalSpineSegLabel
      if let disc = level.totalSpineSegDiscLabel { names[disc] = named?.totalSpineSegDiscLabel }
    }
    return phantom.truth.spine.map { names[$0] ?? 0 }
  }

  @Test("a reader can confirm the names of a whole spine that the network contradicts")
  func confirmed() throws {
    let partial = try PartialLibrary(
      phantom.image, [.cord: phantom.truth.cord, .spine: spine(shift: 1)])
    guard case .written(let roles, _, _?) = try run(partial) else {
      Issue.record("nothing speaks against names that are one level off")
      return
    }
    #expect(roles == [.canal])
    #expect(try partial.read().quality.names.contains("levels-contradicted"))
    #expect(throws: LibraryError.self) { try run(partial, uppermost: .c2) }
    let given = try LibraryFixture.snapshot(partial.folder("derivatives/labels"))
    guard case .written([.canal], _, nil) = try run(partial, uppermost: .c3) else {
      Issue.record("the reader agrees with the given names")
      return
    }
    #expect(!(try partial.read().quality.names.contains("levels-contradicted")))
    #expect(try LibraryFixture.snapshot(partial.folder("derivatives/labels")) == given)
  }

  @Test("names are looked at when asked where everything is given")
  func looked() throws {
    let truth = phantom.truth
    let right = try PartialLibrary(
      phantom.image, [.cord: truth.cord, .canal: truth.canal, .spine: spine(shift: 0)])
    #expect(try run(right) == .labelled)
    #expect(try run(right, again: true) == .labelled)
    let wrong = try PartialLibrary(
      phantom.image, [.cord: truth.cord, .canal: truth.canal, .spine: spine(shift: 1)])
    #expect(try run(wrong) == .labelled)
    #expect(throws: LibraryError.self) { try run(wrong, uppermost: .c3) }
    guard case .nothingAdded(_, _?) = try run(wrong, again: true) else {
      Issue.record("nothing speaks against names that are one level off")
      return
    }
    #expect(try wrong.read().quality.names.contains("levels-contradicted"))
    #expect(try run(wrong, uppermost: .c3) == .labelled)
    #expect(!(try wrong.read().quality.names.contains("levels-contradicted")))
  }
}
