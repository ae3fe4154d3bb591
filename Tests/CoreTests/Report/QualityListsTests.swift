import Foundation
import Imaging
import Testing

@testable import Core

@Suite("Lists of what is to be corrected")
struct QualityListsTests {
  private func sheet(_ reasons: [String], image: String = SheetCase.image) -> StudySheet {
    var sheet = SheetCase.sheet(readers: [
      SheetCase.reader(
        zip(1..., zip(SpinalSegment.allCases, reasons)).map {
          SheetCase.record($0, .verdict, $1.0, .absent, reason: $1.1)
        })
    ])
    sheet.image = image
    return sheet
  }

  @Test("reasons against labels list the image's file name, each once; other reasons do not")
  func reasons() throws {
    let lists = QualityLists([
      sheet(["cord outlined wrongly", "cord outlined wrongly"]),
      sheet(["peak of a neighbouring segment"], image: "sub-02/anat/sub-02_T2w.nii.gz"),
      sheet(["too faint to call"], image: "sub-03/anat/sub-03_T2w.nii.gz"),
      sheet(["cord outlined wrongly"], image: ""),
    ])
    #expect(
      lists.yaml == """
        # Images to be corrected, by the verdicts of readers. research use only, not for diagnosis
        FILES_SEG:
        - sub-01_T2w.nii.gz
        FILES_LABEL:
        - sub-02_T2w.nii.gz
        FILES_LESION: []

        """)
    let json = try #require(
      try JSONSerialization.jsonObject(with: try lists.json()) as? [String: Any])
    let images = try #require(json["images"] as? [[String: Any]])
    #expect(images.map { ($0["faults"] as? [Any])?.count } == [2, 1, 0])
    let fault = try #require((images[0]["faults"] as? [[String: Any]])?.first)
    #expect(fault["reader"] as? String == "liu" && fault["segment"] as? String == "C2-3")
    #expect(fault["why"] as? String == "cord outlined wrongly")
  }

  @Test("a verdict that was taken back complains of nothing")
  func takenBack() {
    let reader = SheetCase.reader([
      SheetCase.record(1, .verdict, .c2c3, .absent, reason: "cord outlined wrongly"),
      SheetCase.record(2, .undo, .c2c3, reverts: 1),
    ])
    #expect(QualityLists([SheetCase.sheet(readers: [reader])]).files(.segmentation) == [])
  }

  @Test("a name that YAML would read otherwise is quoted")
  func quoted() {
    let lists = QualityLists([sheet(["cord outlined wrongly"], image: "anat/- \"a\\b: #.nii")])
    #expect(lists.yaml.contains("FILES_SEG:\n- \"- \\\"a\\\\b: #.nii\"\n"))
  }

  @Test("a verdict against the library's lesion mask asks for its correction")
  func lesions() {
    var drawn = SheetCase.sheet(readers: [
      SheetCase.reader([SheetCase.record(1, .verdict, .c4c5, .present)])
    ])
    #expect(QualityLists([drawn]).files(.lesions) == [])
    drawn.labels.append(LabelOrigin(role: .lesion, file: "l.nii.gz", maker: "SCT"))
    drawn.measurements.reason = nil
    #expect(QualityLists([drawn]).files(.lesions) == ["sub-01_T2w.nii.gz"])
  }

  @Test("the image quality that stands is the latest one not taken back")
  func imageQuality() throws {
    func stated(_ records: [ReviewRecord]) throws -> String? {
      ReviewState(records).quality?.rawValue
    }
    var fail = SheetCase.record(1, .quality)
    fail.quality = .fail
    var pass = SheetCase.record(2, .quality)
    pass.quality = .pass
    let undo = SheetCase.record(3, .undo, reverts: 2)
    let redo = SheetCase.record(4, .redo, reverts: 3)
    #expect(try stated([]) == nil)
    #expect(try stated([fail]) == "fail")
    #expect(try stated([fail, pass]) == "pass")
    #expect(try stated([fail, pass, undo]) == "fail")
    #expect(try stated([fail, pass, undo, redo]) == "pass")
    let records = [SheetCase.record(1, .verdict, .c4c5, .present)]
    #expect(try stated(records) == nil)
    // A reader who failed the images asks for their cord first.
    func lists(_ records: [ReviewRecord]) -> [String] {
      QualityLists([SheetCase.sheet(readers: [SheetCase.reader(records)])]).files(.segmentation)
    }
    #expect(lists([fail]) == ["sub-01_T2w.nii.gz"] && lists([fail, pass]) == [])
    #expect(lists([fail, pass, undo]) == ["sub-01_T2w.nii.gz"])
  }
}
