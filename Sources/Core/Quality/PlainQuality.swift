extension QualityFlag {
  /// What it means in a reader's words, without figures: "the picture is too coarse for small lesions"; `nil`
  /// for a flag that speaks for itself.
  ///
  /// The flag's own text says what was measured, its name is what lists and filters know it by.
  public var plain: String? { issue?.plain ?? Self.plainWords[flag] }

  /// Vertebrae are named from the uppermost that a reader named, and something speaks against its name or the count.
  static let levelsDoubted = "levels-doubted"

  /// Flags that are no faults of a study as a whole.
  private static let plainWords: [String: String] = [
    "low-resolution": "the picture is coarse: small lesions can be missed",
    "contrast-doubtful": "it is not certain that this is a T2 picture",
    "levels-missing": "the vertebrae are not named: the cord is judged as a whole",
    "levels-partial": "only some of the vertebrae are named",
    levelsDoubted: "a vertebra may be misnamed, missing or counted twice: look at the names",
    "levels-interpolated": "some levels are estimated between others",
    "levels-completed": "some levels are given, the others are found by the program",
    "c2-estimated": "the middle of C2 is placed by rule",
    "canal-estimated": "the canal is estimated, not labelled",
    "csf-effaced": "there is hardly any CSF to compare the cord with",
    "window-partial": "a part of the cord lies outside of what is assessed",
    "reconstruction-incomplete": "some parts of the cord take no part in the score",
    "peak-outside": "the curve is also high outside the assessed segments",
    "map-missing": "the map cannot be read: none is shown",
    "labels-resampled": "a mask was made for another grid of voxels",
    "labels-unreadable": "a file of labels cannot be read",
    "labels-unused": "some labels are not used",
    "orientation-unknown": "left and right are not known",
    "cord-not-found": "no cord was found",
    "no-cord-seen": "no cord was found in the picture",
    "short-coverage": "the picture shows little of the neck",
    "few-levels-seen": "the picture shows few vertebrae of the neck",
    "detection-outdated": "image or labels changed after the detection",
  ]
}

extension QualityIssue {
  /// What it means in a reader's words, without figures.
  public var plain: String {
    switch self {
    case .wrongPlane: "the picture is not sagittal"
    case .wrongContrast: "this is no T2 picture"
    case .wrongRegion: "this is not the neck"
    case .regionUnconfirmed: "nothing shows that this is the neck"
    case .tooCoarse: "the picture is too coarse for small lesions"
    case .cordLeavesView: "the cord is cut off by the edge of the picture"
    case .cordLeavesSlice: "the cord leaves the slice"
    case .motion: "ghosts of motion or flow lie over the picture and can look like a lesion"
    case .noise: "the picture is noisy: bright spots can be noise"
    case .segmentationImplausible: "the outline of the cord is wrong"
    case .canalImplausible: "the outline of the canal is wrong"
    case .levelsImplausible: "the vertebrae are misnamed, or their labels are wrong"
    case .levelsContradicted: "the names given to the vertebrae contradict each other"
    case .absoluteLevelHigh: "the whole cord is bright: a long lesion would not stand out"
    case .absoluteLevelLow: "the cord is nearly black: its outline may lie beside it"
    }
  }
}
