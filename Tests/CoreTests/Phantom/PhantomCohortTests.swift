import Foundation
import Imaging
import Synchronization
import TestSupport
import Testing

import Core

@Suite("Phantom cohorts")
struct PhantomCohortTests {
  @Test("A benchmark has every class equally often, and does not depend on its length")
  func balanced() {
    let count = PhantomClass.allCases.count
    let plan = PhantomCohort.plan(patients: 3 * count + 5, seed: 9, domain: .public)
    for kind in PhantomClass.allCases {
      let found = plan.count { $0.kind == kind }
      #expect((3...4).contains(found), "\(kind): \(found)")
    }
    #expect(Set(plan.map(\.seed)).count == plan.count)
    #expect(PhantomCohort.plan(patients: 10, seed: 9, domain: .public) == Array(plan.prefix(10)))
    #expect(PhantomCohort.plan(patients: 10, seed: 10, domain: .public) != Array(plan.prefix(10)))
    #expect(PhantomCohort.plan(patients: 0, seed: 9, domain: .public).isEmpty)
    #expect(PhantomCohort.plan(patients: -3, seed: 9, domain: .public).isEmpty)
  }

  @Test("A lesion rate is kept, a single class too")
  func rates() {
    let mixed = PhantomCohort.plan(
      patients: 2000, seed: 1, domain: .clinical, mix: .lesionRate(0.3))
    let share = Double(mixed.count { $0.kind.hasLesion }) / 2000
    #expect(abs(share - 0.3) < 0.04)
    let none = PhantomCohort.plan(patients: 50, seed: 1, domain: .clinical, mix: .lesionRate(0))
    #expect(none.allSatisfy { !$0.kind.hasLesion })
    let one = PhantomCohort.plan(patients: 5, seed: 1, domain: .clinical, mix: .only(.gibbs))
    #expect(one.allSatisfy { $0.kind == .gibbs })
  }

  @Test("A cohort of other settings is not written over by mistake")
  func earlier() throws {
    let folder = try TemporaryFolder()
    let root = folder("cohort")
    let configuration = PhantomConfiguration(slices: 3, coarseness: 4)
    let plan = PhantomCohort.plan(patients: 2, seed: 1, domain: .clinical)
    func check(_ recipes: [PhantomRecipe], replacing: Bool = false) throws {
      try PhantomCohort.checkEarlier(recipes, in: root, replacing: replacing)
    }
    try check(plan)
    try PhantomCohort.write(plan, to: root, configuration: configuration)
    // The same again, and more of the same.
    try check(plan)
    try check(PhantomCohort.plan(patients: 3, seed: 1, domain: .clinical))
    let others = [
      PhantomCohort.plan(patients: 2, seed: 2, domain: .clinical),
      PhantomCohort.plan(patients: 2, seed: 1, domain: .public),
      PhantomCohort.plan(patients: 2, seed: 1, domain: .clinical, mix: .only(.gibbs)),
    ]
    for other in others {
      let error = #expect(throws: LibraryError.self) { try check(other) }
      #expect(error?.description.contains("--replace") == true)
      try check(other, replacing: true)
    }
    // A smaller cohort would leave studies of the larger one among its own.
    let fewer = Array(plan.prefix(1))
    #expect(throws: LibraryError.self) { try check(fewer) }
    #expect(throws: LibraryError.self) { try check(fewer, replacing: true) }
    // Without its truth nobody can tell.
    try FileManager.default.removeItem(at: root.appendingPathComponent("derivatives/truth"))
    #expect(throws: LibraryError.self) { try check(plan) }
  }

