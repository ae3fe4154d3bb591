/// One of the names that tools give to the label files of a role.
struct LabelName: Equatable {
  /// What follows the image's stem, "_label-SC_seg".
  let ending: String
  /// The folder, beside the others of its tool, in which the file has the image's own name.
  var folder: String?
  /// How the values are to be read; `nil` for masks, and where the values must tell.
  var convention: LabelConvention?
  /// Who calls files so.
  var maker: LabelMaker?

  private init(
    _ ending: String, _ convention: LabelConvention? = nil, by maker: LabelMaker? = nil,
    folder: String? = nil
  ) {
    self.ending = ending
    self.folder = folder
    self.convention = convention
    self.maker = maker
  }

  /// Names of no particular maker.
  private static func plain(
    _ endings: [String], _ convention: LabelConvention? = nil, by maker: LabelMaker? = nil
  ) -> [LabelName] {
    endings.map { LabelName($0, convention, by: maker) }
  }

  /// TotalSpineSeg's result of a step: "t2_step2_output" from SCT, "step2_output/t2" from itself.
  private static func step(_ name: String, _ convention: LabelConvention? = nil) -> [LabelName] {
    [
      LabelName("_" + name, convention, by: .totalSpineSeg),
      LabelName("", convention, by: .totalSpineSeg, folder: name),
    ]
  }

  /// All structures in one file, from TotalSpineSeg.
  private static let totalSpineSeg =
    plain(["_totalspineseg_all", "_totalspineseg"], .totalSpineSeg, by: .totalSpineSeg)
    + step("step2_output", .totalSpineSeg)
  /// SPINEPS' subregions, which it writes beside the vertebrae of `_seg-vert_msk`.
  private static let subregions = plain(
    ["_seg-spine_msk", "_seg-subreg_msk"], .spinepsSubregion, by: .spineps)
  /// What `sct_label_vertebrae` makes of a cord mask, with `suffix`.
  private static func labelled(_ suffix: String) -> [LabelName] {
    let cords = ["_seg", "_sc_seg", "_label-SC_seg", "_seg-manual", "_label-SC_mask"]
    return plain(
      cords.map { $0 + suffix }, suffix == "_labeled" ? .sctCordLevels : .sctDiscs, by: .sct)
  }

  /// The names in use for a role, in order of preference: ours (spine-generic's) first, then masks of
  /// one structure, then files that hold it among others.
  static func names(of role: LabelRole) -> [LabelName] {
    switch role {
    case .cord: cords
    case .canal: canals
    case .spine: spines
    case .discs: discs
    case .levels: levels
    case .lesion: lesions
    }
  }

  private static let cords =
    plain([LabelRole.cord.ending, "_label-SC_mask", "_label-cord_seg"])
    + plain(["_seg-manual", "_manual_segmentation"], by: .person)
    + plain(["_sc_seg", "_seg"], by: .sct) + plain(["_label-SC_dseg"])
    + plain(["_segmentation_PropSeg"], by: .sct)
    + plain(["_SC_mask", "_label-cord_mask", "_cord_seg"]) + step("step1_cord")
    + plain(["_cord"]) + totalSpineSeg + subregions + step("step1_output", .totalSpineSeg)
    + labelled("_labeled")

  private static let canals =
    plain([LabelRole.canal.ending, "_label-canal_mask"])
    + plain(["_canal_seg", "_SC_canal_seg"], by: .sct) + plain(["_label-canal_dseg"])
    + step("step1_canal") + plain(["_canal_mask", "_canal"]) + totalSpineSeg + subregions
    + step("step1_output", .totalSpineSeg)

  private static let spines =
    plain([LabelRole.spine.ending], .totalSpineSeg)
    + plain(["_label-vertebrae_dseg", "_label-spine_seg"]) + totalSpineSeg
    + plain(["_seg-vert_msk"], .spinepsInstance, by: .spineps) + subregions
    // It names discs and leaves vertebrae nameless.
    + step("step1_output", .totalSpineSeg)

  private static let discs =
    plain([LabelRole.discs.ending, "_label-disc"], .sctDiscs)
    + plain(["_labels-disc-manual"], .sctDiscs, by: .person)
    + plain(["_labels-disc"], .sctDiscs)
    + plain(["_label-disc-manual"], .sctDiscs, by: .person)
    + plain(["_label-discs", "_labels-discs"], .sctDiscs) + labelled("_labeled_discs")
    + plain(["_totalspineseg_discs"], .sctDiscs, by: .totalSpineSeg)
    + step("step1_levels", .sctDiscs) + plain(["_discs", "_disc_labels"], .sctDiscs)
    + labelled("_labeled")

  private static let levels = plain(
    [
      LabelRole.levels.ending, "_label-vertebrae_dlabel", "_landmarks",
      "_landmarks_C2_T2_center", "_labels",
    ], .sctLevels)

  private static let lesions =
    plain([LabelRole.lesion.ending]) + plain(["_lesion_seg", "_lesionseg"], by: .sct)
    + plain(["_lesion-manual"], by: .person) + plain(["_label-lesion_mask", "_lesion"])
}
