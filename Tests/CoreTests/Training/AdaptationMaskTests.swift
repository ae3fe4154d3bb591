import Imaging
import Testing

@testable import Core

@Suite("Masks of adaptation")
struct AdaptationMaskTests {
  private static let seed: UInt64 = 20_261_121

  /// How often each maskable token of an unshifted slice is masked, beside its summed EU.
  private func frequencies(
    _ masking: AdaptationSettings.Masking, temperature: Double = 1
  ) throws -> [(uncertainty: Double, frequency: Double)] {
    var settings = AdaptationCase.settings(masking: masking)
    settings.temperature = temperature
    let slice = AdaptationCase.slices[0]
    let course = try AdaptationCase.course(
      settings, data: AdaptationCase.data, start: AdaptationCase.start())
    var random = RandomSource(seed: Self.seed)
    let tokens = try Augmentation.none.tokenise(
      slice, context: .nearest(70), isConditioned: true, random: &random)
    var times = [Int](repeating: 0, count: tokens.tokens.count)
    let rounds = 500
    let wanted = RandomMasks.maskedCount(
      region: tokens.maskable.count, rest: tokens.tokens.count - tokens.maskable.count,
      ratio: settings.maskRatio)
    for _ in 0..<rounds {
      let mask = course.mask(tokens, slice: 0, step: 0, random: &random)
      #expect(mask.masked.count == wanted && Set(mask.masked).isSubset(of: tokens.maskable))
      for position in mask.masked { times[position] += 1 }
    }
    let uncertainty = course.guides[0].patchUncertainty(tokens)
    return zip(uncertainty, tokens.maskable).map { ($0, Double(times[$1]) / Double(rounds)) }
  }

  /// Mean frequency of the most uncertain third minus that of the least uncertain one.
  private func rise(_ pairs: [(uncertainty: Double, frequency: Double)]) -> Double {
    let sorted = pairs.sorted { $0.uncertainty < $1.uncertainty }.map(\.frequency)
    let third = sorted.count / 3
    let mean = { (part: ArraySlice<Double>) in part.reduce(0, +) / Double(part.count) }
    return mean(sorted.suffix(third)) - mean(sorted.prefix(third))
  }

  @Test("the more uncertain a patch, the more often it is masked")
  func frequencyRises() throws {
    let guided = try frequencies(.epistemic)
    #expect(Set(guided.map(\.uncertainty)).count > guided.count / 2, "EU hardly differs")
    #expect(rise(guided) > 0.15, "seed \(Self.seed): \(rise(guided))")
    // Patch by patch: wherever EU is clearly larger, the frequency is not smaller.
    let mean = guided.map(\.uncertainty).reduce(0, +) / Double(guided.count)
    for a in guided {
      for b in guided where b.uncertainty > a.uncertainty + 0.3 * mean {
        #expect(b.frequency > a.frequency - 0.1, "seed \(Self.seed): \(a) \(b)")
      }
    }
  }

  @Test("a high temperature and random masks do not look at EU")
  func controls() throws {
    #expect(abs(rise(try frequencies(.random))) < 0.05, "seed \(Self.seed)")
    #expect(abs(rise(try frequencies(.epistemic, temperature: 1e6))) < 0.05, "seed \(Self.seed)")
    // Colder masks follow EU more closely.
    let cold = rise(try frequencies(.epistemic, temperature: 0.1))
    #expect(cold > rise(try frequencies(.epistemic)), "seed \(Self.seed)")
  }

  /// A slice with a bright spot in the cord that no network here expects.
  private static let lesion: (slice: TrainingSlice, rows: Range<Int>, columns: Range<Int>) = {
    var slice = TinyCase.slice(seed: 21, rows: 60)
    let top = slice.cord.pixels.firstIndex(of: true).map { $0 / 256 } ?? 0
    let rows = top + 25..<top + 30
    // Inside the cord, off its rim.
    let columns = 120..<124
    for row in rows { for column in columns { slice.normalised[row, column] = 1 } }
    return (slice, rows, columns)
  }()

