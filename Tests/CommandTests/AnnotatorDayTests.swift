import Core
import Foundation
import Imaging
import TestSupport
import Testing

@Suite("The annotator's day in a terminal")
struct AnnotatorDayTests {
  private static let labels = "derivatives/labels/sub-neck/anat/sub-neck_T2w_label-"
  private static let stored = "derivatives/cordscope/sub-neck/anat"

  @Test(
    "what a reader complained of is corrected, detected again, exported, and bears a name",
    .enabled(if: TmuxSession.isThere, "tmux is not installed"), .timeLimit(.minutes(60)))
  func day() async throws {
    try await Program.day { try await work(in: $0, home: $1) }
  }

  private func work(in library: URL, home: TemporaryFolder) async throws {
    try await make(library, home)
    let before = try Given(home)
    #expect(try await complaints(library, home).contains("FILES_SEG:\n- sub-neck_T2w.nii.gz\n"))

    try await TmuxSession.on(library, home: home) { terminal in
      try await terminal.enter(#""$PROGRAM" review "$LIBRARY"; echo "rc=$?""#)
      try await terminal.wait("the worklist") { $0.contains("unread    sub-neck") }
      try await terminal.press("Enter")
      let opened = try await terminal.waitForStudy("sub-neck")
      #expect(opened.contains("annotator") && !opened.contains("a accept"))
      #expect(!opened.contains("cord outlined wrongly"))
      try await terminal.press("P")
      try await terminal.wait("a refusal") { $0.contains("an annotator states no verdicts") }
      try await movePoint(terminal)
      try await drawMask(terminal)
      try await terminal.quit()
    }

    try checkFiles(home, before)
    try checkJournal(library)
    #expect(try await complaints(library, home).contains("FILES_SEG: []\nFILES_LABEL: []\n"))
    try checkReport(home)
  }

  /// A study with masks of other tools, detected, of which a surgeon signed that the cord's is wrong; the
  /// login is an annotator's.
  private func make(_ library: URL, _ home: TemporaryFolder) async throws {
    try await Program.succeed(
      "phantom", "--out", home("raw").path, "--patients", "1", "--seed", "11", "--class",
      "focal-bright")
    let given = home("raw/derivatives/labels/sub-001/anat/sub-001_T2w_label-").path
    try await Program.succeed(
      "import", home("raw/sub-001/anat/sub-001_T2w.nii.gz").path, "--cord",
      given + "SC_seg.nii.gz", "--spine", given + "spine_dseg.nii.gz", "--subject", "neck",
      "--into", library.path)
    try await Program.succeed("detect", library.path)
    try home.write(
      "reader_id\trole\tlogin\nann\tannotator\t\(ReaderIdentity.loginName())\n",
      to: "library/readers.tsv")
    let opened = try StudyLibrary(opening: library)
    _ = try opened.append(
      ReviewDraft(
        action: .verdict, segment: .c4c5, verdict: .absent, reason: "cord outlined wrongly"),
      subject: "neck", reader: "liu")
    try opened.setPIN(PIN("2468"), reader: "liu")
    _ = try opened.sign(
      .signOff(.reviewed, name: "Liu"), pin: PIN("2468"), subject: "neck", reader: "liu")
  }

  /// What was there before anybody corrected anything.
  private struct Given {
    let cord: Data
    let detection: Data

    init(_ home: TemporaryFolder) throws {
      cord = try Data(contentsOf: home("library/\(AnnotatorDayTests.labels)SC_seg.nii.gz"))
      detection = try Data(
        contentsOf: home("library/\(AnnotatorDayTests.stored)/sub-neck_T2w_detection.json"))
    }
  }

  /// The lists for SCT's `manual_correction.py`: an annotator's have what readers signed, his pages do not.
  private func complaints(_ library: URL, _ home: TemporaryFolder) async throws -> String {
    try await Program.succeed("export", library.path, "--out", home("out").path)
    let table = try String(contentsOf: home("out/segments.csv"), encoding: .utf8)
    #expect(table.contains("readings-left-out"))
    return try String(contentsOf: home("out/qc_fail.yml"), encoding: .utf8)
  }

  // MARK: At the terminal

  /// The disc C3-4, two pixels down and five to posterior.
  private func movePoint(_ terminal: TmuxSession) async throws {
    try await terminal.press("e")
    try await terminal.wait("the points") { $0.contains("DISC LABELS") && $0.contains("▸ C2-3 ") }
    try await terminal.press("]")
    try await terminal.wait("the next point") { $0.contains("▸ C3-4 ") }
    try await terminal.press("j", "j", "L")
    try await terminal.wait("the moved point") {
      $0.contains("DISC LABELS (not saved)") && $0.contains("C3-4 moved")
    }
    try await terminal.press("Enter")
    try await terminal.wait("the new result") {
      $0.contains("detected again on the corrected labels") && $0.contains("LEVEL SCORE")
    }
  }

  /// A dot of the brush in front of the cord.
  private func drawMask(_ terminal: TmuxSession) async throws {
    try await terminal.press("E")
    try await terminal.wait("the mask") { $0.contains("CORD MASK") }
    try await terminal.press("]", "]", "H", "H", "Space")
    let drawn = try await terminal.wait("the drawn mask") {
      $0.contains("CORD MASK (not saved)") && $0.contains("brush 7 px")
    }
    #expect(!drawn.contains(" 0 mm² added"), "\(drawn)")
    try await terminal.press("Enter")
    try await terminal.wait("the new result") {
      $0.contains("detected again on the corrected labels") && $0.contains("LEVEL SCORE")
    }
  }

  // MARK: On the disk

  /// The corrections have the names that SCT looks for, what they replaced is kept beside them.
  private func checkFiles(_ home: TemporaryFolder, _ before: Given) throws {
    let discs = try NIfTI.readLabels(home("library/\(Self.labels)discs_dlabel.nii.gz"))
    #expect(Set(discs.voxels).isSuperset(of: [3, 4, 5, 6, 7, 8]))
    let cord = home("library/\(Self.labels)SC_seg.nii.gz")
    #expect(try Data(contentsOf: cord) != before.cord)
    let version = SHA256.hexDigest(of: before.cord).prefix(16)
    #expect(
      try Data(contentsOf: home("library/\(Self.labels)SC_seg.\(version).nii.gz")) == before.cord)
    // Detected twice more: the first result and that of the discs alone are kept.
    let names = try FileManager.default.contentsOfDirectory(
      atPath: home("library/\(Self.stored)").path)
    let kept = names.filter { $0.hasPrefix("sub-neck_T2w_detection.") && $0.hasSuffix(".json") }
    #expect(kept.count == 3, "\(kept)")
    let first = SHA256.hexDigest(of: before.detection).prefix(16)
    #expect(kept.contains("sub-neck_T2w_detection.\(first).json"), "\(kept)")
    for name in ["discs_dlabel.json", "SC_seg.json"] {
      let text = try String(contentsOf: home("library/\(Self.labels)\(name)"), encoding: .utf8)
      #expect(text.contains(#""Author" : "ann""#), "\(name)")
      #expect(text.contains(#""Name" : "Manual""#), "\(name)")
    }
  }

