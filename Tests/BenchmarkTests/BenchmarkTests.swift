import Core
import Testing

@testable import cordscope_bench

@Suite("Benchmarks")
struct BenchmarkTests {
  @Test("every kernel's figure is measured", .enabled(if: KernelTable.best.path != .scalar))
  func kernels() {
    let figures = KernelBenchmark.run(.best, seconds: 0)
    #expect(figures.count == 16)
    for figure in figures {
      #expect(figure.milliseconds > 0 && figure.milliseconds.isFinite, "\(figure.name)")
    }
  }

  @Test("inference and a training step are timed on the slice of 51 patches")
  func engine() throws {
    let bench = try EngineBenchmark(
      configuration: NetworkConfiguration(
        encoderDepth: 2, encoderWidth: 16, decoderDepth: 2, decoderWidth: 8, isConditioned: true,
        normalisation: "flat"), context: .nearest(128))
    let time = try bench.inference(passes: 2, threads: 1, repeats: 1)
    #expect(time.tokens == 128 && time.maskable == 51 && time.milliseconds > 0)
    #expect(try bench.trainingStep(batch: 2, threads: 1, repeats: 1).milliseconds > 0)
  }
}
