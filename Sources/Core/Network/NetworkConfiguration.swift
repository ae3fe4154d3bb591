/// The shape of a network, stored with its weights.
public struct NetworkConfiguration: Equatable, Sendable {
  /// Blocks of the encoder.
  public var encoderDepth: Int
  /// Floats of a token in the encoder.
  public var encoderWidth: Int
  /// Blocks of the decoder.
  public var decoderDepth: Int
  /// Floats of a token in the decoder.
  public var decoderWidth: Int
  /// Whether tokens receive the cord and CSF pixels of their patch (method, section 9).
  public var isConditioned: Bool
  /// The intensity normalisation of the input: "flat" or "minmax" (method, section 1).
  public var normalisation: String

  /// Dimension of one attention head.
  public static let headDimension = 8
  /// Hidden width of the MLP as a multiple of the token's width.
  public static let mlpRatio = 4

  /// Makes a configuration.
  public init(
    encoderDepth: Int, encoderWidth: Int, decoderDepth: Int, decoderWidth: Int,
    isConditioned: Bool, normalisation: String
  ) {
    self.encoderDepth = encoderDepth
    self.encoderWidth = encoderWidth
    self.decoderDepth = decoderDepth
    self.decoderWidth = decoderWidth
    self.isConditioned = isConditioned
    self.normalisation = normalisation
  }

  /// The small network: as good as the large ones at a fraction of the time (evidence, section 3).
  public static let small = NetworkConfiguration(
    encoderDepth: 3, encoderWidth: 64, decoderDepth: 2, decoderWidth: 64, isConditioned: true,
    normalisation: "flat")
  /// The reference code's size, for parity: unconditioned, min-max normalisation.
  public static let reference12 = NetworkConfiguration(
    encoderDepth: 12, encoderWidth: 128, decoderDepth: 8, decoderWidth: 64, isConditioned: false,
    normalisation: "minmax")
  /// The paper's size.
  public static let paper24 = NetworkConfiguration(
    encoderDepth: 24, encoderWidth: 128, decoderDepth: 8, decoderWidth: 64, isConditioned: false,
    normalisation: "minmax")

  /// The presets by name.
  public static let presets: [String: NetworkConfiguration] = [
    "small": .small, "reference12": .reference12, "paper24": .paper24,
  ]

  /// Throws when no network has this shape.
  public func validate() throws {
    for (name, depth) in [("encoder", encoderDepth), ("decoder", decoderDepth)]
    where !(1...64).contains(depth) {
      throw NetworkError.invalidConfiguration("\(name) depth \(depth) is not within 1...64")
    }
    for (name, width) in [("encoder", encoderWidth), ("decoder", decoderWidth)]
    where !(Self.headDimension...1024).contains(width) || width % Self.headDimension != 0 {
      throw NetworkError.invalidConfiguration(
        "\(name) width \(width) is not a multiple of \(Self.headDimension) up to 1024")
    }
    guard ["flat", "minmax"].contains(normalisation) else {
      throw NetworkError.invalidConfiguration(
        "normalisation \"\(normalisation.prefix(40))\" is neither flat nor minmax")
    }
  }
}

extension NetworkConfiguration {
  /// The entries that describe the network in a weights file's metadata.
  public var metadata: [String: String] {
    [
      "format": "cordscope-mae-1",
      "encoder_depth": "\(encoderDepth)", "encoder_width": "\(encoderWidth)",
      "decoder_depth": "\(decoderDepth)", "decoder_width": "\(decoderWidth)",
      "head_dimension": "\(Self.headDimension)", "patch_side": "\(PatchGrid.patch)",
      "image_side": "\(PatchGrid.imageSide)",
      "conditioning": isConditioned ? "on" : "off", "normalisation": normalisation,
    ]
  }

  /// Reads the entries of a weights file's metadata.
  ///
  /// - Throws: `NetworkError.invalidConfiguration` naming the first entry that is missing or wrong.
  public init(metadata: [String: String]) throws {
    func number(_ key: String) throws -> Int {
      guard let text = metadata[key], let value = Int(text) else {
        throw NetworkError.invalidConfiguration("metadata \"\(key)\" is missing or not a number")
      }
      return value
    }
    guard metadata["format"] == "cordscope-mae-1" else {
      throw NetworkError.invalidConfiguration("metadata \"format\" is not cordscope-mae-1")
    }
    for (key, wanted) in [
      ("head_dimension", Self.headDimension), ("patch_side", PatchGrid.patch),
      ("image_side", PatchGrid.imageSide),
    ] where try number(key) != wanted {
      throw NetworkError.invalidConfiguration("metadata \"\(key)\" is not \(wanted)")
    }
    guard let conditioning = metadata["conditioning"], ["on", "off"].contains(conditioning) else {
      throw NetworkError.invalidConfiguration("metadata \"conditioning\" is neither on nor off")
    }
    self.init(
      encoderDepth: try number("encoder_depth"), encoderWidth: try number("encoder_width"),
      decoderDepth: try number("decoder_depth"), decoderWidth: try number("decoder_width"),
      isConditioned: conditioning == "on", normalisation: metadata["normalisation"] ?? "")
    try validate()
  }
}