  /// The journal says who corrected what, and nothing else is stated.
  private func checkJournal(_ library: URL) throws {
    let opened = try StudyLibrary(opening: library)
    let records = try opened.journal("neck", reader: "ann").records
    #expect(records.map(\.action) == [.correct, .correct])
    #expect(records.allSatisfy { $0.reader == "ann" })
    #expect(records.compactMap(\.correction).map(\.target) == [.discs, .cord])
    #expect(records.first?.correction?.change.hasPrefix("C3-4 moved ") == true)
    let cord = library.appendingPathComponent(Self.labels + "SC_seg.nii.gz")
    #expect(records.last?.correction?.after == (try SHA256.hexDigest(ofFile: cord)))
  }

  /// The report names the corrections, and who made what.
  private func checkReport(_ home: TemporaryFolder) throws {
    let text = try String(contentsOf: home("out/sub-neck/sub-neck_report.txt"), encoding: .utf8)
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("Readers ann: ") && words.contains("disc labels corrected: C3-4 moved"))
    let report = try Data(contentsOf: home("out/sub-neck/sub-neck_report.json"))
    let json = try JSONSerialization.jsonObject(with: report) as? [String: Any]
    let makers = (json?["labels"] as? [[String: String]] ?? [])
      .reduce(into: [String: String]()) { $0[$1["role"] ?? ""] = $1["maker"] }
    #expect(makers["cord"]?.hasSuffix("corrected by a reader") == true, "\(makers)")
    #expect(makers["discs"] == "a person" && makers["spine"]?.contains("corrected") == false)
  }
}
