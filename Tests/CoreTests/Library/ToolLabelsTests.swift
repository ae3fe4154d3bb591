import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("What SCT, TotalSpineSeg and SPINEPS leave beside a scan or in a dataset")
struct ToolLabelsTests {
  let folder: TemporaryFolder
  let image = LibraryFixture.image()

  init() throws { folder = try TemporaryFolder() }

  /// Labels on the image's grid: columns i, rows j (upwards), the middle slice.
  private func volume(_ parts: [(columns: Range<Int>, rows: Range<Int>, value: UInt16)])
    -> LabelVolume
  {
    var result = image.map { _ in UInt16(0) }
    for part in parts {
      for j in part.rows { for i in part.columns { result[i, j, 2] = part.value } }
    }
    return result
  }

  /// Four vertebrae from C2 downwards with the discs below them, by their numbers.
  private func vertebrae(_ numbers: [UInt16], discs: [UInt16]) -> [(Range<Int>, Range<Int>, UInt16)]
  {
    numbers.enumerated().map { n, value in (24..<34, 62 - 15 * n..<72 - 15 * n, value) }
      + discs.enumerated().map { n, value in (24..<34, 58 - 15 * n..<61 - 15 * n, value) }
  }

  /// The canal with the cord in it.
  private func canal(_ canal: UInt16, cord: UInt16) -> [(Range<Int>, Range<Int>, UInt16)] {
    [(36..<44, 5..<75, canal), (38..<42, 5..<75, cord)]
  }

  private var spinepsVertebrae: LabelVolume {
    volume(vertebrae([2, 3, 4, 5], discs: [102, 103, 104]))
  }
  private var spinepsSubregions: LabelVolume {
    volume(canal(61, cord: 60) + vertebrae([49, 49, 49, 49], discs: [100, 100, 100]))
  }
  private var totalSpineSeg: LabelVolume {
    volume(canal(2, cord: 1) + vertebrae([12, 13, 14, 15], discs: [63, 64, 65]))
  }

  private func write(_ volume: LabelVolume, _ path: String) throws {
    try LibraryFixture.write(volume, to: folder(path))
  }

  private func writeImage(_ path: String) throws {
    try LibraryFixture.write(image, to: folder(path))
  }

  /// Imports into a new library and opens it.
  private func imported(
    _ path: String, _ options: ImportOptions = ImportOptions()
  ) throws -> (items: [ImportItem], library: StudyLibrary) {
    let library = folder("LIB")
    let items = try Importer(library: library).run([folder(path)], options: options)
    return (items, try StudyLibrary(opening: library))
  }

  private func reason(_ path: String, _ options: ImportOptions) throws -> String {
    let items = try Importer(library: folder("LIB")).run([folder(path)], options: options)
    guard case .refused(let why)? = items.first?.outcome else { return "imported" }
    return why
  }

  /// Cord and canal of the volumes above, and vertebrae from C2 to C5.
  private func expectWhole(_ labels: StudyLabels) throws {
    let canal = try #require(labels.canal)
    #expect(labels.cord?.voxels == LibraryFixture.cord(like: image).voxels)
    #expect(canal[37, 40, 2] == 1 && canal[39, 40, 2] == 1 && canal[35, 40, 2] == 0)
    let spine = try #require(labels.spine)
    #expect([66, 51, 36, 21].map { spine[28, $0, 2] } == [12, 13, 14, 15])
    #expect([59, 44, 29].map { spine[28, $0, 2] } == [63, 64, 65])
    #expect(labels.levelSource == .labelled)
  }

  private func makers(_ library: StudyLibrary) -> [LabelRole: String] {
    let study = library.studies[0]
    return Dictionary(
      uniqueKeysWithValues: library.labelOrigins(of: study).map { ($0.role, $0.maker) })
  }

  @Test(
    "SPINEPS writes two files: vertebrae and discs are of the one, cord and canal of the other",
    arguments: ["in/p_mod-T2w", "in/derivatives_seg/p_mod-T2w"])
  func spineps(start: String) throws {
    try writeImage("in/p_T2w.nii.gz")
    try write(spinepsVertebrae, "\(start)_seg-vert_msk.nii.gz")
    try write(spinepsSubregions, "\(start)_seg-spine_msk.nii.gz")
    let (items, library) = try imported("in")
    #expect(items.map(\.outcome) == [.imported(subject: "p")])
    #expect(items[0].notes.allSatisfy { !$0.contains("taken from") }, "\(items[0].notes)")
    try expectWhole(try library.load(library.studies[0]).labels)
    let makers = makers(library)
    #expect(Set(makers.keys) == [.cord, .canal, .spine])
    #expect(makers[.cord]?.hasPrefix("SPINEPS") == true)
    #expect(makers[.cord]?.hasSuffix("imported from p_mod-T2w_seg-spine_msk.nii.gz") == true)
    #expect(makers[.spine]?.hasSuffix("imported from p_mod-T2w_seg-vert_msk.nii.gz") == true)
  }

