public import Imaging

/// The shape of an anatomy network, stored with its weights.
public struct AnatomyConfiguration: Equatable, Sendable {
  /// Channels at each resolution, the full one first; each is half of the one before.
  public var widths: [Int]
  /// Pixels along each side of the image.
  public var side: Int

  /// Channels of the input: a slice between its neighbours, from the patient's left to right.
  public static let inputs = 3

  /// Makes a configuration.
  public init(widths: [Int] = [16, 32, 48, 64, 96, 128], side: Int = SagittalGrid.side) {
    self.widths = widths
    self.side = side
  }

  /// The network for the canonical grid: resolutions from 256 to 8 px a side.
  public static let standard = AnatomyConfiguration()

  /// Pixels along a side at each resolution.
  var sides: [Int] { widths.indices.map { side >> $0 } }

  /// Throws when no network has this shape.
  /// - Throws: `NetworkError.invalidConfiguration`.
  public func validate() throws {
    guard (2...8).contains(widths.count) else {
      throw NetworkError.invalidConfiguration("\(widths.count) resolutions are not within 2...8")
    }
    for width in widths where !(4...512).contains(width) || width % ChannelNorm.lanes != 0 {
      throw NetworkError.invalidConfiguration(
        "width \(width) is not a multiple of \(ChannelNorm.lanes) up to 512")
    }
    guard (2...1024).contains(side), side % (1 << (widths.count - 1)) == 0 else {
      throw NetworkError.invalidConfiguration(
        "side \(side) is not a multiple of \(1 << (widths.count - 1)) up to 1024")
    }
  }
}

extension AnatomyConfiguration {
  private static let format = "cordscope-anatomy-1"

  /// The entries that describe the network in a weights file's metadata.
  public var metadata: [String: String] {
    [
      "format": Self.format,
      "widths": widths.map(String.init).joined(separator: " "), "side": "\(side)",
      "inputs": "\(Self.inputs)", "spacing_mm": "\(SagittalGrid.spacing)",
      "tissues": AnatomyTissue.allCases.map(\.name).joined(separator: " "),
      "levels": AnatomyLevel.allCases.map(\.name).joined(separator: " "),
    ]
  }

  /// Reads the entries of a weights file's metadata.
  ///
  /// - Throws: `NetworkError.invalidConfiguration` naming the first entry that is missing or wrong.
  public init(metadata: [String: String]) throws {
    let widths = (metadata["widths"] ?? "").split(separator: " ").compactMap { Int($0) }
    let side = metadata["side"].flatMap { Int($0) } ?? 0
    self.init(widths: widths, side: side)
    for (key, value) in self.metadata.sorted(by: { $0.key < $1.key })
    where metadata[key] != value {
      throw NetworkError.invalidConfiguration(
        "metadata \"\(key)\" is \((metadata[key] ?? "missing").cleaned(limit: 100)), not \(value)")
    }
    try validate()
  }
}
