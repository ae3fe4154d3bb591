internal import Foundation

/// What training minimises: cross-entropy and soft Dice of the tissues, and cross-entropy of the
/// levels where they are known.
public struct AnatomyLoss: Equatable, Sendable {
  /// Weights of the tissues in the cross-entropy: small ones would be lost among the large.
  public var tissueWeights: [Float] = [1, 2, 2, 1, 1.5, 4, 4]
  /// Weight of 1 - Dice, the mean over the tissues that an image has (Milletari et al., 2016).
  public var dice: Float = 1
  /// Weight of the levels' cross-entropy.
  public var levels: Float = 0.5
  /// Factor in the cross-entropy on pixels about the cord's edge where no fluid lies before or behind
  /// it: compressions are measured there, and a few pixels show them.
  public var contact: Float = 1

  /// Makes the usual loss.
  public init() {}

  /// Added to both sides of the Dice coefficient's fraction, in pixels.
  private static let smoothing = 1.0

  /// The parts of a loss.
  public struct Value: Equatable, Sendable {
    /// Mean cross-entropy of the tissues, weighted.
    public var tissues = 0.0
    /// 1 - mean soft Dice.
    public var dice = 0.0
    /// Mean cross-entropy of the levels.
    public var levels = 0.0
    /// The weighted sum.
    public var total = 0.0

    static func += (a: inout Value, b: Value) {
      a.tissues += b.tissues
      a.dice += b.dice
      a.levels += b.levels
      a.total += b.total
    }

    static func * (a: Value, factor: Double) -> Value {
      Value(
        tissues: a.tissues * factor, dice: a.dice * factor, levels: a.levels * factor,
        total: a.total * factor)
    }
  }

  /// The settings as metadata.
  var text: String {
    "cross-entropy \(tissueWeights.map { "\($0)" }.joined(separator: " ")) dice \(dice) "
      + "levels \(levels)" + (contact == 1 ? "" : " contact \(contact)")
  }

  /// The loss of one image; its gradients times `scale` replace the logits.
  ///
  /// - Parameters:
  ///   - tissues: logits [side, side, 7].
  ///   - levels: logits [side / 2, side / 2, 9].
  func evaluate(
    _ sample: AnatomySample, side: Int, tissues: UnsafeMutablePointer<Float>,
    levels: UnsafeMutablePointer<Float>, scale: Float
  ) -> Value {
    var value = Value()
    let weights = pixelWeights(sample.tissues, side: side)
    evaluateTissues(sample.tissues, weights, tissues, scale, &value)
    let labels = Self.halved(sample.levels, side: side)
    value.levels = evaluateLevels(labels, levels, scale)
    value.total =
      value.tissues + Double(dice) * value.dice + Double(self.levels) * value.levels
    return value
  }

  /// The labels at half resolution: of four pixels the first that is not ignored.
  static func halved(_ labels: [UInt8], side: Int) -> [UInt8] {
    let half = side / 2
    var result = [UInt8](repeating: AnatomyLabel.ignored, count: half * half)
    for row in 0..<half {
      for column in 0..<half {
        let first = 2 * row * side + 2 * column
        for place in [first, first + 1, first + side, first + side + 1]
        where labels[place] != AnatomyLabel.ignored {
          result[row * half + column] = labels[place]
          break
        }
      }
    }
    return result
  }

  /// Pixels to both sides of a contact that belong to it.
  private static let contactReach = 3

  /// The weight of each pixel in the cross-entropy.
  func pixelWeights(_ labels: [UInt8], side: Int) -> [Float] {
    var weights = labels.map { $0 == AnatomyLabel.ignored ? 0 : tissueWeights[Int($0)] }
    guard contact != 1 else { return weights }
    let (cord, fluid) = (AnatomyTissue.cord.rawValue, AnatomyTissue.csf.rawValue)
    for row in stride(from: 0, to: labels.count, by: side) {
      var isNear = [Bool](repeating: false, count: side)
      for column in 1..<side {
        let (a, b) = (labels[row + column - 1], labels[row + column])
        guard (a == cord) != (b == cord), a != fluid, b != fluid, a != AnatomyLabel.ignored,
          b != AnatomyLabel.ignored
        else { continue }
        let reach = max(0, column - Self.contactReach)..<min(side, column + Self.contactReach)
        for near in reach { isNear[near] = true }
      }
      for column in 0..<side where isNear[column] { weights[row + column] *= contact }
    }
    return weights
  }

