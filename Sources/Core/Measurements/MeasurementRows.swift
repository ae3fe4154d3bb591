/// One measurement with its name and place, for tables.
public struct MeasurementRow: Equatable, Sendable {
  /// The key with its unit, as in JSON: "cobb_deg".
  public var measure: String
  /// The level, vertebra or lesion that it belongs to; empty for the study.
  public var level: String
  /// The value and what belongs to it.
  public var measurement: MeasuredValue
}

extension CervicalMeasurements {
  /// Every measurement in order, one row each.
  public var rows: [MeasurementRow] {
    var rows: [MeasurementRow] = []
    func add(_ measure: String, _ level: String, _ measurement: MeasuredValue?) {
      guard let measurement else { return }
      rows.append(MeasurementRow(measure: measure, level: level, measurement: measurement))
    }
    add("cobb_deg", "", alignment?.cobbDeg)
    add("c2_slope_deg", "", alignment?.c2SlopeDeg)
    add("t1_slope_deg", "", alignment?.t1SlopeDeg)
    add("t1_slope_minus_cobb_deg", "", alignment?.t1SlopeMinusCobbDeg)
    add("c2_c7_sva_corner_mm", "", alignment?.c2C7SvaCornerMm)
    add("c2_c7_sva_centroid_mm", "", alignment?.c2C7SvaCentroidMm)
    add("mscc_max_percent", msccMaxLevel ?? "", msccMaxPercent)
    add("modified_k_line_int_min_mm", modifiedKLine?.intMinLevel ?? "", modifiedKLine?.intMinMm)
    add("canal_k_line_int_min_mm", canalKLine?.intMinLevel ?? "", canalKLine?.intMinMm)
    for level in levels {
      for (key, value) in level.narrowing.entries + level.disc.entries {
        add(key, level.level, value)
      }
    }
    for vertebra in vertebrae {
      for (key, value) in vertebra.entries { add(key, vertebra.level, value) }
    }
    add("combined_type", "", signal?.combinedType)
    add("scr_at_narrowest_ratio", "", signal?.scrAtNarrowestRatio)
    for lesion in lesions {
      let place =
        lesion.segments.isEmpty
        ? "rows \(lesion.rowFrom)-\(lesion.rowTo)" : lesion.segments.joined(separator: " ")
      for (key, value) in lesion.entries { add(key, place, value) }
    }
    return rows
  }
}

extension CanalNarrowing {
  /// The values with their keys.
  var entries: [(String, MeasuredValue)] {
    [
      ("cord_ap_mm", cordApMm), ("canal_ap_mm", canalApMm),
      ("mscc_adjacent_percent", msccAdjacentPercent), ("mscc_normal_percent", msccNormalPercent),
      ("mcc_adjacent_percent", mccAdjacentPercent), ("mcc_normal_percent", mccNormalPercent),
      ("cord_occupation_percent", cordOccupationPercent), ("csf_front_mm", csfFrontMm),
      ("csf_back_mm", csfBackMm), ("kang_grade", kangGrade),
    ]
  }
}

extension DiscDisplacement {
  /// The values with their keys.
  var entries: [(String, MeasuredValue)] {
    [
      ("displacement_mm", displacementMm), ("displacement_canal_percent", displacementCanalPercent),
      ("extent_mm", extentMm), ("cord_gap_mm", cordGapMm), ("margin_overhang_mm", marginOverhangMm),
    ]
  }
}

extension CervicalMeasurements.Vertebra {
  /// The values with their keys.
  var entries: [(String, MeasuredValue)] {
    [
      ("cord_ap_mm", cordApMm), ("canal_ap_mm", canalApMm),
      ("height_anterior_mm", heightAnteriorMm), ("height_middle_mm", heightMiddleMm),
      ("height_posterior_mm", heightPosteriorMm),
      ("height_loss_anterior_percent", heightLossAnteriorPercent),
      ("height_loss_middle_percent", heightLossMiddlePercent),
      ("height_loss_posterior_percent", heightLossPosteriorPercent),
    ]
  }
}

extension LesionSignal {
  /// The values with their keys.
  var entries: [(String, MeasuredValue)] {
    [
      ("scr_ratio", scrRatio), ("length_mm", lengthMm), ("area_mm2", areaMm2),
      ("yukawa_grade", yukawaGrade),
    ]
  }
}
