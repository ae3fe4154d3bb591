import Foundation
import Testing
import TestSupport

@testable import Core

@Suite("BIDS names and tables")
struct BIDSNameTests {
  @Test("Entities, suffix and extension are told apart")
  func parts() throws {
    let name = try #require(BIDSName("sub-07_ses-1_acq-sag_T2w.nii.gz"))
    #expect(name["sub"] == "07" && name["ses"] == "1" && name["acq"] == "sag")
    #expect(name.suffix == "T2w" && name.fileExtension == ".nii.gz" && name.isNIfTI)
    #expect(name.stem == "sub-07_ses-1_acq-sag_T2w")
  }

  @Test(
    "Other names are none",
    arguments: [
      "", "T2w.nii.gz", ".nii.gz", "sub-07.nii.gz", "sub-_T2w.nii", "sub07_T2w.nii", "sub-07_.nii",
      "sub-07__T2w.nii", "-_T2w.nii", "_", "._", "sub-07_T2w",
    ])
  func malformed(name: String) { #expect(BIDSName(name) == nil) }

  @Test("Numbers in names are ordered as numbers")
  func naturalOrder() {
    let names = ["sub-10", "sub-9", "sub-2a", "sub-010", "sub-2", "sub-b", "sub-1"]
    #expect(
      names.sorted(by: NaturalOrder.precedes) == [
        "sub-1", "sub-2", "sub-2a", "sub-9", "sub-010", "sub-10", "sub-b",
      ])
  }

  @Test("Participants are read whatever the line ends, and cleaned")
  func participants() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "\u{FEFF}participant_id\tsex\tAge\tmJOA\tx\r\nsub-01\tF\t57\t13\t1\r\nsub-02\tn/a\t\u{1B}[2J5\r\n"
        + "03\tM\t60\t\t\t\tsurplus\n\n",
      to: "participants.tsv")
    let table = try Participants(library: folder.url)
    #expect(table.ids == ["01", "02", "03"])
    #expect(table["01"] == Participants.Row(age: "57", sex: "F", mjoa: "13"))
    #expect(table["02"].age == "·[2J5" && table["02"].sex == nil)
    #expect(table["03"].mjoa == nil && table["nobody"] == Participants.Row())
    #expect(try Participants(library: folder("absent")).ids.isEmpty)
  }
}
