public import Foundation
public import Imaging

/// What the network makes of one slice when an adaptation refreshes its maps (the paper's appendix D):
/// of the slice that was reconstructed worst at the start.
///
/// All rasters are cut to the box around cord and CSF, in units of the network's input, 0 where
/// nothing was reconstructed.
public struct AdaptationFilm: Equatable, Sendable {
  /// The maps of one refresh.
  public struct Frame: Equatable, Sendable {
    /// The optimiser's steps done.
    public var step: Int
    /// Mean reconstruction.
    public var reconstruction: ImageRaster
    /// Epistemic uncertainty: the reconstructions' variance.
    public var epistemic: ImageRaster
    /// Aleatoric uncertainty: the mean absolute error.
    public var aleatoric: ImageRaster
  }

  /// The slice's number in the data.
  public let slice: Int
  /// The network's input.
  public let input: ImageRaster
  /// In the order of their steps.
  public private(set) var frames: [Frame] = []

  /// Frames of a film at most: of more refreshes some are kept, spread evenly over the run.
  public static let mostFrames = 16
  /// Rows and columns of a frame at most.
  private static let largestSide = 4096
  private static let margin = 6
  private let rows: Range<Int>
  private let columns: Range<Int>

  /// A film of a slice without frames yet; `nil` where there is no cord.
  init?(slice number: Int, of slice: TrainingSlice) {
    var region = slice.cord
    for n in region.pixels.indices where slice.csf.pixels[n] { region.pixels[n] = true }
    guard let box = region.boundingBox(margin: Self.margin) else { return nil }
    (self.slice, rows, columns) = (number, box.rows, box.columns)
    input = slice.normalised.cropped(rows, columns)
  }

  /// The patch of the network's grid that shows a pixel of the film's box, by its number.
  func patch(ofPixel n: Int) -> Int {
    let row = rows.lowerBound + n / input.columns
    let column = columns.lowerBound + n % input.columns
    return row / PatchGrid.patch * PatchGrid.side + column / PatchGrid.patch
  }

  /// Whether both are of one slice, whatever their frames.
  func showsSlice(of other: AdaptationFilm) -> Bool {
    (slice, rows, columns, input) == (other.slice, other.rows, other.columns, other.input)
  }

  /// Adds the maps of the refresh after some steps.
  mutating func add(_ maps: UncertaintyMaps, step: Int) {
    func cut(_ map: ImageRaster) -> ImageRaster {
      var known = map
      for n in known.pixels.indices
      where !maps.reconstructed.pixels[n] || !known.pixels[n].isFinite {
        known.pixels[n] = 0
      }
      return known.cropped(rows, columns)
    }
    frames.append(
      Frame(
        step: step, reconstruction: cut(maps.mean), epistemic: cut(maps.epistemic),
        aleatoric: cut(maps.aleatoric)))
  }
}

extension AdaptationFilm {
  private static let format = "cordscope-adaptation-film-2"
  private static var kinds: [(name: String, map: WritableKeyPath<Frame, ImageRaster>)] {
    [("reconstruction", \.reconstruction), ("epistemic", \.epistemic), ("aleatoric", \.aleatoric)]
  }

  /// The tensors of a file: `input` (rows, columns), three maps (frames, rows, columns), `steps`
  /// (frames) and `box` (slice, first row, first column).
  var tensors: [String: Tensor] {
    var tensors = [
      "input": Tensor(shape: [input.rows, input.columns], elements: .float32(input.pixels)),
      "box": Tensor(
        shape: [3],
        elements: .int64([Int64(slice), Int64(rows.lowerBound), Int64(columns.lowerBound)])),
      "steps": Tensor(
        shape: [frames.count], elements: .int64(frames.map { Int64($0.step) })),
    ]
    for (name, map) in Self.kinds {
      tensors[name] = Tensor(
        shape: [frames.count, input.rows, input.columns],
        elements: .float32(frames.flatMap { $0[keyPath: map].pixels }))
    }
    return tensors
  }

  /// Reads the tensors; `nil` when they are no film.
  init?(tensors: [String: Tensor]) {
    guard let input = tensors["input"], case .float32(let pixels) = input.elements,
      input.shape.count == 2, let box = tensors["box"], case .int64(let place) = box.elements,
      place.count == 3, place.allSatisfy({ (0..<1_000_000).contains($0) }),
      let steps = Self.steps(tensors["steps"])
    else { return nil }
    let (height, width) = (input.shape[0], input.shape[1])
    // Of a shape with a 0 in it the other side may be anything.
    guard (1...Self.largestSide).contains(height), (1...Self.largestSide).contains(width) else {
      return nil
    }
    slice = Int(place[0])
    rows = Int(place[1])..<Int(place[1]) + height
    columns = Int(place[2])..<Int(place[2]) + width
    self.input = ImageRaster(rows: height, columns: width, pixels: pixels)
    frames = steps.map {
      Frame(
        step: $0, reconstruction: self.input, epistemic: self.input, aleatoric: self.input)
    }
    for (name, map) in Self.kinds {
      guard let tensor = tensors[name], tensor.shape == [frames.count, height, width],
        case .float32(let values) = tensor.elements
      else { return nil }
      for n in frames.indices {
        frames[n][keyPath: map].pixels = Array(values[n * pixels.count..<(n + 1) * pixels.count])
      }
    }
  }

  /// The steps of the frames; `nil` when they are too many or out of order.
  private static func steps(_ tensor: Tensor?) -> [Int]? {
    guard case .int64(let values)? = tensor?.elements, (1...mostFrames).contains(values.count),
      values[0] >= 0, zip(values, values.dropFirst()).allSatisfy({ $0 < $1 })
    else { return nil }
    return values.map { Int($0) }
  }

  /// Writes the film atomically.
  ///
  /// - Throws: `WriteError`.
  public func write(to url: URL) throws {
    try Safetensors(
      metadata: ["format": Self.format, "notice": Notice.researchUse], tensors: tensors
    ).write(to: url)
  }

  /// Reads a film.
  ///
  /// - Throws: `ReadError` when the file is damaged or is none; nothing else depends on it.
  public static func read(_ url: URL) throws -> AdaptationFilm {
    do {
      let file = try Safetensors.read(url)
      guard file.metadata["format"] == format, let film = AdaptationFilm(tensors: file.tensors)
      else { throw ReadError(path: url.path, problem: "is no film of an adaptation") }
      return film
    } catch var error as ReadError {
      error.advice = "delete the file; the weights are whole"
      throw error
    }
  }
}
