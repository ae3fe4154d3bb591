import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Monte-Carlo against the reference", .enabled(if: ReferenceCase.isPresent))
struct MonteCarloOracleTests {
  @Test func mapsAgree() throws {
    let reference = try ReferenceCase()
    let noises = try reference.floats("mc.noises")
    let masks = (0..<noises.count / 1024).map { pass in
      RandomMasks.make(
        noise: Array(noises[pass * 1024..<(pass + 1) * 1024]),
        regionCounts: reference.slice.regionCounts, ratio: 0.75)
    }
    let monteCarlo = MonteCarlo(network: reference.network(), team: ThreadTeam(threads: 2))
    let predictions = monteCarlo.reconstruct(reference.slice, masks: masks)
    let maps = monteCarlo.maps(
      reference.slice, image: reference.image, masks: masks, predictions: predictions,
      keepFirst: 3)
    #expect(maps.fewestReconstructions == 3)
    #expect(maps.passes == 7)
    #expect(relativeDifference(maps.mean.pixels, try reference.floats("mc.mean")) < 1e-4)
    let outside = { (values: [Float]) in values.map { $0.isNaN ? 0 : $0 } }
    #expect(
      relativeDifference(outside(maps.aleatoric.pixels), try reference.floats("mc.au")) < 1e-4)
    // The spread is a thousandth of the predictions, so their last bits show: the reference's own
    // tensor is 1.5e-4 from double precision (Documentation/results/006).
    #expect(
      relativeDifference(outside(maps.epistemic.pixels), try reference.floats("mc.eu")) < 5e-4)
    let sameRegion = maps.reconstructed == reference.region
    #expect(sameRegion)
  }

  @Test(.enabled(if: SharedData.has("oracle/au_filter.safetensors")))
  func candidatesAgree() throws {
    let file = try Safetensors.read(SharedData.url("oracle/au_filter.safetensors"))
    let errors = Raster(
      rows: 256, columns: 256, pixels: try ReferenceCase.floats(file, "au_filter.input"))
    let expected = try ReferenceCase.floats(file, "au_filter.output")
    let found = AleatoricFilter().candidates(errors)
    #expect(sameBits(zip(found.pixels, errors.pixels).map { $0 ? $1 : 0 }, expected))
  }
}
