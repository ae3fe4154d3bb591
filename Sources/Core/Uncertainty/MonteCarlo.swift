package import Imaging

/// Reconstructs a slice under many masks; passes run in parallel.
package struct MonteCarlo: Sendable {
  let network: MaskedAutoencoder
  let team: ThreadTeam
  private let workers: Pool<InferenceWorker>
  private let buffers: Pool<SliceBuffers>

  /// Decoder rows that one group of passes puts through a layer together.
  package var groupRows = 640

  package init(network: MaskedAutoencoder, team: ThreadTeam) {
    self.network = network
    self.team = team
    workers = Pool { InferenceWorker(network) }
    buffers = Pool { SliceBuffers() }
  }

  /// The predictions of all passes: for each pass its masked tokens in order, 64 floats each.
  package func reconstruct(_ slice: TokenisedSlice, masks: [PassMask]) -> [[Float]] {
    guard !masks.isEmpty else { return [] }
    let rows = slice.tokens.count
    var offsets = [0]
    for mask in masks {
      offsets.append((offsets.last ?? 0) + mask.masked.count * PatchGrid.pixels)
    }
    let buffers = buffers.take()
    defer { self.buffers.give(buffers) }
    let embedded = buffers.embedding(rows: rows, of: network.layout.configuration)
    let results = buffers.results(count: offsets.last ?? 0)
    network.embed(slice, into: embedded)
    let groups = groupCount(passes: masks.count, rows: rows + 1)
    team.forEach(groups) { [offsets] group, _ in
      let worker = self.workers.take()
      defer { self.workers.give(worker) }
      let part = Self.passes(of: group, groups: groups, passes: masks.count)
      worker.reconstruct(
        masks[part], buffers: buffers, into: results.base + offsets[part.lowerBound])
    }
    return masks.indices.map { pass in
      Array(
        UnsafeBufferPointer(
          start: results.base + offsets[pass], count: offsets[pass + 1] - offsets[pass]))
    }
  }

  /// The passes of a group; larger groups come first, so that threads end together.
  private static func passes(of group: Int, groups: Int, passes: Int) -> Range<Int> {
    let (size, larger) = passes.quotientAndRemainder(dividingBy: groups)
    let first = group * size + min(group, larger)
    return first..<first + size + (group < larger ? 1 : 0)
  }

  /// As few groups as their rows allow, spread evenly over the threads.
  private func groupCount(passes: Int, rows: Int) -> Int {
    let together = max(1, groupRows / rows)
    let groups = max((passes + together - 1) / together, min(passes, team.threads))
    let rounded = (groups + team.threads - 1) / team.threads * team.threads
    return min(passes, rounded)
  }

  /// Mean, population variance and absolute error of a slice's reconstructions.
  ///
  /// - Parameter keepFirst: how many reconstructions of a patch count, in pass order; `nil` = all.
  package func maps(
    _ slice: TokenisedSlice, image: ImageRaster, masks: [PassMask], predictions: [[Float]],
    keepFirst: Int? = nil
  ) -> UncertaintyMaps {
    var found = [[ArraySlice<Float>]](repeating: [], count: slice.tokens.count)
    for (mask, prediction) in zip(masks, predictions) {
      for (place, position) in mask.masked.enumerated()
      where found[position].count < keepFirst ?? .max {
        let first = place * PatchGrid.pixels
        found[position].append(prediction[first..<first + PatchGrid.pixels])
      }
    }
    let nothing = image.map { _ in Float.nan }
    var maps = UncertaintyMaps(
      mean: image, epistemic: nothing, aleatoric: nothing, reconstructed: image.map { _ in false },
      passes: masks.count,
      fewestReconstructions: slice.maskable.map { found[$0].count }.min() ?? 0)
    for position in slice.maskable where !found[position].isEmpty {
      let origin = PatchGrid.origin(of: slice.tokens[position])
      for pixel in 0..<PatchGrid.pixels
      where slice.region[position * PatchGrid.pixels + pixel] > 0 {
        let place = origin + pixel / PatchGrid.patch * PatchGrid.imageSide + pixel % PatchGrid.patch
        let (mean, variance) = Self.moments(found[position], pixel)
        maps.mean.pixels[place] = Float(mean)
        maps.epistemic.pixels[place] = Float(variance)
        maps.aleatoric.pixels[place] = Float(abs(Double(image.pixels[place]) - mean))
        maps.reconstructed.pixels[place] = true
      }
    }
    return maps
  }

  /// Mean and population variance of one pixel of a patch.
  private static func moments(
    _ values: [ArraySlice<Float>], _ pixel: Int
  ) -> (mean: Double, variance: Double) {
    var sum = 0.0
    for value in values { sum += Double(value[value.startIndex + pixel]) }
    let mean = sum / Double(values.count)
    var squares = 0.0
    for value in values {
      let difference = Double(value[value.startIndex + pixel]) - mean
      squares += difference * difference
    }
    return (mean, squares / Double(values.count))
  }
}
