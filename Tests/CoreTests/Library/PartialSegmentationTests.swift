import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

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

  /// A library with every label, as another tool gave them.
  private func complete(shift: Int) throws -> PartialLibrary {
    let truth = phantom.truth
    return try PartialLibrary(
      phantom.image, [.cord: truth.cord, .canal: truth.canal, .spine: spine(shift: shift)])
  }

  private func isNumberingOpen(_ partial: PartialLibrary) throws -> Bool {
    let (library, study) = try partial.open()
    return try LibrarySegmentation(library: library, weights: Self.weights, threads: 1)
      .isNumberingOpen(study)
  }

  @Test(
    "names of another tool are looked at once where everything is given, and no label is written")
  func looked() throws {
    let right = try complete(shift: 0)
    #expect(try isNumberingOpen(right))
    #expect(try run(right) == .labelled)
    #expect(try !isNumberingOpen(right))
    #expect(try run(right, again: true) == .labelled)
    #expect(!(try right.read().quality.names.contains("levels-contradicted")))

    let wrong = try complete(shift: 1)
    #expect(throws: LibraryError.self) { try run(wrong, uppermost: .c3) }
    let first = try run(wrong)
    guard case .contradicted(let sentence) = first else {
      Issue.record("nothing speaks against names that are one level off")
      return
    }
    #expect(sentence.contains("C4") && sentence.contains("to the anatomy network"))
    #expect(try wrong.read().quality.names.contains("levels-contradicted"))
    #expect(try report(wrong).alignment?.cobbDeg.value == nil)
    let made = try FileManager.default.contentsOfDirectory(
      atPath: wrong.folder("derivatives/cordscope/sub-01/anat").path)
    #expect(made.contains("sub-01_T2w_anatomy.json"))
    #expect(!made.contains { $0.hasSuffix(".nii.gz") })
    guard case .nothingAdded(_, _?) = try run(wrong, again: true) else {
      Issue.record("nothing speaks against names that are one level off")
      return
    }
    #expect(try run(wrong, uppermost: .c3) == .labelled)
    #expect(!(try wrong.read().quality.names.contains("levels-contradicted")))
    #expect(try run(wrong) == .labelled)
  }

  @Test("the look at names is not repeated, also not for another cord, but for other names")
  func lookedOnce() throws {
    let partial = try complete(shift: 1)
    let first = try run(partial)
    let image = partial.folder("sub-01/anat/sub-01_T2w.nii.gz")
    // On an empty picture a second look would find nothing against the names.
    var empty = phantom.image
    for n in empty.voxels.indices { empty.voxels[n] = 0 }
    try LibraryFixture.write(empty, to: image)
    #expect(try run(partial) == first)
    var cord = phantom.truth.cord
    let n = try #require(cord.voxels.firstIndex { $0 != 0 })
    cord.voxels[n] = 0
    try partial.give(.cord, cord)
    #expect(try run(partial) == first)
    try LibraryFixture.write(phantom.image, to: image)
    try partial.give(.spine, spine(shift: 0))
    #expect(try isNumberingOpen(partial))
    #expect(!(try partial.read().quality.names.contains("levels-contradicted")))
    #expect(try run(partial) == .labelled)
    #expect(try !isNumberingOpen(partial))
  }

  @Test("without a canal detect looks at the names, too, and leaves the canal to segment")
  func withoutCanal() throws {
    let partial = try PartialLibrary(
      phantom.image, [.cord: phantom.truth.cord, .spine: spine(shift: 1)])
    let (library, study) = try partial.open()
    try LibrarySegmentation(library: library, weights: Self.weights, threads: 2)
      .supply(study, isCancelled: { false })
    #expect(try partial.read().quality.names.contains("levels-contradicted"))
    #expect(try !isNumberingOpen(partial) && partial.missing() == [.canal])
    #expect(try partial.open().library.report(of: study).spineSearch == .open)
    guard case .written([.canal], _, _?) = try run(partial) else {
      Issue.record("the canal was not found")
      return
    }
    // Points alone are looked at when vertebrae are found for them.
    #expect(try !isNumberingOpen(self.library()))
  }

  @Test("a look at names does not make an own canal current that was fitted to other labels")
  func staleCanal() throws {
    let partial = try PartialLibrary(
      phantom.image, [.cord: phantom.truth.cord, .spine: spine(shift: 0)])
    guard case .written([.canal], _, _) = try run(partial) else {
      Issue.record("the canal was not found")
      return
    }
    #expect(try partial.missing().isEmpty)
    // The tool's labels come anew.
    var cord = phantom.truth.cord
    let n = try #require(cord.voxels.firstIndex { $0 != 0 })
    cord.voxels[n] = 0
    try partial.give(.cord, cord)
    try partial.give(.spine, spine(shift: 1))
    #expect(try isNumberingOpen(partial))
    let (library, study) = try partial.open()
    let anatomy = try LibrarySegmentation(library: library, weights: Self.weights, threads: 2)
    try anatomy.supply(study, isCancelled: { false })
    #expect(try !isNumberingOpen(partial) && anatomy.isDone(study))
    #expect(try partial.read().quality.names.contains("levels-contradicted"))
    #expect(try partial.missing() == [.canal])
    guard case .written([.canal], _, _?) = try run(partial) else {
      Issue.record("the canal was not found anew")
      return
    }
    #expect(try partial.missing().isEmpty)
  }

  @Test("labels that were not written since the look are not read to know it; what was written is")
  func times() throws {
    let partial = try complete(shift: 0)
    let (library, study) = try partial.open()
    let anatomy = try LibrarySegmentation(library: library, weights: Self.weights, threads: 1)
    let record = try #require(LibrarySegmentation.record(of: study, in: library.root))
    try FileManager.default.createDirectory(
      at: record.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Provenance.update(
      record, set: try anatomy.numberingValues(nil, study), appending: .cordscope("test"))
    #expect(anatomy.isDone(study))
    let labels = partial.folder("derivatives/labels/sub-01/anat")
    let cord = partial.folder(PartialLibrary.others + LabelRole.cord.ending + ".nii.gz")
    let bytes = try Data(contentsOf: cord)
    func age(_ url: URL, _ seconds: Double) throws {
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: seconds)], ofItemAtPath: url.path)
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: labels.path)
    for name in names { try age(labels.appendingPathComponent(name), 1000) }
    try age(labels, 1000)
    // Other bytes with an old time are taken for the same, as nobody reads them.
    let file = try FileHandle(forWritingTo: cord)
    try file.write(contentsOf: Data(repeating: 0, count: 64))
    try file.close()
    try age(cord, 1000)
    #expect(anatomy.isDone(study))
    // What has a new time, or came by a move into the folder, is read.
    try age(labels, 4e9)
    #expect(!anatomy.isDone(study))
    try age(labels, 1000)
    try age(cord, 4e9)
    #expect(!anatomy.isDone(study))
    try bytes.write(to: cord)
    try age(cord, 4e9)
    #expect(anatomy.isDone(study))
    // A label that is gone, or has come, is another state whatever the times.
    let canal = partial.folder(PartialLibrary.others + LabelRole.canal.ending + ".nii.gz")
    try FileManager.default.removeItem(at: canal)
    try age(cord, 1000)
    try age(labels, 1000)
    let (fresh, same) = try partial.open()
    #expect(
      try !LibrarySegmentation(library: fresh, weights: Self.weights, threads: 1).isDone(same))
    // Nor do times speak for other weights.
    try Provenance.update(
      record, set: [LibrarySegmentation.namesWeightsKey: .text("00")],
      appending: .cordscope("test"))
    #expect(!anatomy.isDone(study))
  }

  @Test("names of a reader, of the network and of a phantom are not looked at unasked")
  func notLooked() throws {
    let partial = try complete(shift: 0)
    let sidecar = partial.folder(PartialLibrary.others + "_label-spine_dseg.json")
    for text in [
      #"{"GeneratedBy": [{"Name": "Cordscope phantom"}]}"#, #"{"AnatomyWeightsSHA256": "00"}"#,
      #"{"Corrects": ["spine 00"]}"#,
    ] {
      try Data(text.utf8).write(to: sidecar)
      #expect(try !isNumberingOpen(partial), "\(text)")
    }
    // A phantom's labels that went through an import are labels as all others.
    try Data(
      #"{"GeneratedBy": [{"Name": "Cordscope phantom"}, {"Name": "Cordscope"}]}"#.utf8
    ).write(to: sidecar)
    #expect(try isNumberingOpen(partial))
    try Data("no object".utf8).write(to: sidecar)
    #expect(throws: ReadError.self) { try isNumberingOpen(partial) }
    try FileManager.default.removeItem(at: sidecar)
    // A reader's sidecar whose label never came tells nothing of the tool's that is there.
    let label = partial.folder(PartialLibrary.others + LabelRole.spine.ending + ".nii.gz")
    try VersionedLabel(url: label).keep()
    let hash = String(repeating: "0", count: HashText.sha256)
    try Data("{\"Corrects\": [\"spine 00\"], \"\(Sidecar.describes)\": \"\(hash)\"}".utf8)
      .write(to: sidecar)
    #expect(try isNumberingOpen(partial))
    try FileManager.default.removeItem(at: sidecar)
    // A reader who corrected the discs has said what they are called.
    try partial.give(
      .discs,
      try PartialLibrary.points([.c3: phantom.truth.landmarks[.c3] ?? .zero], like: spine(shift: 0))
    )
    #expect(try isNumberingOpen(partial))
    try Data(#"{"Corrects": ["discs 00"]}"#.utf8).write(
      to: partial.folder(PartialLibrary.others + LabelRole.discs.ending + ".json"))
    #expect(try !isNumberingOpen(partial))
  }

  @Test("a look that finds what a detection says keeps the detection, and is not open any more")
  func kept() throws {
    for shift in [0, 1] {
      let partial = try complete(shift: shift)
      let weights = partial.folder("tiny.safetensors")
      try AdaptationCase.start().weights.safetensors().write(to: weights)
      try ModelCard(name: "tiny", sha256: try SHA256.hexDigest(ofFile: weights))
        .write(to: partial.folder("tiny.json"))
      func detection(looks: Bool = true) throws -> LibraryDetection {
        let library = try StudyLibrary(opening: partial.folder.url)
        let anatomy = try LibrarySegmentation(library: library, weights: Self.weights, threads: 1)
        return try LibraryDetection(
          library: library, weights: weights, anatomy: looks ? anatomy : nil, threads: 1)
      }
      func detect(looks: Bool = true, skipsDone: Bool = true) throws {
        let now = try detection(looks: looks)
        let studies = try StudyLibrary(opening: partial.folder.url).studies
        for item in now.run(on: studies, skipsDone: skipsDone) { _ = try item.outcome.get() }
      }
      let file = partial.folder(PartialLibrary.own + "_detection.json")
      try detect(looks: false)
      let first = try #require(FileTime(written: file))
      #expect(try detection().pending().count == 1)
      try detect()
      #expect(try detection().pending().isEmpty && !isNumberingOpen(partial))
      let second = try #require(FileTime(written: file))
      #expect((second == first) == (shift == 0))
      // Asked for again all is made anew, whatever is open.
      let (library, study) = try partial.open()
      let record = try #require(LibrarySegmentation.record(of: study, in: library.root))
      try FileManager.default.removeItem(at: record)
      try detect(skipsDone: false)
      let third = try #require(FileTime(written: file))
      #expect(third > second)
      #expect(try !isNumberingOpen(partial) && detection().pending().isEmpty)
    }
  }

  @Test("detect looks at names that another tool gave, shows the doubt, and is done then")
  func detected() throws {
    let partial = try complete(shift: 1)
    let weights = partial.folder("tiny.safetensors")
    try AdaptationCase.start().weights.safetensors().write(to: weights)
    try ModelCard(name: "tiny", sha256: try SHA256.hexDigest(ofFile: weights))
      .write(to: partial.folder("tiny.json"))
    func detection(looks: Bool = true) throws -> LibraryDetection {
      let library = try StudyLibrary(opening: partial.folder.url)
      let anatomy = try LibrarySegmentation(library: library, weights: Self.weights, threads: 1)
      return try LibraryDetection(
        library: library, weights: weights, anatomy: looks ? anatomy : nil, threads: 1)
    }
    func flags(looks: Bool = true) throws -> [String] {
      let now = try detection(looks: looks)
      for item in now.run(on: now.pending()) { _ = try item.outcome.get() }
      let (library, study) = try partial.open()
      return try #require(try library.detection(of: study)).detection.quality.names
    }
    #expect(try !flags(looks: false).contains("levels-contradicted"))
    #expect(try detection(looks: false).pending().isEmpty)
    #expect(try detection().pending().count == 1)
    #expect(try flags().contains("levels-contradicted"))
    #expect(try detection().pending().isEmpty)
    // A reader's answer that came later is taken up.
    _ = try run(partial, uppermost: .c3)
    #expect(try detection().pending().count == 1)
    #expect(try !flags().contains("levels-contradicted"))
    #expect(try detection().pending().isEmpty)
  }
}
