import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Images of any contrast in folders")
struct AnyContrastTests: ImportTesting {
  let folder: TemporaryFolder
  let library: URL
  private let anyContrast: ImportOptions

  init() throws {
    folder = try TemporaryFolder()
    library = folder("LIB")
    var options = ImportOptions()
    options.acceptsContrast = true
    anyContrast = options
  }

  private func write(_ paths: [String]) throws {
    for (number, path) in paths.enumerated() {
      try LibraryFixture.write(
        LibraryFixture.image(seed: UInt64(number + 1)), to: folder(path + ".nii.gz"))
    }
  }

  private func reason(_ item: ImportItem) -> String? {
    if case .refused(let why) = item.outcome { why } else { nil }
  }

  @Test("A T1 in a folder is taken where it is all there is of the subject, with its mask")
  func t1Only() throws {
    try write(["in/p_T1w", "in/derivatives/sct/p_T1w"])
    let mask = LibraryFixture.cord(like: LibraryFixture.image(seed: 1))
    try LibraryFixture.write(mask, to: folder("in/p_T1w_seg.nii.gz"))
    let refused = try run(["in"])
    #expect(refused.count == 2 && refused.allSatisfy { reason($0)?.contains("t1w") == true })
    #expect(!FileManager.default.fileExists(atPath: library.path))
    let items = try run(["in"], anyContrast)
    #expect(items.count == 2, "\(items.map(\.text))")
    #expect(items.map(\.outcome).contains(.imported(subject: "pT1w")))
    #expect(items.compactMap(reason).map { $0.contains("made from another image") } == [true])
    let opened = try StudyLibrary(opening: library)
    #expect(opened.studies.map(\.subject) == ["pT1w"])
    #expect(try opened.load(opened.studies[0]).labels.cord != nil)
  }

