internal import Imaging

extension ParameterTable {
  /// The tensors of a slab, named with a prefix.
  func tensors(from slab: AlignedBuffer, prefix: String = "") -> [String: Tensor] {
    var tensors: [String: Tensor] = [:]
    for field in fields {
      let values = UnsafeBufferPointer(start: slab.base + field.offset, count: field.count)
      tensors[prefix + field.name] = Tensor(shape: field.shape, floats: Array(values))
    }
    return tensors
  }

  /// Copies the tensors that begin with `prefix` into a new slab.
  ///
  /// - Parameters:
  ///   - alsoKnown: names that may stand in the file beside the table's.
  ///   - problems: what the caller found wrong already.
  /// - Throws: `NetworkError.weights` naming every tensor that is missing, unexpected, misshaped or
  ///   holds values that are not numbers.
  func load(
    _ tensors: [String: Tensor], prefix: String = "", alsoKnown: Set<String> = [],
    problems found: [String] = [], file: String
  ) throws -> AlignedBuffer {
    var problems = fields.compactMap { field -> String? in
      let name = prefix + field.name
      guard let tensor = tensors[name] else { return "\(name) is missing" }
      if tensor.shape != field.shape {
        return "\(name) has shape \(tensor.shape), not \(field.shape)"
      }
      return tensor.floats.allSatisfy(\.isFinite)
        ? nil : "\(name) holds values that are not numbers"
    }
    problems += found
    let known = alsoKnown.union(fields.map { prefix + $0.name })
    for name in tensors.keys.sorted() where name.hasPrefix(prefix) && !known.contains(name) {
      problems.append("\(name.cleaned) is unexpected")
    }
    guard problems.isEmpty else { throw NetworkError.weights(file: file, problems: problems) }
    let slab = AlignedBuffer(count: count)
    for field in fields {
      guard let floats = tensors[prefix + field.name]?.floats else { continue }
      floats.withUnsafeBufferPointer { source in
        if let first = source.baseAddress {
          (slab.base + field.offset).update(from: first, count: field.count)
        }
      }
    }
    return slab
  }
}
