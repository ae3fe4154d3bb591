import Foundation
import Imaging
import TestSupport
import Testing

/// Draws real slices to look at and measures them; only with PICTURES=<folder>.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["PICTURES"] != nil))
struct RealPictures {
  let folder = URL(
    fileURLWithPath: ProcessInfo.processInfo.environment["PICTURES"] ?? "/tmp", isDirectory: true)

  @Test(.enabled(if: SharedData.has("data/u2ad/private1.npy")))
  func drawNumPySlice() throws {
    let array = try NumPy.read(SharedData.url("data/u2ad/private1.npy"))
    let image = try #require(array.plane(0))
    let labels = try #require(array.plane(2))
    let cord = labels.map { $0 == 3 }
    let csf = labels.map { $0 == 4 }
    let baseline = Gaussian.blur(image, sigma: 6, within: cord)
    var error = ImageRaster(rows: 256, columns: 256, filledWith: .nan)
    for n in error.pixels.indices where cord.pixels[n] {
      error.pixels[n] = image.pixels[n] - baseline.pixels[n]
    }
    let window = try #require(WindowLevel.preset(.auto, of: image))
    let box = try #require(PixelRect(around: cord))
    var request = PictureRequest(
      image: image, window: window, targetRows: 900, targetColumns: 720,
      overlay: .init(values: error, fullScale: 0.1, threshold: 0.02, opacity: 0.6),
      contours: [.init(mask: cord)],
      marks: .init(
        boundaryRows: [60, 85, 110, 135, 160], selectedRows: 110...135, cursorRow: 120),
      lettering: .init(
        orientation: .sagittal, mmPerColumn: SagittalGrid.spacing,
        notice: "research use only, not for diagnosis", title: ["sub-007  T2w  slice 6/11"],
        rowNames: [(122, "C5-6")], showsColourBar: true))
    try PNG.write(PictureRenderer.render(request).canvas.picture, to: url("u2ad-letters.png"))
    request.lettering = .init()
    request.crop = box.grown(rows: 8, columns: 20)
      .expanded(toAspect: 0.8, within: PixelRect(image))
    request.marks.crosshair = (118, 140)
    try PNG.write(PictureRenderer.render(request).canvas.picture, to: url("u2ad-crop.png"))
    for preset in WindowPreset.allCases {
      let window = try #require(WindowLevel.preset(preset, of: image, cord: cord, csf: csf))
      let plain = PictureRequest(
        image: image, window: window, targetRows: 400, targetColumns: 400)
      try PNG.write(
        PictureRenderer.render(plain).canvas.picture, to: url("u2ad-\(preset).png"))
    }
    for greys in [64, 32, 16] {
      for side in [512, 256] {
        let plain = PictureRequest(
          image: image, window: window, targetRows: side, targetColumns: side)
        measure(plain, greys, ContinuousClock())
      }
    }
    request.targetRows = 480
    request.targetColumns = 384
    let picture = PictureRenderer.render(request).canvas.picture
    let palette = SixelPalette(greys: 32, colormap: .anomaly)
    try PNG.write(palette.indexed(picture).picture, to: url("u2ad-sixel32.png"))
    try Data(Sixel.encode(picture, palette: palette)).write(to: url("u2ad.six"))
    request.targetRows = 96
    request.targetColumns = 80
    let small = PictureRenderer.render(request).canvas.picture
    for depth in ColourDepth.allCases {
      let seen = Canvas(small.map { TerminalColour.reduced($0, to: depth) })
      let big = RGBRaster(
        rows: 96 * 6, columns: 80 * 6,
        pixels: (0..<(96 * 6)).flatMap { y in
          (0..<(80 * 6)).map { x in seen.picture[y / 6, x / 6] }
        })
      try PNG.write(big, to: url("u2ad-\(depth).png"))
      print("half blocks 80x48 \(depth): \(HalfBlock.ansi(small, depth: depth).utf8.count) B")
    }
  }

