import Foundation
import Imaging
import Synchronization
import Testing
import TestSupport

@testable import Core

@Suite("Import")
struct ImporterTests: ImportTesting {
  let folder: TemporaryFolder
  let library: URL

  init() throws {
    folder = try TemporaryFolder()
    library = folder("LIB")
  }

  /// A slice in the layout of the U2AD release with a cord, CSF, a lesion and vertebrae.
  private func slice(lesion: Bool = true) -> NumPyArray {
    let side = 256
    var values = [Double](repeating: 0, count: 3 * side * side)
    for row in 0..<side {
      for column in 0..<side {
        let n = row * side + column
        values[n] = Double((row * 7 + column * 3) % 100) / 100
        var label = 0.0
        if (20..<220).contains(row), (120..<140).contains(column) {
          label = (125..<135).contains(column) ? 3 : 4
          if lesion, (100..<110).contains(row), (128..<132).contains(column) { label = 6 }
        }
        values[2 * side * side + n] = label
      }
    }
    return NumPyArray(shape: [3, side, side], values: values)
  }

  @Test("A NumPy slice becomes a study with masks and truth")
  func numpy() throws {
    try NumPy.write(slice(), to: folder("private 1.npy"))
    let items = try run(["private 1.npy"])
    #expect(items.map(\.outcome) == [.imported(subject: "private1")])
    #expect(items[0].notes.contains { $0.contains("assumed to be 3.0 mm thick") })
    let opened = try StudyLibrary(opening: library)
    let study = try #require(opened.studies.first)
    let image = try opened.load(study)
    #expect(image.volume.shape == [256, 256, 1])
    let spacing = image.volume.affine.spacing
    #expect(abs(spacing.x - 0.78125) < 1e-5 && abs(spacing.z - 3) < 1e-5)
    #expect(image.volume.affine.orientation.code == "PIR")
    let cord = try #require(image.labels.cord)
    // The lesion's pixels belong to the cord.
    #expect(cord[130, 105, 0] == 1 && cord[126, 50, 0] == 1 && cord[122, 50, 0] == 0)
    #expect(image.labels.canal?[122, 50, 0] == 1)
    let lesion = try #require(opened.labelFiles(of: study)[.lesion])
    let truth = try NIfTI.readLabels(lesion.url)
    #expect(truth.voxels.reduce(0) { $0 + Int($1) } == 40)
    let sidecar = library.appendingPathComponent("sub-private1/anat/sub-private1_T2w.json")
    #expect(try Provenance.read(sidecar)?["SliceThickness"] as? Double == 3)
  }

  @Test("Arrays of another layout are refused, not guessed at")
  func otherArrays() throws {
    var labels = slice().values
    labels[3 * 65536 - 1] = 8
    var image = slice().values
    image[5] = .nan
    let arrays: [(String, NumPyArray)] = [
      ("flat", NumPyArray(shape: [256, 256], values: [Double](repeating: 0, count: 65536))),
      ("small", NumPyArray(shape: [3, 2, 2], values: [Double](repeating: 0, count: 12))),
      ("labels", NumPyArray(shape: [3, 256, 256], values: labels)),
      ("nan", NumPyArray(shape: [3, 256, 256], values: image)),
    ]
    for (name, array) in arrays { try NumPy.write(array, to: folder("\(name).npy")) }
    try folder.write("junk", to: "junk.npy")
    for item in try run(["flat.npy", "small.npy", "labels.npy", "nan.npy", "junk.npy"]) {
      guard case .refused = item.outcome else {
        Issue.record("\(item.source) was imported")
        continue
      }
    }
    #expect(!FileManager.default.fileExists(atPath: library.path))
  }

