/// Sagittal alignment of the cervical spine on one slice of a supine MRI (clinical notes, section 1).
public struct SagittalAlignment: Codable, Equatable, Sendable {
  /// C2-C7 Cobb angle in degrees, lordosis positive.
  public var cobbDeg: MeasuredValue
  /// Slope of the C2 inferior endplate in degrees, positive when the anterior end is lower.
  public var c2SlopeDeg: MeasuredValue
  /// Slope of the T1 superior endplate in degrees.
  public var t1SlopeDeg: MeasuredValue
  /// T1 slope less Cobb angle in degrees.
  public var t1SlopeMinusCobbDeg: MeasuredValue
  /// C2-7 sagittal vertical axis in mm, to the postero-superior corner of C7.
  public var c2C7SvaCornerMm: MeasuredValue
  /// The same, to the centroid of C7.
  public var c2C7SvaCentroidMm: MeasuredValue
}

extension SagittalAlignment {
  /// Measures the alignment.
  ///
  /// The Cobb angle is s(C7 inferior) - s(C2 inferior), s the slope of the robust line through the
  /// whole endplate (Martini 2021, Global Spine J 11:1307): it does not depend on how the neck lies
  /// in the picture; slopes and SVA do.
  init(_ spine: SpineOutline) {
    let c2 = spine.bodies[.c2]
    let c7 = spine.bodies[.c7]
    let t1 = spine.bodies[.t1]
    cobbDeg = Self.cobb(c2, c7)
    c2SlopeDeg = Self.slope(c2, .inferior, Self.c2SlopeMethod)
    t1SlopeDeg = Self.slope(t1, .superior, Self.t1SlopeMethod)
    t1SlopeMinusCobbDeg = Self.mismatch(t1SlopeDeg, cobbDeg, c2SlopeDeg)
    c2C7SvaCornerMm = Self.sva(
      c2, c7, \.posteroSuperior, "C7 postero-superior corner", Self.cornerMethod)
    // The centroid of a part is none of the vertebra.
    c2C7SvaCentroidMm = Self.sva(
      c2, c7, { $0.partReason == nil ? $0.centroid : nil }, "C7 centroid", Self.centroidMethod)
  }

  private static let cobbMethod = MeasurementMethod(
    text: "supine MRI; C7 less C2 inferior endplate, Huber lines, lordosis positive",
    variability: "radiographs: SEM 1.8 deg, minimum detectable change 5.0 deg, ICC intra 0.958, "
      + "inter 0.886 (Asian Spine J 2020;14:169)")
  private static let c2SlopeMethod = MeasurementMethod(
    text: "supine MRI; C2 inferior endplate against the image horizontal")
  private static let t1SlopeMethod = MeasurementMethod(
    text: "supine MRI; T1 superior endplate against the image horizontal")
  private static let mismatchMethod = MeasurementMethod(
    text: "supine MRI; T1 slope less C2-C7 Cobb angle")
  private static let cornerMethod = MeasurementMethod(
    text: "supine MRI; plumb line of the C2 centroid (with dens) to the postero-superior corner of "
      + "C7, positive when C2 is in front")
  private static let centroidMethod = MeasurementMethod(
    text: "supine MRI; plumb line of the C2 centroid (with dens) to the C7 centroid, positive when "
      + "C2 is in front")

  /// What standing films show and supine MRI does not (Lee 2017, Spine 42(24)).
  static let supineFlag = QualityFlag(
    "supine", "Measured lying: C2-7 SVA and lordosis differ from standing films.")
  /// An endplate whose contour lies further than this from its line, in mm, is no plane.
  static let irregularMM = 0.9

