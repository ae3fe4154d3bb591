import Foundation
import Imaging
import Testing

@testable import Core

@Suite("Detection JSON")
struct DetectionJSONTests {
  private let detection = Detection(
    subject: "07", image: "sub-07/anat/sub-07_T2w.nii.gz", imageSha256: nil, sliceIndex: 5,
    patient: .init(score: 0.25, threshold: 0.15, flagged: true, assessable: true, reason: nil),
    segments: [
      .init(
        name: "C5-6", score: nil, threshold: 0.15, flagged: false, assessable: false,
        reason: "no cord is seen in it")
    ],
    curve: .init(row: [47], zMm: [88.1], value: [0.5]), slices: [],
    opinions: [
      .init(
        detector: "lc61", patientScore: nil, threshold: nil, flagged: nil,
        segmentScores: [nil, 0.5])
    ], absoluteLevel: nil, levelSource: "counted",
    quality: [
      QualityFlag("out-of-plane", "text", slices: [5]),
      QualityFlag("levels-interpolated", "text"),
    ],
    model: .init(
      name: "m", sha256: "ab", context: "nearest(128)", mc: 14, seed: 7, scoring: "core",
      kernelPath: "scalar", thresholdSource: "card"), version: "0.1.0")

  @Test("keys are the contract's; what is not known is null, never left out")
  func exactJSON() throws {
    let expected = """
      {"absolute_level":null,"curve":{"row":[47],"second_opinion":null,"value":[0.5],"z_mm":[88.1]},\
      "image":"sub-07/anat/sub-07_T2w.nii.gz","image_sha256":null,"label_sha256":null,"level_source":"counted",\
      "map_sha256":null,\
      "model":{"context":"nearest(128)","head_sha256":null,"kernel_path":"scalar","mc":14,"name":"m",\
      "sampling":"rows","scoring":"core","scoring_revision":2,"seed":7,"sha256":"ab","threshold_source":"card"},\
      "notice":"research use only, not for diagnosis",\
      "opinions":[{"detector":"lc61","flagged":null,"patient_score":null,\
      "segment_scores":[null,0.5],"segment_threshold":null,"threshold":null,\
      "threshold_source":null}],"outside_peak":null,\
      "patient":{"assessable":true,"flagged":true,"reason":null,"score":0.25,"threshold":0.15},\
      "quality":[{"flag":"out-of-plane","slices":[5],"text":"text"},\
      {"flag":"levels-interpolated","slices":null,"text":"text"}],\
      "second_opinion_agrees":null,\
      "segments":[{"assessable":false,"flagged":null,"length_mm":null,"name":"C5-6",\
      "peak_row":null,"reason":"no cord is seen in it","row_from":null,"row_to":null,\
      "score":null,"second_opinion_agrees":null,"second_opinion_flagged":null,"second_opinion_score":null,\
      "slice_index":null,"threshold":0.15,"z_from_mm":null,"z_to_mm":null}],\
      "slice_index":5,"slices":[],"subject":"07","version":"0.1.0"}
      """
    let json = try detection.json(pretty: false)
    #expect(String(decoding: json, as: UTF8.self) == expected)
  }

  @Test("agreement with the second opinion is written where both say something")
  func agreement() throws {
    var own = detection
    own.opinions[0].flagged = false
    own.segments[0].assessable = true
    own.segments[0].secondOpinionFlagged = false
    let json = String(decoding: try own.json(pretty: false), as: UTF8.self)
    // The patient is flagged by the detector alone, the segment by neither.
    #expect(json.contains("\"second_opinion_agrees\":false,\"segments\":"))
    #expect(json.contains("\"second_opinion_agrees\":true,\"second_opinion_flagged\":false"))
  }

  @Test("reading gives back what was written")
  func roundTrip() throws {
    let real = try SyntheticStudy.detect(SyntheticStudy(lesion: (128...137, 0.5)).prepared())
      .detection
    for d in [detection, real] {
      #expect(try Detection.read(json: d.json(), path: "x.json") == d)
    }
  }

  @Test("a file that is no detection names itself and the field")
  func malformed() throws {
    var text = String(decoding: try detection.json(), as: UTF8.self)
    text = text.replacingOccurrences(of: "\"threshold\" : 0.15", with: "\"threshold\" : \"x\"")
    for bad in [text, "", "{}", "[1,2]", String(text.prefix(300))] {
      let error = #expect(throws: ReadError.self) {
        try Detection.read(json: Data(bad.utf8), path: "sub-07_detection.json")
      }
      #expect(error?.description.contains("sub-07_detection.json") == true)
    }
  }

  @Test("a model card is written, read back, and refused when malformed")
  func modelCard() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("card-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appendingPathComponent("model.json")
    var card = ModelCard(name: "small", sha256: "ab")
    card.seeds = [1, 2]
    card.limits = ["phantoms only"]
    card.figures = [.init(name: "focal-faint", detector: "u2ad-core", auc: 0.9, aucLow: 0.8)]
    card.thresholds["z-score"] = .init(patient: 3, segment: 3)
    try card.write(to: url)
    #expect(try ModelCard.read(url) == card)
    let text = try String(contentsOf: url, encoding: .utf8)
    #expect(text.contains("\"threshold_source\"") && text.contains("\"auc_low\""))
    for bad in ["", "{}", text.replacingOccurrences(of: "\"ab\"", with: "7")] {
      try Data(bad.utf8).write(to: url)
      #expect(throws: ReadError.self) { try ModelCard.read(url) }
    }
    #expect(throws: ReadError.self) {
      try ModelCard.read(folder.appendingPathComponent("none.json"))
    }
  }
}
