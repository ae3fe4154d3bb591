internal import Foundation
internal import Imaging

/// What one series of a study is, and whether lesions can be looked for on it.
public struct SeriesVerdict: Sendable {
  /// Why the series is not brought into a library; `nil` when it is.
  public internal(set) var leftOut: String?
  /// Whether the series is brought into a library without being asked for: it is not left out, and its
  /// contrast has a name there.
  var isKept: Bool { leftOut == nil && contrast.contrast.suffix != nil }
  /// Whether it would have been brought into a library if its files were whole: what is no picture of a
  /// spine is left out, not refused.
  private(set) var isRefused = false
  /// Why nothing is detected on it unless the reader says so; `nil` when it can be chosen.
  public internal(set) var unfit: String?
  /// How well it suits; higher is better.
  public internal(set) var points = 0.0
  /// What speaks for and against it, in words.
  public internal(set) var reasons: [String] = []
  /// What a reader must know of results made from it.
  public internal(set) var flags: [QualityFlag] = []
  let contrast: ContrastFinding
  let region: (region: SeriesRegion, word: String)?
  /// Whether it cannot be chosen even if the reader says so.
  private(set) var isUnusable = false
  /// Whether something else than its contrast makes it unfit.
  private var isUnfitOtherwise = false
  /// Whether a reader who takes any contrast can have it: nothing else speaks against it.
  var isUnfitByContrastAlone: Bool { leftOut == nil && unfit != nil && !isUnfitOtherwise }
  /// Whether somebody looked at its picture.
  let isLookedAt: Bool
  /// Whether its texts and times say T2 and nobody looked whether its picture does.
  var isT2Unseen: Bool { leftOut == nil && contrast.contrast == .t2 && !isLookedAt }

  /// Looks at a series.
  ///
  /// - Parameters:
  ///   - broken: why its pixels turned out to be of no use.
  ///   - picture: what its picture shows, where somebody looked.
  init(_ series: DICOMSeries, broken: String? = nil, picture: PictureLook.Finding? = nil) {
    let description = series.description
    isLookedAt = picture != nil
    contrast = ContrastFinding(description)
    region =
      [
        description.seriesDescription, description.protocolName, description.bodyPart,
        description.studyDescription,
      ].lazy.compactMap { SeriesRegion.named(in: $0) }.first
    leftOut = broken ?? Self.missingVolume(series)
    isUnusable = leftOut != nil
    // What is no MR at all need not be put together.
    leftOut = Self.otherModality(description) ?? leftOut
    let unwanted = Self.noPicture(description) ?? Self.noStudy(series)
    isRefused = isUnusable && Self.otherModality(description) == nil && unwanted == nil
    leftOut = leftOut ?? unwanted
    guard !isUnusable else { return }
    judgePlane(series)
    judgeContrast(description)
    judgeRegion()
    judgeImageType(description)
    judgeGeometry(series)
    judgeFindings(series)
    judgePicture(picture)
  }

  /// What the series is, in a few words: "T2-weighted, sagittal".
  func kind(_ series: DICOMSeries) -> String {
    ([contrast.contrast.rawValue] + [series.orientation?.rawValue].compactMap(\.self))
      .joined(separator: ", ")
  }

  // MARK: - Left out

  private static func missingVolume(_ series: DICOMSeries) -> String? {
    if let error = series.findings.first(where: { $0.severity == .error }) {
      // What seems to be missing may have been turned away.
      return [mixedDirections(series), error.text].compactMap(\.self).joined(separator: ": ")
    }
    return series.affine == nil ? "no volume can be put together" : nil
  }

  /// That the slices of the series lie in several directions, if they do.
  private static func mixedDirections(_ series: DICOMSeries) -> String? {
    series.findings.first { $0.kind == .directions }?.text
  }

  private static func otherModality(_ description: DICOMSeriesDescription) -> String? {
    description.modality.flatMap { $0 == "MR" ? nil : "its modality is \($0), not MR" }
  }

  private static let secondaryCapture = "1.2.840.10008.5.1.4.1.1.7"

