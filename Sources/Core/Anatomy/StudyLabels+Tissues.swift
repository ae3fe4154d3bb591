internal import Imaging

extension StudyLabels {
  /// What the labels call each pixel of a plane, by nearest voxel: the cord's own mask before the
  /// canal's, both before the spine's.
  /// - Returns: `nil` where nothing on the plane is labelled.
  func tissues(on grid: SagittalGrid) -> Raster<SliceTissue>? {
    var result = Raster<SliceTissue>(
      rows: grid.rows, columns: SagittalGrid.side, filledWith: .background)
    var isLabelled = false
    func lay(_ volume: LabelVolume?, _ tissue: (UInt16, SliceTissue) -> SliceTissue) {
      guard let sampled = volume?.resampled(on: grid).raster,
        sampled.pixels.count == result.pixels.count
      else { return }
      for n in sampled.pixels.indices where sampled.pixels[n] != 0 {
        result.pixels[n] = tissue(sampled.pixels[n], result.pixels[n])
        isLabelled = isLabelled || result.pixels[n] != .background
      }
    }
    lay(spine) { label, _ in SliceTissue.ofSpine[label] ?? .background }
    lay(canal) { _, under in under == .cord ? .cord : .csf }
    lay(cord) { _, _ in .cord }
    return isLabelled ? result : nil
  }
}

extension SliceTissue {
  /// The tissues of a spine in TotalSpineSeg numbers, with those of the phantoms' tissue map that are
  /// of the spine.
  fileprivate static let ofSpine: [UInt16: SliceTissue] = {
    var table: [UInt16: SliceTissue] = [
      PhantomTissue.cord.rawValue: .cord, PhantomTissue.greyMatter.rawValue: .cord,
      PhantomTissue.csf.rawValue: .csf, PhantomTissue.csfFlowVoid.rawValue: .csf,
      PhantomTissue.discProtrusion.rawValue: .discProtrusion,
      PhantomTissue.anteriorCompressor.rawValue: .otherCompressor,
    ]
    for level in VertebralLevel.allCases {
      table[level.totalSpineSegLabel] = .vertebra
      if let disc = level.totalSpineSegDiscLabel { table[disc] = .disc }
    }
    return table
  }()

  /// The name on a screen.
  public var words: String {
    switch self {
    case .background: "no label"
    case .cord: "cord"
    case .csf: "CSF"
    case .vertebra: "vertebra"
    case .disc: "disc"
    case .discProtrusion: "disc protrusion"
    case .otherCompressor: "other compressor"
    }
  }
}