  @Test(.enabled(if: SharedData.has("data/sct_errsm/errsm_23/t2/t2.nii.gz")))
  func drawVolume() throws {
    let base = SharedData.url("data/sct_errsm/errsm_23/t2")
    let names = try FileManager.default.contentsOfDirectory(atPath: base.path).sorted()
    let volume = try NIfTI.read(base.appendingPathComponent("t2.nii.gz")).volume
    let maskName = try #require(names.first { $0.contains("manual_segmentation") })
    let mask = try NIfTI.readLabels(base.appendingPathComponent(maskName))
    let clock = ContinuousClock()
    let plan = try #require(ThickPartitions(shape: volume.shape, affine: volume.affine))
    var thick = plan.image(volume)
    print("partitions: \(clock.measure { thick = plan.image(volume) })")
    let labels = plan.labels(mask)
    let stack = try #require(SagittalStack(thick))
    let centre = try #require(middle(of: labels))
    let slice = stack.slice(nearestTo: centre)
    let grid = stack.grid(slice: slice, centredOn: centre)
    var found = thick.resampled(on: grid)
    print("resample: \(clock.measure { found = thick.resampled(on: grid) })")
    let cord = labels.resampled(on: grid).raster.map { $0 > 0 }
    let body = BodyMask.of(found.raster)
    let window = try #require(WindowLevel.preset(.auto, of: found.raster, body: body))
    var request = PictureRequest(
      image: found.raster, window: window, targetRows: 800, targetColumns: 800,
      contours: [.init(mask: cord)],
      lettering: .init(
        orientation: .sagittal, mmPerColumn: SagittalGrid.spacing,
        notice: "research use only, not for diagnosis"))
    try PNG.write(PictureRenderer.render(request).canvas.picture, to: url("errsm-sagittal.png"))
    let axial = thick.resampled(
      on: SamplingPlane(axialThrough: centre, sideMM: 100, spacingMM: 0.5),
      throughPlane: .interpolated)
    let axialRequest = PictureRequest(
      image: axial.raster, window: window, targetRows: 400, targetColumns: 400,
      lettering: .init(orientation: .axial, mmPerColumn: 0.5))
    try PNG.write(PictureRenderer.render(axialRequest).canvas.picture, to: url("errsm-axial.png"))
    request.contours = []
    request.lettering = .init()
    for side in [512, 384, 256, 192] {
      request.targetRows = side
      request.targetColumns = side
      for greys in side == 512 ? [64, 32] : side == 384 ? [64, 32] : [64, 32, 16] {
        measure(request, greys, clock)
      }
    }
    let box = try #require(PixelRect(around: cord))
    request.targetRows = 600
    request.targetColumns = 741
    request.crop = box.grown(rows: 5, columns: 30).expanded(
      toAspect: 741.0 / 600, within: PixelRect(found.raster))
    measure(request, 32, clock)
    request.overlay = .init(
      values: overlay(found.raster, cord), fullScale: 40, threshold: 5, opacity: 0.6)
    measure(request, 32, clock)
    measure(request, 64, clock)
  }

  func overlay(_ image: ImageRaster, _ cord: MaskRaster) -> ImageRaster {
    let baseline = Gaussian.blur(image, sigma: 8, within: cord)
    var values = image.map { _ in Float.nan }
    for n in values.pixels.indices where cord.pixels[n] {
      values.pixels[n] = image.pixels[n] - baseline.pixels[n]
    }
    return values
  }

  func measure(_ request: PictureRequest, _ greys: Int, _ clock: ContinuousClock) {
    let palette = SixelPalette(greys: greys, colormap: request.overlay?.colormap)
    var times: [[Duration]] = [[], [], []]
    var bytes = 0
    for _ in 0..<15 {
      var canvas = Canvas(rows: 0, columns: 0)
      times[0].append(clock.measure { canvas = PictureRenderer.render(request).canvas })
      var indexed = palette.indexed(canvas.picture)
      times[1].append(clock.measure { indexed = palette.indexed(canvas.picture) })
      times[2].append(clock.measure { bytes = Sixel.encode(indexed).count })
    }
    let ms = times.map { list -> String in
      let d = list.sorted()[7]
      return String(format: "%.2f", Double(d.components.attoseconds) / 1e15)
    }
    print(
      "\(request.targetColumns)x\(request.targetRows) \(greys) greys"
        + "\(request.overlay == nil ? "" : " + map"): \(bytes) B, render \(ms[0]) ms, "
        + "quantise \(ms[1]) ms, encode \(ms[2]) ms")
  }

  func middle(of labels: LabelVolume) -> SIMD3<Double>? {
    let components = ConnectedComponents.label(labels.map { $0 > 0 })
    return components.largest.map { labels.affine($0.centroid) }
  }

  func url(_ name: String) -> URL { folder.appendingPathComponent(name) }
}
