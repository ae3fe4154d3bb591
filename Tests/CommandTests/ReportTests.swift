import Core
import Foundation
import Imaging
import TestSupport
import Testing

@Suite("The report of measurements")
struct ReportTests {
  @Test("a phantom library is reported as text, JSON, CSV and by vertebral level")
  func phantomLibrary() async throws {
    let folder = try TemporaryFolder()
    let library = folder("library").path
    try await Program.compressionLibrary(at: library)

    let text = try await Program.run("report", library, "--subject", "001")
    #expect(text.exitCode == 0, "\(text.errors)")
    for words in ["C2-C7 Cobb", "INTmin", "detection: none yet", "research use only"] {
      #expect(text.text.contains(words), "\(words): \(text.text)")
    }
    let json = try await Program.run("report", library, "--json")
    let studies = try json.text.split(separator: "\n").map {
      try CervicalMeasurements(json: Data($0.utf8))
    }
    #expect(studies.map(\.subject) == ["001", "002"])
    #expect(studies.allSatisfy { $0.alignment?.cobbDeg.value != nil && $0.msccMaxLevel != nil })
    // Nobody has looked for lesions: that is not the same as none.
    #expect(studies.allSatisfy { $0.signal?.combinedType.value == nil })

    let csv = try await Program.run("report", library, "--csv")
    let lines = csv.text.split(separator: "\n")
    #expect(lines.first.map(String.init) == MeasurementCSV.header)
    #expect(lines.count == 1 + studies.reduce(0) { $0 + $1.rows.count })
    let sct = try await Program.run("report", library, "--sct-csv")
    #expect(sct.text.hasPrefix("Filename,VertLevel,MEAN(angle_AP)"))
    #expect(sct.text.split(separator: "\n").count > 8)

    // Without the cord's mask the bodies are measured all the same.
    let masks = folder("library/derivatives/labels/sub-001/anat")
    for name in try FileManager.default.contentsOfDirectory(atPath: masks.path) {
      let file = masks.appendingPathComponent(name)
      if name.contains("SC_seg") { try FileManager.default.removeItem(at: file) }
      // The map of the spine holds the cord as well.
      if name.hasSuffix("spine_dseg.nii.gz") {
        try NIfTI.write(try NIfTI.readLabels(file).map { $0 <= 2 ? UInt16(0) : $0 }, to: file)
      }
    }
    let bones = try await Program.run("report", library, "--subject", "001", "--json")
    let measured = try CervicalMeasurements(json: Data(bones.text.utf8))
    #expect(measured.quality.names.contains("slice-by-bodies"), "\(bones.text)")
    #expect(measured.alignment?.cobbDeg.value != nil)

    // Without its labels a study has reasons instead of numbers.
    let labels = folder("library/derivatives")
    try FileManager.default.removeItem(at: labels)
    let bare = try await Program.run("report", library, "--subject", "001")
    #expect(bare.exitCode == 0 && bare.text.contains("not measured: there is no cord mask"))
  }

  @Test("what does not go together is refused with exit code 2")
  func refusals() async throws {
    for words in [
      ["report", "x", "--json", "--csv"], ["report", "x", "--seed", "2"], ["report"],
      ["report", "x", "--phantoms", "3"], ["report", "--phantoms", "3", "--csv"],
      ["report", "x", "--cohort", "kyphotic"], ["report", "--phantoms", "3", "--cohort", "bent"],
    ] {
      let result = try await Program.run(words)
      #expect(result.exitCode == 2, "\(words) \(result.errors)")
    }
  }

  @Test("the errors on phantoms are a table with the notice")
  func phantoms() async throws {
    let result = try await Program.run("report", "--phantoms", "2", "--seed", "5")
    #expect(result.exitCode == 0 && result.text.contains("cobb_deg"), "\(result.errors)")
    #expect(result.text.contains("research use only") && !result.text.contains("cohort"))
  }

  @Test("the kyphotic cohort tells K-line (-) with its counts")
  func kyphotic() async throws {
    let result = try await Program.run(
      "report", "--phantoms", "4", "--seed", "5", "--cohort", "kyphotic")
    #expect(result.exitCode == 0, "\(result.errors)")
    for words in [
      "cohort kyphotic: ", " of 4 necks", "K-line (-): INTmin <= 0, against the plan", "TP ",
      "accuracy ", "research use only",
    ] {
      #expect(result.text.contains(words), "\(words): \(result.text)")
    }
  }
}