  @Test("in the last stage candidates are neither masked nor in the loss", arguments: 0..<12)
  func exclusion(draw: UInt64) throws {
    let lesion = Self.lesion
    let settings = AdaptationCase.settings()
    let course = try AdaptationCase.course(
      settings, data: TrainingData([lesion.slice]), start: AdaptationCase.start())
    let step = course.schedule.lastStageStart
    var random = RandomSource(seed: Self.seed &+ draw)
    let augmentation = Augmentation(shift: draw == 0 ? 0 : 8, intensity: 0, noise: 0)
    var tokens = try augmentation.tokenise(
      lesion.slice, context: .nearest(70), isConditioned: true, random: &random)
    // Tokens of this view that show a pixel of the lesion, found pixel by pixel.
    let touched = tokens.maskable.filter { position in
      let row = tokens.tokens[position] / 32 * 8 + tokens.rowShift
      let column = tokens.tokens[position] % 32 * 8 + tokens.columnShift
      return lesion.rows.overlaps(row..<row + 8) && lesion.columns.overlaps(column..<column + 8)
    }
    let learnable = course.guides[0].learnable(tokens)
    #expect(!touched.isEmpty && Set(learnable).isDisjoint(with: touched), "draw \(draw)")
    #expect(learnable.count < tokens.maskable.count && !learnable.isEmpty)
    let mask = course.mask(tokens, slice: 0, step: step, random: &random)
    #expect(Set(mask.masked).isSubset(of: learnable))
    // The count is that of the rest: fewer than with all patches.
    let all = tokens.tokens.count
    #expect(
      mask.masked.count
        == RandomMasks.maskedCount(
          region: learnable.count, rest: all - learnable.count, ratio: 0.75))
    let before = course.mask(tokens, slice: 0, step: step - 1, random: &random)
    #expect(before.masked.count > mask.masked.count)

    // Whatever the excluded patches show, the loss is the same.
    let value = loss(tokens, mask)
    for position in touched {
      for pixel in 0..<64 { tokens.pixels[position * 64 + pixel] = 0.123 }
    }
    #expect(loss(tokens, mask) == value && value.x > 0)
  }

  /// The loss of predictions that are one half everywhere.
  private func loss(_ tokens: TokenisedSlice, _ mask: PassMask) -> SIMD2<Double> {
    var batch = PassBatch()
    batch.append(mask, slice: 0)
    let predictions = AlignedBuffer([Float](repeating: 0.5, count: mask.masked.count * 64))
    let edges = predictions.copy()
    var sums = SIMD2<Double>.zero
    NetworkLoss(.regionPixels(edgeWeight: 0.1), slices: [tokens], masks: [mask]).evaluate(
      batch, slices: [tokens], reconstruction: predictions.base, edges: edges.base, sums: &sums)
    return sums
  }

  @Test("EU masking keeps learning everything to the end")
  func withoutExclusion() throws {
    let settings = AdaptationCase.settings(masking: .epistemic)
    let course = try AdaptationCase.course(
      settings, data: TrainingData([Self.lesion.slice]), start: AdaptationCase.start())
    var random = RandomSource(seed: Self.seed)
    let tokens = try Augmentation.none.tokenise(
      Self.lesion.slice, context: .nearest(70), isConditioned: true, random: &random)
    var masked = Set<Int>()
    for _ in 0..<200 {
      let mask = course.mask(
        tokens, slice: 0, step: course.schedule.lastStageStart, random: &random)
      masked.formUnion(mask.masked)
    }
    #expect(masked == Set(tokens.maskable))
  }

  @Test("a slice of which everything is a candidate is not learned, and nothing traps")
  func nothingLeft() throws {
    var settings = AdaptationCase.settings(steps: 8)
    settings.filter = AleatoricFilter(percentile: 0, fewestPixels: 1, mostComponents: 1_000_000)
    let start = try AdaptationCase.start()
    let data = TrainingData([TinyCase.slice(seed: 1, rows: 40)])
    let adaptation = try Adaptation(settings: settings, data: data, start: start, threads: 1)
    let (_, record, _) = try AdaptationCase.finished(adaptation.run())
    #expect(record.curve.count == 5)
  }
}
