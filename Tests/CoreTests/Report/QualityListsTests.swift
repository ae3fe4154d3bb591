import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Lists of what is to be corrected")
struct QualityListsTests {
  private func sheet(_ reasons: [String], image: String = SheetCase.image) -> StudySheet {
    var sheet = SheetCase.sheet(readers: [
      SheetCase.signed(
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
        # Images to be corrected, by the signed verdicts of readers. research use only, not for diagnosis
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
    let reader = SheetCase.signed([
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

  @Test("what nobody has signed is told in the JSON and on no list")
  func unsigned() throws {
    let records = [SheetCase.record(1, .verdict, .c2c3, .absent, reason: "cord outlined wrongly")]
    let lists = QualityLists([SheetCase.sheet(readers: [SheetCase.reader(records)])])
    #expect(lists.files(.segmentation) == [] && lists.entries[0].faults.count == 1)
    #expect(String(decoding: try lists.json(), as: UTF8.self).contains("\"is_listed\" : false"))
    let signed = QualityLists([SheetCase.sheet(readers: [SheetCase.signed(records)])])
    #expect(signed.files(.segmentation) == ["sub-01_T2w.nii.gz"])
  }

  /// A study with a mask of lesions, drawn on these segments.
  private func masked(
    _ drawn: [[String]], readers: [StudySheet.Reader], hasMask: Bool = true
  ) -> StudySheet {
    var sheet = SheetCase.sheet(readers: readers)
    if hasMask {
      sheet.labels.append(LabelOrigin(role: .lesion, file: "l.nii.gz", maker: "SCT"))
    }
    sheet.measurements.reason = nil
    let value = MeasuredValue(value: 4, reason: nil, method: "drawn")
    sheet.measurements.signal = CordSignalSummary(
      reference: "mid-C6", referenceLeftOut: [], scrAtNarrowestRatio: value, combinedType: value)
    sheet.measurements.lesions = drawn.map { segments in
      LesionSignal(
        source: .mask, sliceIndex: 3, rowFrom: 100, rowTo: 110, segments: segments,
        scrRatio: value, lengthMm: value, areaMm2: value, yukawaGrade: value)
    }
    return sheet
  }

  @Test("a verdict against the library's lesion mask, or present without one, asks for correction")
  func lesions() {
    func why(
      _ verdict: Verdict, _ drawn: [[String]], hasMask: Bool = true
    ) -> [String] {
      let reader = SheetCase.signed([SheetCase.record(1, .verdict, .c4c5, verdict)])
      let lists = QualityLists([masked(drawn, readers: [reader], hasMask: hasMask)])
      let files = lists.files(.lesions)
      let faults = lists.entries[0].faults
      #expect(files == (faults.isEmpty ? [] : ["sub-01_T2w.nii.gz"]))
      return faults.map(\.why)
    }
    #expect(why(.present, [], hasMask: false) == ["present, and there is no lesion mask"])
    #expect(why(.absent, [], hasMask: false) == [])
    #expect(why(.present, [["C4-5", "C5-6"]]) == [] && why(.absent, [["C5-6"]]) == [])
    #expect(why(.present, [["C5-6"]]) == ["present, and no lesion is drawn there"])
    #expect(why(.present, []) == ["present, and no lesion is drawn there"])
    #expect(why(.absent, [["C4-5"]]) == ["absent, and a lesion is drawn there"])
    #expect(why(.cannotTell, [["C4-5"]]) == [])
  }

  @Test("present beside a mask that cannot be placed is told with the file and why, and on no list")
  func unplaced() throws {
    func faults(
      _ verdict: Verdict = .present, drawn: [[String]] = [],
      _ change: (inout StudySheet) -> Void = { _ in }
    ) -> [QualityLists.Fault] {
      let reader = SheetCase.signed([SheetCase.record(1, .verdict, .c4c5, verdict)])
      var sheet = masked(drawn, readers: [reader])
      change(&sheet)
      let lists = QualityLists([sheet])
      #expect(lists.files(.lesions) == [])
      return lists.entries[0].faults
    }
    let head = "present, and the lesion mask l.nii.gz cannot be placed: "
    // What lies on no segment may lie there.
    let beside = try #require(faults(drawn: [["C5-6"], []]).first)
    #expect(beside.why == head + "a lesion of it lies on no segment that is known")
    #expect(beside.list == "none" && !beside.isListed && beside.reader == "liu")
    #expect(beside.segment == "C4-5")
    let window = faults {
      $0.measurements.quality.append(QualityFlag("lesion-mask-unplaced", "It could not be."))
    }
    #expect(window.map(\.why) == [head + LesionSlices.whyUnplaced])
    // It has voxels, and none of them was looked at.
    let unmeasured = faults { $0.measurements.signal = nil }
    #expect(unmeasured.map(\.why) == [head + "no cord was measured beside it"])
    let empty = SheetCase.signed([SheetCase.record(1, .verdict, .c4c5, .present)])
    var hollow = masked([], readers: [empty])
    (hollow.isLesionMaskEmpty, hollow.measurements.signal) = (true, nil)
    #expect(QualityLists([hollow]).entries[0].faults.allSatisfy { !$0.why.hasPrefix(head) })
    let unread = faults { $0.measurements.reason = "l.nii.gz: 3 x 3 x 3 voxels\u{7}" }
    #expect(unread.map(\.why).first?.hasPrefix(head + "l.nii.gz: 3 x 3 x 3 voxels") == true)
    #expect(unread.allSatisfy { !$0.why.contains("\u{7}") })
    // Where it is drawn on the segment, or nothing is said to be there, there is nothing to tell.
    #expect(faults(drawn: [["C4-5"], []]).isEmpty && faults(.cannotTell, drawn: [[]]).isEmpty)
    #expect(faults(.absent, drawn: [[]]).isEmpty)
    #expect(faults(.absent) { $0.measurements.reason = "there is no canal" }.isEmpty)
  }

  @Test("present beside an empty lesion mask asks for one, whatever could be measured beside it")
  func empty() {
    let changes: [(inout StudySheet) -> Void] = [
      { _ in }, { $0.measurements.signal = nil },
      { $0.measurements.reason = "neither vertebrae nor cord are labelled on this slice" },
    ]
    for change in changes {
      let told: [(Verdict, [String])] = [
        (.present, ["present, and no lesion is drawn there"]), (.absent, []), (.cannotTell, []),
      ]
      for (verdict, why) in told {
        let reader = SheetCase.signed([SheetCase.record(1, .verdict, .c4c5, verdict)])
        var sheet = masked([], readers: [reader])
        sheet.isLesionMaskEmpty = true
        change(&sheet)
        let lists = QualityLists([sheet])
        #expect(lists.entries[0].faults.map(\.why) == why, "\(verdict)")
        #expect(lists.files(.lesions) == (why.isEmpty ? [] : ["sub-01_T2w.nii.gz"]))
      }
    }
  }

  @Test("whether the lesion mask of a study is empty is read off its file, also without a cord")
  func emptyFile() throws {
    let folder = try TemporaryFolder()
    let study = try LibraryFixture.library(["01"], in: folder).studies[0]
    let labels = "derivatives/labels/sub-01/anat/"
    let mask = folder(labels + "sub-01_T2w_label-lesion_seg.nii.gz")
    func isEmpty() throws -> Bool {
      try StudyLibrary(opening: folder.url).sheet(of: study).isLesionMaskEmpty
    }
    // No mask is no empty one.
    #expect(try !isEmpty())
    let image = LibraryFixture.image(seed: 1)
    var lesion = LabelVolume(
      shape: image.shape, voxels: [UInt16](repeating: 0, count: image.voxels.count),
      affine: image.affine)
    try LibraryFixture.write(lesion, to: mask)
    #expect(try isEmpty())
    try FileManager.default.removeItem(at: folder(labels + "sub-01_T2w_label-SC_seg.nii.gz"))
    #expect(try isEmpty())
    lesion.voxels[lesion.voxels.count / 2] = 1
    try LibraryFixture.write(lesion, to: mask)
    #expect(try !isEmpty())
    // Of one that cannot be read nothing is said to be empty.
    try Data("no mask".utf8).write(to: mask)
    #expect(try !isEmpty())
  }

  @Test("between readers the adjudicator says what is to be drawn")
  func adjudicated() {
    let anna = SheetCase.signed(
      [SheetCase.record(1, .verdict, .c2c3, .present, reader: "anna")], .reviewed, "anna")
    let sup = SheetCase.signed(
      [SheetCase.record(1, .verdict, .c2c3, .absent, reader: "sup")], .adjudicated, "sup")
    #expect(
      QualityLists([masked([["C4-5"]], readers: [anna])]).files(.lesions) == ["sub-01_T2w.nii.gz"])
    #expect(QualityLists([masked([["C4-5"]], readers: [anna, sup])]).files(.lesions) == [])
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
    // No mask is wrong for it: the JSON tells it, no list has the image.
    func lists(_ records: [ReviewRecord]) -> QualityLists {
      QualityLists([SheetCase.sheet(readers: [SheetCase.signed(records)])])
    }
    for list in QualityLists.List.allCases { #expect(lists([fail]).files(list) == []) }
    let fault = try #require(lists([fail]).entries[0].faults.first)
    #expect(fault.list == "none" && !fault.isListed && fault.why == "image quality: fail")
    #expect(lists([fail, pass]).entries[0].faults.isEmpty)
  }

  private static func judged(
    _ quality: QualityVerdict?, _ name: String, _ meaning: SignatureMeaning? = .reviewed
  ) -> StudySheet.Reader {
    var record = SheetCase.record(1, .quality, reader: name)
    record.quality = quality
    let records = quality == nil ? [SheetCase.record(1, .flag, reader: name)] : [record]
    return meaning.map { SheetCase.signed(records, $0, name) } ?? SheetCase.reader(records, name)
  }

  @Test("images are listed by their quality: signed, the adjudicated one where there is one")
  func images() throws {
    let studies: [[StudySheet.Reader]] = [
      [Self.judged(.pass, "anna")], [Self.judged(.artifact, "anna")],
      [Self.judged(.fail, "anna"), Self.judged(nil, "bob")],
      [Self.judged(.pass, "anna"), Self.judged(.fail, "bob")],
      [
        Self.judged(.pass, "anna"), Self.judged(.fail, "bob"),
        Self.judged(.artifact, "sup", .adjudicated),
      ],
      // An adjudicator who says nothing of the picture leaves it to the readers.
      [Self.judged(.fail, "anna"), Self.judged(nil, "sup", .adjudicated)],
      [Self.judged(.fail, "anna", nil)], [],
    ]
    let lists = QualityLists(
      studies.enumerated().map { n, readers in
        var sheet = SheetCase.sheet(readers: readers)
        sheet.image = "sub-\(n)/anat/sub-\(n)_T2w.nii.gz"
        return sheet
      })
    #expect(
      lists.imagesYAML == """
        # Images by the quality that readers signed. research use only, not for diagnosis
        IMAGES_PASS:
        - sub-0_T2w.nii.gz
        IMAGES_ARTIFACT:
        - sub-1_T2w.nii.gz
        - sub-4_T2w.nii.gz
        IMAGES_FAIL:
        - sub-2_T2w.nii.gz
        - sub-5_T2w.nii.gz
        IMAGES_DIFFER:
        - sub-3_T2w.nii.gz

        """)
    let page = try #require(
      try JSONSerialization.jsonObject(with: lists.json()) as? [String: Any])
    let images = try #require(page["images"] as? [[String: Any]])
    #expect(
      images.compactMap { $0["image_quality"] as? String }
        == ["pass", "artifact", "fail", "differ", "artifact", "fail", "open", "open"])
    let faults = lists.entries.map { $0.faults.map(\.why) }
    #expect(faults[0].isEmpty && faults[1] == ["image quality: artifact"])
    #expect(faults[6] == ["image quality: fail"])
    // SCT takes its lists for masks to correct: none of these is on them.
    for list in QualityLists.List.allCases { #expect(lists.files(list).isEmpty) }
    #expect(QualityLists([]).imagesYAML.hasSuffix("IMAGES_FAIL: []\nIMAGES_DIFFER: []\n"))
  }
}
