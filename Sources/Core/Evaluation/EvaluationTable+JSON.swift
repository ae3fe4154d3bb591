public import Foundation

extension EvaluationTable {
  /// The tables as JSON with sorted keys; what could not be computed is left out.
  public func json() throws -> Data {
    var root: [String: Any] = [
      "heading": heading, "classes": classCounts, "patients": patientCount,
      "notice": Notice.researchUse,
    ]
    root["detectors"] = detectors.map(Self.object)
    root["reconstruction"] = reconstruction?.rows.map(Self.object)
    root["not_measured"] = reconstruction?.remarks
    return try JSONSerialization.data(
      withJSONObject: root, options: [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes])
  }

  private static func object(_ d: DetectorEvaluation) -> [String: Any] {
    var entry: [String: Any] = [
      "detector": d.detector, "assessed": d.assessed, "cases": d.cases,
      "assessed_segments": d.assessedSegments, "known_segments": d.knownSegments,
      "auc_by_class": d.areaByClass.mapValues(object),
      "auc_difference_by_class": d.differenceByClass.mapValues(object),
      "specificity_by_class": d.figures.specificityByClass.mapValues(object),
      "sensitivity_by_class": d.figures.sensitivityByClass.mapValues(object),
    ]
    entry["auc"] = d.area.map(object)
    entry["auc_difference"] = d.difference.map(object)
    let f = d.figures
    let spreads = [
      "accuracy": f.accuracy, "sensitivity": f.sensitivity, "specificity": f.specificity,
      "f1": f.f1, "segment_f1": f.segmentF1, "segment_recall": f.segmentRecall,
      "segment_specificity": f.segmentSpecificity, "top_segment_f1": f.topSegmentF1,
      "top_segment_recall": f.topSegmentRecall,
      "top_segment_specificity": f.topSegmentSpecificity,
    ]
    for (key, spread) in spreads {
      entry[key] = spread.map(object)
    }
    return entry
  }

  private static func object(_ s: CrossValidation.Spread) -> [String: Double] {
    var entry = ["mean": s.mean, "sd": s.deviation]
    entry["lower"] = s.interval?.lower
    entry["upper"] = s.interval?.upper
    return entry
  }

  private static func object(_ row: PlantedReconstruction.Row) -> [String: Any] {
    var entry: [String: Any] = [
      "picture": row.picture.rawValue, "region": row.region.rawValue, "planted": row.isPlanted,
      "studies": row.studies,
    ]
    entry["ssim"] = row.ssim.map(object)
    entry["psnr_db"] = row.psnrDb.map(object)
    entry["mse"] = row.mse.map(object)
    entry["variance_sum"] = row.varianceSum.map(object)
    return entry
  }

  private static func object(_ i: Bootstrap.Interval) -> [String: Double] {
    ["estimate": i.estimate, "lower": i.lower, "upper": i.upper]
  }
}
