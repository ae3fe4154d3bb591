/// One tensor of the network: its key in the weights file beside its place in the slab.
public struct ParameterField: Equatable, Sendable {
  /// How a fresh network starts the tensor.
  enum Start: Equatable, Sendable {
    case zeros
    case ones
    /// Uniform within +-sqrt(6 / (inputs + outputs)).
    case xavier(inputs: Int, outputs: Int)
    /// Normal with this standard deviation.
    case normal(Float)
    case constant(Float)
  }

  /// The key in a safetensors file, as in the reference.
  public let name: String
  /// The shape in the file.
  public let shape: [Int]
  /// Index of the first float in the slab.
  public let offset: Int
  /// Floats of the tensor.
  public let count: Int
  let start: Start
}

/// The names, shapes and places of all trainable tensors; parameters, gradients and both Adam
/// moments are slabs of `count` floats with this layout.
public struct ParameterTable: Equatable, Sendable {
  /// The fields in the order of the slab.
  public private(set) var fields: [ParameterField] = []
  /// Floats of a slab.
  public private(set) var count = 0

  /// Adds a tensor and returns its field; tensors start at multiples of 16 floats (64 bytes).
  mutating func add(_ name: String, _ shape: [Int], _ start: ParameterField.Start)
    -> ParameterField
  {
    let field = ParameterField(
      name: name, shape: shape, offset: count, count: shape.reduce(1, *), start: start)
    fields.append(field)
    count += (field.count + 15) / 16 * 16
    return field
  }

  /// The field of a key.
  public subscript(_ name: String) -> ParameterField? { fields.first { $0.name == name } }

  /// Fills a slab with the start values of a fresh network.
  package func initialise(_ slab: UnsafeMutablePointer<Float>, seed: UInt64) {
    slab.update(repeating: 0, count: count)
    for (index, field) in fields.enumerated() {
      var random = RandomSource.derived(seed, .weights, UInt64(index))
      let values = UnsafeMutableBufferPointer(start: slab + field.offset, count: field.count)
      switch field.start {
      case .zeros: break
      case .ones: values.update(repeating: 1)
      case .constant(let value): values.update(repeating: value)
      case .xavier(let inputs, let outputs):
        let bound = (6 / Float(inputs + outputs)).squareRoot()
        for i in values.indices { values[i] = bound * (2 * random.uniform() - 1) }
      case .normal(let deviation):
        for i in values.indices { values[i] = deviation * random.normal() }
      }
    }
  }
}
