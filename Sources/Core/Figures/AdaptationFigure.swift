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

  /// Reconstruction, error and both uncertainties of one slice, refresh by refresh.
  ///
  /// - Parameters:
  ///   - steps: The optimiser's steps done at each frame.
  ///   - masking: How masks were guided, to show where they fell; `nil` where they were random.
  public static func film(
    _ film: AdaptationFilm, steps: [Int], masking: AdaptationFilm.Masking? = nil, note: String
  ) -> Montage {
    let grey = WindowLevel(window: 1, level: 0.5)
    let rows: [[Montage.Image]] = film.frames.map { frame in
      var error = film.input
      for n in error.pixels.indices {
        let isKnown = frame.aleatoric.pixels[n] > 0
        error.pixels[n] = isKnown ? film.input.pixels[n] - frame.reconstruction.pixels[n] : .nan
      }
      var row: [Montage.Image] = [
        .grey(film.input, grey), .grey(frame.reconstruction, grey),
        .map(error, .init(.anomaly, fullScale: 0.4, label: "input - mean")),
        .map(
          frame.epistemic.map { max($0, 0).squareRoot() },
          .init(.uncertainty, fullScale: 0.1, label: "standard deviation")),
        .map(frame.aleatoric, .init(.uncertainty, fullScale: 0.3, label: "|input - mean|")),
      ]
      if let masking {
        row.append(
          .map(
            film.maskFrequency(in: frame, masking),
            .init(.uncertainty, fullScale: 1, label: "part of masks that hide it")))
      }
      return row
    }
    return Montage(
      "One slice over adaptation", note: "\(note) Slice \(film.slice + 1) of the data.",
      rows: rows, rowCaptions: steps.map { "\($0) steps" },
      columnCaptions: ["input", "reconstruction", "error", "epistemic", "aleatoric"]
        + (masking == nil ? [] : ["masked"]))
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