  @Test("A NIfTI image is kept byte for byte, with the labels beside it")
  func nifti() throws {
    let image = LibraryFixture.image()
    try LibraryFixture.write(image, to: folder("errsm_23/t2/t2.nii.gz"))
    try NIfTI.write(
      LibraryFixture.cord(like: image), to: folder("errsm_23/t2/t2_manual_segmentation.nii.gz"))
    try NIfTI.write(image, to: folder("errsm_23/t2/t2_crop.nii.gz"))
    var points = image.map { _ in UInt16(0) }
    points[40, 70, 2] = 2
    points[40, 10, 2] = 9
    try NIfTI.write(points, to: folder("errsm_23/t2/t2_landmarks_C2_T2_center.nii.gz"))
    let before = try LibraryFixture.snapshot(folder("errsm_23"))
    let items = try run(["errsm_23"])
    #expect(items.map(\.outcome) == [.imported(subject: "errsm23")])
    let copy = library.appendingPathComponent("sub-errsm23/anat/sub-errsm23_T2w.nii.gz")
    #expect(try Data(contentsOf: copy) == before["t2/t2.nii.gz"])
    #expect(try LibraryFixture.snapshot(folder("errsm_23")) == before)
    let opened = try StudyLibrary(opening: library)
    let labels = try opened.load(opened.studies[0]).labels
    #expect(labels.cord?.voxels == LibraryFixture.cord(like: image).voxels)
    #expect(Set(labels.landmarks.keys) == [.c2, .t2] && labels.levelSource == .interpolated)
    #expect(opened.participants.ids == ["errsm23"])
    #expect(try LibraryFixture.mode(copy) == 0o660)
    #expect(try LibraryFixture.mode(library.appendingPathComponent("sub-errsm23")) == 0o2770)
  }