  /// Why it is a drawing or a screen shot.
  private static func noPicture(_ description: DICOMSeriesDescription) -> String? {
    if description.sopClassUID?.hasPrefix(secondaryCapture) == true {
      return "a secondary capture, not what the scanner measured"
    }
    if description.hasBurnedInText { return "text is burned into its pixels" }
    let type = description.imageType.map { $0.uppercased() }
    if type.prefix(2) == ["DERIVED", "SECONDARY"] { return "derived from other series" }
    let words = SeriesWords(description.seriesDescription)
    let made: Set<String> = ["mpr", "mip", "sub", "subtraction", "screensave", "report", "fused"]
    if let word = words.first(of: made) {
      return "its name says \(word): derived from other series"
    }
    return nil
  }

  private static let localizers: Set<String> = [
    "localizer", "localiser", "loc", "scout", "survey", "3plane", "threeplane", "surview",
    "topogram", "lokalizer", "calibration", "smartbrain",
  ]

  /// Why a series of unknown contrast is left out.
  static let unknownContrast =
    "neither its times nor its name say how it is weighted (--series takes it all the same)"

  /// Why it is a localizer or a map of another kind.
  private static func noStudy(_ series: DICOMSeries) -> String? {
    let description = series.description
    let type = Set(description.imageType.map { $0.uppercased() })
    let words = SeriesWords(
      [description.seriesDescription, description.protocolName].compactMap(\.self)
        .joined(separator: " "))
    if type.contains("LOCALIZER") || words.first(of: localizers) != nil { return "a localizer" }
    if series.slices.count == 1, series.part.count > 1 {
      let single = "a single slice apart from the others, as localizers have"
      return [mixedDirections(series), single].compactMap(\.self).joined(separator: ": ")
    }
    if !type.isDisjoint(with: ["PHASE", "P", "VELOCITY", "PHASE MAP"]) { return "a phase image" }
    switch ContrastFinding(description).contrast {
    case .echoPlanar: return "diffusion or echo planar"
    case .unknown: return unknownContrast
    default: return nil
    }
  }

  // MARK: - Judged

  /// Makes the series unfit; of several reasons the first is told.
  private mutating func object(_ why: String, byContrast: Bool = false) {
    unfit = unfit ?? why
    if !byContrast { isUnfitOtherwise = true }
  }

  private mutating func judgePlane(_ series: DICOMSeries) {
    guard let affine = series.affine else { return }
    // The very check by which a library chooses its images.
    let shape = SIMD3(series.columns, series.rows, series.slices.count)
    if let problem = SagittalCheck.problem(shape: shape, affine: affine) {
      object([Self.mixedDirections(series), problem].compactMap(\.self).joined(separator: ": "))
      isUnusable = true
      return
    }
    let tilt = series.obliquityDegrees ?? 0
    reasons.append("sagittal, \(Int(tilt.rounded())) degrees off")
    points -= max(0, tilt - 10)
  }

  private mutating func judgeContrast(_ description: DICOMSeriesDescription) {
    let name = contrast.contrast.rawValue
    reasons.append(contrast.reason.isEmpty ? name : "\(name): \(contrast.reason)")
    guard contrast.contrast == .t2 else {
      object("it is \(name), a T2-weighted spin echo is needed", byContrast: true)
      flags.append(QualityFlag("wrong-contrast", "The series is \(name), not a T2 spin echo."))
      return
    }
    if let doubt = contrast.doubt {
      reasons.append(doubt)
      points -= 15
      flags.append(QualityFlag("contrast-doubtful", "T2 contrast is doubtful: \(doubt)."))
    }
    if let echo = description.echoTimeMS, (80...130).contains(echo) { points += 5 }
    judgeFat(description)
  }

  /// Fat suppression and the images of a Dixon series: the weights learned from plain T2.
  private mutating func judgeFat(_ description: DICOMSeriesDescription) {
    let words = SeriesWords(
      [description.seriesDescription, description.protocolName].compactMap(\.self)
        .joined(separator: " "))
    let type = Set(description.imageType.map { $0.uppercased() })
    let suppressed: Set<String> = ["fs", "fatsat", "spair", "spir", "sfs", "chess"]
    if type.contains("FAT") || words.words.last == "f" {
      object("it is the fat image of a Dixon series")
    } else if type.contains("OUT_PHASE") || type.contains("OPP_PHASE") {
      object("it is the opposed-phase image of a Dixon series")
    } else if type.contains("WATER") || words.words.last == "w" {
      reasons.append("the water image of a Dixon series")
      points -= 20
    } else if description.scanOptions.contains("FS") || words.first(of: suppressed) != nil {
      reasons.append("fat is suppressed")
      points -= 20
    }
  }

