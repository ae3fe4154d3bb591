import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Labels of the anatomy network, wherever they lie and whoever corrected them")
struct CorrectedLabelsTests {
  private let source = SyntheticStudy()
  private let cord: LabelVolume
  private let canal: LabelVolume
  private let spine: LabelVolume

  init() throws {
    let labels = source.studyLabels
    cord = try #require(labels.cord)
    canal = try #require(labels.canal)
    spine = try #require(labels.spine)
  }

  private static func own(_ role: LabelRole) -> String {
    PartialLibrary.own + role.ending + ".nii.gz"
  }

  /// Vertebrae alone, or discs alone.
  private func part(_ isWanted: (VertebralLevel) -> UInt16?) -> LabelVolume {
    let labels = Set(VertebralLevel.allCases.compactMap(isWanted))
    return spine.map { labels.contains($0) ? $0 : 0 }
  }

  @Test("a canal that the network found is one in the library that it was imported into, too")
  func imported() throws {
    let image = LibraryFixture.image()
    let mask = LibraryFixture.cord(like: image)
    var wide = mask
    for j in 5..<75 { for i in 35..<45 { wide[i, j, image.shape.z / 2] = 1 } }
    for isCorrected in [false, true] {
      let first = try PartialLibrary(image, [.cord: mask])
      try first.find(wide, as: .canal)
      if isCorrected {
        wide[36, 10, image.shape.z / 2] = 0
        try NIfTI.write(wide, to: first.folder(Self.own(.canal)))
      }
      #expect(try first.read().canalIsFound == !isCorrected)
      let folder = try TemporaryFolder()
      let items = try Importer(library: folder("LIB")).run(
        [first.folder.url], options: ImportOptions())
      #expect(items.map(\.outcome) == [.imported(subject: "01")])
      let second = try StudyLibrary(opening: folder("LIB"))
      let labels = try second.load(second.studies[0]).labels
      #expect(labels.canal?.voxels == wide.voxels)
      #expect(labels.canalIsFound == !isCorrected)
      let makers = second.labelOrigins(of: second.studies[0])
      let maker = try #require(makers.first { $0.role == .canal }?.maker)
      #expect(
        maker.hasPrefix(
          isCorrected
            ? "corrected after the anatomy network 00"
            : "found by the anatomy network 00, not corrected"), "\(maker)")
      #expect(makers.first { $0.role == .cord }?.maker.contains("network") == false)
    }
  }

  @Test("what a reader corrected in the program's folder is given, and names are the reader's")
  func corrected() throws {
    let library = try PartialLibrary(source.image, [:])
    try library.find(cord, as: .cord)
    try library.find(spine)
    #expect(try library.missing(again: true) == [.cord, .canal, .spine])
    #expect(try library.read().levelSource == .segmented)
    var drawn = cord
    let n = try #require(drawn.voxels.firstIndex(of: 1))
    drawn.voxels[n] = 0
    try NIfTI.write(drawn, to: library.folder(Self.own(.cord)))
    #expect(try library.missing() == [.canal, .spine])
    #expect(try library.missing(again: true) == [.canal, .spine])
    #expect(try library.read().cord?.voxels == drawn.voxels)
    // Taking the discs away is a correction, too: they are not put back.
    let bodies = part { $0.totalSpineSegLabel }
    try NIfTI.write(bodies, to: library.folder(Self.own(.spine)))
    #expect(try library.missing(again: true) == [.canal])
    #expect(try library.read().levelSource == .labelled)
    // Labels whose sidecar is gone may be anybody's.
    try library.find(canal, as: .canal)
    #expect(try library.missing(again: true) == [.canal])
    let file = library.folder(Self.own(.canal))
    try FileManager.default.removeItem(at: Sidecar.url(of: file))
    #expect(try library.missing(again: true).isEmpty)
  }

  @Test("only labels as the network left them are taken away; others are set aside")
  func cleared() throws {
    let library = try PartialLibrary(source.image, [:])
    let url = library.folder(Self.own(.cord))
    let folder = url.deletingLastPathComponent()
    func names() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }
    let file = LabelFiles.File(url: url, role: .cord)
    try library.find(cord, as: .cord)
    try LibrarySegmentation.clear(file)
    #expect(try names() == [Sidecar.url(of: url).lastPathComponent])
    try library.find(cord, as: .cord)
    try NIfTI.write(canal, to: url)
    let bytes = try Data(contentsOf: url)
    try LibrarySegmentation.clear(file)
    let hash = SHA256.hexDigest(of: bytes).prefix(16)
    let former = "sub-01_T2w_label-SC_seg.\(hash)"
    #expect(try names() == ["\(former).json", "\(former).nii.gz"])
    #expect(try Data(contentsOf: folder.appendingPathComponent("\(former).nii.gz")) == bytes)
    #expect(try library.open().library.labelFiles(of: try library.open().study).files.isEmpty)
    // A version that noted no hash: nobody can tell.
    try library.find(cord, as: .cord)
    try Provenance.update(
      Sidecar.url(of: url), removing: [LibrarySegmentation.hashKey], appending: .cordscope("test"))
    try LibrarySegmentation.clear(file)
    #expect(try names().count == 4 && !names().contains(url.lastPathComponent))
  }

  @Test(
    "a file of many structures that lacks cord and canal leaves them open, and the next one counts")
  func many() throws {
    let library = try PartialLibrary(source.image, [:])
    try LibraryFixture.write(
      spine, to: library.folder(PartialLibrary.others + "_totalspineseg_all.nii.gz"))
    #expect(try library.missing() == [.cord, .canal])
    let (open, study) = try library.open()
    #expect(try LibrarySegmentation.lacksCordOrLevels(study, in: open))
    try library.find(cord, as: .cord)
    let read = try library.read()
    #expect(read.cord?.voxels == cord.voxels && read.spine?.voxels == spine.voxels)
    #expect(try library.open().library.load(study).labelSHA256.keys.contains("cord"))
    #expect(try library.missing(again: true) == [.cord, .canal])
    // One that holds them goes before what the network found.
    let whole = spine.voxels.indices.map { n in
      spine.voxels[n] != 0 ? spine.voxels[n] : cord.voxels[n] != 0 ? 1 : canal.voxels[n] * 2
    }
    try LibraryFixture.write(
      LabelVolume(shape: spine.shape, voxels: whole, affine: spine.affine),
      to: library.folder(PartialLibrary.others + "_step2_output.nii.gz"))
    #expect(try library.missing().isEmpty)
    let files = open.labelFiles(of: study)
    #expect(files[.cord]?.url.lastPathComponent == "sub-01_T2w_step2_output.nii.gz")
    #expect(files[.spine]?.url.lastPathComponent == "sub-01_T2w_totalspineseg_all.nii.gz")
  }

  @Test("vertebrae whose values tell their convention are read by it")
  func told() throws {
    var numbers: [UInt16: UInt16] = [:]
    for level in VertebralLevel.allCases {
      numbers[level.totalSpineSegLabel] = UInt16(level.rawValue)
      if let disc = level.totalSpineSegDiscLabel { numbers[disc] = UInt16(100 + level.rawValue) }
    }
    let library = try PartialLibrary(source.image, [:])
    let url = library.folder(PartialLibrary.others + "_label-vertebrae_dseg.nii.gz")
    try LibraryFixture.write(spine.map { numbers[$0] ?? 0 }, to: url)
    #expect(try library.missing() == [.cord, .canal])
    try LibraryFixture.write(spine.map { $0 == 0 ? 0 : 7000 + $0 }, to: url)
    let error = #expect(throws: ReadError.self) { try library.missing() }
    #expect(error?.path.hasSuffix(url.lastPathComponent) == true)
  }

  @Test("vertebrae found beside given discs are said to be found, and to be named in part")
  func besideDiscs() throws {
    let library = try PartialLibrary(
      source.image, [.cord: cord, .canal: canal, .spine: part { $0.totalSpineSegDiscLabel }])
    #expect(try library.missing() == [.spine])
    let url = library.folder(PartialLibrary.others + LabelRole.spine.ending + ".nii.gz")
    try library.find(
      part { $0.totalSpineSegLabel },
      [LibrarySegmentation.completesKey: .text(try SHA256.hexDigest(ofFile: url))])
    let (open, study) = try library.open()
    let record = try #require(LibrarySegmentation.record(of: study, in: open.root))
    try Provenance.update(
      record, set: [Sidecar.levelDoubt: .text("Only C2 to C7 are named: the last one is cut.")],
      appending: .cordscope("test"))
    let read = try library.read()
    #expect(read.spine?.voxels == spine.voxels && read.levelSource == .segmented)
    #expect(read.bodiesAreFound && !read.discsAreFound)
    #expect(
      read.quality.names.filter { $0.hasPrefix("levels-") }
        == ["levels-completed", "levels-partial"])
    let line = try #require(CordCentreline(cord: cord))
    #expect(LevelRules.resolve(read, along: line).source == .segmented)
    #expect(open.labelFiles(of: study).used["addition"]?.url.path.contains("cordscope") == true)
    #expect(open.labelFiles(of: study, own: false).used["addition"] == nil)
  }

  @Test("a cord mask and names beside it are not looked into to tell that they are there")
  func cheap() throws {
    let library = try PartialLibrary(source.image, [:])
    for ending in ["_label-SC_seg", "_label-spine_dseg"] {
      try library.folder.write("no volume", to: PartialLibrary.others + ending + ".nii.gz")
    }
    let (open, study) = try library.open()
    #expect(try !LibrarySegmentation.lacksCordOrLevels(study, in: open))
    #expect(throws: ReadError.self) { try library.missing() }
  }
}