  @Test("The same file twice is noticed; another file never takes its place")
  func twice() throws {
    try LibraryFixture.write(LibraryFixture.image(seed: 1), to: folder("a/pat_T2w.nii.gz"))
    try LibraryFixture.write(LibraryFixture.image(seed: 2), to: folder("b/pat_T2w.nii.gz"))
    try LibraryFixture.write(LibraryFixture.image(seed: 1), to: folder("c/other_T2w.nii.gz"))
    #expect(try run(["a/pat_T2w.nii.gz"]).map(\.outcome) == [.imported(subject: "pat")])
    let before = try LibraryFixture.snapshot(library)
    #expect(
      try run(["a/pat_T2w.nii.gz", "c/other_T2w.nii.gz"]).map(\.outcome) == [
        .alreadyThere(subject: "pat", labelsAdded: []),
        .alreadyThere(subject: "pat", labelsAdded: []),
      ])
    #expect(try LibraryFixture.snapshot(library) == before)
    #expect(try run(["b/pat_T2w.nii.gz"]).map(\.outcome) == [.imported(subject: "patx2")])
    let after = try LibraryFixture.snapshot(library)
    for (path, bytes) in before where path != "participants.tsv" {
      #expect(after[path] == bytes, "\(path)")
    }
    #expect(try StudyLibrary(opening: library).participants.ids == ["pat", "patx2"])
  }

  @Test("Labels given later are added, those there are kept")
  func labelsLater() throws {
    let image = LibraryFixture.image()
    try LibraryFixture.write(image, to: folder("p_T2w.nii"))
    try NIfTI.write(LibraryFixture.cord(like: image), to: folder("drawn.nii"))
    try NIfTI.write(image.map { _ in UInt16(1) }, to: folder("all.nii"))
    #expect(try run(["p_T2w.nii"]).map(\.outcome) == [.imported(subject: "p")])
    var options = ImportOptions()
    options.labels[.cord] = folder("drawn.nii")
    #expect(
      try run(["p_T2w.nii"], options).map(\.outcome) == [
        .alreadyThere(subject: "p", labelsAdded: [.cord])
      ])
    // The same mask again, compressed otherwise: nothing to say.
    try Data(GZip.compress(FileBytes.read(folder("drawn.nii")))).write(to: folder("d.nii.gz"))
    options.labels[.cord] = folder("d.nii.gz")
    let before = try LibraryFixture.snapshot(library)
    let items = try run(["p_T2w.nii"], options)
    #expect(items.map(\.outcome) == [.alreadyThere(subject: "p", labelsAdded: [])])
    #expect(items[0].notes == [], "remarks about labels that nothing was done with")
    #expect(try LibraryFixture.snapshot(library) == before)
    let opened = try StudyLibrary(opening: library)
    let loaded = try opened.load(opened.studies[0])
    #expect(loaded.volume.voxels == image.voxels)
    #expect(loaded.labels.cord?.voxels == LibraryFixture.cord(like: image).voxels)
    #expect(throws: LibraryError.self) { try run(["p_T2w.nii", "p_T2w.nii"], options) }
  }

  @Test("A mask that differs from the stored one is refused, or replaces it when asked to")
  func correctedMask() throws {
    let image = LibraryFixture.image()
    try LibraryFixture.write(image, to: folder("p_T2w.nii"))
    try NIfTI.write(image.map { _ in UInt16(1) }, to: folder("wrong.nii"))
    try NIfTI.write(LibraryFixture.cord(like: image), to: folder("right.nii"))
    try NIfTI.write(image.map { _ in UInt16(1) }, to: folder("canal.nii"))
    var options = ImportOptions()
    options.labels[.cord] = folder("wrong.nii")
    #expect(try run(["p_T2w.nii"], options).map(\.outcome) == [.imported(subject: "p")])
    let place = "derivatives/labels/sub-p/anat/sub-p_T2w_label-SC_seg"
    let former = try Data(contentsOf: library.appendingPathComponent("\(place).nii.gz"))
    let before = try LibraryFixture.snapshot(library)
    options.labels = [.cord: folder("right.nii"), .canal: folder("canal.nii")]
    let refused = try run(["p_T2w.nii"], options)
    guard case .refused(let why) = refused[0].outcome else {
      Issue.record("\(refused[0].text)")
      return
    }
    #expect(why.contains("\(place).nii.gz is kept") && why.contains("--replace-labels"), "\(why)")
    #expect(refused[0].notes == [])
    #expect(try LibraryFixture.snapshot(library) == before)
    options.replacesLabels = true
    #expect(
      try run(["p_T2w.nii"], options).map(\.outcome) == [
        .labelsReplaced(subject: "p", [.cord, .canal])
      ])
    let opened = try StudyLibrary(opening: library)
    let labels = try opened.load(opened.studies[0]).labels
    #expect(labels.cord?.voxels == LibraryFixture.cord(like: image).voxels)
    let name = "\(place).\(SHA256.hexDigest(of: former).prefix(16))"
    let after = try LibraryFixture.snapshot(library)
    #expect(after["\(name).nii.gz"] == former)
    #expect(after["\(name).json"] == before["\(place).json"])
    for (path, bytes) in before where !path.contains("label-SC_seg") {
      #expect(after[path] == bytes, "\(path)")
    }
    // Once more changes nothing.
    #expect(
      try run(["p_T2w.nii"], options).map(\.outcome) == [
        .alreadyThere(subject: "p", labelsAdded: [])
      ])
    #expect(try LibraryFixture.snapshot(library) == after)
  }

  @Test("Label files given for what would not look at them are refused")
  func unusedLabels() throws {
    let source = try TemporaryFolder()
    _ = try LibraryFixture.library(["01"], in: source)
    try NumPy.write(slice(), to: folder("p.npy"))
    var options = ImportOptions()
    options.labels[.cord] = folder("p.nii")
    for url in [source.url, folder("p.npy")] {
      #expect(throws: LibraryError.self) {
        try Importer(library: library).run([url], options: options)
      }
    }
    #expect(!FileManager.default.fileExists(atPath: library.path))
  }

  @Test("A listing tells copies of files, what the library has, and what is new")
  func listing() throws {
    for (name, seed) in [("a_T2w", 1), ("b_T2w", 2)] {
      try LibraryFixture.write(
        LibraryFixture.image(seed: UInt64(seed)), to: folder("in/\(name).nii.gz"))
    }
    try FileManager.default.copyItem(
      at: folder("in/a_T2w.nii.gz"), to: folder("in/c_T2w.nii.gz"))
    let plain = try Importer.table(of: [folder("in")]).split(separator: "\n")
    #expect(plain.count == 3 && plain[0].hasSuffix("a_T2w.nii.gz"), "\(plain)")
    #expect(plain[2].hasSuffix("c_T2w.nii.gz: a copy of \(folder("in/a_T2w.nii.gz").path)"))
    #expect(!FileManager.default.fileExists(atPath: library.path))
    _ = try run(["in/a_T2w.nii.gz"])
    let lines = try Importer.table(of: [folder("in")], library: library).split(separator: "\n")
    #expect(lines[0].hasSuffix(": in the library as subject a"), "\(lines)")
    #expect(lines[1].hasSuffix(": new"))
    #expect(lines[2].contains("a copy of") && lines[2].hasSuffix("; in the library as subject a"))
  }

  @Test("A listing in which nothing can be imported says why")
  func listingOfRefused() throws {
    try LibraryFixture.write(LibraryFixture.image(), to: folder("in/p_T1w.nii.gz"))
    let error = #expect(throws: LibraryError.self) { try Importer.table(of: [folder("in")]) }
    #expect("\(error as Any)".contains("its name says t1w"), "\(error as Any)")
  }

  @Test("MSK of musculoskeletal images is no label; _msk at the end of a name is")
  func musculoskeletal() throws {
    try LibraryFixture.write(LibraryFixture.image(), to: folder("in/MSK_cspine_0815_T2.nii.gz"))
    #expect(try run(["in"]).map(\.outcome) == [.imported(subject: "MSKcspine0815")])
    for name in ["0007_msk", "p_T2w_MSK", "sub-1_mod-T2w_seg-vert_msk"] {
      #expect(NameHints.saysLabels(name) && NameHints.problem(name) != nil, "\(name)")
    }
    for name in ["MSK_T2", "p_msk_T2w", "msk"] {
      #expect(!NameHints.saysLabels(name) && NameHints.problem(name) == nil, "\(name)")
    }
  }

  @Test(
    "A given id holds for what an import left that was cut short, and never parts a reader's work")
  func givenIdOfRemnant() throws {
    try LibraryFixture.write(LibraryFixture.image(), to: folder("p_T2w.nii.gz"))
    _ = try run(["p_T2w.nii.gz"])
    var options = ImportOptions()
    options.subject = "q"
    let there = try run(["p_T2w.nii.gz"], options)
    #expect(there.map(\.outcome) == [.alreadyThere(subject: "p", labelsAdded: [])])
    #expect(there[0].text.contains("--subject q names new subjects only: this one stays p"))
    // A sidecar without its image is what a kill left.
    try FileManager.default.removeItem(at: folder("LIB/sub-p/anat/sub-p_T2w.nii.gz"))
    try folder.write("", to: "LIB/derivatives/cordscope/sub-p/anat/sub-p_T2w_reader-a_review.jsonl")
    guard case .refused(let why)? = try run(["p_T2w.nii.gz"], options).first?.outcome else {
      Issue.record("a reader's work was left behind")
      return
    }
    #expect(why.contains("it was subject p"))
    try FileManager.default.removeItem(at: folder("LIB/derivatives/cordscope/sub-p"))
    #expect(try run(["p_T2w.nii.gz"], options).map(\.outcome) == [.imported(subject: "q")])
    #expect(!FileManager.default.fileExists(atPath: folder("LIB/sub-p").path))
    #expect(
      try run(["p_T2w.nii.gz"]).map(\.outcome) == [.alreadyThere(subject: "q", labelsAdded: [])])
  }

  @Test("Labels of an import that was killed before its image do not take its name away")
  func labelRemnant() throws {
    let image = LibraryFixture.image()
    try LibraryFixture.write(image, to: folder("p_T2w.nii.gz"))
    try LibraryFixture.write(LibraryFixture.cord(like: image), to: folder("p_T2w_seg.nii.gz"))
    #expect(try run(["p_T2w.nii.gz"]).map(\.outcome) == [.imported(subject: "p")])
    let whole = try LibraryFixture.snapshot(library)
    try FileManager.default.removeItem(at: folder("LIB/sub-p"))
    #expect(try run(["p_T2w.nii.gz"]).map(\.outcome) == [.imported(subject: "p")])
    #expect(try LibraryFixture.snapshot(library) == whole)
  }

  @Test("Labels that a reader has signed are no remnant, though their bytes are the same")
  func signedRemnant() throws {
    let image = LibraryFixture.image()
    try LibraryFixture.write(image, to: folder("p_T2w.nii.gz"))
    try LibraryFixture.write(LibraryFixture.cord(like: image), to: folder("p_T2w_seg.nii.gz"))
    let sidecar = folder("LIB/derivatives/labels/sub-p/anat/sub-p_T2w_label-SC_seg.json")
    let signatures: [() throws -> Void] = [
      {
        try Provenance.update(
          sidecar, appending: Provenance.Entry(name: "Manual", version: nil, details: "checked"))
      },
      {
        try Provenance.update(
          sidecar, set: ["Author": .text("Dr. Roe")], appending: .cordscope("import"))
      },
    ]
    for sign in signatures {
      try? FileManager.default.removeItem(at: library)
      #expect(try run(["p_T2w.nii.gz"]).map(\.outcome) == [.imported(subject: "p")])
      try sign()
      let signed = try Data(contentsOf: sidecar)
      try FileManager.default.removeItem(at: folder("LIB/sub-p"))
      #expect(try run(["p_T2w.nii.gz"]).map(\.outcome) == [.imported(subject: "px2")])
      #expect(try Data(contentsOf: sidecar) == signed)
    }
  }

  @Test("Of several masks beside an image it is said which one was taken")
  func choiceOfMasks() throws {
    let image = LibraryFixture.image()
    try LibraryFixture.write(image, to: folder("a/t2.nii.gz"))
    for name in ["t2_segmentation_PropSeg", "t2_manual_segmentation"] {
      try NIfTI.write(LibraryFixture.cord(like: image), to: folder("a/\(name).nii.gz"))
    }
    let note = "taken from t2_manual_segmentation.nii.gz, not from t2_segmentation_PropSeg.nii.gz"
    #expect(try run(["a"])[0].notes.contains { $0.contains(note) })
    #expect(try run(["a"])[0].notes.allSatisfy { !$0.contains("taken from") })
    var options = ImportOptions()
    options.subject = "b"
    options.labels[.cord] = folder("a/t2_segmentation_PropSeg.nii.gz")
    let named = try Importer(library: folder("other")).run([folder("a")], options: options)
    #expect(named[0].outcome == .imported(subject: "b"))
    #expect(named[0].notes.allSatisfy { !$0.contains("taken from") })
  }

  @Test("A second image of a subject is named when it is left out")
  func leftOut() throws {
    for run in 1...2 {
      let name = "sub-1_acq-sag_run-\(run)_T2w.nii.gz"
      try LibraryFixture.write(
        LibraryFixture.image(seed: UInt64(run)), to: folder("bids/sub-1/anat/\(name)"))
    }
    let notes = try run(["bids"])[0].notes
    #expect(
      notes.contains {
        $0.contains("sub-1_acq-sag_run-1_T2w.nii.gz is, left out: sub-1_acq-sag_run-2_T2w.nii.gz")
      }, "\(notes)")
    #expect(try StudyLibrary(opening: library).studies[0].leftOutNote == nil)
  }

  @Test(
    "Letters beyond ASCII are spelt out, and every other name is said",
    arguments: [
      ("Müller", "Mueller"), ("Mu\u{308}ller", "Mueller"), ("M/../ö", "Moe"),
      ("Ångström-É", "AngstroemE"), ("Straße", "Strasse"), ("Łukasz Sørensen", "LukaszSoerensen"),
    ])
  func spelling(name: String, id: String) throws {
    try LibraryFixture.write(LibraryFixture.image(), to: folder("p_T2w.nii.gz"))
    var options = ImportOptions()
    options.subject = name
    let items = try run(["p_T2w.nii.gz"], options)
    #expect(items.map(\.outcome) == [.imported(subject: id)])
    #expect(items[0].notes.contains("subject \(name) is called \(id) here"), "\(items[0].text)")
    // Known by its contents, not by what it was called.
    #expect(try run(["p_T2w.nii.gz"], options)[0].notes.allSatisfy { !$0.contains("is called") })
  }

  @Test("Unusable images are refused with the reason and leave nothing behind")
  func refused() throws {
    let image = LibraryFixture.image()
    let axial = Affine(i: [0.5, 0, 0], j: [0, 0.5, 0], k: [0, 0, 4], origin: .zero)
    try LibraryFixture.write(image, to: folder("p_T1w.nii.gz"))
    try LibraryFixture.write(LibraryFixture.image(affine: axial), to: folder("ax_T2w.nii.gz"))
    try LibraryFixture.write(image.map { _ in Float(1) }, to: folder("blank_T2w.nii.gz"))
    try folder.write("junk", to: "junk_T2w.nii.gz")
    try folder.write("a report", to: "report.txt")
    let whole = try Data(contentsOf: folder("p_T1w.nii.gz"))
    try whole.prefix(whole.count / 2).write(to: folder("half_T2w.nii.gz"))
    let names = [
      "p_T1w.nii.gz", "ax_T2w.nii.gz", "blank_T2w.nii.gz", "junk_T2w.nii.gz", "half_T2w.nii.gz",
      "absent.nii",
    ]
    let wanted = ["t1w", "axial", "no picture", "junk", "half", "no such file", "neither"]
    // Alone what is no image is refused; beside images it would be left alone.
    let items = try run(names) + run(["report.txt"])
    #expect(items.count == wanted.count)
    for (item, word) in zip(items, wanted) {
      guard case .refused(let reason) = item.outcome else {
        Issue.record("\(item.source) was imported")
        continue
      }
      #expect(reason.lowercased().contains(word), "\(item.text)")
    }
    #expect(!FileManager.default.fileExists(atPath: library.path))
    var options = ImportOptions()
    options.acceptsContrast = true
    #expect(try run(["p_T1w.nii.gz"], options).map(\.outcome) == [.imported(subject: "pT1w")])
  }

  @Test("Any contrast is refused where no contrast is looked at: slices and datasets")
  func anyContrastElsewhere() throws {
    try NumPy.write(slice(), to: folder("p.npy"))
    let dataset = try TemporaryFolder()
    _ = try LibraryFixture.library(["01"], in: dataset)
    var options = ImportOptions()
    options.acceptsContrast = true
    for url in [folder("p.npy"), dataset.url] {
      do {
        _ = try Importer(library: library).run([url], options: options)
        Issue.record("\(url.path) was imported")
      } catch { #expect("\(error)".contains("--any-contrast is for NIfTI images"), "\(error)") }
    }
    #expect(!FileManager.default.fileExists(atPath: library.path))
  }

  @Test("A picture that is no T2 is said at the import; taken all the same, detection has a doubt")
  func pictureIsNoT2() throws {
    let image = LibraryFixture.image()
    try LibraryFixture.write(image, to: folder("p_T2w.nii.gz"))
    var options = ImportOptions()
    options.pictureLook = PictureLook { _ in
      PictureLook.Finding(hasCord: true, notT2: "Half of the CSF is dark.")
    }
    let items = try run(["p_T2w.nii.gz"], options)
    let id = try subject(items)
    #expect(items[0].text.contains("wrong-contrast: Half of the CSF is dark; detect will not"))
    // It was taken: how to take it is no advice any more.
    #expect(!items[0].text.contains("--any-contrast"), "\(items[0].text)")
    func flags() throws -> [QualityFlag] {
      let opened = try StudyLibrary(opening: library)
      return try opened.load(opened.studies[0]).labels.quality
    }
    #expect(try flags().isEmpty)
    options.acceptsContrast = true
    let again = try run(["p_T2w.nii.gz"], options)
    #expect(again.map(\.outcome) == [.alreadyThere(subject: id, labelsAdded: [])])
    #expect(try flags().names == ["wrong-contrast", "series-overridden"])
    // What the sidecar says beside them stays, and once is enough.
    let sidecar = Sidecar.url(
      of: library.appendingPathComponent("sub-\(id)/anat/sub-\(id)_T2w.nii.gz"))
    try Provenance.update(
      sidecar,
      set: [SeriesSidecar.flags: .list(["wrong-contrast: of old", "too-coarse: 6 mm"])],
      appending: .cordscope("test"))
    _ = try run(["p_T2w.nii.gz"], options)
    #expect(try flags().names == ["too-coarse", "wrong-contrast", "series-overridden"])
    let bytes = try Data(contentsOf: sidecar)
    _ = try run(["p_T2w.nii.gz"], options)
    #expect(try Data(contentsOf: sidecar) == bytes)
    // A mask that comes with the image lets the import judge by it: nobody looks again.
    try LibraryFixture.write(LibraryFixture.image(seed: 2), to: folder("q_T2w.nii.gz"))
    try LibraryFixture.write(LibraryFixture.cord(like: image), to: folder("q_T2w_seg.nii.gz"))
    #expect(try run(["q_T2w.nii.gz"], options)[0].text.contains("Half of the CSF") == false)
  }

  @Test(
    "Hostile names become harmless ids",
    arguments: [
      ("\u{1B}]0;x\u{07}evil.nii.gz", "0xevil"), ("..T2w.nii.gz", "h"),
      ("-rf ~_T2w.nii.gz", "rf"), ("頸椎.nii.gz", "h"), ("a\nb\tc.nii.gz", "abc"),
    ])
  func hostile(name: String, subject: String) throws {
    try LibraryFixture.write(LibraryFixture.image(), to: folder("h/\(name)"))
    let items = try run(["h/\(name)"])
    #expect(items.map(\.outcome) == [.imported(subject: subject)])
    let shown = items[0].text.unicodeScalars.filter { $0 != "\n" }
    #expect(!shown.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) })
    for path in try LibraryFixture.snapshot(library).keys {
      #expect(path.allSatisfy { $0.isASCII && !$0.isNewline }, "\(path)")
    }
  }

  @Test("A dataset is imported with labels and participants; twice adds nothing")
  func dataset() throws {
    let source = try TemporaryFolder()
    let made = try LibraryFixture.library(["01", "02"], in: source)
    try source.write(
      "participant_id\tage\tsex\nsub-01\t44\tF\nsub-02\t70\tM\n", to: "participants.tsv")
    try LibraryFixture.write(
      LibraryFixture.image(seed: 9), to: source("sub-03/anat/sub-03_T1w.nii.gz"))
    let importer = try Importer(library: library)
    let outcomes = try importer.run([source.url]).map(\.outcome)
    #expect(outcomes.prefix(2) == [.imported(subject: "01"), .imported(subject: "02")])
    guard case .refused(let why) = outcomes[2] else { throw ReadError(path: "", problem: "") }
    #expect(why.contains("wrong contrast"))
    let opened = try StudyLibrary(opening: library)
    #expect(opened.participants["02"].age == "70" && opened.participants["01"].sex == "F")
    let image = try opened.load(opened.studies[0])
    #expect(image.volume.voxels == (try made.load(made.studies[0]).volume.voxels))
    #expect(image.labels.cord != nil)
    let before = try LibraryFixture.snapshot(library)
    for outcome in try importer.run([source.url]).map(\.outcome).prefix(2) {
      guard case .alreadyThere = outcome else { throw ReadError(path: "", problem: "") }
    }
    #expect(try LibraryFixture.snapshot(library) == before)
    guard case .refused = try importer.run([library]).first?.outcome else {
      Issue.record("a library was imported into itself")
      return
    }
  }

  @Test(
    "The released slices are imported and read back",
    .enabled(if: SharedData.has("data/u2ad/private1.npy")))
  func released() throws {
    let sources = ["private1", "private3", "public3"].map { SharedData.url("data/u2ad/\($0).npy") }
    let outcomes = try Importer(library: library).run(sources).map(\.outcome)
    #expect(
      outcomes == [
        .imported(subject: "private1"), .imported(subject: "private3"),
        .imported(subject: "public3"),
      ])
    let opened = try StudyLibrary(opening: library)
    let first = try opened.load(try opened.study("private1"))
    #expect(first.labels.cord != nil && first.labels.canal != nil)
    #expect(first.labels.levelSource == .counted)
    for study in opened.studies { #expect(try opened.loadStudy(study.subject).pictures.count == 1) }
    #expect(LibraryVerification.findings(in: opened).filter { $0.severity == .failure }.isEmpty)
  }

  @Test(
    "Volumes of another centre are imported with their mask and landmarks; T1w and T2*w are refused",
    .enabled(if: SharedData.has("data/sct_errsm/errsm_23/t2/t2.nii.gz")))
  func volumes() throws {
    let importer = try Importer(library: library)
    let items = try importer.run([SharedData.url("data/sct_errsm/errsm_23")])
    #expect(items.map(\.outcome) == [.imported(subject: "errsm23")])
    let opened = try StudyLibrary(opening: library)
    let labels = try opened.load(opened.studies[0]).labels
    #expect(labels.cord != nil && Set(labels.landmarks.keys) == [.c2, .t2])
    for name in ["t1/t1w.nii.gz", "t2s/t2s.nii.gz"]
    where SharedData.has("data/sct_testing_data/\(name)") {
      var options = ImportOptions()
      options.acceptsContrast = name.hasPrefix("t2s")
      let item = try importer.run(
        [SharedData.url("data/sct_testing_data/\(name)")], options: options)[0]
      guard case .refused = item.outcome else {
        Issue.record("\(name) was imported")
        continue
      }
    }
  }

  @Test("Every sidecar is read once, and what another importer adds is noticed")
  func sidecarsReadOnce() throws {
    let folder = try TemporaryFolder()
    let reads = Mutex<[String: Int]>([:])
    let hashes = ImportedHashes { subject in
      reads.withLock { $0[subject, default: 0] += 1 }
      return subject == "damaged" ? nil : "hash of \(subject)"
    }
    #expect(try hashes.subject(holding: "hash of b", in: folder.url) == nil)
    for name in ["a", "b", "damaged"] { try SharedFolder.make(folder("sub-\(name)")) }
    for _ in 0..<5 {
      #expect(try hashes.subject(holding: "hash of b", in: folder.url) == "b")
      #expect(try hashes.subject(holding: "hash of c", in: folder.url) == nil)
    }
    try SharedFolder.make(folder("sub-c"))
    #expect(try hashes.subject(holding: "hash of c", in: folder.url) == "c")
    #expect(reads.withLock { $0 } == ["a": 1, "b": 1, "c": 1, "damaged": 1])
  }
}