  private func evaluateTissues(
    _ labels: [UInt8], _ weights: [Float], _ logits: UnsafeMutablePointer<Float>, _ scale: Float,
    _ value: inout Value
  ) {
    let classes = AnatomyTissue.allCases.count
    var weight = 0.0
    var entropy = 0.0
    // Per class: probability mass, that of pixels which are of the class, and their number.
    var mass = [Double](repeating: 0, count: classes)
    var common = mass
    var size = mass
    for (pixel, label) in labels.enumerated() where label != AnatomyLabel.ignored {
      let p = logits + pixel * classes
      Softmax.apply(p, classes)
      let own = Int(label)
      let w = Double(weights[pixel])
      entropy -= w * Double(log(max(p[own], 1e-30)))
      weight += w
      for k in 0..<classes { mass[k] += Double(p[k]) }
      common[own] += Double(p[own])
      size[own] += 1
    }
    // Dice of class k: (2 common + s) / (mass + size + s); its derivatives by a pixel's probability,
    // where the pixel is of another class and what comes to it where it is of the class.
    let present = (1..<classes).filter { size[$0] > 0 }
    var other = [Float](repeating: 0, count: classes)
    var own = other
    for k in present {
      let sum = mass[k] + size[k] + Self.smoothing
      let coefficient = (2 * common[k] + Self.smoothing) / sum
      value.dice += (1 - coefficient) / Double(present.count)
      other[k] = dice * Float(coefficient / sum / Double(present.count))
      own[k] = -dice * Float(2 / sum / Double(present.count))
    }
    value.tissues = weight > 0 ? entropy / weight : 0
    let unit = weight > 0 ? Float(1 / weight) : 0
    for (pixel, label) in labels.enumerated() {
      let p = logits + pixel * classes
      guard label != AnatomyLabel.ignored else {
        p.update(repeating: 0, count: classes)
        continue
      }
      let truth = Int(label)
      var mean = p[truth] * own[truth]
      for k in 0..<classes { mean += p[k] * other[k] }
      let w = weights[pixel] * unit
      for k in 0..<classes {
        let isTruth = k == truth
        let slope = other[k] + (isTruth ? own[k] : 0) - mean
        p[k] = scale * (p[k] * (slope + w) - (isTruth ? w : 0))
      }
    }
  }

  private func evaluateLevels(
    _ labels: [UInt8], _ logits: UnsafeMutablePointer<Float>, _ scale: Float
  ) -> Double {
    let classes = AnatomyLevel.allCases.count
    let known = labels.count { $0 != AnatomyLabel.ignored }
    let unit = levels * scale / Float(max(1, known))
    var entropy = 0.0
    for (pixel, label) in labels.enumerated() {
      let p = logits + pixel * classes
      guard label != AnatomyLabel.ignored else {
        p.update(repeating: 0, count: classes)
        continue
      }
      Softmax.apply(p, classes)
      entropy -= Double(log(max(p[Int(label)], 1e-30)))
      for k in 0..<classes { p[k] *= unit }
      p[Int(label)] -= unit
    }
    return entropy / Double(max(1, known))
  }
}

/// Probabilities of classes.
enum Softmax {
  /// Replaces logits by probabilities.
  @inline(__always)
  static func apply(_ p: UnsafeMutablePointer<Float>, _ classes: Int) {
    var largest = p[0]
    for k in 1..<classes { largest = max(largest, p[k]) }
    var sum: Float = 0
    for k in 0..<classes {
      let e = exp(p[k] - largest)
      p[k] = e
      sum += e
    }
    let unit = 1 / sum
    for k in 0..<classes { p[k] *= unit }
  }
}
