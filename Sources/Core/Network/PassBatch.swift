/// Which tokens one forward pass sees and which it reconstructs; positions in the slice's tokens.
public struct PassMask: Equatable, Sendable {
  /// Ascending.
  public var visible: [Int]
  /// Ascending.
  public var masked: [Int]

  /// Splits `count` tokens.
  ///
  /// - Parameter masked: positions to mask, in any order.
  public init(masked: some Sequence<Int>, of count: Int) {
    var isMasked = [Bool](repeating: false, count: count)
    for position in masked { isMasked[position] = true }
    visible = isMasked.indices.filter { !isMasked[$0] }
    self.masked = isMasked.indices.filter { isMasked[$0] }
  }
}

/// Several passes that go through the layers together: their rows are concatenated.
struct PassBatch {
  /// The passes.
  private(set) var masks: [PassMask] = []
  /// Which embedded slice each pass looks at.
  private(set) var slices: [Int] = []
  /// First row of each pass in the encoder (class token, then visible tokens), and the end.
  private(set) var encoderOffsets = [0]
  /// First row of each pass in the decoder (class token, then all tokens), and the end.
  private(set) var decoderOffsets = [0]
  /// Decoder rows whose predictions are wanted.
  private(set) var outputRows: [Int] = []
  /// First entry of each pass in `outputRows`, and the end.
  private(set) var outputOffsets = [0]
  /// Whether every token is predicted, not only the masked ones.
  let predictsAll: Bool

  init(predictsAll: Bool = false) { self.predictsAll = predictsAll }

  /// Takes all passes out and keeps the room they took.
  mutating func removeAll() {
    masks.removeAll(keepingCapacity: true)
    slices.removeAll(keepingCapacity: true)
    encoderOffsets.removeAll(keepingCapacity: true)
    encoderOffsets.append(0)
    decoderOffsets.removeAll(keepingCapacity: true)
    decoderOffsets.append(0)
    outputRows.removeAll(keepingCapacity: true)
    outputOffsets.removeAll(keepingCapacity: true)
    outputOffsets.append(0)
  }

  /// Adds a pass over slice `slice`.
  mutating func append(_ mask: PassMask, slice: Int) {
    let count = mask.visible.count + mask.masked.count
    let first = (decoderOffsets.last ?? 0) + 1
    masks.append(mask)
    slices.append(slice)
    encoderOffsets.append((encoderOffsets.last ?? 0) + 1 + mask.visible.count)
    decoderOffsets.append(first + count)
    if predictsAll {
      outputRows.append(contentsOf: first..<first + count)
    } else {
      for position in mask.masked { outputRows.append(first + position) }
    }
    outputOffsets.append(outputRows.count)
  }

  var encoderRows: Int { encoderOffsets.last ?? 0 }
  var decoderRows: Int { decoderOffsets.last ?? 0 }
  /// Tokens of the longest sequence, class token included.
  var longest: Int {
    var longest = 1
    for i in masks.indices { longest = max(longest, decoderOffsets[i + 1] - decoderOffsets[i]) }
    return longest
  }
}
