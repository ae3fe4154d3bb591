import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite struct RowHeadNetworkTests {
  private static let rows = 24

  private func input(_ seed: UInt64) -> AlignedBuffer {
    var random = RandomSource(seed: seed)
    return AlignedBuffer((0..<Self.rows * RowProfile.channels).map { _ in random.normal() })
  }

  @Test func unfoldAndFoldAreTransposes() {
    let layer = RowHeadNetwork.layout.1[1]
    var random = RandomSource(seed: 5)
    let x = AlignedBuffer((0..<Self.rows * layer.channels).map { _ in random.normal() })
    let u = AlignedBuffer((0..<Self.rows * layer.unfolded).map { _ in random.normal() })
    let unfolded = AlignedBuffer(count: u.count)
    let folded = AlignedBuffer(count: x.count)
    layer.unfold(rows: Self.rows, x: x.base, into: unfolded.base)
    layer.fold(rows: Self.rows, u: u.base, into: folded.base)
    func dot(_ a: AlignedBuffer, _ b: AlignedBuffer) -> Double {
      zip(a.values, b.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    #expect(abs(dot(unfolded, u) - dot(x, folded)) < 1e-3)
  }

  @Test func forwardIsTheConvolutionWrittenOut() {
    let network = RowHeadNetwork(seed: 3, kernels: .scalar, isTraining: false)
    let workspace = RowHeadWorkspace(rows: Self.rows, kernels: .scalar)
    let x = input(8)
    network.forward(rows: Self.rows, x: x.base, workspace: workspace)
    var values = (0..<Self.rows).map { row in
      (0..<RowProfile.channels).map { Double(x[row * RowProfile.channels + $0]) }
    }
    func tensor(_ name: String) -> [Double] {
      let field = network.table[name]!
      return (0..<field.count).map { Double(network.parameters[field.offset + $0]) }
    }
    for (index, dilation) in RowHeadNetwork.dilations.enumerated() {
      let (weight, bias) = (tensor("conv.\(index).weight"), tensor("conv.\(index).bias"))
      let channels = values[0].count
      values = values.indices.map { row in
        bias.indices.map { out in
          var sum = bias[out]
          for tap in 0..<RowHeadNetwork.taps {
            let source = row + (tap - RowHeadNetwork.taps / 2) * dilation
            guard values.indices.contains(source) else { continue }
            for channel in 0..<channels {
              sum +=
                weight[(out * RowHeadNetwork.taps + tap) * channels + channel]
                * values[source][channel]
            }
          }
          return 0.5 * sum * (1 + erf(sum / 2.0.squareRoot()))
        }
      }
    }
    let (weight, bias) = (tensor("output.weight"), tensor("output.bias"))
    for row in values.indices {
      let expected = zip(weight, values[row]).reduce(bias[0]) { $0 + $1.0 * $1.1 }
      #expect(abs(Double(workspace.logits[row]) - expected) < 1e-4)
    }
  }

  @Test func gradientsAgreeWithFiniteDifferences() {
    let network = RowHeadNetwork(seed: 4, kernels: .best, isTraining: true)
    let workspace = RowHeadWorkspace(rows: Self.rows, kernels: .best)
    let x = input(9)
    var random = RandomSource(seed: 10)
    let direction = AlignedBuffer((0..<Self.rows).map { _ in random.normal() })
    func loss() -> Double {
      network.repack()
      network.forward(rows: Self.rows, x: x.base, workspace: workspace)
      return (0..<Self.rows).reduce(0) {
        $0 + Double(workspace.logits[$1]) * Double(direction[$1])
      }
    }
    _ = loss()
    let gradients = AlignedBuffer(count: network.table.count)
    network.backward(
      rows: Self.rows, dLogits: direction.base, workspace: workspace, gradients: gradients.base)
    for field in network.table.fields {
      for index in Set([0, field.count / 3, field.count - 1]) {
        let place = field.offset + index
        let before = network.parameters[place]
        let h: Float = 1e-2
        network.parameters[place] = before + h
        let above = loss()
        network.parameters[place] = before - h
        let below = loss()
        network.parameters[place] = before
        let numeric = (above - below) / Double(2 * h)
        let analytic = Double(gradients[place])
        #expect(
          abs(numeric - analytic) < 2e-3 * max(1, abs(numeric)),
          "\(field.name)[\(index)]: \(numeric) against \(analytic)")
      }
    }
  }
}
