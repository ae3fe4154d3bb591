import Core
import Foundation
import Imaging

/// `show`: one picture to the terminal or a file.
enum ShowCommand: Subcommand {
  static let name = "show"
  static let summary = "draws a slice, with a map over it, in the terminal or to a file"
  static let operands = "FILE | LIB --subject S"
  static let options: [Option] = [
    .value("subject", "S", "the study of a library"),
    .value(
      "slice", "N",
      "slice number from 1 at the patient's left, or as stored (default: the scored or middle one)"),
    .value("map", "MAP", "none, anomaly, epistemic, aleatoric or reconstruction (default none)"),
    .value("as", "KIND", "auto, sixel, kitty, halfblock or png (default auto; png needs --out)"),
    .value("out", "FILE", "writes there instead of to the terminal"),
    .value("size", "PX", "height of the picture in px (default 512)"),
    .flag("stored", "slices as the file stores them, not averaged to those that are scored"),
    .value("window", "W", "window width in grey values"),
    .value("level", "L", "window level in grey values"),
    .value("opacity", "0..1", "opacity of the map (default 0.6)"),
  ]

  /// How a picture leaves the program.
  enum Kind: String, CaseIterable {
    case auto, sixel, kitty, halfblock, png
  }

  static func run(_ arguments: Arguments) throws -> ExitCode {
    let path = try arguments.onlyPath("the file or library")
    let map = try arguments.choice("map", default: Showable.Map.none)
    let slice = try arguments.text("slice").map { _ in
      try arguments.integer("slice", default: 1, in: 1...100_000) - 1
    }
    let shown =
      if let subject = arguments.text("subject") {
        try Showable(library: path, subject: subject, slice: slice, map: map)
      } else {
        try Showable(
          file: try file(path), slice: slice, map: map, asStored: arguments.has("stored"))
      }
    let opacity = try arguments.number("opacity", in: 0...1).map { Float($0) } ?? 0.6
    let kind = try arguments.choice("as", default: Kind.auto)
    let out = try arguments.url("out")
    let drawing = try PictureOutput(
      kind: kind == .auto && out?.pathExtension == "png" ? .png : kind, out: out)
    let wanted = try arguments.integer("size", default: drawing.defaultSize, in: 16...4096)
    let size = min(wanted, drawing.largestSize ?? wanted)
    let picture = PictureRenderer.render(
      PictureRequest(
        image: shown.image, window: try window(arguments, shown.image), targetRows: size,
        targetColumns: size, overlay: overlay(opacity, shown, map),
        lettering: drawing.lettering(shown, map: map)))
    try drawing.write(picture.canvas)
    // Said after the picture, which may be higher than the terminal.
    if size < wanted {
      Output.message("the terminal has \(size) columns: drawn \(size) px high instead of \(wanted)")
    }
    if shown.hasNoPlace {
      Output.message("the file gives its voxels no place in the patient: drawn as they are stored")
    }
    if map == .anomaly, shown.map != nil { Output.message(thresholdWords(shown)) }
    let weights = shown.weights.map { "  weights \($0)" } ?? ""
    Output.message("slice \(shown.number) of \(shown.count)\(weights)  \(Notice.researchUse)")
    return .done
  }

  /// The part of a cord-to-CSF step that the map is drawn from where no detection says another.
  private static let plainThreshold: Float = 0.1

  private static func mapThreshold(_ shown: Showable) -> Float {
    guard let known = shown.threshold, known.value > 0 else { return plainThreshold }
    return Float(known.value)
  }

  private static func thresholdWords(_ shown: Showable) -> String {
    let value = String(format: "%.3f", mapThreshold(shown))
    guard let known = shown.threshold, known.value > 0 else {
      return "map drawn from \(value) of the cord-to-CSF step; no threshold is known"
    }
    return "map drawn from \(value) of the cord-to-CSF step, the patient threshold of "
      + "\(known.detector): \(known.source)"
  }

  /// The path if it is no folder.
  private static func file(_ path: URL) throws -> URL {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path.path, isDirectory: &isFolder),
      isFolder.boolValue
    else { return path }
    throw Arguments.UsageError(
      message: "\(path.path.cleaned) is a folder: choose a study of the library by --subject S")
  }

  private static func window(_ arguments: Arguments, _ image: ImageRaster) throws -> WindowLevel {
    let automatic =
      WindowLevel.preset(.auto, of: image) ?? WindowLevel(from: 0, to: 1)
    let width = try arguments.number("window", in: 1e-6...1e9).map { Float($0) }
    let level = try arguments.number("level", in: -1e9...1e9).map { Float($0) }
    return WindowLevel(
      window: width ?? automatic.window, level: level ?? automatic.level)
  }

  private static func overlay(
    _ opacity: Float, _ shown: Showable, _ map: Showable.Map
  ) -> PictureRequest.Overlay? {
    guard let values = shown.map else { return nil }
    switch map {
    case .anomaly:
      let threshold = mapThreshold(shown)
      return .init(
        values: values, colormap: .anomaly, fullScale: AnomalyMapScale.full(from: threshold),
        threshold: threshold, opacity: opacity)
    case .reconstruction:
      return .init(values: values, colormap: .grey, fullScale: 1, opacity: 1)
    default:
      let largest = values.pixels.filter(\.isFinite).max() ?? 1
      return .init(values: values, colormap: .uncertainty, fullScale: largest, opacity: opacity)
    }
  }
}
