/// A slab of Float on a 64-byte boundary, zeroed at birth: activations, parameters, gradients.
///
/// `@unchecked Sendable`: the class only owns the memory. Which worker writes which elements is
/// decided by whoever splits the work (`ThreadTeam`), and their parts are disjoint.
public final class AlignedBuffer: @unchecked Sendable {
  /// The first element.
  public let base: UnsafeMutablePointer<Float>
  /// How many Floats the slab holds.
  public let count: Int

  /// A zeroed slab of `count` Floats; `count` is a planned size, never a number read from a file.
  public init(count: Int) {
    precondition(count >= 0 && count <= Int.max / 8, "slab of \(count) Floats")
    let bytes = max(count, 1) * MemoryLayout<Float>.stride
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    base = raw.bindMemory(to: Float.self, capacity: max(count, 1))
    base.initialize(repeating: 0, count: max(count, 1))
    self.count = count
  }

  /// A slab holding a copy of `values`.
  public convenience init(_ values: [Float]) {
    self.init(count: values.count)
    values.withUnsafeBufferPointer { source in
      if let first = source.baseAddress { base.update(from: first, count: source.count) }
    }
  }

  deinit {
    UnsafeMutableRawPointer(base).deallocate()
  }

  /// The address of element `offset`; for kernels, which check nothing.
  @inlinable
  public func pointer(at offset: Int) -> UnsafeMutablePointer<Float> {
    assert(offset >= 0 && offset <= count)
    return base + offset
  }

  /// One element, checked.
  @inlinable
  public subscript(index: Int) -> Float {
    get {
      precondition(index >= 0 && index < count)
      return base[index]
    }
    set {
      precondition(index >= 0 && index < count)
      base[index] = newValue
    }
  }

  /// Sets every element to zero.
  public func zero() {
    base.update(repeating: 0, count: count)
  }

  /// The elements as an array.
  public var values: [Float] {
    Array(UnsafeBufferPointer(start: base, count: count))
  }
}