  @Test("A mask of its own goes before a structure among others, and the note says so")
  func ownMaskFirst() throws {
    try writeImage("in/p_T2w.nii.gz")
    try write(spinepsVertebrae, "in/p_mod-T2w_seg-vert_msk.nii.gz")
    try write(spinepsSubregions, "in/p_mod-T2w_seg-spine_msk.nii.gz")
    let cord = volume([(39..<41, 5..<75, 1)])
    try write(cord, "in/p_T2w_seg.nii.gz")
    let (items, library) = try imported("in")
    #expect(try library.load(library.studies[0]).labels.cord?.voxels == cord.voxels)
    #expect(makers(library)[.cord]?.hasPrefix("SCT") == true)
    #expect(items[0].notes.allSatisfy { !$0.contains("spine is taken from") })
  }

  @Test("SPINEPS' subregions are found beside vertebrae given by hand")
  func partner() throws {
    try writeImage("in/p_T2w.nii.gz")
    try write(spinepsVertebrae, "out/x_seg-vert_msk.nii.gz")
    try write(spinepsSubregions, "out/x_seg-spine_msk.nii.gz")
    var options = ImportOptions()
    options.labels[.spine] = folder("out/x_seg-vert_msk.nii.gz")
    let (_, library) = try imported("in", options)
    try expectWhole(try library.load(library.studies[0]).labels)
  }

  @Test(
    "TotalSpineSeg is read as SCT names it and from its own folders, which are no studies",
    arguments: ["p_T2w_step2_output", "step2_output/p_T2w", "totalspineseg/step2_output/p_T2w"])
  func steps(name: String) throws {
    try writeImage("in/p_T2w.nii.gz")
    try write(totalSpineSeg, "in/\(name).nii.gz")
    if name.contains("/") {
      let output = name.components(separatedBy: "step2").first ?? ""
      try LibraryFixture.write(image, to: folder("in/\(output)input_raw/p_T2w_0000.nii.gz"))
      try write(totalSpineSeg, "in/\(output)step1_raw/p_T2w.nii.gz")
    }
    let (items, library) = try imported("in")
    #expect(items.map(\.outcome) == [.imported(subject: "p")])
    try expectWhole(try library.load(library.studies[0]).labels)
    let makers = makers(library)
    #expect(makers[.spine]?.hasPrefix("TotalSpineSeg") == true)
    #expect(makers[.cord]?.hasPrefix("TotalSpineSeg") == true)
  }

  @Test(
    "TotalSpineSeg's soft cord and canal go before its label map; without step 2 discs name levels")
  func firstStep() throws {
    try writeImage("in/p_T2w.nii.gz")
    let cord = volume([(39..<41, 5..<75, 1)])
    try LibraryFixture.write(cord.map { Float($0) * 0.8 }, to: folder("in/step1_cord/p_T2w.nii.gz"))
    let first = canal(2, cord: 1) + vertebrae([50, 50, 50, 50], discs: [63, 64, 65])
    try write(volume(first), "in/step1_output/p_T2w.nii.gz")
    let (_, library) = try imported("in/p_T2w.nii.gz")
    let labels = try library.load(library.studies[0]).labels
    #expect(labels.cord?.voxels == cord.voxels && labels.canal?[37, 40, 2] == 1)
    let levels = LevelRules.resolve(labels, along: nil)
    #expect(levels.source == .discs && Set(levels.points.keys) == [.c2, .c3, .c4])
    #expect(makers(library)[.cord]?.hasSuffix("imported from step1_cord/p_T2w.nii.gz") == true)
  }

  @Test("SCT's cord by vertebral level gives the cord, and the discs at its seams")
  func cordByLevel() throws {
    try writeImage("in/p_T2w.nii.gz")
    // C2 to C5: seams between rows 60 and 59, 45 and 44, 30 and 29.
    try write(
      volume([
        (38..<42, 60..<75, 2), (38..<42, 45..<60, 3), (38..<42, 30..<45, 4), (38..<42, 5..<30, 5),
      ]), "in/p_T2w_seg_labeled.nii.gz")
    let (_, library) = try imported("in")
    let labels = try library.load(library.studies[0]).labels
    #expect(labels.cord?.voxels == LibraryFixture.cord(like: image).voxels)
    #expect(labels.levelSource == .discs && Set(labels.landmarks.keys) == [.c2, .c3, .c4])
    // Half a row of rounding: discs at rows 59.5 and 44.5, C3 between them.
    let c3 = try #require(labels.landmarks[.c3])
    #expect(abs(c3.z - (-60 + 1.5 * 52)) <= 0.75 + 1e-6, "\(c3)")
    #expect(makers(library)[.discs]?.hasPrefix("SCT") == true)
  }

