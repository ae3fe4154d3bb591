import Foundation
import Imaging

@testable import Core

/// A report made by hand: one reader, one flagged segment, one that is not assessed.
enum SheetCase {
  static let image = "sub-01/anat/sub-01_T2w.nii.gz"

  static func record(
    _ seq: Int, _ action: ReviewAction, _ segment: SpinalSegment? = nil, _ verdict: Verdict? = nil,
    reason: String? = nil, comment: String? = nil, reverts: Int? = nil, reader: String = "liu"
  ) -> ReviewRecord {
    ReviewRecord(
      seq: seq, time: "2026-11-20T10:4\(seq):07.123Z", reader: reader, action: action,
      segment: segment?.name, verdict: verdict, reason: reason, comment: comment, blind: false,
      detection: "d00d", reverts: reverts, previous: "")
  }

  /// A study of one slice, the third.
  static func study(
    _ grey: ImageRaster, cord: MaskRaster? = nil, map: ImageRaster? = nil,
    detection: Detection? = nil
  ) -> ReviewStudy {
    ReviewStudy(
      subject: "01", age: nil, sex: nil, mjoa: nil, sliceThicknessMM: 3,
      pictures: [
        .init(
          index: 2, image: grey, grid: LibraryFixture.grid(slice: 2), cord: cord, anomaly: map)
      ], detection: detection, detectionSHA256: nil)
  }

  static func reader(_ records: [ReviewRecord], _ name: String = "liu") -> StudySheet.Reader {
    StudySheet.Reader(reader: name, review: ReviewState(records))
  }

  /// The same with a signature under what stands.
  static func signed(
    _ records: [ReviewRecord], _ meaning: SignatureMeaning = .reviewed, _ name: String = "liu"
  ) -> StudySheet.Reader {
    var signature = record(records.count + 1, .signOff, reader: name)
    signature.signature = Signature(
      meaning, name: name, state: ReviewState(records).digest(head: ""))
    return reader(records + [signature], name)
  }

  /// Absent on C2-3 with a reason, present on C4-5 with a comment, one verdict taken back, a flag.
  static let liu = reader([
    record(1, .verdict, .c4c5, .present, comment: "hazy, 2 mm"),
    record(2, .verdict, .c2c3, .absent, reason: "partial volume with CSF"),
    record(3, .verdict, .c5c6, .present), record(4, .undo, .c5c6, reverts: 3), record(5, .flag),
  ])

  static func sheet(
    readers: [StudySheet.Reader] = [liu], detection: Detection? = LibraryFixture.detection()
  ) -> StudySheet {
    var row = Participants.Row()
    (row.age, row.sex) = ("63", "M")
    var sheet = StudySheet(
      subject: "01", participant: row, image: image, time: "2026-11-22T10:00:00.000Z")
    sheet.detection = detection
    sheet.detectionSHA256 = detection == nil ? nil : "d00d"
    sheet.labels = [
      LabelOrigin(role: .cord, file: "sub-01_T2w_label-SC_seg.nii.gz", maker: "SCT")
    ]
    sheet.readers = readers
    sheet.measurements = CervicalMeasurements(
      subject: "01", image: image, reason: "there is no canal")
    return sheet
  }
}
