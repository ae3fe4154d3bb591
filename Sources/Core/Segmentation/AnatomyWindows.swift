internal import Imaging

/// Runs the anatomy network over slices of any extent, window by window.
struct AnatomyWindows {
  let engine: AnatomyEngine
  let slab: AnatomySlab

  /// What the network says of slices on one pixel grid.
  ///
  /// - Parameters:
  ///   - plane: pixel grid in the plane of slice `reference`, at least one window in each direction.
  /// - Returns: the maps of each slice in turn.
  /// - Throws: what the engine throws.
  func maps(_ slices: [Int], on plane: SamplingPlane, reference: Int) throws -> [AnatomyMaps] {
    var sampled: [Int: (image: ImageRaster, covered: MaskRaster)] = [:]
    func slice(_ index: Int) -> (image: ImageRaster, covered: MaskRaster) {
      if let known = sampled[index] { return known }
      let new = slab.slice(index, on: plane, reference: reference)
      sampled[index] = new
      return new
    }
    let rows = AnatomyMosaic.starts(plane.rows)
    let columns = AnatomyMosaic.starts(plane.columns)
    return try slices.map { index in
      let beside = slab.neighbours(of: index)
      let channels = [slice(beside.left).image, slice(index).image, slice(beside.right).image]
      let places = rows.flatMap { row in columns.map { (row, $0) } }
      let windows = try engine.predict(
        places.map { Self.window(channels, row: $0.0, column: $0.1) })
      var mosaic = AnatomyMosaic(rows: plane.rows, columns: plane.columns)
      for (place, window) in zip(places, windows) {
        mosaic.add(window, row: place.0, column: place.1, covered: slice(index).covered)
      }
      return mosaic.maps()
    }
  }

  /// The network's input for a window: [side, side, 3].
  private static func window(_ channels: [ImageRaster], row: Int, column: Int) -> [Float] {
    let side = SagittalGrid.side
    var image = [Float](repeating: 0, count: side * side * channels.count)
    for r in 0..<side where row + r < channels[0].rows {
      for c in 0..<side where column + c < channels[0].columns {
        for (k, channel) in channels.enumerated() {
          image[(r * side + c) * channels.count + k] = channel[row + r, column + c]
        }
      }
    }
    AnatomyInput.normalise(&image)
    return image
  }
}
