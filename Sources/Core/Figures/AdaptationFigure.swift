public import Imaging

/// Uncertainty and reconstruction over an adaptation (the paper's appendix D).
public enum AdaptationFigure {
  /// A run that is drawn.
  public struct Run: Sendable {
    /// Its name in the legend.
    public var name: String
    /// What was recorded at every refresh of the maps.
    public var curve: [AdaptationRecord.Point]

    /// Makes a run.
    public init(name: String, curve: [AdaptationRecord.Point]) {
      self.name = name
      self.curve = curve
    }
  }

  /// Six panels over the optimiser's steps.
  public static func chart(_ runs: [Run], note: String) -> ChartGrid {
    func panel(_ title: String, _ value: (AdaptationRecord.Point) -> Double?) -> Chart {
      Chart(
        title, x: .init("optimiser steps"), y: .init(""),
        series: runs.prefix(EvaluationFigures.mostRows).map { run in
          .line(
            run.name, x: run.curve.map { Double($0.step) }, y: run.curve.map { value($0) ?? .nan },
            markers: true)
        })
    }
    return ChartGrid(
      "Uncertainty and reconstruction over adaptation", note: note, columns: 3,
      charts: [
        panel("mean epistemic uncertainty", \.meanEu),
        panel("mean absolute error (aleatoric)", \.meanAu),
        panel("variance, summed over cord and CSF") { $0.reconstruction?.varianceSum },
        panel("SSIM in cord and CSF") { $0.reconstruction?.ssim },
        panel("PSNR in cord and CSF (dB)") { $0.reconstruction?.psnrDb },
        panel("mean squared error") { $0.reconstruction?.mse },
      ])
  }
}
