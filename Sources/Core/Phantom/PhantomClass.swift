/// Which kind of scanner a phantom study imitates.
public enum PhantomDomain: String, CaseIterable, Codable, Sendable {
  /// Thin partitions of a research scan: low noise, strong posterior surface-coil shading.
  case `public`
  /// A clinical 2-D turbo spin echo: 3-4 mm slices, fat bright, more noise, saturated front.
  case clinical
}

/// What a phantom study shows: one primary class each (method, section 11).
public enum PhantomClass: String, CaseIterable, Codable, Sendable {
  case focalFaint = "focal-faint"
  case focalBright = "focal-bright"
  case long
  case multisegmental
  case snakeEye = "snake-eye"
  case atCompression = "at-compression"

  case normal
  case compression
  case coilShading = "coil-shading"
  case csfPulsation = "csf-pulsation"
  case gibbs
  case motionGhost = "motion-ghost"
  case greyMatter = "grey-matter"
  case enlargement
  case obliqueExit = "oblique-exit"
  case thickSlices = "thick-slices"
  case maskError = "mask-error"

  /// Whether studies of this class carry a T2 hyperintense lesion of the cord.
  public var hasLesion: Bool {
    switch self {
    case .focalFaint, .focalBright, .long, .multisegmental, .snakeEye, .atCompression: true
    default: false
    }
  }

  /// The classes with a lesion, in order.
  public static let lesions = allCases.filter(\.hasLesion)
  /// The classes without a lesion, in order; `normal` first.
  public static let lesionFree = allCases.filter { !$0.hasLesion }
}