  private mutating func judgeRegion() {
    guard let region else {
      reasons.append("nothing says which part of the body it shows")
      return
    }
    guard region.region == .cervical else {
      object("it shows another region: its texts say \(region.word)")
      flags.append(
        QualityFlag("wrong-region", "Its texts name the \(region.region.rawValue) region."))
      return
    }
    reasons.append("cervical: its texts say so")
    points += 30
  }

  private mutating func judgeImageType(_ description: DICOMSeriesDescription) {
    guard description.imageType.first?.uppercased() == "DERIVED" else { return }
    reasons.append("computed from what was measured")
    points -= 15
  }

  /// Thickness and distance of slices in mm from which on they are too coarse for a cord.
  private static let coarsestSliceMM = 5.5
  /// From C2 to T1 in mm, in small adults.
  private static let shortestMM = 100.0

  private mutating func judgeGeometry(_ series: DICOMSeries) {
    guard !isUnusable, let affine = series.affine else { return }
    let spacing = affine.spacing
    let stepMM = series.spacingMM ?? series.description.thicknessMM ?? spacing.z
    let inPlane = max(spacing.x, spacing.y)
    reasons.append(
      "\(CountText.slices(series.slices.count)) every \(SeriesText.number(stepMM)) mm, "
        + "\((inPlane * 100).rounded() / 100) mm in plane")
    points -= 2 * max(0, stepMM - 4) + (inPlane > 1 ? 10 : 0) + (inPlane <= 0.8 ? -5 : 0)
    if stepMM > Self.coarsestSliceMM {
      points -= 10
      flags.append(
        QualityFlag("too-coarse", "Slices lie \(SeriesText.number(stepMM)) mm apart."))
    }
    if series.slices.count < 5 { points -= 20 }
    if series.description.acquisitionType == "3D" { points -= 3 }
    let axis = affine.orientation.voxelAxis(along: 2)
    let count = [series.columns, series.rows, series.slices.count][axis]
    let lengthMM = Double(count) * spacing[axis]
    if lengthMM < Self.shortestMM {
      points -= 20
      reasons.append("only \(Int(lengthMM.rounded())) mm along the spine")
      flags.append(
        QualityFlag(
          "short-coverage",
          "The picture covers only \(Int(lengthMM.rounded())) mm along the spine."))
    }
  }

  /// A picture without a cord goes behind any with one; what it shows is a reason like the others.
  private mutating func judgePicture(_ picture: PictureLook.Finding?) {
    guard let picture else { return }
    guard picture.hasCord else {
      reasons.append("no cord is seen in the picture")
      points -= 60
      flags.append(
        QualityFlag(
          "no-cord-seen", "The anatomy network finds no cord in the picture of this series."))
      return
    }
    judgePicturedContrast(picture)
    guard let first = picture.levels.first, let last = picture.levels.last else {
      reasons.append("the picture shows a cord; its vertebrae could not be named")
      return
    }
    reasons.append("the picture shows a cord, \(first.name) to \(last.name)")
    guard picture.cervical.count < 3 else { return points += 10 }
    points -= 40
    flags.append(
      QualityFlag(
        "few-levels-seen", "The picture shows \(first.name) to \(last.name), little of the neck."))
  }

  /// A T1 that texts and times call T2 is known by its picture: detection would refuse it.
  private mutating func judgePicturedContrast(_ picture: PictureLook.Finding) {
    guard let why = picture.notT2 else { return }
    let plain = why.hasSuffix(".") ? String(why.dropLast()) : why
    object("its picture is not T2-weighted, whatever its texts say: \(plain)", byContrast: true)
    if !flags.names.contains(QualityIssue.wrongContrast.rawValue) {
      flags.append(QualityIssue.wrongContrast.flag(why))
    }
  }

  private mutating func judgeFindings(_ series: DICOMSeries) {
    if let mixed = Self.mixedDirections(series) { reasons.append(mixed) }
    for finding in series.findings where finding.severity == .warning {
      points -= 5
      reasons.append(finding.text)
      let name: String? =
        switch finding.kind {
        case .duplicates: "duplicate-slices"
        case .singleSlice: "single-slice"
        case .sheared: "sheared-grid"
        case .statedSpacing: "spacing-differs"
        default: nil
        }
      if let name { flags.append(QualityFlag(name, finding.text)) }
    }
  }
}
