import Testing

@testable import Core

@Suite struct ConvolutionTests {
  /// A layer with random weights.
  private struct Layer {
    let convolution: Convolution
    let parameters: AlignedBuffer
    let packed: PackedConvolutions

    init(_ inputs: Int, _ outputs: Int, kernels: KernelTable) {
      var table = ParameterTable()
      let weight = table.add("weight", [3, 3, inputs, outputs], .normal(0.3))
      convolution = Convolution(inputs: inputs, outputs: outputs, weight: weight, index: 0)
      parameters = AlignedBuffer(count: table.count)
      table.initialise(parameters.base, seed: 4)
      packed = PackedConvolutions([convolution], kernels: kernels, isTraining: true)
      packed.pack(convolution, from: parameters.base, kernels: kernels)
    }

    func weight(_ i: Int, _ j: Int, _ input: Int, _ output: Int) -> Double {
      let c = convolution
      return Double(
        parameters[c.weight.offset + ((i * 3 + j) * c.inputs + input) * c.outputs + output])
    }
  }

  private static let shapes = [(3, 16), (4, 8), (16, 32), (20, 12), (32, 64)]

  @Test(arguments: KernelTable.available, shapes)
  func forwardIsTheDefinition(path: KernelPath, shape: (Int, Int)) throws {
    let kernels = try #require(KernelTable.table(for: path))
    let layer = Layer(shape.0, shape.1, kernels: kernels)
    let side = 9
    let (kept, x) = TinyAnatomy.map(side: side, channels: shape.0, padded: true, seed: 1)
    // Written into some channels of a wider map.
    let (target, wide) = TinyAnatomy.map(side: side, channels: shape.1 + 8, padded: false, seed: 2)
    let y = wide.slice(4..<4 + shape.1)
    let before = wide.values
    layer.convolution.forward(kernels, layer.packed, x: x, y: y)
    for row in 0..<side {
      for column in 0..<side {
        for output in stride(from: 0, to: shape.1, by: 3) {
          var sum = 0.0
          for i in 0..<3 {
            for j in 0..<3 {
              for input in 0..<shape.0 {
                sum +=
                  Double(x.value(row + i - 1, column + j - 1, input))
                  * layer.weight(i, j, input, output)
              }
            }
          }
          #expect(abs(Double(y.value(row, column, output)) - sum) < 1e-4)
        }
      }
    }
    // Nothing else of the wider map was touched.
    for (n, value) in wide.values.enumerated() {
      let channel = n % (shape.1 + 8)
      if channel < 4 || channel >= 4 + shape.1 { #expect(value == before[n]) }
    }
    withExtendedLifetime((kept, target)) {}
  }

  /// <dy, conv(x)> is linear in x and in W: both gradients are checked against it exactly.
  @Test(arguments: KernelTable.available, shapes)
  func gradientsAreTransposes(path: KernelPath, shape: (Int, Int)) throws {
    let kernels = try #require(KernelTable.table(for: path))
    let layer = Layer(shape.0, shape.1, kernels: kernels)
    for side in [2, 9, 40] {
      let (slab, x) = TinyAnatomy.map(side: side, channels: shape.0, padded: true, seed: 5)
      let (other, dy) = TinyAnatomy.map(side: side, channels: shape.1, padded: true, seed: 6)
      let (result, y) = TinyAnatomy.map(side: side, channels: shape.1, padded: false, seed: 7)
      let (gradient, dx) = TinyAnatomy.map(side: side, channels: shape.0, padded: false, seed: 8)
      layer.convolution.forward(kernels, layer.packed, x: x, y: y)
      layer.convolution.inputGradient(kernels, layer.packed, dy: dy, dx: dx)
      let slope = AlignedBuffer(count: layer.parameters.count)
      let scratch = AlignedBuffer(
        count: Convolution.scratchCount(columns: side, outputs: shape.1, kernels: kernels))
      layer.convolution.weightGradient(
        kernels, x: x, dy: dy, gradients: slope.base, scratch: scratch.base)
      func dot(_ a: [Float], _ b: [Float]) -> Double {
        zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      }
      let whole = dot(dy.values, y.values)
      let size = dot(dy.values, dy.values).squareRoot() * dot(y.values, y.values).squareRoot()
      #expect(abs(dot(dx.values, x.values) - whole) < 1e-5 * size)
      #expect(abs(dot(slope.values, layer.parameters.values) - whole) < 1e-5 * size)
      withExtendedLifetime((slab, other, result, gradient)) {}
    }
  }

  /// Single elements of the weights' gradient, which an inner product alone would not tell apart.
  @Test func weightGradientElementByElement() {
    let (inputs, outputs, side) = (3, 4, 7)
    let layer = Layer(inputs, outputs, kernels: .best)
    let (slab, x) = TinyAnatomy.map(side: side, channels: inputs, padded: true, seed: 9)
    let (other, dy) = TinyAnatomy.map(side: side, channels: outputs, padded: true, seed: 10)
    let slope = AlignedBuffer(count: layer.parameters.count)
    let scratch = AlignedBuffer(
      count: Convolution.scratchCount(columns: side, outputs: outputs, kernels: .best))
    layer.convolution.weightGradient(
      .best, x: x, dy: dy, gradients: slope.base, scratch: scratch.base)
    for i in 0..<3 {
      for j in 0..<3 {
        for input in 0..<inputs {
          for output in 0..<outputs {
            var sum = 0.0
            for row in 0..<side {
              for column in 0..<side {
                sum +=
                  Double(x.value(row + i - 1, column + j - 1, input))
                  * Double(dy.value(row, column, output))
              }
            }
            let found = slope[((i * 3 + j) * inputs + input) * outputs + output]
            #expect(abs(Double(found) - sum) < 1e-4)
          }
        }
      }
    }
    withExtendedLifetime((slab, other)) {}
  }
}
