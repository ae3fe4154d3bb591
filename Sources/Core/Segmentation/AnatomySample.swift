/// A slice between its neighbours with what is true of it, as the network learns it.
public struct AnatomySample: Equatable, Sendable {
  /// [side, side, 3]: the patient's left neighbour, the slice, the right neighbour; 0...1.
  public var image: [Float]
  /// [side, side]: numbers of ``AnatomyTissue``, or `AnatomyLabel.ignored`.
  public var tissues: [UInt8]
  /// [side, side]: numbers of ``AnatomyLevel``, or `AnatomyLabel.ignored`.
  public var levels: [UInt8]

  /// Makes a sample.
  public init(image: [Float], tissues: [UInt8], levels: [UInt8]) {
    self.image = image
    self.tissues = tissues
    self.levels = levels
  }

  /// Throws when the sample does not fit a network or has labels that are none.
  func validate(_ configuration: AnatomyConfiguration) throws {
    let pixels = configuration.side * configuration.side
    guard image.count == pixels * AnatomyConfiguration.inputs, tissues.count == pixels,
      levels.count == pixels
    else {
      throw NetworkError.invalidInput(
        "a sample has \(image.count) values and \(tissues.count) and \(levels.count) labels, not "
          + "\(pixels * AnatomyConfiguration.inputs) and \(pixels)")
    }
    guard image.allSatisfy(\.isFinite) else {
      throw NetworkError.invalidInput("a sample's image has values that are not numbers")
    }
    func isKnown(_ label: UInt8, _ count: Int) -> Bool {
      label < count || label == AnatomyLabel.ignored
    }
    guard tissues.allSatisfy({ isKnown($0, AnatomyTissue.allCases.count) }),
      levels.allSatisfy({ isKnown($0, AnatomyLevel.allCases.count) })
    else { throw NetworkError.invalidInput("a sample has labels of no known class") }
  }
}

/// Where samples come from. They are drawn on the threads that learn.
public protocol AnatomySamples: Sendable {
  /// Names the samples beyond doubt; a checkpoint of other samples is not resumed.
  var hash: String { get }

  /// Sample 0, 1, 2, ...: the same number gives the same sample, on any thread.
  func sample(_ index: Int) throws -> AnatomySample
}
