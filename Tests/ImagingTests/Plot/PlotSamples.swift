import Foundation
import Imaging

/// A figure of every kind, as the program draws them; the numbers are made up.
enum PlotSamples {
  /// Even numbers from a seed, and from them numbers that are nearly normal.
  struct Numbers {
    var state: UInt64

    mutating func even() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53)
    }

    mutating func normal(_ mean: Double, _ deviation: Double) -> Double {
      mean + deviation * ((0..<12).reduce(0.0) { sum, _ in sum + even() } - 6)
    }

    mutating func normals(_ count: Int, _ mean: Double, _ deviation: Double) -> [Double] {
      (0..<count).map { _ in normal(mean, deviation) }
    }
  }

  static let note = "Made-up numbers."

  static var roc: Chart {
    let x = (0...100).map { Double($0) / 100 }
    var chart = Chart(
      "ROC by detector", note: note, x: .init("1 - specificity", from: 0, to: 1),
      y: .init("sensitivity", from: 0, to: 1), isSquare: true)
    for (name, k) in [("LC61 0.98", 0.02), ("head 0.94", 0.06), ("core 0.82", 0.22)] {
      chart.series.append(.line(name, x: x, y: x.map { pow($0, k) }))
    }
    let y = x.map { pow($0, 0.06) }
    chart.series.append(
      .band("head 0.94", x: x, lower: y.map { $0 * 0.93 }, upper: y.map { min($0 * 1.05, 1) }))
    chart.series.append(.line("chance", x: [0, 1], y: [0, 1], style: .reference))
    return chart
  }

  static var histogram: Chart {
    var numbers = Numbers(state: 3)
    return Chart(
      "Scores by class", note: note, x: .init("score"), y: .init("density"),
      series: [
        .histogram(
          "normal (n = 1200)", numbers.normals(1200, 0, 1), bins: 40, from: -4, to: 8,
          isDensity: true),
        .histogram(
          "myelopathy (n = 400)", numbers.normals(400, 2.5, 1.3), bins: 40, from: -4, to: 8,
          isDensity: true),
      ], references: [.x(1.96, "threshold 1.96")])
  }

  static var anoCurve: Chart {
    var numbers = Numbers(state: 5)
    let x = (0..<160).map(Double.init)
    var y = x.map { 0.4 + exp(-pow(($0 - 96) / 9, 2)) * 2.2 + numbers.normal(0, 0.12) }
    for n in 40..<52 { y[n] = .nan }
    y[46] = 0.8
    let names = ["C2-3", "C3-4", "C4-5", "C5-6", "C6-7"]
    return Chart(
      "AnoCurve of one slice", note: note, x: .init("mm below C2"), y: .init("anomaly score"),
      series: [
        .band("core", x: x, lower: y.map { $0 - 0.25 }, upper: y.map { $0 + 0.25 }),
        .line("core", x: x, y: y),
        .steps("segment mean", x: [0, 32, 64, 96, 128, 160], y: [0.4, 0.5, 0.7, 1.5, 0.4, 0.4]),
      ], references: [.y(1.5, "threshold 1.50")],
      regions: names.enumerated().map {
        .init(from: Double($0.offset) * 32, to: Double($0.offset + 1) * 32, $0.element)
      })
  }

  static var repeats: Chart {
    var numbers = Numbers(state: 7)
    func auc(_ mean: Double, _ count: Int = 20) -> [Double] { numbers.normals(count, mean, 0.02) }
    return Chart(
      "Spread over 20 repeats", note: note,
      x: .init("detector", categories: ["core", "head", "LC61", "Z-score", "random"]),
      y: .init("AUC"),
      series: [
        .samples("before", [auc(0.82), auc(0.9), auc(0.95), auc(0.88), auc(0.5)]),
        .samples("after", [auc(0.86), auc(0.92), auc(0.95), auc(0.88), auc(0.5, 3)]),
        .samples("frozen", [auc(0.8), auc(0.88), [], auc(0.86, 60), [0.52]], as: .box),
      ], references: [.y(0.5, "chance")])
  }

  static var estimates: Chart {
    func of(_ values: [Double]) -> [Chart.Estimate] {
      values.map { .init($0, lower: $0 - 0.05, upper: min($0 + 0.04, 1)) }
    }
    return Chart(
      "AUC with 95 % intervals by patient", note: note,
      x: .init(categories: [
        "ossified ligament", "disc herniation", "myelomalacia", "intramedullary tumour", "syrinx",
      ]), y: .init("AUC", from: 0.4, to: 1),
      series: [
        .estimates("core", of([0.8, 0.83, 0.91, .nan, 0.97])),
        .estimates("head", of([0.84, 0.87, 0.94, 0.9, 0.98])),
        .estimates("LC61", of([0.88, 0.9, 0.93, 0.92, 0.99])),
      ], references: [.y(0.5, "chance")])
  }

  static var adaptation: Chart {
    let x: [Double] = [0, 50, 100, 200, 300, 400]
    return Chart(
      "Uncertainty over adaptation", note: note, x: .init("steps"), y: .init("mean in the cord"),
      series: [
        .line("EU", x: x, y: [0.09, 0.07, 0.055, 0.045, 0.041, 0.04], markers: true),
        .line("AU", x: x, y: [0.05, 0.052, 0.048, 0.05, 0.049, 0.05], markers: true),
        .line("error", x: x, y: [0.12, 0.11, .nan, 0.098, 0.09, 0.085], markers: true),
      ])
  }

  static var montage: Montage {
    func map(_ peak: Double) -> ImageRaster {
      ImageRaster(
        rows: 64, columns: 48,
        pixels: (0..<(64 * 48)).map { n in
          let (row, column) = (Double(n / 48), Double(n % 48))
          let value = exp(-pow((row - 30) / 12, 2) - pow((column - 24) / 8, 2))
          return abs(column - 24) > 14 ? .nan : Float(peak * value)
        })
    }
    let eu = Montage.Scale(.uncertainty, fullScale: 0.1, label: "EU")
    let au = Montage.Scale(.uncertainty, fullScale: 0.04, label: "AU")
    return Montage(
      "EU and AU over adaptation", note: note,
      rows: [
        (0..<5).map { _ in .grey(map(1), WindowLevel(from: 0, to: 1)) },
        (0..<5).map { .map(map(0.1 / Double($0 + 1)), eu) },
        (0..<5).map { _ in .map(map(0.04), au) },
      ], rowCaptions: ["image", "epistemic", "aleatoric"],
      columnCaptions: (0..<5).map { "step \($0 * 100)" })
  }

  /// Names, notes and numbers that no figure is made for.
  static var overfull: Chart {
    func many(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }
    return Chart(
      many("A very long title that goes on ", 8), note: many("and so does the note, ", 20),
      x: .init(
        many("label ", 40), categories: (0..<40).map { "a long category name number \($0)" }),
      y: .init(many("label ", 40)),
      series: (0..<30).map {
        .estimates("a series with a long name \($0)", [.init(1e9 * Double($0))])
      })
  }

  static var all: [(name: String, chart: Chart)] {
    [
      ("roc", roc), ("histogram", histogram), ("anocurve", anoCurve), ("repeats", repeats),
      ("estimates", estimates), ("adaptation", adaptation), ("overfull", overfull),
    ]
  }
}
