internal import Imaging

extension StudyLabels {
  /// What a tool would deliver for a phantom: the truth, or masks that are a pixel wrong.
  init(truth: PhantomTruth, maskError: Bool, random: PhantomRandom) {
    self.init(
      cord: truth.cord, canal: truth.canal, spine: truth.spine, landmarks: truth.landmarks,
      levelSource: .labelled)
    guard maskError else { return }
    var r = random.stream("mask-error")
    let error = MaskError.draw(&r)
    var cord = truth.cord
    error.apply(to: &cord)
    var canal = truth.canal
    var spine = truth.spine
    for index in cord.voxels.indices {
      if cord.voxels[index] != 0 { canal.voxels[index] = 1 }
      if cord.voxels[index] != 0 {
        spine.voxels[index] = 1
      } else if canal.voxels[index] != 0 {
        spine.voxels[index] = 2
      }
    }
    self.cord = cord
    self.canal = canal
    self.spine = spine
  }
}

/// An error of one pixel in the outline of a cord mask.
enum MaskError: Sendable {
  case wider, narrower
  case shifted(posterior: Int, up: Int)
  /// Front and back edges wander by a pixel; the words hold the edges' steps by row.
  case wandering(PhantomRandom)

  static func draw(_ r: inout PhantomRandom) -> MaskError {
    switch r.integer(0...3) {
    case 0: .wider
    case 1: .narrower
    case 2: .shifted(posterior: r.chance(0.5) ? 1 : -1, up: r.integer(-1...1))
    default: .wandering(r.stream("wander"))
    }
  }

  /// Changes the runs of the mask in every row of every slice; no row is emptied.
  func apply(to mask: inout LabelVolume) {
    let (ni, nj, nk) = (mask.shape.x, mask.shape.y, mask.shape.z)
    let source = mask.voxels
    for index in mask.voxels.indices { mask.voxels[index] = 0 }
    for k in 0..<nk {
      var (front, back) = (0, 0)
      for j in 0..<nj {
        let line = (k * nj + j) * ni
        guard let first = (0..<ni).first(where: { source[line + $0] != 0 }),
          let last = (0..<ni).last(where: { source[line + $0] != 0 })
        else { continue }
        var (a, b, row) = (first, last, j)
        switch self {
        case .wider: (a, b) = (first - 1, last + 1)
        case .narrower: if last - first >= 2 { (a, b) = (first + 1, last - 1) }
        case .shifted(let posterior, let up):
          (a, b, row) = (first + posterior, last + posterior, j + up)
        case .wandering(let random):
          // A new step about every five rows.
          var step = random.stream("row", k * nj + j)
          if step.chance(0.2) { front = step.integer(-1...1) }
          if step.chance(0.2) { back = step.integer(-1...1) }
          (a, b) = (first + front, max(first + front, last + back))
        }
        guard row >= 0 && row < nj else { continue }
        let target = (k * nj + row) * ni
        for i in max(0, a)...max(0, min(ni - 1, b)) where i < ni { mask.voxels[target + i] = 1 }
      }
    }
  }
}