  @Test("A written cohort is BIDS: it reads back as it was made, and hides the truth")
  func bids() throws {
    let root = FileManager.default.temporaryDirectory
      .appendingPathComponent("phantom-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    let configuration = PhantomConfiguration(slices: 3, coarseness: 4)
    let plan = [
      PhantomRecipe(index: 0, seed: 4, kind: .focalBright, domain: .clinical),
      PhantomRecipe(index: 1, seed: 5, kind: .normal, domain: .public),
    ]
    let seen = Mutex<[Int]>([])
    try PhantomCohort.write(plan, to: root, configuration: configuration) { done, _ in
      seen.withLock { $0.append(done) }
    }
    #expect(seen.withLock { $0 } == [1, 2])

    let study = PhantomGenerator(configuration).study(plan[0])
    let image = try NIfTI.read(root.appendingPathComponent("sub-001/anat/sub-001_T2w.nii.gz"))
    #expect(image.volume.voxels == study.image.voxels)
    let inverse = try #require(study.image.affine.inverse)
    let back = inverse(image.volume.affine([3, 4, 2]))
    #expect(abs(back.x - 3) + abs(back.y - 4) + abs(back.z - 2) < 1e-3)

    let labels = root.appendingPathComponent("derivatives/labels/sub-001/anat")
    for name in ["label-SC_seg", "label-canal_seg", "label-spine_dseg"] {
      for suffix in [".nii.gz", ".json"] {
        let path = labels.appendingPathComponent("sub-001_T2w_\(name)\(suffix)").path
        #expect(FileManager.default.fileExists(atPath: path), "\(path)")
      }
    }
    let spine = try NIfTI.readLabels(
      labels.appendingPathComponent("sub-001_T2w_label-spine_dseg.nii.gz"))
    #expect(spine.voxels == study.truth.spine.voxels)
    let table = try String(
      contentsOf: root.appendingPathComponent("participants.tsv"), encoding: .utf8)
    #expect(table.hasPrefix("participant_id\tage\tsex\tmjoa\nsub-001\t"))
    #expect(!table.contains("bright") && table.split(separator: "\n").count == 3)

    let truth = root.appendingPathComponent("derivatives/truth/sub-001/anat/sub-001_truth.json")
    let record = try JSONDecoder().decode(PhantomTruthRecord.self, from: Data(contentsOf: truth))
    #expect(record == PhantomTruthRecord(study.truth))
    #expect(record.lesion && record.kind == "focal-bright" && record.seed == "4")
  }

  @Test("Who a patient is does not need the pictures")
  func demographics() {
    let generator = PhantomGenerator(PhantomConfiguration(slices: 1, coarseness: 6))
    for (index, kind) in PhantomClass.allCases.enumerated() {
      let recipe = PhantomRecipe(
        index: index, seed: 77 &+ UInt64(index), kind: kind, domain: .clinical)
      #expect(generator.demographics(recipe) == generator.study(recipe).demographics, "\(kind)")
    }
  }

  @Test("Demo patients that lost their line, or were made before a kill, get it again")
  func demoParticipants() throws {
    let folder = try TemporaryFolder()
    try DemoLibrary.found(at: folder.url)
    struct Stop: Error {}
    // Two patients are there whose lines were never written: the program was killed in between.
    let made = Array(DemoLibrary.recipes.prefix(2))
    let quick = PhantomConfiguration(slices: 3, coarseness: 1.5)
    try PhantomCohort.write(made, to: folder.url, configuration: quick)
    let table = folder("participants.tsv")
    let written = try String(contentsOf: table, encoding: .utf8)
    try "participant_id\tage\tsex\tmjoa\nsub-001\t99\tF\t18\n"
      .write(to: table, atomically: false, encoding: .utf8)
    #expect(throws: Stop.self) {
      try DemoLibrary.complete(at: folder.url) { _ in throw Stop() }
    }
    let lines = try String(contentsOf: table, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 1 + DemoLibrary.recipes.count)
    // A line that stands is left as it is, a lost one is as it was.
    #expect(lines[1] == "sub-001\t99\tF\t18")
    #expect(lines[2] == written.split(separator: "\n")[2])
    let rows = try Participants(library: folder.url)
    #expect(DemoLibrary.subjects.allSatisfy { rows[$0].age != nil && rows[$0].mjoa != nil })
  }

  @Test("A dataset that is not a phantom's is refused and left as it is")
  func foreignDataset() throws {
    let folder = try TemporaryFolder()
    let description = #"{"Name": "Clinic", "BIDSVersion": "1.9.0"}"#
    try folder.write(description, to: "dataset_description.json")
    #expect(throws: LibraryError.self) { try PhantomCohort.describe([], in: folder.url) }
    let kept = try String(contentsOf: folder("dataset_description.json"), encoding: .utf8)
    #expect(kept == description)
    let own = try TemporaryFolder()
    try PhantomCohort.describe([], in: own.url)
    try PhantomCohort.describe([], in: own.url)
  }

  @Test("A folder that cannot be written is named")
  func unwritable() throws {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("phantom-\(UUID().uuidString)")
    try Data("x".utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    #expect(throws: (any Error).self) {
      try PhantomCohort.write(
        [PhantomRecipe(index: 0, seed: 1, kind: .normal, domain: .public)],
        to: file.appendingPathComponent("library"))
    }
  }
}
