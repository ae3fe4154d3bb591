import Imaging
import Testing

@testable import Core

@Suite struct NetworkContextTests {
  @Test func namesAreReadBack() {
    for context in [NetworkContext.image, .roi, .nearest(128), .nearest(1)] {
      #expect(NetworkContext(context.description) == context)
    }
    for text in ["", "nearest", "nearest()", "nearest(0)", "nearest(-3)", "nearest(x)", "Image"] {
      #expect(NetworkContext(text) == nil, "\(text)")
    }
    #expect(NetworkContext("nearest(99999999)") == .nearest(1024))
  }

  @Test func nearestKeepsTheRegionAndItsSurroundings() {
    var random = RandomSource(seed: 12)
    for round in 0..<20 {
      var region = [Bool](repeating: false, count: 1024)
      for _ in 0..<(1 + random.below(200)) { region[random.below(1024)] = true }
      let inside = region.count { $0 }
      let tokens = NetworkContext.nearest(128).tokens(region: region)
      #expect(tokens.count == min(1024, max(128, inside + 64)), "round \(round)")
      #expect(tokens == tokens.sorted() && Set(tokens).count == tokens.count)
      #expect(region.indices.allSatisfy { !region[$0] || tokens.contains($0) })
      let chosen = Set(tokens)
      let distance = PatchGrid.squaredDistances(to: region.indices.filter { region[$0] })
      let farthest = tokens.map { distance[$0] }.max() ?? 0
      #expect(region.indices.allSatisfy { chosen.contains($0) || distance[$0] >= farthest })
    }
  }

  @Test func distancesAreExact() {
    var random = RandomSource(seed: 13)
    for count in [1, 2, 40] {
      let patches = (0..<count).map { _ in random.below(1024) }
      let expected = (0..<1024).map { patch in
        patches.map { other in
          let (down, across) = (patch / 32 - other / 32, patch % 32 - other % 32)
          return down * down + across * across
        }.min()
      }
      #expect(PatchGrid.squaredDistances(to: patches) == expected)
    }
  }

  @Test func tokensHoldTheirPixels() throws {
    let slice = TinyCase.slice(seed: 3)
    let tokens = try TinyCase.tokens(seed: 3, context: .image)
    #expect(sameBits(tokens.pixels, PatchGrid.cut(slice.normalised)))
    let assembled = try #require(PatchGrid.assemble(tokens.pixels))
    #expect(sameBits(assembled.pixels, slice.normalised.pixels))
    let region = zip(slice.cord.pixels, slice.csf.pixels).map { $0 || $1 }
    let cut = PatchGrid.cut(Raster(rows: 256, columns: 256, pixels: region))
    #expect(sameBits(tokens.region, cut.map { $0 ? 1 : 0 }))
    let edges = PatchGrid.cut(Sobel.magnitude(slice.normalised))
    for position in tokens.maskable {
      let range = position * 64..<position * 64 + 64
      #expect(relativeDifference(tokens.edges[range], Array(edges[range])) < 1e-6)
      let cord = PatchGrid.cut(slice.cord)[range].map { $0 ? Float(1) : 0 }
      #expect(Array(tokens.anatomy[position * 128..<position * 128 + 64]) == cord)
    }
  }

  @Test func badSlicesAreRefused() throws {
    let good = TinyCase.slice(seed: 1)
    var image = good.normalised
    image[5, 5] = .nan
    #expect(throws: NetworkError.self) {
      try TokenisedSlice(
        image: image, cord: good.cord, csf: good.csf, context: .image, isConditioned: false)
    }
    let small = ImageRaster(rows: 8, columns: 8, filledWith: 0)
    #expect(throws: NetworkError.self) {
      try TokenisedSlice(
        image: small, cord: good.cord, csf: good.csf, context: .image, isConditioned: false)
    }
    var few = good.cord.map { _ in false }
    few[100, 100] = true
    few[100, 110] = true
    do {
      _ = try TokenisedSlice(
        image: good.normalised, cord: few, csf: few, context: .roi, isConditioned: false)
      Issue.record("a region of two patches was accepted")
    } catch NetworkError.notAssessable(let reason) {
      #expect(reason.contains("fewer than 3"))
    }
  }
}