  @Test(
    "A dataset's derivatives of tools are read in place",
    arguments: [
      "derivatives/spineps/sub-01/anat/sub-01_mod-T2w", "derivatives_seg/sub-01/sub-01_mod-T2w",
      "derivatives/SPINEPS/sub-01_mod-T2w", "sub-01/anat/sub-01_mod-T2w",
    ])
  func dataset(start: String) throws {
    try folder.write(#"{"Name": "t", "BIDSVersion": "1.9.0"}"#, to: "DS/dataset_description.json")
    try writeImage("DS/sub-01/anat/sub-01_T2w.nii.gz")
    try write(spinepsVertebrae, "DS/\(start)_seg-vert_msk.nii.gz")
    try write(spinepsSubregions, "DS/\(start)_seg-spine_msk.nii.gz")
    let library = try StudyLibrary(opening: folder("DS"))
    #expect(library.studies.count == 1)
    try expectWhole(try library.load(library.studies[0]).labels)
    #expect(makers(library)[.canal] == "SPINEPS, by the file's name")
    let (items, copy) = try imported("DS")
    #expect(items.map(\.outcome) == [.imported(subject: "01")])
    try expectWhole(try copy.load(copy.studies[0]).labels)
  }

  @Test("Flat TotalSpineSeg folders of a dataset are read by the image's name; truth never is")
  func flatDataset() throws {
    let library = try LibraryFixture.library(["01", "02"], in: folder)
    try write(totalSpineSeg, "derivatives/totalspineseg/step2_output/sub-02_T2w.nii.gz")
    try write(totalSpineSeg, "derivatives/truth/sub-01/anat/sub-01_T2w_totalspineseg.nii.gz")
    let labels = try library.studies.map { try library.load($0).labels }
    #expect(labels[0].spine == nil && labels[1].spine != nil)
    // The mask that people keep goes before the tool's.
    #expect(library.labelFiles(of: library.studies[1])[.cord]?.convention == nil)
  }

  @Test("Vertebrae of a name that says nothing are told by their values")
  func byValues() throws {
    for (name, vertebrae) in [("tss", totalSpineSeg), ("spineps", spinepsVertebrae)] {
      try writeImage("\(name)/p_T2w.nii.gz")
      try write(vertebrae, "\(name)/mine.nii.gz")
      var options = ImportOptions()
      options.labels[.spine] = folder("\(name)/mine.nii.gz")
      let library = folder("LIB-\(name)")
      try Importer(library: library).run([folder("\(name)/p_T2w.nii.gz")], options: options)
      let opened = try StudyLibrary(opening: library)
      let labels = try opened.load(opened.studies[0]).labels
      #expect(labels.spine?[28, 51, 2] == 13 && (labels.cord != nil) == (name == "tss"))
    }
  }

  @Test("Values of no convention or of several are refused, with what to do")
  func unclearValues() throws {
    try writeImage("in/p_T2w.nii.gz")
    var options = ImportOptions()
    options.labels[.spine] = folder("mine.nii.gz")
    try write(volume(vertebrae([12, 13, 14, 15], discs: [])), "mine.nii.gz")
    let two = try reason("in", options)
    #expect(two.contains("mine.nii.gz") && two.contains("12, 13, 14, 15"), "\(two)")
    #expect(two.contains("totalspineseg") && two.contains("spineps-instance"), "\(two)")
    #expect(two.contains("--spine-convention"), "\(two)")
    try write(volume(vertebrae([500, 501, 502, 503], discs: [])), "mine.nii.gz")
    let none = try reason("in", options)
    #expect(none.contains("no known convention") && none.contains("500, 501"), "\(none)")
    #expect(none.contains("totalspineseg: cord 1"), "\(none)")
    try write(volume([]), "mine.nii.gz")
    #expect(try reason("in", options).contains("holds no label"))
    #expect(!FileManager.default.fileExists(atPath: folder("LIB").path))
    // Whoever gives it may say what it is.
    try write(volume(vertebrae([12, 13, 14, 15], discs: [])), "mine.nii.gz")
    options.spineConvention = .totalSpineSeg
    let (items, library) = try imported("in", options)
    #expect(items.map(\.outcome) == [.imported(subject: "p")])
    #expect(try library.load(library.studies[0]).labels.spine?[28, 51, 2] == 13)
  }

  @Test(
    "A tool's name on numbers that it does not write is refused: older versions number otherwise")
  func foreignNumbers() throws {
    try writeImage("in/p_T2w.nii.gz")
    let old = canal(201, cord: 200) + vertebrae([40, 39, 38, 37], discs: [224, 223, 222])
    try write(volume(old), "in/p_T2w_totalspineseg.nii.gz")
    let why = try reason("in", ImportOptions())
    #expect(why.contains("p_T2w_totalspineseg.nii.gz") && why.contains("200, 201"), "\(why)")
    // In a dataset it is that study's problem.
    let library = try LibraryFixture.library(["01"], in: folder)
    try write(
      volume(old), "derivatives/labels/sub-01/anat/sub-01_T2w_totalspineseg.nii.gz")
    #expect {
      try library.load(library.studies[0])
    } throws: {
      "\($0)".contains("not of totalspineseg")
    }
  }

