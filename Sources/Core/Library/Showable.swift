public import Foundation
public import Imaging

/// A picture that can be shown without the workstation: a slice on the canonical grid, with a map.
public struct Showable: Sendable {
  /// The maps that can lie over a slice.
  public enum Map: String, CaseIterable, Sendable {
    /// Nothing lies over the slice.
    case none
    /// Signed error in cord-to-CSF steps.
    case anomaly
    /// Variance over the reconstructions.
    case epistemic
    /// Absolute reconstruction error.
    case aleatoric
    /// The mean reconstruction, shown instead of the slice inside cord and CSF.
    case reconstruction
  }

  /// What cannot be shown, in words.
  public struct Refusal: Error, CustomStringConvertible {
    /// The reason, in words for the user.
    public let description: String
  }

  /// The slice's grey values.
  public var image: ImageRaster
  /// The map, NaN where it says nothing.
  public var map: ImageRaster?
  /// Index of the slice from the patient's left, from 0.
  public var index: Int
  /// Number of slices.
  public var count: Int
  /// Where the picture lies when it is shown as stored; `nil` on the canonical grid.
  public var storedPlane: SamplingPlane?
  /// Whether nothing is known of the picture's place in the patient.
  public var hasNoPlace = false
  /// What the anomaly map is drawn from, where the study has a detection.
  public var threshold: (value: Double, detector: String, source: String)?
  /// The weights that made the detection, by name and the start of their hash.
  public var weights: String?

  /// The slice's number as people are told it, from 1.
  public var number: Int { index + 1 }

  /// Loads a slice of a NIfTI image or of a NumPy array in the U2AD layout, by its index from 0;
  /// `nil` = the middle one.
  ///
  /// Sagittal images are shown on the canonical grid, in the partitions that are scored. All others,
  /// and maps, are shown plane by plane as they are stored.
  /// - Parameter asStored: Whether sagittal images are shown as stored, too.
  /// - Throws: `ReadError`, `PreparationError`, `Refusal`, or what opening the library throws when
  ///   a map is asked for.
  public init(file: URL, slice wanted: Int?, map: Map, asStored: Bool = false) throws {
    if file.pathExtension == "npy" {
      guard map == .none else {
        throw Refusal(description: "\(file.path): maps belong to studies of a library; import it")
      }
      self = try Showable(numpy: file, slice: wanted)
      return
    }
    let volume = try NIfTI.read(file).volume
    let isStored = map == .none && (asStored || volume.voxels.contains(where: \.isNaN))
    guard !isStored, let study = Self.sagittal(volume) else {
      guard map == .none else {
        throw Refusal(description: "\(file.path): has no sagittal slice that a map could lie over")
      }
      self = try Showable(stored: volume, slice: wanted, file: file)
      return
    }
    let slice = try Self.choose(study.slices, wanted ?? study.sliceCount / 2, in: file)
    self.init(image: slice.image, map: nil, index: slice.index, count: study.sliceCount)
    guard map != .none else { return }
    guard let root = Self.library(of: file) else {
      throw Refusal(
        description: "\(file.path): lies in no library, so there is no map; import it and detect")
    }
    let name = file.lastPathComponent.split(separator: "_").first.map(String.init) ?? ""
    self = try Showable(library: root, subject: name, slice: wanted, map: map)
  }

  /// Loads a slice of a study in a library, by its index from 0; `nil` = the one that detection
  /// chose, or the middle.
  ///
  /// - Throws: `LibraryError`, `ReadError`, `Refusal` when the study has no such map.
  public init(library root: URL, subject: String, slice wanted: Int?, map: Map) throws {
    let library = try StudyLibrary(opening: root)
    let study = try library.usableStudy(subject)
    let loaded = try library.loadStudy(study.subject)
    let index = wanted ?? loaded.detection?.sliceIndex ?? loaded.pictures.count / 2
    guard let picture = loaded.pictures.first(where: { $0.index == index }) else {
      throw Refusal(description: Self.noSlice(index, of: loaded.pictures.count))
    }
    self.init(image: picture.image, map: nil, index: index, count: loaded.pictures.count)
    threshold = loaded.detection?.mapThreshold
    weights = loaded.detection?.model.weights
    guard map != .none else { return }
    let kind = DerivativeMaps.Kind(rawValue: map.rawValue) ?? .anomaly
    let stored = try library.stored(kind, of: study)
    if let problem = stored?.problem {
      throw Refusal(description: "\(problem): run detect --again")
    }
    guard let volume = stored?.map else {
      throw Refusal(
        description: "\(study.subject) has no \(map.rawValue) map: \(Self.noMap(loaded))")
    }
    guard let raster = Self.plane(of: volume, on: picture.grid) else {
      throw Refusal(description: "slice \(index + 1) of \(study.subject) was not scored")
    }
    self.map = raster
  }