  private static func cobb(_ c2: BodyOutline?, _ c7: BodyOutline?) -> MeasuredValue {
    guard let c2 else { return cobbMethod.missing("C2 is not labelled on this slice") }
    guard let c7 else { return cobbMethod.missing("C7 is not labelled on this slice") }
    guard let upper = c2.inferior.line else {
      return cobbMethod.missing("C2 inferior endplate: \(c2.inferior.reason ?? "not seen")")
    }
    var quality = irregular(c2.inferior, "C2 inferior")
    guard let lower = c7.inferior.line ?? c7.superior.line else {
      return cobbMethod.missing("C7 endplates: \(c7.inferior.reason ?? "not seen")")
    }
    var name = "C7 inferior"
    if c7.inferior.line == nil {
      name = "C7 superior"
      quality.append(
        QualityFlag(
          "c7-superior-endplate",
          "The C7 inferior endplate is not seen (\(c7.inferior.reason ?? "")); its superior one "
            + "stands for it (r = 0.99 on 191 films)."))
      quality += irregular(c7.superior, name)
    } else {
      quality += irregular(c7.inferior, name)
    }
    let angle = turned(lower.slopeDegrees - upper.slopeDegrees)
    return cobbMethod.value(
      angle,
      from: [
        "C2 inferior \(upper.slopeDegrees.hundredths) deg",
        "\(name) \(lower.slopeDegrees.hundredths) deg",
      ], quality: quality)
  }

  /// An angle in -180 ..< 180.
  private static func turned(_ degrees: Double) -> Double {
    degrees >= 180 ? degrees - 360 : degrees < -180 ? degrees + 360 : degrees
  }

  private static func irregular(_ plate: BodyOutline.Endplate, _ name: String) -> [QualityFlag] {
    guard case .line(_, let deviation, _) = plate, deviation > irregularMM else { return [] }
    return [
      QualityFlag(
        "irregular-endplate",
        "The \(name) endplate lies \(deviation.tenths) mm (robust deviation) about its line.")
    ]
  }

  private static func slope(
    _ body: BodyOutline?, _ side: BodyOutline.Side, _ method: MeasurementMethod
  ) -> MeasuredValue {
    guard let body else { return method.missing("the vertebra is not labelled on this slice") }
    guard let line = body[side].line else {
      return method.missing(body[side].reason ?? "not seen")
    }
    return method.value(
      line.slopeDegrees, from: body.words(side),
      quality: irregular(body[side], body.level.name))
  }

  /// T1 slope less Cobb lies near the C2 slope: the disc C7-T1 alone is between (self-check).
  private static func mismatch(
    _ t1: MeasuredValue, _ cobb: MeasuredValue, _ c2: MeasuredValue
  ) -> MeasuredValue {
    guard let slope = t1.value else {
      return mismatchMethod.missing("T1 slope: \(t1.reason ?? "none")")
    }
    guard let angle = cobb.value else {
      return mismatchMethod.missing("Cobb angle: \(cobb.reason ?? "none")")
    }
    var quality = cobb.quality
    if let c2 = c2.value, abs(slope - angle - c2) > 15 {
      quality.append(
        QualityFlag(
          "alignment-inconsistent",
          "T1 slope less Cobb angle should lie near the C2 slope (\(c2.tenths) deg)."))
    }
    return mismatchMethod.value(
      slope - angle,
      from: ["T1 slope \(slope.hundredths) deg", "Cobb angle \(angle.hundredths) deg"],
      quality: quality)
  }

  private static func sva(
    _ c2: BodyOutline?, _ c7: BodyOutline?, _ place: (BodyOutline) -> SIMD2<Double>?,
    _ name: String, _ method: MeasurementMethod
  ) -> MeasuredValue {
    guard let c2 else { return method.missing("C2 is not labelled on this slice") }
    guard let c7 else { return method.missing("C7 is not labelled on this slice") }
    if let reason = c2.partReason {
      return method.missing("C2 is not seen as a whole: \(reason)")
    }
    guard let place = place(c7) else {
      return method.missing(
        c7.partReason.map { "C7 is not seen as a whole: \($0)" } ?? "C7 is not seen well enough")
    }
    var quality = [supineFlag]
    if c2.isCutAbove {
      quality.append(
        QualityFlag(
          "c2-cut",
          "C2 ends at the upper edge of the picture: its centroid is that of a part of it."))
    }
    return method.value(
      place.x - c2.centroid.x,
      from: ["C2 centroid \(c2.centroid.words)", "\(name) \(place.words)"], quality: quality)
  }
}