  @Test("Of T1 and T2 of one subject the T2 is taken, and the T1 is named with the reason")
  func both() throws {
    try write(["in/a_T1w", "in/a_T2w", "in/b_T1w"])
    let items = try run(["in"], anyContrast)
    #expect(items.count == 3)
    let why = try #require(reason(items[0]))
    #expect(why.contains("its name says t1w") && why.contains("a_T2w.nii.gz"), "\(why)")
    #expect(
      items.dropFirst().map(\.outcome) == [.imported(subject: "a"), .imported(subject: "bT1w")])
    // Who wants the T1 beside it gives the file.
    #expect(
      try run(["in/a_T1w.nii.gz"], anyContrast).map(\.outcome) == [.imported(subject: "aT1w")])
  }

  @Test("Folders for contrasts are those of their patient, by whose name the study goes")
  func folders() throws {
    try write(["in/x/t1/t1", "in/x/t2/t2", "in/y/t1/t1"])
    let items = try run(["in"], anyContrast)
    #expect(
      items.filter { reason($0) == nil }.map(\.outcome) == [
        .imported(subject: "x"), .imported(subject: "y"),
      ])
    #expect(items.compactMap(reason).count == 1)
  }

  @Test("Sources are looked at together; a file that is given by itself is taken all the same")
  func sources() throws {
    try write(["in/T1/p_T1w", "in/T2/p_T2w"])
    let together = try run(["in/T1", "in/T2"], anyContrast)
    #expect(together.filter { reason($0) == nil }.map(\.outcome) == [.imported(subject: "p")])
    // One image is left, to which an id can be given.
    var named = anyContrast
    named.subject = "q"
    let other = try Importer(library: folder("other")).run([folder("in")], options: named)
    #expect(other.filter { reason($0) == nil }.map(\.outcome) == [.imported(subject: "q")])
    let given = try Importer(library: folder("third")).run(
      [folder("in/T2"), folder("in/T1/p_T1w.nii.gz")], options: anyContrast)
    #expect(
      given.map(\.outcome) == [.imported(subject: "p"), .imported(subject: "pT1w")])
  }

  @Test("The listing says what would be taken")
  func listing() throws {
    try write(["in/p_T1w", "in/q_T1w", "in/q_T2w"])
    let plain = try Importer.table(of: [folder("in")]).split(separator: "\n")
    #expect(plain.count { $0.contains("not imported") } == 2, "\(plain)")
    let any = try Importer.table(of: [folder("in")], acceptsContrast: true)
      .split(separator: "\n")
    #expect(any.count == 3 && any[0].hasSuffix("p_T1w.nii.gz"), "\(any)")
    #expect(any.filter { $0.contains("not imported") }.map { $0.contains("q_T1w") } == [true])
  }

  /// Names of a folder's images, and those of them that are taken.
  struct Case: Sendable, CustomTestStringConvertible {
    var names: [String]
    var taken: [String]
    var testDescription: String { names.joined(separator: ", ") }

    static let all: [Case] = [
      Case(names: ["a_T1w", "a_T2w", "b_T1w"], taken: ["a_T2w", "b_T1w"]),
      Case(names: ["a_T1w", "a_T2star"], taken: ["a_T2star"]),
      Case(names: ["a_dwi", "a_T1w", "a_ct"], taken: ["a_T1w"]),
      Case(names: ["a_ax_T1", "a_sag_T2_tse"], taken: ["a_sag_T2_tse"]),
      Case(names: ["t1", "t2"], taken: ["t2"]),
      Case(names: ["anna/t1", "anna/anna_T2"], taken: ["anna/anna_T2"]),
      Case(names: ["a/scan_T1", "b/scan_T2"], taken: ["a/scan_T1", "b/scan_T2"]),
      Case(names: ["T1/a_t1", "T2/a_t2", "T1/b_t1"], taken: ["T1/b_t1", "T2/a_t2"]),
      // Other scripts tell patients apart.
      Case(names: ["太郎/t1", "花子/t2"], taken: ["太郎/t1", "花子/t2"]),
      Case(names: ["müller_T1", "möller_T2"], taken: ["müller_T1", "möller_T2"]),
      // Sessions are of one subject, data sets of others are not.
      Case(
        names: ["sub-01_ses-1_T2w", "sub-01_ses-2_T1w", "sub-02_T1w"],
        taken: ["sub-01_ses-1_T2w", "sub-02_T1w"]),
      Case(
        names: ["A/sub-01/anat/sub-01_T2w", "B/sub-01/anat/sub-01_T1w"],
        taken: ["A/sub-01/anat/sub-01_T2w", "B/sub-01/anat/sub-01_T1w"]),
      // Nothing that was made from an image, nor labels.
      Case(
        names: [
          "p_T1w", "p_T1w_seg", "p_T1w_crop", "derivatives/sct/p_T1w", "sub-1_space-mni_T1w",
          "sub-1_desc-denoised_T1w", "q_T1w_label-SC_mask", "r_t1_labels",
        ], taken: ["p_T1w"]),
      Case(names: ["a", "a_T1w"], taken: ["a"]),
    ]
  }

  @Test("What is taken of a folder, and why the rest is not", arguments: Case.all)
  func cases(_ one: Case) throws {
    for name in one.names { try folder.write("", to: "in/\(name).nii.gz") }
    let start = folder("in").path.count + 1
    let found = ImportSource.find([folder("in")], acceptsContrast: true)
    let taken = found.flatMap(\.imageFiles).map {
      String($0.path.dropFirst(start).dropLast(".nii.gz".count))
    }
    #expect(Set(taken) == Set(one.taken) && taken.count == one.taken.count, "\(taken)")
    for case .unusable(_, let why) in found { #expect(why.hasPrefix("its name says "), "\(why)") }
    // Without the wish only what no name speaks against.
    for case .nifti(let url) in ImportSource.find([folder("in")], acceptsContrast: false) {
      #expect(NameHints.problem(ImportSource.stem(url.lastPathComponent)) == nil, "\(url.path)")
    }
  }
}