  /// The image on the canonical grid, all slices; `nil` where it has no sagittal ones.
  private static func sagittal(_ volume: ImageVolume) -> PreparedStudy? {
    var options = PreparationOptions()
    options.allSlices = true
    options.coversLongCords = false
    let study = try? StudyPreparation.prepare(
      image: volume, labels: StudyLabels(), options: options)
    return study.flatMap { $0.slices.isEmpty ? nil : $0 }
  }

  private init(image: ImageRaster, map: ImageRaster?, index: Int, count: Int) {
    self.image = image
    self.map = map
    self.index = index
    self.count = count
  }

  /// A plane as it is stored. Values that are no numbers, as in maps, become the least there is.
  private init(stored volume: ImageVolume, slice wanted: Int?, file: URL) throws {
    let axis = volume.sliceAxis
    let count = volume.shape[axis]
    let index = wanted ?? count / 2
    guard (0..<count).contains(index) else {
      throw Refusal(description: "\(file.path): \(Self.noSlice(index, of: count))")
    }
    let hasGaps = volume.voxels.contains { !$0.isFinite }
    let plane = volume.uprightPlane(axis: axis, index: index)
    let raster =
      plane.map {
        volume.resampled(on: $0, interpolation: hasGaps ? .nearest : .linear).raster
      } ?? volume.slice(axis: axis, index: index).raster
    let least = raster.pixels.filter(\.isFinite).min() ?? 0
    self.init(
      image: raster.map { $0.isFinite ? $0 : least }, map: nil, index: index, count: count)
    storedPlane = plane
    hasNoPlace = plane == nil
  }

  private init(numpy file: URL, slice wanted: Int?) throws {
    let array = try NumPy.read(file)
    guard array.shape.count == 2 || array.shape.count == 3, let columns = array.shape.last else {
      throw Refusal(description: "\(file.path): shape \(array.shape) is neither a slice nor slices")
    }
    let rows = array.shape[array.shape.count - 2]
    let count = array.shape.count == 3 ? array.shape[0] : 1
    let index = wanted ?? 0
    guard (0..<count).contains(index) else {
      throw Refusal(description: "\(file.path): \(Self.noSlice(index, of: count))")
    }
    let start = index * rows * columns
    self.init(
      image: ImageRaster(
        rows: rows, columns: columns,
        pixels: array.values[start..<start + rows * columns].map { Float($0) }),
      map: nil, index: index, count: count)
  }

  /// Why a study has no map: what was detected and cannot be assessed will get none.
  private static func noMap(_ study: ReviewStudy) -> String {
    guard let patient = study.detection?.patient else { return "run detect first" }
    return patient.assessable || patient.isUncalled
      ? "the file is missing; detect --again makes it"
      : "it is not assessable: \(patient.reason ?? "no reason is given")"
  }

  private static func noSlice(_ index: Int, of count: Int) -> String {
    "there is no slice \(index + 1); there are \(count)"
  }

  private static func choose(
    _ slices: [PreparedSlice], _ index: Int, in file: URL
  ) throws -> PreparedSlice {
    guard let slice = slices.first(where: { $0.index == index }) else {
      throw Refusal(description: "\(file.path): \(Self.noSlice(index, of: slices.count))")
    }
    return slice
  }

  /// The library a file lies in: the nearest folder above it that describes a dataset.
  private static func library(of file: URL) -> URL? {
    var folder = file.standardizedFileURL.deletingLastPathComponent()
    while true {
      let description = folder.appendingPathComponent("dataset_description.json")
      if FileManager.default.fileExists(atPath: description.path) { return folder }
      let parent = folder.deletingLastPathComponent()
      // Shorter each time, so that this ends for every path.
      guard parent.path.utf8.count < folder.path.utf8.count else { return nil }
      folder = parent
    }
  }

  /// The plane of a map volume that lies on a grid, if one lies within a tenth of a millimetre.
  private static func plane(of volume: ImageVolume, on grid: SagittalGrid) -> ImageRaster? {
    let (side, rows) = (SagittalGrid.side, grid.rows)
    guard volume.shape.x == side, volume.shape.y == rows else { return nil }
    for k in 0..<volume.shape.z {
      let distance = volume.affine([0, 0, Double(k)]) - grid.origin
      guard (distance * distance).sum() < 0.01 else { continue }
      let start = k * side * rows
      let pixels = Array(volume.voxels[start..<start + side * rows])
      return pixels.contains(where: \.isFinite)
        ? ImageRaster(rows: rows, columns: side, pixels: pixels) : nil
    }
    return nil
  }
}
