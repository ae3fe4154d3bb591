/// The signal and extent of one T2 hyperintensity of the cord (clinical notes, section 4).
public struct LesionSignal: Codable, Equatable, Sendable {
  /// "detection", "mask" or "reader".
  public var source: SliceLesion.Source
  /// Index from the patient's left of the slice on which it was measured: where it is largest, or
  /// scores highest.
  public var sliceIndex: Int
  /// First row on the slice's grid.
  public var rowFrom: Int
  /// Last row on the slice's grid.
  public var rowTo: Int
  /// Levels that it touches: over whose rows it lies for at least 3 mm, or with 40 % of its rows; one that a
  /// detection flags also each flagged level whose run over the threshold it is.
  public var segments: [String]
  /// Signal change ratio: the mean of the brightest contiguous 5 mm2 over normal cord.
  public var scrRatio: MeasuredValue
  /// Arc length along the cord from the first to the last row in mm.
  public var lengthMm: MeasuredValue
  /// Pixels times their area in mm2.
  public var areaMm2: MeasuredValue
  /// Suggested grade 1 or 2 (Yukawa 2007).
  public var yukawaGrade: MeasuredValue
  /// What readers stated of its segments: "C4-5 liu: present"; what was adjudicated first: "C4-5 FINAL: present".
  public var readers: [String] = []
}

extension LesionSignal {
  /// What to do about a lesion that nothing outlines; the workstation names the keys.
  public static let outlineAdvice = "draw a lesion mask, or import one"
}

/// The signal of the cord on a slice as a whole.
public struct CordSignalSummary: Codable, Equatable, Sendable {
  /// Where normal cord was measured.
  public var reference: String?
  /// What a reference in the place of the C7-T1 level spares, with the reason: "C5-6 (lesion)"; `nil` in
  /// measurements of before it was written.
  public var referenceLeftOut: [String]?
  /// Signal ratio at the narrowest level where no lesion is seen.
  public var scrAtNarrowestRatio: MeasuredValue
  /// 1 none, 2 focal and faint, 3 focal and intense, 4 multisegmental and faint, 5 multisegmental and
  /// intense (Ren 2021).
  public var combinedType: MeasuredValue

  private enum Key: String, CodingKey {
    case reference, referenceLeftOut, scrAtNarrowestRatio, combinedType
  }

  /// Writes every key, unknown values as null.
  public func encode(to encoder: any Encoder) throws {
    var c = encoder.container(keyedBy: Key.self)
    try c.encode(reference, forKey: .reference)
    try c.encode(referenceLeftOut ?? [], forKey: .referenceLeftOut)
    try c.encode(scrAtNarrowestRatio, forKey: .scrAtNarrowestRatio)
    try c.encode(combinedType, forKey: .combinedType)
  }
}

extension MeasuredValue {
  /// What a signal was compared with: "reference 254.3: mid-C6, left out: C5-6 (lesion)"; `nil` for a value
  /// that is no signal.
  public var signalReference: String? {
    inputs.first { $0.hasPrefix("reference ") }?.replacing(" grey values", with: "")
  }

  /// "?" before a value that a flag speaks against.
  var doubt: String { value == nil || quality.isEmpty ? "" : "?" }
}

extension LesionSignal {
  /// The reference of its signal, and which flags speak against which of its values, each said once: what
  /// stands after the values.
  var remarks: [String] {
    let named = [
      ("SCR", scrRatio), ("length", lengthMm), ("area", areaMm2), ("Yukawa grade", yukawaGrade),
    ]
    var flags: [String] = []
    for name in named.flatMap({ $0.1.quality.names }) where !flags.contains(name) {
      flags.append(name)
    }
    let doubts = flags.map { flag in
      let names = named.filter { $0.1.quality.names.contains(flag) }.map { $0.0 }
      return "\(names.joined(separator: ", ")) in doubt: \(flag)"
    }
    return [scrRatio.signalReference ?? yukawaGrade.signalReference].compactMap(\.self) + doubts
  }
}
