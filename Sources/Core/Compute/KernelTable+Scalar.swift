extension KernelTable {
  /// The oracle: plain loops, runs anywhere.
  public static let scalar = KernelTable(
    path: .scalar,
    packedCount: { k, n in k * n },
    pack: ScalarKernels.pack,
    gemm: ScalarKernels.gemm,
    layerNormForward: ScalarKernels.layerNormForward,
    layerNormBackward: ScalarKernels.layerNormBackward,
    geluForward: ScalarKernels.geluForward,
    geluBackward: ScalarKernels.geluBackward,
    sigmoid: ScalarKernels.sigmoid,
    attentionScratch: ScalarKernels.attentionScratch,
    attentionForward: ScalarKernels.attentionForward,
    attentionBackward: ScalarKernels.attentionBackward,
    add: ScalarKernels.add,
    addColumnSums: ScalarKernels.addColumnSums,
    adam: ScalarKernels.adam)
}