  @Test("A file of many structures without a cord gives none, and it is said")
  func noCord() throws {
    try writeImage("in/p_T2w.nii.gz")
    try write(
      volume(vertebrae([12, 13, 14, 15], discs: [63, 64])), "in/p_T2w_step2_output.nii.gz")
    let (items, library) = try imported("in")
    let labels = try library.load(library.studies[0]).labels
    #expect(labels.cord == nil && labels.canal == nil && labels.spine != nil)
    #expect(items[0].notes.contains { $0 == "p_T2w_step2_output.nii.gz holds no cord" })
  }

  @Test("A map of levels whose name can mean discs or vertebrae is not read, and it is said")
  func unclearLevels() throws {
    try writeImage("in/p_T2w.nii.gz")
    try write(volume([(40..<41, 60..<61, 3), (40..<41, 40..<41, 4)]), "in/p_T2w_levels.nii.gz")
    let (items, library) = try imported("in")
    #expect(items[0].notes.contains { $0.contains("p_T2w_levels.nii.gz is not read") })
    #expect(library.labelFiles(of: library.studies[0]).files.isEmpty)
  }

  @Test("Vertebrae that take the place of others bring their cord with them, and nothing is lost")
  func replaced() throws {
    try writeImage("in/p_T2w.nii.gz")
    try write(totalSpineSeg, "first.nii.gz")
    let thin = [(37..<43, 5..<75, UInt16(2)), (39..<41, 5..<75, UInt16(1))]
    try write(volume(thin + vertebrae([13, 14, 15, 16], discs: [64, 65])), "second.nii.gz")
    var options = ImportOptions()
    options.labels[.spine] = folder("first.nii.gz")
    _ = try imported("in", options)
    options.labels[.spine] = folder("second.nii.gz")
    options.replacesLabels = true
    let (items, library) = try imported("in", options)
    #expect(items.map(\.outcome) == [.labelsReplaced(subject: "p", [.cord, .canal, .spine])])
    let labels = try library.load(library.studies[0]).labels
    #expect(labels.cord?[38, 40, 2] == 0 && labels.cord?[39, 40, 2] == 1)
    #expect(labels.spine?[28, 51, 2] == 14)
    let kept = try FileManager.default.contentsOfDirectory(
      atPath: folder("LIB/derivatives/labels/sub-p/anat").path)
    #expect(kept.filter { $0.hasSuffix(".nii.gz") }.count == 6)
  }

  @Test("Sidecars say who made a file, before its name does")
  func makers() throws {
    func maker(_ json: String) throws -> String? {
      let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
      return LabelMaker(sidecar: object ?? [:])?.rawValue
    }
    #expect(
      try maker(#"{"GeneratedBy": [{"Name": "SCT: sct_deepseg", "Version": "7.0"}]}"#) == "SCT")
    #expect(try maker(#"{"GeneratedBy": [{"Name": "TotalSpineSeg"}]}"#) == "TotalSpineSeg")
    #expect(
      try maker(#"{"GeneratedBy": [{"Name": "SPINEPS"}, {"Name": "Manual", "Author": "N"}]}"#)
        == "a person")
    #expect(try maker(#"{"Author": "N", "Label": "cord"}"#) == "a person")
    #expect(
      try maker(
        #"{"GeneratedBy": [{"Name": "sct_01_seg.nii.gz", "Description": "source of the labels"}]}"#
      ) == nil)
    #expect(try maker(#"{"GeneratedBy": "SCT", "Name": 3}"#) == nil && maker("{}") == nil)
    let library = try LibraryFixture.library(["01"], in: folder)
    #expect(makers(library)[.cord] == "made by another tool or a reader")
    try folder.write(
      #"{"GeneratedBy": [{"Name": "spinalcordtoolbox"}]}"#,
      to: "derivatives/labels/sub-01/anat/sub-01_T2w_label-SC_seg.json")
    #expect(makers(library)[.cord] == "SCT")
  }
}
