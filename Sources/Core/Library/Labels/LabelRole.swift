/// What a label file of a derivative holds.
public enum LabelRole: String, CaseIterable, Sendable {
  /// The spinal cord: non-zero voxels, or one value among others of a convention.
  case cord
  /// The canal (cord and CSF together), in the same ways.
  case canal
  /// Vertebrae and discs, one value each.
  case spine
  /// One point at the posterior tip of each disc, or the cord by vertebral level, which tells as much.
  case discs
  /// One point at each vertebra's middle, on the body or on the cord beside it.
  case levels
  /// Truth: T2 hyperintensity of the cord.
  case lesion

  /// The ending with which this program writes such a file, "_label-SC_seg".
  public var ending: String {
    switch self {
    case .cord: "_label-SC_seg"
    case .canal: "_label-canal_seg"
    case .spine: "_label-spine_dseg"
    case .discs: "_label-discs_dlabel"
    case .levels: "_label-levels_dlabel"
    case .lesion: "_label-lesion_seg"
    }
  }

  /// The ending of the file that holds the probabilities behind a found mask, "_label-SC_probseg"; `nil`
  /// for what is not kept so.
  var shareEnding: String? {
    switch self {
    case .cord: "_label-SC_probseg"
    case .canal: "_label-canal_probseg"
    case .spine, .discs, .levels, .lesion: nil
    }
  }

  /// Whether a file of this role is a mask unless a convention says which of its values count.
  var isMask: Bool {
    switch self {
    case .cord, .canal, .lesion: true
    case .spine, .discs, .levels: false
    }
  }
}
