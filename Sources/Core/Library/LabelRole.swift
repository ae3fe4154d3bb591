/// What a label file of a derivative holds.
public enum LabelRole: String, CaseIterable, Sendable {
  /// The spinal cord: non-zero voxels.
  case cord
  /// The canal (cord and CSF together): non-zero voxels.
  case canal
  /// Vertebrae and discs, one value each.
  case spine
  /// One point at the posterior tip of each disc.
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

  /// The endings in use for a role, in order of preference: ours (spine-generic's) first, then what
  /// SCT, TotalSpineSeg, SPINEPS and older manual corrections call their files.
  var endings: [String] {
    switch self {
    case .cord:
      [
        ending, "_label-SC_mask", "_label-cord_seg", "_seg-manual", "_manual_segmentation",
        "_sc_seg", "_seg", "_label-SC_dseg", "_segmentation_PropSeg",
      ]
    case .canal: [ending, "_label-canal_mask", "_canal_seg", "_label-canal_dseg"]
    case .spine:
      [
        ending, "_label-vertebrae_dseg", "_label-spine_seg", "_totalspineseg", "_seg-vert_msk",
        "_seg-spine_msk",
      ]
    case .discs:
      [
        ending, "_label-disc", "_labels-disc-manual", "_labels-disc", "_label-disc-manual",
        "_label-discs",
      ]
    case .levels:
      [ending, "_label-vertebrae_dlabel", "_landmarks", "_landmarks_C2_T2_center", "_labels"]
    case .lesion: [ending, "_lesion_seg", "_lesion-manual", "_label-lesion_mask"]
    }
  }

  /// The convention of a file of this role, told by its ending.
  func convention(ending: String) -> LabelConvention? {
    switch self {
    case .spine:
      switch ending.lowercased() {
      case "_seg-vert_msk": .spinepsInstance
      case "_seg-spine_msk": .spinepsSubregion
      default: .totalSpineSeg
      }
    case .discs: .sctDiscs
    case .levels: .sctLevels
    case .cord, .canal, .lesion: nil
    }
  }
}
